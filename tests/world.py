"""A small network with the same people in every test: two authorities in Italy, one in Croatia, one coordinator.

`World` drives the real intake, judgement, search and sweeps on a real database; only transports are left out: what would
come over a wire is handed to `intake.receive`, and letters are read from the outbox.
"""

import fcntl
import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from retrieval import Searcher, embedder_from, load_collection
from routing import assigning, briefing, deciding, directory, fiches, intake, judge, meaning, outbox, proposing, sweeps
from routing.experience import Competence
from routing.models import Address, Assignment, Button, Event, Expert, InboxMessage, OutboxMessage, Question
from routing.office import Office
from routing.policy import load_policy
from routing.sameness import Likeness
from routing.values import Incoming, Kind, Sent

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASKER_MAIL = "policy-desk@lisboa.example"
CHAT = "501"
DESK = "apprenticeship-desk@trento.example"
DEPUTY = "training-office@trento.example"
SECOND = "dual-office@reggio.example"
THIRD = "kompetencije@karlovac.example"
COORDINATOR = "coordinator@network.example"

AUTHORITIES = [
    dict(
        slug="trento",
        name="Provincia autonoma di Trento",
        kind="county/province",
        country="IT",
        subdivision="TN",
        place="Trento",
        zone="Europe/Rome",
        hours="mon-fri 08:30-12:30,14:00-17:00",
        themes="apprenticeship-dual;guidance",
        languages="it;en",
        capacity_per_month="6",
        profile="Firms and schools train apprentices together; mobile welding workshops drive to remote mountain villages.",
    ),
    dict(
        slug="reggio",
        name="Provincia di Reggio Emilia",
        kind="county/province",
        country="IT",
        subdivision="",
        place="Reggio Emilia",
        zone="Europe/Rome",
        hours="mon-fri 08:30-13:00",
        themes="guidance;apprenticeship-dual",
        languages="it;en",
        capacity_per_month="4",
        profile="Guidance and apprenticeship, with a training van for villages in the Apennines.",
    ),
    dict(
        slug="karlovac",
        name="Karlovačka županija",
        kind="county/province",
        country="HR",
        subdivision="",
        place="Karlovac",
        zone="Europe/Zagreb",
        hours="mon-fri 07:30-15:30",
        themes="infrastructure",
        languages="hr;en",
        capacity_per_month="4",
        profile="Regional competence centre, vocational infrastructure.",
    ),
]
EXPERTS = [
    dict(
        email=DESK,
        authority="trento",
        role="Apprenticeship desk",
        language="it",
        languages="it;en",
        themes="",
        rank="0",
        monthly_limit="9",
    ),
    dict(
        email=DEPUTY,
        authority="trento",
        role="Training office",
        language="it",
        languages="it;en",
        themes="",
        rank="1",
        monthly_limit="9",
    ),
    dict(
        email=SECOND,
        authority="reggio",
        role="Dual office",
        language="it",
        languages="it;en",
        themes="",
        rank="0",
        monthly_limit="9",
    ),
    dict(
        email=THIRD,
        authority="karlovac",
        role="Ured za kompetencije",
        language="hr",
        languages="hr;en",
        themes="",
        rank="0",
        monthly_limit="9",
    ),
]
POLICY = load_policy()
FICHES = load_collection(Path(__file__).parent.parent / "data" / "collections" / "vet-practices")
DUAL_FICHE = "trentino-dual-apprenticeship"
DUAL_QUESTION = "Apprentices work in a firm and learn at school: how do firms and schools train apprentices together?"
OTHER_QUESTION = "Which lorry carries the welding machines up to remote mountain villages in winter?"

MATCHES = [
    {"slug": slug, "title": slug, "title_language": "en", "place": "Trento", "country": "IT", "year": 2015, "quote": "words",
     "quote_language": "en", "source": None, "score": 0.5, "signals": {}}
    for slug in ("first-fiche", "second-fiche")
]  # fmt: skip


@cache
def bundled_embedder():
    return embedder_from("bundled")


def once(name, make):
    """A folder that the first process of the run to ask fills by `make(folder)`; the others wait, and get the same."""
    folder = Path(os.environ["TESTS_SHARE"]) / name
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = Path(tempfile.mkdtemp(dir=folder.parent))
            make(begun)
            begun.rename(folder)
    return folder


def shipped_index():
    """The index of the shipped fiches; each test works on a copy."""
    return once("index", _build_index)


def _build_index(folder):
    searcher = Searcher.open(folder, bundled_embedder())
    searcher.reconcile(FICHES)
    searcher.close()


