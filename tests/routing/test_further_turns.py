"""More odd turns: files instead of words, word that an answer will come, colleagues, a mere "OK". Nothing may get lost."""

from datetime import timedelta

import pytest

from routing import coordinating, directory, held, outbox
from routing.models import Absence, Answer, Assignment, Attachment, Authority, Question
from routing.values import AttachedFile
from tests.routing.test_odd_turns import beside, expert_id, owner
from tests.world import ASKER_MAIL, AUTHORITIES, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND, THIRD

DAY = timedelta(days=1)
REPORT = AttachedFile("relazione.pdf", "application/pdf", b"%PDF report")
PROGRAM = AttachedFile("costi.xlsm", "application/vnd.ms-excel", b"macro")


def carried(world, letter):
    """The files of a letter as its channel gets them."""
    with world.store.transaction() as session:
        claims = outbox.claim(session, worker="test", now=world.now, limit=100)
    [message] = [one.letter for one in claims if one.outbox_id == letter.id]
    return [(one.name, one.media_type, one.content) for one in message.files]


# ------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize("says", ["", "In allegato la relazione."])
def test_the_file_of_an_answer_reaches_the_asker(small, says):
    small.mail(DESK, says, to=small.assigned(), attachments=(REPORT,))
    told = small.letter("answer", ASKER_MAIL)
    assert "Attached: relazione.pdf" in told.text and says in told.text
    assert carried(small, told) == [("relazione.pdf", "application/pdf", b"%PDF report")]


def test_the_file_of_an_addition_goes_along_too(small):
    letters = beside(small, SECOND)
    small.mail(DESK, "We leased a lorry.", to=letters[DESK])
    small.mail(SECOND, "And this is what it cost.", to=letters[SECOND], attachments=(REPORT,))
    assert carried(small, small.letter("addition", ASKER_MAIL)) == [("relazione.pdf", "application/pdf", b"%PDF report")]


def test_an_answer_with_a_file_that_may_do_harm_is_read_first_and_says_what_is_missing(small):
    small.mail(DESK, "Ecco i costi.", to=small.assigned(), attachments=(REPORT, PROGRAM))
    assert owner(small) == ("assigned", "coordinator", "nag coordinator")
    with small.store.transaction() as session:
        [waiting] = session.query(Answer)
        question = session.get(Question, waiting.question_id)
        coordinating.release_answer(session, small.office, question, waiting.id, waiting.text, by="user:1", now=small.now)
    told = small.letter("answer", ASKER_MAIL)
    assert "cannot be sent on: costi.xlsm" in told.text and [name for name, *_ in carried(small, told)] == ["relazione.pdf"]


def test_a_reply_without_a_word_and_without_a_file_is_no_answer(small):
    row = small.mail(DESK, "  ", to=small.assigned())
    assert row.state == "held" and small.assignments() == [(DESK, "offered")] and not small.letters("answer")


def test_the_files_of_the_question_reach_the_expert(small):
    letter = small.assigned(attachments=(AttachedFile("plan.PNG", "application/octet-stream", b"png"),))
    assert "1 file" in letter.text and carried(small, letter) == [("plan.PNG", "image/png", b"png")]


def test_a_file_that_comes_later_reaches_the_expert_with_the_words(small):
    small.assigned()
    small.mail(ASKER_MAIL, "This is our plan.", to=small.letter("receipt", ASKER_MAIL), attachments=(REPORT,))
    told = small.letter("asker_replied", DESK)
    assert "relazione.pdf" in told.text and [name for name, *_ in carried(small, told)] == ["relazione.pdf"]


def test_a_file_of_somebody_who_may_be_anybody_stays_here(small):
    letter = small.assigned(proven=False, attachments=(REPORT,))
    assert "relazione.pdf" in letter.text and carried(small, letter) == []


def test_more_than_a_mail_can_carry_is_named(small):
    big = tuple(AttachedFile(f"{number}.pdf", "application/pdf", b"x" * 6_000_000) for number in range(3))
    small.mail(DESK, "Ecco.", to=small.assigned(), attachments=big)
    assert owner(small) == ("assigned", "coordinator", "nag coordinator")


def test_an_erased_file_stays_away_from_a_letter_that_waits(small):
    letter = small.assigned(attachments=(REPORT,))
    with small.store.transaction() as session:
        session.query(Attachment).delete()
    assert carried(small, letter) == []


# ------------------------------------------------------------------------------------------ word that an answer will come


