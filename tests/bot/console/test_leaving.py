"""Experts come off the directory and back, by forms and by programs: who may, what moves on, what is written down."""

import ast
from pathlib import Path

import pytest

import bot
import routing
from bot.console.happenings import KINDS
from routing import care, directory
from routing.models import Authority, Event, Expert, Question
from tests.bot.console.test_api import key, program
from tests.bot.console.test_languages import words
from tests.fakes.bureau import csrf_of
from tests.world import ASKER_MAIL, DEPUTY, DESK, OTHER_QUESTION

REASON = "Has moved to another ministry"


@pytest.fixture
def desk(bureau):
    """The address of the form of an expert with one open question, who is followed by a deputy."""
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    with bureau.store.transaction() as session:
        those = [bureau.world.expert(one) for one in (DESK, DEPUTY)]
        roster = [{"expert": one.id, "authority": one.authority_id, "score": 1, "reasons": [], "deputy": False} for one in those]
        session.query(Question).one().roster = roster
    return f"/experts/{bureau.world.expert(DESK).id}"


def test_what_an_expert_had_open_moves_on_and_both_sides_hear_of_it(bureau, desk):
    browser = bureau.signed_in()
    page = words(browser.get("/directory?words=trento"))
    assert "1 open question goes to the next expert, and its asker is told." in page
    done = bureau.send(browser, "/directory", f"{desk}/removal", reason=REASON)
    assert (done.status_code, done.headers["location"]) == (303, "/directory?told=expert-removed")
    bureau.world.sweep()
    assert bureau.world.assignments() == [(DESK, "withdrawn"), (DEPUTY, "offered")]
    assert "has left the network" in bureau.world.letter("holding", ASKER_MAIL).text
    assert bureau.world.letters("moved_on", DESK)
    told = words(browser.get("/questions/2026-0001"))
    assert "no longer an expert of the network" in told


def test_it_is_written_down_and_can_be_undone(bureau, desk):
    browser = bureau.signed_in()
    bureau.send(browser, "/directory", f"{desk}/removal", reason=f" {REASON} ")
    page = words(browser.get("/directory"))
    assert f"not in the directory just now : {REASON}" in page.replace("now:", "now :")
    assert "removed Apprenticeship desk, Provincia autonoma di Trento, from the directory" in words(browser.get("/record"))
    done = bureau.send(browser, "/directory", f"{desk}/return")
    assert (done.status_code, done.headers["location"]) == (303, "/directory?told=expert-returned")
    left, back = (one for one in bureau.world.all(Event) if one.kind.startswith("expert-"))
    assert (left.actor, left.detail["reason"], left.detail["before"], left.detail["after"]) == ("user:1", REASON, True, False)
    assert (back.actor, back.detail["before"], back.detail["after"]) == ("user:1", False, True)
    assert bureau.world.expert(DESK).active and REASON not in words(browser.get("/directory"))


def test_it_needs_a_reason_and_somebody_to_take_off(bureau, desk):
    browser = bureau.signed_in()
    refused = bureau.send(browser, "/directory", f"{desk}/removal", reason=" ")
    assert refused.status_code == 422 and "Say why" in words(refused)
    assert bureau.send(browser, "/directory", f"{desk}/return").status_code == 422
    assert bureau.send(browser, "/directory", "/experts/4711/removal", reason=REASON).status_code == 404
    bureau.send(browser, "/directory", f"{desk}/removal", reason=REASON)
    again = bureau.send(browser, "/directory", f"{desk}/removal", reason=REASON)
    assert again.status_code == 422 and "already" in words(again)
    assert [one.kind for one in bureau.world.all(Event)].count("expert-removed") == 1


def test_an_observer_and_a_coordinator_of_others_see_no_form_and_reach_nobody(bureau, desk):
    with bureau.store.transaction() as session:
        user = directory.add_user(session, "far@network.example", "coordinator", bureau.now, "Far")
        karlovac = session.query(Authority).filter_by(slug="karlovac").one()
        care.give(session, user.id, {karlovac.id}, by="user:9", now=bureau.now)
    far = bureau.browser()
    link = bureau.link("far@network.example")
    far.post(link, data={"csrf": csrf_of(far.get(link))})
    for browser, status in ((far, 404), (bureau.signed_in("observer"), 403)):
        assert f"{desk}/removal" not in browser.get("/directory").text
        told = {"csrf": csrf_of(browser.get("/directory")) or csrf_of(browser.get("/queue")), "reason": REASON}
        assert browser.post(f"{desk}/removal", data=told).status_code == status
    assert "/removal" in far.get("/directory").text  # that of their own experts
    assert all(expert.active for expert in bureau.world.all(Expert))


def test_a_program_does_the_same(bureau, desk):
    caller = program(bureau, key(bureau))
    listed = caller.get("/api/v1/experts").json()["experts"]
    number = bureau.world.expert(DESK).id
    mine = next(one for one in listed if one["expert"] == number)
    assert mine == {
        "expert": number,
        "role": "Apprenticeship desk",
        "authority": "Provincia autonoma di Trento",
        "active": True,
        "open_now": 1,
    }
    assert caller.post(f"/api/v1{desk}/removal", json={"reason": ""}).status_code == 422
    done = caller.post(f"/api/v1{desk}/removal", json={"reason": REASON})
    assert (done.status_code, done.json()["active"]) == (200, False)
    assert caller.post(f"/api/v1{desk}/return", json={"reason": "Came back"}).json()["active"] is True
    reader = program(bureau, key(bureau, scopes=("read",)))
    assert reader.post(f"/api/v1{desk}/removal", json={"reason": REASON}).status_code == 403


def test_consent_and_review_are_recorded_with_what_they_were_before(bureau):
    browser = bureau.signed_in()
    number, authority = bureau.world.expert(DESK).id, bureau.world.expert(DESK).authority_id
    assert bureau.send(browser, "/directory", f"/experts/{number}/consent", shared="1").status_code == 303
    assert bureau.send(browser, "/directory", f"/authorities/{authority}/review", review="straight").status_code == 303
    page = words(browser.get("/record"))
    assert "noted what Apprenticeship desk has agreed to" in page and "→ answers may be offered to others" in page
    assert "set what happens to answers of Provincia autonoma di Trento" in page and "as the tier says → go straight to the asker" in page


def test_every_kind_of_event_has_its_words():
    noted = {kind for package in (bot, routing) for path in Path(package.__file__).parent.rglob("*.py") for kind in kinds(path)}
    assert len(noted) > 60 and noted - set(KINDS) == set()


def kinds(path):
    """The kinds that a module notes, as the third argument of `note`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("note", "_note") and len(node.args) > 2:
            yield from (
                one.value for one in ast.walk(node.args[2]) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


def test_an_expert_who_asked_for_no_more_questions_stands_in_the_directory_with_it(bureau, desk):
    bureau.world.mail(DESK, "Please stop sending me these emails.", to=bureau.world.letter("assignment", DESK))
    assert bureau.world.assignments() == [(DESK, "declined"), (DEPUTY, "offered")]
    browser = bureau.signed_in()
    assert "asked us for no more questions" in words(browser.get("/directory"))
    bureau.send(browser, "/directory", f"{desk}/return")
    assert bureau.world.expert(DESK).active
