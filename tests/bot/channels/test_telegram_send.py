"""What becomes of a letter: sent once, refused for good, unreachable for now, or honestly ambiguous."""

import pytest
from starlette.responses import Response

from bot.channels.telegram_settings import TelegramLimits
from routing.errors import Ambiguous, Refused, Unreachable
from routing.values import OutgoingFile
from tests.fakes.botapi import QUICK, Brink, Inbox, bubbles, connected, letter, listening
from tests.fakes.waiting import until

PARAGRAPH = "A sentence of no importance at all. " * 40  # 1,440 units
LONG = "\n\n".join(f"{n}. {PARAGRAPH}" for n in range(4))


async def greeted(server, id=1001, name="Anna"):
    phone = server.user(id, name)
    phone.say("/start")
    return phone


@pytest.mark.parametrize(
    "text",
    [
        "[x](tg://user?id=1) *_unbalanced_* `</i> <b",
        "<b>bold</b> &amp; <a href='https://evil.example'>a link that is none</a>",
        "𝔘𝔫𝔦😀 < é & https://rrm.example/?a=1&b=2",
    ],
)
async def test_text_arrives_as_written_whatever_it_looks_like(text):
    async with connected() as (server, channel):
        anna = await greeted(server)
        brink = Brink()
        sent = await channel.send(letter(text), brink)
        [shown] = bubbles(server, anna)
        assert shown.text == text and brink.crossed == 1
        assert sent.external_id == f"tg:1001:{shown.message_id}" and "plain" not in sent.detail
        assert {entity["type"] for entity in shown.entities} <= {"url"}


async def test_buttons_come_one_a_row_on_the_last_message_and_carry_only_their_id():
    async with connected() as (server, channel):
        anna = await greeted(server)
        buttons = [("Yes, this helps", "b-1"), ("No", "b-2")]
        await channel.send(letter(LONG, buttons=buttons), Brink())
        *earlier, last = bubbles(server, anna)
        assert [[(b.label, b.data) for b in row] for row in last.rows] == [[buttons[0]], [buttons[1]]]
        assert earlier and not any(shown.rows for shown in earlier)


async def test_a_long_letter_comes_in_parts_and_a_very_long_one_also_as_a_file():
    async with connected() as (server, channel):
        anna = await greeted(server)
        await channel.send(letter(LONG, id=1), Brink())
        assert [shown.file for shown in bubbles(server, anna)] == [None, None]
        very_long = "\n\n".join([LONG] * 4)
        sent = await channel.send(letter(very_long, id=2), Brink())
        *parts, file = bubbles(server, anna)[2:]
        assert " ".join(" ".join(shown.text for shown in parts).split()) == " ".join(very_long.split())
        assert file.file == "answer.txt" and server.world.files[file.file_id].content.decode() == very_long
        assert sent.external_id == f"tg:1001:{file.message_id}"


async def test_files_are_uploaded_by_multipart():
    async with connected() as (server, channel):
        anna = await greeted(server)
        await channel.send(letter("See the sheet.", files=(OutgoingFile("fișă.pdf", "application/pdf", b"%PDF-1"),)), Brink())
        assert [shown.file for shown in bubbles(server, anna)] == [None, "fișă.pdf"]
        assert server.calls("sendDocument")[0].files["document"][2] == b"%PDF-1"


async def test_a_reply_hangs_on_the_message_it_answers_if_it_is_of_this_chat():
    async with connected() as (server, channel):
        await greeted(server)
        for id, reference in enumerate(("tg:1001:1", "tg:1001:999", "tg:7:1", "<mail@rrm.example>", "tg:1001:x")):
            await channel.send(letter(id=id, in_reply_to=reference), Brink())
        assert ["reply_to_message" in call.result for call in server.calls("sendMessage")] == [True, False, False, False, False]


