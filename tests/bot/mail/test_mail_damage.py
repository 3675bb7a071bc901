"""Damaged mail by the thousand: reading never raises, and never has to say that a fault of ours stopped it."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.values import Unreadable
from tests.bot.mail.generator import mails
from tests.bot.mail.making import understood
from tests.bot.mail.mutations import mutated

SPECIMENS = [file.read_bytes() for file in sorted((Path(__file__).resolve().parents[2] / "mails").glob("*.eml"))]


@pytest.mark.slow
def test_twenty_thousand_damaged_mails():
    seeds = SPECIMENS + [made.raw for made in mails(seed=3, count=60)]
    faults = []
    for number, raw in enumerate(mutated(seeds, 20_000, seed=20250505)):
        item = understood(raw)
        if isinstance(item, Unreadable) and "could not be read" in item.reason:
            faults.append((number, item.reason))
    assert faults == []
