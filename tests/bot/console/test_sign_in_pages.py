"""Signing in by a mailed link, as browsers, mail scanners and attackers do it."""

import re
from datetime import timedelta

import pytest

from routing.models import ConsoleSession, ConsoleUser, SignInLink
from tests.fakes.bureau import BASE, Bureau, csrf_of
from tests.world import COORDINATOR

HOURS = 12


def ask(browser, email):
    return browser.post("/sign-in", data={"csrf": csrf_of(browser.get("/sign-in")), "email": email})


def press(browser, link):
    """Open the link and send its form, also where the page no longer offers one."""
    browser.get(link)
    return browser.post(link, data={"csrf": browser.cookies["rrm-form"]})


def letter_links(bureau):
    return [re.search(r"http\S+/sign-in/\S+", one.text)[0] for one in bureau.world.letters("sign_in")]


def test_a_coordinator_gets_a_link_and_is_in(bureau):
    browser = bureau.browser()
    assert "on its way" in ask(browser, f"  {COORDINATOR.upper()} ").text
    (link,) = letter_links(bureau)
    assert bureau.service.woken == 1
    response = press(browser, link)
    assert (response.status_code, response.headers["location"]) == (303, "/queue")
    assert "Coordination desk" in browser.get("/queue").text


def test_known_and_unknown_addresses_get_the_same_answer(bureau):
    known, unknown = ask(bureau.browser(), COORDINATOR), ask(bureau.browser(), "stranger@elsewhere.example")

    def body(page):
        return re.sub(r'name="csrf" value="[^"]*"', "", page.text)

    assert (known.status_code, body(known)) == (unknown.status_code, body(unknown))
    assert len(bureau.world.letters("sign_in")) == 1


def test_a_link_works_once(bureau):
    link = bureau.link(COORDINATOR)
    assert press(bureau.browser(), link).status_code == 303
    second = bureau.browser()
    assert press(second, link).status_code == 410
    assert second.get("/queue").status_code == 303


def test_a_mail_scanner_that_opens_a_link_uses_nothing_up(bureau):
    link = bureau.link(COORDINATOR)
    for _ in range(3):
        assert bureau.browser().get(link).status_code == 200
        assert bureau.browser().head(link).status_code == 200
    assert press(bureau.browser(), link).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(14, 303), (15, 410), (60, 410)])
def test_a_link_lasts_a_quarter_of_an_hour(bureau, minutes, status):
    link = bureau.link(COORDINATOR)
    bureau.pass_time(minutes=minutes)
    assert press(bureau.browser(), link).status_code == status


@pytest.mark.parametrize(
    ("secret", "status"), [("x", 410), ("a" * 43, 410), ("%00", 410), ("..%2f..%2fqueue", 404), ("é" * 20, 410)]
)
def test_a_made_up_link_opens_nothing(bureau, secret, status):
    assert bureau.browser().get(f"/sign-in/{secret}").status_code == status


def test_signing_in_gives_a_new_session_and_ends_the_planted_one(bureau):
    browser = bureau.signed_in()
    planted = browser.cookies["rrm-session"]
    press(browser, bureau.link(COORDINATOR))
    assert browser.cookies["rrm-session"] != planted
    other = bureau.browser()
    other.cookies.set("rrm-session", planted)
    assert other.get("/queue").status_code == 303


def test_a_cookie_chosen_by_somebody_else_is_never_taken_over(bureau):
    browser = bureau.browser()
    browser.cookies.set("rrm-session", "planted", domain="console.example", path="/")
    press(browser, bureau.link(COORDINATOR))
    other = bureau.browser()
    other.cookies.set("rrm-session", "planted")
    assert other.get("/queue").status_code == 303


def test_signing_out_ends_the_session_on_the_server(bureau):
    browser = bureau.signed_in()
    cookie = browser.cookies["rrm-session"]
    response = browser.post("/sign-out", data={"csrf": csrf_of(browser.get("/queue"))})
    assert response.headers["location"] == "/sign-in?told=signed-out"
    browser.cookies.set("rrm-session", cookie)
    assert browser.get("/queue").status_code == 303


def test_a_session_ends_after_its_hours(bureau):
    browser = bureau.signed_in()
    bureau.pass_time(hours=HOURS - 0.1)
    assert browser.get("/queue").status_code == 200
    bureau.pass_time(hours=0.2)
    assert browser.get("/queue").status_code == 303


def test_a_user_who_is_removed_is_out_at_once(bureau):
    browser, link = bureau.signed_in(), bureau.link(COORDINATOR)
    with bureau.store.transaction() as session:
        session.query(ConsoleUser).filter_by(email=COORDINATOR).one().active = False
    assert browser.get("/queue").status_code == 303
    assert press(bureau.browser(), link).status_code == 410
    ask(bureau.browser(), COORDINATOR)
    assert not letter_links(bureau)


def test_an_administrator_removes_and_adds_people(bureau):
    coordinator, admin = bureau.signed_in(), bureau.signed_in("admin")
    assert bureau.send(admin, "/users", "/users/removal", email=COORDINATOR).status_code == 303
    assert coordinator.get("/queue").status_code == 303
    added = bureau.send(admin, "/users", "/users", email="new@network.example", role="observer", name="New", language="it")
    assert added.status_code == 303
    assert "new@network.example" in admin.get("/users").text
    assert press(bureau.browser(), bureau.link("new@network.example")).status_code == 303


