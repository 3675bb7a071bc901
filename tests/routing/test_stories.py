"""Whole questions, start to end, on both databases: what each person reads, and what the history says."""

from datetime import UTC, datetime, timedelta

import pytest

from routing import held
from routing.models import Answer, Fiche, InboxMessage, Label, Proposal
from tests.world import ASKER_MAIL, CHAT, DEPUTY, DESK, DUAL_FICHE, DUAL_QUESTION, OTHER_QUESTION, SECOND, World


@pytest.fixture
def world(store, tmp_path):
    return World(store, tmp_path / "index")


def test_a_fiche_answers_in_the_chat(world):
    world.chat(DUAL_QUESTION)
    world.search()
    question = world.question()
    assert (question.state, question.waiting_for) == ("proposed", "asker")
    letter = world.letter("proposal", CHAT)
    assert "Trentino" in letter.text
    shown = [match["slug"] for match in world.all(Proposal)[0].matches]
    world.press("accept", letter, which=shown.index(DUAL_FICHE))
    question = world.question()
    assert (question.state, question.verdict) == ("closed", "accepted")
    assert world.letter("proposal_accepted", CHAT)
    labels = {label.fiche_slug: label.helps for label in world.all(Label)}
    assert labels == {slug: slug == DUAL_FICHE for slug in shown[: shown.index(DUAL_FICHE) + 1]}, "those above did not help"


def test_a_pressed_button_does_nothing_twice_and_nothing_for_others(world):
    world.chat(DUAL_QUESTION)
    world.search()
    letter = world.letter("proposal", CHAT)
    assert world.press("accept", letter, sender="999").outcome == "unknown or foreign button"
    assert world.question().state == "proposed"
    world.press("accept", letter)
    before = len(world.letters("proposal_accepted"))
    assert world.press("accept", letter).outcome == "stale button"
    assert len(world.letters("proposal_accepted")) == before
    assert world.letters("button_stale", CHAT)


def test_an_expert_answers_by_mail(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION, subject="Repairs")
    world.search()
    question = world.question()
    assert (question.state, question.waiting_for) == ("assigned", "expert")
    receipt = world.letter("receipt", ASKER_MAIL)
    assert question.number in receipt.subject + receipt.text
    assignment = world.letter("assignment", DESK)
    assert OTHER_QUESTION in assignment.text and assignment.reply_to.endswith("@reply.network.example")
    world.mail(DESK, "Accetto", to=assignment)
    assert world.assignments() == [(DESK, "accepted")]
    reply = world.mail(DESK, "We leased a lorry and shared it among five valleys. The province paid half.", to=assignment)
    assert reply.state == "handled"
    answer = world.letter("answer", ASKER_MAIL)
    assert "shared it among five valleys" in answer.text
    assert world.question().state == "answered"
    assert world.letter("answer_thanks", DESK)
    draft = world.all(Fiche, status="draft")[0]
    assert draft.question_id == question.id
    world.mail(ASKER_MAIL, "Yes", to=answer)
    assert world.question().verdict == "helped"
    world.run_until(world.now + timedelta(days=40), timedelta(hours=12))
    assert world.question().state == "closed" and len(world.letters("used_question")) == 1


