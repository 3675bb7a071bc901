"""The people at the other end: what a person can do with a telephone, and what is to be seen on it.

In: `say`, `press`, `send_document`, `edit`, `block` … Out: updates for the bot; `Shown` messages as the person sees them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from bot.demo.botapi_text import found_by_itself
from bot.demo.botapi_world import Chat, Press, World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One bubble on the screen, after edits. `rows` are its buttons; `file` names an attachment, `file_id` fetches it."""

    message_id: int
    sender: str
    from_bot: bool
    text: str
    entities: tuple[Json, ...]
    rows: tuple[tuple[Button, ...], ...]
    file: str | None
    file_id: str | None
    date: int
    edited: bool


class Group:
    """A group chat. The bot sees every message, as it does once its privacy mode is switched off."""

    def __init__(self, world: World, chat: Chat):
        self.world, self.chat = world, chat

    @property
    def id(self) -> int:
        return self.chat.id

    def add_bot(self, by: Phone) -> None:
        self.chat.members.add(self.world.bot["id"])
        membership(self.world, self.chat, by.person, "left", "member")

    def remove_bot(self, by: Phone) -> None:
        self.chat.members.discard(self.world.bot["id"])
        membership(self.world, self.chat, by.person, "member", "kicked")

    def screen(self) -> list[Shown]:
        return [shown(message) for message in self.chat.messages.values()]

    def migrate(self) -> Group:
        """The group becomes a supergroup with another id; the old id only says where it went."""
        new = Chat(-1_000_000_000_000 + self.chat.id, "supergroup", self.chat.title, members=set(self.chat.members))
        self.world.chats[new.id] = new
        self.chat.migrated_to = new.id
        told = self.world.store(self.chat, self.world.bot, {"migrate_to_chat_id": new.id})
        self.world.updates.add("message", told)
        self.world.updates.add("message", self.world.store(new, self.world.bot, {"migrate_from_chat_id": self.chat.id}))
        return Group(self.world, new)


class Phone:
    """One person with Telegram. Without `group`, everything happens in the private chat with the bot."""

    def __init__(self, world: World, person: Json):
        self.world, self.person = world, person
        self.private = world.chats.setdefault(person["id"], Chat(person["id"], "private", person=person))

    @property
    def id(self) -> int:
        return int(self.person["id"])

    def say(
        self, text: str, *, group: Group | None = None, reply_to: int | None = None, entities: list[Json] | None = None
    ) -> Json:
        """Write `text`; commands, mentions and links are marked as Telegram marks them, `entities` are added."""
        marked = found_by_itself(text) + (entities or [])
        return self._write({"text": text, **({"entities": marked} if marked else {})}, group, reply_to)

    def send_document(
        self, name: str, content: bytes, media_type: str = "application/pdf", *, caption: str = "", group: Group | None = None
    ) -> Json:
        stored = self.world.keep_file("document", name, media_type, content)
        document = {**stored.described(), "file_name": name, "mime_type": media_type}
        return self._write({"document": document, **captioned(caption)}, group)

    def send_photo(self, content: bytes, *, caption: str = "", group: Group | None = None) -> Json:
        small = self.world.keep_file("photo", "photo.jpg", "image/jpeg", content[: max(1, len(content) // 4)])
        large = self.world.keep_file("photo", "photo.jpg", "image/jpeg", content)
        sizes = [{**small.described(), "width": 90, "height": 67}, {**large.described(), "width": 1280, "height": 960}]
        return self._write({"photo": sizes, **captioned(caption)}, group)

    def send_voice(self, content: bytes, seconds: int = 3, *, group: Group | None = None) -> Json:
        stored = self.world.keep_file("voice", "voice.oga", "audio/ogg", content)
        return self._write({"voice": {**stored.described(), "duration": seconds, "mime_type": "audio/ogg"}}, group)

    def _write(self, content: Json, group: Group | None, reply_to: int | None = None) -> Json:
        chat = group.chat if group else self.private
        chat.started = True
        if reply_to is not None:
            content["reply_to_message"] = without_reply(chat.messages[reply_to])
        message = self.world.store(chat, self.person, content)
        if chat.person is not None or self.world.bot["id"] in chat.members:
            self.world.updates.add("message", dict(message))
        return message

    def edit(self, message_id: int, text: str, *, group: Group | None = None) -> Json:
        message = (group.chat if group else self.private).messages[message_id]
        message.update(text=text, edit_date=int(time.time()), entities=found_by_itself(text))
        self.world.updates.add("edited_message", dict(message))
        return message

    def press(self, button: str, *, message_id: int | None = None, group: Group | None = None) -> Press:
        """Touch the newest button with this label or data (of `message_id` only, if given)."""
        chat = group.chat if group else self.private
        message, data = find_button(chat, button, message_id)
        press = Press(f"press-{self.world.number()}", chat.id, data)
        self.world.presses[press.id] = press
        self.world.updates.add("callback_query", {
            "id": press.id, "from": self.person, "message": dict(message), "chat_instance": str(chat.id), "data": data
        })  # fmt: skip
        return press

    def block(self) -> None:
        self.private.blocked = True
        membership(self.world, self.private, self.person, "member", "kicked")

    def unblock(self) -> None:
        self.private.blocked = False
        membership(self.world, self.private, self.person, "kicked", "member")

    def join(self, group: Group) -> None:
        group.chat.members.add(self.id)
        self.world.updates.add("message", self.world.store(group.chat, self.person, {"new_chat_members": [self.person]}))

    def screen(self) -> list[Shown]:
        return [shown(message) for message in self.private.messages.values()]


def membership(world: World, chat: Chat, by: Json, old: str, new: str) -> None:
    def member(status: str) -> Json:
        return {"user": world.bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}

    world.updates.add("my_chat_member", {
        "chat": chat.described(), "from": by, "date": int(time.time()),
        "old_chat_member": member(old), "new_chat_member": member(new),
    })  # fmt: skip


def find_button(chat: Chat, wanted: str, message_id: int | None) -> tuple[Json, str]:
    for message in reversed(chat.messages.values()):
        if message_id not in (None, message["message_id"]):
            continue
        for button in (button for row in rows_of(message) for button in row):
            if button.data is not None and wanted in (button.label, button.data):
                return message, button.data
    raise LookupError(f"no button {wanted!r} on this screen")


def shown(message: Json) -> Shown:
    sender = message["from"]
    kind = next((kind for kind in ("document", "photo", "voice") if kind in message), None)
    file = (message[kind][-1] if kind == "photo" else message[kind]) if kind else {}
    return Shown(
        message["message_id"], sender["first_name"], sender["is_bot"], message.get("text") or message.get("caption", ""),
        tuple(message.get("entities") or message.get("caption_entities", ())), rows_of(message),
        file.get("file_name", kind), file.get("file_id"), message["date"], "edit_date" in message,
    )  # fmt: skip


def rows_of(message: Json) -> tuple[tuple[Button, ...], ...]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(tuple(Button(b["text"], b.get("callback_data"), b.get("url")) for b in row) for row in rows)


def captioned(caption: str) -> Json:
    return {"caption": caption, "caption_entities": found_by_itself(caption)} if caption else {}


def without_reply(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "reply_to_message"}
