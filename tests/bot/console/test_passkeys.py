"""Passkeys by protocol: what is kept and told, and every way in which a proof can be replayed, foreign or false."""

from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from bot.console.ceremony import site_of
from routing.models import Challenge, ConsoleSession, Event, Passkey
from tests.fakes.authenticator import PRESENT, VERIFIED, Authenticator
from tests.fakes.bureau import ADMIN, Bureau, csrf_of
from tests.world import COORDINATOR

HOME = "https://console.example"


@dataclass
class Door:
    """The console at an address where passkeys are possible."""

    bureau: Bureau

    def browser(self):
        return TestClient(self.bureau.console.app, base_url=HOME, headers={"origin": HOME}, follow_redirects=False)

    def signed_in(self, email=COORDINATOR):
        browser, path = self.browser(), self.bureau.link(email).partition("example")[2]
        assert browser.post(path, data={"csrf": csrf_of(browser.get(path))}).status_code == 303
        return browser

    def asked_to_add(self, browser):
        return browser.post("/passkeys/options", data={"csrf": csrf_of(browser.get("/passkeys"))}).json()

    def add(self, browser, told, name="Laptop"):
        return browser.post("/passkeys", data={"csrf": csrf_of(browser.get("/passkeys")), "credential": told, "name": name})

    def added(self, email=COORDINATOR, seed=b"key-1"):
        browser, device = self.signed_in(email), Authenticator(HOME, seed)
        assert self.add(browser, device.make(self.asked_to_add(browser))).headers["location"] == "/passkeys?told=passkey-added"
        return browser, device

    def asked_to_enter(self, browser):
        return browser.post("/passkey/options", data={"csrf": csrf_of(browser.get("/sign-in"))}).json()

    def enter(self, browser, told):
        return browser.post("/passkey", data={"csrf": csrf_of(browser.get("/sign-in")), "credential": told})

    def rows(self, table):
        with self.bureau.store.snapshot() as session:
            return session.query(table).all()


@pytest.fixture
def door(bureau):
    return Door(Bureau.at(bureau, HOME))


def test_a_passkey_is_added_signs_in_and_is_removed(door):
    one, device = door.added()
    other = door.browser()
    response = door.enter(other, device.sign(door.asked_to_enter(other)))
    assert (response.status_code, response.headers["location"]) == (303, "/queue")
    assert "__Host-rrm-session" in response.headers["set-cookie"]
    assert "Coordination desk" in other.get("/queue").text
    (kept,) = door.rows(Passkey)
    assert (kept.name, kept.sign_count, kept.used_at) == ("Laptop", 1, door.bureau.now)
    page = other.get("/passkeys")
    assert "Laptop" in page.text
    gone = other.post(f"/passkeys/{kept.id}/removal", data={"csrf": csrf_of(page)})
    assert gone.headers["location"] == "/passkeys?told=passkey-removed"
    assert other.get("/queue").status_code == 200, "whoever removes it stays"
    assert one.get("/queue").status_code == 303, "the other browsers are out"
    last = door.browser()
    assert door.enter(last, device.sign(door.asked_to_enter(last))).status_code == 403
    told = [(one.kind, one.detail.get("name") or one.detail.get("by")) for one in door.rows(Event)]
    assert told == [("signed-in", "link"), ("passkey-added", "Laptop"), ("signed-in", "passkey"), ("passkey-removed", "Laptop")]


def test_the_browser_is_asked_for_a_key_that_names_its_user_and_checks_who_is_there(door):
    browser, _ = door.added()
    asked = door.asked_to_add(browser)
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert asked["rp"]["id"] == "console.example" and len(asked["excludeCredentials"]) == 1
    assert COORDINATOR not in asked["user"]["id"] and len(asked["user"]["id"]) == 43
    entering = door.asked_to_enter(door.browser())
    assert (entering["userVerification"], entering["rpId"]) == ("required", "console.example")
    assert not entering.get("allowCredentials"), "nobody learns which keys there are"


def test_a_challenge_is_used_up_by_its_first_use(door):
    _, device = door.added()
    browser = door.browser()
    told = device.sign(door.asked_to_enter(browser))
    assert door.enter(browser, told).status_code == 303
    assert door.enter(browser, told).status_code == 403


def test_a_challenge_is_used_up_by_a_false_proof_too(door):
    _, device = door.added()
    browser = door.browser()
    asked = door.asked_to_enter(browser)
    assert door.enter(browser, device.sign(asked, origin="https://evil.example")).status_code == 403
    assert door.enter(browser, device.sign(asked)).status_code == 403


