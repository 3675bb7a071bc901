"""Every page as a coordinator sees it: headers on all, nobody's text ever markup, errors in words."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from tests.fakes.bureau import BASE, csrf_of
from tests.world import ASKER_MAIL, DESK, DUAL_FICHE

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>{{7*7}}\u202egpj.exe"
PAGES = ["/queue", "/queue?tab=open", "/held", "/outbox?tab=waiting", "/outbox?tab=sent", "/fiches", "/fiches?tab=published",
         "/directory", "/record", "/health", "/users", "/sign-in", "/nowhere"]  # fmt: skip
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize("page", [*PAGES, "/", "/healthz", "/readyz", "/do/nothing", "/sign-in/nothing", "/messages/999/raw"])
def test_every_response_carries_the_headers(bureau, page):
    for browser in (bureau.browser(), bureau.signed_in("admin")):
        headers = browser.get(page).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert "access-control-allow-origin" not in headers and "server" not in headers


def test_our_own_files_may_be_kept_and_others_are_not_there(bureau):
    browser = bureau.browser()
    address = re.search(r'href="(/static/console\.css\?v=\w+)"', browser.get("/sign-in").text)[1]
    assert "immutable" in browser.get(address).headers["cache-control"]
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/", "/static/..%2frender.py"):
        assert browser.get(path).status_code in (404, 405)


def test_pages_hold_no_inline_script_or_style(bureau, asked):
    browser = bureau.signed_in("admin")
    for page in [*PAGES, f"/questions/{asked.number}", f"/fiches/{DUAL_FICHE}", f"/fiches/{DUAL_FICHE}/edit"]:
        text = browser.get(page).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)|javascript:", text), page
        loaded = re.findall(r'(?:\ssrc|<link[^>]* href|\saction|<use href|hx-get)="([^"]*)"', text)
        assert loaded and all(address.startswith("/") and not address.startswith("//") for address in loaded), page


@pytest.fixture
def poisoned(bureau):
    """Somebody put markup into every field that strangers and colleagues can fill."""
    world = bureau.world
    world.mail(ASKER_MAIL, f"Question {EVIL}", subject=f"Subject {EVIL}", sender_name=EVIL)
    bureau.assign(DESK)
    world.mail(DESK, f"Answer {EVIL}", to=world.letter("assignment", DESK), cut=f"> {EVIL}", review=f"look {EVIL}")
    world.mail(f"{'x' * 5}@evil.example", f"Held {EVIL}", tokens=("9" * 28,), subject=EVIL, sender_name=EVIL, cut=EVIL)
    world.chat(f"Chat {EVIL}")
    with bureau.store.transaction() as session:
        from routing import coordinating
        from routing.models import Authority, Expert, OutboxMessage, Question

        question = session.get_one(Question, 1)
        coordinating.add_note(session, question, f"Note {EVIL}", by="user:1", now=bureau.now)
        session.query(Authority).update({"name": f"Authority {EVIL}", "place": EVIL, "profile": EVIL})
        session.query(Expert).update({"role": f"Role {EVIL}"})
        session.query(OutboxMessage).update({"last_error": f"550 {EVIL}"})
    return world


def test_markup_of_others_is_shown_and_never_obeyed(bureau, poisoned):
    browser = bureau.signed_in("admin")
    held = next(one for one in poisoned.all(_inbox()) if one.state == "held")
    drafts = [one.slug for one in poisoned.all(_fiche(), status="draft")]
    pages = [*PAGES, "/held", f"/held/{held.id}", "/questions/2026-0001", "/questions/2026-0001/experts?words=role"]
    pages += [f"/fiches/{slug}{more}" for slug in drafts for more in ("", "/edit")]
    pages += ["/queue?words=" + EVIL.replace("#", "").replace("&", ""), "/directory?words=<script>alert(1)</script>"]
    shown = 0
    for page in pages:
        text = browser.get(page).text
        assert "<script>alert" not in text and "<img src=x" not in text and "<svg/onload" not in text, page
        assert "49" not in re.findall(r"onload=alert\(1\)&gt;(\d+)", text), page
        assert "\u202e" not in text, page
        shown += "&lt;script&gt;" in text
    assert shown >= 8


def _inbox():
    from routing.models import InboxMessage

    return InboxMessage


def _fiche():
    from routing.models import Fiche

    return Fiche


def test_raw_mail_and_files_are_downloads_that_can_do_nothing(bureau):
    from routing.values import AttachedFile

    evil = AttachedFile('../../x";\r\nSet-Cookie: a=b\u202egpj.html', "text/html", b"<script>alert(1)</script>")
    bureau.world.hear(_item(attachments=(evil,)), raw=b"<script>alert(document.cookie)</script>")
    browser = bureau.signed_in()
    for address, kind in (("/messages/1/raw", "text/plain"), ("/files/1", "application/octet-stream")):
        response = browser.get(address)
        assert response.status_code == 200 and response.headers["content-type"].startswith(kind)
        assert response.headers["content-disposition"].startswith("attachment; filename=")
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in response.headers
        assert not set("/\\:*<>|") & set(response.headers["content-disposition"].partition('"')[2].partition('"')[0])
    assert bureau.signed_in("observer").get("/messages/1/raw").status_code == 403


def _item(**facts):
    from routing.values import Incoming, Kind

    told = dict(channel="email", kind=Kind.MESSAGE, rule="words", sender=ASKER_MAIL, text="A question with a file", proven=True)
    return Incoming(**(told | facts))


def test_no_letter_shown_lends_its_reader_anothers_voice(bureau):
    """Reply tokens, sign-in links and one-click links in letters would let a reader act as somebody else."""
    bureau.world.mail(ASKER_MAIL, "How do firms train apprentices?")
    bureau.assign(DESK)
    stranger = bureau.browser()
    stranger.post("/sign-in", data={"csrf": csrf_of(stranger.get("/sign-in")), "email": "admin@network.example"})
    secrets = {one.reply_to.partition("+")[2].partition("@")[0] for one in bureau.world.letters() if one.reply_to}
    secrets |= {re.search(r"/sign-in/(\S+)", one.text)[1] for one in bureau.world.letters("sign_in")}
    secrets |= {button["id"] for one in bureau.world.letters() for button in one.buttons}
    assert len(secrets) >= 5
    for role in ("observer", "coordinator", "admin"):
        browser = bureau.signed_in(role)
        for page in (
            "/questions/2026-0001",
            "/outbox?tab=waiting",
            "/outbox?tab=sent",
            "/record" if role != "observer" else "/queue",
        ):
            text = browser.get(page).text
            assert not [secret for secret in secrets if secret in text], (role, page)


def test_an_unknown_address_is_told_in_words(bureau):
    page = bureau.signed_in().get("/questions/2026-9999")
    assert page.status_code == 404 and "There is no question 2026-9999." in page.text


def test_an_error_of_ours_tells_nothing_about_us(bureau, monkeypatch):
    browser = bureau.signed_in()
    monkeypatch.setattr(bureau.service.clock, "now", _fail(RuntimeError("secret token 123456")))
    page = browser.get("/queue")
    assert page.status_code == 500 and "secret" not in page.text and "Traceback" not in page.text


def test_a_database_that_is_away_is_said_and_nothing_is_taken(bureau, asked):
    browser = bureau.signed_in()
    token = csrf_of(browser.get("/queue"))
    away = OperationalError("SELECT 1", {}, Exception("disk I/O error /srv/secret.db"))
    bureau.service.store = _Away(away)
    for response in (browser.get("/queue"), browser.post(f"/questions/{asked.number}/notes", data={"csrf": token, "text": "x"})):
        assert response.status_code == 503
        assert "database cannot be reached" in response.text and "secret" not in response.text
    assert browser.get("/healthz").status_code == 503


class _Away:
    """A database that does not answer."""

    is_sqlite = True

    def __init__(self, error):
        self.error = error

    def transaction(self):
        raise self.error

    snapshot = transaction


def _fail(error):
    def fail():
        raise error

    return fail


@pytest.mark.parametrize(("alive", "status"), [(True, 200), (False, 503)])
def test_signs_of_life_are_public_and_say_little(bureau, alive, status):
    bureau.service.alive = alive
    browser = bureau.browser()
    assert (browser.get("/healthz").status_code, browser.get("/readyz").status_code) == (status, status)
    assert len(browser.get("/healthz").text) < 40


def test_the_front_door_leads_on(bureau):
    assert bureau.browser().get("/").headers["location"] == "/sign-in"
    assert bureau.signed_in().get("/").headers["location"] == "/queue"


def test_what_is_said_after_an_act_comes_from_a_table_not_from_the_address(bureau):
    browser = bureau.signed_in()
    assert "Assigned to the expert" in browser.get("/queue?told=assigned").text
    assert "pwned" not in browser.get("/queue?told=pwned").text


def test_the_layout_is_lent_to_others(bureau):
    """The demo's pages stand in our layout, behind our headers."""
    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.testclient import TestClient

    from bot.console.app import Place, create_console

    async def phone(request):
        return await consoles[0].page(request, "Phone", "<b>not markup</b>")

    places = [Place("Phone", "/phone", "telegram")]
    consoles = [create_console(bureau.service, [Route("/phone", phone), Route("/plain", lambda request: Response("x"))], places)]
    browser = TestClient(consoles[0].app, base_url=BASE, headers={"origin": BASE}, follow_redirects=False)
    assert "&lt;b&gt;not markup" in browser.get("/phone").text
    assert browser.get("/plain").headers["x-frame-options"] == "DENY"
    link = bureau.link("coordinator@network.example")
    browser.post(link, data={"csrf": csrf_of(browser.get(link))})
    assert 'href="/phone"' in browser.get("/queue").text


def test_a_channel_may_bring_a_door_of_its_own(bureau):
    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.testclient import TestClient

    from bot.console.app import create_console

    class Hook:
        routes = (Route("/telegram", lambda request: Response("taken"), methods=["POST"]),)

    bureau.service.channels = {"telegram": Hook(), "email": object()}
    browser = TestClient(create_console(bureau.service).app, base_url=BASE)
    assert browser.post("/telegram").text == "taken"
