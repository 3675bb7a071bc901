"""The page "Mailroom": every mail in and out, as a mail program shows it on a phone, with a box to reply from.

In: forms of the page. Out: the post office's letters; a reply goes out as a real MIME mail and comes in by LMTP.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.console.visits import Visit
from bot.demo.mailclient import Program, new_mail, reply
from bot.demo.postoffice import Letter
from bot.demo.town import Town
from routing.models import Address, Person

# A letter may show itself and open its links in a new tab; it may run nothing, load nothing, send nothing.
FRAMED = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "x-frame-options": "SAMEORIGIN",
}
RAW = {"content-security-policy": "default-src 'none'; sandbox"}
HEAD = re.compile(r"<head\b[^>]{0,200}>", re.IGNORECASE)
ASKER = "vet-policy@ministry.example"
PLAIN_ADDRESS = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}@[a-z0-9][a-z0-9.-]{0,60}\.(?:example|test)", re.ASCII)


def mailroom(town: Town, visit: Visit) -> Response:
    return visit.show("demo_mailroom.html", **_facts(town), letter=None)


def letter(town: Town, visit: Visit) -> Response:
    one = _letter(town, visit)
    view = visit.asked("view", ("html", "plain")) or ("html" if one.html else "plain")
    replies = town.post.replies_to(one)
    return visit.show("demo_mailroom.html", **_facts(town), letter=one, view=view, replies=replies)


def lines(town: Town, visit: Visit) -> Response:
    """The list, when there are letters that the page has not seen."""
    if visit.asked("seen") == str(len(town.post.letters)):
        return Response(status_code=204)
    at = visit.asked("at")
    chosen = town.post.letter(int(at)) if at.isdecimal() else None
    return visit.show("demo_letters.html", **_facts(town), letter=chosen)


def html(town: Town, visit: Visit) -> Response:
    page = HEAD.sub(lambda found: f'{found[0]}<base target="_blank">', _letter(town, visit).html, count=1)
    return HTMLResponse(page, headers=FRAMED)


def raw(town: Town, visit: Visit) -> Response:
    return PlainTextResponse(_letter(town, visit).raw.decode("utf-8", "replace"), headers=RAW)


def answer(town: Town, visit: Visit) -> Response:
    """Reply as the letter's reader would, from their own mail program."""
    one, text = _letter(town, visit), visit.field("text").strip()
    if text and one.outgoing:
        program = _program(town, one.recipient)
        town.run(town.post.bring(reply(program, one, text, town.clock.now())))
        town.service.wake()
    return RedirectResponse(f"/demo/mailroom/{one.number}", 303)


def write(town: Town, visit: Visit) -> Response:
    """A new mail to the service from whatever reserved address."""
    sender, text = visit.field("from").strip().lower(), visit.field("text").strip()
    if not PLAIN_ADDRESS.fullmatch(sender):
        raise HTTPException(400, visit.words.say("The sender must be an address that ends in .example or .test."))
    if not text:
        raise HTTPException(400, visit.words.say("Write the question first."))
    mail = new_mail(
        _program(town, sender), town.settings.network.mail_address, _subject(visit.field("subject")), text, town.clock.now()
    )
    brought = town.run(town.post.bring(mail))
    town.service.wake()
    return RedirectResponse(f"/demo/mailroom/{brought.number}", 303)


def _facts(town: Town) -> dict[str, Any]:
    return {"letters": list(reversed(town.post.letters)), "seen": len(town.post.letters), "asker": ASKER}


def _letter(town: Town, visit: Visit) -> Letter:
    found = town.post.letter(visit.number_in_path("mail"))
    if found is None:
        raise HTTPException(404, "There is no such letter.")
    return found


def _program(town: Town, address: str) -> Program:
    """The mail program of somebody we know, in their language and zone; else of somebody in Brussels."""
    known = select(Person).join(Address, Address.person_id == Person.id).where(Address.address == address)
    person = town.read(lambda session: session.scalars(known).one_or_none())
    return Program(address, person.language if person else "en", person.zone if person else "Europe/Brussels")


def _subject(text: str) -> str:
    return " ".join(text.split())[:200] or "A question"


PAGES = (
    ("/demo/mailroom", mailroom, "GET"),
    ("/demo/mailroom/lines", lines, "GET"),
    ("/demo/mailroom/letters", write, "POST"),
    ("/demo/mailroom/{mail:int}", letter, "GET"),
    ("/demo/mailroom/{mail:int}/html", html, "GET"),
    ("/demo/mailroom/{mail:int}/raw", raw, "GET"),
    ("/demo/mailroom/{mail:int}/replies", answer, "POST"),
)