async def test_refused_markup_is_sent_again_as_plain_text():
    async with connected() as (server, channel):
        anna = await greeted(server)
        server.fail("sendMessage", 400, description="Bad Request: can't parse entities: Unsupported start tag")
        brink = Brink()
        sent = await channel.send(letter("a < b & c", buttons=[("Yes", "y")]), brink)
        [shown] = bubbles(server, anna)
        assert shown.text == "a < b & c" and shown.rows and "plain text" in sent.detail and brink.crossed == 1


async def test_a_person_who_blocked_the_bot_is_a_dead_address():
    async with connected() as (server, channel):
        anna = await greeted(server)
        anna.block()
        with pytest.raises(Refused) as caught:
            await channel.send(letter(), Brink())
        assert caught.value.address_is_dead and caught.value.code == "403"
        anna.unblock()
        await channel.send(letter(), Brink())


@pytest.mark.parametrize("address", ["424242", "-100555"])
async def test_a_chat_nobody_knows_is_a_dead_address(address):
    async with connected() as (_, channel):
        with pytest.raises(Refused) as caught:
            await channel.send(letter(address=address), Brink())
        assert caught.value.address_is_dead and caught.value.code == "400"


@pytest.mark.parametrize(
    "bad",
    [letter(address="anna@town.example"), letter(text=" \n "), letter(buttons=[("Yes", "x" * 65)]), letter(buttons=[("", "x")])],
    ids=["no chat id", "empty", "button id too long", "button without a label"],
)
async def test_a_letter_telegram_cannot_take_is_refused(bad):
    async with connected() as (server, channel):
        await greeted(server)
        with pytest.raises(Refused):
            await channel.send(bad, Brink())


FATES = {
    "connection lost, nothing stored": ({"cut": True}, Ambiguous, 0),
    "connection lost, message stored": ({"cut": True, "when": "after"}, Ambiguous, 1),
    "500 before": ({"status": 500}, Ambiguous, 0),
    "502 after": ({"status": 502, "when": "after"}, Ambiguous, 1),
    "answer too late, message stored": ({"delay": 3.0, "when": "after"}, Ambiguous, 1),
    "too many requests": ({"retry_after": 30}, Unreachable, 0),
    "kicked": ({"status": 403, "description": "Forbidden: bot was kicked from the group chat"}, Refused, 0),
    "deactivated": ({"status": 400, "description": "Bad Request: user is deactivated"}, Refused, 0),
    "too large": ({"status": 413, "description": "Request Entity Too Large"}, Refused, 0),
    "token refused": ({"status": 401}, Unreachable, 0),
}


@pytest.mark.parametrize(("fault", "fate", "stored"), FATES.values(), ids=FATES)
async def test_a_fault_has_exactly_this_fate(fault, fate, stored):
    async with connected(read_timeout=0.5) as (server, channel):
        anna = await greeted(server)
        server.fail("sendMessage", **fault)
        brink = Brink()
        with pytest.raises(fate) as caught:
            await channel.send(letter(), brink)
        assert len(bubbles(server, anna)) == stored and brink.crossed == 1
        if fate is Refused:
            assert caught.value.address_is_dead == (caught.value.code in ("400", "403"))


async def test_a_server_that_is_away_is_unreachable_and_the_letter_goes_later():
    async with connected() as (server, channel):
        await greeted(server)
        await server.stop()
        with pytest.raises(Unreachable):
            await channel.send(letter(), Brink())


async def test_a_brink_that_fails_sends_nothing():
    async def lost_lease():
        raise RuntimeError("somebody else has this letter now")

    async with connected() as (server, channel):
        anna = await greeted(server)
        with pytest.raises(RuntimeError):
            await channel.send(letter(), lost_lease)
        assert not bubbles(server, anna) and not server.calls("sendMessage")


