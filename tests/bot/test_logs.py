"""The log: what must never stand in it, and that one event is one line."""

from __future__ import annotations

import json
import logging
import sys
import time

import pytest

from bot.logs import JsonLines, TextLines, masked
from bot.secrets import Secret

TOKEN = "987654321:BBH-not-a-real-token-but-shaped-like-one"
REPLY_TOKEN = "0123456789abcdefghjkmnpqrstv"


def line(formatter: logging.Formatter, message: str, *arguments, raised: Exception | None = None) -> str:
    about = None
    if raised:
        try:
            raise raised
        except Exception:
            about = sys.exc_info()
    return formatter.format(logging.LogRecord("bot.x", logging.WARNING, "x.py", 1, message, arguments, about))


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()], ids=["text", "json"])
@pytest.mark.parametrize(
    ("message", "hidden", "left"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", TOKEN, "/sendMessage"),
        ("mail from jane.doe+x@town.example refused", "jane.doe", "@town.example refused"),
        (f"to questions+{REPLY_TOKEN}@rrm.example", REPLY_TOKEN, "@rrm.example"),
        (f"token {REPLY_TOKEN} is unknown", REPLY_TOKEN, "is unknown"),
        ("signing in with sesame-open-4711", "sesame-open-4711", "signing in"),
    ],
)
def test_what_must_not_be_read_is_masked(formatter, message, hidden, left):
    Secret("sesame-open-4711")
    for shown in (
        line(formatter, message),
        line(formatter, "%s", message),
        line(formatter, "failed", raised=ValueError(message)),
    ):
        assert hidden not in shown
        assert left in shown


def test_one_event_is_one_line():
    shown = line(TextLines(), "subject %s", "Hello\r\n2026-01-01T00:00:00Z error bot.x: forged\x1b[2J\u202e")
    assert shown.count("\n") == 0
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "\\n2026-01-01" in shown


def test_a_json_line_is_json():
    event = json.loads(line(JsonLines(), 'say "hi"\nto %s', "a@b.example", raised=ValueError("no")))
    assert event["message"] == 'say "hi"\nto •••@b.example'
    assert event["level"] == "warning"
    assert "ValueError: no" in event["traceback"]


def test_a_traceback_is_indented_below_its_event():
    first, *rest = line(TextLines(), "failed", raised=ValueError("no")).splitlines()
    assert first.endswith("bot.x: failed")
    assert rest and all(text.startswith("    ") for text in rest)


@pytest.mark.parametrize("text", ["a" * 200_000, "a." * 100_000, "1" * 200_000, "@" * 200_000, "1:" * 100_000, "a@b" * 70_000])
def test_masking_is_linear(text):
    """Twice the text must not take four times as long; the margin is wide, for a busy machine."""

    def spent(text: str) -> float:
        begun = time.process_time()
        masked(text)
        return time.process_time() - begun

    assert spent(text) < 5


def test_an_ordinary_message_stays_as_it_is():
    text = "question 42 assigned to authority brasov, deadline 2026-12-01T10:00:00Z, sha256 " + "ab" * 32
    assert masked(text) == text
