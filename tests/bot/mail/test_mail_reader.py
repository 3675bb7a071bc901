"""The reading process: what travels there and back, and what happens when a mail kills it."""

from __future__ import annotations

import asyncio
import io
import json
import os
import resource
import signal
import sys
from datetime import UTC, date, datetime

import pytest

from bot.mail import child, wire
from bot.mail.pool import Reader, _resident
from routing.values import AttachedFile, FailedRecipient, Incoming, Kind, Unreadable
from tests.bot.mail.making import CONFIG, mail, understood

FULL = Incoming(
    channel="email", kind=Kind.BOUNCE, rule="r", sender="a@b.example", text="τέξτ", tokens=("t",), references=("<a@b>",), recipients=("c@d.example",), proven=True,
    attachments=(AttachedFile("a.bin", "x/y", b"\x00\xff"),), failed=(FailedRecipient("a@b.example", True, "5.1.1"),), absent_until=date(2025, 5, 14), sent_at=datetime(2025, 5, 5, tzinfo=UTC), facts={"a": [1]},
)  # fmt: skip


@pytest.mark.parametrize("item", [FULL, Unreadable("email", "why"), understood(mail())])
def test_values_survive_the_wire(item):
    assert wire.unpack(json.loads(json.dumps(wire.pack(item)))) == item


async def test_a_mail_is_read_in_another_process():
    reader = Reader(CONFIG, children=2)
    await reader.start()
    try:
        raw = mail("Grüße", subject="Q")
        items = await asyncio.gather(*(reader.read(raw, {"rcpt_to": ["questions@rrm.example"]}) for _ in range(6)))
        assert items == [understood(raw, envelope={"rcpt_to": ["questions@rrm.example"]})] * 6
        pids = {one._process.pid for one in reader._all}
        assert os.getpid() not in pids
        assert all(0 < _resident(pid) < 80 * 1024 * 1024 for pid in pids)
    finally:
        await reader.close()


@pytest.mark.parametrize("sign", ["_", "-", "=", "*", "~", ">", "|", ".", "_ ", "-_", "* ", "—"])
async def test_lines_that_almost_are_rules_are_read_within_the_limits(sign):
    """Signs enough for a rule, and one that is none: whoever tries each way to take them passes five seconds."""
    reader = Reader(CONFIG)
    await reader.start()
    try:
        rows = [sign * 150 + "!", "Hello"] * 200 + [sign * 1000 + "x", sign * 20_000 + "!"]
        assert isinstance(await reader.read(mail("\n".join(rows)), {}), Incoming)
    finally:
        await reader.close()


async def test_a_killed_child_is_said_and_replaced():
    reader = Reader(CONFIG)
    await reader.start()
    try:
        os.kill(reader._all[0]._process.pid, signal.SIGSTOP)
        asking = asyncio.create_task(reader.read(mail(), {}))
        await asyncio.sleep(0)
        os.kill(reader._all[0]._process.pid, signal.SIGKILL)
        assert "was stopped" in (await asking).reason
        assert (await reader.read(mail("again"), {})).text == "again"
    finally:
        await reader.close()


async def test_a_hanging_child_is_killed_and_replaced():
    reader = Reader(CONFIG, wall_seconds=0.3)
    await reader.start()
    try:
        first = reader._all[0]._process.pid
        os.kill(first, signal.SIGSTOP)
        assert "too long" in (await reader.read(mail(), {})).reason
        reader._wall = 20
        assert (await reader.read(mail("again"), {})).text == "again"
        assert reader._all[0]._process.pid != first
    finally:
        await reader.close()


@pytest.mark.parametrize("answer", [b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x02{}", b"\xff\xff\xff\xff", b"\x00\x00\x00\x01?"])
async def test_a_child_that_talks_nonsense_is_replaced(answer, monkeypatch):
    reader = Reader(CONFIG)
    await reader.start()
    try:
        process = reader._all[0]._process
        stream = asyncio.StreamReader()
        stream.feed_data(answer)
        stream.feed_eof()
        monkeypatch.setattr(process, "stdout", stream)
        assert isinstance(await reader.read(mail(), {}), Unreadable)
        assert (await reader.read(mail("again"), {})).text == "again"
    finally:
        await reader.close()


async def test_a_reading_that_is_cancelled_leaves_no_answer_behind():
    reader = Reader(CONFIG)
    await reader.start()
    try:
        os.kill(reader._all[0]._process.pid, signal.SIGSTOP)
        asking = asyncio.create_task(reader.read(mail("first"), {}))
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await reader.read(mail("second"), {})).text == "second"
    finally:
        await reader.close()


async def test_too_large_a_mail_is_not_even_sent():
    reader = Reader(CONFIG)
    assert "25 MiB" in (await reader.read(b"x" * (25 * 1024 * 1024 + 1), {})).reason
    await reader.close()


async def test_a_worn_out_child_is_replaced(monkeypatch):
    monkeypatch.setattr("bot.mail.pool.MAILS_PER_CHILD", 1)
    reader = Reader(CONFIG)
    try:
        await reader.read(mail(), {})
        assert reader._all[0]._process is None
        assert (await reader.read(mail("again"), {})).text == "again"
    finally:
        await reader.close()


def test_memory_of_a_process_that_is_gone():
    assert _resident(2**22 + 1) == 0


async def test_the_child_is_small_and_loads_no_model():
    code = "import sys, bot.mail.child; print(sorted(m for m in ('torch', 'onnxruntime', 'numpy', 'sqlalchemy', 'dkim', 'dns', 'flufl.bounce') if m in sys.modules))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert (await process.communicate())[0].strip() == b"[]"


@pytest.mark.parametrize(("code", "what"), [("while True: pass", "time"), ("x = bytearray(700 * 1024 * 1024)", "memory")])
async def test_the_limits_of_the_child_bite(code, what):
    """The same limits as for mail, on code that is sure to pass them."""
    script = f"import bot.mail.child as c; c.CPU_SECONDS = 0; c._limit_memory(); c._limit_cpu()\n{code}"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == (-signal.SIGXCPU if what == "time" else 1)
    assert what == "time" or b"MemoryError" in said


def test_the_childs_loop(monkeypatch):
    limits = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, values: limits.append(kind))
    source = io.BytesIO(wire.frame(CONFIG.to_json()) + wire.request(mail("one"), {}) + wire.request(mail("two"), {}))
    target = io.BytesIO()
    child.main(source, target)
    target.seek(0)
    answers = [wire.unpack(child._receive(target)).text for _ in range(2)]
    assert answers == ["one", "two"]
    assert limits.count(resource.RLIMIT_CPU) == 2
    assert resource.RLIMIT_AS in limits
    child.main(io.BytesIO(b""), target)
