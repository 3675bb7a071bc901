"""The other pages of the console and what is done on them, signed in or behind a mailed link, for `walk` to go through and look at.

In: a walk, and the desk it goes over. Every scene lays out what it needs.
"""

from datetime import timedelta

from routing import fiches, links, validating
from routing.buttons import is_live
from routing.models import Button, ConsoleUser, Question, Webhook
from tests.browser.test_keys import given, question_of
from tests.browser.test_passkeys import DEVICE
from tests.world import COORDINATOR, DESK, MONDAY


def empty_pages(walk, site):
    for path in (
        "",
        "queue",
        "queue?tab=overdue",
        "queue?tab=all&words=zebra",
        "held",
        "outbox",
        "fiches",
        "fiches?tab=due",
        "reviews",
    ):
        walk.open(path)
    walk.open("nowhere", 404)
    walk.open("questions/2026-9999", 404)


def passkeys(walk, site):
    with_a_device(walk)
    walk.act("/removal")


def with_a_device(walk):
    spoken = walk.page.context.new_cdp_session(walk.page)
    spoken.send("WebAuthn.enable")
    spoken.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    walk.open("passkeys")
    walk.act("/passkeys", name="My laptop")


def fiche(walk, site):
    walk.open("fiches/new")
    walk.act("/fiches/new", title="A van with a bench", language="en")
    slug = walk.page.url.rpartition("/edit")[0].rpartition("/")[2]
    walk.act(f"/fiches/{slug}", status=422, summary="A van for five valleys.", year_start="soon")
    walk.act(f"/fiches/{slug}", year_start="2019", activities="Leasing.", themes=True)
    walk.act("/review")
    walk.act("/remarks", text="Since which year?")
    walk.act("/validation", status=422)
    walk.open(f"fiches/{slug}")
    walk.act("/return", text="Say since which year.")
    walk.act("/review")
    with site.store.transaction() as session:
        revision = fiches.get(session, slug).revision
        validating.validate(session, site.service.office, slug, by="user:1", now=MONDAY, revision=revision)
    walk.open(f"fiches/{slug}")
    walk.act("/publication")
    walk.act("/confirmation")
    for path in ("versions", "preview", "edit", "edit?language=hr"):
        walk.open(f"fiches/{slug}/{path}")
    number, _ = question_of(site, "Where is a van with a bench?")
    walk.open(f"questions/{number}/fiches?words=van")
    walk.act("/proposals")
    for tab in ("draft", "review", "published", "due", "retired"):
        walk.open(f"fiches?tab={tab}")
    walk.open(f"fiches/{slug}")
    walk.act("/retirement", why="Its project has ended.")


def directory_page(walk, site):
    walk.open("directory")
    walk.act("/review", review="review")
    walk.act("/absences", first_day="2026-12-01", last_day="2026-12-04")
    walk.act("/absences", status=422, first_day="2026-12-04", last_day="2026-12-01")
    walk.open("directory")
    walk.act("/end")
    walk.act("/consent", named=True)
    walk.act("/removal", reason="Has moved on.")
    walk.act("/return")
    walk.open("directory?words=karlovac")


def entries(walk, site):
    """An authority and its expert written by hand, wrong at first, and a file."""
    there = "directory/authorities/new"
    walk.open(there)
    walk.act("/authorities", 422, name="Tirol", kind="region", country="AT", subdivision="Innsbruck", languages=True)
    walk.act("/authorities", subdivision="7")
    walk.open(walk.page.locator("a[href$='/experts/new']").last.get_attribute("href")[1:])
    walk.act("/experts", 422, role="Lehrlingsstelle", email=DESK, languages=True, language="en")
    walk.act("/experts", email="lehrlingsstelle@tirol.example")
    walk.open("directory?words=tirol")
    links = (walk.page.locator(f"section a[href^='/directory/{which}/']").first for which in ("authorities", "experts"))
    entry, expert = (link.get_attribute("href")[1:] for link in links)
    walk.open(entry)
    walk.act("", place="Innsbruck")
    walk.open(expert)
    walk.act("", monthly_limit="2")
    walk.open("directory/import")
    walk.page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"slug,name\ntirol,Z\xfcrich\n"})
    walk.page.locator("#file-wrong").wait_for()
    site_rows = walk.page.request.get(f"{site.base}/directory/experts.csv").body()
    walk.page.set_input_files("#file", {"name": "experts.csv", "mimeType": "text/csv", "buffer": site_rows})
    walk.page.wait_for_function("document.getElementById('text').value.startsWith('email')")
    walk.act("/import", 422)
    walk.page.locator("[name=what][value=experts]").check()
    walk.press(walk.page.locator("button[name=look]"), "look at a file")
    walk.press(walk.page.locator("main button.main"), "import a file")


