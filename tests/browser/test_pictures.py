"""Pictures of every page at the widths of a phone and of a desk, light and dark; nothing may stick out sideways."""

import pytest

from routing.models import Answer, Fiche, InboxMessage, Question

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LOOKS = {
    "desk-light": (DESKTOP, "light"),
    "desk-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}
PAGES = ("queue", "queue?tab=overdue", "queue?tab=open", "held", "outbox", "fiches", "fiches/new", "directory", "reports", "record", "health", "users", "keys")


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_fits_its_screen(look, open_page, site, shots):
    size, scheme = LOOKS[look]
    page = open_page(size, scheme, email="admin@network.example")
    for path in (*PAGES, *_things(site)):
        page.goto(f"{site.base}/{path}")
        page.screenshot(path=f"{shots}/{path.replace('/', '-').replace('?', '-').replace('=', '-')}-{look}.png")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def _things(site):
    """One of each thing: a question whose answer waits, one that was answered, a held message, a draft."""
    world = site.world
    numbers = {one.id: one.number for one in world.all(Question)}
    answered = {one.state: numbers[one.question_id] for one in reversed(world.all(Answer))}
    draft, held = world.all(Fiche, status="draft")[0], world.all(InboxMessage, state="held")[0]
    questions = [f"questions/{answered[state]}" for state in ("waiting", "released")]
    return [*questions, f"held/{held.id}", f"fiches/{draft.slug}", f"fiches/{draft.slug}/edit"]


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
