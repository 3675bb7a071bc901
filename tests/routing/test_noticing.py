"""Coordinators on the move: bundled alerts, a digest as the day begins, one click from the letter. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from routing import assigning, care, directory, editing, fiches, handing, held, noticing, oneclick, validating, wishes
from routing.errors import RoutingError
from routing.models import (
    Address,
    Answer,
    Authority,
    Button,
    ConsoleUser,
    InboxMessage,
    OutboxMessage,
    Person,
    Question,
    ToldMatter,
)
from routing.notices import SORTS
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, MONDAY, OTHER_QUESTION

DAYS = ("mon", "tue", "wed", "thu", "fri")
CHOSEN = wishes.Chosen(True, SORTS, 60, True, DAYS, "08:00", "18:00", "Europe/Brussels", "BE", None)


@pytest.fixture
def bundled(small):
    """The coordinator wants bundled letters; this morning's digest has had nothing to say."""
    choose(small)
    small.sweep()
    assert small.letters("co_digest") == []
    return small


def choose(small, user=1, **changes):
    with small.store.transaction() as session:
        return wishes.choose(session, user, replace(CHOSEN, **changes), by="user:1", now=small.now)


def hand_over(small, text=OTHER_QUESTION, roster=()):
    """A question that waits for a coordinator; each asker asks one."""
    small.mail(f"desk{len(small.all(Question))}@lisboa.example", text)
    with small.store.transaction() as session:
        question = session.get(Question, small.question().id)
        question.roster = list(roster)
        handing.hand_to_coordinator(session, small.office, question, "no_roster", small.now)
    return small.question()


def tick(small, **step):
    small.now += timedelta(**step)
    with small.store.transaction() as session:
        return noticing.tell_due(session, small.office, small.now)


def test_whoever_has_chosen_nothing_gets_a_letter_for_each_matter(small):
    hand_over(small)
    assert len(small.letters("co_question", COORDINATOR)) == 1 and tick(small) == 0


def test_a_bad_monday_is_two_letters(bundled):
    """The first matter is told at once, thirty-nine more within the hour are one letter."""
    small = bundled
    first = hand_over(small, "Who pays for the lorry?")
    assert small.letters("co_question") == [] and tick(small) == 1
    assert first.number in small.letter("co_burning", COORDINATOR).text
    for number in range(39):
        hand_over(small, f"Which of the {number + 2} valleys has a welding workshop?")
        small.now += timedelta(minutes=1)
        assert tick(small) == 0
    assert tick(small, minutes=30) == 1
    letter = small.letter("co_burning", COORDINATOR)
    assert "39" in letter.subject and first.number not in letter.text and len(small.letters("co_burning")) == 2
    assert tick(small, hours=1) == 0, "nothing is told twice"


def test_so_many_single_letters_would_be_noise(small):
    """Without any choice: ten in an hour, then what follows is one letter."""
    for number in range(13):
        hand_over(small, f"Which of the {number + 2} valleys has a welding workshop?")
    assert len(small.letters("co_question", COORDINATOR)) == 10 and tick(small) == 1
    letter = small.letter("co_burning", COORDINATOR)
    assert "3" in letter.subject and all(one.number in letter.text for one in small.all(Question)[-3:])
    assert tick(small, hours=2) == 0 and len(small.letters("co_burning")) == 1


def test_what_a_coordinator_has_dealt_with_meanwhile_is_not_told(bundled):
    small = bundled
    question = hand_over(small)
    with small.store.transaction() as session:
        expert = session.get(Question, question.id)
        assigning.assign(session, small.office, expert, _expert(session, DESK), [], small.now)
    assert tick(small) == 0


def test_what_burns_again_is_told_again(bundled):
    small = bundled
    question = hand_over(small)
    assert tick(small) == 1
    with small.store.transaction() as session:
        assigning.assign(session, small.office, session.get(Question, question.id), _expert(session, DESK), [], small.now)
    assert tick(small, hours=1) == 0
    with small.store.snapshot() as session:
        assert session.query(ToldMatter).count() == 0
    with small.store.transaction() as session:
        handing.hand_to_coordinator(session, small.office, session.get(Question, question.id), "no_roster", small.now)
    assert tick(small, hours=1) == 1


