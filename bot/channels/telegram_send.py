"""One letter to one chat: as many messages as it needs, each sent once, and a word on what became of it.

In: `Outgoing`. Out: `Sent`, or Refused / Unreachable / Ambiguous.

A letter of several messages is not one act for Telegram. If a later message fails while earlier ones have arrived, neither
"sent" nor "not sent" is true, and a plain repeat would show the first ones twice. So later messages are tried again here as
long as that is safe; then the letter is called Ambiguous, with a note of what arrived. What arrived is also remembered in
memory: should somebody send the letter again, this process goes on behind the last message that arrived. Only a restart in
between makes the earlier messages appear twice. Called Ambiguous once, a letter that still cannot go on is Unreachable.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from telegram import InputFile
from telegram.error import TelegramError

from bot.channels.telegram_client import Client, Declined, fate
from bot.channels.telegram_limits import Limiter
from bot.channels.telegram_text import Piece, clean, split
from routing.errors import Ambiguous, ChannelError, Refused, Unreachable
from routing.values import ButtonLabel, Outgoing, OutgoingFile, Sent

Brink = Callable[[], Awaitable[None]]

REMEMBERED = 1000
# seconds between tries of a later message
PAUSES = (1.0, 3.0, 10.0)
LONGEST_WAIT = 20.0


class Halfway(Ambiguous):
    """Some messages of a letter arrived, later ones did not; `retry_after` is how long Telegram asked to wait."""

    def __init__(self, detail: str, retry_after: float | None = None):
        super().__init__(detail)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Part:
    """One message: a text or a file."""

    piece: Piece | None = None
    file: OutgoingFile | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """How far a letter got: the ids of its messages that arrived, and what was special about it.

    `is_told`: it has been called Ambiguous before, so stopping again where nothing more was sent is no new doubt.
    """

    chat: int
    is_told: bool = False
    arrived: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def detail(self) -> str:
        return "; ".join([f"messages {','.join(map(str, self.arrived))}", *self.notes])


class Sender:
    def __init__(self, client: Client, limiter: Limiter):
        self.client, self.limiter = client, limiter
        self._unfinished: OrderedDict[tuple[int, str], Progress] = OrderedDict()

    async def send(self, message: Outgoing, brink: Brink) -> Sent:
        chat = chat_of(message.address)
        parts = parts_of(message, chat, self.client.settings.limits)
        if not parts:
            raise Refused("the letter is empty", code="empty", address_is_dead=False)
        key = (message.id, message.message_id)
        progress = self._unfinished.pop(key, None) or Progress(chat)
        try:
            await self._send_rest(parts, progress, once(brink))
        except BaseException:  # a lost lease or a shutdown must not forget what arrived either
            if progress.arrived:
                self._remember(key, progress)
            raise
        return Sent(external_id=f"tg:{progress.chat}:{progress.arrived[-1]}", detail=progress.detail())

    async def _send_rest(self, parts: list[Part], progress: Progress, brink: Brink) -> None:
        for part in parts[len(progress.arrived) :]:
            try:
                message_id = await (self._try_often if progress.arrived else self._try)(part, progress, brink)
            except ChannelError as error:
                if progress.arrived:
                    raise halfway(error, progress, len(parts)) from None
                raise
            progress.arrived.append(message_id)

    async def _try_often(self, part: Part, progress: Progress, brink: Brink) -> int:
        for pause in PAUSES:
            try:
                return await self._try(part, progress, brink)
            except Unreachable as error:
                wait = max(pause, error.retry_after or 0.0)
                if wait > LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait)
        return await self._try(part, progress, brink)

    async def _try(self, part: Part, progress: Progress, brink: Brink) -> int:
        """The id of the message. A moved chat is followed, refused markup is sent as plain text."""
        try:
            return await self._request(part, progress, brink, is_html=True)
        except Declined as error:
            if error.migrated_to is not None:
                progress.chat = error.migrated_to
                progress.notes.append(f"chat-migrated:{error.migrated_to}")
            elif error.is_markup_error:
                progress.notes.append("sent as plain text")
            else:
                raise self._judged(error, progress.chat) from error
            is_html = not error.is_markup_error
        except TelegramError as error:
            raise fate(error) from None
        try:
            return await self._request(part, progress, brink, is_html=is_html)
        except TelegramError as error:
            raise self._judged(error, progress.chat) from None

    def _judged(self, error: TelegramError, chat: int) -> ChannelError:
        judged = fate(error)
        if isinstance(judged, Unreachable) and judged.retry_after is not None:
            self.limiter.close(chat, judged.retry_after)
        return judged

    async def _request(self, part: Part, progress: Progress, brink: Brink, is_html: bool) -> int:
        async with self.limiter.turn(progress.chat, patient=bool(progress.arrived)):
            await brink()
            method, params = request_of(part, is_html)
            result = await self.client.call(method, chat_id=progress.chat, **params, **part.more)
        if not isinstance(result, dict) or not isinstance(result.get("message_id"), int):
            raise TelegramError("the response names no message")
        return int(result["message_id"])

    def _remember(self, key: tuple[int, str], progress: Progress) -> None:
        self._unfinished[key] = progress
        while len(self._unfinished) > REMEMBERED:
            self._unfinished.popitem(last=False)


def chat_of(address: str) -> int:
    """The number of a chat; raises `Refused` for an address that is none."""
    try:
        return int(address)
    except ValueError:
        raise Refused("this is no Telegram chat", code="address") from None


def once(brink: Brink) -> Brink:
    crossed = False

    async def first_time_only() -> None:
        nonlocal crossed
        if not crossed:
            await brink()
        crossed = True

    return first_time_only


def parts_of(message: Outgoing, chat: int, limits: Any) -> list[Part]:
    """The messages of a letter in their order; the last one carries the buttons, the first one is the reply."""
    text = clean(message.text)
    texts = split(text, limits.text_units)
    files = list(message.files)
    if len(texts) > limits.text_parts:
        files.append(OutgoingFile("answer.txt", "text/plain", text.encode()))
    bare = [Part(piece) for piece in texts] + [Part(file=file) for file in files]
    last = len(bare) - 1
    return [
        Part(part.piece, part.file, (reply_to(message, chat) if at == 0 else {}) | (buttons(message) if at == last else {}))
        for at, part in enumerate(bare)
    ]


def buttons(message: Outgoing) -> dict[str, Any]:
    rows = [[key] for button in message.buttons if (key := key_of(button)) is not None]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def key_of(button: ButtonLabel) -> dict[str, str] | None:
    """A page is opened in the browser; Telegram refuses the whole message for an address that the world cannot reach."""
    if not button.page:
        return {"text": clean(button.label), "callback_data": button.id}
    return {"text": clean(button.label), "url": button.url} if button.url.startswith("https://") else None


def reply_to(message: Outgoing, chat: int) -> dict[str, Any]:
    """Only a message of this very chat can be replied to; one that was deleted meanwhile is no obstacle."""
    scheme, _, rest = (message.in_reply_to or "").partition(":")
    of_chat, _, number = rest.partition(":")
    if scheme != "tg" or of_chat != str(chat) or not number.isdecimal():
        return {}
    return {"reply_parameters": {"message_id": int(number), "allow_sending_without_reply": True}}


def request_of(part: Part, is_html: bool) -> tuple[str, dict[str, Any]]:
    if part.file is not None:
        return "sendDocument", {"document": InputFile(part.file.content, filename=clean(part.file.name) or "file")}
    if part.piece is None:
        raise AssertionError("a message is a text or a file")
    # One of several sources blown up to a picture would push the words that matter off the screen.
    quiet = {"link_preview_options": {"is_disabled": True}}
    if is_html:
        return "sendMessage", {"text": part.piece.html, "parse_mode": "HTML", **quiet}
    return "sendMessage", {"text": part.piece.text, **quiet}


def halfway(error: ChannelError, progress: Progress, total: int) -> ChannelError:
    told = f"{len(progress.arrived)} of {total} messages arrived ({progress.detail()}), then: {error}"
    was_told, progress.is_told = progress.is_told, True
    if isinstance(error, Refused):
        return Refused(told, code=error.code, address_is_dead=error.address_is_dead)
    if isinstance(error, Unreachable) and was_told:
        return Unreachable(told, code=error.code, retry_after=error.retry_after)
    return Halfway(told, retry_after=getattr(error, "retry_after", None))
