"""Two coordinators act on one question at the same moment, in every combination that can happen.

The actions are read from the router: a new one without a case here fails. Of two that change the question one wins and the other
is told; the history is exactly the winner's. Notes and the like collide with nothing: both are kept.
"""

import itertools
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import pytest

from bot.console.pages import question_acts as page
from routing import assigning, cases, joining
from routing.models import Address, Answer, Event, Expert, OutboxMessage, Person, Question
from routing.splitting import SEVERAL
from tests.fakes.bureau import bureau as a_bureau
from tests.fakes.bureau import csrf_of
from tests.world import DESK, DUAL_FICHE, MONDAY, SECOND, THIRD

# What each form says; {answer} stands for the answer that waits, {leader} for a question that others can wait for.
FORMS = {
    "assignments": {"expert": SECOND},
    "panel": {"expert": THIRD},
    "extensions": {"days": "2", "reason": "holidays"},
    "answers": {"text": "One province paid for it."},
    "answers/{answer}/release": {"text": "Two firms paid."},
    "answers/{answer}/discard": {"reason": "another question"},
    "answers/{answer}/return": {"text": "Who pays the rest?", "days": "2"},
    "answers/{answer}/resumption": {},
    "proposals": {"fiche": DUAL_FICHE},
    "sensitive": {},
    "not-sensitive": {},
    "tier": {"tier": "urgent"},
    "search": {},
    "closure": {"reason": "coordinator", "comment": ""},
    "asking-back": {"text": "For which trades is this meant?"},
    "refusal": {"signpost": "", "other": "Ask the chamber of commerce."},
    "reopening": {},
    "notes": {"text": "remember"},
    "link-revocation": {},
    "joining": {"number": "{leader}"},
    "parting": {},
    "splitting": {},
}
FREE = {"notes"}  # taken whatever happened meanwhile
QUIET = {"link-revocation"}  # makes way for others, but others need not make way for it
SITUATIONS = {
    "with an expert": FORMS.keys() - {"answers/{answer}/release", "answers/{answer}/discard", "answers/{answer}/return", "answers/{answer}/resumption", "not-sensitive", "reopening", "parting", "splitting"},
    "an answer waits": FORMS.keys() - {"answers/{answer}/resumption", "panel", "extensions", "sensitive", "reopening", "notes", "link-revocation", "joining", "parting", "splitting"},
    "an answer was held back": {"answers/{answer}/resumption", "answers", "assignments", "closure", "notes"},
    "joined": {"parting", "assignments", "closure", "notes"},
    "holds several": {"splitting", "assignments", "closure", "notes"},
    "closed": {"reopening", "notes"},
}
ANSWERED = {"an answer waits": "waiting", "an answer was held back": "discarded"}
PAIRS = [
    (situation, *pair)
    for situation, possible in SITUATIONS.items()
    for pair in itertools.combinations_with_replacement(sorted(possible), 2)
]


def test_every_action_of_the_router_has_a_case():
    paths = {route.path for route in page.ROUTES if "POST" in route.methods}
    known = {re.sub(r"^/questions/\{number\}/", "", path).replace("{answer:int}", "{answer}") for path in paths}
    assert known <= FORMS.keys(), f"say in FORMS and SITUATIONS how {known - FORMS.keys()} may meet the others"


@pytest.fixture(scope="module")
def office(furnished, tmp_path_factory):
    with a_bureau(furnished, tmp_path_factory.mktemp("races")) as here:
        policy = here.world.office.policy
        caps = {one.name: 10**6 for one in fields(policy.caps) if one.name.startswith("per_")}  # hundreds of letters to one desk
        here.world.office = replace(here.world.office, policy=replace(policy, caps=replace(policy.caps, **caps)))
        yield Office(here)


