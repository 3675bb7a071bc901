"""The right expert, in time: the status page's story, panels, the same question again, colleagues, reviews, the yearly letter."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from routing import (
    briefing,
    buttons,
    care,
    closing,
    confirming,
    coordinating,
    deciding,
    directory,
    joining,
    links,
    recounting,
    reviewing,
    sharing,
    standing,
    tiers,
)
from routing.calendars import calendar_of
from routing.letters.pages import PAGES
from routing.models import (
    Absence,
    Address,
    Answer,
    Assignment,
    Authority,
    ConsoleUser,
    Event,
    Expert,
    Proposal,
    Question,
    ReplyToken,
    Review,
    StatusLink,
)
from routing.people import find_address
from routing.policy import load_policy
from routing.values import Kind
from tests.world import ASKER_MAIL, CHAT, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND, World

OTHER_ASKER = "education@porto.example"


def acting(world, act, *args, **kwargs):
    with world.store.transaction() as session:
        return act(session, *args, **kwargs)


def secret_of(letter):
    return re.search(r"/status/([\w-]+)", letter.text)[1]


def stand(world, number=None):
    with world.store.snapshot() as session:
        found = [one for one in session.query(Question).order_by(Question.id) if number in (None, one.number)]
        return standing.standing(session, world.office, found[-1])


def expert_at(session, address):
    return session.query(Expert).filter_by(person_id=find_address(session, "email", address).person_id).one()


def click(world, action, letter, which=0):
    button = [one for one in world.buttons(letter) if one.action == action][which]
    return acting(world, buttons.press, world.office, button.id, now=world.now)


# ------------------------------------------------------------------------------------------ the secret link


def test_every_letter_to_the_asker_has_a_link_of_its_own_until_they_are_revoked(small):
    small.assigned()
    first = secret_of(small.letter("receipt", ASKER_MAIL))
    with small.store.transaction() as session:
        question = links.behind(session, first)
        assert question.number == small.question().number
        second = links.new_link(session, small.office, question, small.now).rpartition("/")[2]
    with small.store.transaction() as session:
        links.revoke(session, links.behind(session, second), small.now)
    with small.store.snapshot() as session:
        assert [links.behind(session, one) for one in (first, second, "", "x" * 64, "x" * 65)] == [None] * 5
    assert all(first not in one.secret_hash for one in small.all(StatusLink))


def test_the_page_and_the_command_tell_the_same_story(small):
    small.chat(OTHER_QUESTION)
    small.search()
    small.chat(kind=Kind.COMMAND, command="status")
    told, letter = stand(small), small.letter("status", CHAT)
    assert told.number in letter.text and "waiting for an expert" in letter.text and told.waiting_for == "expert"
    assert told.promised_at == small.question().promised_at and secret_of(letter)


def test_the_story_says_what_happened_and_names_nobody(small):
    letter = small.assigned()
    small.mail(DESK, "Question for the policy maker: which trades?", to=letter)
    assert stand(small).is_paused
    small.mail(ASKER_MAIL, "Welding.", to=small.letter("ask_back", ASKER_MAIL))
    small.mail(DESK, "I need 3 more days", to=letter)
    small.mail(DESK, "Decline: no capacity", to=letter)
    told = stand(small)
    assert [one.key for one in told.steps] == ["received", "asked", "asked_back", "wrote", "extended", "moved"]
    assert not told.is_paused and told.authority == ("county/province", "IT")
    assert {one.key for one in told.steps} <= PAGES.keys()
    assert "Apprenticeship" not in repr(told) and "trento" not in repr(told).lower()


def test_every_step_has_words():
    assert {*standing.STEPS.values(), "moved", "review"} <= PAGES.keys()


def test_a_strangers_words_do_not_reach_an_unproven_address(small):
    small.mail(ASKER_MAIL, OTHER_QUESTION, proven=False)
    small.search()
    assert stand(small).line == ""
    with small.store.transaction() as session:
        find_address(session, "email", ASKER_MAIL).proven_at = small.now
    assert stand(small).line == OTHER_QUESTION


# ------------------------------------------------------------------------------------------ tiers


def test_the_asker_makes_it_urgent_and_both_sides_learn_the_new_date(small):
    small.assigned()
    before = small.all(Assignment)[0].deadline_at
    receipt = small.letter("receipt", ASKER_MAIL)
    assert [one.value for one in small.buttons(receipt)] == ["urgent", "extended"]
    assert click(small, "tier", receipt).outcome == "tier urgent"
    [assignment] = small.all(Assignment)
    assert assignment.deadline_at < before and small.question().promised_at == assignment.deadline_at
    assert small.question().next_action_at <= assignment.accept_by_at < assignment.deadline_at
    assert "urgente" in small.letter("deadline_moved", DESK).text
    assert small.letter("new_date", ASKER_MAIL) and stand(small).tier == "urgent"
    assert click(small, "tier", receipt).toast == "stale"


def test_a_tier_that_would_be_over_is_counted_from_now(small):
    small.assigned()
    small.now += timedelta(days=8)
    acting(
        small,
        lambda session: tiers.change(session, small.office, session.query(Question).one(), "urgent", by="asker", now=small.now),
    )
    [assignment] = small.all(Assignment)
    assert assignment.deadline_at > small.now
    assert all(one["at"] > small.now.isoformat() for one in assignment.reminders)


def test_a_closed_choice_is_no_choice(small):
    small.answered()
    assert stand(small).tiers == ()


# ------------------------------------------------------------------------------------------ a panel


@pytest.fixture
def panel(small):
    """The desk and the second office are asked together; returns their letters."""
    letter = small.assigned()
    with small.store.transaction() as session:
        question = session.query(Question).one()
        coordinating.ask_also(session, small.office, question, expert_at(session, SECOND).id, by="user:1", now=small.now)
    return letter, small.letter("assignment", SECOND)


def test_the_first_answer_of_a_panel_goes_on_and_a_later_one_is_added(small, panel):
    small.mail(SECOND, "Five valleys share a lorry.", to=panel[1])
    assert "Five valleys share a lorry." in small.letter("answer", ASKER_MAIL).text
    assert small.assignments() == [(DESK, "withdrawn"), (SECOND, "answered")]
    assert small.letter("moved_on", DESK).text.count("\n") and len(small.letters("answer")) == 1
    row = small.mail(DESK, "Ask the firms to pay for the driver.", to=panel[0])
    assert row.outcome == "added to the answer" and "pay for the driver" in small.letter("addition", ASKER_MAIL).text
    assert small.assignments() == [(DESK, "answered"), (SECOND, "answered")]
    assert [one.key for one in stand(small).steps] == ["received", "asked", "answered", "added"]


def test_a_word_of_the_slower_expert_is_only_noted(small, panel):
    small.mail(SECOND, "Five valleys share a lorry.", to=panel[1])
    assert small.mail(DESK, "Accetto", to=panel[0]).outcome == "accept noted: the question is answered"
    assert not small.letters("addition")


def test_one_of_a_panel_declines_and_the_others_go_on(small, panel):
    small.mail(DESK, "Decline", to=panel[0])
    assert small.assignments() == [(DESK, "declined"), (SECOND, "offered")] and not small.letters("holding")
    small.mail(SECOND, "Decline", to=panel[1])
    assert small.assignments() == [(DESK, "declined"), (SECOND, "declined")] and small.question().waiting_for == "coordinator"


def test_a_pause_gives_the_time_back_to_all_of_a_panel(small, panel):
    before = [one.deadline_at for one in small.all(Assignment)]
    small.mail(DESK, "Question for the policy maker: which trades?", to=panel[0])
    small.now += timedelta(days=4)
    small.mail(ASKER_MAIL, "Welding.", to=small.letter("ask_back", ASKER_MAIL))
    after = [one.deadline_at for one in small.all(Assignment)]
    assert all(late > early for early, late in zip(before, after, strict=True))
    assert small.question().promised_at == min(after) and len(small.letters("asker_replied")) == 2


def test_a_panel_has_three_at_most(small, panel):
    with small.store.transaction() as session:
        question = session.query(Question).one()
        third = session.query(Expert).filter(Expert.role.contains("Ured")).one()
        coordinating.ask_also(session, small.office, question, third.id, by="user:1", now=small.now)
        with pytest.raises(coordinating.NotPossible, match="3 experts"):
            coordinating.ask_also(session, small.office, question, expert_at(session, DEPUTY).id, by="user:1", now=small.now)


# ------------------------------------------------------------------------------------------ the same question again


@pytest.fixture
def pair(small):
    """Two askers with one question; the second waits for the first one's answer. Returns the desk's letter."""
    letter = small.assigned()
    small.mail(OTHER_ASKER, "Who mends welding machines in mountain villages?")
    acting(small, _join, small)
    return letter


def _join(session, world):
    leader, question = session.query(Question).order_by(Question.id)
    joining.join(session, world.office, question, leader, world.now, by="system", likeness=0.91)


def test_both_askers_get_the_answer_under_their_own_number(small, pair):
    first, second = small.all(Question)
    assert (second.next_action, second.waiting_for, second.promised_at) == ("follow", "expert", first.promised_at)
    small.mail(DESK, "We leased a lorry.", to=pair)
    letters = {one: small.letter("answer", one) for one in (ASKER_MAIL, OTHER_ASKER)}
    assert first.number in letters[ASKER_MAIL].text and second.number in letters[OTHER_ASKER].text
    assert all("leased a lorry" in one.text for one in letters.values())
    assert "mends welding" not in letters[ASKER_MAIL].text and "remote mountain" not in letters[OTHER_ASKER].text
    assert {one.state for one in small.all(Question)} == {"answered"}
    small.mail(OTHER_ASKER, "What did it cost?", to=letters[OTHER_ASKER])
    assert small.assignments()[-1] == (DESK, "offered") and small.all(Question)[1].merged_into_id is None


def test_the_asker_says_that_they_ask_something_else(small, pair):
    assert click(small, "different", small.letter("joined", OTHER_ASKER)).outcome == "goes on by itself"
    second = small.all(Question)[1]
    assert (second.merged_into_id, second.next_action, second.thread["alone"]) == (None, "search", True)
    small.search()
    assert small.letter("receipt", OTHER_ASKER)
    assert click(small, "different", small.letter("joined", OTHER_ASKER)).toast == "stale"


def test_whoever_waits_goes_on_when_there_is_nothing_to_wait_for(small, pair):
    acting(small, lambda session: closing.close(
        session, small.office, session.query(Question).order_by(Question.id).first(), "coordinator", "", by="user:1", now=small.now))  # fmt: skip
    first, second = small.all(Question)
    assert first.state == "closed" and (second.state, second.next_action) == ("received", "search")


def test_the_sweep_keeps_the_promise_in_step_and_never_lets_go(small, pair):
    small.mail(DESK, "I need 5 more days", to=pair)
    small.run_until(small.now + timedelta(days=3))
    first, second = small.all(Question)
    assert second.promised_at == first.promised_at and second.next_action == "follow" and second.next_action_at > small.now


def test_more_words_of_the_second_asker_reach_the_expert_and_not_the_first_asker(small, pair):
    small.mail(OTHER_ASKER, "Ours are aluminium welders.", to=small.letter("joined", OTHER_ASKER))
    assert "aluminium" in small.letter("asker_replied", DESK).text
    assert not [one for one in small.letters(to=ASKER_MAIL) if "aluminium" in one.text]


@pytest.mark.parametrize("state", ["itself", "sensitive", "answered", "chain"])
def test_what_cannot_be_put_together(small, pair, state):
    with small.store.transaction() as session:
        first, second = session.query(Question).order_by(Question.id)
        target = {
            "itself": (second, second),
            "sensitive": (first, second),
            "answered": (second, first),
            "chain": (first, second),
        }[state]
        first.sensitive = state == "sensitive"
        first.state = "answered" if state == "answered" else first.state
        with pytest.raises(joining.CannotJoin):
            joining.join(session, small.office, *target, small.now, by="user:1")
        session.rollback()


# ------------------------------------------------------------------------------------------ the earlier answer


def test_an_answer_is_offered_only_with_both_consents_and_without_the_place(small):
    with small.store.transaction() as session:
        expert_at(session, DESK).may_be_shared = True
    answer = small.answered("In Lisboa you can lease a lorry; Trento did. Porto may follow.")
    click(small, "helped_yes", answer)
    thanks = small.letter("helped_thanks", ASKER_MAIL)
    with small.store.transaction() as session:
        asker = session.query(Question).one().asker_id
        lisboa = Authority(slug="lisboa", name="Câmara Municipal de Lisboa", kind="municipality", country="PT", place="Lisboa", zone="Europe/Lisbon")  # fmt: skip
        session.add(lisboa)
        session.flush()
        session.get(Address, find_address(session, "email", ASKER_MAIL).id).person_id = asker
        from routing.models import Person

        session.get(Person, asker).authority_id = lisboa.id
    assert click(small, "share_yes", thanks).outcome == "may be shared"
    small.mail(OTHER_ASKER, "Who mends welding machines?")
    with small.store.transaction() as session:
        question = session.query(Question).order_by(Question.id.desc()).first()
        from routing import sameness

        [other] = sameness.others(session, question)
        same = sameness.choose([other], [0.9], small.office.policy.same, small.now)
        sharing.offer(session, small.office, question, session.get(Answer, same.answer), same.likeness, small.now)
    letter = small.letter("earlier_answer", OTHER_ASKER)
    assert "lease a lorry; Trento did" in letter.text and "Lisboa" not in letter.text and ASKER_MAIL not in letter.text
    assert click(small, "accept", letter).outcome.startswith("accepted answer-")
    assert small.question().state == "closed" and small.all(Proposal)[-1].state == "accepted"


@pytest.mark.parametrize("who", ["expert", "asker"])
def test_without_consent_nothing_is_offered(small, who):
    with small.store.transaction() as session:
        expert_at(session, DESK).may_be_shared = who == "asker"
    click(small, "helped_yes", small.answered())
    with small.store.transaction() as session:
        session.query(Question).one().may_be_shared = who == "expert"
    small.mail(OTHER_ASKER, "Who mends welding machines?")
    with small.store.snapshot() as session:
        from routing import sameness

        assert sameness.others(session, session.query(Question).order_by(Question.id.desc()).first()) == ()


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("In Lisboa and LISBOA's north", ["Lisboa"], "In … and …'s north"),
        ("Lisboeta stays", ["Lisboa"], "Lisboeta stays"),
        ("The city of X", ["X", ""], "The city of X"),
        ("Câmara de Lisboa, Lisboa", ["Lisboa", "Câmara de Lisboa"], "…, …"),
    ],
)
def test_names_are_left_out_as_whole_words(text, names, left):
    assert sharing.without_names(text, names) == left


# ------------------------------------------------------------------------------------------ somebody else


def test_a_colleague_of_the_directory_is_asked_at_once(small):
    row = small.mail(DESK, f"Un collega: {SECOND}", to=small.assigned())
    assert row.outcome == "proposed Dual office, who is asked"
    assert small.assignments() == [(DESK, "declined"), (SECOND, "offered")]
    assert small.letter("holding", ASKER_MAIL) and "altra persona interpellata" in small.letter("assignment", SECOND).text


def test_a_role_names_a_colleague_of_the_own_authority(small):
    small.mail(DESK, "Ask instead: training office", to=small.assigned())
    assert small.assignments()[-1] == (DEPUTY, "offered")


def test_a_stranger_is_never_let_in_unseen(small):
    row = small.mail(DESK, "Ask instead: stranger@elsewhere.example", to=small.assigned())
    assert row.outcome == "proposed somebody unknown; a coordinator looks"
    assert small.question().waiting_for == "coordinator" and not small.letters(to="stranger@elsewhere.example")
    assert "stranger@elsewhere.example" in small.letter("co_question", COORDINATOR).text
    assert "stranger" not in small.letter("holding", ASKER_MAIL).text


# ------------------------------------------------------------------------------------------ calendars and absences


def test_a_changed_week_moves_the_deadline_and_says_so(small):
    small.assigned()
    before = small.all(Assignment)[0]
    with small.store.transaction() as session:
        trento = session.query(Authority).filter_by(slug="trento").one()
        trento.exceptions = {"2026-11-30": "closed", "2026-12-01": "closed"}
        assert recounting.after_calendar(session, small.office, trento, small.now) == 1
        assert recounting.after_calendar(session, small.office, trento, small.now) == 0
        calendar = calendar_of(trento)
    [after] = small.all(Assignment)
    assert after.deadline_at > before.deadline_at and after.explanation["at"] == after.deadline_at.isoformat()
    assert calendar.local_day(after.deadline_at) == calendar.local_day(before.deadline_at) + timedelta(
        days=3
    )  # the 8th is a holiday
    assert small.question().promised_at == after.deadline_at
    assert small.letter("deadline_moved", DESK) and small.letter("new_date", ASKER_MAIL)


def test_what_a_pause_gave_back_survives_a_changed_week(small):
    letter = small.assigned()
    small.mail(DESK, "Question for the policy maker: which trades?", to=letter)
    small.now += timedelta(days=2)
    small.mail(ASKER_MAIL, "Welding.", to=small.letter("ask_back", ASKER_MAIL))
    before = small.all(Assignment)[0].deadline_at
    with small.store.transaction() as session:
        assert (
            recounting.after_calendar(session, small.office, session.query(Authority).filter_by(slug="trento").one(), small.now)
            == 0
        )
    assert small.all(Assignment)[0].deadline_at == before


def test_away_until_after_the_deadline_moves_the_question_at_once(small):
    small.assigned()
    due = small.all(Assignment)[0].deadline_at.date()
    with small.store.transaction() as session:
        desk = expert_at(session, DESK)
        recounting.note_absence(session, small.office, desk, small.now.date(), due + timedelta(days=5), "console", small.now)
    assert small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")]
    assert "away" in small.letter("holding", ASKER_MAIL).text


def test_a_short_absence_only_puts_off_reminders(small):
    letter = small.assigned()
    small.mail(DESK, "Accetto", to=letter)
    [before] = small.all(Assignment)
    half = date.fromisoformat(before.reminders[0]["at"][:10])
    with small.store.transaction() as session:
        desk = expert_at(session, DESK)
        assert recounting.note_absence(session, small.office, desk, half, half, "console", small.now)
        assert not recounting.note_absence(session, small.office, desk, half, half, "console", small.now)
    [after] = small.all(Assignment)
    assert after.deadline_at == before.deadline_at and after.reminders[0]["at"][:10] > half.isoformat()
    assert len(small.all(Absence)) == 1 and small.assignments() == [(DESK, "accepted")]


def test_an_absence_taken_back_lets_the_reminders_come_when_they_were_planned(small):
    letter = small.assigned()
    small.mail(DESK, "Accetto", to=letter)
    [before] = small.all(Assignment)
    half = date.fromisoformat(before.reminders[0]["at"][:10])
    with small.store.transaction() as session:
        recounting.note_absence(session, small.office, expert_at(session, DESK), half, half, "console", small.now)
    assert small.all(Assignment)[0].remind_at > before.remind_at
    with small.store.transaction() as session:
        desk, absence = expert_at(session, DESK), session.query(Absence).one()
        recounting.remove_absence(session, small.office, desk, absence, "user:1", small.now)
    [after] = small.all(Assignment)
    assert (after.remind_at, after.reminders) == (before.remind_at, before.reminders)
    assert small.question().next_action_at == after.remind_at


def test_a_corrected_absence_counts_from_the_moments_that_were_planned(small):
    letter = small.assigned()
    small.mail(DESK, "Accetto", to=letter)
    [before] = small.all(Assignment)
    half = date.fromisoformat(before.reminders[0]["at"][:10])
    with small.store.transaction() as session:
        desk = expert_at(session, DESK)
        for first, last in ((half, half), (half - timedelta(days=2), half - timedelta(days=1)), (half - timedelta(days=2), half)):
            recounting.note_absence(session, small.office, desk, first, last, "console", small.now)
    [absence], [after] = small.all(Absence), small.all(Assignment)
    assert (absence.first_day, absence.last_day) == ((half - timedelta(days=2)).isoformat(), half.isoformat())
    assert after.remind_at > before.remind_at and after.reminders[0]["planned"] == before.reminders[0]["at"]


def test_a_machine_that_names_only_the_return_does_not_shorten_an_absence(small):
    today = small.now.date()
    with small.store.transaction() as session:
        desk = expert_at(session, DESK)
        recounting.note_absence(session, small.office, desk, today + timedelta(days=2), today + timedelta(days=9), "console", small.now)
        assert recounting.away_from_now(session, small.office, desk, today + timedelta(days=4), "automatic reply", small.now)
        assert not recounting.away_from_now(session, small.office, desk, today + timedelta(days=4), "automatic reply", small.now)
    [absence] = small.all(Absence)
    assert (absence.first_day, absence.last_day) == (today.isoformat(), (today + timedelta(days=9)).isoformat())


def test_a_file_is_the_whole_truth_about_absences(small):
    with small.store.transaction() as session:
        desk = expert_at(session, DESK)
        recounting.note_absence(session, small.office, desk, date(2026, 12, 24), date(2027, 1, 6), "console", small.now)
    rows = rows_of(exported(small)[1])
    without = [{name: value for name, value in row.items() if name != "absences"} for row in rows]
    emptied = [row | {"absences": "2027-02-01/2027-02-05" if row["email"] == DESK else ""} for row in rows]
    for told, kept in ((without, "2026-12-24"), (emptied, "2027-02-01")):
        with small.store.transaction() as session:
            directory.import_experts(session, told, small.now, small.office)
        assert [one.first_day for one in small.all(Absence)] == [kept]
    assert [one.kind for one in small.all(Event) if one.kind.startswith("absence")] == ["absence-removed", "absence-noted"]


# ------------------------------------------------------------------------------------------ review and sample


@pytest.mark.parametrize(
    ("entry", "tier", "waits"),
    [(None, "standard", False), (None, "extended", True), ("review", "standard", True), ("straight", "extended", False)],
)
def test_the_authoritys_entry_outweighs_the_tier(small, entry, tier, waits):
    letter = small.assigned()
    with small.store.transaction() as session:
        session.query(Authority).filter_by(slug="trento").one().review = entry
        session.query(Question).one().tier = tier
    small.mail(DESK, "We leased a lorry.", to=letter)
    assert bool(small.letters("answer")) is not waits and (stand(small).steps[-1].key == "review") is waits


def test_a_sample_is_drawn_by_its_seed_once_a_month(small):
    ids = list(range(1, 101))
    assert len(reviewing.sample_of(ids, 0.1, "a")) == 10 == len(set(reviewing.sample_of(ids, 0.1, "a")))
    assert reviewing.sample_of(ids, 0.1, "a") == reviewing.sample_of(ids[::-1], 0.1, "a") != reviewing.sample_of(ids, 0.1, "b")
    assert reviewing.sample_of([], 0.1, "a") == [] and reviewing.sample_of([5], 0.1, "a") == [5]
    small.answered()
    small.now += timedelta(days=20)
    assert acting(small, reviewing.draw_sample, small.office, small.now) == 1
    assert acting(small, reviewing.draw_sample, small.office, small.now + timedelta(hours=1)) == 0
    [review] = small.all(Review)
    marks = dict.fromkeys(reviewing.CRITERIA, "2") | {"sources": "1"}
    with pytest.raises(reviewing.NotScored), small.store.transaction() as session:
        reviewing.score(session, review.id, {"clear": "2"}, "", by="user:1", now=small.now)
    acting(small, reviewing.score, review.id, marks, " fine ", by="user:1", now=small.now)
    with small.store.snapshot() as session:
        [(month, drawn, scored, shares)] = reviewing.results(session)
    assert (month, drawn, scored, shares["sources"], shares["clear"]) == ("2026-11", 1, 1, 0.5, 1.0) and len(shares) == 9


# ------------------------------------------------------------------------------------------ the directory


@pytest.fixture
def yearly(small):
    """A year has passed; returns the letter to the desk about its authority's entry."""
    small.now += timedelta(days=366)
    small.sweep()
    small.sweep()
    return small.letter("confirm_entry", DESK)