def test_a_challenge_lasts_ten_minutes(door):
    _, device = door.added()
    browser = door.browser()
    asked = door.asked_to_enter(browser)
    door.bureau.pass_time(minutes=10)
    assert door.enter(browser, device.sign(asked)).status_code == 403
    door.asked_to_enter(browser)
    assert len([one for one in door.rows(Challenge) if one.expires_at <= door.bureau.now]) == 0, "old ones go"


def test_a_challenge_is_good_in_the_browser_that_got_it_alone(door):
    _, device = door.added()
    told = device.sign(door.asked_to_enter(door.browser()))
    assert door.enter(door.browser(), told).status_code == 403


def test_a_challenge_to_sign_in_adds_no_key_nor_the_other_way_round(door):
    browser, device = door.added()
    adding, entering = door.asked_to_add(browser), door.asked_to_enter(door.browser())
    assert door.add(browser, Authenticator(HOME, b"key-2").make(adding | {"challenge": entering["challenge"]})).status_code == 422
    other = door.browser()
    door.asked_to_enter(other)
    assert door.enter(other, device.sign({"rpId": "console.example", "challenge": adding["challenge"]})).status_code == 403
    assert len(door.rows(Passkey)) == 1


LIES = {
    "another site's page": {"origin": "https://evil.example"},
    "another port": {"origin": "https://console.example:444"},
    "plain http": {"origin": "http://console.example"},
    "a subdomain": {"origin": "https://a.console.example"},
    "a key for another site": {"rp_id": "evil.example"},
    "a key for the domain above": {"rp_id": "example"},
    "a frame in another site": {"client": {"crossOrigin": True}},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "the other ceremony": {"type": "webauthn.create"},
    "a made-up challenge": {"challenge": "A" * 43},
    "no challenge": {"challenge": ""},
    "another user's name": {"handle": b"x" * 32},
    "nobody's name": {"handle": b""},
    "an unknown key": {"id": b"y" * 32},
    "another key's signature": {"key": Authenticator(HOME).key},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_false_proof_opens_nothing(door, lie):
    _, device = door.added()
    browser, before = door.browser(), len(door.rows(ConsoleSession))
    response = door.enter(browser, device.sign(door.asked_to_enter(browser), **LIES[lie]))
    assert response.status_code == 403 and "could not confirm" in response.text
    assert browser.get("/queue").status_code == 303 and len(door.rows(ConsoleSession)) == before


ADDING = (
    "another site's page",
    "a key for another site",
    "a frame in another site",
    "nobody verified",
    "nobody present",
    "a made-up challenge",
)


@pytest.mark.parametrize("lie", [*ADDING, "the other ceremony"])
def test_a_false_proof_adds_nothing(door, lie):
    browser = door.signed_in()
    lies = {"type": "webauthn.get"} if lie == "the other ceremony" else LIES[lie]
    assert door.add(browser, Authenticator(HOME).make(door.asked_to_add(browser), **lies)).status_code == 422
    assert not door.rows(Passkey)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "null",
        "[]",
        "{}",
        '"x"',
        "{" * 5000,
        '{"response": {}}',
        '{"response": {"clientDataJSON": "%%"}}',
        "é" * 30_000,
        '{"id": 1, "response": {"clientDataJSON": "bnVsbA"}}',
        "[" * 19_999,
    ],
)
def test_what_is_no_proof_at_all_is_refused(door, told):
    browser = door.browser()
    door.asked_to_enter(browser)
    assert door.enter(browser, told).status_code == 403
    assert door.add(door.signed_in(), told).status_code == 422


def test_every_refusal_looks_alike(door):
    _, device = door.added()
    pages = set()
    for lies in ({"id": b"y" * 32}, {"key": Authenticator(HOME).key}, {"count": 0}):
        browser = door.browser()
        response = door.enter(browser, device.sign(door.asked_to_enter(browser), **lies))
        pages.add((response.status_code, response.text.replace(csrf_of(response), "")))
    # A count of nothing after nothing is what devices send that do not count; it is no refusal.
    assert len({status for status, _ in pages}) == 2 and len([1 for status, _ in pages if status == 403]) == 1


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_count_that_does_not_rise_is_a_copied_key(door, count):
    _, device = door.added()
    browser = door.browser()
    assert door.enter(browser, device.sign(door.asked_to_enter(browser), count=5)).status_code == 303
    copy = door.browser()
    assert door.enter(copy, device.sign(door.asked_to_enter(copy), count=count)).status_code == 403