def policy_and_people(walk, site):
    for path in ("reports", "reports?month=2026-11", "record", "health", "policy"):
        walk.open(path)
    for value, status in (("never", 422), ("1", 200), ("0", 200)):
        walk.open("policy?change=fiches.validations")
        walk.act("/policy", status, value=value, why="To try it.")
    walk.open("users")
    walk.act("/users", email="new@network.example", name="Newcomer", role="coordinator")
    with site.store.snapshot() as session:
        newcomer = session.query(ConsoleUser).filter_by(email="new@network.example").one().id
    walk.open(f"users/{newcomer}/care")
    walk.act("/care", authority=True)
    walk.open("users")
    walk.act("/users/removal")


def own_pages(walk, site):
    walk.open("keys")
    walk.act("/keys", name="Minutes", days="30")
    walk.act("/revocation")
    walk.open("notices")
    walk.act("/notices", how=True)
    walk.act("/notices", status=422, opens="18:00", closes="08:00")
    walk.open("notices")
    walk.act("/notices/chat")
    walk.open("webhooks")
    walk.act("/webhooks", status=422, name="Minutes", url="ftp://minutes.example/told")
    walk.open("webhooks")
    walk.act("/webhooks", name="Minutes", url="https://minutes.example/told")
    walk.act("/test")
    with site.store.transaction() as session:
        one = session.query(Webhook).filter(Webhook.ended_at.is_(None)).first()
        one.ended_at, one.ended_because, one.failing_since = MONDAY, "failed", MONDAY - timedelta(days=3)
    walk.open("webhooks")
    walk.act("/resumption")
    walk.act("/removal")
    mine = walk.page.evaluate("document.documentElement.lang")
    for language in ("hr", mine):
        with walk.page.expect_navigation():
            walk.page.locator("#rail-language").select_option(language)
        walk.look("/language")


def erasure(walk, site):
    site.world.mail("leaving@graz.example", "Who pays for the masters?")
    walk.open("persons")
    walk.open("persons?words=nobody@graz.example")
    walk.open(f"persons?words={COORDINATOR}")
    walk.open("persons?words=leaving@graz.example")
    with walk.page.expect_download():
        walk.page.locator("form[action$='/export'] button").click()
    walk.act("/erasure", status=422, address="somebody@graz.example")
    walk.open("persons?words=leaving@graz.example")
    walk.act("/erasure", address="leaving@graz.example")


def sheets(walk, site):
    """What opens above a page: the keys, and on a phone the rest of the pages."""
    walk.open("queue?tab=open")
    walk.page.keyboard.press("?")
    walk.look("the keys", unfold=False)
    walk.page.keyboard.press("Escape")
    walk.page.evaluate("document.querySelector('.bottom details').open = true")
    walk.look("the sheet of pages", unfold=False)


def mailed_links(walk, site):
    """Each kind of button that a letter has, before and after it is pressed; the pages of forms; the asker's own page."""
    given(site, "Who trains the trainers of smiths?")
    with site.store.transaction() as session:
        mailed = session.query(Button).filter(Button.chat.is_(None), Button.used_at.is_(None)).order_by(Button.created_at.desc())
        latest = {one.action: one.id for one in reversed(mailed.all()) if is_live(session, one)}
        question = session.query(Question).order_by(Question.id.desc()).first()
        status = links.new_link(session, site.service.office, question, MONDAY).rpartition("/")[2]
    for action, link in latest.items():
        walk.page.goto(f"{site.base}/do/{link}")
        walk.look(f"/do {action}")
    walk.open(f"do/{latest['accept']}")
    walk.act("")
    walk.open(f"do/{latest['accept']}", 410)
    walk.open("do/nothing", 404)
    walk.open(f"status/{status}")
    walk.act("/tier", tier=True)
    walk.act("/revocation")
    walk.open(f"status/{status}", 404)


def ways_in(walk, site):
    """Out, and in again by each way; with what is said to whoever cannot come in."""
    language = walk.page.evaluate("document.documentElement.lang")
    link = site.link(f"{language}@network.example").removeprefix(f"{site.base}/")
    with_a_device(walk)
    walk.act("/sign-out")
    walk.open(f"sign-in?lang={language}")
    walk.act(f"/sign-in?lang={language}", email="coordinator@network.example")
    walk.open("provider/return", 410)
    walk.open("sign-in/used", 410)
    walk.open(f"sign-in?lang={language}")
    walk.press(walk.page.locator("form[data-passkey] button"), "/passkey")
    walk.page.context.clear_cookies()
    walk.open(f"{link}?lang={language}")
    walk.act(f"?lang={language}")
    walk.open("passkeys")
    walk.act("/sessions/others/removal")
