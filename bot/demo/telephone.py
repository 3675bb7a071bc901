"""The page "Phone": chat with the bot as an asker does, on several phones, each with a language.

In: forms of the page. Out: what the phone does on the Bot API server, and its screen as HTML; htmx asks for news.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.console.tongue import tongue
from bot.console.visits import Visit
from bot.demo.botapi_people import Phone
from bot.demo.pieces import Bubble, bubbles, examples, owner
from bot.demo.town import Town
from routing.languages import LANGUAGES
from routing.letters import own_name
from routing.letters.labels import N_
from routing.models import Address, Question

FIRST_NEW_PHONE = 601
MOST_PHONES = 40
LONGEST = 4096  # what Telegram takes (https://core.telegram.org/bots/api#sendmessage)


def telephone(town: Town, visit: Visit) -> Response:
    asked = visit.asked("phone")
    phone = _phone(town, visit, int(asked)) if asked.isdecimal() else next(reversed(town.phones.values()), None)
    if phone is None:
        return visit.show("demo_phone.html", phones=[], languages=LANGUAGES, who=None)
    return visit.show("demo_phone.html", **_facts(town, phone), phones=[owner(one) for one in town.phones.values()])


def screen(town: Town, visit: Visit) -> Response:
    """The bubbles, when there is something new since `seen`."""
    phone = _phone(town, visit, visit.number_in_path("phone"))
    facts = _facts(town, phone)
    return Response(status_code=204) if visit.asked("seen") == facts["seen"] else visit.show("demo_screen.html", **facts)


def say(town: Town, visit: Visit) -> Response:
    phone, text = _phone(town, visit, visit.number_in_path("phone")), visit.field("text").strip()[:LONGEST]
    if text:
        town.run(_do(lambda: phone.say(text)))
    return _shown(town, visit, phone)


def press(town: Town, visit: Visit) -> Response:
    phone = _phone(town, visit, visit.number_in_path("phone"))
    try:
        town.run(_do(lambda: phone.press(visit.field("button"), message_id=visit.number("message"))))
    except LookupError as error:
        raise HTTPException(409, visit.words.say("This button is no longer there.")) from error
    return _shown(town, visit, phone)


def new_phone(town: Town, visit: Visit) -> Response:
    language = visit.field("language")
    if language not in LANGUAGES or len(town.phones) >= MOST_PHONES:
        raise HTTPException(400, "Choose one of the languages.")
    number = max([FIRST_NEW_PHONE - 1, *town.phones]) + 1
    name = tongue(language)(N_("Policy desk %(number)s"), number=number - FIRST_NEW_PHONE + 1)
    town.phone(number, name, language)
    return RedirectResponse(f"/demo/phone?phone={number}", 303)


def _shown(town: Town, visit: Visit, phone: Phone) -> Response:
    if visit.is_fragment:
        return visit.show("demo_chat.html", **_facts(town, phone))
    return RedirectResponse(f"/demo/phone?phone={phone.id}", 303)


def _facts(town: Town, phone: Phone) -> dict[str, Any]:
    shown, who = bubbles(town, phone), owner(phone)
    return {
        "who": who,
        "bubbles": shown,
        "seen": _digest(shown),
        "languages": LANGUAGES,
        "own_name": own_name,
        "examples": examples(town.settings.collection_folder / "questions.jsonl", who.language),
        "questions": _questions(town, phone),
    }


def _questions(town: Town, phone: Phone) -> Sequence[Question]:
    theirs = select(Question).join(Address, Address.id == Question.address_id)
    theirs = theirs.where(Address.channel == "telegram", Address.address == str(phone.id)).order_by(Question.id.desc())
    return town.read(lambda session: session.scalars(theirs.limit(6)).all())


def _digest(shown: list[Bubble]) -> str:
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _phone(town: Town, visit: Visit, number: int) -> Phone:
    if number not in town.phones:
        raise HTTPException(404, visit.words.say("There is no such phone."))
    return town.phones[number]


async def _do(act: Callable[[], object]) -> None:
    """On the loop of the Bot API server, so that nothing is read while it changes."""
    act()


PAGES = (
    ("/demo/phone", telephone, "GET"),
    ("/demo/phone/{phone:int}/screen", screen, "GET"),
    ("/demo/phone/{phone:int}/words", say, "POST"),
    ("/demo/phone/{phone:int}/presses", press, "POST"),
    ("/demo/phones", new_phone, "POST"),
)
