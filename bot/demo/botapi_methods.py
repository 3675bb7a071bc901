"""The methods of the Bot API that write and change messages, each with Telegram's own checks and refusals.

In: `World` and the call's parameters. Out: the `result` of the call, or `ApiError`.
https://core.telegram.org/bots/api#available-methods
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.demo.botapi_params import Params
from bot.demo.botapi_text import ApiError, found_by_itself, read_markup, units
from bot.demo.botapi_world import Chat, Json, World

Method = Callable[[World, Params], Awaitable[Any]]

NOT_MODIFIED = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
TEXT_LIMIT, CAPTION_LIMIT, FILE_LIMIT = 4096, 1024, 50 * 1024 * 1024


async def get_me(world: World, params: Params) -> Json:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}
    return {**world.bot, **abilities}


async def send_message(world: World, params: Params) -> Json:
    chat = world.chat(params.need_number("chat_id"))
    text, entities = marked_text(params, "text", "entities", TEXT_LIMIT, "message is too long")
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    content = {"text": text, **({"entities": entities} if entities else {})}
    return world.store(chat, world.bot, {**content, **reply_of(chat, params), **keyboard_of(params)})


async def send_document(world: World, params: Params) -> Json:
    return send_file(world, params, "document")


async def send_photo(world: World, params: Params) -> Json:
    return send_file(world, params, "photo")


def send_file(world: World, params: Params, kind: str) -> Json:
    chat = world.chat(params.need_number("chat_id"))
    name, media_type, content = params.upload(kind)
    if len(content) > FILE_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if not content:
        raise ApiError(400, "Bad Request: file must be non-empty")
    caption, entities = marked_text(params, "caption", "caption_entities", CAPTION_LIMIT, "message caption is too long")
    reply, keyboard = reply_of(chat, params), keyboard_of(params)
    stored = world.keep_file(kind, name, media_type, content)
    described: Any = {**stored.described(), "file_name": name, "mime_type": media_type}
    if kind == "photo":
        described = [{**stored.described(), "width": 800, "height": 600}]
    captions = {"caption": caption, "caption_entities": entities} if caption else {}
    return world.store(chat, world.bot, {kind: described, **captions, **reply, **keyboard})


async def edit_message_text(world: World, params: Params) -> Json:
    message = own_message(world, params, "message to edit not found")
    text, entities = marked_text(params, "text", "entities", TEXT_LIMIT, "message is too long")
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    return change(message, {"text": text, "entities": entities, **keyboard_of(params)})


async def edit_message_reply_markup(world: World, params: Params) -> Json:
    return change(own_message(world, params, "message to edit not found"), keyboard_of(params))


def change(message: Json, new: Json) -> Json:
    """An edit without a keyboard takes the keyboard away; one that changes nothing is refused."""
    compared = {*new, "reply_markup"}
    if all((message.get(key) or None) == (new.get(key) or None) for key in compared):
        raise ApiError(400, NOT_MODIFIED)
    message.pop("reply_markup", None)
    message.update(new, edit_date=int(time.time()))
    return message


async def delete_message(world: World, params: Params) -> bool:
    message = own_message(world, params, "message to delete not found")
    del world.chats[message["chat"]["id"]].messages[message["message_id"]]
    return True


def own_message(world: World, params: Params, otherwise: str) -> Json:
    chat = world.chat(params.need_number("chat_id"))
    message = chat.message(params.need_number("message_id"), otherwise)
    if message["from"]["id"] != world.bot["id"]:
        raise ApiError(400, "Bad Request: message can't be edited")
    return message


async def send_chat_action(world: World, params: Params) -> bool:
    chat, action = world.chat(params.need_number("chat_id")), params.text("action")
    if action not in ("typing", "upload_photo", "upload_document", "upload_voice", "record_voice", "find_location"):
        raise ApiError(400, "Bad Request: wrong parameter action in request")
    world.actions.append((chat.id, action, time.monotonic()))
    return True


async def answer_callback_query(world: World, params: Params) -> bool:
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or press.answered is not None:
        raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if len(text) > 200:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    press.answered, press.alert = text, params.flag("show_alert")
    return True


def marked_text(params: Params, field: str, entities_field: str, limit: int, too_long: str) -> tuple[str, list[Json]]:
    source, parse_mode = params.text(field), params.text("parse_mode") or None
    text, entities = read_markup(source, parse_mode, params.items(entities_field))
    if units(text) > limit:
        raise ApiError(400, f"Bad Request: {too_long}")
    covered = {(entity["offset"], entity["length"]) for entity in entities}
    by_itself = [entity for entity in found_by_itself(text) if (entity["offset"], entity["length"]) not in covered]
    return text, entities + by_itself


def reply_of(chat: Chat, params: Params) -> Json:
    wanted = params.mapping("reply_parameters")
    message_id = wanted.get("message_id") or params.number("reply_to_message_id")
    if not message_id:
        return {}
    if message_id in chat.messages:
        original = chat.messages[message_id]
        return {"reply_to_message": {key: value for key, value in original.items() if key != "reply_to_message"}}
    if wanted.get("allow_sending_without_reply"):
        return {}
    raise ApiError(400, "Bad Request: message to be replied not found")


def keyboard_of(params: Params) -> Json:
    markup = params.mapping("reply_markup")
    if "inline_keyboard" not in markup:
        return {}
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ApiError(400, "Bad Request: object expected as reply markup")
    for button in (button for row in rows for button in row):
        check_button(button)
    return {"reply_markup": {"inline_keyboard": [row for row in rows if row]}} if any(rows) else {}


def check_button(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise ApiError(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= 64:
        raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    if data is None and not button.get("url"):
        raise ApiError(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