@pytest.mark.parametrize(
    "says",
    ["Accetto, risponderò entro venerdì.", "I accept and will answer by Friday.", "Accept. I am looking for the figures.",
     "Accetto e vi mando tutto presto.", "J'accepte. Réponse la semaine prochaine."],
)  # fmt: skip
def test_who_accepts_and_says_more_has_accepted_and_a_person_reads_the_rest(small, says):
    row = small.mail(DESK, says, to=small.assigned())
    assert row.state == "held" and small.assignments() == [(DESK, "accepted")] and not small.letters("answer")
    with small.store.transaction() as session:
        held.release_to(session, small.office, row.id, small.question().id, by="user:1", now=small.now)
    assert says in small.letter("answer", ASKER_MAIL).text, "and it was the answer after all"


def test_who_asks_for_time_and_says_more_gets_it(small):
    letter = small.assigned()
    before = small.all(Assignment)[0].deadline_at
    row = small.mail(DESK, "Sorry for the delay. I need 3 more days.", to=letter)
    assert row.state == "held" and small.all(Assignment)[0].deadline_at > before and not small.letters("answer")


def test_a_refusal_with_more_words_is_read_by_a_person(small):
    row = small.mail(DESK, "Siamo in pochi. Non posso rispondere. La prossima volta volentieri.", to=small.assigned())
    assert row.state == "held" and small.assignments() == [(DESK, "offered")] and not small.letters("answer")


@pytest.mark.parametrize(
    "says", ["I cannot answer, but the chamber pays vouchers here.", "We leased a lorry. It costs 500 euro."]
)
def test_a_short_answer_is_an_answer(small, says):
    small.mail(DESK, says, to=small.assigned())
    assert says in small.letter("answer", ASKER_MAIL).text


# ------------------------------------------------------------------------------------------ colleagues


def test_two_of_a_panel_who_propose_the_same_third_trouble_nobody(small):
    letters = beside(small, SECOND)
    for address in (DESK, SECOND):
        small.mail(address, f"Un collega: {THIRD}", to=letters[address])
    assert small.assignments() == [(DESK, "declined"), (SECOND, "declined"), (THIRD, "offered")]
    assert len(small.letters("assignment", THIRD)) == 1 and not small.letters("co_question", COORDINATOR)
    assert small.letter("declined_thanks", SECOND)


def test_a_colleague_who_answers_hears_that_a_person_reads_it_and_a_stranger_nothing(small):
    letter = small.assigned()
    small.mail(DESK, "3 giorni in più", to=letter)
    row = small.mail(DEPUTY, "We leased a lorry.", to=letter)
    assert row.state == "held" and small.letter("held_notice", DEPUTY) and small.assignments() == [(DESK, "accepted")]
    small.mail("stranger@elsewhere.example", "We leased a lorry.", to=letter)
    small.mail(DEPUTY, "We leased a lorry, too.", to=letter, proven=False)
    [notice] = small.letters("held_notice")
    assert small.question().number in notice.subject
    with small.store.transaction() as session:
        held.release_to(session, small.office, row.id, small.question().id, by="user:1", now=small.now)
    assert "leased a lorry" in small.letter("answer", ASKER_MAIL).text


def test_who_declined_after_accepting_and_answers_all_the_same_loses_no_word(small):
    letter = small.assigned()
    for says in ("Accetto", "Purtroppo non posso rispondere."):
        small.mail(DESK, says, to=letter)
    row = small.mail(DESK, "We leased a lorry.", to=letter)
    assert row.state == "held" and small.letter("held_notice", DESK) and small.assignments()[-1] == (DEPUTY, "offered")
    with small.store.transaction() as session:
        held.release_to(session, small.office, row.id, small.question().id, by="user:1", now=small.now)
    assert "leased a lorry" in small.letter("answer", ASKER_MAIL).text and small.letter("moved_on", DEPUTY)


# ------------------------------------------------------------------------------------------ the asker's few words


def test_ok_to_a_date_disturbs_no_expert(small):
    small.mail(DESK, "Decline: flu", to=small.assigned())
    for says in ("OK", "OK, thank you.", "Fine by us, please hurry: the council meets on Friday."):
        small.mail(ASKER_MAIL, says, to=small.letter("holding", ASKER_MAIL))
    [told] = small.letters("asker_replied", DEPUTY)
    assert "council meets" in told.text


