"""Pictures of every page at the widths of a phone and of a desk, light and dark; nothing may stick out sideways."""

import random
import re
from dataclasses import replace

import pytest

from routing.matters import suggested
from routing.models import Answer, Button, ConsoleUser, Fiche, InboxMessage, PublicMonth, Question
from routing.publishing import anonymised
from tests.routing.test_disclosure import PLACES, questions
from tests.world import COORDINATOR, MONDAY

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LOOKS = {
    "desk-light": (DESKTOP, "light"),
    "desk-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}
PAGES = (
    "queue", "queue?tab=overdue", "queue?tab=open", "queue?tab=all&words=apprentices", "held", "outbox", "fiches", "fiches?tab=due", "fiches/new", "directory", "reports", "reports?month=2026-11",
    "record", "policy", "health", "users", "keys", "notices", "webhooks",
)  # fmt: skip
MONTHS = ("2026-09", "2026-10")


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_fits_its_screen(look, open_page, site, shots):
    size, scheme = LOOKS[look]
    page = open_page(size, scheme, email="admin@network.example")
    for path in (*PAGES, *_things(site)):
        page.goto(f"{site.base}/{path}")
        page.screenshot(path=f"{shots}/{re.sub('[/?=&]', '-', path)}-{look}.png")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def _things(site):
    """One of each thing: a question whose answer waits, one that was answered, a held message, a draft."""
    world = site.world
    numbers = {one.id: one.number for one in world.all(Question)}
    answered = {one.state: numbers[one.question_id] for one in reversed(world.all(Answer))}
    draft, held = world.all(Fiche, status="draft")[0], world.all(InboxMessage, state="held")[0]
    questions = [f"questions/{answered[state]}" for state in ("waiting", "released")]
    return [*questions, f"held/{held.id}", f"fiches/{draft.slug}", f"fiches/{draft.slug}/edit", f"fiches/{draft.slug}/preview"]


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_people_who_are_not_signed_in(look, chromium, site, shots):
    size, scheme = LOOKS[look]
    context = chromium.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    link = site.link().removeprefix(site.base + "/")
    for name, path in (("sign-in", "sign-in"), ("link", link), ("used", "sign-in/x"), ("do", _button(site))):
        page.goto(f"{site.base}/{path}")
        page.screenshot(path=f"{shots}/{name}-{look}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


def _button(site):
    from routing.buttons import is_live
    from routing.models import Button

    with site.store.snapshot() as session:
        mailed = session.query(Button).filter(Button.chat.is_(None), Button.used_at.is_(None)).order_by(Button.created_at.desc())
        return f"do/{next(one.id for one in mailed if is_live(session, one))}"


@pytest.fixture(scope="module")
def open_house(site):
    """Two months are published, as the policy has it for as long as this file looks."""
    office = site.service.office
    before, office.policy = office.policy, replace(office.policy, public=replace(office.policy.public, report=True))
    with site.store.transaction() as session:
        for month, count in zip(MONTHS, (30, 320), strict=True):
            figures = anonymised(questions(random.Random(count), count), PLACES, 5)
            session.add(PublicMonth(month=month, fewest=5, figures=figures, published_at=MONDAY))
    yield
    office.policy = before


@pytest.mark.parametrize("look", LOOKS)
def test_the_months_in_figures_and_what_letters_to_coordinators_lead_to(look, chromium, site, shots, open_house):
    """Pages without signing in, which axe looks at besides: the public months, and one page for each thing done at one click."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    size, scheme = LOOKS[look]
    context = chromium.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # axe is put into the page by the test
    context.set_default_timeout(120_000)
    page, found = context.new_page(), {}
    public = {f"public-{language}": f"public/report?lang={language}" for language in ("en", "el", "tr")}
    for name, path in (*public.items(), ("public-few", f"public/report/{MONTHS[0]}"), *_offers(site)):
        assert page.goto(f"{site.base}/{path}").status == 200, path
        page.screenshot(path=f"{shots}/{name}-{look}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        for one in axe.run(page).response["violations"]:
            found[f"{path}: {one['id']}"] = [node["html"][:160] for node in one["nodes"]][:3]
    context.close()
    assert not found


def _offers(site):
    """A link for each of the three acts, as a letter to a coordinator has them."""
    with site.store.transaction() as session:
        person = session.query(ConsoleUser).filter_by(email=COORDINATOR).one().person_id
        waiting = session.query(Answer).filter_by(state="waiting").first()
        held = next(one for one in session.query(InboxMessage).filter_by(state="held") if one.facts.get("guesses"))
        asked = session.query(Question).filter_by(waiting_for="coordinator")
        question, expert = next((one, expert) for one in asked if (expert := suggested(session, one)) is not None)
        targets = {"co_release": waiting.id, "co_file": held.id, "co_assign": f"{question.id}:{expert.id}"}
        for action, target in targets.items():
            if session.get(Button, f"picture-{action}") is None:
                row = {"action": action, "person_id": person, "value": str(target), "created_at": MONDAY}
                session.add(Button(id=f"picture-{action}", **row))
    return [(action, f"do/picture-{action}") for action in targets]
