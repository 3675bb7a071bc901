"""Pictures of every page at the widths of a phone and of a desk, light and dark; nothing may stick out sideways."""

import pytest

from routing.models import Question

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LOOKS = {
    "desk-light": (DESKTOP, "light"),
    "desk-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}
PAGES = ("queue", "queue?tab=overdue", "queue?tab=open", "held", "outbox", "fiches", "directory", "record", "health", "users")


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
    """One of each thing: a question with much history, a held message, a draft."""
    with site.store.snapshot() as session:
        busiest = session.query(Question).filter(Question.state == "assigned").order_by(Question.revision.desc()).first()
    held = site.world.all(_inbox(), state="held")
    drafts = site.world.all(_fiche(), status="draft")
    things = [f"questions/{busiest.number}"]
    things += [f"held/{held[0].id}"] if held else []
    things += [f"fiches/{drafts[0].slug}", f"fiches/{drafts[0].slug}/edit"] if drafts else []
    return things


def _inbox():
    from routing.models import InboxMessage

    return InboxMessage


def _fiche():
    from routing.models import Fiche

    return Fiche


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_people_who_are_not_signed_in(look, chromium, site, shots):
    size, scheme = LOOKS[look]
    context = chromium.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    for name, path in (("sign-in", "sign-in"), ("link", site.link().removeprefix(site.base + "/")), ("used", "sign-in/x"), ("do", _button(site))):
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
