"""Raw updates as values: what people send through the real server, and what nobody should ever send."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram_read import read_update
from bot.demo.botapi import BotApiServer
from routing.values import Incoming, Kind, Unreadable

ENVELOPE = {"bot": 4200000001, "username": "RRM_demo_bot"}


@pytest.fixture
def server():
    return BotApiServer(username="rrm_demo_bot")


def newest(server):
    return read_update(json.dumps(server.world.updates.pending[-1]).encode(), ENVELOPE)


def plain(**changes):
    return {
        "message_id": 7, "date": 1795000000, "chat": {"id": 1001, "type": "private"},
        "from": {"id": 1001, "is_bot": False, "first_name": "Anna"}, "text": "hi", **changes,
    }  # fmt: skip


def read(update, envelope=ENVELOPE):
    return read_update(json.dumps(update).encode(), envelope)


def test_a_question_in_a_private_chat(server):
    server.user(1001, "Anna", "it", last_name="Rossi").say("Come finanziare l'apprendistato duale? 😀")
    update = server.world.updates.pending[-1]
    item = newest(server)
    assert item == Incoming(
        "telegram", Kind.MESSAGE, "text", "1001", text="Come finanziare l'apprendistato duale? 😀", sender_name="Anna Rossi",
        proven=True, language_hint="it", message_id="tg:1001:1", fingerprint=f"tg:4200000001:{update['update_id']}",
        sent_at=datetime.fromtimestamp(update["message"]["date"], UTC), facts={"user": 1001, "chat": 1001, "message": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "command", "rest"),
    [
        ("/start", "start", ""),
        ("/start q-Ab_9", "start", "q-Ab_9"),
        ("/start ../../etc;rm", "start", ""),
        ("/start " + "x" * 65, "start", ""),
        ("/ask How do others fund it?\nTwo lines", "ask", "How do others fund it?\nTwo lines"),
        ("/ask@rrm_demo_bot How?", "ask", "How?"),
        ("/ASK@RRM_DEMO_BOT How?", "ask", "How?"),
        ("/language it", "language", "it"),
        ("/status", "status", ""),
        ("/forget", "forget", ""),
        ("/export", "export", ""),
        ("/help\n", "help", ""),
        ("/unheard_of x", "unheard_of", "x"),
    ],
)
def test_commands(server, said, command, rest):
    server.user(1001, "Anna").say(said)
    item = newest(server)
    assert (item.kind, item.command, item.text) == (Kind.COMMAND, command, rest)


@pytest.mark.parametrize("said", ["/ not a command", "a /status in the middle", "//status", "/fiche-12", "1/2 of them"])
def test_not_commands(server, said):
    server.user(1001, "Anna").say(said)
    assert (newest(server).kind, newest(server).text) == (Kind.MESSAGE, said)


def test_a_command_for_another_bot_is_nothing_to_us(server):
    anna = server.user(1001, "Anna")
    anna.say("/ask@other_bot How?", group=server.group(-9, "Town hall", anna))
    assert (newest(server).kind, newest(server).rule, newest(server).mentioned) == (Kind.OTHER, "command-for-another-bot", False)


def test_a_touched_button(server):
    anna = server.user(1001, "Anna", "el")
    anna.say("/start")
    server.world.store(server.world.chat(1001), server.world.bot, {
        "text": "Helpful?", "reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "b-77"}]]}
    })  # fmt: skip
    press = anna.press("Yes")
    item = newest(server)
    assert (item.kind, item.button, item.callback_id, item.sender) == (Kind.BUTTON, "b-77", press.id, "1001")
    assert item.references == ("tg:1001:2",) and item.language_hint == "el" and not item.group


def test_a_button_of_a_message_telegram_has_forgotten():
    item = read({"update_id": 1, "callback_query": {"id": "9", "from": {"id": 1001, "first_name": "A"}, "data": "b"}})
    assert (item.kind, item.sender, item.button) == (Kind.BUTTON, "1001", "b")


def test_an_edit(server):
    anna = server.user(1001, "Anna")
    said = anna.say("frist")
    anna.edit(said["message_id"], "first")
    assert (newest(server).kind, newest(server).text, newest(server).message_id) == (Kind.EDIT, "first", "tg:1001:1")


def test_an_edited_command_is_an_edit_and_not_done_twice(server):
    anna = server.user(1001, "Anna")
    said = anna.say("/ask one")
    anna.edit(said["message_id"], "/ask two")
    assert (newest(server).kind, newest(server).command) == (Kind.EDIT, None)


def test_files_come_with_their_caption_and_all_it_takes_to_fetch_them(server):
    anna = server.user(1001, "Anna")
    anna.send_document("plan.pdf", b"%PDF-1.7", caption="Our plan")
    assert (newest(server).kind, newest(server).text) == (Kind.MESSAGE, "Our plan")
    assert newest(server).facts["files"] == [
        {"file_id": "file-document-1", "name": "plan.pdf", "media_type": "application/pdf", "size": 8}
    ]
    anna.send_photo(b"j" * 100)
    [photo] = newest(server).facts["files"]
    assert photo == {"file_id": "file-photo-3", "name": "photo", "media_type": "image/jpeg", "size": 100}
    anna.send_voice(b"o" * 30)
    [voice] = newest(server).facts["files"]
    assert (voice["media_type"], newest(server).kind, newest(server).text) == ("audio/ogg", Kind.MESSAGE, "")


@pytest.mark.parametrize(
    ("said", "mentioned", "text"),
    [
        ("What do we do on Monday?", False, "What do we do on Monday?"),
        ("@rrm_demo_bot how do others do it?", True, "how do others do it?"),
        ("😀𝔘 how, @RRM_Demo_Bot do others 😀 do it?", True, "😀𝔘 how, do others 😀 do it?"),
        ("@rrm_demo_bot @rrm_demo_bot", True, ""),
        ("@rrm_demo_bots are many", False, "@rrm_demo_bots are many"),
        ("mail@rrm_demo_bot.example", False, "mail@rrm_demo_bot.example"),
        ("/status", True, ""),
    ],
)
def test_in_a_group_only_what_is_meant_for_the_bot_counts(server, said, mentioned, text):
    anna = server.user(1001, "Anna")
    anna.say(said, group=server.group(-9, "Town hall", anna))
    item = newest(server)
    assert (item.group, item.mentioned, item.text, item.sender) == (True, mentioned, text, "-9")
    assert (item.facts["user"], item.facts["bot_name"]) == (1001, "rrm_demo_bot")


def test_a_topic_of_a_forum_is_kept(server):
    forum = plain(chat={"id": -9, "type": "supergroup"}, message_thread_id=44)
    assert read({"update_id": 1, "message": {**forum, "is_topic_message": True}}).facts["thread"] == 44
    assert "thread" not in read({"update_id": 1, "message": forum}).facts


def test_a_reply_to_the_bot_and_a_mention_without_a_name_are_meant_for_it(server):
    anna = server.user(1001, "Anna")
    group = server.group(-9, "Town hall", anna)
    server.world.store(group.chat, server.world.bot, {"text": "Did this help?"})
    anna.say("yes", group=group, reply_to=1)
    assert newest(server).mentioned and newest(server).references == ("tg:-9:1",)
    named = {"type": "text_mention", "offset": 3, "length": 4, "user": server.world.bot}
    anna.say("😀 Bot, how?", group=group, entities=[named])
    assert newest(server).mentioned and newest(server).text == "😀 how?"


def test_blocking_joining_and_leaving(server):
    anna = server.user(1001, "Anna")
    anna.block()
    assert (newest(server).kind, newest(server).sender, newest(server).facts["blocked"]) == (Kind.MEMBERSHIP, "1001", True)
    anna.unblock()
    assert (newest(server).facts["status"], newest(server).facts["blocked"]) == ("member", False)
    group = server.group(-9, "Town hall", anna, bot_in=False)
    group.add_bot(anna)
    assert (newest(server).kind, newest(server).sender, newest(server).group) == (Kind.MEMBERSHIP, "-9", True)
    server.user(1002, "Ben").join(group)
    assert newest(server).kind is Kind.OTHER


def test_a_group_that_moves_says_where(server):
    group = server.group(-9, "Town hall", server.user(1001, "Anna"))
    new = group.migrate()
    first = read_update(json.dumps(server.world.updates.pending[-2]).encode(), ENVELOPE)
    assert (first.kind, first.rule, first.facts["migrated_to"]) == (Kind.MEMBERSHIP, "chat-migrated", new.id)


@pytest.mark.parametrize(
    ("update", "kind", "rule"),
    [
        ({"channel_post": plain(chat={"id": -5, "type": "channel"})}, Kind.OTHER, "channel-post"),
        ({"poll": {"id": "1"}}, Kind.OTHER, "unknown-update"),
        ({"invented_next_year": 7}, Kind.OTHER, "unknown-update"),
        ({}, Kind.OTHER, "unknown-update"),
        ({"message": plain(**{"from": {"id": 5, "is_bot": True, "first_name": "Robot"}})}, Kind.OTHER, "from-a-bot"),
        ({"message": plain(is_automatic_forward=True)}, Kind.OTHER, "from-a-bot"),
        ({"message": plain(text=None, sticker={"file_id": "s"})}, Kind.OTHER, "no-words"),
        ({"message": plain(text="\u200b \n")}, Kind.MESSAGE, "text"),
        ({"message": plain(text="   ")}, Kind.OTHER, "no-words"),
        ({"callback_query": {"id": "9", "from": {"id": 1}, "game_short_name": "g"}}, Kind.OTHER, "button-without-data"),
    ],
)
def test_what_is_not_for_us_is_known_and_kept(update, kind, rule):
    item = read({"update_id": 1, **update})
    assert (item.kind, item.rule) == (kind, rule)


def test_an_administrator_who_writes_as_the_group_is_a_person():
    person = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    assert read({"update_id": 1, "message": plain(**{"from": person})}).kind is Kind.MESSAGE


@pytest.mark.parametrize(
    ("code", "hint"),
    [("it", "it"), ("el-GR", "el"), ("gr", "el"), ("PT_br", None), ("", None), (None, None), ("zz", None), ("ro", "ro")],
)
def test_the_language_of_the_app_is_a_hint_if_it_is_one_of_ours(code, hint):
    person = {"id": 1001, "is_bot": False, "first_name": "Anna", "language_code": code}
    assert read({"update_id": 1, "message": plain(**{"from": person})}).language_hint == hint


def test_what_no_database_can_store_is_taken_out():
    item = read({"update_id": 1, "message": plain(text="a\x00b \ud83d c", **{"from": {"id": 1, "first_name": "\x00N\udc00"}})})
    assert item.text == "ab \N{REPLACEMENT CHARACTER} c" and item.sender_name == "N\N{REPLACEMENT CHARACTER}"


def in_group(entities):
    return {"update_id": 1, "message": plain(chat={"id": -9, "type": "group"}, entities=entities)}


HOSTILE = [
    b"", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b"{", b"[" * 100_000,
    b'{"update_id":' + b"9" * 6000 + b"}", b'{"update_id": 1e999}',
    *(json.dumps(update).encode() for update in [
        {"update_id": "1"}, {"update_id": True}, {"update_id": None}, {"update_id": 2**70},
        {"update_id": 1, "message": "text"}, {"update_id": 1, "message": []}, {"update_id": 1, "message": {}},
        {"update_id": 1, "message": plain(chat={"id": "1001", "type": "private"})},
        {"update_id": 1, "message": plain(chat={"id": 1, "type": "spaceship"})},
        {"update_id": 1, "message": plain(chat=None)},
        {"update_id": 1, "message": plain(text={"no": "text"})},
        {"update_id": 1, "message": plain(message_id=None)},
        in_group([{"type": "mention", "offset": "0", "length": 3}]), in_group([{"type": "mention", "offset": -5, "length": 3}]),
        in_group({"a": 1}),
        {"update_id": 1, "message": plain(document="file")}, {"update_id": 1, "message": plain(document={"file_name": "x"})},
        {"update_id": 1, "message": plain(photo={"file_id": "x"})},
        {"update_id": 1, "callback_query": {"id": "9", "data": "b"}}, {"update_id": 1, "callback_query": None, "message": 3},
        {"update_id": 1, "my_chat_member": {"chat": {"id": 1, "type": "private"}, "from": {"id": 1}}},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: raw[:60].decode("latin-1"))
def test_odd_shapes_are_unreadable_with_a_reason(raw):
    item = read_update(raw, ENVELOPE)
    assert isinstance(item, Unreadable) and len(item.reason) > 10


@pytest.mark.parametrize(
    "message",
    [
        plain(date=10**18), plain(date=-5), plain(date="yesterday"),
        in_group([{"type": "mention", "offset": 10**9, "length": 10**9}])["message"],
        plain(entities=[{"type": "bot_command"}] * 1000),
    ],
)  # fmt: skip
def test_odd_details_do_not_cost_the_message(message):
    item = read({"update_id": 1, "message": message})
    assert item.kind is Kind.MESSAGE and item.text == "hi"


@pytest.mark.parametrize("envelope", [{}, {"bot": None}, {"bot": "x"}, {"username": 7}])
def test_a_poor_envelope_is_no_reason_to_raise(envelope):
    assert isinstance(read({"update_id": 1, "message": plain()}, envelope), Incoming | Unreadable)


WORDS = """update_id message callback_query my_chat_member edited_message chat from id type text entities offset length message_id
date photo document file_id data new_chat_member status reply_to_message"""
NAMES = st.sampled_from(WORDS.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["private", "group"])
SHAPES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=25
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, SHAPES, max_size=4).map(lambda update: {"update_id": 5, **update}) | SHAPES)
def test_no_shape_at_all_makes_it_raise(update):
    assert isinstance(read(update), Incoming | Unreadable)