def test_a_question_that_becomes_late_is_told_as_late(bundled):
    small = bundled
    question = hand_over(small)
    assert tick(small) == 1
    with small.store.transaction() as session:
        session.execute(update(Question).values(promised_at=small.now + timedelta(hours=2)))
    assert tick(small, hours=1) == 0
    assert tick(small, hours=2) == 1 and "Overdue" in small.letter("co_burning").text
    assert question.number in small.letter("co_burning").text


def test_nothing_comes_at_night_and_everything_in_the_morning(bundled):
    small = bundled
    small.now = MONDAY.replace(hour=20)
    question = hand_over(small)
    assert tick(small) == 0 and tick(small, hours=10) == 0
    assert tick(small, hours=1, minutes=1) == 1  # 08:01 in Brussels
    digest = small.letter("co_digest", COORDINATOR)
    assert question.number in digest.text and small.letters("co_burning") == []
    assert tick(small, minutes=15) == 0 and tick(small, hours=3) == 0, "told once, by the digest"


def test_a_day_off_is_quiet(bundled):
    small = bundled
    small.now = MONDAY.replace(month=12, day=25, hour=9)  # a Friday
    hand_over(small)
    assert tick(small) == 0
    small.now = MONDAY.replace(month=12, day=28, hour=9)
    assert tick(small) == 1 and small.letters("co_digest")


def test_a_digest_with_nothing_to_say_is_not_written(small):
    choose(small)
    small.assigned()
    assert tick(small) == 0 and tick(small, days=1) == 0 and small.letters("co_digest") == []
    with small.store.transaction() as session:
        session.execute(update(Question).values(promised_at=small.now + timedelta(days=1, hours=3)))
    assert tick(small, days=1) == 1 and "due today" in small.letter("co_digest").text


def test_two_workers_write_one_letter_between_them(bundled):
    """The key of a letter names the one before it, so the same moment cannot bring two."""
    small = bundled
    hand_over(small)
    assert tick(small) == 1
    with small.store.transaction() as session:
        session.query(ToldMatter).delete()
        session.execute(update(OutboxMessage).where(OutboxMessage.kind == "co_burning").values(effect_key="co_burning:-:x:-:y"))
    keys = [row.effect_key for row in small.letters("co_burning")]
    small.now += timedelta(hours=1)
    assert tick(small) == 1 and len({*keys, *(row.effect_key for row in small.letters("co_burning"))}) == 2
    with small.store.transaction() as session:
        last = session.scalar(select(OutboxMessage.effect_key).order_by(OutboxMessage.id.desc()).limit(1))
    assert last.endswith(f"after {small.letters('co_burning')[0].id}")


def test_everybody_hears_of_what_they_look_after(bundled):
    small = bundled
    with small.store.transaction() as session:
        other = directory.add_user(session, "zagreb@network.example", "coordinator", small.now)
        session.flush()
        zagreb = session.query(Authority).filter_by(slug="karlovac").one()
        care.give(session, other.id, {zagreb.id}, by="user:1", now=small.now)
        other_id = other.id
    choose(small, other_id, digest=False)
    small.assigned()
    question = hand_over(small)
    assert tick(small) == 1
    assert small.letter("co_burning", COORDINATOR) and small.letters("co_burning", "zagreb@network.example") == []
    with small.store.transaction() as session:
        row = session.get(Question, question.id)
        assigning.assign(session, small.office, row, _expert(session, "kompetencije@karlovac.example"), [], small.now)
        handing.hand_to_coordinator(session, small.office, row, "no_roster", small.now)
    assert tick(small) == 1 and small.letters("co_burning", "zagreb@network.example")


def test_letters_come_in_the_readers_language_with_its_plurals(bundled):
    small = bundled
    with small.store.transaction() as session:
        session.execute(update(Person).values(language="hr"))
    for number in range(3):
        hand_over(small, f"Which of the {number + 2} valleys has a welding workshop?")
    assert tick(small) == 1 and small.letter("co_burning").subject == "Čekaju Vas 3 predmeta"