async def test_too_many_requests_closes_this_chat_only_and_only_until_then():
    async with connected() as (server, channel):
        anna, ben = await greeted(server), await greeted(server, 1002, "Ben")
        server.fail("sendMessage", retry_after=2, chat=anna.id)
        with pytest.raises(Unreachable) as caught:
            await channel.send(letter(), Brink())
        assert caught.value.retry_after == 2
        brink = Brink()
        with pytest.raises(Unreachable) as caught:
            await channel.send(letter(), brink)
        assert 0 < caught.value.retry_after <= 2 and brink.crossed == 0
        assert len(server.calls("sendMessage", anna.id)) == 1
        await channel.send(letter(address=ben.id), Brink())
        assert len(bubbles(server, ben)) == 1


async def test_a_group_that_moved_gets_its_letter_at_the_new_place():
    async with connected() as (server, channel):
        anna = await greeted(server)
        old = server.group(-500, "Town hall", anna)
        new = old.migrate()
        sent = await channel.send(letter(address=-500), Brink())
        assert [shown.text for shown in bubbles(server, new)[1:]] == ["Good news."]
        assert f"chat-migrated:{new.id}" in sent.detail and sent.external_id.startswith(f"tg:{new.id}:")


async def test_later_messages_are_tried_again_while_that_is_safe():
    async with connected() as (server, channel):
        anna = await greeted(server)
        server.fail("sendDocument", 429, retry_after=1)
        await channel.send(letter("See the sheet.", files=(OutgoingFile("a.txt", "text/plain", b"x"),)), Brink())
        assert [shown.file for shown in bubbles(server, anna)] == [None, "a.txt"]


async def test_a_letter_that_stops_halfway_is_ambiguous_and_goes_on_where_it_stopped():
    async with connected() as (server, channel):
        anna = await greeted(server)
        half = letter("See the sheet.", files=(OutgoingFile("a.txt", "text/plain", b"x"),))
        server.fail("sendDocument", 429, retry_after=600)
        with pytest.raises(Ambiguous, match="1 of 2 messages arrived") as caught:
            await channel.send(half, Brink())
        assert caught.value.retry_after == 600
        with pytest.raises(Unreachable, match="1 of 2 messages arrived"):
            await channel.send(half, Brink())
        channel.sender.limiter._chats.clear()  # ten minutes later
        await channel.send(half, Brink())
        assert [shown.file for shown in bubbles(server, anna)] == [None, "a.txt"]


async def test_blocked_halfway_says_how_far_it_came():
    async with connected() as (server, channel):
        await greeted(server)
        server.fail("sendDocument", 403)
        with pytest.raises(Refused, match="1 of 2 messages arrived") as caught:
            await channel.send(letter(files=(OutgoingFile("a.txt", "text/plain", b"x"),)), Brink())
        assert caught.value.address_is_dead


async def test_a_message_is_in_doubt_only_once_not_the_ones_before_it():
    async with connected() as (server, channel):
        anna = await greeted(server)
        two = letter(LONG)
        server.fail("sendMessage")  # no fault at all: lets the first part pass
        server.fail("sendMessage", cut=True, when="after")
        with pytest.raises(Ambiguous):
            await channel.send(two, Brink())
        await channel.send(two, Brink())
        texts = [shown.text for shown in bubbles(server, anna)]
        assert texts[0].startswith("0.") and texts[1] == texts[2] and len(texts) == 3


async def test_a_busy_chat_sends_the_letter_back_to_the_outbox():
    slow = TelegramLimits(chat_pause=30.0, patience=1.0)
    async with connected(limits=slow) as (server, channel):
        await greeted(server)
        await channel.send(letter(id=1), Brink())
        brink = Brink()
        with pytest.raises(Unreachable) as caught:
            await channel.send(letter(id=2), brink)
        assert caught.value.retry_after > 1.0 and brink.crossed == 0


async def test_typing_and_acknowledging_are_courtesies():
    async with connected() as (server, channel):
        anna = await greeted(server)
        await channel.send(letter(buttons=[("Yes", "y")]), Brink())
        press = anna.press("Yes")
        assert await channel.typing("1001") and server.world.actions[0][:2] == (1001, "typing")
        assert await channel.acknowledge(press.id, "Grazie " * 100) and press.answered.startswith("Grazie")
        assert not await channel.acknowledge(press.id, "again")
        assert not await channel.acknowledge("made-up")
        server.fail("sendChatAction", 500)
        assert not await channel.typing("1001")


