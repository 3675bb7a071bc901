"""A stored update as a value the rest can judge.

In: the raw bytes of one update and the envelope {"bot": id, "username": name} it came with. Out: `Incoming`, or `Unreadable`
with a reason; never an exception. `sender` is the chat an answer goes to; in a group `facts["user"]` is the person.
https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram_shapes import (
    Json,
    Odd,
    files_of,
    integer,
    items,
    language_of,
    mapping,
    moment,
    name_of,
    spans,
    text,
)
from bot.channels.telegram_text import slice_units, units
from routing.values import Incoming, Kind, Unreadable

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|$)")
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
# Telegram puts this account in the place of an administrator who writes as the group itself
ANONYMOUS_ADMIN = 1087968824
GONE = ("kicked", "left")


@dataclass(frozen=True, slots=True)
class Bot:
    id: int
    username: str


def read_update(raw: bytes, envelope: Mapping[str, Any]) -> Incoming | Unreadable:
    """Whatever `raw` is, an answer comes back, in time linear in its length."""
    try:
        update = json.loads(raw)
        if not isinstance(update, dict):
            raise Odd("an update is an object")
        bot = Bot(int(envelope.get("bot") or 0), str(envelope.get("username") or "").lower())
        return read_kind(update, bot, f"tg:{bot.id}:{integer(update, 'update_id')}")
    except Odd as odd:
        return Unreadable("telegram", f"unexpected shape: {odd}")
    except Exception as error:
        return Unreadable("telegram", f"not readable as an update: {type(error).__name__}")


def read_kind(update: Json, bot: Bot, fingerprint: str) -> Incoming:
    if "callback_query" in update:
        return read_button(mapping(update, "callback_query"), fingerprint)
    if "my_chat_member" in update:
        return read_membership(mapping(update, "my_chat_member"), fingerprint)
    if "message" in update:
        return read_message(mapping(update, "message"), bot, fingerprint)
    if "edited_message" in update:
        return read_message(mapping(update, "edited_message"), bot, fingerprint, is_edit=True)
    return read_other(update, fingerprint)


def read_other(update: Json, fingerprint: str) -> Incoming:
    """A channel post, a poll, a reaction, or what Telegram invents next year: known, kept, not acted upon."""
    kinds = sorted(key for key in update if key != "update_id")
    rule = "channel-post" if {"channel_post", "edited_channel_post"} & set(kinds) else "unknown-update"
    return Incoming("telegram", Kind.OTHER, rule, "", fingerprint=fingerprint, facts={"update": kinds[:5]})


def read_button(query: Json, fingerprint: str) -> Incoming:
    person, message = mapping(query, "from"), mapping(query, "message")
    # a very old message may be missing; the person's own chat has the person's id
    chat = mapping(message, "chat") or {"id": integer(person, "id"), "type": "private"}
    data = text(query, "data")
    number = integer(message, "message_id") if "message_id" in message else None
    return Incoming(
        "telegram", Kind.BUTTON if data else Kind.OTHER, "button" if data else "button-without-data", str(integer(chat, "id")),
        sender_name=name_of(person), proven=True, language_hint=language_of(person), fingerprint=fingerprint,
        button=data or None, callback_id=text(query, "id"), group=is_group(chat),
        references=(name_for(chat, number),) if number else (),
        facts=known({
            "user": integer(person, "id"), "chat": integer(chat, "id"), "message": number, "thread": thread_of(message),
        }),
    )  # fmt: skip


def read_membership(change: Json, fingerprint: str) -> Incoming:
    """The bot was blocked or unblocked by a person, put into a group or taken out."""
    person, chat = mapping(change, "from"), mapping(change, "chat")
    was, status = (text(mapping(change, key), "status") for key in ("old_chat_member", "new_chat_member"))
    if not status:
        raise Odd("my_chat_member without a status")
    return Incoming(
        "telegram", Kind.MEMBERSHIP, "membership", str(integer(chat, "id")), sender_name=name_of(person), proven=True,
        language_hint=language_of(person), fingerprint=fingerprint, group=is_group(chat), mentioned=False,
        sent_at=moment(change, "date"),
        facts={
            "user": integer(person, "id"), "was": was, "status": status, "blocked": status in GONE, "title": text(chat, "title"),
        },
    )  # fmt: skip


def read_message(message: Json, bot: Bot, fingerprint: str, is_edit: bool = False) -> Incoming:
    chat, person = mapping(message, "chat"), mapping(message, "from")
    words, entities = words_of(message)
    files = files_of(message)
    group = is_group(chat)
    is_spoken_to, words = addressed(words, entities, message, bot) if group else (True, words)
    kind, rule, command, rest = judge(message, words, files, bot, is_edit)
    reply = mapping(message, "reply_to_message")
    number = integer(message, "message_id")
    return Incoming(
        "telegram", kind, rule, str(integer(chat, "id")), text=rest, sender_name=name_of(person) or text(chat, "title"),
        proven=True, language_hint=language_of(person), message_id=name_for(chat, number),
        references=(name_for(chat, integer(reply, "message_id")),) if reply else (),
        fingerprint=fingerprint, command=command, group=group,
        mentioned=is_spoken_to or (kind is Kind.COMMAND and group), sent_at=moment(message, "date"),
        facts=facts_of(message, person, files) | ({"bot_name": bot.username} if group and bot.username else {}),
    )  # fmt: skip


def words_of(message: Json) -> tuple[str, list[Json]]:
    if "text" in message:
        return text(message, "text"), items(message, "entities")
    return text(message, "caption"), items(message, "caption_entities")


def judge(message: Json, words: str, files: list[Json], bot: Bot, is_edit: bool) -> tuple[Kind, str, str | None, str]:
    """Kind, rule that hit, command, and the words without the command."""
    if "migrate_to_chat_id" in message:
        return Kind.MEMBERSHIP, "chat-migrated", None, ""
    if from_machine(message):
        return Kind.OTHER, "from-a-bot", None, words
    found = COMMAND.match(words)
    if found and found[2] and found[2].lower() != bot.username:
        return Kind.OTHER, "command-for-another-bot", None, words
    if is_edit:
        return Kind.EDIT, "edit", None, words
    if found:
        rest = words[found.end() :].strip()
        return Kind.COMMAND, "command", found[1].lower(), start_payload(rest) if found[1].lower() == "start" else rest
    if words.strip() or files:
        return Kind.MESSAGE, "text" if "text" in message else "file", None, words.strip()
    return Kind.OTHER, "no-words", None, ""


def start_payload(rest: str) -> str:
    """What a deep link may carry, https://core.telegram.org/bots/features#deep-linking; anything else is not taken on."""
    return rest if START_PAYLOAD.fullmatch(rest) else ""