def test_held_mail_is_told_with_the_others(bundled):
    small = bundled
    small.mail("colleague@trento.example", "By lorry.", to=small.assigned())
    small.sweep()
    assert small.letters("co_held") == [] and "colleague@trento.example" in small.letter("co_burning").text


def fiche_in_review(small, by="user:2"):
    """A fiche that the user with this number has written, and another review of which is asked for by them."""
    with small.store.transaction() as session:
        directory.add_user(session, "writer@network.example", "coordinator", small.now)
        slug = editing.create(session, "A van with a bench", "en", by=by, now=small.now).slug
        facts = {"themes": ["infrastructure"], "sources": []}
        told = editing.Draft("en", "A van with a bench", "A van for five valleys.", {"activities": "Leasing."}, facts, True)
        editing.save(session, slug, told, by=by, now=small.now, revision=0)
        validating.ask_for_review(session, small.office, slug, by=by, now=small.now, revision=fiches.get(session, slug).revision)
    choose(small, 2)
    return slug


def test_a_fiche_that_waits_for_a_review_is_told_to_whom_it_waits_for(bundled):
    """At once where somebody wants that, in no letter of its own, and not to its writer; asked for again it is new again."""
    small = bundled
    slug = fiche_in_review(small)
    assert tick(small) == 1 and small.letters("co_draft") == []
    letter = small.letter("co_burning", COORDINATOR)
    assert slug in letter.text and "A van with a bench" in letter.text
    for verb in (validating.ask_for_changes, validating.ask_for_review):
        with small.store.transaction() as session:
            facts = {"text": "When?"} if verb is validating.ask_for_changes else {"office": small.office}
            revision = fiches.get(session, slug).revision
            verb(session, slug=slug, by="user:2", now=small.now, revision=revision, **facts)
    assert tick(small, hours=1) == 1 and tick(small, hours=1) == 0


def test_a_fiche_waits_for_its_review_in_every_mornings_digest_until_it_is_read(small):
    slug = fiche_in_review(small)
    choose(small, alerts=())
    told = []
    for _ in range(3):
        tick(small, days=1)
        told.append((len(small.letters("co_digest", COORDINATOR)), len(small.letters("co_digest", "writer@network.example"))))
        if len(told) == 2:
            assert "1 draft waits to be reviewed." in small.letters("co_digest", COORDINATOR)[-1].text
            with small.store.transaction() as session:
                fiches.publish(session, slug, by="user:1", now=small.now)
    assert told == [(1, 0), (2, 0), (2, 0)]


def test_a_sensitive_question_is_named_by_its_number_alone(bundled):
    small = bundled
    question = hand_over(small, "How do we tell the family?")
    with small.store.transaction() as session:
        session.get(Question, question.id).sensitive = True
    assert tick(small) == 1
    letter = small.letter("co_burning")
    assert question.number in letter.text and "family" not in letter.text


WRONG = (
    {"days": ()}, {"days": ("someday",)}, {"every": 7}, {"alerts": ("weather",)}, {"opens": "18:00", "closes": "08:00"},
    {"opens": "soon"}, {"zone": "Europe/Atlantis"}, {"country": "ZZ"}, {"address_id": 2},
)  # fmt: skip


def test_a_choice_that_makes_no_sense_is_refused(small):
    for wrong in WRONG:
        with pytest.raises(RoutingError):
            choose(small, **wrong)


# --------------------------------------------------------------------------------------------- a chat


def test_a_chat_is_connected_by_a_secret_that_works_once(bundled):
    small = bundled
    with small.store.transaction() as session:
        code = wishes.new_code(session, 1, small.now)
    small.chat(code, sender="777", kind=_command(), command="start")
    assert small.letters("co_connected", "777")
    small.chat(code, sender="778", kind=_command(), command="start")
    assert small.letters("welcome", "778") and small.letters("co_connected", "778") == []
    hand_over(small)
    assert tick(small) == 1 and small.letters("co_burning", "777") and small.letters("co_burning", COORDINATOR) == []
    with small.store.transaction() as session:
        session.execute(update(Address).where(Address.address == "777").values(dead_at=small.now))
    hand_over(small, "Who pays for the second lorry?")
    assert tick(small, hours=1) == 1 and small.letters("co_burning", COORDINATOR), "a dead chat: back to the mail"