def test_once_a_year_each_authority_is_asked(small, yearly):
    assert len(small.letters("confirm_entry")) == 3 and "Trento" in yearly.text and "08:30" in yearly.text
    assert {one.authority_id for one in small.all(ReplyToken) if one.authority_id} == {one.id for one in small.all(Authority)}


def test_yes_by_reply_confirms(small, yearly):
    small.now += timedelta(days=1)
    assert small.mail(DESK, "Sì", to=yearly).outcome == "confirmed"
    trento = next(one for one in small.all(Authority) if one.slug == "trento")
    assert trento.last_confirmed_at == small.now and small.letter("entry_confirmed", DESK)
    small.run_until(small.now + timedelta(days=45), step=timedelta(days=5))
    assert len(small.letters("confirm_entry", DESK)) == 1 and len(small.letters("co_entry", COORDINATOR)) == 2


def test_silence_waits_for_somebody_to_be_told_of_it(small, yearly):
    with small.store.transaction() as session:
        session.execute(update(ConsoleUser).values(active=False))
    small.run_until(small.now + timedelta(days=45), step=timedelta(days=5))
    assert not small.letters("co_entry")
    with small.store.transaction() as session:
        session.execute(update(ConsoleUser).values(active=True))
    small.sweep()
    small.sweep()
    assert len(small.letters("co_entry", COORDINATOR)) == 3


