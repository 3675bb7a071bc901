"""Years of questions, written straight into the tables: for measurements, and for reports that need many of them.

`fill(store, questions, messages, now)` is deterministic. Three in a hundred questions are open, spread over all tabs.
"""

import json
import random
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from retrieval import load_collection
from routing import directory, fiches, signin
from routing.finding import words_of
from routing.languages import LANGUAGES
from routing.letters.labels import LABELS
from routing.models import (
    Address,
    Answer,
    Assignment,
    Attempt,
    Authority,
    ConsoleUser,
    Event,
    Expert,
    InboxMessage,
    OutboxMessage,
    Person,
    Proposal,
    Question,
    QuestionWord,
)  # fmt: skip

COLLECTION = Path(__file__).parents[2] / "data" / "collections" / "vet-practices"
COUNTRIES = ("PT", "AT", "RO", "HR", "GR", "TR", "ES", "FR", "IT", "IE", "BE", "FI")
THEMES = tuple(LABELS)[:16]
PART = 2_000
OPEN = (
    ("received", "us", "search"), ("proposed", "asker", "remind of proposal"), ("assigned", "expert", "watch assignments"),
    ("assigned", "coordinator", "nag coordinator"), ("answered", "asker", "ask whether used"), ("assigned", "expert", "watch assignments"),
)  # fmt: skip


def fill(store, questions, messages, now, say=lambda text: None, seed=7):
    """People, authorities, published fiches, and `questions` with `messages` in and out; returns the number of messages."""
    archive = _Archive(random.Random(seed), questions, messages, now)
    with store.transaction() as session:
        directory.add_user(session, "coordinator@network.example", "coordinator", now, "Coordination desk")
        directory.add_user(session, "admin@network.example", "admin", now, "Administrator")
        fiches.import_records(session, load_collection(COLLECTION), now)
        archive.slugs = [record.slug for record in load_collection(COLLECTION)]
        _write(session, archive.people())
    for first in range(1, questions + 1, PART):
        with store.transaction() as session:
            _write(session, archive.part(first, min(first + PART, questions + 1)))
        say(f"{min(first + PART - 1, questions)} questions, {archive.written} messages")
    if not store.is_sqlite:
        _tell_sequences(store)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE")
    return archive.written


def cookie(store, email, now):
    """A signed-in session's secret."""
    with store.transaction() as session:
        user = session.query(ConsoleUser).filter_by(email=email).one()
        link = signin.make_link(session, user, now, "http://archive.test")
    with store.transaction() as session:
        return signin.sign_in(session, link.rpartition("/")[2], now, hours=12)


def _write(session, rows_of):
    for table, rows in rows_of.items():
        if rows:
            session.execute(insert(table.__table__), rows)


def _tell_sequences(store):
    """Rows came with their ids; the next one must not take one of them again."""
    with store.engine.begin() as connection:
        for table in (
            Person,
            Address,
            Authority,
            Expert,
            Question,
            InboxMessage,
            OutboxMessage,
            Event,
            Assignment,
            Proposal,
            Answer,
        ):
            name = table.__tablename__
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")