@pytest.mark.parametrize("late", [timedelta(minutes=31), None])
def test_an_old_code_or_a_group_connects_nothing(small, late):
    with small.store.transaction() as session:
        code = wishes.new_code(session, 1, small.now)
    small.now += late or timedelta(0)
    small.chat(code, sender="777" if late else "-1009", kind=_command(), command="start")
    assert small.letters("co_connected") == []


def _command():
    from routing.values import Kind

    return Kind.COMMAND


# --------------------------------------------------------------------------------------------- one click


def test_a_waiting_answer_is_sent_by_one_click(bundled):
    small = bundled
    question = _answer_waits(small)
    button = _offered(small, "co_release")
    assert _look(small, button).text == "We leased it." and _press(small, button)
    assert small.letter("answer", ASKER_MAIL).text.count("We leased it.") and small.question().state == "answered"
    assert small.events("answer-released")[-1].actor == "user:1"
    assert not _press(small, button) and len(small.letters("answer")) == 1, f"{question.number} is answered once"


def test_a_question_is_given_to_the_suggested_expert_by_one_click(bundled):
    small = bundled
    with small.store.snapshot() as session:
        roster = [{"expert": _expert(session, DEPUTY).id, "reasons": []}]
    hand_over(small, roster=roster)
    assert tick(small) == 1
    button = _offered(small, "co_assign")
    assert "Training office" in _look(small, button).who and _press(small, button)
    assert small.assignments() == [(DEPUTY, "offered")] and not _press(small, button)


def test_held_mail_is_filed_by_one_click(bundled):
    small = bundled
    small.mail("colleague@trento.example", "By lorry.", to=small.assigned())
    small.sweep()
    button = _offered(small, "co_file")
    assert "By lorry." in _look(small, button).text and _press(small, button)
    assert small.all(InboxMessage)[-1].state == "handled" and small.letters("answer", ASKER_MAIL)


@pytest.mark.parametrize("change", ["left", "observer", "elsewhere", "a week", "done"])
def test_a_link_works_only_while_its_reader_may_and_something_is_left_to_do(bundled, change):
    small = bundled
    _answer_waits(small)
    button = _offered(small, "co_release")
    assert _look(small, button) is not None
    with small.store.transaction() as session:
        user = session.get(ConsoleUser, 1)
        if change == "left":
            user.active = False
        elif change == "observer":
            user.role = "observer"
        elif change == "elsewhere":
            karlovac = session.query(Authority).filter_by(slug="karlovac").one()
            care.give(session, 1, {karlovac.id}, by="user:1", now=small.now)
        elif change == "done":
            session.execute(update(Answer).values(state="discarded"))
    small.now += timedelta(days=8 if change == "a week" else 0)
    assert _look(small, button) is None and not _press(small, button) and small.letters("answer") == []


def test_the_same_click_twice_files_once(bundled):
    small = bundled
    small.mail("colleague@trento.example", "By lorry.", to=small.assigned())
    small.sweep()
    button = _offered(small, "co_file")
    with small.store.transaction() as session:
        held.discard(session, small.all(InboxMessage)[-1].id, "not ours", by="user:1", now=small.now)
    assert not _press(small, button) and small.letters("answer") == []


def _answer_waits(small):
    """The desk answers, and its authority's answers are read first."""
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, "We leased it.", to=small.assigned())
    assert tick(small) == 1
    return small.question()


def _offered(small, action):
    letter = small.letter("co_burning", COORDINATOR)
    return next(button for button in small.buttons(letter) if button.action == action).id


def _look(small, button_id):
    with small.store.snapshot() as session:
        return oneclick.look(session, session.get(Button, button_id), small.now)


def _press(small, button_id):
    with small.store.transaction() as session:
        return oneclick.press(session, small.office, session.get(Button, button_id), small.now)


def _expert(session, address):
    from routing.models import Expert

    person = session.query(Address).filter_by(address=address).one().person_id
    return session.query(Expert).filter_by(person_id=person).one()