class Office:
    """One service, two signed-in coordinators, and as many questions as there are meetings."""

    def __init__(self, bureau):
        self.bureau, self.count, self.alone = bureau, 0, {}
        self.browsers = [bureau.signed_in("coordinator"), bureau.signed_in("admin")]
        self.tokens = [csrf_of(browser.get("/queue")) for browser in self.browsers]
        self.leader = self.question("with an expert")

    def question(self, situation):
        """A fresh question in this situation; returns its id, number, revision and waiting answer."""
        self.count += 1
        with self.bureau.store.transaction() as session:
            person = Person(name="", language="en", created_at=MONDAY)
            session.add(person)
            session.flush()
            address = Address(person_id=person.id, channel="email", address=f"desk@town{self.count}.example", proven_at=MONDAY)
            session.add(address)
            session.flush()
            question = cases.open_question(
                session,
                address=address,
                language="en",
                subject="",
                text="Who pays for a workshop?",
                inbox_id=None,
                thread={},
                now=MONDAY,
            )
            expert = session.get_one(Expert, self.bureau.world.expert(DESK).id)
            assigning.assign(session, self.bureau.world.office, question, expert, [], MONDAY)
            answer = self._arrange(session, question, situation)
            session.flush()
            return question.id, question.number, question.revision, answer

    def _arrange(self, session, question, situation):
        if situation == "closed":
            cases.close(session, question, "answered", actor="system", now=MONDAY)
        if situation == "joined":
            joining.join(session, self.bureau.world.office, question, session.get_one(Question, self.leader[0]), MONDAY, by="system")
        if situation == "holds several":
            question.text = "1. Who pays for the workshop in winter?\n2. Which courses exist for adults?"
            question.thread = {SEVERAL: True}
        if situation not in ANSWERED:
            return 0
        (assignment,) = cases.open_assignments(session, question)
        cases.settle_assignment(session, assignment, "answered", "answered", MONDAY)
        answer = Answer(
            question_id=question.id, assignment_id=assignment.id, author=f"expert:{assignment.expert_id}", language="en",
            text="Two firms.", state=ANSWERED[situation], created_at=MONDAY,
        )  # fmt: skip
        session.add(answer)
        cases.move(question, state="assigned", waiting_for="coordinator", next_action="nag coordinator", at=MONDAY)
        question.sensitive = True
        session.flush()
        return answer.id

    def act(self, who, action, question):
        _, number, revision, answer = question
        form = {name: self._told(value) for name, value in FORMS[action].items()}
        told = {"csrf": self.tokens[who], "revision": revision, "seen": 1} | form
        return self.browsers[who].post(f"/questions/{number}/{action.format(answer=answer)}", data=told)

    def _told(self, value):
        value = value.replace("{leader}", self.leader[1])
        return str(self.bureau.world.expert(value).id) if "@" in value else value

    def said(self, question, after):
        """What the history and the outbox gained since."""
        with self.bureau.store.snapshot() as session:
            events = session.query(Event).filter(Event.question_id == question[0], Event.id > after[0]).order_by(Event.id)
            letters = session.query(OutboxMessage).filter(OutboxMessage.question_id == question[0], OutboxMessage.id > after[1])
            return [(one.kind, one.actor) for one in events], sorted(one.kind for one in letters)

    def now(self):
        with self.bureau.store.snapshot() as session:
            return [session.query(table.id).order_by(table.id.desc()).limit(1).scalar() or 0 for table in (Event, OutboxMessage)]

    def by_itself(self, situation, action, who):
        """What an action leaves behind when nobody else is there."""
        key = (situation, action, who)
        if key not in self.alone:
            question, before = self.question(situation), self.now()
            assert self.act(who, action, question).status_code == 303, key
            self.alone[key] = self.said(question, before)
        return self.alone[key]


@pytest.mark.parametrize(("situation", "one", "other"), PAIRS, ids=lambda told: told.replace("{answer}/", ""))
def test_one_wins_the_other_is_told_and_history_is_right(office, situation, one, other):
    expected = [office.by_itself(situation, action, who) for who, action in enumerate((one, other))]
    question, before = office.question(situation), office.now()
    together = threading.Barrier(2)

    def act(who, action):
        together.wait(10)
        return office.act(who, action, question)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(act, (0, 1), (one, other)))
    status = [answer.status_code for answer in answers]
    history, letters = office.said(question, before)
    if not {one, other} & (FREE | QUIET):
        assert sorted(status) == [303, 409], status
        winner = status.index(303)
        assert (history, letters) == expected[winner]
        assert "What has happened since" in answers[1 - winner].text or "has changed" in answers[1 - winner].text
    else:
        assert 303 in status and all(code == 303 for code, action in zip(status, (one, other), strict=True) if action in FREE)
        done = [told for told, code in zip(expected, status, strict=True) if code == 303]
        assert sorted(history) == sorted(event for told in done for event in told[0])
        assert letters == sorted(letter for told in done for letter in told[1])
    with office.bureau.store.snapshot() as session:
        moved = session.get_one(Question, question[0])
        assert (moved.state == "closed") == (moved.next_action_at is None)
