"""Looking whether what the demo says is so: what to look for on a telephone, in a case, in the post.

In: the town. Out: what was found, or `NotTrue` with a sentence that says what was expected and what was there instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from bot.demo.botapi_people import Phone, Shown
from bot.demo.postoffice import Letter
from bot.demo.town import Town
from routing.models import Event, OutboxMessage
from routing.queries import Case
from routing.reasons import SENTENCES, Reason, describe

T = TypeVar("T")


class NotTrue(Exception):
    """A step of the story did not come true; the message says what was expected and what was found."""


def verify(is_so: object, otherwise: str) -> None:
    if not is_so:
        raise NotTrue(otherwise)


def only(found: Iterable[T], what: str) -> T:
    """The one thing there must be."""
    several = list(found)
    verify(len(several) == 1, f"there should be one {what}, but there are {len(several)}")
    return several[0]


def event(case: Case, kind: str) -> Event:
    """The latest event of a kind."""
    found = [one for one in case.events if one.kind == kind]
    verify(found, f"nothing of kind {kind!r} happened to {case.question.number}: {[one.kind for one in case.events]}")
    return found[-1]


def letters_of(case: Case, kind: str) -> list[OutboxMessage]:
    return [letter for letter in case.letters if letter.kind == kind]


async def asked(town: Town, earlier: str | None) -> Case:
    """The next question, once it has been searched and decided on."""
    number = await town.until(lambda: found if (found := town.newest()) != earlier else None, "the question is in the database")
    assert number is not None
    await town.until(lambda: town.case(number).question.next_action != "search", f"question {number} is decided on")
    return town.case(number)


async def bubble(town: Town, phone: Phone, after: int = 0) -> Shown:
    """The bot's newest bubble on a phone, later than message `after`."""
    return await town.until(
        lambda: next((one for one in reversed(phone.screen()) if one.from_bot and one.message_id > after), None),
        "the bot has written on Telegram",
    )


async def posted(town: Town, case: Case, kind: str) -> tuple[OutboxMessage, Letter]:
    """A letter as its row in the outbox, and as the mail that our mail server took."""
    number = case.question.number
    row = await town.until(
        lambda: next((one for one in letters_of(town.case(number), kind) if one.state == "sent"), None),
        f"the {kind} letter is sent",
    )
    taken = await town.until(
        lambda: [letter for letter in town.post.letters if letter.message_id == row.message_id], "the mail server has it"
    )
    return row, only(taken, f"mail with the id of the {kind} letter")


def reasons(rows: Iterable[Any]) -> list[str]:
    """Stored reasons in words."""
    found = []
    for row in rows:
        code, facts = str(row["code"]), {key: value for key, value in row.items() if key != "code"}
        found.append(describe(Reason(code, facts)) if code in SENTENCES else code)
    return found


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
