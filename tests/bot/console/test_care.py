"""Who looks after what: every route, by every role, on things that are theirs, somebody else's, and not there at all.

The matrix is made from the router. What an address names must stand in `WHOSE` here and in `bot.console.objects`: a new route
without a rule fails in both places.
"""

import re
from dataclasses import dataclass

import pytest
from starlette.routing import Mount

from bot.console import objects
from bot.console.access import WATCH, Guarded
from bot.console.app import own_routes
from routing import care, directory, handing, keys
from routing.models import (  # fmt: skip
    Absence,
    Answer,
    Attachment,
    Authority,
    ConsoleUser,
    Event,
    Fiche,
    FicheText,
    InboxMessage,
    OutboxMessage,
    Question,
    Remembered,
    Review,
    SavedView,
)
from tests.bot.console.test_access import contents
from tests.fakes.bureau import bureau, csrf_of
from tests.world import COORDINATOR, DESK, OTHER_QUESTION

CANARY = "zanzibarine"
ASKER = "zanzibarine-asker@lisboa.example"
ROUTES = [route for route in own_routes() if not isinstance(route, Mount)]
# Name in an address -> whether what it names hangs on the authorities that somebody looks after.
WHOSE = {
    "number": True, "answer": True, "letter": True, "inbox": True, "file": True, "decision": True, "review": True,
    "slug": True, "authority": True, "expert": True, "absence": True,
    "key": False, "passkey": False, "view": False, "webhook": False, "user": False, "person": False, "secret": False, "id": False, "what": False, "table": False, "month": False,
}  # fmt: skip
ROLES = {"near": ("coordinator", "trento"), "far": ("coordinator", "karlovac"), "watcher": ("observer", "karlovac")}


@dataclass
class Scene:
    bureau: object
    things: dict
    browsers: dict

    def address(self, route):
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: str(self.things.get(found[1], "1")), route.path)


@pytest.fixture(scope="module")
def scene(furnished, tmp_path_factory):
    """A question that an expert of Trento has answered, with one of each thing that can hang on it."""
    with bureau(furnished, tmp_path_factory.mktemp("care")) as here:
        here.world.mail(ASKER, f"{OTHER_QUESTION} {CANARY}", subject=CANARY)
        here.assign(DESK)
        here.world.mail("colleague@trento.example", f"By lorry, {CANARY}.", to=here.world.letter("assignment", DESK))
        with here.store.transaction() as session:
            things = _things(session, here)
        browsers = {name: _signed_in(here, f"{name}@network.example") for name in ROLES}
        browsers |= {"whole": _signed_in(here, COORDINATOR), "admin": here.signed_in("admin")}
        yield Scene(here, things, browsers)


