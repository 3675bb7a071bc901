"""A fiche on its way to publication: two readers, each another one than the writer, and what they say."""

from dataclasses import replace

import pytest

from retrieval import FicheText as RecordText
from routing import directory, editing, fiches, overviews, validating, versions
from routing.errors import StaleAction
from routing.models import Fiche

WRITER, READER, EXPERT = "user:1", "user:2", "user:3"
PEOPLE = {"coordinator": "coordinator", "reader": "coordinator", "expert": "admin", "visitor": "observer"}


@pytest.fixture
def begun(small):
    """A whole draft by its writer."""
    with small.store.transaction() as session:
        slug = editing.create(session, "A van with a bench", "en", by=WRITER, now=small.now).slug
        facts = {"themes": ["infrastructure"], "sources": []}
        told = editing.Draft("en", "A van with a bench", "A van for five valleys.", {"activities": "Leasing."}, facts, True)
        editing.save(session, slug, told, by=WRITER, now=small.now, revision=0)
    return small, slug


def do(begun, verb, *args, by=READER, **facts):
    small, slug = begun
    with small.store.transaction() as session:
        revision = fiches.get(session, slug).revision
        if verb is not fiches.retire:
            facts = {"revision": revision} | facts
        office = (small.office,) if verb in (validating.ask_for_review, validating.validate) else ()
        return verb(session, *office, slug, *args, by=by, now=small.now, **facts)


def state(begun):
    small, slug = begun
    return small.all(Fiche, slug=slug)[0].state


def remarks(begun):
    small, slug = begun
    with small.store.snapshot() as session:
        return [(one.step, one.text, one.by) for one in versions.remarks(session, fiches.get(session, slug))]


def edit(begun, by=WRITER, summary="Another summary."):
    small, slug = begun
    with small.store.transaction() as session:
        fiche = fiches.get(session, slug)
        told = editing.Draft("en", "A van with a bench", summary, {"activities": "Leasing."}, fiche.facts, True)
        editing.save(session, slug, told, by=by, now=small.now, revision=fiche.revision)


def test_two_readers_validate_a_fiche_one_after_the_other(begun):
    seen = [state(begun)]
    for verb, by in (
        (validating.ask_for_review, WRITER),
        (validating.validate, READER),
        (validating.validate, EXPERT),
        (fiches.publish, WRITER),
    ):
        do(begun, verb, by=by)
        seen.append(state(begun))
    assert seen == ["draft", "review", "validated_local", "validated_expert", "published"]
    assert remarks(begun) == [("validated_local", "", READER), ("validated_expert", "", EXPERT)]


def test_who_wrote_the_last_words_or_has_read_it_does_not_validate(begun):
    do(begun, validating.ask_for_review, by=READER)
    with pytest.raises(validating.NotByYou, match="made the last change"):
        do(begun, validating.validate, by=WRITER)
    do(begun, validating.validate, by=READER)
    with pytest.raises(validating.NotByYou, match="already validated it"):
        do(begun, validating.validate, by=READER)
    do(begun, validating.validate, by=EXPERT)
    with pytest.raises(StaleAction):
        do(begun, validating.validate, by=READER)


def test_a_reader_who_asks_for_changes_says_which(begun):
    do(begun, validating.ask_for_review)
    with pytest.raises(editing.NotAFiche, match="Say what should change"):
        do(begun, validating.ask_for_changes, " ")
    do(begun, validating.ask_for_changes, "Which year was that?")
    assert state(begun) == "changes_requested" and remarks(begun) == [("changes_requested", "Which year was that?", READER)]
    edit(begun)
    assert state(begun) == "changes_requested", "until its writers have finished"
    do(begun, validating.ask_for_review, by=WRITER)
    assert state(begun) == "review"


def test_what_is_changed_after_it_was_validated_is_read_again(begun):
    do(begun, validating.ask_for_review)
    do(begun, validating.validate)
    edit(begun)
    assert state(begun) == "review"
    do(begun, validating.validate, by=EXPERT)
    assert state(begun) == "validated_local"


@pytest.mark.parametrize("validations", [0, 1, 2])
def test_the_policy_says_how_many_must_have_read_it(begun, validations):
    readers = [READER, EXPERT][:validations]
    if readers:
        do(begun, validating.ask_for_review, by=WRITER)
    for reader in readers:
        with pytest.raises(fiches.NotPublishable, match="Somebody else must validate it"):
            do(begun, fiches.publish, by=WRITER, validations=validations)
        do(begun, validating.validate, by=reader)
    assert do(begun, fiches.publish, by=WRITER, validations=validations).status == "published"


def test_what_was_retired_says_why_and_may_be_read_again(begun):
    do(begun, fiches.publish)
    do(begun, fiches.retire, why=" Its project has ended. ")
    assert state(begun) == "retired" and remarks(begun) == [("retired", "Its project has ended.", READER)]
    do(begun, validating.ask_for_review, by=WRITER)
    assert state(begun) == "review"


@pytest.mark.parametrize("verb", [validating.ask_for_review, validating.validate])
def test_nobody_acts_on_what_has_changed(begun, verb):
    with pytest.raises(StaleAction):
        do(begun, verb, revision=0)
    do(begun, fiches.publish)
    with pytest.raises(StaleAction):
        do(begun, verb)


def test_a_letter_tells_whose_turn_it_is_to_read(begun):
    """Neither its writer, nor who has validated it, nor who may only look; as often as somebody asks."""
    small, slug = begun
    small.office.policy = replace(small.office.policy, fiches=replace(small.office.policy.fiches, validations=2))
    with small.store.transaction() as session:
        for name, role in PEOPLE.items():
            directory.add_user(session, f"{name}@network.example", role, small.now)
    told = [dict.fromkeys(PEOPLE, 0)]
    for verb, by in (
        (validating.ask_for_review, WRITER), (validating.ask_for_changes, READER), (validating.ask_for_review, WRITER),
        (validating.validate, READER), (validating.validate, EXPERT),
    ):  # fmt: skip
        do(begun, verb, *(("When?",) if verb is validating.ask_for_changes else ()), by=by)
        told.append({name: len(small.letters("co_draft", f"{name}@network.example")) for name in PEOPLE})
    assert [tuple(one.values()) for one in told] == [(0,) * 4, (0, 1, 1, 0), (0, 1, 1, 0), (0, 2, 2, 0), (0, 2, 3, 0), (0, 2, 3, 0)]
    letter = small.letters("co_draft")[0]
    assert slug in letter.text and "A van with a bench" in letter.text and "asks for a review" in letter.text


def test_lists_count_the_steps_within_their_status(begun):
    small, _ = begun
    do(begun, validating.ask_for_review)
    do(begun, validating.validate)
    with small.store.snapshot() as session:
        assert overviews.fiche_counts(session, only=(Fiche.step == "validated_local",)) == {"review": 1}


def test_an_import_takes_the_place_of_a_review(begun):
    small, slug = begun
    do(begun, validating.ask_for_review)
    do(begun, validating.validate)
    with small.store.transaction() as session:
        record = fiches.as_record(fiches.get(session, slug))
        text = RecordText("en", "Another title", "Another summary", {"activities": "Leasing."})
        fiches.import_records(session, [type(record)(slug, "en", record.facts, (text,))], small.now)
    assert state(begun) == "published"
