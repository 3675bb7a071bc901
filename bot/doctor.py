"""`rrm doctor`: is everything in order, and if not, how is it mended?

In: settings. Out: findings. All checks run side by side, each within its time; one that breaks is a finding itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.checks.choices import check_choices
from bot.checks.clock import check_clock
from bot.checks.database import check_database
from bot.checks.finding import Finding, fail
from bot.checks.identity import check_identity
from bot.checks.mail import Lookup, check_mailbox, check_outgoing, check_reply_domain
from bot.checks.search import check_search
from bot.checks.telegram import check_telegram
from bot.settings import Settings

__all__ = ["Finding", "examine"]

PATIENCE = 60.0  # seconds for one check; loading a model takes a while on a small machine


async def examine(settings: Settings, *, lookup: Lookup | None = None, patience: float = PATIENCE) -> tuple[Finding, ...]:
    """All findings in a fixed order. `lookup` answers which hosts take mail for a domain (else DNS is asked)."""
    checks: tuple[tuple[str, Callable[[], Awaitable[list[Finding]]]], ...] = (
        ("settings", lambda: asyncio.to_thread(check_choices, settings)),
        ("database", lambda: asyncio.to_thread(check_database, settings)),
        ("search", lambda: asyncio.to_thread(check_search, settings)),
        ("Telegram", lambda: check_telegram(settings)),
        ("outgoing mail", lambda: check_outgoing(settings)),
        ("mailbox", lambda: check_mailbox(settings)),
        ("replies by mail", lambda: check_reply_domain(settings, lookup)),
        ("identity", lambda: check_identity(settings)),
        ("clock", check_clock),
    )
    found = await asyncio.gather(*(_within(name, check, patience) for name, check in checks))
    return tuple(finding for findings in found for finding in findings)


async def _within(name: str, check: Callable[[], Awaitable[list[Finding]]], patience: float) -> list[Finding]:
    try:
        async with asyncio.timeout(patience):
            return await check()
    except TimeoutError:
        return [fail(name, f"no answer within {patience:.0f} s", "Is the other side overloaded, or a firewall in between?")]
    except Exception as problem:  # the others' findings are still worth showing
        return [fail(name, f"could not be checked ({type(problem).__name__}: {problem})", "rrm --debug doctor shows more.")]
