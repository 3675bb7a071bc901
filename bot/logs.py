"""The log: one event a line, without mail addresses, bot tokens or secrets, whatever a library writes.

In: `settings.log`. Out: a configured root logger on standard error. The masking is done on the finished line, so that
tracebacks and foreign loggers pass through it too.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

from bot.secrets import MASK, known_texts
from bot.sections import Log

# A bot token in a request's URL is the usual leak: httpx logs every URL at INFO.
LOUD = ("httpx", "httpcore", "apscheduler", "uvicorn.access", "aiosmtplib", "imapclient", "telegram", "faiss", "alembic")

_BOT_TOKEN = re.compile(r"(?<!\d)\d{5,20}:[A-Za-z0-9_-]{30,100}")
_ADDRESS = re.compile(r"[\w.+%=-]{1,64}@(?=[\w-]{1,63}\.)")
_REPLY_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-hjkmnp-tv-z]{28}(?![0-9A-Za-z])")
# Whoever knows the end of such an address can act with it.
_LINK = re.compile(r"(/(?:sign-in|do|status)/)[\w-]{8,}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def set_up_logging(choice: Log, *, quiet: bool = False) -> None:
    """Sends everything at the chosen level to standard error, masked; when `quiet`, "info" is left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if choice.format == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("WARNING" if quiet and choice.level == "info" else choice.level.upper())
    for name in LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)


def masked(text: str) -> str:
    """`text` without what must not be read in a log. Linear in its length."""
    for secret in known_texts():  # longest first, so that no piece of one is left over
        text = text.replace(secret, MASK)
    text = _BOT_TOKEN.sub(f"bot:{MASK}", text)
    text = _LINK.sub(rf"\1{MASK}", text)
    return _REPLY_TOKEN.sub(MASK, _ADDRESS.sub(f"{MASK}@", text))


class TextLines(logging.Formatter):
    """For people: moment, level, logger, message; a traceback follows on indented lines."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{_moment(record)} {record.levelname.lower():7} {record.name}: {_one_line(record.getMessage())}"
        return masked("\n    ".join([head, *_traceback(self, record)]))


class JsonLines(logging.Formatter):
    """For machines: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if traceback := _traceback(self, record):
            event["traceback"] = masked("\n".join(traceback))
        return json.dumps(event, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _one_line(message: str) -> str:
    """A stranger's line break would otherwise forge a second event, and an escape sequence paint a terminal."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", message.replace("\r", "").replace("\n", "\\n"))


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    if not record.exc_info:
        return []
    return [_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", line) for line in formatter.formatException(record.exc_info).splitlines()]