def test_a_count_of_all_its_bits_fits_the_database(door):
    _, device = door.added()
    browser = door.browser()
    assert door.enter(browser, device.sign(door.asked_to_enter(browser), count=2**32 - 1)).status_code == 303


def test_a_key_is_known_once_and_to_one_user(door):
    _, device = door.added()
    stranger = door.signed_in(ADMIN)
    assert door.add(stranger, device.make(door.asked_to_add(stranger))).status_code == 422
    assert len(door.rows(Passkey)) == 1


def test_one_user_neither_sees_nor_removes_the_key_of_another(door):
    door.added()
    (kept,) = door.rows(Passkey)
    stranger = door.signed_in(ADMIN)
    page = stranger.get("/passkeys")
    assert "Laptop" not in page.text
    assert stranger.post(f"/passkeys/{kept.id}/removal", data={"csrf": csrf_of(page)}).status_code == 404
    assert len(door.rows(Passkey)) == 1


def test_a_browser_left_open_takes_no_key_of_somebody_else(door):
    browser = door.signed_in()
    told = Authenticator(HOME).make(door.asked_to_add(browser))
    door.bureau.pass_time(minutes=9)
    assert door.add(browser, told).status_code == 303
    door.bureau.pass_time(minutes=7)
    assert "within 15 minutes" in browser.get("/passkeys").text
    assert door.add(browser, Authenticator(HOME, b"key-2").make(door.asked_to_add(browser))).status_code == 422


def test_who_may_sign_in_no_longer_cannot_by_passkey_either_nor_when_let_in_again(door):
    _, device = door.added()
    admin = door.signed_in(ADMIN)
    assert admin.post("/users/removal", data={"csrf": csrf_of(admin.get("/users")), "email": COORDINATOR}).status_code == 303
    told = {"csrf": csrf_of(admin.get("/users")), "email": COORDINATOR, "role": "coordinator", "language": "en"}
    for again in (False, True):
        if again:
            assert admin.post("/users", data=told).status_code == 303
        browser = door.browser()
        assert door.enter(browser, device.sign(door.asked_to_enter(browser))).status_code == 403


@pytest.mark.parametrize(
    ("name", "status"), [("", 422), ("x" * 61, 422), ("a\x00b", 422), ("Laptop\u202e", 422), (" My  phone ", 303)]
)
def test_a_passkey_has_a_readable_name(door, name, status):
    browser = door.signed_in()
    assert door.add(browser, Authenticator(HOME).make(door.asked_to_add(browser)), name=name).status_code == status
    assert [one.name for one in door.rows(Passkey)] == (["My phone"] if status == 303 else [])


def test_nobody_has_more_than_twenty(door):
    browser = door.signed_in()
    for n in range(20):
        assert door.add(browser, Authenticator(HOME, b"%d" % n).make(door.asked_to_add(browser))).status_code == 303
    assert door.add(browser, Authenticator(HOME, b"20").make(door.asked_to_add(browser))).status_code == 422


def test_a_network_that_asks_too_often_waits_and_others_do_not(door):
    browser = door.browser()
    told = {"csrf": csrf_of(browser.get("/sign-in"))}
    statuses = [browser.post("/passkey/options", data=told).status_code for _ in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    assert browser.post("/sign-in", data=told | {"email": COORDINATOR}).status_code == 200, "mailed links are counted apart"


def test_signing_in_ends_the_session_that_was_planted(door):
    browser, device = door.added()
    planted = browser.cookies["__Host-rrm-session"]
    assert door.enter(browser, device.sign(door.asked_to_enter(browser))).status_code == 303
    other = door.browser()
    other.cookies.set("__Host-rrm-session", planted)
    assert other.get("/queue").status_code == 303


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://console.example", ("console.example", "https://console.example")),
        ("https://console.example:8443/", ("console.example", "https://console.example:8443")),
        ("http://localhost:8080", ("localhost", "http://localhost:8080")),
        ("http://console.example", None),
        ("http://127.0.0.1:8080", None),
        ("https://127.0.0.1", None),
        ("https://[::1]:8443", None),
        ("", None),
    ],
)
def test_where_passkeys_are_possible(address, expected):
    found = site_of(address, "Network")
    assert (found and (found.rp_id, found.origin)) == expected


def test_where_they_are_not_possible_no_page_offers_them(bureau):
    browser = bureau.signed_in()
    page = browser.get("/passkeys")
    assert "need HTTPS" in page.text and "data-passkey" not in page.text
    assert "data-passkey" not in bureau.browser().get("/sign-in").text
    assert browser.post("/passkeys/options", data={"csrf": csrf_of(page)}).status_code == 404