def test_silence_leads_to_reminder_escalation_and_holding_note(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    first_promise = world.question().promised_at
    world.run_until(world.now + timedelta(days=9))
    assert len(world.letters("reminder", DESK)) == 1
    assert world.assignments()[:2] == [(DESK, "lapsed"), (DEPUTY, "offered")]
    holding = world.letters("holding", ASKER_MAIL)[0]
    assert world.question().promised_at > first_promise
    assert world.letters("moved_on", DESK)
    assert holding.created_at.astimezone(UTC).weekday() < 5


def test_the_ladder_ends_with_a_coordinator_and_the_question_never_lies(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    world.run_until(world.now + timedelta(days=60), timedelta(hours=3))
    question = world.question()
    assert world.assignments() == [(each, "lapsed") for each in (DESK, DEPUTY, SECOND)]
    assert question.waiting_for == "coordinator" and question.next_action_at > world.now
    assert len(world.letters("co_question")) > 5, "coordinators are told again until somebody acts"
    keys = [letter.effect_key for letter in world.letters()]
    assert len(keys) == len(set(keys))


def test_after_downtime_only_the_highest_stage_is_due(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    world.now += timedelta(days=30)
    world.sweep()
    assert world.letters("reminder") == []
    assert [state for _, state in world.assignments()] == ["lapsed", "offered"]
    assert len(world.letters("holding")) == 1


def test_a_declining_expert_is_followed_by_the_next(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    world.mail(DESK, "Decline: not our field", to=world.letter("assignment", DESK))
    assert world.assignments() == [(DESK, "declined"), (DEPUTY, "offered")]
    assert world.letters("holding", ASKER_MAIL)
    world.mail(DEPUTY, "Decline: no time", to=world.letter("assignment", DEPUTY))
    assert world.assignments()[-1] == (SECOND, "offered")


def test_a_stranger_with_the_token_is_held_and_released_with_one_click(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    letter = world.letter("assignment", DESK)
    row = world.mail("colleague@trento.example", "My colleague asked me to answer: we rent it.", to=letter)
    assert row.state == "held" and "colleague@trento.example" in row.reason
    assert world.letters("answer") == []
    with world.store.transaction() as session:
        held.release_to(session, world.office, row.id, world.question().id, by="person:1", now=world.now)
    assert "we rent it" in world.letter("answer", ASKER_MAIL).text
    assert world.all(Answer)[0].inbox_id == row.id
    with world.store.transaction() as session, pytest.raises(held.StaleAction):
        held.release_to(session, world.office, row.id, world.question().id, by="person:1", now=world.now)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"sender": DESK, "proven": False}, "authenticated"),
        ({"sender": DEPUTY}, DEPUTY),
        ({"sender": DESK, "tokens": ("0" * 28,)}, "no question"),
    ],
)
def test_what_may_not_pair_is_held_with_the_reason(world, facts, word):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    row = world.mail(**({"text": "An answer", "to": world.letter("assignment", DESK)} | facts))
    assert row.state == "held" and word in row.reason
    assert world.letters("answer") == []


def test_an_answer_that_does_not_help_goes_back_to_the_same_expert(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    world.mail(DESK, "We leased a lorry together with five valleys.", to=world.letter("assignment", DESK))
    answer = world.letter("answer", ASKER_MAIL)
    world.mail(ASKER_MAIL, "No", to=answer)
    assert world.letters("helped_no", ASKER_MAIL) and world.question().waiting_for == "asker"
    world.mail(ASKER_MAIL, "What did the lease cost each village?", to=answer)
    assert world.assignments()[-1] == (DESK, "offered")
    assert "What did the lease cost" in world.letter("answer_missing", DESK).text
    assert world.letters("reopened", ASKER_MAIL)


def test_refused_fiches_lead_to_an_expert(world):
    world.chat(DUAL_QUESTION)
    world.search()
    world.press("ask_expert", world.letter("proposal", CHAT))
    world.search()
    question = world.question()
    assert (question.state, question.waiting_for) == ("assigned", "expert")
    assert world.letters("receipt", CHAT)
    assert "Trentino" in world.letter("assignment", DESK).text, "the expert sees what was offered"


def test_asking_back_stops_the_clock_and_the_answer_starts_it_again(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    letter = world.letter("assignment", DESK)
    deadline = world.question().promised_at
    world.mail(DESK, "Question for the asker: how many villages are there?", to=letter)
    asked = world.letter("ask_back", ASKER_MAIL)
    assert "how many villages" in asked.text and world.question().waiting_for == "asker"
    world.run_until(world.now + timedelta(days=3))
    assert world.letters("reminder") == []
    world.mail(ASKER_MAIL, "There are twelve.", to=asked)
    assert "There are twelve." in world.letter("asker_replied", DESK).text
    assert world.question().waiting_for == "expert" and world.question().promised_at > deadline


def test_more_time_is_given_once_and_the_asker_told(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    letter, before = world.letter("assignment", DESK), world.question().promised_at
    world.mail(DESK, "5 more days", to=letter)
    after = world.question().promised_at
    assert after > before and world.letters("holding", ASKER_MAIL)
    world.mail(DESK, "5 more days", to=letter)
    assert world.question().promised_at == after


def test_the_same_message_twice_changes_nothing(world):
    for _ in range(3):
        with world.store.transaction() as session:
            from routing import intake

            intake.receive(session, channel="telegram", external_id="77", raw=b"x", now=world.now)
    assert len(world.all(InboxMessage)) == 1


def test_the_same_mail_by_two_doors_is_one_question(world):
    for _ in range(2):
        world.mail(ASKER_MAIL, OTHER_QUESTION, fingerprint="abc")
    assert [row.state for row in world.all(InboxMessage)] == ["handled", "ignored"]


def test_forgetting_a_person_leaves_none_of_their_words(world):
    world.chat(OTHER_QUESTION)
    world.search()
    world.send_all()
    world.chat("", **command("forget"))
    world.press("forget_yes", world.letter("forget_confirm", CHAT))
    question = world.question()
    assert question.state == "closed" and "welding" not in question.text
    assert all("welding" not in row.text for row in world.all(InboxMessage))
    assert all("welding" not in letter.text for letter in world.letters())


@pytest.mark.parametrize("name", ["start", "help", "status", "language", "export", "nonsense"])
def test_every_command_is_answered(world, name):
    world.chat("", **command(name))
    assert len(world.letters(to=CHAT)) == 1


def test_status_tells_number_and_date(world):
    world.chat(OTHER_QUESTION)
    world.search()
    world.chat("", **command("status"))
    assert world.question().number in world.letter("status", CHAT).text


def command(name):
    from routing.values import Kind

    return {"kind": Kind.COMMAND, "command": name}


def test_moments_are_stored_in_utc(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    assert world.question().created_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
