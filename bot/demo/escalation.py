"""The third act: an expert is silent over a long weekend, and the question moves on by itself.

In and out as for the other acts. The clock is moved from due moment to due moment, so that everything happens when it would.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo.acts import asked_by_phone
from bot.demo.botapi_people import Phone
from bot.demo.postoffice import Letter
from bot.demo.telling import Teller
from bot.demo.town import Town
from bot.demo.truth import bubble, event, iso, letters_of, only, posted, verify
from routing.calendar import Interval
from routing.calendars import calendar_of
from routing.letters import explain, format_moment
from routing.models import Assignment, Authority

ASKED_AT = timedelta(days=1, hours=1)
BURNS = "¿Quién paga el seguro si un aprendiz de cocina se quema con aceite, la empresa o la escuela?"
BURNS_MEANS = "Who pays the insurance when a kitchen apprentice is burnt with oil, the firm or the school?"


async def an_expert_is_silent(town: Town, teller: Teller) -> None:
    """Nobody answers: a reminder in working hours, then the next expert, and the asker is told."""
    await town.move_to(town.clock.now() + ASKED_AT)
    teller.chapter(3, "An expert is silent", town.clock.now())
    phone = town.phone(502, "Concejalía de Empleo", "es")
    case = await asked_by_phone(town, teller, phone, BURNS, BURNS_MEANS)
    verify(case.assignments, f"an expert should be asked, but the service decided otherwise: {event(case, 'decided').detail}")
    await posted(town, case, "assignment")
    number = case.question.number
    _promised(teller, number, only(case.assignments, "assignment"))
    receipt = await bubble(town, phone)
    await _reminded(town, teller, number)
    await _moved_on(town, teller, phone, number, receipt.message_id)


def _promised(teller: Teller, number: str, given: Assignment) -> None:
    closed = [day for day in given.explanation["skipped"] if day["why"] == "holiday"]
    verify(closed, "a public holiday should lie before the deadline")
    teller.happens(given.created_at, "RRM", "asks an expert")
    teller.fact("asked", f"{given.expert.role}, {given.expert.authority.name}")
    teller.fact("due", explain(given.explanation, "en"))
    teller.fact("yes or no", f"is awaited until {format_moment(_at(given.accept_by_at), given.expert.authority.zone, 'en')}")
    teller.keep(
        "silence", number=number, authority=given.expert.authority.slug,
        deadline=iso(given.deadline_at), deadline_explained=explain(given.explanation, "en"),
        holidays=[day["day"] for day in closed],
    )  # fmt: skip


async def _reminded(town: Town, teller: Teller, number: str) -> None:
    given = town.case(number).assignments[0]
    await _let_pass(town, lambda: letters_of(town.case(number), "reminder"))
    row, letter = await posted(town, town.case(number), "reminder")
    authority, sent = given.expert.authority, _at(row.sent_at)
    teller.day_breaks(letter.at, "the clock is moved over the long weekend")
    teller.happens(letter.at, "RRM", f"reminds the expert, at {_local(sent, authority.zone)}")
    teller.words(letter.text.partition("\n-- ")[0], most=5)
    teller.gloss("Can you answer it? Please say yes or no by …; the answer is due on …")
    _only_on_working_days(authority, town.post.to(row.address.address), sent)
    hours = ", ".join(f"{one.start:%H:%M}–{one.end:%H:%M}" for one in _hours_of(authority, sent))
    teller.holds(f"Nothing was sent on closed days; {authority.place} works {hours} on this day.")
    teller.keep("silence", reminded_at=iso(sent), reminded_local=_local(sent, authority.zone))


async def _moved_on(town: Town, teller: Teller, phone: Phone, number: str, after: int) -> None:
    await _let_pass(town, lambda: letters_of(town.case(number), "holding"))
    case = town.case(number)
    first, second = case.assignments
    moved = event(case, "escalated")
    teller.day_breaks(moved.at, "the clock is moved on; still no word")
    teller.happens(moved.at, "RRM", f"moves it up the ladder: {moved.detail['because']}")
    teller.fact("was asked", f"{first.expert.role}, now {first.state}")
    teller.fact("is asked", f"{second.expert.role}, {second.expert.authority.name}")
    teller.fact("due", explain(second.explanation, "en"))
    note = await bubble(town, phone, after=after)
    holding = only(letters_of(case, "holding"), "holding note")
    verify(note.text.strip() == holding.text.strip(), "the phone should show the holding note of the outbox")
    teller.happens(town.stamped(phone, note.message_id), "RRM", "tells the asker the new date and why")
    teller.words(note.text)
    teller.gloss("The expert has not answered yet, so somebody else is asked. New date: … You need not do anything.")
    told = format_moment(_at(case.question.promised_at), case.question.asker.zone, case.question.language)
    verify(told in note.text, f"the holding note should name the new date, {told}")
    verify(second.expert_id != first.expert_id and first.state == "lapsed", "another expert should have it now")
    teller.holds("The question was never without somebody who owes the next step.")
    teller.keep(
        "silence",
        escalated_at=iso(moved.at),
        next_role=second.expert.role,
        promised_at=iso(case.question.promised_at),
        note=note.text,
    )


async def _let_pass(town: Town, has_happened: Callable[[], object]) -> None:
    """Move the clock from due moment to due moment until something has happened, three weeks at most."""
    end = town.clock.now() + timedelta(days=21)
    while not has_happened():
        verify(town.clock.now() < end, "this should have happened within three weeks")
        await town.move_to(town.next_moment() or end)


def _only_on_working_days(authority: Authority, letters: list[Letter], reminder: datetime) -> None:
    calendar = calendar_of(authority)
    for letter in letters:
        closed = calendar.why_closed(calendar.local_day(letter.at))
        verify(closed is None, f"“{letter.subject}” went to an expert on a closed day: {closed}")
    inside = any(one.start <= reminder < one.end for one in _hours_of(authority, reminder))
    verify(inside, f"the reminder should go in the expert's working hours, not at {reminder}")


def _hours_of(authority: Authority, at: datetime) -> list[Interval]:
    """The authority's working hours on that day, in its own local time."""
    calendar, zone = calendar_of(authority), ZoneInfo(authority.zone)
    return [Interval(one.start.astimezone(zone), one.end.astimezone(zone)) for one in calendar.intervals(calendar.local_day(at))]


def _local(at: datetime, zone: str) -> str:
    return format_moment(at, zone, "en")


def _at(moment: datetime | None) -> datetime:
    verify(moment is not None, "a moment is missing")
    assert moment is not None
    return moment
