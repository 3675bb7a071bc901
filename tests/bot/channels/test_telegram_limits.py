"""Telegram's limits, measured at Telegram's end: from the journal of the server."""

import asyncio

import pytest

from bot.channels.telegram_limits import Limiter
from bot.channels.telegram_settings import TelegramLimits
from routing.errors import Unreachable
from tests.fakes.botapi import Brink, connected, letter, most_in_a_window


async def test_no_second_holds_two_messages_to_a_chat_nor_more_than_thirty_in_all():
    async with connected(limits=TelegramLimits()) as (server, channel):
        for id in range(40):
            server.user(1000 + id, "Anna").say("/start")
        letters = [letter(f"letter {id}", address=1000 + id % 40, id=id) for id in range(80)]
        await asyncio.gather(*(channel.send(one, Brink()) for one in letters))
        calls = server.calls("sendMessage", accepted=True)
        assert len(calls) == 80
        assert most_in_a_window([call.at for call in calls], 1.0) <= 30
        for id in range(40):
            assert most_in_a_window([call.at for call in server.calls("sendMessage", 1000 + id)], 1.0) == 1


async def test_slow_responses_do_not_squeeze_messages_together():
    async with connected(limits=TelegramLimits(chat_pause=0.3)) as (server, channel):
        server.user(1001, "Anna").say("/start")
        server.fail("sendMessage", delay=0.25)  # the first is accepted late
        await asyncio.gather(*(channel.send(letter(id=id), Brink()) for id in range(4)))
        assert most_in_a_window([call.at for call in server.calls("sendMessage")], 0.3) == 1


async def test_letters_of_one_chat_keep_their_order():
    async with connected(limits=TelegramLimits(chat_pause=0.01)) as (server, channel):
        server.user(1001, "Anna").say("/start")
        await asyncio.gather(*(channel.send(letter(f"{id}", id=id), Brink()) for id in range(10)))
        assert [call.params["text"] for call in server.calls("sendMessage")] == [str(id) for id in range(10)]


class SteppedClock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


async def test_a_group_gets_twenty_a_minute_and_its_twenty_first_goes_back():
    clock = SteppedClock()
    limiter = Limiter(TelegramLimits(), clock)
    for _ in range(20):
        clock.now += 1.0
        async with limiter.turn(-9):
            pass
    clock.now += 1.0
    with pytest.raises(Unreachable) as caught:
        async with limiter.turn(-9):
            pass
    assert caught.value.retry_after == 40.0
    async with limiter.turn(9):
        pass
    clock.now += 40.0
    async with limiter.turn(-9):
        pass


async def test_a_closed_chat_opens_at_its_time_and_not_before():
    clock = SteppedClock()
    limiter = Limiter(TelegramLimits(), clock)
    limiter.close(9, 3600)
    limiter.close(9, 5)  # a shorter word later does not shorten the wait
    clock.now += 3599
    with pytest.raises(Unreachable) as caught:
        async with limiter.turn(9, patient=True):
            pass
    assert caught.value.retry_after == 1.0
    clock.now += 1
    async with limiter.turn(9):
        pass


async def test_a_queue_longer_than_our_patience_goes_back_and_a_cancelled_one_leaves_no_trace():
    limiter = Limiter(TelegramLimits(chat_pause=1.0, patience=2.5))
    first_has_it = asyncio.Event()

    async def hold():
        async with limiter.turn(9):
            first_has_it.set()
            await asyncio.Event().wait()

    async def queue():
        async with limiter.turn(9):
            pass

    holder = asyncio.create_task(hold())
    await first_has_it.wait()
    queued = [asyncio.create_task(queue()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unreachable) as caught:
        await queue()
    assert caught.value.code == "busy" and caught.value.retry_after == 3.0
    for task in (holder, *queued):
        task.cancel()
    await asyncio.gather(holder, *queued, return_exceptions=True)
    assert limiter._chats[9].waiting == 0 and limiter._running == 0


async def test_chats_long_quiet_are_forgotten():
    clock = SteppedClock()
    limiter = Limiter(TelegramLimits(), clock)
    limiter.close(1, 10_000)
    for chat in range(2, 3000):
        clock.now += 1.0
        async with limiter.turn(chat):
            pass
    assert len(limiter._chats) < 2100 and 1 in limiter._chats