def test_yes_to_what_an_expert_asked_is_passed_on_as_the_reply(small):
    small.mail(DESK, "Question for the policy maker: is it for welders?", to=small.assigned())
    small.mail(ASKER_MAIL, "Yes", to=small.letter("ask_back", ASKER_MAIL))
    asked = small.letter("asker_replied", DESK)
    small.mail(ASKER_MAIL, "And for bakers.", to=small.letter("ask_back", ASKER_MAIL))
    added = small.letter("asker_replied", DESK)
    assert "> Yes" in asked.text and "> And for bakers." in added.text and asked.subject != added.subject


@pytest.mark.parametrize("says", ["No, that doesn't help.", "Questo non mi aiuta.", "Ça ne m'aide pas."])
def test_no_after_the_end_is_asked_what_is_missing(small, says):
    letter = small.answered()
    small.run_until(small.now + 40 * DAY, timedelta(hours=12))
    assert small.question().state == "closed"
    small.mail(ASKER_MAIL, says, to=letter)
    assert small.letter("helped_no", ASKER_MAIL) and len(small.all(Question)) == 1
    small.mail(ASKER_MAIL, "The costs are missing.", to=small.letter("helped_no", ASKER_MAIL))
    assert "costs are missing" in small.letter("answer_missing", DESK).text


def test_an_authority_whose_answers_are_read_first_keeps_the_file_for_the_release(small):
    with small.store.transaction() as session:
        session.query(Authority).filter_by(slug="trento").one().review = "review"
    small.mail(DESK, OTHER_QUESTION, to=small.assigned(), attachments=(REPORT,))
    assert not small.letters("answer") and owner(small)[1] == "coordinator"


# ------------------------------------------------------------------------------------------ courtesy, absence, departure


@pytest.mark.parametrize(
    "says", ["Prego!", "Grazie a voi!", "You're welcome!", "De rien.", "Παρακαλώ", "Rica ederim", "Thank you.\n\nBest regards\nDesk"]
)
def test_a_courtesy_in_return_is_noted_and_nobody_hears_of_it(small, says):
    """Held, it would bring the coordinators a message, and the expert a letter to be thanked for again."""
    small.answered()
    before = len(small.letters())
    row = small.mail(DESK, says, to=small.letter("answer_thanks", DESK))
    assert (row.state, row.outcome) == ("handled", "thanks noted") and len(small.letters()) == before


def test_thanks_for_being_freed_are_noted_too(small):
    letter = small.assigned()
    small.run_until(small.now + 30 * DAY, DAY / 4)
    assert small.mail(DESK, "Grazie mille", to=letter).outcome == "thanks noted"


def test_more_than_a_courtesy_after_the_answer_is_read_by_a_person(small):
    small.answered()
    row = small.mail(DESK, "Thank you. The price was 500 euro, by the way.", to=small.letter("answer_thanks", DESK))
    assert row.state == "held" and "500 euro" in row.text


@pytest.mark.parametrize(
    ("says", "until"),
    [("Away until 15 January", "2027-01-15"), ("Away until 24.12.", "2026-12-24"), ("Sono assente fino al 20 novembre", None),
     ("Away until 1 November", None), ("Away until Friday", None)],
)  # fmt: skip
def test_who_is_away_hears_what_was_understood(small, says, until):
    """A day that has just passed is a slip: nobody is taken to be away for a year."""
    small.mail(DESK, says, to=small.assigned())
    told = small.letter("declined_thanks", DESK)
    assert [one.last_day for one in small.all(Absence)] == ([until] if until else [])
    assert (until is not None) == ("annotato" in told.text) and small.assignments()[-1] == (DEPUTY, "offered")


def test_what_an_authority_has_goes_on_when_it_leaves_the_network(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        directory.import_authorities(session, [AUTHORITIES[0] | {"active": "no"}], small.now)
    small.now += DAY / 100
    small.sweep()
    assert small.assignments() == [(DESK, "withdrawn"), (SECOND, "offered")], "nor is the deputy asked, who has left with it"
    assert small.letters("moved_on", DESK) and "has left the network" in small.letter("holding", ASKER_MAIL).text
    assert small.mail(DESK, "We leased a lorry.", to=letter).state == "held"


def test_nobody_is_given_a_question_whose_authority_has_left(small):
    small.assigned()
    with small.store.transaction() as session:
        directory.import_authorities(session, [AUTHORITIES[1] | {"active": "no"}], small.now)
    with small.store.transaction() as session, pytest.raises(coordinating.NotPossible, match="no longer in the directory"):
        question = session.get(Question, small.question().id)
        coordinating.assign_to(session, small.office, question, expert_id(small, SECOND), by="user:1", now=small.now)
