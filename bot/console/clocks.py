"""Time in words: how late, how soon, how long ago. Pure; the moment of looking is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from routing.models import Question

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SEARCH_TAKES = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Clock:
    """A question's clock. `tone` colours it (late, today, soon, calm, idle), `icon` and `words` say the same without colour."""

    words: str
    tone: str
    icon: str
    at: datetime | None


def clock_of(question: Question, now: datetime, zone: str) -> Clock:
    """The clock belongs to whoever owes the next step: while the asker has it, nobody is late."""
    if question.state == "closed":
        return Clock(f"closed {ago(question.closed_at or now, now)}", "idle", "check", question.closed_at)
    if question.waiting_for == "asker":
        return Clock(f"waiting {_since(question, now)}", "idle", "pause", question.next_action_at)
    if question.state == "answered":
        return Clock(f"answered {ago(question.answered_at or now, now)}", "idle", "check", question.answered_at)
    if question.promised_at is None:
        return _search_clock(question, now)
    return due(question.promised_at, now, zone)


def due(at: datetime, now: datetime, zone: str) -> Clock:
    """A promise against the present moment."""
    if at <= now:
        return Clock(f"{span(now - at)} late", "late", "late", at)
    here, there = now.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(zone))
    days = (there.date() - here.date()).days
    if days == 0:
        return Clock(f"today {there:%H:%M}", "today", "today", at)
    if days == 1:
        return Clock(f"tomorrow {there:%H:%M}", "soon", "clock", at)
    if days < 7:
        return Clock(f"{DAYS[there.weekday()]} {there:%H:%M}", "soon" if days < 3 else "calm", "clock", at)
    return Clock(f"in {days} days", "calm", "clock", at)


def moment(at: datetime, now: datetime, zone: str) -> str:
    """ "Fri 8 Jan, 17:00"; with the year when it is another one."""
    there = at.astimezone(ZoneInfo(zone))
    year = "" if there.year == now.astimezone(ZoneInfo(zone)).year else f" {there.year}"
    return f"{DAYS[there.weekday()]} {there.day} {MONTHS[there.month - 1]}{year}, {there:%H:%M}"


def ago(at: datetime, now: datetime) -> str:
    return "just now" if abs(now - at) < timedelta(minutes=1) else f"{span(now - at)} ago" if at < now else f"in {span(at - now)}"


def span(length: timedelta) -> str:
    """A stretch of time, rounded down to the unit one would say: minutes, hours, days, weeks, months."""
    minutes = int(length.total_seconds() // 60)
    for size, name in ((60 * 24 * 60, "month"), (60 * 24 * 14, "week"), (60 * 24, "day"), (60, "hour")):
        if minutes >= size:
            count = minutes // (60 * 24 * 30 if name == "month" else 60 * 24 * 7 if name == "week" else size)
            return f"{count} {name}{'s' if count != 1 else ''}"
    return f"{max(minutes, 1)} min"


def day_ends(now: datetime, zone: str) -> datetime:
    """The end of today at `zone`, aware."""
    here = now.astimezone(ZoneInfo(zone))
    tomorrow = here.date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=here.tzinfo).astimezone(now.tzinfo)


def _since(question: Question, now: datetime) -> str:
    """Since our last word; the first one is what the row knows without reading letters."""
    said = question.answered_at or question.first_word_at or question.created_at
    return span(now - said)


def _search_clock(question: Question, now: datetime) -> Clock:
    if now - (question.next_action_at or now) > SEARCH_TAKES:
        return Clock("search is late", "late", "late", question.next_action_at)
    return Clock("being searched", "calm", "search", question.next_action_at)
