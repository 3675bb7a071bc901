"""What exists on the other side: the bot, people, chats, messages and files.

In: what people and the bot do. Out: chats and messages in the shapes of the Bot API, dates in Unix seconds.
https://core.telegram.org/bots/api#available-types
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from bot.demo.botapi_text import ApiError
from bot.demo.botapi_updates import Updates

Json = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group. A private chat exists once the person has written."""

    id: int
    type: str
    title: str = ""
    person: Json | None = None
    members: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    next_message: int = 1

    def described(self) -> Json:
        if self.person is None:
            return {"id": self.id, "type": self.type, "title": self.title}
        names: Json = {key: self.person[key] for key in ("first_name", "last_name", "username") if key in self.person}
        return {"id": self.id, "type": self.type, **names}

    def message(self, message_id: int, otherwise: str) -> Json:
        if message_id not in self.messages:
            raise ApiError(400, f"Bad Request: {otherwise}")
        return self.messages[message_id]


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    path: str
    name: str
    media_type: str
    content: bytes = field(repr=False)

    def described(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": len(self.content)}


@dataclass(slots=True)
class Press:
    """A touched button, and what the bot answered to it (`answered` is None while the phone's clock still turns)."""

    id: str
    chat: int
    data: str
    answered: str | None = None
    alert: bool = False


class World:
    def __init__(self, token: str, username: str, name: str):
        self.token = token
        self.revoked = False
        bot_id = int(token.partition(":")[0])
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": name, "username": username}
        self.people: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.actions: list[tuple[int, str, float]] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.updates = Updates()
        self._numbers = itertools.count(1)

    def number(self) -> int:
        return next(self._numbers)

    def chat(self, chat_id: int) -> Chat:
        """The chat the bot may write to, or the refusal Telegram would give."""
        chat = self.chats.get(chat_id)
        if chat is None or not (chat.started or chat.person is None):
            raise ApiError(400, "Bad Request: chat not found")
        if chat.migrated_to is not None:
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if chat.person is not None and chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat.person is None and self.bot["id"] not in chat.members:
            raise ApiError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
        return chat

    def store(self, chat: Chat, sender: Json, content: Json) -> Json:
        """A new message in `chat`; the returned object is what both sides see from now on."""
        message: Json = {
            "message_id": chat.next_message, "from": sender, "chat": chat.described(), "date": int(time.time()), **content
        }  # fmt: skip
        chat.messages[chat.next_message] = message
        chat.next_message += 1
        return message

    def keep_file(self, kind: str, name: str, media_type: str, content: bytes) -> StoredFile:
        number = self.number()
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        stored = StoredFile(f"file-{kind}-{number}", f"{kind}s/file_{number}.{suffix}", name, media_type, content)
        self.files[stored.file_id] = stored
        return stored

    def file_at(self, path: str) -> StoredFile | None:
        return next((stored for stored in self.files.values() if stored.path == path), None)
