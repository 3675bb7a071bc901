"""Whoever says stop gets no more letters, whoever they are; nobody can say it in their name, and a word brings them back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from routing import contacts, leaving
from routing.languages import LANGUAGES
from routing.models import Address, Expert, Question
from routing.stopping import WISH
from routing.values import Incoming, Kind
from routing.words import word_for
from tests.routing.test_odd_turns import expert_id
from tests.world import ASKER_MAIL, CHAT, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND

FURTHER = "Who pays for the teachers of the mobile workshop?"
IN_EIGHT_LANGUAGES = {
    "en": "Please stop sending me these mails. Thank you.",
    "it": "Buongiorno,\n\nnon scrivetemi più, grazie.\n\nCordiali saluti",
    "es": "Por favor, no me escriban más.",
    "fr": "Merci de me désabonner",
    "el": "ΣΤΑΜΑΤΗΣΤΕ",
    "ro": "Vă rog să nu-mi mai scrieți.",
    "hr": "Molim vas, nemojte mi više pisati.",
    "tr": "DUR",
}


def alive(world, address):
    return world.all(Address, address=address)[0].dead_at is None


def going(world, address):
    """The kinds of letters that this address has not got yet."""
    return [letter.kind for letter in world.letters(to=address) if letter.state == "queued"]


def experts(world):
    return {address: world.all(Expert, id=expert_id(world, address))[0].active for address in (DESK, DEPUTY, SECOND)}


# ------------------------------------------------------------------------------------------ askers


@pytest.mark.parametrize("kind", [Kind.UNSUBSCRIBE, Kind.MESSAGE])
@pytest.mark.parametrize("language", IN_EIGHT_LANGUAGES)
def test_an_asker_who_says_stop_gets_one_last_letter(small, language, kind):
    assert set(IN_EIGHT_LANGUAGES) == set(LANGUAGES)
    small.assigned()
    row = small.mail(ASKER_MAIL, IN_EIGHT_LANGUAGES[language], to=small.letter("receipt", ASKER_MAIL), kind=kind)
    assert (row.state, row.outcome) == ("handled", "no more letters to the asker")
    assert small.question().closed_because == "asker_withdrew" and small.assignments() == [(DESK, "withdrawn")]
    assert small.letters("moved_on", DESK)
    assert going(small, ASKER_MAIL) == ["stopped"] and small.question().number in small.letter("stopped").text
    assert not alive(small, ASKER_MAIL)


def test_all_open_questions_end_with_one_letter_and_nothing_follows(small):
    answer = small.answered()
    for words in (FURTHER, "Who insures the lorry?"):
        small.now += timedelta(minutes=10)
        small.mail(ASKER_MAIL, words)
    small.search()
    small.send_all()
    small.now += timedelta(minutes=10)
    small.mail(ASKER_MAIL, "Stop", to=answer)
    told = small.letter("stopped", ASKER_MAIL).text
    first, *others = small.all(Question)
    assert first.number not in told and all(one.number in told for one in others)
    assert [one.state for one in small.all(Question)] == ["closed"] * 3
    small.run_until(small.now + timedelta(days=60), timedelta(days=10))
    assert going(small, ASKER_MAIL) == ["stopped"]


def test_stop_twice_is_answered_once(small):
    small.assigned()
    receipt = small.letter("receipt", ASKER_MAIL)
    small.mail(ASKER_MAIL, "Stop", to=receipt)
    again = small.mail(ASKER_MAIL, "unsubscribe", to=receipt, kind=Kind.UNSUBSCRIBE)
    assert again.outcome == "they had stopped our letters before" and len(small.letters("stopped")) == 1


def test_an_asker_without_an_open_question_may_stop_too(small):
    small.mail(ASKER_MAIL, "status")
    small.mail(ASKER_MAIL, "", subject="Unsubscribe", kind=Kind.UNSUBSCRIBE)
    assert going(small, ASKER_MAIL) == ["stopped"] and "Closed" not in small.letter("stopped").text


def test_a_reply_with_words_takes_the_question_up_again(small):
    small.assigned()
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    last = small.letter("stopped", ASKER_MAIL)
    assert small.mail(ASKER_MAIL, "Thank you!", to=last).outcome == "thanks noted" and not alive(small, ASKER_MAIL)
    small.mail(ASKER_MAIL, "We would like to know it after all, for three valleys.", to=last)
    assert small.question().state == "assigned" and alive(small, ASKER_MAIL) and small.letters("coordinator_has_it", ASKER_MAIL)


def test_a_new_question_is_answered_as_any_other(small):
    small.assigned()
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    small.mail(ASKER_MAIL, FURTHER)
    small.search()
    assert len(small.letters("receipt", ASKER_MAIL)) == 2 and alive(small, ASKER_MAIL)


def test_the_answer_of_an_expert_who_had_not_heard_stays_here(small):
    letter = small.assigned()
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    small.mail(DESK, "We leased a lorry.", to=letter)
    assert going(small, ASKER_MAIL) == ["stopped"]


# ------------------------------------------------------------------------------------------ in a chat


def test_the_command_stops_everything_and_the_next_words_begin_anew(small):
    small.chat(OTHER_QUESTION)
    small.search()
    small.chat(kind=Kind.COMMAND, command="stop")
    assert small.question().closed_because == "asker_withdrew" and small.letters("moved_on", DESK)
    assert going(small, CHAT) == ["stopped"] and not alive(small, CHAT)
    small.chat(FURTHER)
    small.search()
    assert alive(small, CHAT) and len(small.letters("receipt", CHAT)) == 2


def test_who_blocks_the_bot_keeps_no_expert_at_work(small):
    small.chat(OTHER_QUESTION)
    small.search()
    small.hear(Incoming("telegram", Kind.MEMBERSHIP, "membership", CHAT, facts={"blocked": True}))
    assert small.question().closed_because == "asker_withdrew" and small.letters("moved_on", DESK)
    assert not small.letters("stopped"), "it could not arrive"
    small.hear(Incoming("telegram", Kind.MEMBERSHIP, "membership", CHAT, facts={"blocked": False}))
    small.chat(kind=Kind.COMMAND, command="start")
    assert alive(small, CHAT) and small.letters("welcome", CHAT)


# ------------------------------------------------------------------------------------------ experts


def test_an_expert_who_says_stop_is_asked_no_more_and_their_question_goes_on(small):
    letter = small.assigned()
    row = small.mail(DESK, "Please stop sending me emails.", to=letter, kind=Kind.UNSUBSCRIBE)
    assert row.outcome == "no more questions to the expert"
    assert small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")] and small.letters("holding", ASKER_MAIL)
    last = small.letter("stopped_expert", DESK)
    assert small.question().number in last.text and word_for("start", "it") in last.text
    assert experts(small) == {DESK: False, DEPUTY: True, SECOND: True}
    told = small.letter("co_entry", COORDINATOR)
    assert "Apprenticeship desk" in told.text and "no more questions" in told.text
    with small.store.snapshot() as session:
        left = leaving.departures(session, [expert_id(small, DESK)])[expert_id(small, DESK)]
        assert left.detail["reason"] == WISH and contacts.health(session, small.now, [expert_id(small, DESK)])


def test_letters_to_the_expert_that_have_not_left_are_taken_back(small):
    letter = small.assigned()
    assert letter.state == "queued"
    small.mail(DESK, "Stop", to=letter)
    assert going(small, DESK) == ["stopped_expert"]


def test_a_later_question_does_not_reach_them_until_they_say_so(small):
    small.mail(DESK, "Stop", to=small.assigned())
    with small.store.transaction() as session:
        desk = session.get(Expert, expert_id(small, DESK))
        assert not desk.active and session.scalars(select(Address).where(Address.person_id == desk.person_id)).one().dead_at is None
    row = small.mail(DESK, "Ricomincia", to=small.letter("stopped_expert", DESK))
    assert row.outcome == "wants questions again" and experts(small)[DESK] and small.letters("started_expert", DESK)


def test_who_was_removed_by_a_coordinator_does_not_come_back_by_a_word(small):
    with small.store.transaction() as session:
        leaving.take_off(session, expert_id(small, DESK), "moved to another office", by="user:1", now=small.now)
    small.mail(DESK, "start")
    assert not experts(small)[DESK]


def test_nobody_says_stop_in_the_name_of_an_expert(small):
    letter = small.assigned()
    for facts in ({"to": letter, "proven": False}, {"proven": False}, {"to": small.letter("receipt", ASKER_MAIL)}):
        row = small.mail(DESK, "Stop", kind=Kind.UNSUBSCRIBE, **facts)
        assert row.state == "held" and "does not want our mail" in row.reason
    assert experts(small)[DESK] and small.assignments() == [(DESK, "offered")]


def test_who_did_not_prove_who_they_are_stops_their_own_letters_by_a_reply_only(small):
    small.assigned(proven=False)
    assert small.mail(ASKER_MAIL, "Stop", proven=False).state == "held"
    assert small.mail(ASKER_MAIL, "Stop", proven=False, to=small.letter("receipt", ASKER_MAIL)).state == "handled"
    assert small.question().state == "closed"


def test_a_coordinator_cannot_stop_their_letters_by_a_mail(small):
    assert small.mail(COORDINATOR, "Stop", kind=Kind.UNSUBSCRIBE).state == "held"


@pytest.mark.parametrize("text", ["Eliminați taxele pentru firme.", "Stop the early leaving by paying the firms.", "Abmelden"])
def test_what_only_reads_like_it_waits_for_a_person(small, text):
    row = small.mail(DESK, text, to=small.assigned(), kind=Kind.UNSUBSCRIBE)
    assert row.state == "held" and experts(small)[DESK] and small.assignments() == [(DESK, "offered")]


def test_an_expert_who_also_asks_stops_what_the_letter_was_about(small):
    """A reply to the receipt of their own question leaves them on the directory."""
    small.mail(DEPUTY, FURTHER)
    small.search()
    small.mail(DEPUTY, "Stop", to=small.letter("receipt", DEPUTY))
    assert small.question().closed_because == "asker_withdrew" and experts(small)[DEPUTY] and alive(small, DEPUTY)
    assert not small.letters("stopped_expert")
