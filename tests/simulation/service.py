"""The service as the simulation drives it: the real routing code, with a post office in place of the networks.

`Service` has the clock of the machine it runs on, which may be wrong. It does in one thread what the loops of the service do:
read what came in, search, do what is due, carry letters. What it carries it hands to `post`, a function.
"""

import functools
import shutil
import sqlite3

from sqlalchemy import select

from routing import bounces, briefing, deciding, directory, intake, judge, outbox, sweeps
from routing.columns import Moment
from routing.competence import Near
from routing.errors import Refused, Unreachable
from routing.migrate import upgrade
from routing.models import Authority, OutboxMessage, Question
from routing.office import Office
from routing.policy import load_policy
from routing.store import Store
from routing.values import Incoming, Kind, Sent
from tests.simulation.people import THEMES

COORDINATOR = "coordinator@network.example"


MOST_ROUNDS = 200
DUE = (
    "SELECT min(next_attempt_at) FROM inbox_message WHERE state = 'new'",
    "SELECT min(next_action_at) FROM question WHERE next_action = 'search'",
    "SELECT min(next_action_at) FROM question WHERE next_action <> 'search'",
    "SELECT min(next_attempt_at) FROM outbox_message WHERE state IN ('queued', 'claimed')",
)


class Crash(Exception):
    """The process dies here."""


def empty_database(folder):
    """A migrated database that each seed starts from."""
    path = folder / "empty.db"
    if not path.exists():
        store = Store(f"sqlite:///{path}")
        upgrade(store)
        store.close()
    return path


@functools.cache
def store_at(path):
    """One engine for all seeds played at this path: compiling its statements takes longer than running them."""
    return Store(f"sqlite:///{path}")


class Service:
    def __init__(self, folder, seed, authorities, experts, luck, now):
        self.path = folder / "play.db"
        self._remove()
        shutil.copy(empty_database(folder), self.path)
        self.office = Office(
            load_policy(), "Simulated network", "questions@network.example", "reply.network.example", "https://rrm.example"
        )
        self.luck, self.post, self._heard = luck, None, {}
        self.start()
        with self.store.transaction() as session:
            directory.import_authorities(session, authorities, now)
            directory.import_experts(session, experts, now)
            directory.add_user(session, COORDINATOR, "coordinator", now)
            self._themes = {one.id: set(one.themes) for one in session.scalars(select(Authority))}

    def start(self):
        """A new process on the same database: nothing else survives but statements that were compiled already."""
        self.store = store_at(self.path)
        self._looking = sqlite3.connect(self.path, isolation_level=None)

    def stop(self):
        self._looking.close()
        self.store.close()

    def end(self):
        self.stop()
        self._remove()

    def _remove(self):
        """Also what a play left open that was broken off: a connection to the old file would read the old play."""
        store_at(self.path).close()
        for kept in self.path.parent.glob(f"{self.path.name}*"):
            kept.unlink()

    def hear(self, item, external_id, now):
        """Store what came in. What was read of its bytes is kept beside them, as reading them again would give the same."""
        with self.store.transaction() as session:
            stored = intake.receive(session, channel=item.channel, external_id=external_id, raw=external_id.encode(), now=now)
        if stored is not None:
            self._heard[stored] = item

    def tick(self, now):
        """One look at everything, as often as there is something to do; then what belongs to no question."""
        for _ in range(MOST_ROUNDS):
            if not self._round(now):
                break
        else:
            raise AssertionError("the service runs in circles")
        with self.store.transaction() as session:
            sweeps.housekeeping(session, self.office, now)

    def _round(self, now):
        due = self._due()
        return any([work(now) for at, work in zip(due, self._work, strict=True) if at is not None and at <= now])

    def next_due(self):
        """The earliest moment at which something will be due, or None."""
        return min((due for due in self._due() if due is not None), default=None)

    @property
    def _work(self):
        return self._handle, self._search, self._sweep, self._carry

    def look(self, query):
        """One figure, read as `_due` reads."""
        return self._looking.execute(query).fetchone()[0]

    def rows(self, query):
        return self._looking.execute(query).fetchall()

    def _due(self):
        """When the next message, search, question and letter is due. Asked thousands of times, so without the ORM."""
        return [read(self._looking.execute(query).fetchone()[0]) for query in DUE]

    def _handle(self, now):
        with self.store.transaction() as session:
            taken = intake.claim(session, now)
        for one in taken:
            with self.store.transaction() as session:
                judge.accept(session, self.office, one, self._heard[one.id], now)
        return len(taken)

    def _search(self, now):
        with self.store.snapshot() as session:
            due = list(sweeps.due_searches(session, now))
        for question_id in due:
            with self.store.snapshot() as session:
                known = briefing.brief(session, question_id, now)
            known = briefing.with_nearness(known, self._near(known.text))
            with self.store.transaction() as session:
                session.get_one(Question, question_id).theme = theme_of(known.text)
                deciding.apply(session, self.office, known, None, now)
        return len(due)

    def _near(self, text):
        """In place of an embedder: an authority is as near as it knows the theme that the text names."""
        theme = theme_of(text)
        return Near({one: 0.6 if theme in known else 0.1 for one, known in self._themes.items()}, {theme: 1.0}, {})

    def _sweep(self, now):
        with self.store.snapshot() as session:
            due = list(sweeps.due_questions(session, now))
        acted = 0
        for question_id in due:
            with self.store.transaction() as session:
                acted += sweeps.act(session, self.office, question_id, now) is not None
        return acted

    def _carry(self, now):
        with self.store.transaction() as session:
            claims = outbox.claim(session, worker="simulated", now=now, limit=50, tell=self._tell)
        for claimed in claims:
            self._carry_one(claimed, now)
        return len(claims)

    def _carry_one(self, claimed, now):
        try:
            with self.store.transaction() as session:
                assert outbox.at_brink(session, claimed, now)
            self.post(claimed.letter)
        except (Refused, Unreachable) as error:
            with self.store.transaction() as session:
                fate = outbox.settle_failure(session, claimed, error, now, self.office.policy.outbox, self.luck)
                if fate == "failed":
                    bounces.give_up_letter(
                        session, self.office, session.get_one(OutboxMessage, claimed.outbox_id), str(error), now
                    )
            return
        with self.store.transaction() as session:
            outbox.settle_sent(session, claimed, Sent(), now)

    def _tell(self, session, letter, now):
        bounces.tell_ambiguous(session, self.office, letter, now)


def read(moment):
    """A moment as SQLite holds it: text of fixed width in UTC."""
    return Moment().process_result_value(moment, None)


def theme_of(text):
    return next((theme for theme in THEMES if theme in text), THEMES[0])


def chat(sender, text="", **facts):
    """What a phone sends: words, or a pressed button."""
    told = dict(channel="telegram", kind=Kind.MESSAGE, rule="text", sender=sender, text=text, proven=True, language_hint="en")
    return Incoming(**(told | facts))


def mail(sender, text, to=None, number="", **facts):
    """A mail as the mail reader hands it over; `to` is a letter of ours it replies to."""
    tokens = (to.reply_to.partition("+")[2].partition("@")[0],) if to is not None and to.reply_to else ()
    told = dict(
        channel="email", kind=Kind.MESSAGE, rule="words", sender=sender, text=text, proven=True, tokens=tokens,
        message_id=f"<{number}@people.example>",
    )  # fmt: skip
    return Incoming(**(told | facts))