@pytest.mark.parametrize("how", ["added", "given charge"])
def test_whoever_comes_later_is_told_of_the_silence_too_and_nobody_twice(small, yearly, how):
    later = "second-coordinator@network.example"
    if how == "given charge":
        with small.store.transaction() as session:
            user = directory.add_user(session, later, "coordinator", small.now)
            reggio = session.query(Authority).filter_by(slug="reggio").one()
            care.give(session, user.id, [reggio.id], by="user:1", now=small.now)
    small.run_until(small.now + timedelta(days=45), step=timedelta(days=5))
    assert len(small.letters("co_entry", COORDINATOR)) == 3
    assert len(small.letters("co_entry", later)) == (1 if how == "given charge" else 0)
    with small.store.transaction() as session:
        if how == "given charge":
            care.give(session, user.id, [], by="user:1", now=small.now)
        else:
            directory.add_user(session, later, "coordinator", small.now)
    small.sweep()
    small.run_until(small.now + timedelta(days=10), step=timedelta(days=5))
    assert len(small.letters("co_entry", later)) == len(small.letters("co_entry", COORDINATOR)) == 3


def test_yes_by_link_confirms_once(small, yearly):
    assert click(small, "entry_right", yearly).outcome == "confirmed"
    assert click(small, "entry_right", yearly).toast == "stale"


