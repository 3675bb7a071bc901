"""The Bot API server serves a client it was not written for: aiogram, with its strict models, unchanged.

aiogram pins libraries of its own, so it lives in an environment made for this test. Run with SECOND_CLIENT=1.
"""

import asyncio
import os
import sys
import textwrap

import pytest

from bot.demo.botapi import BotApiServer
from tests.fakes.botapi import bubbles
from tests.fakes.waiting import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get("SECOND_CLIENT") != "1", reason="installs aiogram; set SECOND_CLIENT=1"),
]

BOT = textwrap.dedent("""
    import asyncio, sys
    from aiogram import Bot, Dispatcher, F
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat, TelegramRetryAfter
    from aiogram.filters import Command, CommandStart
    from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message):
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="y")]])
        await message.answer("<b>Welcome</b>, " + message.from_user.first_name, parse_mode="HTML", reply_markup=keyboard)

    @dispatcher.callback_query(F.data == "y")
    async def pressed(query):
        await query.message.edit_text("Thank you")
        await query.answer("Noted")

    @dispatcher.message(F.document)
    async def document(message, bot):
        content = (await bot.download(message.document)).read()
        await message.reply_document(BufferedInputFile(content.upper(), "upper.txt"), caption="caption")

    @dispatcher.message(Command("errors"))
    async def errors(message, bot):
        told = []
        for chat, text in ((message.chat.id, "<b>"), (message.chat.id, "x"), (1002, "x"), (-9, "x")):
            try:
                await bot.send_message(chat, text, parse_mode="HTML")
            except (TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat, TelegramRetryAfter) as error:
                told.append(type(error).__name__)
        await message.answer(" ".join(told))

    @dispatcher.my_chat_member()
    async def member(change, bot):
        await bot.send_message(1001, f"{change.from_user.first_name}: {change.new_chat_member.status}")

    @dispatcher.message(Command("stop"))
    async def stop(message, bot):
        await bot.set_my_commands([BotCommand(command="ask", description="Ask")], language_code="it")
        chat = await bot.get_chat(message.chat.id)
        hook = await bot.get_webhook_info()
        await message.answer(f"{chat.first_name} {hook.pending_update_count >= 0}")
        await dispatcher.stop_polling()

    async def main(root, token):
        bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(root)))
        await dispatcher.start_polling(bot, handle_signals=False, polling_timeout=2)

    asyncio.run(main(*sys.argv[1:]))
""")


async def run(*command):
    process = await asyncio.create_subprocess_exec(*map(str, command), stdout=-1, stderr=-2)
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-3000:]


async def test_aiogram_works_unchanged(tmp_path):
    await run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    await run(python, "-m", "pip", "install", "-q", "aiogram>=3.20,<4")
    script = tmp_path / "bot.py"
    script.write_text(BOT)
    async with BotApiServer() as server:
        anna, ben = server.user(1001, "Anna", "it"), server.user(1002, "Ben")
        running = asyncio.create_task(run(python, script, server.root, server.token))

        def texts():
            assert not running.done() or running.result() is None
            return [shown.text for shown in bubbles(server, anna)]

        anna.say("/start")
        await until(lambda: texts() == ["Welcome, Anna"], 150)
        press = anna.press("Yes")
        await until(lambda: press.answered == "Noted" and texts() == ["Thank you"], 150)
        anna.send_document("a.txt", b"lower", "text/plain")
        await until(lambda: texts()[1:] == ["caption"], 150)
        assert server.world.files[bubbles(server, anna)[1].file_id].content == b"LOWER"
        ben.say("/never mind")
        ben.block()
        await until(lambda: texts()[2:] == ["Ben: kicked"], 150)
        server.group(-9, "Town hall", anna).migrate()
        server.fail("sendMessage", 400, description="Bad Request: can't parse entities: x", chat=1001)
        server.fail("sendMessage", retry_after=3, chat=1001)
        anna.say("/errors")
        await until(lambda: len(texts()) == 4, 150)
        assert texts()[3] == "TelegramBadRequest TelegramRetryAfter TelegramForbiddenError TelegramMigrateToChat"
        anna.say("/stop")
        await asyncio.wait_for(running, 150)
        assert texts()[4] == "Anna True" and ("default", "it") in server.world.commands