def read_meanings(store, embedder, now, batches=100, of=meaning.BATCH):
    """What the service does in the background: every question is read, or so many batches of so many are."""
    edition = meaning.edition_of(embedder)
    for _ in range(batches):
        with store.snapshot() as session:
            texts = meaning.to_read(session, edition, of)
        if not texts:
            return
        rows = meaning.read(embedder, list(texts.values()))
        with store.transaction() as session:
            meaning.write(session, edition, texts, rows, now)


class World:
    def __init__(self, store, folder, now=MONDAY, policy=None):
        self._open(store, now, policy)
        shutil.copytree(shipped_index(), folder, dirs_exist_ok=True)
        embedder = bundled_embedder()
        self.searcher = Searcher.open(folder, embedder)
        self.competence, self.likeness = Competence(embedder), Likeness(embedder)
        with store.transaction() as session:
            fiches.import_records(session, FICHES, now)
        self.reindex()

    @classmethod
    def again(cls, store, folder, now=MONDAY):
        """The world of a database and an index that are there already."""
        world = cls.__new__(cls)
        world._stand_in(store, now, None)
        world.searcher = Searcher.open(folder, bundled_embedder())
        world.competence, world.likeness = Competence(bundled_embedder()), Likeness(bundled_embedder())
        return world

    def _stand_in(self, store, now, policy):
        self.store, self.now = store, now
        self.office = Office(
            policy or POLICY,
            "Test network",
            "questions@network.example",
            "reply.network.example",
            "https://rrm.example",
        )
        with store.snapshot() as session:
            self._counter = 2 * session.scalar(select(func.count()).select_from(InboxMessage))  # a mail takes two numbers

    def _open(self, store, now, policy):
        self._stand_in(store, now, policy)
        with store.transaction() as session:
            directory.import_authorities(session, AUTHORITIES, now)
            directory.import_experts(session, EXPERTS, now)
            directory.add_user(session, COORDINATOR, "coordinator", now)

    # ------------------------------------------------------------------ what comes in

    def hear(self, item, external_id=None, raw=b"raw"):
        """One message by the front door: stored, claimed, judged. Returns the stored row."""
        self._counter += 1
        external_id = external_id or f"m{self._counter}"
        with self.store.transaction() as session:
            intake.receive(session, channel=item.channel, external_id=external_id, raw=raw, now=self.now)
        with self.store.transaction() as session:
            for taken in intake.claim(session, self.now):
                judge.accept(session, self.office, taken, item, self.now)
        with self.store.snapshot() as session:
            return session.scalars(select(InboxMessage).where(InboxMessage.external_id == external_id)).one()

    def mail(self, sender, text, to=None, **facts):
        """A mail; `to` is a letter of ours it replies to."""
        self._counter += 1
        tokens = (to.reply_to.partition("+")[2].partition("@")[0],) if to is not None else ()
        told = dict(
            channel="email",
            kind=Kind.MESSAGE,
            rule="words",
            sender=sender,
            text=text,
            proven=True,
            tokens=tokens,
            message_id=f"<in{self._counter}@x.example>",
        )
        return self.hear(Incoming(**(told | facts)))

    def chat(self, text="", sender=CHAT, **facts):
        told = dict(channel="telegram", kind=Kind.MESSAGE, rule="text", sender=sender, text=text, proven=True, language_hint="en")
        return self.hear(Incoming(**(told | facts)))

    def press(self, action, letter, sender=CHAT, which=0):
        """Press a button of a letter: of several that do the same, number `which` from above."""
        button = [one for one in self.buttons(letter) if one.action == action][which]
        return self.chat(kind=Kind.BUTTON, button=button.id, callback_id="cb", sender=sender)

    def buttons(self, letter):
        """The stored buttons of a letter, in the order in which they are shown."""
        with self.store.snapshot() as session:
            return [session.get(Button, button["id"]) for button in letter.buttons]

    # ------------------------------------------------------------------ what the service does

    def search(self):
        with self.store.snapshot() as session:
            due = list(sweeps.due_searches(session, self.now))
        for question_id in due:
            with self.store.snapshot() as session:
                known = briefing.brief(session, question_id, self.now)
            findings = self.searcher.search(known.text, language=known.language)
            known = briefing.with_nearness(known, self.competence.near(known.text, known.profiles, known.answered))
            likeness = self.likeness.to(known.text, [other.text for other in known.others])
            known = briefing.with_likeness(known, likeness, self.office.policy.same, self.now)
            known = briefing.with_parts(known, self.likeness.to, self.office.policy.same)
            with self.store.transaction() as session:
                deciding.apply(session, self.office, known, findings, self.now)

    def sweep(self):
        done = []
        with self.store.snapshot() as session:
            due = list(sweeps.due_questions(session, self.now))
        for question_id in due:
            with self.store.transaction() as session:
                done.append(sweeps.act(session, self.office, question_id, self.now))
        with self.store.transaction() as session:
            sweeps.housekeeping(session, self.office, self.now)
        return done

    def run_until(self, moment, step=timedelta(hours=1)):
        """Let time pass; ticks come every `step`, as they do while the service is up. Returns what was done."""
        done = []
        while self.now < moment:
            self.now = min(self.now + step, moment)
            done += self.sweep()
            self.search()
        return done

    def send_all(self):
        with self.store.transaction() as session:
            for claimed in outbox.claim(session, worker="test", now=self.now, limit=100):
                outbox.settle_sent(session, claimed, Sent(), self.now)

    def reindex(self):
        with self.store.snapshot() as session:
            self.searcher.reconcile(fiches.published(session))

    # ------------------------------------------------------------------ what can be seen

    def letters(self, kind=None, to=None):
        with self.store.snapshot() as session:
            rows = session.execute(
                select(OutboxMessage, Address.address)
                .join(Address, Address.id == OutboxMessage.address_id)
                .order_by(OutboxMessage.id)
            )
            return [row for row, address in rows if (kind is None or row.kind == kind) and (to is None or address == to)]

    def letter(self, kind, to=None):
        found = self.letters(kind, to)
        assert found, f"no letter {kind} to {to}; there are {[(one.kind) for one in self.letters()]}"
        return found[-1]

    def all(self, table, **where):
        with self.store.snapshot() as session:
            return list(session.scalars(select(table).filter_by(**where).order_by(table.id)))

    def question(self):
        return self.all(Question)[-1]

    def events(self, kind):
        return self.all(Event, kind=kind)

    def assignments(self):
        with self.store.snapshot() as session:
            rows = session.execute(
                select(Assignment, Address.address)
                .join(Expert, Expert.id == Assignment.expert_id)
                .join(Address, Address.person_id == Expert.person_id)
                .order_by(Assignment.id, Address.rank, Address.id)
            )
            return [(address, assignment.state) for assignment, address in rows]