def test_other_words_go_to_a_coordinator(small, yearly):
    assert small.mail(DESK, "Our office has moved to Rovereto.", to=yearly).outcome == "passed on to the coordinators"
    assert "Rovereto" in small.letter("co_entry", COORDINATOR).text


@pytest.mark.parametrize("facts", [{"proven": False}, {"sender": "stranger@elsewhere.example"}])
def test_a_stranger_confirms_nothing(small, yearly, facts):
    row = small.mail(**{"sender": DESK, "text": "Sì", "to": yearly} | facts)
    assert row.state == "held"


def test_the_authority_corrects_its_entry_and_running_deadlines_follow(small, yearly):
    small.assigned()
    before = small.all(Assignment)[0].deadline_at
    entry = confirming.Entry("Trento", "Rovereto", "it, en de", "mon-wed 09:00-12:00", "3", "Workshops")
    with small.store.transaction() as session:
        trento = session.query(Authority).filter_by(slug="trento").one()
        person = find_address(session, "email", DESK).person_id
        confirming.correct(session, small.office, trento, person, entry, small.now)
    trento = next(one for one in small.all(Authority) if one.slug == "trento")
    assert (trento.languages, trento.capacity_per_month, trento.place) == (["it", "en", "de"], 3, "Rovereto")
    assert small.all(Assignment)[0].deadline_at > before and small.letter("deadline_moved", DESK)


