"""Held messages: coordinators hear of them, and each of their verbs works once."""

from datetime import timedelta

import pytest

from routing import coordinating, held, judge
from routing.errors import NotFound, StaleAction
from routing.models import Answer, Attachment, Fiche, InboxMessage, Question
from routing.values import AttachedFile, Unreadable
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND

WORDS = "We leased a lorry together with five valleys."
BY = "person:1"


def do(world, verb, *args, **facts):
    with world.store.transaction() as session:
        return verb(session, *args, by=BY, now=world.now, **facts)


def release(world, row, **facts):
    with world.store.transaction() as session:
        return held.release_to(session, world.office, row.id, world.question().id, by=BY, now=world.now, **facts)


def test_a_colleague_s_answer_is_released_as_the_assigned_expert_s(small):
    row = small.mail("colleague@trento.example", f"{WORDS}\nBye", to=small.assigned())
    assert "released" in release(small, row, text=WORDS)
    assert small.all(Answer)[0].text == WORDS and WORDS in small.letter("answer", ASKER_MAIL).text
    assert small.assignments() == [(DESK, "answered")]


def test_a_late_answer_is_released_as_an_addition(small):
    letter = small.assigned()
    small.mail(DESK, WORDS, to=letter)
    row = small.mail(DESK, "And the province paid half.", to=letter)
    assert "addition" in release(small, row)
    assert len(small.letters("answer", ASKER_MAIL)) == 1 and small.question().state == "answered"
    told = small.letter("addition", ASKER_MAIL).text
    assert "The expert who answered" in told and "province" in told


def test_a_correction_in_another_language_says_so_and_is_no_second_draft(small):
    letter = small.assigned()
    small.mail(DESK, WORDS, to=letter)
    drafts = len(small.all(Fiche))
    row = small.mail(DESK, "Una correzione: la visita si ripete ogni tre mesi, non ogni sei mesi.", to=letter)
    release(small, row)
    assert "Italian" in small.letter("addition", ASKER_MAIL).text and len(small.all(Fiche)) == drafts


def test_an_answer_by_nobody_who_was_asked_is_read_beside_the_question_before_the_asker_has_it(small):
    small.mail(ASKER_MAIL, OTHER_QUESTION)
    row = small.hear(Unreadable("email", "odd"), raw=b"odd")
    assert "waits for a coordinator" in release(small, row, text=WORDS)
    [written] = small.all(Answer)
    assert (written.author, written.state) == (BY, "waiting") and small.question().waiting_for == "coordinator"
    assert not small.letters("answer")
    with small.store.transaction() as session:
        question = session.get(Question, small.question().id)
        coordinating.release_answer(session, small.office, question, written.id, WORDS, by=BY, now=small.now)
    assert WORDS in small.letter("answer", ASKER_MAIL).text


def test_an_expert_who_was_not_asked_is_named_as_who_they_are(small):
    small.assigned()
    row = small.mail(SECOND, WORDS, tokens=("9" * 28,))
    assert "waits for a coordinator" in release(small, row)
    [written] = small.all(Answer)
    assert written.author.startswith("expert:") and written.state == "waiting"
    assert small.assignments() == [(DESK, "offered")], "whoever has it keeps it until the answer has gone"


def test_words_of_the_asker_are_released_to_their_question(small):
    small.assigned()
    receipt = small.letter("receipt", ASKER_MAIL)
    row = small.mail(ASKER_MAIL, "There are twelve villages.", references=(receipt.message_id,))
    assert row.state == "held" and "passed on" in release(small, row)
    assert "twelve" in small.letter("asker_replied", DESK).text


def test_each_verb_works_once(small):
    row = small.mail(DEPUTY, WORDS, to=small.assigned())
    do(small, held.discard, row.id, "advertising")
    assert small.all(InboxMessage, id=row.id)[0].outcome == "discarded: advertising"
    with pytest.raises(StaleAction):
        do(small, held.discard, row.id, "again")
    with pytest.raises(StaleAction):
        release(small, row)


def test_what_is_not_there_cannot_be_released(small):
    row = small.mail(DEPUTY, WORDS, to=small.assigned())
    with pytest.raises(NotFound):
        do(small, held.discard, 999, "x")
    with small.store.transaction() as session, pytest.raises(NotFound):
        held.release_to(session, small.office, row.id, 999, by=BY, now=small.now)


def test_it_may_be_a_new_question_after_all(small):
    row = small.mail(DEPUTY, "Who pays for the teachers?", to=small.assigned())
    with small.store.transaction() as session:
        held.take_as_question(session, small.office, row.id, by=BY, now=small.now)
    assert small.question().text == "Who pays for the teachers?" and len(small.all(Question)) == 2


def test_trying_again_judges_the_same_bytes_once_more(small):
    letter = small.assigned()
    file = AttachedFile("plan.pdf", "application/pdf", b"%PDF")
    row = small.mail(DESK, WORDS, to=letter, proven=False, fingerprint="f", attachments=(file,))
    assert do(small, held.try_again, row.id) == "queued again"
    assert small.all(Attachment) == []
    assert small.mail(DESK, "another mail", fingerprint="g").id != row.id
    assert small.all(InboxMessage, id=row.id)[0].rule.startswith("question"), "judged by the item it was read as now"


def test_coordinators_hear_of_held_mail_once_an_hour(small):
    letter = small.assigned()
    small.mail(DEPUTY, WORDS, to=letter)
    small.sweep()
    first = small.letter("co_held", COORDINATOR)
    assert "https://rrm.example/held" in first.text
    small.sweep()
    small.now += timedelta(minutes=5)
    small.mail(DEPUTY, "Once more.", to=letter)
    small.sweep()
    assert len(small.letters("co_held")) == 1
    small.now += timedelta(hours=1)
    small.sweep()
    assert len(small.letters("co_held")) == 2 and "2" in small.letter("co_held").text + small.letter("co_held").subject
    small.now += timedelta(hours=1)
    small.sweep()
    assert len(small.letters("co_held")) == 2, "nothing new is held"
    small.now += timedelta(days=1)
    small.sweep()
    assert len(small.letters("co_held")) == 3, "but it is not forgotten either"


def test_a_worker_that_lost_the_message_does_nothing(small):
    from routing import intake

    with small.store.transaction() as session:
        intake.receive(session, channel="email", external_id="a", raw=b"x", now=small.now)
        [taken] = intake.claim(session, small.now)
    with small.store.transaction() as session:
        judge.accept(session, small.office, taken, Unreadable("email", "odd"), small.now)
        assert judge.accept(session, small.office, taken, Unreadable("email", "odd"), small.now) is None