def from_machine(message: Json) -> bool:
    person = mapping(message, "from")
    if message.get("is_automatic_forward"):
        return True
    return bool(person.get("is_bot")) and person.get("id") != ANONYMOUS_ADMIN


def addressed(words: str, entities: list[Json], message: Json, bot: Bot) -> tuple[bool, str]:
    """Whether a message in a group speaks to the bot, and its words without the bot's name."""
    names = [
        (offset, length) for offset, length, piece, _ in spans(words, entities, "mention")
        if bot.username and piece.lower() == f"@{bot.username}"
    ]  # fmt: skip
    names += [
        (offset, length) for offset, length, _, entity in spans(words, entities, "text_mention")
        if mapping(entity, "user").get("id") == bot.id
    ]  # fmt: skip
    author = mapping(mapping(message, "reply_to_message"), "from")
    return bool(names) or author.get("id") == bot.id, without(words, sorted(names))


def without(words: str, names: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for offset, length in names:
        kept.append(slice_units(words, at, max(offset - at, 0)))
        at = max(at, offset + length)
    kept.append(slice_units(words, at, max(units(words) - at, 0)))
    return " ".join(filter(None, (piece.strip() for piece in kept))) if names else words


def is_group(chat: Json) -> bool:
    kind = text(chat, "type")
    if kind not in ("private", "group", "supergroup", "channel"):
        raise Odd("a chat of unknown type")
    return kind != "private"


def name_for(chat: Json, number: int) -> str:
    """One message, named so that a letter can reply to it and a reply can be found."""
    return f"tg:{integer(chat, 'id')}:{number}"


def facts_of(message: Json, person: Json, files: list[Json]) -> Json:
    return known({
        "user": integer(person, "id") if person else None,
        "username": text(person, "username"),
        "chat": integer(mapping(message, "chat"), "id"),
        "message": integer(message, "message_id"),
        "thread": thread_of(message),
        "files": files,
        "album": text(message, "media_group_id"),
        "forwarded": "forward_origin" in message or "forward_date" in message,
        "migrated_to": integer(message, "migrate_to_chat_id") if "migrate_to_chat_id" in message else None,
    })  # fmt: skip


def thread_of(message: Json) -> int | None:
    """The topic of a forum; in other groups the number only strings replies together."""
    return integer(message, "message_thread_id") if message.get("is_topic_message") else None


def known(facts: Json) -> Json:
    return {key: value for key, value in facts.items() if value not in (None, "", [], False)}
