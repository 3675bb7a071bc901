"""Every page and every action of the console, as the router has them, done in Chromium and looked at by axe: at the widths of a
phone and of a desk, light and dark, in English, Greek and Turkish. What nobody has walked through fails the test by name.

Each scene is played in one of the languages, with two of the four looks; EVERY_LOOK=1 plays all of them in all, for half an hour.
"""

import os

import pytest
from starlette.routing import Mount

from bot.console.app import own_routes
from routing.migrate import upgrade
from routing.store import Store
from tests.browser import scenes_of_pages as pages
from tests.browser import scenes_of_questions as desk
from tests.browser.conftest import served
from tests.browser.walk import DESKTOP, PHONE, Walk
from tests.world import SmallWorld

EVERY = bool(os.environ.get("EVERY_LOOK"))
LIGHT, DARK = [(DESKTOP, "light"), (PHONE, "dark")], [(DESKTOP, "dark"), (PHONE, "light")]
LOOKS = {"en": LIGHT, "el": DARK, "tr": LIGHT}
# Why some routes are no page of ours: whoever adds a route must walk through it or say so here.
NOT_WALKED = {
    "/api/": "programs ask it", "/healthz": "machines ask it", "/readyz": "machines ask it", "/provider": "leads to another site",
    "/public/report": "months must be published: test_pictures looks at them", "/static": "files",
    "/messages/": "the raw message, as a file", "/files/": "a file", "/directory/{what}.csv": "a file",
    "/reports/report.xlsx": "a file", "/reports/{table}": "a file",
}  # fmt: skip

SCENES = (
    pages.empty_pages, pages.passkeys, desk.questions, desk.several, desk.small_acts, desk.closings, desk.joined, desk.answers,
    desk.queue, desk.held, desk.outbox, pages.fiche, pages.directory_page, pages.entries, pages.policy_and_people, pages.own_pages,
    pages.erasure, pages.sheets, pages.mailed_links, pages.ways_in,
)  # fmt: skip
WALKS = [
    (language, play)
    for place, play in enumerate(SCENES)
    for number, language in enumerate(LOOKS)
    if EVERY or place % len(LOOKS) == number
]


@pytest.fixture(scope="module")
def site(request, tmp_path_factory):
    """A small desk for each language, at a host with a name, since browsers keep no passkeys for numbers."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('walk') / 'rrm.db'}")
    upgrade(store)
    with served(SmallWorld(store), "Test network", host="localhost") as here:
        here.language = request.param
        yield here
    store.close()


@pytest.fixture(scope="module")
def walked():
    """The scenes that were played, each with the routes that its browser asked for."""
    return {}


@pytest.mark.parametrize(
    ("site", "play"), WALKS, indirect=["site"], ids=[f"{play.__name__}-{language}" for language, play in WALKS]
)
def test_no_page_and_no_action_has_a_barrier_that_axe_can_see(open_page, reader, site, walked, play):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(email=reader(site.language), expecting=(" 4",), bypass_csp=True)  # axe is put into the page by the test
    walk = Walk(page, site, axe, LIGHT + DARK if EVERY else LOOKS[site.language])
    play(walk, site)
    assert not walk.found
    walked[site.language, play] = walk.passed([route for route in own_routes() if not isinstance(route, Mount)])


def test_nothing_of_the_router_is_left_out(walked):
    if set(walked) != set(WALKS):
        pytest.skip("only a part of the walk was asked for, or went through")
    ours = {one.name for one in own_routes() if not any(one.path.startswith(path) for path in NOT_WALKED)}
    assert sorted(ours - set().union(*walked.values())) == []
