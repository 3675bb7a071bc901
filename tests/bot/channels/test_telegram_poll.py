"""Updates are confirmed only after they are committed; a poller that is not wanted stops instead of fighting."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from bot.channels.telegram import TelegramChannel
from bot.demo.botapi import BotApiServer
from tests.fakes.botapi import Alerts, Inbox, connected, listening, settings_for
from tests.fakes.waiting import until


def offsets(server):
    return [int(call.params.get("offset", 0)) for call in server.calls("getUpdates")]


async def test_raw_update_is_committed_before_it_is_confirmed():
    inbox = Inbox()
    async with connected() as (server, channel):
        anna = server.user(1001, "Anna", "it")
        confirmed_when_offered = []
        original = inbox.accept

        async def accept(external_id, raw, envelope):
            confirmed_when_offered.append(json.loads(raw) not in server.world.updates.pending)
            return await original(external_id, raw, envelope)

        inbox.accept = accept
        async with listening(channel, inbox):
            anna.say("Perché?")
            await until(lambda: inbox.rows)
            await until(lambda: not server.world.updates.pending)
    [(external_id, (raw, envelope))] = inbox.rows.items()
    assert confirmed_when_offered == [False]
    assert external_id == f"{server.world.bot['id']}:{json.loads(raw)['update_id']}"
    assert json.loads(raw)["message"]["text"] == "Perché?"
    assert envelope == {"bot": server.world.bot["id"], "username": "rrm_demo_bot"}


async def test_offset_does_not_move_while_the_database_is_away():
    inbox = Inbox()
    inbox.broken = lambda update: True
    async with connected() as (server, channel):
        anna = server.user(1001, "Anna")
        async with listening(channel, inbox):
            anna.say("one")
            await until(lambda: len(inbox.offered) >= 3)
            assert set(offsets(server)) == {0} and not inbox.rows
            assert len(server.world.updates.pending) == 1
            inbox.broken = lambda update: False
            await until(lambda: not server.world.updates.pending)
    assert inbox.texts == ["one"]


async def test_updates_behind_a_failed_one_wait_for_it():
    inbox = Inbox()
    inbox.broken = lambda update: update["message"]["text"] == "two"
    async with connected() as (server, channel):
        anna = server.user(1001, "Anna")
        for text in ("one", "two", "three"):
            anna.say(text)
        async with listening(channel, inbox):
            await until(lambda: len(inbox.offered) >= 4)
            assert inbox.texts == ["one"]
            assert [update["message"]["text"] for update in server.world.updates.pending] == ["two", "three"]
            inbox.broken = lambda update: False
            await until(lambda: not server.world.updates.pending)
    assert inbox.texts == ["one", "two", "three"]


async def test_an_update_out_of_order_is_not_confirmed_by_its_successor():
    inbox = Inbox()
    inbox.broken = lambda update: update["update_id"] == 31
    async with connected() as (server, channel):
        for number in (33, 31, 32):
            server.world.updates.put({"update_id": number, "message": {"text": f"n{number}"}})
        async with listening(channel, inbox):
            await until(lambda: len(inbox.offered) >= 2)
            assert len(server.world.updates.pending) == 3
            inbox.broken = lambda update: False
            await until(lambda: not server.world.updates.pending)
    assert inbox.texts == ["n31", "n32", "n33"]


async def test_a_crash_between_commit_and_confirmation_brings_the_update_again_and_it_is_known():
    inbox = Inbox()
    async with BotApiServer() as server:
        server.user(1001, "Anna").say("once")
        for _ in range(2):
            channel = TelegramChannel(settings_for(server))
            await channel.start()
            committed = asyncio.Event()

            async def accept(external_id, raw, envelope, committed=committed):
                await inbox.accept(external_id, raw, envelope)
                committed.set()
                await asyncio.Event().wait()  # the process dies here, before the next poll

            task = asyncio.create_task(channel.listen(accept))
            await asyncio.wait_for(committed.wait(), 10)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await channel.close()
        assert len(server.world.updates.pending) == 1
    assert len(inbox.offered) == 2 and inbox.texts == ["once"]


async def test_duplicates_gaps_and_nonsense_reach_the_inbox_and_do_not_stop_the_loop():
    inbox = Inbox()
    async with connected() as (server, channel):
        queue = server.world.updates
        for update in (
            {"update_id": 5, "poll": {}},
            {"update_id": 5, "poll": {}},
            {"update_id": 900},
            {"update_id": 901, "new_kind": 3},
        ):
            queue.put(update)
        async with listening(channel, inbox):
            await until(lambda: len(inbox.rows) == 3)
            queue.put({"no": "number"})
            await until(lambda: len(inbox.rows) == 4)
            queue.put({"update_id": 902, "message": {"text": "still here"}})
            await until(lambda: "still here" in inbox.texts)
    assert sum("sha256" in name for name in inbox.rows) == 1


async def test_ids_that_start_anew_lower_are_still_received():
    """Telegram chooses a new random id after a quiet week; an offset kept from before would hide it."""
    inbox = Inbox()
    async with connected() as (server, channel), listening(channel, inbox):
        server.world.updates.put({"update_id": 900_000, "message": {"text": "before"}})
        await until(lambda: not server.world.updates.pending)
        await until(lambda: offsets(server)[-1] == 900_001)  # answered empty: the confirmation is over
        server.world.updates.put({"update_id": 17, "message": {"text": "after"}})
        await until(lambda: inbox.texts == ["before", "after"])


async def test_a_revoked_token_stops_polling_with_one_alert():
    async with connected() as (server, channel):
        server.revoke()
        await asyncio.wait_for(channel.listen(Inbox().accept), 10)
        calls = len(server.calls("getUpdates"))
        assert channel.stopped == "telegram-token" and channel.alerts.codes == ["telegram-token"]
        assert calls == 1


async def test_a_wrong_token_at_the_start_stops_with_one_alert():
    async with connected(started=False) as (server, channel):
        server.revoke()
        await channel.start()
        await asyncio.wait_for(channel.listen(Inbox().accept), 10)
        assert channel.alerts.codes == ["telegram-token"] and not server.calls("getUpdates")


async def test_a_second_poller_ends_the_first_which_does_not_fight():
    async with connected(poll_timeout=30) as (server, first):
        alerts = Alerts()
        second = TelegramChannel(settings_for(server, poll_timeout=1), alert=alerts)
        await second.start()
        inbox = Inbox()
        losing = asyncio.create_task(first.listen(Inbox().accept))
        await until(lambda: server.world.updates.polling)
        async with listening(second, inbox):
            await asyncio.wait_for(losing, 10)
            server.user(1001, "Anna").say("who hears me?")
            await until(lambda: inbox.texts == ["who hears me?"])
        await second.close()
        assert first.alerts.codes == ["telegram-conflict"] and alerts.codes == []
        assert len([call for call in server.calls("getUpdates") if call.code == 409]) == 1


async def test_listening_again_after_a_stop_does_not_start_a_fight():
    async with connected() as (server, channel):
        server.revoke()
        await asyncio.wait_for(channel.listen(Inbox().accept), 10)
        async with listening(channel, Inbox()) as task:
            done, _ = await asyncio.wait([task], timeout=0.5)
            assert not done and len(server.calls("getUpdates")) == 1 and channel.alerts.codes == ["telegram-token"]


async def test_a_webhook_set_elsewhere_stops_polling_with_one_alert():
    async with connected() as (server, channel):
        await channel.client.call("setWebhook", url="https://elsewhere.example/hook")
        await asyncio.wait_for(channel.listen(Inbox().accept), 10)
        assert channel.stopped == "telegram-conflict" and len(server.calls("getUpdates")) == 1
        problems = (await channel.check())["problems"]
        assert any("webhook is set" in problem for problem in problems)


async def test_errors_of_the_far_side_are_waited_out():
    inbox = Inbox()
    async with connected() as (server, channel):
        server.fail("getUpdates", 502, times=3)
        server.fail("getUpdates", cut=True, times=2)
        server.fail("getUpdates", retry_after=1)
        server.user(1001, "Anna").say("hello")
        async with listening(channel, inbox):
            await until(lambda: inbox.texts == ["hello"])
        calls = server.calls("getUpdates")
        assert [call.code for call in calls[:7]] == [502, 502, 502, 0, 0, 429, 200]
        assert calls[6].came - calls[5].at >= 1.0


async def test_a_server_that_is_not_there_yet_is_waited_for():
    server = BotApiServer()
    await server.start()
    await server.stop()  # the port is known and free now
    channel = TelegramChannel(settings_for(server))
    await channel.start()
    inbox = Inbox()
    async with listening(channel, inbox), BotApiServer(port=server.port) as later:
        later.user(1001, "Anna").say("at last")
        await until(lambda: inbox.texts == ["at last"])
    await channel.close()


async def test_a_silence_of_more_than_a_day_is_told_with_its_interval():
    hours = iter([timedelta(hours=30)] + [timedelta(hours=31)] * 1000)
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    async with BotApiServer() as server:
        alerts = Alerts()
        channel = TelegramChannel(settings_for(server), alert=alerts, clock=lambda: midnight + next(hours), heard_at=midnight)
        inbox = Inbox()
        server.user(1001, "Anna").say("hello?")
        async with listening(channel, inbox):
            await until(lambda: inbox.rows)
            await until(lambda: not server.world.updates.pending)
        await channel.close()
    [(code, text)] = alerts.given
    assert code == "telegram-gap" and "2026-11-20 00:00 to 2026-11-21 06:00" in text


async def test_pauses_grow_to_the_longest_and_no_further(monkeypatch):
    slept = []

    async def note(seconds):
        slept.append(seconds)

    poller = TelegramChannel(settings_for(BotApiServer(port=1), backoff=(1.0, 60.0))).poller
    monkeypatch.setattr("bot.channels.telegram_poll.asyncio.sleep", note)
    for _ in range(12):
        await poller.pause(OSError())
    assert all(0.75 * min(60, 2**n) <= seconds <= min(60, 2**n) for n, seconds in enumerate(slept))
