"""The Bot API server itself, asked over plain HTTP: it must be as strict and as patient as Telegram's."""

import asyncio
import json
import time

import httpx
import pytest

from bot.demo.botapi import BotApiServer
from bot.demo.botapi_text import ApiError, parse_html
from tests.fakes.botapi import most_in_a_window
from tests.fakes.waiting import until


class Caller:
    """A client of three lines, so that no library's habits shape the server."""

    def __init__(self, server):
        self.server, self.http = server, httpx.AsyncClient(timeout=20, trust_env=False)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        await self.http.aclose()

    async def __call__(self, method, **params):
        response = await self.http.post(self.server.base_url + self.server.token + "/" + method, json=params)
        body = response.json()
        assert body["ok"] == (response.status_code == 200) and (body["ok"] or body["error_code"] == response.status_code)
        return body

    async def result(self, method, **params):
        body = await self(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method, **params):
        body = await self(method, **params)
        assert not body["ok"], body
        return body["error_code"], body["description"]


@pytest.fixture
async def server():
    async with BotApiServer() as server:
        yield server


@pytest.fixture
async def call(server):
    async with Caller(server) as caller:
        yield caller


async def test_updates_are_kept_until_an_offset_above_them_is_asked_for(server, call):
    anna = server.user(1001, "Anna")
    for text in ("one", "two", "three"):
        anna.say(text)
    updates = await call.result("getUpdates")
    assert [update["message"]["text"] for update in updates] == ["one", "two", "three"]
    assert await call.result("getUpdates") == updates
    first = updates[0]["update_id"]
    assert [update["update_id"] for update in updates] == [first, first + 1, first + 2]
    assert await call.result("getUpdates", offset=first + 1, limit=1) == updates[1:2]
    assert await call.result("getUpdates", offset=-1) == updates[2:]
    assert await call.result("getUpdates", offset=first + 3) == []
    assert await call.result("getUpdates", offset=first) == []


async def test_a_long_poll_answers_at_the_first_update_and_else_after_its_time(server, call):
    assert await call.result("getUpdates", timeout=1) == []
    polling = asyncio.create_task(call.result("getUpdates", timeout=20))
    await until(lambda: server.world.updates.polling)
    server.user(1001, "Anna").say("now")
    [update] = await asyncio.wait_for(polling, 10)
    assert update["message"]["text"] == "now" and abs(update["message"]["date"] - time.time()) < 60


async def test_a_second_poller_ends_the_first(server, call):
    first = asyncio.create_task(call.refusal("getUpdates", timeout=20))
    await until(lambda: server.world.updates.polling)
    assert await call.result("getUpdates", timeout=0) == []
    code, text = await asyncio.wait_for(first, 10)
    assert code == 409 and "terminated by other getUpdates request" in text


async def test_kinds_that_were_not_asked_for_are_not_queued(server, call):
    await call.result("getUpdates", allowed_updates=["callback_query"])
    anna = server.user(1001, "Anna")
    anna.say("unheard")
    assert await call.result("getUpdates") == []
    await call.result("getUpdates", allowed_updates=[])
    anna.say("heard")
    assert len(await call.result("getUpdates")) == 1


async def test_polling_is_refused_while_a_webhook_is_set(call):
    await call.result("setWebhook", url="https://rrm.example/telegram")
    assert (await call.refusal("getUpdates"))[0] == 409
    assert (await call.result("getWebhookInfo"))["url"] == "https://rrm.example/telegram"
    await call.result("deleteWebhook")
    assert await call.result("getUpdates") == []
    assert (await call.refusal("setWebhook", url="http://rrm.example/"))[0] == 400
    assert (await call.refusal("setWebhook", url="https://rrm.example/", secret_token="not allowed!"))[0] == 400


HTML = [
    ("plain & simple", "plain & simple", []),
    ("&lt;b&gt; &amp; &quot; &#233; &#xe9; &euro;", '<b> & " é é &euro;', []),
    ("<b>bold</b>", "bold", [("bold", 0, 4)]),
    ("😀 <i>x<b>y</b></i>", "😀 xy", [("italic", 3, 2), ("bold", 4, 1)]),
    ('<a href="https://rrm.example/?a=1&amp;b=2">here</a>', "here", [("text_link", 0, 4)]),
    ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
    ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1), ("code", 0, 1)]),
    ("<blockquote expandable>x</blockquote>", "x", [("blockquote", 0, 1)]),
    ("<b></b>empty", "empty", []),
]


