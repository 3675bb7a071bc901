"""What must hold at every moment of a simulation, looked up in the real database. Each breach is a sentence in `broken`."""

from collections import Counter

from sqlalchemy import select

from routing import checks
from routing.calendars import calendar_of
from routing.deadlines import next_working_moment
from routing.models import Answer, Assignment, Authority, Event, Expert, OutboxMessage

PROMISED = "SELECT id, number, promised_at FROM question WHERE promised_at IS NOT NULL"
NEWEST, HAPPENED = "SELECT max(id) FROM outbox_message", "SELECT max(id) FROM event"
# Letters that tell an asker a date.
DATED = ("receipt", "holding", "reopened", "coordinator_has_it", "new_date", "deadline_moved", "joined", "accepted")


class Promises:
    def __init__(self, service, name):
        self._service, self._name, self.broken = service, name, []
        self._promised, self._letter, self._event = {}, 0, 0
        self._stages, self._calendars, self.checks = Counter(), {}, 0

    def check(self, now):
        """After every tick: nothing overdue, orphaned or doubled; new letters and events are looked at one by one."""
        self.checks += 1
        with self._service.store.snapshot() as session:
            self.broken += [self._told(now, words) for words in checks.breaches(session, now)]
            letter, event, moved = self._service.look(NEWEST), self._service.look(HAPPENED), self._moved()
            if moved:
                self._moved_promises(session, moved, now)
            if letter and letter > self._letter:
                self._new_letters(session)
            if event and event > self._event:
                self._new_events(session)

    @staticmethod
    def waiting_answers(session, question):
        return session.scalars(select(Answer).where(Answer.question_id == question.id, Answer.state == "waiting")).all()

    def _moved(self):
        """Questions whose promised date is another than at the last look, as the database holds it; without the ORM."""
        rows = self._service.rows(PROMISED)
        moved = [(*row, self._promised.get(row[0])) for row in rows if self._promised.get(row[0]) != row[2]]
        self._promised |= {question_id: promised for question_id, _, promised in rows}
        return moved

    def _moved_promises(self, session, moved, now):
        """A promised date that moves is told to the asker in the same moment."""
        for question_id, number, promised, before in moved:
            if not self._is_told(session, question_id):
                words = f"question {number}: promised for {promised}, before for {before}, and the asker was not told"
                self.broken.append(self._told(now, words))

    def _is_told(self, session, question_id):
        """By a letter written since the last check."""
        letters = select(OutboxMessage.id).where(
            OutboxMessage.question_id == question_id, OutboxMessage.kind.in_(DATED), OutboxMessage.id > self._letter
        )
        return session.scalars(letters).first() is not None

    def _new_letters(self, session):
        """Warnings are written in the expert's own working hours, and no two to one expert about one question at once."""
        letters = session.scalars(select(OutboxMessage).where(OutboxMessage.id > self._letter).order_by(OutboxMessage.id)).all()
        at_once = Counter()
        for letter in letters:
            self._letter = letter.id
            if letter.kind != "reminder" or ":address " in letter.effect_key:
                continue
            calendar = self._calendar(session, letter.person_id)
            if next_working_moment(letter.created_at, calendar) != letter.created_at:
                self.broken.append(self._told(letter.created_at, f"reminder {letter.id} was written outside working hours"))
            at_once[letter.assignment_id, letter.created_at] += 1
        for (assignment, moment), count in at_once.items():
            if count > 1:
                self.broken.append(self._told(moment, f"{count} reminders at once about assignment {assignment}"))

    def _new_events(self, session):
        """Each stage of the ladder once: no reminder of one stage and deadline twice, no expert asked twice without reason."""
        events = session.scalars(select(Event).where(Event.id > self._event).order_by(Event.id)).all()
        for event in events:
            self._event = event.id
            if event.kind == "reopened":
                self._forget_stages(event.question_id)
            if event.kind not in ("reminded", "assigned"):
                continue
            stage = (
                event.question_id,
                event.kind,
                event.detail.get("expert"),
                event.detail.get("stage"),
                event.detail.get("planned"),
                self._deadline(session, event),
            )
            self._stages[stage] += 1
            if self._stages[stage] > 1:
                self.broken.append(self._told(event.at, f"a stage came twice: {stage}"))

    def _deadline(self, session, event):
        if event.kind == "assigned":
            return None
        found = session.scalars(
            select(Assignment.deadline_at).where(Assignment.question_id == event.question_id).order_by(Assignment.id.desc())
        ).first()
        return str(found)

    def _forget_stages(self, question_id):
        self._stages = Counter({stage: count for stage, count in self._stages.items() if stage[0] != question_id})

    def _calendar(self, session, person_id):
        if person_id not in self._calendars:
            expert = session.scalars(select(Expert).where(Expert.person_id == person_id)).one()
            self._calendars[person_id] = calendar_of(session.get_one(Authority, expert.authority_id))
        return self._calendars[person_id]

    def _told(self, now, words):
        return f"{self._name}, {now:%Y-%m-%d %H:%M}: {words}"
