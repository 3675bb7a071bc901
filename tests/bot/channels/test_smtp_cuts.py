"""A connection cut after every single byte, either way: what we are told never contradicts what the server holds."""

from collections import Counter
from types import SimpleNamespace

import pytest

from bot.channels.smtp import SmtpSender
from bot.channels.smtp_settings import SmtpSettings, SmtpTimeouts
from routing.errors import Ambiguous, Unreachable
from routing.values import Sent
from tests.fakes.smtp_peer import SmtpPeer
from tests.fakes.tcp_proxy import TcpProxy
from tests.fakes.waiting import until

RAW = b"From: desk@network.example\r\nSubject: A question\r\n\r\nHow?\r\n"
TIMES = SmtpTimeouts(connect=5, command=5, offer=10, body=10, settle=5, dot=5)


async def outcome(port, times):
    calls = []

    async def brink():
        calls.append(1)

    sender = SmtpSender(SmtpSettings(host="127.0.0.1", port=port, tls="off-for-loopback", timeouts=times))
    try:
        await sender.send(RAW, envelope_sender="desk@network.example", recipient="a@city.example", brink=brink)
        return SimpleNamespace(kind=Sent, brinks=len(calls))
    except (Unreachable, Ambiguous) as error:
        return SimpleNamespace(kind=type(error), brinks=len(calls))


@pytest.mark.parametrize("way", ["cut_up", "cut_down"])
async def test_cut_after_every_byte(way):
    kinds = Counter()
    async with SmtpPeer() as peer, TcpProxy(peer.port) as proxy:
        quick = SmtpTimeouts(settle=0.01)
        assert (await outcome(proxy.port, quick)).kind is Sent
        conversation = proxy.up - len(b"QUIT\r\n") if way == "cut_up" else proxy.down
        for cut in range(conversation):
            peer.mails.clear()
            setattr(proxy, way, cut)
            told = await outcome(proxy.port, TIMES if way == "cut_up" and cut < conversation - 3 else quick)
            await until(lambda: not peer.is_busy)  # the server has dealt with everything that reached it
            held = len(peer.mails)
            kinds[told.kind] += 1
            assert held <= 1
            assert told.kind is not Unreachable or held == 0, f"cut after {cut}: called safe to retry, yet the server has it"
            assert told.kind is not Sent or held == 1, f"cut after {cut}: called sent, yet the server has nothing"
            assert told.brinks <= 1 and (told.brinks == 1 or held == 0), "nothing is delivered without the brink"
    assert kinds[Unreachable] and kinds[Ambiguous] < kinds[Unreachable] / 4