@pytest.mark.parametrize(
    ("wrong", "key"),
    [({"name": " "}, "wrong_name"), ({"capacity": "many"}, "wrong_capacity"), ({"languages": "italiano"}, "wrong_languages"),
     ({"hours": "sometimes"}, "wrong_hours"), ({"profile": "x" * 3000}, "too_long"), ({"capacity": "9" * 5000}, "wrong_capacity")],
)  # fmt: skip
def test_corrections_that_make_no_sense_are_refused(small, wrong, key):
    right = confirming.Entry("T", "", "it", "mon 09:00-12:00", "3", "")
    with small.store.transaction() as session:
        trento = session.query(Authority).filter_by(slug="trento").one()
        with pytest.raises(confirming.EntryError) as refused:
            confirming.correct(session, small.office, trento, 1, replace(right, **wrong), small.now)
        session.rollback()
    assert refused.value.key == key


def test_the_expert_hears_that_the_answer_was_used(small):
    small.answered()
    small.run_until(small.now + timedelta(days=16))
    click(small, "used_yes", small.letter("used_question", ASKER_MAIL))
    assert small.letter("became", DESK)


@pytest.mark.parametrize("wanted", [1, 2])
def test_a_panel_by_policy(store, tmp_path, wanted):
    """So many experts as the tier wishes are asked at once, each of another authority, and the asker is told how many."""
    policy = load_policy()
    wished = {name: replace(tier, panel=wanted) for name, tier in policy.tiers.items()}
    world = World(store, tmp_path / "index", policy=replace(policy, tiers=wished))
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    asked = world.all(Assignment)
    with world.store.snapshot() as session:
        authorities = {session.get_one(Expert, one.expert_id).authority_id for one in asked}
    assert len(asked) == len(authorities) == len(world.letters("assignment")) == wanted
    assert {one.panel for one in asked} == {wanted > 1} and len(world.letters("receipt")) == 1
    assert world.question().promised_at == min(one.deadline_at for one in asked)