def _things(session, here):
    question, inbox = session.query(Question).one(), session.query(InboxMessage).filter_by(state="held").one()
    written = Answer(question_id=question.id, author="expert:1", language="en", text=CANARY, state="waiting", created_at=here.now)
    fiche = Fiche(
        slug="draft",
        status="draft",
        source_language="en",
        facts={},
        question_id=question.id,
        created_at=here.now,
        updated_at=here.now,
    )
    absence = Absence(expert_id=1, first_day="2027-01-04", last_day="2027-01-08", source="console")
    rows = [
        written, fiche, Attachment(inbox_id=inbox.id, question_id=question.id, name=CANARY, media_type="text/plain", size=1, content=b"x"),
        Remembered(sender=ASKER, question_id=question.id, act="discard", reason=CANARY, decided_by="user:1", decided_at=here.now), absence,
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    session.add(FicheText(fiche_id=fiche.id, language="en", title=CANARY, summary=CANARY, sections={}))
    review = Review(answer_id=written.id, sort="sample", month="2026-10", created_at=here.now)
    session.add_all([review, Event(question_id=question.id, at=here.now, actor="user:1", kind="note", detail={"text": CANARY})])
    session.flush()
    letter = session.query(OutboxMessage).filter_by(kind="assignment").one()
    letter.state = "failed"
    trento = session.query(Authority).filter_by(slug="trento").one()
    return {
        "number": question.number, "answer": written.id, "letter": letter.id, "inbox": inbox.id, "file": rows[2].id,
        "decision": rows[3].id, "review": review.id, "slug": fiche.slug, "authority": trento.id, "expert": 1, "table": "tiers.csv",
        "what": "experts", "absence": absence.id,
    } | _users(session, here)  # fmt: skip


def _users(session, here):
    for name, (role, authority) in ROLES.items():
        user = directory.add_user(session, f"{name}@network.example", role, here.now, name)
        session.flush()
        known = session.query(Authority).filter_by(slug=authority).one()
        care.give(session, user.id, {known.id}, by="user:1", now=here.now)
    view = SavedView(user_id=1, name=CANARY, query=f"words={CANARY}", created_at=here.now)
    session.add(view)
    session.flush()
    return {"view": view.id, "key": 999, "passkey": 999, "user": 1, "person": 1}


def _signed_in(here, email):
    browser = here.browser()
    link = here.link(email)
    assert browser.post(link, data={"csrf": csrf_of(browser.get(link))}).status_code == 303
    return browser


def named(route):
    return set(re.findall(r"\{(\w+)", route.path))


def hangs_on_care(route):
    return any(WHOSE[name] for name in named(route)) and route.rule.proof != "link"


def test_everything_an_address_names_has_an_owner():
    assert set().union(*map(named, ROUTES)) == set(WHOSE) & set(objects.OBJECTS) == set(WHOSE)


def test_a_route_that_names_something_unheard_of_cannot_be_made():
    with pytest.raises(ValueError, match="treasure"):
        Guarded("/treasures/{treasure:int}", lambda visit: None, WATCH)


@pytest.mark.parametrize("role", ["near", "far", "watcher", "whole", "admin"])
def test_every_page_shows_what_is_theirs_and_nothing_else(scene, role):
    """GET: by rule and by care. The canary stands in every part of the question; who may not see it meets it nowhere."""
    browser, sees = scene.browsers[role], role not in ("far", "watcher")
    told = []
    for route in ROUTES:
        if "GET" not in route.methods or route.rule.proof == "key":
            continue
        response = browser.get(scene.address(route), params={"words": "", "kind": "", "tab": ""})
        if (route.rule.roles is not None and _role(role) not in route.rule.roles) or (route.rule.whole and role in ("near", "far")):
            assert response.status_code == 403, route.name
        elif hangs_on_care(route) and not sees:
            assert response.status_code == 404, route.name
        else:
            assert response.status_code in (200, 303, 404, 410), route.name
        assert sees or CANARY not in response.text, route.name
        told += [route.path] if CANARY in response.text else []
    expected = {"/queue", "/questions/{number}", "/held", "/outbox", "/record", "/reviews", "/held/{inbox:int}"}
    assert not sees or expected - {"/queue"} <= set(told), expected - set(told)


def _role(name):
    return ROLES[name][0] if name in ROLES else {"whole": "coordinator"}.get(name, name)


@pytest.mark.parametrize("view", ["tab=open", "tab=me", f"words={CANARY}", "tab=closed", "tab=expert"])
def test_no_view_of_the_queue_shows_more(scene, view):
    assert CANARY not in re.sub(r'value="[^"]*"|words=\w+|words: \w+', "", scene.browsers["far"].get(f"/queue?{view}").text)
    near = scene.browsers["near"].get("/queue?tab=open").text
    assert CANARY in near and CANARY in scene.browsers["near"].get("/outbox").text


def test_the_numbers_beside_the_places_count_what_is_theirs(scene):
    rail = {
        role: re.findall(r'class="count[^"]*"[^>]*>\s*(\d+)', scene.browsers[role].get("/health").text)
        for role in ("far", "whole")
    }
    assert sum(map(int, rail["far"])) == 0 < sum(map(int, rail["whole"]))


@pytest.mark.parametrize("role", ["far", "watcher"])
def test_no_form_reaches_what_is_not_theirs(scene, role):
    """POST: whatever an address or a field names, nothing in the database changes, and the answer is as for what is not there."""
    browser, bureau_ = scene.browsers[role], scene.bureau
    token, before = csrf_of(browser.get("/queue")), contents(bureau_)
    for route in ROUTES:
        if "POST" not in route.methods or route.rule.proof != "session" or not hangs_on_care(route):
            continue
        response = browser.post(scene.address(route), data=_fields(scene, token))
        may = _role(role) in route.rule.roles
        assert response.status_code == (404 if may else 403), (route.name, response.status_code)
        assert CANARY not in response.text, route.name
    for path, fields in {
        "/queue/bulk": {"question": f"{scene.things['number']}:{revision(scene)}", "act": "sensitive"},
        "/held/many": {"message": scene.things["inbox"], "act": "discard", "reason": "x"},
    }.items():
        browser.post(path, data=_fields(scene, token) | fields)
    assert contents(bureau_) == before


def revision(scene):
    with scene.bureau.store.snapshot() as session:
        return session.query(Question).one().revision


def _fields(scene, token):
    told = {"csrf": token, "revision": revision(scene), "reason": "x", "text": "x", "number": scene.things["number"], "days": 1}
    return told | {
        "expert": 1,
        "tier": "urgent",
        "comment": "x",
        "fiche": "draft",
        "review": "review",
        "language": "en",
        "title": "x",
    }


def test_what_is_not_there_and_what_is_not_theirs_look_the_same(scene):
    browser = scene.browsers["far"]
    pairs = {"/questions/2026-0001": "/questions/2026-4711", "/held/2": "/held/4711", "/fiches/draft": "/fiches/nothing"}
    for theirs, nothing in pairs.items():
        one, other = browser.get(theirs), browser.get(nothing)
        assert (one.status_code, _words(one)) == (404, _words(other)), theirs


def _words(page):
    """What a page says, without the number that its address gave it."""
    return re.sub(r"<[^>]+>|\s+|2026-(0001|4711)", " ", page.text)


def test_a_number_is_found_only_by_who_looks_after_it(scene):
    near, far = (scene.browsers[role].get("/find?words=1").headers["location"] for role in ("near", "far"))
    assert (near, far) == ("/questions/2026-0001", "/queue?tab=all&words=1")


def test_a_question_of_others_is_not_joined_nor_filed_to(scene):
    """Somebody who looks after one question must not reach another through the fields of its forms."""
    bureau_ = scene.bureau
    bureau_.world.mail("other@lisboa.example", "How is guidance paid for in a small town?")
    bureau_.hand_over()
    mine = bureau_.world.question()
    browser = scene.browsers["near"]
    told = {"csrf": csrf_of(browser.get("/queue")), "revision": revision_of(bureau_, "2026-0001"), "number": mine.number}
    response = browser.post("/questions/2026-0001/joining", data=told)
    assert response.status_code == 422 and "no question with this number" in response.text
    assert browser.post(f"/held/{scene.things['inbox']}/release", data=told).status_code == 404


def revision_of(bureau_, number):
    with bureau_.store.snapshot() as session:
        return session.query(Question).filter_by(number=number).one().revision


@pytest.mark.parametrize("role", ["near", "far"])
def test_a_key_opens_no_more_than_its_maker(scene, role):
    here = scene.bureau
    with here.store.transaction() as session:
        user = session.query(ConsoleUser).filter_by(email=f"{role}@network.example").one()
        secret = keys.make(session, user.id, "x", ["read", "act"], 30, here.now)
    caller = here.browser()
    caller.headers["authorization"] = f"Bearer {secret}"
    paths = ("/questions?tab=open", "/questions/2026-0001", "/fiches?status=draft", "/fiches/draft", "/reports")
    got = {path: caller.get(f"/api/v1{path}") for path in paths}
    assert all((CANARY in one.text) == (role == "near") for path, one in got.items() if path != "/reports")
    assert got["/questions/2026-0001"].status_code == (200 if role == "near" else 404)
    if role == "far":
        before = contents(here)
        posts = [route for route in ROUTES if route.rule.scope == "act" and "POST" in route.methods]
        for route in posts:
            told = {
                "revision": revision_of(here, "2026-0001"),
                "text": "x",
                "expert": 1,
                "days": 1,
                "reason": "x",
                "tier": "urgent",
            }
            assert caller.post(scene.address(route), json=told).status_code == 404, route.name
        assert contents(here) == before


def test_letters_about_a_question_go_to_those_who_look_after_it(scene):

    with scene.bureau.store.snapshot() as session:
        emails = dict(session.query(ConsoleUser.person_id, ConsoleUser.email).all())
        first = session.query(Question).filter_by(number="2026-0001").one()
        trento = session.query(Authority).filter_by(slug="trento").one()
        about, entry = handing.coordinators(session, first), handing.coordinators(session, authority_id=trento.id)
        network = handing.coordinators(session)
    told = [{emails[one].partition("@")[0] for one in people} for people in (about, entry, network)]
    assert told == [{"admin", "coordinator", "near"}, {"admin", "coordinator", "near"}, {"admin", "coordinator"}]


def test_care_is_given_with_a_record_and_never_to_administrators(bureau):
    with bureau.store.transaction() as session:
        admin = session.query(ConsoleUser).filter_by(role="admin").one()
        user = session.query(ConsoleUser).filter_by(role="coordinator").one()
        known = [one.id for one in session.query(Authority).order_by(Authority.id)]
        with pytest.raises(care.NotTheirs):
            care.give(session, admin.id, known[:1], by="user:9", now=bureau.now)
        for wrong in ((user.id, [4711]), (4711, [])):
            with pytest.raises(care.NotFound):
                care.give(session, *wrong, by="user:9", now=bureau.now)
        care.give(session, user.id, known[:1], by="user:9", now=bureau.now)
        care.give(session, user.id, [], by="user:9", now=bureau.now)
        assert care.of_user(session, user).is_whole
        first, second = (one.detail for one in session.query(Event).filter_by(kind="care-given").order_by(Event.id))
    assert first["before"] == [] and second["before"] == first["after"] and second["after"] == []
