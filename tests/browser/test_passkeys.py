"""Passkeys in a real Chromium, with a device that Chromium itself pretends to have (WebDriver's virtual authenticator)."""

import pytest

from routing.migrate import upgrade
from routing.store import Store
from tests.browser.conftest import served
from tests.world import SmallWorld

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small desk at a host with a name: browsers keep no passkeys for numbers."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('passkeys') / 'rrm.db'}")
    upgrade(store)
    with served(SmallWorld(store), "Test network", host="localhost") as here:
        yield here
    store.close()


@pytest.fixture
def device(open_page):
    """A signed-in page of a browser that has such a device; `device.send` speaks to it."""

    def make(**more):
        page = open_page(expecting=(" 403 ",))
        spoken = page.context.new_cdp_session(page)
        spoken.send("WebAuthn.enable")
        known = spoken.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | more})["authenticatorId"]
        return page, lambda command, **facts: spoken.send(f"WebAuthn.{command}", {"authenticatorId": known, **facts})

    return make


def add(page, site, name):
    page.goto(f"{site.base}/passkeys")
    page.get_by_label("A name for this device").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def leave(page):
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_text("You are signed out.").wait_for()


def test_a_coordinator_adds_a_passkey_signs_in_with_it_and_removes_it(device, site):
    page, tell = device()
    add(page, site, "My laptop")
    page.get_by_text("The passkey is added.").wait_for()
    assert page.get_by_text("My laptop", exact=True).first.is_visible() and page.get_by_text("never").is_visible()
    (kept,) = tell("getCredentials")["credentials"]
    assert kept["isResidentCredential"] and kept["rpId"] == "localhost"
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/queue")
    page.goto(f"{site.base}/passkeys")
    assert not page.get_by_text("never").is_visible()
    page.get_by_role("button", name="Remove My laptop").click()
    page.get_by_text("The passkey is removed").wait_for()
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("We could not confirm who you are.").wait_for()
    assert page.get_by_label("Mail address").is_visible(), "the mailed link stays a way in"


def test_a_device_that_has_one_already_makes_no_second(device, site):
    page, tell = device()
    add(page, site, "Once")
    page.get_by_text("The passkey is added.").wait_for()
    add(page, site, "Twice")
    page.get_by_text("No passkey was created.").wait_for()
    assert len(tell("getCredentials")["credentials"]) == 1


def test_a_device_that_does_not_know_who_is_there_opens_nothing(device, site):
    page, tell = device()
    add(page, site, "Phone")
    page.get_by_text("The passkey is added.").wait_for()
    leave(page)
    tell("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("No passkey was used.").wait_for()
    tell("setUserVerified", isUserVerified=True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/queue")


def test_without_a_script_no_passkey_is_offered_and_the_link_works(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.base}/sign-in")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    assert page.get_by_role("button", name="Mail me a link").is_visible()
    context.close()


def test_the_pages_of_passkeys_have_no_barrier(open_page, site):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(bypass_csp=True)
    found = []
    for path in ("passkeys", "sign-in"):
        page.goto(f"{site.base}/{path}")
        found += [(path, one["id"]) for one in axe.run(page).response["violations"]]
    assert not found
