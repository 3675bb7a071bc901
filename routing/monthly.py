"""The monthly report letter: what a month was like, told once to every coordinator and administrator who wants it.

In: the office, its policy and the moment. Out: letters in the outbox and a mark on their readers, in one transaction. The mark is
made under the lock of the reader's row and the letter's key names the month, so restarts and several workers write one between
them; after downtime only the last month is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from routing import care, contributions, gaps, narrowing, precision, queueing, reports, wishes
from routing.calendars import office_calendar
from routing.care import Care
from routing.models import ConsoleUser, NoticeChoice, Question
from routing.months import Month, due
from routing.notices import in_hours
from routing.noticing import to_user
from routing.office import Office
from routing.post import post
from routing.reports import Fact, Span

READERS = ("admin", "coordinator")
MOST_THEMES, MOST_AUTHORITIES = 5, 10
HALF, MOST = 0.5, 0.9
# Whoever was there when the month ended and has not been told of it, nor is being told by another worker; asked at every tick.
_UNTOLD = (
    select(ConsoleUser)
    .where(ConsoleUser.active, ConsoleUser.role.in_(READERS), ConsoleUser.created_at < bindparam("ended"))
    .where(or_(ConsoleUser.told_month.is_(None), ConsoleUser.told_month < bindparam("month")))
    .order_by(ConsoleUser.id)
    .with_for_update(skip_locked=True)
)


@dataclass
class Figures:
    """What one month was like for the whole network, counted when it is first asked for; promises are judged as of `now`."""

    session: Session
    month: Month
    now: datetime

    @cached_property
    def span(self) -> Span:
        return Span(self.month.begins, self.month.ends)

    @cached_property
    def counted(self) -> Sequence[Fact]:
        return reports.facts(self.session, self.span, self.now)

    @cached_property
    def before(self) -> Sequence[Fact]:
        last = self.month.shifted(-1)
        return reports.facts(self.session, Span(last.begins, last.ends), self.now)

    @cached_property
    def told(self) -> dict[str, Any]:
        """The part of the letter that is the same for every reader."""
        names = ("asked", "by_fiche", "by_person")
        asked, by_fiche, by_person = (sum(getattr(one, name) for one in self.counted) for name in names)
        return {
            "month": self.month.day,
            "asked": asked,
            "asked_before": sum(one.asked for one in self.before),
            "answered": by_fiche + by_person,
            "by_fiche": by_fiche,
            "tiers": [_promises(tier, self.counted, self.before) for tier in reports.TIERS],
            "first_word": self._times(Question.first_word_at),
            "to_answer": self._times(Question.answered_at),
            "themes": [
                {"theme": theme, "asked": of, "unanswered": missing}
                for theme, of, missing in gaps.unanswered(self.session, self.span)[:MOST_THEMES]
            ],
            **self._kept_word(),
        }

    def _times(self, end: Any) -> dict[str, int | None] | None:
        taken = reports.took(self.session, self.span, end)
        half, most = (reports.within_which(taken, share) for share in (HALF, MOST))
        return {"half": half, "most": most} if taken else None

    def _kept_word(self) -> dict[str, int]:
        """What the search said of the fiches it offered, and what came true (`routing.precision`)."""
        judged = precision.judged(self.session, self.span)
        sure = [one for one in judged if one.promised is not None]
        right, sure_right = (sum(one.right for one in rows) for rows in (judged, sure))
        return {"judged": len(judged), "right": right, "sure": len(sure), "sure_right": sure_right}


def tell_due(session: Session, office: Office, now: datetime) -> int:
    """Write every letter about the last month that is due; returns how many."""
    month = due(now, office_calendar(office))
    if month is None:
        return 0
    figures = Figures(session, month, now)
    readers = session.scalars(_UNTOLD, {"month": str(month), "ended": month.ends}).all()
    return sum(_tell(session, office, user, figures) for user in readers)


def _tell(session: Session, office: Office, user: ConsoleUser, figures: Figures) -> int:
    choice = wishes.choice_of(session, user.id)
    if not _may_come(office, choice, figures.now):
        return 0
    user.told_month = str(figures.month)
    if choice is not None and not choice.monthly:
        return 0
    facts = _facts(session, office, care.of_user(session, user), figures)
    if not facts["asked"] and not facts["open"] and not facts["asked_before"]:
        return 0  # nothing to tell
    letter = post(session, office, to_user(session, user, choice), "co_month", facts, now=figures.now, edition=str(figures.month))
    return int(letter is not None)


def _may_come(office: Office, choice: NoticeChoice | None, now: datetime) -> bool:
    """In the hours that the reader has chosen, else in those of the office."""
    own = choice is not None and choice.bundled
    return in_hours(wishes.wishes_of(choice).calendar if own else office_calendar(office), now)


def _facts(session: Session, office: Office, of: Care, figures: Figures) -> dict[str, Any]:
    """With what is this reader's own: what burns, and the authorities they look after."""
    counts = queueing.counts(session, figures.now, narrowing.Filters(day_ends=figures.now, care=of))
    names = ("name", "asked", "answered", "in_time", "declined", "lapsed", "open")
    rows = [dict(zip(names, row, strict=True)) for row in contributions.authorities(session, figures.span, of).rows]
    return {
        **figures.told,
        "overdue": counts["overdue"],
        "open": counts["open"],
        "promised": office.policy.confidence.precision,
        "authorities": rows[:MOST_AUTHORITIES],
        "more": max(0, len(rows) - MOST_AUTHORITIES),
        "url": office.page(f"reports?month={figures.month}"),
        "choice_url": office.page("notices"),
    }


def _promises(tier: str, counted: Sequence[Fact], before: Sequence[Fact]) -> dict[str, Any]:
    kept, over = _kept(tier, counted)
    kept_before, over_before = _kept(tier, before)
    share, share_before = (kept / over if over else None), (kept_before / over_before if over_before else None)
    return {"tier": tier, "kept": kept, "over": over, "share": share, "share_before": share_before}


def _kept(tier: str, counted: Sequence[Fact]) -> tuple[int, int]:
    """Promises of a tier that were kept, and those that are over: kept, broken, or overdue now."""
    here = [one for one in counted if one.tier == tier]
    kept = sum(one.in_time for one in here)
    return kept, kept + sum(one.late + one.overdue for one in here)
