"""Races and edges: copies that arrive at once, verdicts that come too late, panels, failpoints, nearness."""

import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from routing import assigning, buttons, failpoints, intake, judge, sweeps, verdicts
from routing.absences import away
from routing.experience import Competence, Near, Profile
from routing.models import Absence, Authority, Expert, InboxMessage, Question
from routing.people import find_address, move_chat
from routing.values import Incoming, Kind
from tests.world import ASKER_MAIL, CHAT, DEPUTY, DESK, OTHER_QUESTION, SECOND


def at_once(*works):
    """Run all at the same moment; what one raises is raised here."""
    barrier, wrong = threading.Barrier(len(works)), []

    def run(work):
        barrier.wait()
        try:
            work()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_same_message_from_two_readers_at_once_is_stored_once(small):
    taken = []

    def receive():
        for number in range(5):
            with small.store.transaction() as session:
                taken.append(intake.receive(session, channel="email", external_id=f"m{number}", raw=b"x", now=small.now))

    at_once(receive, receive, receive)
    assert len(small.all(InboxMessage)) == 5 == sum(one is not None for one in taken)


def test_copies_of_one_mail_judged_at_once_are_one_question(small):
    item = Incoming("email", Kind.MESSAGE, "words", ASKER_MAIL, text=OTHER_QUESTION, proven=True, fingerprint="one")
    with small.store.transaction() as session:
        for number in range(4):
            intake.receive(session, channel="email", external_id=f"m{number}", raw=b"x", now=small.now)
        lent = intake.claim(session, small.now)

    def judging(taken):
        def work():
            with small.store.transaction() as session:
                judge.accept(session, small.office, taken, item, small.now)

        return work

    at_once(*map(judging, lent))
    assert sorted(row.state for row in small.all(InboxMessage)) == ["handled", "ignored", "ignored", "ignored"]
    assert len(small.all(Question)) == 1


def lapse(small, letter):
    with small.store.transaction() as session:
        return sweeps.act(session, small.office, letter.question_id, small.now + timedelta(days=300))