async def test_files_are_fetched_up_to_a_limit():
    async with connected(limits=TelegramLimits(download_bytes=1000)) as (server, channel):
        anna = server.user(1001, "Anna")
        small = anna.send_document("a.pdf", b"x" * 1000)["document"]["file_id"]
        large = anna.send_document("b.pdf", b"x" * 1001)["document"]
        assert await channel.fetch(small) == b"x" * 1000
        with pytest.raises(Refused, match="larger") as caught:
            await channel.fetch(large["file_id"])
        assert not caught.value.address_is_dead
        with pytest.raises(Refused, match="larger"):
            await channel.client.download("documents/file_2.pdf", 1000)  # whatever size was announced
        with pytest.raises(Refused):
            await channel.fetch("file-of-nobody")
        server.fail("getFile", 502)
        with pytest.raises(Unreachable):
            await channel.fetch(small)
        with pytest.raises(Unreachable):
            await channel.client.download("documents/gone.pdf", 1000)


async def test_commands_are_registered_for_each_language_and_english_for_all_others():
    async with connected(started=False) as (server, channel):
        channel.commands = {"en": {"help": "How this works"}, "it": {"help": "Come funziona"}}
        await channel.start()
        assert server.world.commands == {
            ("default", ""): [{"command": "help", "description": "How this works"}],
            ("default", "en"): [{"command": "help", "description": "How this works"}],
            ("default", "it"): [{"command": "help", "description": "Come funziona"}],
        }
        assert (await channel.check())["problems"] == []


async def test_a_command_telegram_does_not_like_does_not_make_the_bot_deaf():
    async with connected(started=False) as (server, channel):
        channel.commands = {"en": {"Not a command!": "x"}}
        await channel.start()
        inbox = Inbox()
        server.user(1001, "Anna").say("hello?")
        async with listening(channel, inbox):
            await until(lambda: inbox.texts == ["hello?"])


async def test_the_doctor_may_ask_without_starting():
    async with connected(started=False) as (server, channel):
        assert (await channel.check())["username"] == "rrm_demo_bot"
        assert [call.method for call in server.journal] == ["getMe", "getWebhookInfo"]


async def test_a_lost_lease_does_not_forget_what_arrived():
    async def lost_lease():
        raise RuntimeError("somebody else has this letter now")

    async with connected() as (server, channel):
        anna = await greeted(server)
        half = letter("See the sheet.", files=(OutgoingFile("a.txt", "text/plain", b"x"),))
        server.fail("sendDocument", cut=True)
        with pytest.raises(Ambiguous):
            await channel.send(half, Brink())
        with pytest.raises(RuntimeError):
            await channel.send(half, lost_lease)
        await channel.send(half, Brink())
        assert [shown.file for shown in bubbles(server, anna)] == [None, "a.txt"]


async def test_a_closed_channel_sends_nothing_and_says_so():
    async with connected() as (server, channel):
        await greeted(server)
        await channel.close()
        with pytest.raises(Unreachable):
            await channel.send(letter(), Brink())
        assert not server.calls("sendMessage")


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"[]", b'{"ok": true}', b'{"ok": true, "result": {}}'])
async def test_an_answer_nobody_understands_is_ambiguous(body, monkeypatch):
    async with connected() as (server, channel):
        await greeted(server)
        monkeypatch.setattr("bot.demo.botapi_web.JSONResponse", lambda *_, **__: Response(body))
        with pytest.raises(Ambiguous):
            await channel.send(letter(), Brink())


async def test_the_limits_of_these_tests_do_not_hide_the_real_ones():
    assert TelegramLimits().chat_pause == 1.0 and TelegramLimits().per_second == 30
    assert QUICK.text_units == TelegramLimits().text_units == 4096