# ------------------------------------------------------------------------------------------ export and contact health


def test_the_directory_comes_out_as_it_goes_in(small):
    with small.store.transaction() as session:
        desk = expert_at(session, DESK)
        desk.may_be_named = desk.may_be_shared = True
        session.query(Authority).filter_by(slug="trento").one().review = "review"
        recounting.note_absence(session, small.office, desk, date(2026, 12, 24), date(2027, 1, 6), "console", small.now)
    first = exported(small)
    with small.store.transaction() as session:
        directory.import_authorities(session, rows_of(first[0]), small.now, small.office)
        directory.import_experts(session, rows_of(first[1]), small.now)
    assert exported(small) == first and "named;shared" in first[1] and "2026-12-24/2027-01-06" in first[1]
    assert len(small.all(Absence)) == 1


def exported(world):
    from routing import directory_export

    with world.store.snapshot() as session:
        return directory_export.authorities_csv(session), directory_export.experts_csv(session)


def rows_of(text):
    import csv
    import io

    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("what", "wrong", "says"),
    [("authorities", {"review": "sometimes"}, "review is one of"), ("experts", {"consent": "all"}, "consent is any of"),
     ("experts", {"absences": "tomorrow"}, "absences are like")],
)  # fmt: skip
def test_a_wrong_further_column_is_named(small, what, wrong, says):
    rows = rows_of(exported(small)[what == "experts"])[:1]
    rows[0] |= wrong
    take = directory.import_authorities if what == "authorities" else directory.import_experts
    with small.store.transaction() as session:
        with pytest.raises(directory.DirectoryError, match=f"Row 2.*{says}"):
            take(session, rows, small.now)
        session.rollback()