@pytest.mark.parametrize(("source", "text", "entities"), HTML)
def test_html_is_read(source, text, entities):
    read, found = parse_html(source)
    assert (read, [(entity["type"], entity["offset"], entity["length"]) for entity in found]) == (text, entities)


@pytest.mark.parametrize(
    "source",
    ["<b>", "</b>", "<b><i></b></i>", "<", "a < b", "<p>x</p>", "<div>", "<b", "<span>x</span>", "<1>", "<script>", "x <b>y</i>"],
)
def test_html_telegram_does_not_know_is_refused(source):
    with pytest.raises(ApiError, match="can't parse entities"):
        parse_html(source)


async def test_messages_are_checked_as_telegram_checks_them(server, call):
    server.user(1001, "Anna").say("/start")
    refusals = [
        ({"text": "<b>x", "parse_mode": "HTML"}, 400, "can't parse entities"),
        ({"text": "x" * 4097}, 400, "message is too long"),
        ({"text": "😀" * 2049}, 400, "message is too long"),
        ({"text": " \n "}, 400, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, 400, "message text is empty"),
        ({"text": "x", "parse_mode": "Nonsense"}, 400, "unsupported parse_mode"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, 400, "ENTITY_BOUNDS_INVALID"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, 400, "message to be replied not found"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
            400,
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, 400, "Text buttons"),
        ({"text": "x", "reply_markup": "{broken"}, 400, "can't parse reply markup JSON"),
        ({"text": "x", "chat_id": 5}, 400, "chat not found"),
        ({"text": "x", "chat_id": ""}, 400, "chat_id is empty"),
    ]
    for params, code, words in refusals:
        got = await call.refusal("sendMessage", **{"chat_id": 1001, **params})
        assert got[0] == code and words in got[1], params
    sent = await call.result("sendMessage", chat_id=1001, text="<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
    assert [call.accepted for call in server.calls("sendMessage")] == [False] * len(refusals) + [True]


async def test_a_person_who_never_wrote_cannot_be_written_to(server, call):
    server.user(1001, "Anna")
    assert "chat not found" in (await call.refusal("sendMessage", chat_id=1001, text="x"))[1]


async def test_edits_change_what_is_seen_and_deletions_remove_it(server, call):
    anna = server.user(1001, "Anna")
    asked = anna.say("/start")
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await call.result("sendMessage", chat_id=1001, text="first", reply_markup=keyboard)
    target = {"chat_id": 1001, "message_id": sent["message_id"]}
    assert "not modified" in (await call.refusal("editMessageText", **target, text="first", reply_markup=keyboard))[1]
    await call.result("editMessageText", **target, text="second")
    assert [(shown.text, shown.rows, shown.edited) for shown in server.screen(anna)[1:]] == [("second", (), True)]
    await call.result("editMessageReplyMarkup", **target, reply_markup=keyboard)
    assert server.screen(anna)[1].rows[0][0].label == "Yes"
    assert "can't be edited" in (await call.refusal("editMessageText", chat_id=1001, message_id=asked["message_id"], text="x"))[1]
    assert "not found" in (await call.refusal("editMessageText", chat_id=1001, message_id=99, text="x"))[1]
    await call.result("deleteMessage", **target)
    assert len(server.screen(anna)) == 1


async def test_a_touched_button_is_answered_once(server, call):
    anna = server.user(1001, "Anna")
    anna.say("/start")
    await call.result(
        "sendMessage", chat_id=1001, text="?", reply_markup={"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    )
    press = anna.press("y")
    assert (await call.result("getUpdates"))[-1]["callback_query"]["id"] == press.id and press.answered is None
    await call.result("answerCallbackQuery", callback_query_id=press.id, text="Noted", show_alert=True)
    assert (press.answered, press.alert) == ("Noted", True)
    assert "query is too old" in (await call.refusal("answerCallbackQuery", callback_query_id=press.id))[1]
    with pytest.raises(LookupError):
        anna.press("No")


async def test_parameters_may_come_as_query_form_json_or_multipart(server):
    server.user(1001, "Anna").say("/start")
    url = server.base_url + server.token
    keyboard = json.dumps({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]})
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        given = {"chat_id": "1001", "text": "é", "reply_markup": keyboard}
        answers = [
            await http.get(url + "/sendMessage", params=given),
            await http.post(url + "/SENDMESSAGE", data=given),
            await http.post(url + "/sendMessage", json=given),
            await http.post(url + "/sendMessage", files={name: (None, value) for name, value in given.items()}),
        ]
        for answer in answers:
            message = answer.json()["result"]
            assert message["text"] == "é" and message["reply_markup"] == json.loads(keyboard)
        by_part = await http.post(
            url + "/sendDocument", data={"chat_id": "1001", "document": "attach://p"}, files={"p": ("a.txt", b"1")}
        )
        by_name = await http.post(
            url + "/sendDocument", data={"chat_id": "1001", "caption": "c"}, files={"document": ("b.txt", b"2")}
        )
        by_url = await http.post(url + "/sendDocument", data={"chat_id": "1001", "document": "https://rrm.example/a.pdf"})
    assert [part.json()["result"]["document"]["file_name"] for part in (by_part, by_name)] == ["a.txt", "b.txt"]
    assert by_url.status_code == 400


async def test_files_go_down_the_way_they_came_up(server, call):
    file_id = server.user(1001, "Anna").send_document("plan.pdf", b"%PDF")["document"]["file_id"]
    path = (await call.result("getFile", file_id=file_id))["file_path"]
    assert (await call.http.get(server.base_file_url + server.token + "/" + path)).content == b"%PDF"
    assert (await call.http.get(server.base_file_url + "1:wrong/" + path)).status_code == 404
    assert (await call.refusal("getFile", file_id="x"))[0] == 400


async def test_commands_are_kept_by_language(call):
    italian = [{"command": "ask", "description": "Fai una domanda"}]
    await call.result("setMyCommands", commands=italian, language_code="it")
    assert await call.result("getMyCommands", language_code="it") == italian
    assert await call.result("getMyCommands") == []
    await call.result("deleteMyCommands", language_code="it")
    assert await call.result("getMyCommands", language_code="it") == []
    for wrong in ([{"command": "Ask!", "description": "x"}], [{"command": "ask", "description": ""}], ["ask"]):
        assert (await call.refusal("setMyCommands", commands=wrong))[0] == 400


async def test_tokens_and_methods_nobody_knows(server, call):
    assert (await call.http.get(server.base_url + "1:wrong/getMe")).status_code == 401
    assert (await call.refusal("makeCoffee"))[0] == 404
    assert (await call.http.get(server.root + "/")).status_code == 404
    server.revoke()
    assert await call.refusal("getMe") == (401, "Unauthorized")


async def test_chats_and_members_are_told(server, call):
    anna = server.user(1001, "Anna")
    group = server.group(-9, "Town hall", anna)
    assert (await call.result("getChat", chat_id=-9))["title"] == "Town hall"
    assert (await call.result("getChatMember", chat_id=-9, user_id=1001))["status"] == "member"
    group.remove_bot(anna)
    assert (await call.refusal("sendMessage", chat_id=-9, text="x"))[0] == 403


async def test_faults_come_by_method_and_chat_and_are_used_up(server, call):
    for id in (1001, 1002):
        server.user(id, "Anna").say("/start")
    server.fail("sendMessage", retry_after=7, chat=1002)
    assert (await call("getUpdates"))["ok"] and (await call("sendMessage", chat_id=1001, text="x"))["ok"]
    body = await call("sendMessage", chat_id=1002, text="x")
    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 7})
    assert (await call("sendMessage", chat_id=1002, text="x"))["ok"]
    server.fail("getMe", 502, times=-1)
    assert [(await call("getMe"))["error_code"] for _ in range(3)] == [502] * 3


async def test_the_journal_tells_what_was_accepted_and_when(server, call):
    server.user(1001, "Anna").say("/start")
    before = time.monotonic()
    server.fail("sendMessage", cut=True, when="after")
    with pytest.raises(httpx.RemoteProtocolError):
        await call("sendMessage", chat_id=1001, text="stored, unheard of")
    server.fail("sendMessage", cut=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await call("sendMessage", chat_id=1001, text="lost")
    stored, lost = server.calls("sendMessage")
    assert (stored.accepted, lost.accepted) == (True, False) and before < stored.came <= stored.at <= lost.at
    assert [call.params["text"] for call in server.calls("sendMessage", accepted=True)] == ["stored, unheard of"]


@pytest.mark.parametrize(("moments", "width", "most"), [([], 1, 0), ([1], 1, 1), ([0, 1, 2], 1, 1), ([0, 0.9, 1.8, 1.85], 1, 3)])
def test_windows_are_counted_right(moments, width, most):
    assert most_in_a_window(moments, width) == most
