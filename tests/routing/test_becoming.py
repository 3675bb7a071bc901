"""What became of an answer: letters to whoever gave it and to everybody who got it, once, and to nobody who should not hear."""

from datetime import timedelta

import pytest

from retrieval import FicheText
from routing import becoming, fiches, joining, standing
from routing.models import Address, Expert, Fiche, Question
from routing.models import FicheText as FicheRow
from routing.values import Kind
from tests.world import ASKER_MAIL, CHAT, DESK, OTHER_QUESTION

TEXTS = (FicheText("en", "Five villages, one lorry", "A lorry.", {"activities": "Leasing."}),)
SECOND_ASKER = "education@porto.example"


def publish(small):
    """As a coordinator does on the fiche's page."""
    with small.store.transaction() as session:
        fiche = fiches.get(session, small.all(Fiche)[0].slug)
        fiches.revise(
            session, fiche.slug, TEXTS, {"themes": ["infrastructure"]}, by="user:1", now=small.now, revision=fiche.revision
        )
        becoming.tell_published(session, small.office, fiches.publish(session, fiche.slug, by="user:1", now=small.now), small.now)


def change(small, table, **facts):
    with small.store.transaction() as session:
        for one in session.query(table):
            for name, value in facts.items():
                setattr(one, name, value)


def test_expert_and_asker_hear_that_the_answer_was_published(small):
    small.answered()
    publish(small)
    expert, asker = small.letter("became", DESK), small.letter("published", ASKER_MAIL)
    assert expert.language == "it" and "1 responsabile di politiche pubbliche" in expert.text and "Five villages" in expert.text
    assert "Five villages, one lorry" in asker.text and "trento" not in asker.text.lower() and DESK not in asker.text
    with small.store.snapshot() as session:
        steps = standing.standing(session, small.office, session.get(Question, small.question().id)).steps
    assert steps[-1].key == "published"


def test_nobody_hears_it_twice(small):
    small.answered()
    publish(small)
    with small.store.transaction() as session:
        fiches.retire(session, small.all(Fiche)[0].slug, by="user:1", now=small.now)
    publish(small)
    assert len(small.letters("became")) == 1 and len(small.letters("published")) == 1


def test_everybody_who_waited_for_the_answer_hears_it_under_their_own_number(small):
    letter = small.assigned()
    leader = small.question().id
    for asker in (SECOND_ASKER, "third@cork.example"):
        small.mail(asker, OTHER_QUESTION)
        with small.store.transaction() as session:
            question = session.get(Question, small.question().id)
            joining.join(session, small.office, question, session.get(Question, leader), small.now, by="system")
    small.mail(DESK, "We leased a lorry.", to=letter)
    publish(small)
    assert "3 responsabili di politiche pubbliche" in small.letter("became", DESK).text
    numbers = [small.all(Question, id=one.question_id)[0].number for one in small.letters("published")]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003"]
    assert "2026-0001" not in small.letter("published", SECOND_ASKER).text


@pytest.mark.parametrize("why", ["sensitive", "left"])
def test_who_hears_nothing(small, why):
    """Nothing is told of a sensitive question, and nothing to an expert who has left."""
    small.answered()
    change(small, Question, sensitive=True) if why == "sensitive" else change(small, Expert, active=False)
    publish(small)
    assert not small.letters("became") and len(small.letters("published")) == (why == "left")


def test_a_stranger_s_words_do_not_go_to_an_unproven_address(small):
    small.answered()
    change(small, Address, proven_at=None)
    small.now += timedelta(days=2)  # such an address gets one automatic letter a day
    publish(small)
    assert "Five villages" not in small.letter("published", ASKER_MAIL).text


def test_a_chat_is_told_when_people_are_awake(small):
    small.chat("", kind=Kind.COMMAND, command="start")
    small.chat(OTHER_QUESTION)
    small.search()
    small.mail(DESK, "We leased a lorry.", to=small.letter("assignment", DESK))
    small.now = small.now.replace(hour=2)
    publish(small)
    told = small.letter("published", CHAT)
    assert told.next_attempt_at > small.now


def test_a_fiche_that_was_brought_in_has_nobody_to_tell(small):
    with small.store.transaction() as session:
        fiche = Fiche(
            slug="brought", status="published", source_language="en", facts={}, created_at=small.now, updated_at=small.now
        )
        session.add(fiche)
        session.flush()
        becoming.tell_published(session, small.office, fiche, small.now)
    assert not small.letters("published")


def test_a_draft_holds_neither_greeting_nor_signature_of_anybody(small):
    small.mail(
        DESK,
        "Buongiorno,\nabbiamo noleggiato un camion per cinque valli.\n\nCordiali saluti\nUfficio apprendistato\nTel. 0461 884111",
        to=small.assigned("Good morning,\nwhich lorry carries the machines?\n\nKind regards\nTraining desk\nTel. +351 22 209 7000"),
    )
    [text] = small.all(FicheRow)
    assert text.sections == {
        "challenge": "which lorry carries the machines?", "activities": "abbiamo noleggiato un camion per cinque valli.",
    }  # fmt: skip
    assert text.summary == text.sections["activities"]