def start(work):
    """Let another worker try the same question; it gets a second to run into whatever stops it."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(1.0)
    return thread


def test_an_answer_that_comes_while_the_question_moves_on_is_held(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        sweeps.act(session, small.office, letter.question_id, small.now + timedelta(days=300))
        session.flush()
        other = start(lambda: small.mail(DESK, "We leased a lorry.", to=letter))
    other.join()
    assert small.assignments() == [(DESK, "lapsed"), (DEPUTY, "offered")]
    assert small.all(InboxMessage)[-1].state == "held" and small.letters("answer") == []


def test_a_question_does_not_move_on_while_its_answer_is_being_taken(small):
    letter = small.assigned()
    token = letter.reply_to.partition("+")[2].partition("@")[0]
    item = Incoming("email", Kind.MESSAGE, "words", DESK, text="We leased a lorry.", proven=True, tokens=(token,))
    with small.store.transaction() as session:
        intake.receive(session, channel="email", external_id="answer", raw=b"x", now=small.now)
        [taken] = intake.claim(session, small.now)
    with small.store.transaction() as session:
        judge.accept(session, small.office, taken, item, small.now)
        session.flush()
        other = start(lambda: lapse(small, letter))
    other.join()
    assert small.assignments() == [(DESK, "answered")] and small.letters("reminder") == []


def test_two_presses_of_one_button_at_once_count_once(small):
    letter = small.assigned()
    button = next(one for one in small.buttons(letter) if one.action == "decline")
    outcomes = []

    def press():
        with small.store.transaction() as session:
            outcomes.append(buttons.press(session, small.office, button.id, now=small.now).outcome)

    at_once(press, press, press)
    assert sorted(outcomes) == ["declined", "stale button", "stale button"]
    assert small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")]


def verdict(small, act, *args):
    with small.store.transaction() as session:
        question = session.get(Question, small.question().id)
        office = () if act is verdicts.clarify else (small.office,)
        return act(session, *office, question, *args, small.now)


def test_verdicts_on_what_is_no_longer_there_change_nothing(small):
    small.assigned()
    before = small.question().revision
    assert verdict(small, verdicts.accept_proposal, 1) == "stale"
    assert verdict(small, verdicts.refuse_proposal) == "stale"
    assert verdict(small, verdicts.clarify, 1) == "stale"
    assert small.question().revision == before


def test_a_fiche_that_was_not_shown_cannot_be_accepted(small):
    small.proposed()
    assert verdict(small, verdicts.accept_proposal, 3) == "stale"
    assert small.question().state == "proposed"


def test_of_a_panel_only_the_late_one_is_reminded(small):
    small.mail(DESK, "Accept", to=small.assigned())
    small.now += timedelta(days=3)
    with small.store.transaction() as session:
        question = session.query(Question).one()
        third = session.get(Expert, question.roster[2]["expert"])
        assigning.assign(session, small.office, question, third, [], small.now, tell_asker="")
    done = small.run_until(small.now + timedelta(days=5), timedelta(hours=3))
    assert small.letters("reminder", DESK) and small.letters("reminder", SECOND)
    assert "nothing due" in str(done), "while one is reminded, the other is left in peace"


def test_a_chat_that_moves_onto_itself_stays(small):
    small.chat(OTHER_QUESTION)
    with small.store.transaction() as session:
        address = find_address(session, "telegram", CHAT)
        move_chat(session, address, CHAT, small.now)
        assert address.dead_at is None


class LengthEmbedder:
    """Embeds a text as the lengths of its first two words: small, and easy to foresee."""

    name, dims = "length", 2

    def __init__(self):
        self.seen = []

    def encode_questions(self, texts):
        rows = np.array([[len(word) for word in [*text.split(), "", ""][:2]] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode_passages(self, texts):
        self.seen += texts
        return self.encode_questions(texts)


def test_profiles_are_embedded_once():
    embedder = LengthEmbedder()
    competence = Competence(embedder)
    known = {1: Profile("abc abcd"), 2: Profile("abcd abc")}
    for _ in range(2):
        near = competence.near("xyz wxyz", known).authorities
        assert near[1] == pytest.approx(1.0) and near[2] == pytest.approx(0.96)
    assert sorted(embedder.seen) == ["abc abcd", "abcd abc"]
    assert competence.near("xyz", {}) == Near()


def test_a_failpoint_acts_at_the_visit_it_names(monkeypatch):
    monkeypatch.setattr(failpoints, "_plans", failpoints._parse("a=raise@2, b=pause:0,c"))
    monkeypatch.setattr(failpoints, "_visits", failpoints.Counter())
    failpoints.failpoint("elsewhere")
    failpoints.failpoint("b")
    failpoints.failpoint("a")
    with pytest.raises(failpoints.FailpointHit, match="a"):
        failpoints.failpoint("a")
    failpoints.failpoint("a")
    with pytest.raises(failpoints.FailpointHit, match="c"):
        failpoints.failpoint("c")


def test_a_failpoint_can_kill(monkeypatch):
    killed = []
    monkeypatch.setattr(failpoints.os, "kill", lambda pid, number: killed.append(number))
    failpoints._act("x", "kill")
    assert killed == [failpoints.signal.SIGKILL]


@pytest.mark.parametrize(
    ("at", "zone", "is_away"),
    [
        (datetime(2026, 3, 10, 12, tzinfo=UTC), "Europe/Rome", True),
        (datetime(2026, 3, 10, 23, 30, tzinfo=UTC), "Europe/Rome", False),  # it is the 11th in Rome
        (datetime(2026, 3, 11, 9, tzinfo=UTC), "Pacific/Pago_Pago", True),  # still the 10th there
        (datetime(2026, 3, 8, 22, 30, tzinfo=UTC), "Pacific/Kiritimati", True),  # already the 9th there
        (datetime(2026, 3, 8, 22, 30, tzinfo=UTC), "Europe/Rome", False),
    ],
)
def test_an_absence_begins_and_ends_at_the_experts_own_midnight(small, at, zone, is_away):
    """Of several that overlap the latest end counts; others are not away because somebody is."""
    with small.store.transaction() as session:
        expert = session.scalars(select(Expert).order_by(Expert.id)).first()
        session.get_one(Authority, expert.authority_id).zone = zone
        for first in ("2026-03-09", "2026-03-10"):
            session.add(Absence(expert_id=expert.id, first_day=first, last_day="2026-03-10"))
        session.flush()
        assert away(session, at) == ({expert.id: date(2026, 3, 10)} if is_away else {})
        assert away(session, at, [expert.id + 1]) == {}