class SmallWorld(World):
    """The same people without any fiche: nothing is embedded, and every question goes to the desk, its deputy, the second."""

    def __init__(self, store, now=MONDAY, policy=None):
        self._open(store, now, policy)

    def search(self):
        with self.store.transaction() as session:
            for question_id in sweeps.due_searches(session, self.now):
                question = session.get(Question, question_id)
                question.roster = [roster_row(session, address) for address in (DESK, DEPUTY, SECOND)]
                desk = session.get(Expert, question.roster[0]["expert"])
                assigning.assign(session, self.office, question, desk, question.roster[0]["reasons"], self.now)

    def assigned(self, text=OTHER_QUESTION, **facts):
        """A question by mail, given to the desk; returns the desk's letter."""
        self.mail(ASKER_MAIL, text, **facts)
        self.search()
        return self.letter("assignment", DESK)

    def answered(self, text="We leased a lorry and shared it among five valleys."):
        """... and its answer; returns the asker's letter."""
        self.mail(DESK, text, to=self.assigned())
        return self.letter("answer", ASKER_MAIL)

    def proposed(self, in_chat=False):
        """A question to which two fiches were offered; returns the letter."""
        self.chat(OTHER_QUESTION) if in_chat else self.mail(ASKER_MAIL, OTHER_QUESTION)
        with self.store.transaction() as session:
            question = session.get(Question, self.question().id)
            proposing.propose(session, self.office, question, MATCHES, 0.8, True, self.now)
        return self.letter("proposal")

    def unclear(self):
        """A question in the chat that was answered by asking which is meant; returns the letter."""
        self.chat("And money?")
        with self.store.transaction() as session:
            question = session.get(Question, self.question().id)
            proposing.ask_which(session, self.office, question, ["Loans", "Grants"], self.now)
        return self.letter("clarify", CHAT)


def leaves(session, address, now=MONDAY):
    """An expert is taken off the roster as a coordinator does it: by a row of the directory that says so."""
    directory.import_experts(session, [row | {"active": "no"} for row in EXPERTS if row["email"] == address], now)


def roster_row(session, address):
    found = session.scalars(select(Expert).join(Address, Address.person_id == Expert.person_id).where(Address.address == address))
    expert = found.one()
    reasons = [{"code": "country", "country": "IT"}]
    return {"expert": expert.id, "authority": expert.authority_id, "score": 0.5, "reasons": reasons, "deputy": expert.rank > 0}
