"""Can this machine's clock be trusted with deadlines?"""

from __future__ import annotations

import asyncio
import shutil
import time
from datetime import UTC, datetime

from bot.checks.finding import Finding, fail, ok, warn

NAME = "clock"
SPAN = 0.25  # seconds
FIRST_YEAR = 2026  # no question is older than the program
FOLLOW = "Let this machine follow a time server: timedatectl set-ntp true."


async def check_clock() -> list[Finding]:
    """Compares the wall clock with the one that never jumps, and asks the system whether it follows a time server."""
    drift = await _drift()
    if drift > SPAN / 2:
        return [fail(NAME, f"jumped by {drift:.2f} s within {SPAN} s", FOLLOW)]
    if datetime.now(UTC).year < FIRST_YEAR:
        return [fail(NAME, f"says {datetime.now(UTC):%Y-%m-%d}", FOLLOW)]
    if await _follows_time_server() is False:
        return [warn(NAME, "does not follow a time server", FOLLOW)]
    return [ok(NAME, f"runs steadily; it is {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")]


async def _drift() -> float:
    wall, steady = time.time(), time.monotonic()
    await asyncio.sleep(SPAN)
    return abs((time.time() - wall) - (time.monotonic() - steady))


async def _follows_time_server() -> bool | None:
    """What systemd says; None where there is no systemd to ask."""
    if not shutil.which("timedatectl"):
        return None
    asked = await asyncio.create_subprocess_exec(
        "timedatectl",
        "show",
        "-p",
        "NTPSynchronized",
        "--value",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said = (await asked.communicate())[0].decode().strip()
    return {"yes": True, "no": False}.get(said)
