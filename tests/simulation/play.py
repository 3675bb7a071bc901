"""A discrete-event simulation: people act by the true time, the service by its own clock, and stops or errs now and then.

Everything is drawn from one seed. Events lie in a heap; between two of them the service is ticked at each moment at which
something of its own is due, never in small steps, so that five years pass in seconds.
"""

import heapq
import itertools
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from routing import coordinating, held, tiers
from routing.calendar import WorkingCalendar
from routing.deadlines import next_working_moment
from routing.errors import Refused, RoutingError, Unreachable
from routing.models import Button, InboxMessage, Question
from routing.policy import TIERS
from routing.values import FailedRecipient, Kind
from routing.words import word_for
from tests.simulation import people
from tests.simulation.figures import measured
from tests.simulation.people import DAY, HOUR
from tests.simulation.promises import Promises
from tests.simulation.service import COORDINATOR, Crash, Service, chat, mail

BEGIN = datetime(2026, 1, 5, 6, tzinfo=UTC)
ASKED = ("assignment", "answer_missing")
ASKS_BACK = word_for("ask_back", "en")  # as the letters suggest it


class Play:
    """One seed. `run` returns the `Promises`, whose list `broken` is empty when all were kept."""

    def __init__(self, seed, folder, size=people.SMALL):
        self.seed, self.size, self.luck = seed, size, random.Random(f"simulation {seed}")
        rows = list(people.experts(size, self.luck))
        self.habits = {row["email"]: habit for row, habit in zip(rows, people.habits(size, self.luck), strict=True)}
        self.seats = {row["email"]: people.PLACES[int(row["authority"].partition("-")[2]) % len(people.PLACES)] for row in rows}
        self.now, self.slip, self.down = BEGIN, timedelta(0), False
        self._heap, self._count, self.met = [], itertools.count(), Counter()
        self.service = Service(folder, seed, list(people.authorities(size, self.luck)), rows, self.luck, BEGIN)
        self.service.post = self._deliver
        self.promises = Promises(self.service, f"seed {seed}")
        self._plan()

    @property
    def clock(self):
        """What the service believes the time to be."""
        return self.now + self.slip

    def run(self):
        until = BEGIN + timedelta(days=self.size.days + 60)
        while self._heap and self._heap[0][0] <= until:
            at, _, act, facts = heapq.heappop(self._heap)
            self._let_time_pass(at)
            self.now = max(self.now, at)
            act(*facts)
            self._look()
        self._let_time_pass(until)
        self.figures = measured(self.service.store, self.size.experts)
        self.service.end()
        return self.promises

    def later(self, wait, act, *facts):
        heapq.heappush(self._heap, (self.now + wait, next(self._count), act, facts))

    # ------------------------------------------------------------------ time

    def _plan(self):
        span = timedelta(days=self.size.days)
        for number in range(self.size.questions):
            self.later(self.luck.random() * span, self._ask, number)
        for _ in range(self.size.downtimes):
            length = self.luck.choice((timedelta(seconds=1), HOUR, 10 * HOUR, 3 * DAY, 12 * DAY, 30 * DAY))
            self.later(self.luck.random() * span, self._stop, length)
        for _ in range(self.size.jumps):
            self.later(self.luck.random() * span, self._jump, self.luck.choice((HOUR, -HOUR, DAY, -DAY, 40 * DAY)))

    def _let_time_pass(self, until):
        """Tick at each moment that is due before `until` by the clock of the service."""
        while not self.down:
            due = self.service.next_due()
            if due is None or due - self.slip > until:
                return
            self.now = max(self.now, due - self.slip)
            self._look()
            if not self.down and self.service.next_due() == due:  # nothing came of it: look again, and let it be found overdue
                self.now += timedelta(minutes=1)

    def _look(self):
        if self.down:
            return
        try:
            self.service.tick(self.clock)
        except Crash:  # between the brink and the answer of the far side: the letter's fate is unknown
            self.met["crash"] += 1
            self.service.stop()
            self.service.start()
        else:
            self.promises.check(self.clock)

    def _stop(self, length):
        if not self.down:
            self.down = True
            self.met["downtime"] += 1
            self.service.stop()
            self.later(length, self._start)

    def _start(self):
        self.down = False
        self.service.start()

    def _jump(self, by):
        """The clock of the machine goes wrong for six hours, then right again."""
        self.slip, self.met["jump"] = by, self.met["jump"] + 1
        self.later(6 * HOUR, self._right)

    def _right(self):
        self.slip = timedelta(0)

    # ------------------------------------------------------------------ the post

    def _hear(self, item, external_id):
        """A mail waits in the mailbox while the service is down."""
        if self.down:
            self.later(HOUR, self._hear, item, external_id)
            return
        self.service.hear(item, external_id, self.clock)
        if self.luck.random() < 0.05:  # a mailbox may hand over the same mail twice
            self.service.hear(item, external_id, self.clock)

    def _deliver(self, letter):
        """A letter reaches its reader, or does not."""
        if self.luck.random() < 0.03:
            raise Unreachable("451 try again later")
        habit = self.habits.get(letter.address)
        if habit == "bouncing" and self.luck.random() < 0.3:
            raise Refused("550 no such user", address_is_dead=True)
        if habit == "bouncing":
            self.later(HOUR, self._bounce, letter)
        else:
            self._read(letter, habit)
        if self.luck.random() < 0.01:
            raise Crash

    def _read(self, letter, habit):
        if letter.address == COORDINATOR:
            self.later(self.luck.uniform(0.1, 1.5) * DAY, self._coordinate, letter)
        elif habit is None:
            ASKER.get(letter.kind, _nothing)(self, letter)
        elif letter.kind in ("assignment", "answer_missing", "reminder", "asker_replied", "accepted"):
            getattr(self, f"_{habit}")(letter)

    def _say(self, sender, text, letter=None, after=HOUR, **facts):
        """Somebody writes, at their desk if they are an expert."""
        at = self.now + after
        if sender in self.seats:
            country, zone, _, hours = self.seats[sender]
            at = next_working_moment(at, WorkingCalendar.of(zone, hours, country))
        number = next(self._count)
        said = chat(sender, text) if sender.isdecimal() else mail(sender, text, letter, number, **facts)
        self.later(at - self.now, self._hear, said, f"{said.channel} {number}")

    def _press(self, letter, action, after):
        """A button of a letter that came to a chat."""
        with self.service.store.snapshot() as session:
            stored = [session.get(Button, one.id) for one in letter.buttons]
        for button in (
            one for one in stored if one.action == action.partition(":")[0] and action.partition(":")[2] in (one.value or "")
        ):
            number = next(self._count)
            pressed = chat(letter.address, kind=Kind.BUTTON, button=button.id, callback_id=str(number))
            self.later(after, self._hear, pressed, f"telegram {number}")

    # ------------------------------------------------------------------ askers

    def _ask(self, number):
        theme = self.luck.choice(people.THEMES)
        text = f"How do others organise {theme}? We would like to hear from somebody who has done it, case {number} of ours."
        asker = self.luck.randrange(self.size.askers)
        self._say(str(90_000 + asker) if asker % 3 == 0 else f"asker-{asker}@town.example", text, after=timedelta(0))

    # ------------------------------------------------------------------ experts

    def _prompt(self, letter):
        if letter.kind not in ASKED:
            return
        said = self.luck.random()
        if said < 0.12:
            self._say(letter.address, f"{ASKS_BACK}: for how many learners is this meant?", letter, self._days(0.1, 1))
        elif said < 0.2:
            self._say(letter.address, "accept", letter, self._days(0.05, 0.5))
            self._say(letter.address, "3 more days", letter, self._days(1, 4))
            self._answer(letter, self._days(5, 12))
        else:
            self._answer(letter, self._days(0.05, 2.5))
            if said > 0.9:  # answers once more
                self._answer(letter, self._days(3, 6))

    def _slow(self, letter):
        if letter.kind in ASKED:
            self._say(letter.address, "accept", letter, self._days(0.5, 3))
            self._answer(letter, self._days(6, 25))

    def _silent(self, letter):
        pass

    def _away(self, letter):
        """An absence note by machine, or by hand."""
        if letter.kind not in ASKED:
            return
        until = (self.now + self._days(2, 20)).date()
        if self.luck.random() < 0.5:
            self._say(letter.address, "I am away.", letter, HOUR, kind=Kind.AUTO_REPLY, absent_until=until)
        else:
            self._say(letter.address, f"away until {until.isoformat()}", letter, HOUR)

    def _wrong(self, letter):
        if letter.kind not in ASKED:
            return
        said = self.luck.random()
        if said < 0.5:
            self._say(letter.address, "decline: not our field", letter, self._days(0.1, 3))
        elif said < 0.75:  # a colleague answers from another address
            self._say(f"colleague.{letter.address}", "We share one workshop.", letter, self._days(0.2, 3))
        else:
            self._say(letter.address, "We lease a lorry for it.", letter, self._days(0.2, 3), proven=False)

    def _bounce(self, letter):
        failed = (FailedRecipient(letter.address, hard=self.luck.random() < 0.6, status="5.1.1"),)
        number = next(self._count)
        item = mail(
            "mailer-daemon@far.example", "", letter, number, kind=Kind.BOUNCE, failed=failed, references=(letter.message_id,)
        )
        self._hear(item, f"mail {number}")

    def _answer(self, letter, after):
        words = "We share one workshop among five valleys and lease the lorry for three years."
        self._say(letter.address, f"{words} Ask for more, case {next(self._count)}.", letter, after)

    def _days(self, low, high):
        return self.luck.uniform(low, high) * DAY

    # ------------------------------------------------------------------ the coordinator

    def _coordinate(self, letter):
        """Looks at the console: releases what is held, answers what nobody could."""
        if self.down:
            self.later(6 * HOUR, self._coordinate, letter)
            return
        with self.service.store.snapshot() as session:
            waiting = session.scalars(select(Question.id).where(Question.waiting_for == "coordinator")).all()
            kept = session.execute(select(InboxMessage.id, InboxMessage.question_id).where(InboxMessage.state == "held")).all()
        for inbox_id, question_id in kept:
            self._try(lambda session, i=inbox_id, q=question_id: self._release(session, i, q))
        for question_id in waiting:
            self._try(lambda session, q=question_id: self._take(session, q))

    def _try(self, act):
        try:
            with self.service.store.transaction() as session:
                act(session)
        except RoutingError:
            self.met["refused"] += 1

    def _release(self, session, inbox_id, question_id):
        if question_id is None:
            held.discard(session, inbox_id, "says nothing", by=COORDINATOR, now=self.clock)
        else:
            held.release_to(session, self.service.office, inbox_id, question_id, by=COORDINATOR, now=self.clock)

    def _take(self, session, question_id):
        question = session.get(Question, question_id, with_for_update=True)
        if question.waiting_for != "coordinator":
            return
        answers = self.promises.waiting_answers(session, question)
        if self.luck.random() < 0.1:
            tiers.change(session, self.service.office, question, self.luck.choice(TIERS), by=COORDINATOR, now=self.clock)
        if answers:
            first, text = answers[0].id, answers[0].text
            coordinating.release_answer(session, self.service.office, question, first, text, by=COORDINATOR, now=self.clock)
        else:
            coordinating.answer(
                session,
                self.service.office,
                question,
                "Nobody has done this yet, so far as we know.",
                by=COORDINATOR,
                now=self.clock,
            )


