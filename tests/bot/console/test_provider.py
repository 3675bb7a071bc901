"""Signing in through an identity provider: the way it goes, and every way in which its answer can be old, foreign or false."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from bot.secrets import Secret
from bot.settings import SettingsError, load, missing_for_service
from routing.models import Challenge, ConsoleUser, Event
from tests.fakes.bureau import ADMIN, Bureau, csrf_of
from tests.fakes.provider import CLIENT, SECRET, provider
from tests.world import COORDINATOR

HOME = "https://console.example"


@dataclass
class Door:
    bureau: Bureau
    provider: object

    def browser(self):
        return TestClient(self.bureau.console.app, base_url=HOME, headers={"origin": HOME}, follow_redirects=False)

    def begin(self, browser):
        """The press of the button; returns what the provider is asked, and where it sends the browser back to."""
        answer = browser.post("/provider", data={"csrf": csrf_of(browser.get("/sign-in"))})
        assert answer.status_code == 303
        there = answer.headers["location"]
        back = httpx.get(there).headers["location"]
        return {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}, back.removeprefix(HOME)

    def enter(self, browser):
        return browser.get(self.begin(browser)[1])

    def rows(self, table):
        with self.bureau.store.snapshot() as session:
            return session.query(table).all()


@pytest.fixture(scope="module")
def here():
    with provider(f"{HOME}/provider/return") as known:
        yield known


@pytest.fixture
def door(bureau, here):
    here.person = {"sub": "p-1", "email": COORDINATOR, "email_verified": True}
    here.lies, here.alg, here.signer, here.refuses, here.document, here.codes = {}, "RS256", here.key, "", {}, {}
    settings = {"provider.issuer": here.issuer, "provider.client_id": CLIENT, "provider.name": "Network account"}
    opened = Bureau.at(bureau, HOME, **settings, **{"provider.client_secret": SECRET})
    here.now = lambda: opened.now.timestamp()
    return Door(opened, here)


def test_who_was_let_in_enters_by_the_provider(door):
    browser = door.browser()
    page = browser.get("/sign-in")
    assert "Sign in with Network account" in page.text
    assert f"form-action 'self' {door.provider.issuer};" in page.headers["content-security-policy"]
    asked, back = door.begin(browser)
    assert (asked["response_type"], asked["scope"], asked["code_challenge_method"]) == ("code", "openid email", "S256")
    assert asked["redirect_uri"] == f"{HOME}/provider/return" and len(asked["code_challenge"]) == 43 and len(asked["nonce"]) == 43
    response = browser.get(back)
    assert (response.status_code, response.headers["location"]) == (303, "/queue")
    assert "Coordination desk" in browser.get("/queue").text
    assert [one.kind for one in door.rows(Event)] == ["provider-linked", "signed-in"]


def test_a_state_and_a_code_are_good_once(door):
    browser = door.browser()
    _, back = door.begin(browser)
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 410


def test_a_state_is_good_in_the_browser_that_began_alone(door):
    _, back = door.begin(door.browser())
    victim = door.browser()
    door.begin(victim)
    assert victim.get(back).status_code == 410
    assert door.browser().get(back).status_code == 410


def test_a_state_lasts_ten_minutes(door):
    browser = door.browser()
    _, back = door.begin(browser)
    door.bureau.pass_time(minutes=10)
    assert browser.get(back).status_code == 410


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied&state=x", "?state=%00&code=%ff"]
)
def test_an_answer_that_nobody_asked_for_is_refused(door, query):
    assert door.browser().get(f"/provider/return{query}").status_code == 410
    assert not door.rows(Event)


def test_a_person_who_turns_it_down_is_told_so(door):
    door.provider.refuses = "access_denied"
    browser = door.browser()
    response = door.enter(browser)
    assert response.status_code == 403 and "could not confirm" in response.text


def test_an_answer_in_the_name_of_another_provider_is_refused(door):
    browser = door.browser()
    _, back = door.begin(browser)
    assert browser.get(back.replace("iss=http", "iss=https")).status_code == 403


LIES = {
    "another issuer": {"iss": "https://evil.example"},
    "another client": {"aud": "somebody-else"},
    "several clients": {"aud": [CLIENT, "somebody-else"], "azp": CLIENT},
    "for another": {"azp": "somebody-else"},
    "another nonce": {"nonce": "x" * 43},
    "no nonce": {"nonce": None},
    "ended": {"exp": 1_000_000_000},
    "no end": {"exp": None},
    "from tomorrow": {"iat": 4_000_000_000},
    "no name": {"sub": None},
    "no address": {"email": None},
    "an unchecked address": {"email_verified": False},
    "nothing said of checking": {"email_verified": None},
    "checked, as a word": {"email_verified": "true"},
    "a stranger": {"email": "stranger@elsewhere.example"},
    "an address in disguise": {"email": f"{COORDINATOR}\x00@evil.example"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_false_word_opens_nothing(door, lie):
    door.provider.lies = LIES[lie]
    browser = door.browser()
    assert door.enter(browser).status_code == 403
    assert browser.get("/queue").status_code == 303 and not door.rows(Event)


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_signature_that_anybody_could_make_proves_nothing(door, alg):
    door.provider.alg = alg
    assert door.enter(door.browser()).status_code == 403


def test_a_signature_of_another_key_proves_nothing(door):
    door.provider.signer = RSAKey.generate_key(2048, {"kid": "one"})
    assert door.enter(door.browser()).status_code == 403


def test_a_code_without_its_verifier_is_worth_nothing(door):
    """Whoever sees a code on its way cannot use it: the provider wants the verifier, which never left our database."""
    browser = door.browser()
    _, back = door.begin(browser)
    code = parse_qs(urlsplit(back).query)["code"][0]
    stolen = httpx.post(
        f"{door.provider.issuer}/token",
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": door.provider.back, "code_verifier": "guess"},
        auth=(CLIENT, SECRET),
    )
    assert stolen.status_code == 400


def test_a_code_of_another_browser_is_worth_nothing(door):
    """A stolen code in one's own answer: the challenge it was made for is another one's."""
    _, theirs = door.begin(door.browser())
    mine = door.browser()
    _, back = door.begin(mine)
    stolen = parse_qs(urlsplit(theirs).query)["code"][0]
    own = parse_qs(urlsplit(back).query)["code"][0]
    assert mine.get(back.replace(own, stolen)).status_code == 403


def test_whoever_gets_an_address_later_is_not_who_had_it(door):
    assert door.enter(door.browser()).status_code == 303
    door.provider.person = door.provider.person | {"sub": "p-2"}
    assert door.enter(door.browser()).status_code == 403
    door.provider.person = door.provider.person | {"sub": "p-1"}
    assert door.enter(door.browser()).status_code == 303


def test_who_may_sign_in_no_longer_cannot_by_the_provider_either(door):
    with door.bureau.store.transaction() as session:
        session.query(ConsoleUser).filter_by(email=COORDINATOR).one().active = False
    assert door.enter(door.browser()).status_code == 403


def test_no_role_comes_from_the_provider(door):
    door.provider.lies = {"role": "admin", "roles": ["admin"], "groups": ["admin"]}
    browser = door.browser()
    assert door.enter(browser).status_code == 303
    assert browser.get("/users").status_code == 403


def test_an_administrator_may_use_it_too(door):
    door.provider.person = {"sub": "p-9", "email": ADMIN.upper(), "email_verified": True}
    browser = door.browser()
    assert door.enter(browser).status_code == 303
    assert browser.get("/users").status_code == 200


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_describes_itself_strangely_is_not_used(door, document):
    door.provider.document = document
    browser = door.browser()
    assert browser.post("/provider", data={"csrf": csrf_of(browser.get("/sign-in"))}).status_code == 403
    assert not door.rows(Challenge)


def test_a_provider_that_is_away_leaves_the_other_ways_in(bureau):
    here = Bureau.at(
        bureau, HOME, **{"provider.issuer": "http://127.0.0.1:9", "provider.client_id": "x", "provider.client_secret": "y"}
    )
    browser = Door(here, None).browser()
    response = browser.post("/provider", data={"csrf": csrf_of(browser.get("/sign-in"))})
    assert response.status_code == 403 and "mail you a link" in response.text.lower()


def test_without_a_provider_there_is_no_such_way(bureau):
    browser = bureau.browser()
    page = browser.get("/sign-in")
    assert "/provider" not in page.text and page.headers["content-security-policy"].count("form-action 'self';") == 1
    assert browser.post("/provider", data={"csrf": csrf_of(page)}).status_code == 403
    assert browser.get("/provider/return?code=x&state=x").status_code == 410


def test_nothing_of_the_secret_is_logged(door, caplog):
    caplog.set_level("DEBUG")
    door.enter(door.browser())
    door.provider.lies = {"nonce": "x"}
    door.enter(door.browser())
    assert SECRET not in caplog.text and SECRET not in repr(door.bureau.service.settings)


def test_its_settings_are_checked(tmp_path):
    with pytest.raises(SettingsError, match=r"provider\.issuer must be an address that begins with https://"):
        load(overrides={"provider.issuer": "http://login.example"}, environment={}, folder=tmp_path)
    half = load(overrides={"provider.issuer": "https://login.example"}, environment={}, folder=tmp_path)
    assert any("provider.client_secret" in one for one in missing_for_service(half))
    assert isinstance(half.provider.client_secret, Secret)
