"""Two transactions at the same questions: on PostgreSQL they wait for each other in one order, so never in a ring.

Each race is run many times from the same moment. A ring shows itself as an error of whoever is sacrificed, and in the server's
own count of deadlocks.
"""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from routing import closing, intake, joining, judge, recounting
from routing.errors import RoutingError
from routing.locking import Busy, followers, lock_all, locked, locked_if_free
from routing.models import Authority, OutboxMessage, Question
from routing.people import find_address
from routing.post import post
from routing.recipients import to_person
from routing.values import Incoming, Kind
from tests.world import COORDINATOR, DESK, OTHER_QUESTION

ROUNDS = 4
PATIENCE_S = 120

on_postgresql = pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True)


class Race:
    """Acts that begin at once, each in a transaction of its own; what they raise is kept, but for "somebody was quicker"."""

    def __init__(self, world):
        self.world, self.errors, self.refusals = world, [], 0

    def run(self, *acts):
        line = threading.Barrier(len(acts))
        threads = [threading.Thread(target=self._run, args=(act, line)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"

    def _run(self, act, line):
        line.wait(PATIENCE_S)
        try:
            with self.world.store.transaction() as session:
                act(session)
        except RoutingError:
            self.refusals += 1
        except Exception as error:
            self.errors.append(error)

    def deadlocks(self):
        with self.world.store.snapshot() as session:
            session.execute(text("SELECT pg_stat_clear_snapshot()"))
            counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            return session.scalar(text(counted))


@pytest.fixture
def race(small):
    race = Race(small)
    yield race
    assert race.errors == []
    small.store.close()  # a connection hands its counts over when it ends
    assert race.deadlocks() == 0


def assigned(small, number):
    """A question of somebody new that the desk has; the desk's letter."""
    small.mail(f"clerk@first-{number}.example", f"{OTHER_QUESTION} ({number})")
    small.search()
    return small.letter("assignment", DESK)


def asked(small, number):
    """A question that an expert has, and the same of somebody else that waits for its answer; both letters, both ids."""
    letter, leader = assigned(small, number), small.question()
    small.mail(second(number), f"Who mends welding machines in mountain villages? ({number})")
    waiting = small.question()
    with small.store.transaction() as session:
        both = [session.get(Question, one.id) for one in (waiting, leader)]
        joining.join(session, small.office, *both, small.now, by="system")
    return letter, small.letter("joined", second(number)), leader.id, waiting.id


def second(number):
    return f"clerk@second-{number}.example"


def mails(small, *told):
    """Mails that have come in and are lent to workers: acts that judge them. Each is (sender, text, letter replied to)."""
    acts = []
    for number, (sender, words, to) in enumerate(told):
        token = to.reply_to.partition("+")[2].partition("@")[0]
        small._counter += 1
        name = f"race{small._counter}"
        item = Incoming(
            channel="email", kind=Kind.MESSAGE, rule="words", sender=sender, text=words, proven=True, tokens=(token,),
            message_id=f"<{name}@x.example>",
        )  # fmt: skip
        with small.store.transaction() as session:
            intake.receive(session, channel="email", external_id=name, raw=f"{name} {number}".encode(), now=small.now)
        acts.append(item)
    with small.store.transaction() as session:
        taken = intake.claim(session, small.now)
    return [
        lambda session, one=one, item=item: judge.accept(session, small.office, one, item, small.now)
        for one, item in zip(taken, acts, strict=True)
    ]


@on_postgresql
def test_the_answer_and_more_words_of_somebody_who_waits_for_it(small, race):
    for number in range(ROUNDS):
        letter, joined, leader, waiting = asked(small, number)
        race.run(*mails(small, (DESK, "We leased a lorry.", letter), (second(number), "Ours are aluminium welders.", joined)))
        states = {one.id: one.state for one in small.all(Question)}
        assert states[leader] == "answered" and states[waiting] in ("answered", "assigned")


@on_postgresql
def test_a_question_is_closed_while_somebody_who_waits_for_it_withdraws(small, race):
    """Neither is lost: what its asker has withdrawn is not opened again by the end of the other one."""
    for number in range(ROUNDS):
        _letter, joined, leader, waiting = asked(small, number)

        def close(session, leader=leader):
            question = locked(session, leader)
            closing.close(session, small.office, question, "coordinator", "", by="user:1", now=small.now)

        race.run(close, *mails(small, (second(number), "Stop", joined)))
        states = {one.id: (one.state, one.closed_because) for one in small.all(Question)}
        assert states[leader][0] == "closed"
        assert states[waiting] == ("closed", "asker_withdrew")


@on_postgresql
def test_somebody_joins_while_the_answer_comes(small, race):
    for number in range(ROUNDS):
        letter, _joined, leader, _waiting = asked(small, number)
        small.mail(f"clerk@third-{number}.example", f"Who repairs welding machines up there? ({number})")
        third = small.question().id

        def join(session, leader=leader, third=third):
            both = lock_all(session, (third, leader))
            joining.join(session, small.office, both[third], both[leader], small.now, by="system")

        race.run(join, *mails(small, (DESK, "We leased a lorry.", letter)))
        late = next(one for one in small.all(Question) if one.id == third)
        assert late.state in ("received", "answered")  # joined and answered with it, or too late to join


@on_postgresql
def test_an_expert_goes_away_while_the_calendar_of_the_authority_changes(small, race):
    """Both touch all that the expert has, one from the middle, the other from the beginning."""
    for number in range(ROUNDS):
        letters = [assigned(small, f"{number}-{part}") for part in "abc"]
        until = (small.now + timedelta(days=40 + number)).date().isoformat()

        def recount(session, number=number):
            authority = session.scalars(select(Authority).where(Authority.slug == "trento")).one()
            authority.hours = {day: [f"09:{number:02}-1{3 + number % 4}:00"] for day in ("mon", "tue", "wed")}
            recounting.after_calendar(session, small.office, authority, small.now)

        race.run(recount, *mails(small, (DESK, f"away until {until}", letters[-1])))


@on_postgresql
def test_the_same_letter_is_written_by_two(small, race):
    """Neither fails: one letter is there, and the second is told that it is."""
    made = []

    def write(session, edition):
        to = to_person(session, find_address(session, "email", COORDINATOR).person_id, "coordinator")
        facts = {"count": 1, "url": "https://rrm.example/held"}
        made.append(post(session, small.office, to, "co_held", facts, now=small.now, edition=edition))

    for number in range(ROUNDS):
        race.run(*(lambda session, edition=f"round {number}": write(session, edition) for _ in range(3)))
    assert sum(letter is not None for letter in made) == len(small.letters("co_held", COORDINATOR)) == ROUNDS


@on_postgresql
def test_whoever_names_a_question_need_not_wait_for_whoever_holds_it(small, store):
    small.assigned()
    [letter], question = small.letters("assignment"), small.question()
    with small.store.transaction() as session, small.store.transaction() as other:
        assert locked(session, question.id) is not None
        other.execute(text("SET LOCAL lock_timeout = '2s'"))
        copy = OutboxMessage(
            effect_key="twin", kind="moved_on", channel="email", address_id=letter.address_id, person_id=letter.person_id,
            question_id=question.id, language="en", text="words", message_id="<twin@x.example>", next_attempt_at=small.now,
            created_at=small.now,
        )  # fmt: skip
        other.add(copy)
        other.flush()
        other.rollback()


@on_postgresql
def test_a_lock_against_the_order_is_had_at_once_or_not_at_all(small):
    for number in range(2):
        assigned(small, number)
    low, high = (one.id for one in small.all(Question))
    with small.store.transaction() as session:
        assert locked(session, high) and locked(session, low), "free, so had at once"
    with small.store.transaction() as session, pytest.raises(Busy, match="Try again"), small.store.transaction() as other:
        assert locked(session, low)
        assert locked(other, high)
        assert locked_if_free(other, low) is None
        locked(other, low)


def test_the_order(small):
    """Whoever is waited for comes before those who wait, the lower id first, however they are named."""
    _letter, _joined, leader, waiting = asked(small, 1)
    assigned(small, 2)
    alone = small.question().id
    taken = []

    def seen(_connection, _cursor, statement, parameters, _context, _many):
        if "merged_into_id" in statement and statement.rstrip().endswith(tail):
            taken.append(next(iter(parameters.values())) if isinstance(parameters, dict) else parameters[0])

    with small.store.transaction() as session:
        tail = "question.id = ?" if small.store.is_sqlite else "FOR NO KEY UPDATE"
        event.listen(small.store.engine, "before_cursor_execute", seen)
        assert set(lock_all(session, (alone, waiting))) == {leader, waiting, alone}
        event.remove(small.store.engine, "before_cursor_execute", seen)
        assert [one.id for one in followers(session, session.get(Question, leader))] == [waiting]
        assert locked(session, 10_000) is None
    assert taken == [leader, alone, waiting]
