"""Fiches in the database: imported once however often, drafted from answers, published only when whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retrieval import FicheRecord, FicheText
from routing import drafts, fiches, overviews
from routing.errors import NotFound, StaleAction
from routing.labels import labelled_questions
from routing.models import Answer, Authority, Expert, Fiche, Person, Question
from routing.models import FicheText as Text
from routing.people import address_of
from tests.world import ASKER_MAIL, COORDINATOR, DESK

RECORD = FicheRecord(
    "mobile-workshop",
    "it",
    {"country": "IT", "themes": ["infrastructure"], "sources": ["https://example.org"]},
    (
        FicheText("it", "Officina mobile", "Un furgone per cinque valli.", {"activities": "Noleggio."}),
        FicheText("en", "Mobile workshop", "A lorry for five valleys.", {"activities": "Leasing."}),
    ),
)


def take(small, *records):
    with small.store.transaction() as session:
        return fiches.import_records(session, records, small.now)


def do(small, verb, *args, **facts):
    with small.store.transaction() as session:
        return verb(session, *args, by="person:1", now=small.now, **facts)


def published(small):
    with small.store.snapshot() as session:
        return fiches.published(session)


def draft(small):
    """The draft that an answer leaves."""
    small.answered()
    return small.all(Fiche)[0]


def test_importing_twice_changes_nothing(small):
    assert take(small, RECORD) == {"added": 1, "changed": 0, "unchanged": 0}
    assert take(small, RECORD) == {"added": 0, "changed": 0, "unchanged": 1}
    assert [one.content_hash for one in published(small)] == [RECORD.content_hash]


def test_importing_a_changed_fiche_replaces_its_words_and_languages(small):
    take(small, RECORD)
    changed = replace(RECORD, texts=(RECORD.texts[0], FicheText("hr", "Radionica", "Kamion.", {"activities": "Najam."})))
    assert take(small, changed) == {"added": 0, "changed": 1, "unchanged": 0}
    assert {one.language for one in published(small)[0].texts} == {"it", "hr"}


def test_importing_publishes_what_was_retired(small):
    take(small, RECORD)
    do(small, fiches.retire, RECORD.slug)
    assert published(small) == []
    assert take(small, RECORD)["changed"] == 1 and len(published(small)) == 1


def test_an_answer_becomes_a_draft_and_coordinators_hear_of_it(small):
    fiche = draft(small)
    assert fiche.status == "draft" and fiche.slug in small.letter("co_draft", COORDINATOR).text
    assert published(small) == []
    with small.store.snapshot() as session:
        [text] = fiches.get(session, fiche.slug).texts
    assert text.sections["challenge"] == small.question().text and "lorry" in text.sections["activities"]


@pytest.mark.parametrize(
    ("spoil", "missing"),
    [
        ({"facts": {"themes": []}}, "a theme"),
        ({"texts": (FicheText("en", "T", " ", {"activities": "x"}),)}, "a summary"),
        ({"texts": (FicheText("en", "T", "s", {"challenge": "x", "activities": " "}),)}, "one section besides the challenge"),
        ({"texts": (FicheText("hr", "T", "s", {"activities": "x"}),)}, "a text in its own language (en)"),
    ],
)
def test_what_is_missing_is_named(small, spoil, missing):
    fiche = draft(small)
    whole = {"texts": (FicheText("en", "T", "s", {"activities": "x"}),), "facts": {"themes": ["infrastructure"]}} | spoil
    do(small, fiches.revise, fiche.slug, whole["texts"], whole["facts"], revision=fiche.revision)
    with pytest.raises(fiches.NotPublishable, match=missing.replace("(", r"\(").replace(")", r"\)")):
        do(small, fiches.publish, fiche.slug)


def test_a_whole_draft_is_published(small):
    fiche = draft(small)
    texts = (FicheText("en", "Mobile workshop", "A lorry.", {"activities": "Leasing."}),)
    do(small, fiches.revise, fiche.slug, texts, {"themes": ["infrastructure"]}, revision=0)
    with pytest.raises(StaleAction):
        do(small, fiches.publish, fiche.slug, revision=0)
    done = do(small, fiches.publish, fiche.slug, revision=1)
    (searched,) = published(small)
    assert done.status == "published" and done.content_hash == replace(searched, asked=()).content_hash
    assert [language for language, _ in searched.asked] == [small.question().language], "it has answered its question"
    assert small.events("fiche-published")[0].question_id == small.question().id
    with small.store.snapshot() as session:
        assert [one.answers for one in labelled_questions(session)] == [(fiche.slug,)], "its question teaches the search"


def test_two_editors_do_not_overwrite_each_other(small):
    take(small, RECORD)
    do(small, fiches.revise, RECORD.slug, RECORD.texts[:1], RECORD.facts, revision=1)
    with pytest.raises(StaleAction):
        do(small, fiches.revise, RECORD.slug, RECORD.texts, RECORD.facts, revision=1)
    assert len(published(small)[0].texts) == 1


def test_a_fiche_that_is_not_there(small):
    with small.store.snapshot() as session, pytest.raises(NotFound, match="nowhere"):
        fiches.get(session, "nowhere")


@pytest.mark.parametrize(
    ("subject", "text", "title"),
    [
        ("Mobile workshop", "How?", "Mobile workshop"),
        ("", "How did you\n finance it?", "How did you finance it?"),
        ("", "word " * 40, "word " * 18 + "word…"),
        ("", " ", "2026-0001"),
    ],
)
def test_the_title_of_a_draft(subject, text, title):
    assert drafts._title(subject or text, "2026-0001") == title
    assert len(title) <= fiches.LONGEST_TITLE


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Short.", "Short."),
        ("A sentence of some length, that says much. " * 10, ("A sentence of some length, that says much. " * 6).strip()),
        ("word " * 100, "word " * 59 + "word…"),
    ],
)
def test_the_summary_of_a_draft(text, summary):
    assert drafts._first_sentences(text) == summary


@pytest.mark.parametrize(("title", "slug"), [("How? So!", "how-so"), ("Πώς;", "fiche"), ("x" * 99, "x" * 60)])
def test_the_slug_of_a_draft(title, slug):
    assert drafts._slug(title) == slug


def test_a_draft_holds_neither_the_askers_name_nor_their_place(small):
    with small.store.transaction() as session:
        desk = session.query(Authority).filter_by(place="Karlovac").one()
        asker = address_of(session, "email", ASKER_MAIL, now=small.now, language="en")
        session.get(Person, asker.person_id).authority_id = desk.id
    small.mail(ASKER_MAIL, "How could Karlovac pay for a welding workshop? KARLOVAC has no money.", subject="Welding in Karlovac")
    small.search()
    small.mail(DESK, "Karlovac could lease one.", to=small.letter("assignment", DESK))
    [text] = small.all(Text)
    told = " ".join([text.title, text.summary, *text.sections.values()])
    assert "karlovac" not in told.lower() and "How could … pay" in told and "… could lease one." in text.summary


def test_a_draft_names_the_role_that_answered_where_it_may(small):
    assert "author" not in draft(small).facts
    with small.store.transaction() as session:
        for expert in session.query(Expert):
            expert.may_be_named = True
    with small.store.transaction() as session:
        written = session.query(Answer).one()
        told = drafts.draft_from(session, small.office, session.get(Question, written.question_id), written, small.now).facts
    assert told["author"] == "Apprenticeship desk, Provincia autonoma di Trento"


def test_a_draft_whose_author_would_tell_who_asked_names_none(small):
    with small.store.transaction() as session:
        desk = session.query(Authority).filter_by(name="Provincia autonoma di Trento").one()
        asker = address_of(session, "email", ASKER_MAIL, now=small.now, language="en")
        session.get(Person, asker.person_id).authority_id = desk.id
        for expert in session.query(Expert):
            expert.may_be_named = True
    assert "author" not in draft(small).facts


def test_a_fiche_may_name_the_day_of_its_next_look(small):
    policy, record = small.office.policy.fiches, replace(RECORD, facts=RECORD.facts | {"review_due": "2027-01-15"})
    take(small, record)

    def due():
        with small.store.snapshot() as session:
            return overviews.count_fiches(session, ("published",), "", only=(overviews.is_due(policy, small.now),))

    small.now = datetime(2027, 1, 14, 23, 59, tzinfo=UTC)
    assert due() == 0 and fiches.look_again_at(small.all(Fiche)[0], policy) == datetime(2027, 1, 15, tzinfo=UTC)
    small.now += timedelta(minutes=1)
    assert due() == 1
    do(small, fiches.confirm, RECORD.slug)
    (fiche,) = small.all(Fiche)
    assert due() == 0 and "review_due" not in fiche.facts, "the day is over"
    assert fiche.content_hash == published(small)[0].content_hash == RECORD.content_hash
    small.now += timedelta(days=policy.look_again_after_days, minutes=1)
    assert due() == 1, "the policy's time counts again"


def test_a_published_fiche_is_looked_at_again_after_a_year(small):
    take(small, RECORD)
    policy = small.office.policy.fiches

    def due():
        with small.store.snapshot() as session:
            return overviews.count_fiches(session, ("published",), "", only=(overviews.is_due(policy, small.now),))

    small.now += timedelta(days=policy.look_again_after_days)
    assert due() == 0
    small.now += timedelta(minutes=1)
    assert due() == 1 and fiches.look_again_at(small.all(Fiche)[0], policy) < small.now
    do(small, fiches.confirm, RECORD.slug)
    assert due() == 0 and small.events("fiche-confirmed")[0].actor == "person:1"
    do(small, fiches.retire, RECORD.slug)
    assert fiches.look_again_at(small.all(Fiche)[0], policy) is None
    with pytest.raises(fiches.NotPublishable, match="Only a published fiche"):
        do(small, fiches.confirm, RECORD.slug)
