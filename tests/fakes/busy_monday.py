"""A busy Monday: sixty open questions in eight languages, told by the real intake, judgement, search and sweeps."""

import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from routing import coordinating, directory, outbox
from routing.errors import Ambiguous, Refused
from routing.models import Address, Assignment, Expert, OutboxMessage, Question
from routing.values import Sent
from tests.world import DESK, World

ASKED = Path(__file__).parents[2] / "data" / "collections" / "vet-practices" / "questions.jsonl"
NETWORK = "Alpine–Adriatic VET network"
OFFICES = ("policy-desk", "education", "labour-market", "youth", "skills", "regional-office")
TOWNS = ("lisboa", "graz", "cluj", "split", "patras", "izmir", "gijon", "lyon", "novara", "cork")


LOST = Ambiguous("the connection was lost after the final dot")


class BusyMonday(World):
    """`furnish` fills the desk; the clock ends on Monday morning."""

    def furnish(self, count=70):
        with self.store.transaction() as session:
            directory.add_user(session, "coordinator@network.example", "coordinator", self.now, "Coordination desk")
            directory.add_user(session, "admin@network.example", "admin", self.now, "Administrator")
        monday = self.now
        asked = [json.loads(line) for line in ASKED.read_text("utf-8").splitlines()]
        step = len(asked) // count
        for place, question in enumerate(asked[::step][:count]):
            self.now = monday - timedelta(days=16) + timedelta(hours=place * 5.4)
            self._ask(place, question["text"])
            self.search()
            self._carry(place)
            if place % 3 == 1:
                self._turn_down()
            if place % 4 == 0:
                self.sweep()
        self._small_firms(monday)
        self.now = monday
        self._answers()
        self._strangers()
        for _ in range(3):
            self.sweep()
        self.search()
        self._carry(1)
        return self

    def _ask(self, place, text):
        if place % 3:
            sender = f"{OFFICES[place % 6]}@{TOWNS[place % 10]}.example"
            self.mail(sender, text, subject=text[:70].rsplit(" ", 1)[0] if place % 5 == 0 else "")
        else:
            self.chat(text, sender=str(700 + place))
        with self.store.transaction() as session:
            question = session.query(Question).order_by(Question.id.desc()).first()
            question.tier = ("standard", "urgent", "standard", "standard", "extended")[place % 5]
            question.sensitive = place % 23 == 7

    def _turn_down(self):
        """The asker who has waited longest finds no answer in the fiches, and wants an expert."""
        with self.store.snapshot() as session:
            row = session.execute(
                select(OutboxMessage, Address.address)
                .join(Address, Address.id == OutboxMessage.address_id)
                .join(Question, Question.id == OutboxMessage.question_id)
                .where(OutboxMessage.kind == "proposal", Question.state == "proposed", Question.waiting_for == "asker")
                .order_by(OutboxMessage.id)
            ).first()
        if row is None:
            return
        letter, address = row
        if letter.channel == "email":
            self.mail(address, "no", to=letter, subject=f"Re: {letter.subject}")
        else:
            self.press("ask_expert", letter, sender=address)
        self.search()
        self._carry(1)

    def _carry(self, place):
        """Letters go out; a few are refused, and of one nobody knows whether it arrived."""
        for number, claimed in enumerate(self._claim()):
            if number == 0 and place in (40, 52):
                self._fail(claimed, Refused("550 5.1.1 user unknown", code="550", address_is_dead=False))
            elif number == 0 and place in (47, 48):
                self._fail(claimed, LOST)
            else:
                self._send(claimed)

    def _claim(self):
        with self.store.transaction() as session:
            return outbox.claim(session, worker="test", now=self.now, limit=100)

    def _send(self, claimed):
        with self.store.transaction() as session:
            outbox.settle_sent(session, claimed, Sent(), self.now)

    def _fail(self, claimed, error):
        with self.store.transaction() as session:
            outbox.at_brink(session, claimed, self.now)
            outbox.settle_failure(session, claimed, error, self.now, self.office.policy.outbox, _NoLuck())

    def _answers(self):
        """Experts accept, decline, ask back, answer; a colleague's answer and a mistyped address are held."""
        words = (ANSWER, ANSWER, "accept", "decline: on leave until spring", ANSWER, "accept", "2 more days", "accept")
        open_letters = self._open_letters()
        self._set_tiers(zip(open_letters, ("standard", "extended", "standard", "standard", "extended"), strict=False))
        for (address, letter), text in zip(open_letters, words, strict=False):
            self.mail(address, text, to=letter, subject=f"Re: {letter.subject}")
        _, letter = open_letters[-1]
        quoted = "> On Friday RRM wrote:\n> " + letter.text[:200].replace("\n", "\n> ")
        self.mail("colleague@trento.example", ANSWER, to=letter, proven=False, subject=f"Re: {letter.subject}", cut=quoted)
        workshop = "The welding workshop was paid for by the province and two firms."
        self.mail(DESK, workshop, tokens=("0" * 28,), subject="Your question on workshops")
        self.search()

    def _small_firms(self, monday):
        """One question with much history: fiches refused, an expert who accepts, an answer that waits for its release."""
        asker = "youth@graz.example"
        self.now = monday - timedelta(days=6)
        self.mail(asker, SMALL_FIRMS, subject="Training plans with small firms", sender_name="Youth department")
        with self.store.transaction() as session:
            question = session.query(Question).order_by(Question.id.desc()).first()
            question.tier, number = "extended", question.id
        self.search()
        self._carry(1)
        self.now += timedelta(hours=3)
        letters = [one for one in self.letters("proposal", asker) if one.question_id == number]
        if letters:
            self.mail(asker, "no", to=letters[-1], subject=f"Re: {letters[-1].subject}")
        self.search()
        self._carry(1)
        self.now += timedelta(hours=20)
        if not any(letter.question_id == number for _, letter in self._open_letters()):
            self._give(number)  # nobody fitted well enough by themselves
        address, letter = next(one for one in self._open_letters() if one[1].question_id == number)
        self.mail(address, "accept", to=letter, subject=f"Re: {letter.subject}")
        self._carry(1)
        self.now = monday - timedelta(minutes=25)
        quoted = "> " + letter.text[:300].replace("\n", "\n> ")
        self.mail(address, ANSWER, to=letter, subject=f"Re: {letter.subject}", cut=quoted)
        self._carry(1)

    def _give(self, number):
        """A coordinator chooses the expert."""
        with self.store.transaction() as session:
            question = session.get_one(Question, number)
            expert = session.query(Expert).filter_by(active=True).order_by(Expert.id).first()
            coordinating.assign_to(session, self.office, question, expert.id, by="user:1", now=self.now)
        self._carry(1)

    def _set_tiers(self, chosen):
        """A standard answer goes out at once, an extended one waits for a coordinator."""
        with self.store.transaction() as session:
            for (_, letter), tier in chosen:
                session.get_one(Question, letter.question_id).tier = tier

    def _open_letters(self):
        """The letters of assignments that are open, each with its expert's address."""
        with self.store.snapshot() as session:
            rows = session.execute(
                select(Address.address, OutboxMessage)
                .join(Address, Address.id == OutboxMessage.address_id)
                .join(Assignment, Assignment.id == OutboxMessage.assignment_id)
                .where(OutboxMessage.kind == "assignment", Assignment.state == "offered")
                .order_by(OutboxMessage.id)
            )
            return [(address, letter) for address, letter in rows]

    def _strangers(self):
        text = "Best prices for conference furniture, only this week!"
        self.mail("offers@cheap.example", text, tokens=("9" * 28,), subject="Chairs, tables, screens")


SMALL_FIRMS = """Dear colleagues,

most firms here have fewer than ten people, and their masters have no time to write training plans. How do firms and schools elsewhere plan an apprentice's training together, and who pays for the hours?"""

ANSWER = """Dear colleague,

the firm and the school share one training plan, written together each spring. Apprentices spend four days in the firm and one at school.

What made it work in our case:
- one person at the school who visits each firm twice a term;
- a joint examination board, so that firms trust the certificate;
- the province pays the tutor's hours in firms with fewer than ten people.

Kind regards"""


class _NoLuck:
    def uniform(self, low, high):
        return 1.0
