"""Pairing: only a valid token in the right hands pairs; all else is held with the reason and with guesses."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from routing import tokens
from routing.models import Address, Assignment, Expert, Question, ReplyToken
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION

WORDS = "We leased a lorry together with five valleys."


def token_of(letter):
    return letter.reply_to.partition("+")[2].partition("@")[0]


def change(world, table, **values):
    with world.store.transaction() as session:
        row = session.query(table).order_by(table.id.desc()).first()
        for name, value in values.items():
            setattr(row, name, value)


def someone_is_no_expert_any_more(world):
    with world.store.transaction() as session:
        session.get(Expert, world.all(Assignment)[0].expert_id).active = False


def tokens_were_revoked(world):
    with world.store.transaction() as session:
        session.execute(update(ReplyToken).values(revoked_at=world.now))


def it_was_answered(world):
    world.mail(DESK, WORDS, to=world.letter("assignment", DESK))


def it_was_given_to_somebody_else(world):
    world.mail(DESK, "Decline", to=world.letter("assignment", DESK))


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (someone_is_no_expert_any_more, "no longer an expert"),
        (tokens_were_revoked, "no longer valid"),
        (it_was_answered, "already answered"),
        (it_was_given_to_somebody_else, "somebody else"),
    ],
)
def test_a_reply_that_comes_too_late_is_held(small, meanwhile, reason):
    letter = small.assigned()
    meanwhile(small)
    before = len(small.letters("answer"))
    row = small.mail(DESK, WORDS, to=letter)
    assert row.state == "held" and reason in row.reason and len(small.letters("answer")) == before
    assert row.facts["guesses"][0]["number"] == small.question().number


def test_a_slip_of_the_hand_in_the_token_is_mended(small):
    token = token_of(small.assigned())
    slip = token[:5] + ("x" if token[5] != "x" else "y") + token[6:]
    assert small.mail(DESK, WORDS, tokens=(slip,)).state == "handled"
    assert small.letters("answer", ASKER_MAIL)


def test_a_token_in_the_text_counts_when_the_addresses_name_none(small):
    letter = small.assigned()
    assert small.mail(DESK, WORDS, facts={"body_tokens": [token_of(letter)]}).state == "handled"


def test_an_unknown_token_is_held(small):
    small.assigned()
    row = small.mail(DESK, WORDS, tokens=(tokens.new_token(),))
    assert row.state == "held" and "names no question" in row.reason
    assert row.facts["guesses"][0]["why"] == "its sender has this question open"


def test_two_questions_at_once_are_for_a_person(small):
    first, second = small.assigned(), small.assigned("Who pays for the teachers of the mobile workshop?")
    row = small.mail(DESK, WORDS, tokens=(token_of(first), token_of(second)))
    assert row.state == "held" and "several questions" in row.reason and len(row.facts["guesses"]) == 2


def test_a_reply_to_a_letter_about_no_question_is_held(small):
    small.chat(OTHER_QUESTION)
    small.mail(ASKER_MAIL, "Help")
    row = small.mail(ASKER_MAIL, "What does that mean?", to=small.letter("help", ASKER_MAIL))
    assert row.state == "held" and "no question" in row.reason


def test_references_alone_are_a_guess(small):
    letter = small.assigned()
    row = small.mail("colleague@trento.example", WORDS, references=(letter.message_id,))
    assert row.state == "held" and "reply address is gone" in row.reason
    assert row.facts["guesses"][0]["why"] == "it refers to our letter"
    assert row.facts["guesses"][0]["assignment_id"] == letter.assignment_id


def test_an_expert_without_our_address_is_a_guess(small):
    small.assigned()
    row = small.mail(DESK, WORDS)
    assert row.state == "held" and "without using our reply address" in row.reason


def test_an_expert_with_nothing_open_may_ask(small):
    assert small.mail(DEPUTY, OTHER_QUESTION).state == "handled"
    assert len(small.all(Question)) == 1


def test_unproven_senders_may_ask_a_few_times_a_day(small):
    most = small.office.policy.caps.unproven_questions_per_day
    texts = [f"{OTHER_QUESTION} (part {number})" for number in range(most + 1)]
    rows = [small.mail("someone@lisboa.example", text, proven=False) for text in texts]
    assert [row.state for row in rows] == ["handled"] * most + ["held"] and "not authenticated" in rows[-1].reason
    small.now += timedelta(days=2)
    assert small.mail("someone@lisboa.example", texts[0], proven=False).state == "handled"


def test_a_coordinator_who_replies_by_mail_is_noted_and_decides_nothing(small):
    small.assigned()
    small.run_until(small.now + timedelta(days=50), timedelta(hours=12))
    row = small.mail(COORDINATOR, "I will call them.", to=small.letter("co_question", COORDINATOR))
    assert row.state == "handled" and small.events("coordinator-wrote")[0].detail["text"] == "I will call them."
    assert small.question().waiting_for == "coordinator"


def test_a_second_address_of_the_expert_pairs_as_well(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        person = session.query(Address).filter_by(address=DESK).one().person_id
        session.add(Address(person_id=person, channel="email", address="desk@provincia.example"))
    assert small.mail("Desk@Provincia.example", WORDS, to=letter).state == "handled"
