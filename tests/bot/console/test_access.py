"""Who may do what: every route of the router, every role, every way a form can be forged."""

import re

import pytest
from starlette.routing import Mount

from bot.console.access import Guarded, Rule
from bot.console.app import own_routes
from tests.fakes.bureau import BASE, PEOPLE, csrf_of

ROUTES = [route for route in own_routes() if not isinstance(route, Mount)]
POSTS = [route for route in ROUTES if "POST" in route.methods]
ROLES = ("admin", "coordinator", "observer")


def address_of(route):
    """The route's address with something in each place that is not there: reached means 404 or 410, never 403."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: "999999" if found[2] == ":int" else "nothing-here", route.path)


def call(browser, route, **more):
    if "POST" not in route.methods:
        return browser.get(address_of(route), **more)
    return browser.post(address_of(route), **({"data": {}} | more))


def test_every_route_has_a_rule(bureau):
    for route in bureau.console.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Guarded) and isinstance(route.rule, Rule), route


def test_a_route_never_answers_two_methods():
    assert all(route.methods <= {"GET", "HEAD"} or route.methods == {"POST"} for route in ROUTES)


def test_nobody_comes_in_without_signing_in(bureau):
    browser = bureau.browser()
    for route in ROUTES:
        if route.rule.roles is not None:
            response = call(browser, route)
            assert (response.status_code, response.headers.get("location")) == (303, "/sign-in"), route.name


@pytest.fixture
def browsers(bureau):
    return {role: bureau.signed_in(role) for role in ROLES}


def test_each_role_reaches_what_its_rule_says_and_nothing_else(bureau, browsers):
    for role, browser in browsers.items():
        token = csrf_of(browser.get("/queue"))
        for route in ROUTES:
            if route.rule.proof != "session" or route.path == "/sign-out":
                continue
            response = call(browser, route, data={"csrf": token}) if "POST" in route.methods else call(browser, route)
            may = role in route.rule.roles
            assert (response.status_code != 403) == may, (role, route.name, response.status_code)
            assert response.status_code < 500, (role, route.name)


@pytest.mark.parametrize("token", [None, "", "guess", "é"])
def test_a_form_without_its_token_does_nothing(bureau, asked, token):
    browser = bureau.signed_in("admin")
    before = contents(bureau)
    for route in POSTS:
        if route.rule.proof not in ("link", "key"):
            response = call(browser, route, data={"text": "x"} | ({} if token is None else {"csrf": token}))
            assert response.status_code == 403, route.name
    assert contents(bureau) == before


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", f"{BASE}.evil.example", "file://", BASE.replace("http", "data")]
)
def test_a_form_of_another_site_does_nothing(bureau, asked, origin):
    browser = bureau.signed_in("admin")
    token = csrf_of(browser.get("/queue"))
    before = contents(bureau)
    for route in POSTS:
        if route.rule.proof == "key":
            continue
        response = call(browser, route, data={"csrf": token}, headers={"origin": origin})
        assert response.status_code == 403, route.name
    assert contents(bureau) == before


def test_a_form_sent_across_sites_is_refused_even_with_our_origin(bureau, asked):
    browser = bureau.signed_in()
    told = {"csrf": csrf_of(browser.get("/queue")), "text": "forged"}
    response = browser.post(f"/questions/{asked.number}/notes", data=told, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert not bureau.world.events("note")


def test_the_token_of_one_session_is_worth_nothing_in_another(bureau, asked):
    one, other = bureau.signed_in(), bureau.signed_in("admin")
    response = other.post(f"/questions/{asked.number}/notes", data={"csrf": csrf_of(one.get("/queue")), "text": "x"})
    assert response.status_code == 403


def test_looking_changes_nothing(bureau, asked):
    browser = bureau.signed_in("admin")
    link = bureau.link(PEOPLE["coordinator"])
    before = contents(bureau)
    for address in [*(address_of(route) for route in ROUTES if "GET" in route.methods), f"/questions/{asked.number}", link]:
        browser.get(address)
        browser.head(address)
    assert contents(bureau) == before


def contents(bureau):
    from routing.models import Base

    with bureau.store.snapshot() as session:
        return {table.name: session.execute(table.select()).fetchall() for table in Base.metadata.sorted_tables}


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_only_plain_forms_are_read(bureau, kind):
    response = bureau.signed_in().post("/sign-out", content=b'{"csrf": "x"}', headers={"content-type": kind})
    assert response.status_code == 415


def test_a_form_of_half_a_megabyte_is_refused(bureau, asked):
    browser = bureau.signed_in()
    told = {"csrf": csrf_of(browser.get("/queue")), "text": "x" * 600_000}
    assert browser.post(f"/questions/{asked.number}/notes", data=told).status_code == 413


def test_a_form_of_a_thousand_fields_is_refused(bureau):
    browser = bureau.signed_in()
    assert browser.post("/sign-out", data={f"f{n}": "x" for n in range(1000)}).status_code == 400


def test_a_forwarded_header_lends_no_rights(bureau):
    browser = bureau.browser()
    forged = {
        "x-remote-user": "admin@network.example",
        "x-forwarded-user": "admin",
        "x-forwarded-for": "127.0.0.1",
        "forwarded": "for=127.0.0.1",
    }
    assert browser.get("/users", headers=forged).headers["location"] == "/sign-in"
