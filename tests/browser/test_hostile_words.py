"""Words that would act if any page let them: in every field that strangers or colleagues fill, looked at by every role.

Nothing runs, nothing is loaded from elsewhere, and the browser has nothing to refuse: words that reach its policy at all have
already been let through by us.
"""

import pytest

from routing import coordinating, directory, handing
from routing.migrate import upgrade
from routing.models import Authority, Expert, Fiche, FicheText, Question, SavedView
from routing.store import Store
from tests.browser.conftest import served
from tests.world import COORDINATOR, DEPUTY, DESK, SECOND, SmallWorld, roster_row

ACTS = (
    "<img src=x onerror=window.pwned=1><svg onload=window.pwned=1><script>window.pwned=1</script>"
    "\"'><input autofocus onfocus=window.pwned=1>{{7*7}}<a href=javascript:window.pwned=1>here</a></textarea></title><iframe src=//canary.example>"
)
ROLES = {"admin": "admin@network.example", "coordinator": COORDINATOR, "observer": "observer@network.example"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'rrm.db'}")
    upgrade(store)
    world = SmallWorld(store)
    with store.transaction() as session:
        for role in ("admin", "observer"):
            directory.add_user(session, ROLES[role], role, world.now, ACTS[:90])
        for one in session.query(Authority):
            one.name, one.place, one.profile = ACTS, ACTS, ACTS
        for one in session.query(Expert):
            one.role = ACTS
    world.mail("a@town.example", ACTS, subject=ACTS, sender_name=ACTS[:90])
    world.search()
    letter = world.letter("assignment", DESK)
    world.mail("colleague@trento.example", ACTS, to=letter, proven=False, subject=ACTS, sender_name=ACTS[:90], cut=ACTS)
    world.mail("b@town.example", ACTS)
    with store.transaction() as session:
        plant(session, world)
    with served(world, ACTS[:60]) as here:
        yield here
    store.close()


def plant(session, world):
    first, second = session.query(Question).order_by(Question.id)
    coordinating.add_note(session, first, ACTS, by="user:1", now=world.now)
    second.roster = [roster_row(session, address) for address in (DESK, DEPUTY, SECOND)]
    handing.hand_to_coordinator(session, world.office, second, "no_roster", world.now)
    facts = {"place": ACTS, "country": "IT", "themes": [ACTS], "sources": [ACTS, "javascript:window.pwned=1"], "year_start": ACTS}
    fiche = Fiche(slug="hostile", status="draft", source_language="en", facts=facts, created_at=world.now, updated_at=world.now)
    session.add_all([fiche, SavedView(user_id=1, name=ACTS[:40], query="tab=open&words=%22%3E%3Cimg", created_at=world.now)])
    session.flush()
    session.add(FicheText(fiche_id=fiche.id, language="en", title=ACTS[:90], summary=ACTS, sections={"what": ACTS, "outcome": ACTS}))


PAGES = ("queue?tab=open", "held", "held/2", "outbox", "fiches?tab=draft", "fiches/hostile", "fiches/hostile/versions", "directory", "reports", "reviews", "record",
         "health", "keys", "passkeys", "questions/2026-0001", "questions/2026-0002")  # fmt: skip
EDITED = ("fiches/hostile/edit", "questions/2026-0002/experts?words=img", "questions/2026-0002/fiches?words=img")
OURS = ("users", "persons", "policy")
# What an address says, without anything in the database.
SAID = ("queue?tab=open&words=%3Cimg+src%3Dx+onerror%3Dwindow.pwned%3D1%3E", "queue?__proto__[pwned]=1&constructor.prototype.pwned=1#__proto__[pwned]=1",
        "queue?told=%3Cscript%3Ewindow.pwned%3D1%3C/script%3E", "nowhere/%3Cscript%3Ewindow.pwned%3D1%3C/script%3E",
        "fiches?words=%22onfocus%3Dwindow.pwned%3D1+autofocus%3D%22")  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_words_stay_words(open_page, site, role):
    page = open_page(email=ROLES[role], expecting=(" 403 ", " 404 "))
    page.on("dialog", lambda dialog: pytest.fail(f"a page spoke up: {dialog.message}"))
    looked = (*PAGES, *SAID, *(EDITED if role != "observer" else ()), *(OURS if role == "admin" else ()))
    seen = 0
    for path in looked:
        page.goto(f"{site.base}/{path}")
        assert page.evaluate("[window.pwned, ({}).pwned, [].pwned].every((one) => one === undefined)"), path
        planted = "iframe, script:not([src]), img, [onerror], [onload], [onfocus], a[href^='javascript:'], input[autofocus]"
        assert page.locator(planted).count() == 0, path
        seen += "window.pwned=1" in page.locator("body").inner_text()
    assert seen >= 8, "the words were there to be seen"


def test_what_refreshes_itself_obeys_no_words_either(open_page, site):
    """The rows of the queue and what is found while typing come as fragments, past the page's own making."""
    page = open_page(email=COORDINATOR)
    page.goto(f"{site.base}/questions/2026-0002")
    page.locator("#find-expert").press_sequentially("img")
    page.locator("#found-experts").get_by_role("button", name="Assign").first.wait_for()
    assert page.locator("#found-experts img, #found-experts svg[onload], #found-experts script").count() == 0
    assert page.evaluate("window.pwned === undefined")
