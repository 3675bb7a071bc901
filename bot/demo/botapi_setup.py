"""The methods of the Bot API around messages: commands, files, chats and their members.

In: `World` and the call's parameters. Out: the `result` of the call, or `ApiError`.
"""

from __future__ import annotations

import re
from typing import Any

from bot.demo.botapi_methods import (
    Method,
    answer_callback_query,
    delete_message,
    edit_message_reply_markup,
    edit_message_text,
    get_me,
    send_chat_action,
    send_document,
    send_message,
    send_photo,
)
from bot.demo.botapi_params import Params
from bot.demo.botapi_text import ApiError
from bot.demo.botapi_world import Json, World

DOWNLOAD_LIMIT = 20 * 1024 * 1024
COMMAND = re.compile(r"[a-z0-9_]{1,32}")


async def set_my_commands(world: World, params: Params) -> bool:
    commands = params.items("commands")
    if len(commands) > 100:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        check_command(command)
    world.commands[scope_of(params)] = commands
    return True


def check_command(command: Any) -> None:
    if not isinstance(command, dict) or not COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
        raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= 256:
        raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


async def get_my_commands(world: World, params: Params) -> list[Json]:
    return world.commands.get(scope_of(params), [])


async def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.pop(scope_of(params), None)
    return True


def scope_of(params: Params) -> tuple[str, str]:
    language = params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise ApiError(400, "Bad Request: LANG_CODE_INVALID")
    return str(params.mapping("scope").get("type", "default")), language


async def get_file(world: World, params: Params) -> Json:
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise ApiError(400, "Bad Request: invalid file_id")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise ApiError(400, "Bad Request: file is too big")
    return {**stored.described(), "file_path": stored.path}


async def get_chat(world: World, params: Params) -> Json:
    chat = world.chat(params.need_number("chat_id"))
    return {**chat.described(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}


GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
NO_GIFTS = dict.fromkeys(GIFTS, False)


async def get_chat_member(world: World, params: Params) -> Json:
    chat, user_id = world.chat(params.need_number("chat_id")), params.need_number("user_id")
    person = world.bot if user_id == world.bot["id"] else world.people.get(user_id)
    if person is None:
        raise ApiError(400, "Bad Request: user not found")
    is_in = user_id in chat.members or chat.person is person
    return {"user": person, "status": "member" if is_in else "left"}


METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "getfile": get_file,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
}