class _Archive:
    BASE = 1_000  # ids below belong to who was there before

    def __init__(self, dice, questions, messages, now):
        self.dice, self.questions, self.now = dice, questions, now
        self.began = now - timedelta(days=3 * 365)
        self.askers = max(questions // 5, 10)
        self.authorities, self.experts = 120, 360
        self.replies = max((messages - questions) * 4 // 10 // questions, 1)
        self.letters = max((messages - questions * (1 + self.replies)) // questions, 1)
        self.written, self.events, self.slugs = 0, 0, []
        asked = [json.loads(line) for line in (COLLECTION / "questions.jsonl").read_text("utf-8").splitlines()]
        self.texts = {language: [one["text"] for one in asked if one["language"] == language] for language in LANGUAGES}
        self.words = sorted({word.strip(".,?;:!").lower() for one in asked for word in one["text"].split() if len(word) > 5})

    def people(self):
        persons, addresses, authorities, experts = [], [], [], []
        for number in range(self.authorities):
            country = COUNTRIES[number % 12]
            authorities.append(dict(
                id=self.BASE + number, slug=f"authority-{number}", name=f"Authority {number} ({country})", kind="municipality",
                country=country, place=f"Place {number}", zone="Europe/Rome", hours={"mon-fri": ["08:00-16:00"]}, exceptions={},
                themes=[THEMES[number % 16], THEMES[(number + 5) % 16]], languages=[LANGUAGES[number % 8], "en"], profile="",
                capacity_per_month=6, active=True,
            ))  # fmt: skip
        for number in range(self.experts + self.askers):
            row, is_expert = self.BASE + number, number < self.experts
            channel = "email" if is_expert or number % 2 else "telegram"
            at = (
                f"expert{number}@authority.example"
                if is_expert
                else f"asker{number}@town.example"
                if number % 2
                else str(10**6 + number)
            )
            persons.append(
                dict(
                    id=row,
                    name=f"Desk {number}",
                    language=LANGUAGES[number % 8],
                    country=COUNTRIES[number % 12],
                    created_at=self.began,
                )
            )
            addresses.append(dict(id=row, person_id=row, channel=channel, address=at, rank=0))
            if is_expert:
                experts.append(dict(
                    id=row, person_id=row, authority_id=self.BASE + number % self.authorities, role=f"Desk {number % 3}",
                    themes=[], languages=["en"], rank=number % 3, active=True,
                ))  # fmt: skip
        return {Authority: authorities, Person: persons, Address: addresses, Expert: experts}

    def part(self, first, last):
        rows = {
            table: []
            for table in (Question, QuestionWord, InboxMessage, Assignment, OutboxMessage, Attempt, Proposal, Answer, Event)
        }
        for number in range(first, last):
            self._one(number, rows)
        return rows

    def _one(self, number, rows):
        dice = self.dice
        asked = self.began + (self.now - self.began) * (number / (self.questions + 1))
        is_open = number > self.questions * 0.98 or dice.random() < 0.01
        state, waiting, action = OPEN[number % 6] if is_open else ("closed", "nobody", "none")
        asker = self.BASE + self.experts + dice.randrange(self.askers)
        language = LANGUAGES[min(int(dice.expovariate(0.45)), 7)]
        text = f"{dice.choice(self.texts[language])} {' '.join(dice.sample(self.words, 6))}"
        by_expert, word, done = dice.random() < 0.55, asked + timedelta(minutes=dice.randrange(1, 30)), None
        answered = asked + timedelta(hours=dice.expovariate(1 / 40)) if not is_open or state == "answered" else None
        if answered is not None:
            answered = min(answered, self.now)
            done = None if is_open else min(answered + timedelta(days=7), self.now)
        promised = (
            asked + timedelta(days=(2, 5, 15)[number % 3])
            if not is_open
            else self.now + timedelta(hours=dice.randrange(-72, 240))
        )
        rows[Question].append(dict(
            id=number, number=f"{asked.year}-{number:04d}", asker_id=asker, address_id=asker, thread={}, roster=[], inbox_id=None,
            language=language, subject="", text=text, theme=THEMES[number % 16] if number % 7 else None, country=COUNTRIES[asker % 12],
            tier=("urgent", "standard", "extended")[number % 3], sensitive=number % 50 == 0, state=state, waiting_for=waiting,
            next_action=action, next_action_at=self.now + timedelta(hours=dice.randrange(1, 90)) if is_open else None,
            promised_at=promised, first_promised_at=promised, revision=3,
            created_at=asked, first_word_at=word, answered_at=answered, closed_at=done,
            closed_because=None if is_open else "answered" if by_expert else "answered by a fiche", verdict=None, used=None,
        ))  # fmt: skip
        words = words_of(f"{asked.year}-{number:04d}", "", text)
        rows[QuestionWord] += [{"word": word, "question_id": number} for word in words]
        self._mail(number, asker, asked, text, rows)
        if by_expert or waiting == "expert":
            self._assignment(number, asked, promised, answered, waiting, rows)
        elif state != "received":
            self._proposal(number, asked, is_open, rows)
        self._events(number, asked, answered, done, by_expert, rows)

    def _mail(self, number, asker, asked, text, rows):
        for place in range(1 + self.replies):
            row = number if place == 0 else self.questions + (number - 1) * self.replies + place
            at, writer = asked + timedelta(hours=place), self.BASE + number % self.experts if place == 1 else asker
            state = "held" if place and number % 400 == 0 else "handled"
            rows[InboxMessage].append(dict(
                id=row, channel="email", external_id=f"in-{row}", raw=text.encode(), envelope={}, received_at=at, state=state,
                attempts=1, next_attempt_at=at, kind="message", reason="unproven sender" if state == "held" else None,
                outcome="question" if place == 0 else "reply", sender=f"writer{writer}@town.example", subject="", text=text[:200],
                cut="", facts={}, person_id=writer, question_id=number, sender_name="",
            ))  # fmt: skip
        for place in range(self.letters):
            row, at = (number - 1) * self.letters + place + 1, asked + timedelta(hours=place * 5)
            state = "failed" if number % 1000 == 1 and place == 0 and number > self.questions * 0.9 else "sent"
            rows[OutboxMessage].append(dict(
                id=row, effect_key=f"receipt:{row}", kind="receipt", channel="email", address_id=asker, person_id=asker,
                question_id=number, language="en", subject="", text=text[:300], buttons=[], files=[], automatic=True,
                message_id=f"<{row}@network.example>", references=[], state=state, attempts=1, next_attempt_at=at, fence=1,
                ambiguities=0, created_at=at, sent_at=at if state == "sent" else None,
            ))  # fmt: skip
            rows[Attempt].append(dict(outbox_id=row, fence=1, at=at, outcome=state, code="250", detail=""))
        self.written += 1 + self.replies + self.letters

    def _assignment(self, number, asked, promised, answered, waiting, rows):
        expert = self.BASE + number % self.experts
        state = "answered" if answered else "accepted" if waiting == "expert" else "lapsed"
        rows[Assignment].append(dict(
            id=number, question_id=number, expert_id=expert, state=state, reasons=[], stage=0, reminders=[], deadline_at=promised,
            explanation={}, created_at=asked, settled_at=answered, settled_because=None,
        ))  # fmt: skip
        if answered:
            rows[Answer].append(dict(
                id=number, question_id=number, assignment_id=number, author=f"expert:{expert}", language="en", text="One visits firms.",
                state="released", created_at=answered, released_at=answered, released_by="policy",
            ))  # fmt: skip

    def _proposal(self, number, asked, is_open, rows):
        slug = self.slugs[number % len(self.slugs)]
        rows[Proposal].append(dict(
            id=number, question_id=number, state="offered" if is_open else "accepted", confidence=0.8, created_at=asked,
            matches=[{"slug": slug, "title": slug, "title_language": "en", "country": COUNTRIES[(number * 7) % 12], "place": "", "quote": ""}],
            accepted_fiche=None if is_open else slug, settled_at=None if is_open else asked + timedelta(hours=3),
        ))  # fmt: skip

    def _events(self, number, asked, answered, done, by_expert, rows):
        told = [("question-received", "asker", asked), ("decided", "system", asked + timedelta(minutes=1))]
        told += [("assigned", "system", asked + timedelta(minutes=2)), ("reminded", "system", asked + timedelta(hours=20))]
        told += [("answered", "system", answered)] if answered else []
        told += [("closed", "system", done)] if done else []
        details = {"decided": {"decision": "Assign", "reasons": []}, "closed": {"because": "answered"}}
        details |= {"assigned": {"expert": "Desk", "authority": "Authority"}, "reminded": {"expert": "Desk", "stage": "due_soon"}}
        for kind, actor, at in told:
            self.events += 1
            rows[Event].append(
                dict(id=self.BASE + self.events, question_id=number, at=at, actor=actor, kind=kind, detail=details.get(kind, {}))
            )