def test_importing_other_hours_counts_running_deadlines_again(small):
    small.assigned()
    before = small.all(Assignment)[0].deadline_at
    rows = [row | {"hours": "mon-wed 09:00-12:00"} for row in rows_of(exported(small)[0]) if row["slug"] == "trento"]
    with small.store.transaction() as session:
        directory.import_authorities(session, rows, small.now, small.office)
    assert small.all(Assignment)[0].deadline_at > before and small.letter("deadline_moved", DESK)


def test_contact_health_counts_a_year(small):
    from routing import contacts

    letter = small.assigned()
    small.mail(DESK, "Decline", to=letter)
    small.now += timedelta(hours=1)
    small.mail(DEPUTY, "We leased a lorry.", to=small.letter("assignment", DEPUTY))
    with small.store.transaction() as session:
        people = {each: expert_at(session, each).id for each in (DESK, DEPUTY, SECOND)}
        address = find_address(session, "email", SECOND)
        address.dead_at, address.dead_reason = small.now, "bounced (5.1.1)"
        known = contacts.health(session, small.now, people.values())
        later = contacts.health(session, small.now + timedelta(days=400), [people[DESK]])
    assert (known[people[DESK]].declined, known[people[DESK]].answered, known[people[DEPUTY]].answered) == (1, 0, 1)
    assert known[people[DEPUTY]].last_heard_at == small.now and known[people[DEPUTY]].trouble == ""
    assert "5.1.1" in known[people[SECOND]].trouble and later == {people[DESK]: contacts.Health()}
    assert contacts.Health(silent=3, answered=1).trouble == "silent 3 times" and contacts.Health(bounces=2).trouble