def _nothing(_play, _letter):
    pass


def _hears_an_answer(play, letter):
    said = play.luck.random()
    word = "yes" if said < 0.5 else "no" if said < 0.62 else None
    if word and letter.channel == "telegram":
        play._press(letter, f"helped_{word}", play._days(0.1, 6))
    elif word:
        play._say(letter.address, word, letter, play._days(0.1, 6))


def _says_what_is_missing(play, letter):
    if play.luck.random() < 0.7:
        play._say(letter.address, "We meant small towns without a workshop of their own.", letter, play._days(0.1, 5))


def _says_whether_used(play, letter):
    if play.luck.random() >= 0.5:
        return
    word = play.luck.choice(("yes", "no", "not yet"))
    if letter.channel == "telegram":
        play._press(letter, f"used_{word.replace(' ', '_')}", play._days(0.1, 8))
    else:
        play._say(letter.address, word, letter, play._days(0.1, 8))


def _hears_a_date(play, letter):
    """Now and then it is more urgent, or less, than the usual."""
    if letter.channel == "telegram" and play.luck.random() < 0.4:
        play._press(letter, f"tier:{play.luck.choice(TIERS)}", play._days(0.01, 1))


ASKER = {
    "receipt": _hears_a_date,
    "answer": _hears_an_answer,
    "helped_no": _says_what_is_missing,
    "ask_back": _says_what_is_missing,
    "used_question": _says_whether_used,
}
