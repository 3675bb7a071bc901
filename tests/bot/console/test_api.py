"""The same verbs for programs: what a key opens, what it does not, and that no input breaks anything."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.console.app import own_routes
from bot.console.pages import api
from routing.models import ApiToken, Event, Fiche, FicheRemark
from tests.fakes.bureau import BASE, csrf_of
from tests.world import DUAL_FICHE, SECOND

QUESTION = "/api/v1/questions/2026-0001"


def key(bureau, role="coordinator", scopes=("read", "act"), days="30"):
    browser = bureau.signed_in(role)
    made = browser.post(
        "/keys", data={"csrf": csrf_of(browser.get("/keys")), "name": "Minutes", "scope": list(scopes), "days": days}
    )
    assert made.status_code == 200, made.text
    return re.search(r"rrm_[\w-]{40,}", made.text)[0]


def program(bureau, secret):
    browser = bureau.browser()
    browser.headers["authorization"] = f"Bearer {secret}"
    del browser.headers["origin"]
    return browser


def test_a_program_reads_and_acts_as_its_maker(bureau, asked):
    bureau.pass_time(minutes=1)
    caller = program(bureau, key(bureau))
    listed = caller.get("/api/v1/questions?tab=me").json()
    assert [one["number"] for one in listed["questions"]] == [asked.number] and listed["counts"]["me"] == 1
    told = {"revision": listed["questions"][0]["revision"], "expert": bureau.world.expert(SECOND).id}
    done = caller.post(f"{QUESTION}/assignments", json=told)
    assert done.status_code == 200 and done.json()["waiting_for"] == "expert"
    late = caller.post(f"{QUESTION}/assignments", json=told)
    assert late.status_code == 409 and "has changed" in late.json()["error"]
    assert caller.post(f"{QUESTION}/notes", json={"text": "from a program"}).status_code == 201
    whole = caller.get(QUESTION).json()
    assert (
        whole["assignments"][0]["authority"] == "Provincia di Reggio Emilia"
        and "working days" in whole["assignments"][0]["why_then"]
    )
    assert {"by": "user:1", "kind": "assigned"}.items() <= next(
        one for one in whole["history"] if one["kind"] == "assigned"
    ).items()
    assert caller.get("/api/v1/reports?months=3").json()["tiers"][1] == {
        "tier": "standard", "asked": 1, "in time": 0, "late": 0, "overdue now": 0,
    }  # fmt: skip


def test_a_program_reads_fiches_by_their_facts(bureau):
    with bureau.store.transaction() as session:
        fiche = session.query(Fiche).filter_by(slug=DUAL_FICHE).one()
        fiche.facts = fiche.facts | {"target_groups": ["women"], "contact": "desk@town.example"}
    caller = program(bureau, key(bureau, "observer", ("read",)))
    every, few = (caller.get(f"/api/v1/fiches{wish}").json() for wish in ("", "?target_groups=women"))
    assert every["count"] == len(every["fiches"]) > few["count"] == 1
    (line,) = few["fiches"]
    assert line["slug"] == DUAL_FICHE and line["facts"]["target_groups"] == ["women"] and "contact" not in line["facts"]
    whole = caller.get(f"/api/v1/fiches/{DUAL_FICHE}").json()
    assert whole["texts"][line["source_language"]]["title"] == line["title"] and set(whole["texts"]) == set(line["languages"])
    assert whole["published_at"] == whole["confirmed_at"] < whole["look_again_at"] and "town.example" not in str(whole)
    assert caller.get("/api/v1/fiches?status=draft").json()["count"] == 0
    assert (line["status"], line["step"], whole["validations"]) == ("published", None, [])
    with bureau.store.transaction() as session:
        fiche = session.query(Fiche).filter_by(slug=DUAL_FICHE).one()
        fiche.status, fiche.step = "review", "validated_local"
        said = {"text": "Of nobody's business", "by": "user:1", "at": bureau.now}
        session.add(FicheRemark(fiche_id=fiche.id, revision=1, step="validated_local", **said))
        session.add(FicheRemark(fiche_id=fiche.id, revision=1, **said))
    for status, count in (("validated_local", 1), ("review", 1), ("changes_requested", 0)):
        assert caller.get(f"/api/v1/fiches?status={status}").json()["count"] == count, status
    whole = caller.get(f"/api/v1/fiches/{DUAL_FICHE}").json()
    assert [(one["step"], one["revision"]) for one in whole["validations"]] == [("validated_local", 1)]
    assert "business" not in str(whole) and whole["step"] == "validated_local"
    assert caller.get("/api/v1/fiches/none").status_code == 404


@pytest.mark.parametrize("secret", ["", "rrm_made-up", "é", "x" * 5000])
def test_a_made_up_key_opens_nothing(bureau, asked, secret):
    caller = bureau.browser()
    response = caller.get(QUESTION, headers={"authorization": f"Bearer {secret}".encode()})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert response.json()["error"] and asked.text not in response.text


def test_a_cookie_is_worth_nothing_to_a_program(bureau, asked):
    """A page of another site could use it; a key it could not."""
    browser = bureau.signed_in("admin")
    assert browser.get(QUESTION).status_code == 401
    assert browser.post(f"{QUESTION}/notes", json={"text": "x"}, headers={"origin": "https://evil.example"}).status_code == 401


def test_a_key_does_no_more_than_it_may(bureau, asked):
    reader = program(bureau, key(bureau, scopes=("read",)))
    assert reader.get(QUESTION).status_code == 200
    assert reader.post(f"{QUESTION}/notes", json={"text": "x"}).status_code == 403
    watcher = program(bureau, key(bureau, "observer", ("read", "act")))
    assert watcher.post(f"{QUESTION}/notes", json={"text": "x"}).status_code == 403
    assert not bureau.world.events("note")


def test_a_key_ends(bureau, asked):
    secret = key(bureau, days="2")
    (row,) = bureau.world.all(ApiToken)
    other = bureau.signed_in("admin")
    other.post(f"/keys/{row.id}/revocation", data={"csrf": csrf_of(other.get("/keys"))})
    assert program(bureau, secret).get(QUESTION).status_code == 200  # somebody else's key is not theirs to end
    bureau.pass_time(days=2)
    assert program(bureau, secret).get(QUESTION).status_code == 401
    again = key(bureau)
    browser = bureau.signed_in()
    browser.post(f"/keys/{bureau.world.all(ApiToken)[1].id}/revocation", data={"csrf": csrf_of(browser.get("/keys"))})
    assert program(bureau, again).get(QUESTION).status_code == 401


def test_a_key_ends_with_its_makers_rights(bureau, asked):
    secret = key(bureau)
    admin = bureau.signed_in("admin")
    admin.post("/users/removal", data={"csrf": csrf_of(admin.get("/users")), "email": "coordinator@network.example"})
    assert program(bureau, secret).get(QUESTION).status_code == 401


def test_only_a_hash_is_kept_and_shown_once(bureau):
    secret = key(bureau)
    with bureau.store.snapshot() as session:
        (row,) = session.query(ApiToken)
        kept = f"{row.secret_hash} {row.name} {[one.detail for one in session.query(Event)]}"
    assert secret not in kept and secret not in bureau.signed_in().get("/keys").text


@pytest.mark.parametrize(
    "told", [{"name": ""}, {"name": "x" * 61}, {"days": "0"}, {"days": "9999"}, {"scope": "root"}, {"scope": []}]
)
def test_a_key_is_made_only_in_full(bureau, told):
    browser = bureau.signed_in()
    fields = {"csrf": csrf_of(browser.get("/keys")), "name": "x", "scope": "read", "days": "30"} | told
    assert browser.post("/keys", data=fields).status_code == 422 and not bureau.world.all(ApiToken)


def test_the_description_names_every_route_and_no_other(bureau):
    told = bureau.browser().get("/api/openapi.json").json()
    described = {(path, verb.upper()) for path, verbs in told["paths"].items() for verb in verbs}
    routed = {
        (route.path.removeprefix("/api/v1").replace(":int", ""), "POST" if "POST" in route.methods else "GET")
        for route in own_routes()
        if route.path.startswith("/api/v1/")
    }
    assert described == routed and told["servers"][0]["url"] == f"{BASE}/api/v1"


VALUES = st.one_of(st.text(max_size=40), st.integers(), st.none(), st.booleans(), st.lists(st.integers(), max_size=2))
BODIES = st.one_of(
    st.dictionaries(st.sampled_from(["revision", "expert", "days", "reason", "text", "fiche", "tier"]), VALUES), VALUES
)
WRITING = [route for route in api.ROUTES if "POST" in route.methods]


@pytest.fixture(scope="module")
def called(furnished, tmp_path_factory):
    from tests.fakes.bureau import bureau as a_bureau
    from tests.world import ASKER_MAIL

    with a_bureau(furnished, tmp_path_factory.mktemp("api")) as here:
        here.world.mail(ASKER_MAIL, "How do you pay for a welding workshop?")
        here.hand_over()
        yield program(here, key(here))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(route=st.sampled_from(WRITING), body=BODIES, number=st.sampled_from(["2026-0001", "nothing", "%00", "9" * 40]))
def test_no_body_breaks_a_verb(called, route, body, number):
    path = route.path.replace("{number}", number).replace("{answer:int}", "7")
    response = called.post(path, content=json.dumps(body), headers={"content-type": "application/json"})
    assert response.status_code in (200, 201, 404, 409, 422) and isinstance(response.json(), dict), (path, body, response.text)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [(b"{", "application/json", 400), (b"[" * 100_000, "application/json", 400), (b"{}", "text/plain", 415), (b" " * 600_000, "application/json", 413)],
)  # fmt: skip
def test_what_is_no_json_is_refused(called, content, kind, status):
    assert called.post(f"{QUESTION}/notes", content=content, headers={"content-type": kind}).status_code == status