# ------------------------------------------------------------------------------------------ perhaps the same question


def perhaps(small, first, second, cosine):
    """The numbers that a coordinator is shown beside the second question, when the embedder finds the two so near."""
    small.mail(ASKER_MAIL, first)
    small.search()
    small.mail(OTHER_ASKER, second)
    with small.store.transaction() as session:
        question = session.get(Question, small.question().id)
        known = briefing.brief(session, question.id, small.now)
        known = briefing.with_likeness(known, [cosine] * len(known.others), small.office.policy.same, small.now)
        deciding.apply(session, small.office, known, None, small.now)
    with small.store.snapshot() as session:
        return [one.number for one in joining.perhaps_the_same(session, session.get(Question, small.question().id))]


@pytest.mark.parametrize(
    ("second", "cosine", "shown"),
    [("Chi paga l'autobus agli apprendisti?", 0.60, True), ("Chi paga l'autobus agli apprendisti?", 0.45, False),
     ("Chi ripara le saldatrici?", 0.60, False), ("Chi ripara le saldatrici?", 0.70, True)],
)  # fmt: skip
def test_a_coordinator_is_shown_what_may_be_the_same(small, second, cosine, shown):
    found = perhaps(small, "Who pays the bus fares of apprentices?", second, cosine)
    assert found == (["2026-0001"] if shown else []) and small.question().merged_into_id is None


def test_nothing_is_shown_of_a_question_that_was_set_apart_or_answered(small):
    assert perhaps(small, "Who pays the bus fares of apprentices?", "Chi paga l'autobus agli apprendisti?", 0.6)
    small.mail(DESK, "The region pays half of it.", to=small.letter("assignment", DESK))
    with small.store.snapshot() as session:
        assert not joining.perhaps_the_same(session, session.get(Question, small.question().id))