def test_nobody_shuts_themselves_out(bureau):
    admin = bureau.signed_in("admin")
    assert bureau.send(admin, "/users", "/users/removal", email="Admin@network.example").status_code == 422
    told = {"email": "admin@network.example", "role": "observer", "language": "en"}
    assert bureau.send(admin, "/users", "/users", **told).status_code == 422
    assert admin.get("/users").status_code == 200


def test_many_requests_for_one_address_do_not_fill_its_mailbox_nor_spoil_its_links(bureau):
    for _ in range(6):
        assert ask(bureau.browser(), COORDINATOR).status_code == 200
    links = letter_links(bureau)
    assert len(links) == 3
    assert press(bureau.browser(), links[0]).status_code == 303


def test_a_network_that_asks_too_often_is_told_to_wait(bureau):
    browser = bureau.browser()
    statuses = [ask(browser, f"guess{n}@elsewhere.example").status_code for n in range(25)]
    assert statuses == [200] * 20 + [429] * 5
    bureau.pass_time(minutes=16)
    assert ask(browser, COORDINATOR).status_code == 200


def test_the_way_back_is_remembered(bureau, asked):
    browser = bureau.browser()
    browser.get(f"/questions/{asked.number}")
    assert press(browser, bureau.link(COORDINATOR)).headers["location"] == f"/questions/{asked.number}"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example\t", "javascript:alert(1)", "\\\\evil"],
)
def test_the_way_back_leads_nowhere_else(bureau, target):
    browser = bureau.browser()
    browser.cookies.set("rrm-next", target, domain="console.example", path="/")
    location = press(browser, bureau.link(COORDINATOR)).headers["location"]
    assert location == "/queue" or (location.startswith("/%09") and "\t" not in location)


def test_only_hashes_are_kept(bureau):
    browser, link = bureau.signed_in(), bureau.link(COORDINATOR)
    with bureau.store.snapshot() as session:
        kept = {one.secret_hash for table in (ConsoleSession, SignInLink) for one in session.query(table)}
    assert browser.cookies["rrm-session"] not in kept
    assert link.rpartition("/")[2] not in kept


def test_cookies_are_out_of_reach_of_scripts(bureau):
    browser = bureau.browser()
    cookie = press(browser, bureau.link(COORDINATOR)).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie


def test_with_https_cookies_are_for_this_host_alone(furnished, tmp_path):
    from tests.fakes.bureau import bureau

    with bureau(furnished, tmp_path) as plain:
        here = Bureau(plain.world, base_url="https://console.example")
        browser = here.browser()
        browser.base_url = "https://console.example"
        link = here.link(COORDINATOR).replace(BASE, "https://console.example")
        page = browser.get(link)
        response = browser.post(link, data={"csrf": csrf_of(page)}, headers={"origin": "https://console.example"})
        session_cookie = next(one for one in response.headers.get_list("set-cookie") if one.startswith("__Host-rrm-session"))
        assert "secure" in session_cookie.lower() and "domain" not in session_cookie.lower()
        assert "max-age=31536000" in response.headers["strict-transport-security"]


def test_a_poll_of_an_ended_session_sends_the_browser_to_sign_in(bureau):
    browser = bureau.signed_in()
    bureau.pass_time(hours=HOURS + 1)
    response = browser.get("/queue", headers={"hx-request": "true"})
    assert (response.status_code, response.headers["hx-redirect"]) == (401, "/sign-in")


def test_links_are_unguessable(bureau):
    links = {bureau.link(COORDINATOR) for _ in range(50)}
    assert len(links) == 50 and min(len(link.rpartition("/")[2]) for link in links) >= 43


def test_the_letter_names_our_own_address_whatever_the_host_header_says(bureau):
    browser = bureau.browser()
    page = browser.get("/sign-in")
    data = {"csrf": csrf_of(page), "email": COORDINATOR}
    browser.post("/sign-in", data=data, headers={"host": "evil.example", "origin": BASE})
    assert all(link.startswith(BASE) for link in letter_links(bureau))


def test_time_passes_for_the_throttle_of_links(bureau):
    for _ in range(3):
        ask(bureau.browser(), COORDINATOR)
    bureau.pass_time(minutes=16)
    ask(bureau.browser(), COORDINATOR)
    assert len(letter_links(bureau)) == 4
    assert bureau.now - bureau.world.letters("sign_in")[-1].created_at < timedelta(minutes=1)


def test_everybody_sees_where_they_are_signed_in_when_that_was_used_and_ends_it_elsewhere(bureau):
    """A page that somebody opens is a use; one that refreshes itself is none."""
    here, elsewhere, stranger = bureau.signed_in(), bureau.signed_in(), bureau.signed_in("admin")
    began = bureau.now
    bureau.pass_time(minutes=4)
    here.get("/queue")
    assert used(bureau) == [began] * 3, "no closer than this"
    bureau.pass_time(minutes=56)
    elsewhere.get("/queue", headers={"hx-request": "true"})
    assert used(bureau) == [began] * 3
    page = here.get("/passkeys")
    assert used(bureau) == [bureau.now, began, began]
    assert page.text.count("this browser") == 1 and "1 hour ago" in page.text and page.text.count("Ends by itself") == 1
    ended = here.post("/sessions/others/removal", data={"csrf": csrf_of(page)})
    assert ended.headers["location"] == "/passkeys?told=others-ended"
    assert [one.get("/queue").status_code for one in (here, elsewhere, stranger)] == [200, 303, 200]
    assert "Sign out everywhere else" not in here.get("/passkeys").text


def used(bureau):
    with bureau.store.snapshot() as session:
        return [one.seen_at for one in session.query(ConsoleSession).order_by(ConsoleSession.id)]
