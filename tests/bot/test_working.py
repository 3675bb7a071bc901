"""The steps of the loops, with a channel at the seam: files that are refused, files that make a message wait, housekeeping."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from bot.clock import MovableClock
from bot.delivery import Delivery
from bot.sweeping import COUNT_EVERY, Sweeping
from bot.working import Intake
from routing import coordinating
from routing.errors import Refused, Unreachable
from routing.models import Authority, Expert, InboxMessage, MonthCounts, OutboxMessage, Question
from routing.values import Incoming, Kind, Sent
from tests.world import COORDINATOR, DESK, OTHER_QUESTION, SECOND, SmallWorld

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FILES = [
    {"name": "plan.pdf", "media_type": "application/pdf", "file_id": "1"},
    {"name": "film.mp4", "media_type": "video/mp4", "file_id": "2"},
]


class ChannelWithFiles:
    """Every message carries two files; the second cannot be had."""

    name = "telegram"

    def __init__(self, error):
        self.error = error

    def sender_of(self, raw, envelope):
        return "501"

    def read(self, raw, envelope):
        return Incoming("telegram", Kind.MESSAGE, "text", "501", text=raw.decode(), proven=True, facts={"files": FILES})

    async def fetch(self, file_id):
        if file_id == "2":
            raise self.error
        return b"%PDF"


@pytest.fixture
def small(store):
    return SmallWorld(store, NOW)


async def handle(small, error):
    clock = MovableClock(NOW)
    intake = Intake(small.store, small.office, clock, {"telegram": ChannelWithFiles(error)})
    await intake.accept("telegram", "1", OTHER_QUESTION.encode(), {})
    await intake.step()
    return small.all(InboxMessage)[0]


async def test_a_file_that_is_refused_is_left_out_and_named(small):
    row = await handle(small, Refused("the file is too large"))
    assert (row.state, row.facts["files_refused"]) == ("handled", ["film.mp4"])
    told = small.letter("attachment_kept", "501").text
    assert "plan.pdf" in told and "film.mp4" not in told


async def test_a_file_that_cannot_be_had_now_makes_the_message_wait(small):
    row = await handle(small, Unreachable("busy"))
    assert (row.state, row.attempts) == ("new", 1) and row.next_attempt_at > NOW


async def test_what_is_said_after_a_message_that_waits_is_not_read_before_it(small):
    channel, clock = ChannelWithFiles(Unreachable("busy")), MovableClock(NOW)
    intake = Intake(small.store, small.office, clock, {"telegram": channel})
    for number, words in enumerate((OTHER_QUESTION, "And who pays for the driver?")):
        await intake.accept("telegram", str(number), words.encode(), {})
    await intake.step()
    assert [(row.state, row.attempts) for row in small.all(InboxMessage)] == [("new", 1), ("new", 0)]
    channel.error = Refused("the file is too large")
    clock.advance(timedelta(minutes=1))
    while await intake.step():
        pass
    assert {row.state for row in small.all(InboxMessage)} == {"handled"}
    assert [one.text for one in small.all(Question)] == [OTHER_QUESTION, "And who pays for the driver?"]


class SlowerAndSlower:
    """A chat service that has been away, and is slowest with what it is given first."""

    name = "telegram"

    def __init__(self):
        self.away, self.pause, self.shown = True, 0.05, []

    async def send(self, letter, brink):
        await brink()
        if self.away:
            raise Unreachable("away")
        self.pause /= 2
        await asyncio.sleep(self.pause)
        self.shown.append(letter.id)
        return Sent("1")


async def test_a_chat_that_was_away_is_shown_its_letters_in_order(small):
    channel, clock = SlowerAndSlower(), MovableClock(NOW)
    delivery = Delivery(small.store, small.office, clock, {"telegram": channel}, "one", senders=8)
    for words in (OTHER_QUESTION, "Who pays for the driver of the lorry?", "Which town trains carers at night?"):
        small.chat(words)
        small.search()
    for minutes in (0, 20):
        clock.advance(timedelta(minutes=minutes))
        await delivery.step()
    written = [row.id for row in small.all(OutboxMessage) if row.channel == "telegram"]
    assert channel.shown == [] and len(written) >= 3
    channel.away = False
    clock.advance(timedelta(minutes=20))
    while await delivery.step():
        pass
    assert channel.shown == sorted(written)


async def test_each_sweep_keeps_house(small):
    small.mail("x@y.example", " ")
    Sweeping(small.store, small.office, MovableClock(NOW)).sweep(NOW)
    assert small.letter("co_held", COORDINATOR)


async def test_months_are_counted_when_nothing_is_due_and_then_not_for_a_while(small):
    """For the reports; whoever waits for a reminder does not wait for that."""
    small.assigned()
    clock = MovableClock(NOW + timedelta(days=60))
    sweeping = Sweeping(small.store, small.office, clock)
    assert await sweeping.step() and counted(small) == []
    while await sweeping.step():
        pass
    await sweeping.step()
    assert counted(small) == ["2026-11", "2026-12"]
    assert sweeping.count(clock.now()) is None
    with small.store.transaction() as session:
        session.execute(delete(MonthCounts))
    assert sweeping.count(clock.now()) is None
    assert sweeping.count(clock.now() + COUNT_EVERY) == "2026-12"


def counted(small):
    with small.store.snapshot() as session:
        return session.scalars(select(MonthCounts.month).order_by(MonthCounts.month)).all()


async def test_one_bad_question_stops_no_other(small, caplog):
    """Also where several share a transaction: what is wrong with one is undone, the others are done."""
    small.assigned()
    small.assigned("Who pays for the driver of the lorry?")
    with small.store.transaction() as session:
        second = session.query(Question).order_by(Question.id).all()[1]
        expert = session.query(Expert).join(Authority).filter(Authority.slug == "reggio").one()
        coordinating.assign_to(session, small.office, second, expert.id, by="user:1", now=NOW)
        session.query(Authority).filter_by(slug="trento").one().zone = "Nowhere/Never"
    later = NOW + timedelta(days=3)
    assert Sweeping(small.store, small.office, MovableClock(later)).sweep(later) == 1
    assert small.letters("reminder", SECOND) and not small.letters("reminder", DESK)
    assert "Nowhere/Never" in caplog.text
    first = small.all(Question)[0]
    assert first.next_action == "watch assignments" and first.next_action_at < later, "it is tried again at the next tick"
