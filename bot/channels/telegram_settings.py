"""What the Telegram channel has to be told, and the log filter that keeps its token out of every line.

In: values from the settings file and the environment. Out: one frozen, checked value.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Literal

from bot.secrets import Secret

TOKEN = re.compile(r"(?<![0-9])[0-9]{5,20}:[A-Za-z0-9_-]{20,200}")
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,256}")
# httpx writes the whole address, token included, at INFO; PTB writes the texts of messages at DEBUG
TALKATIVE = ("httpx", "httpcore", "httpcore.connection", "httpcore.http11", "telegram", "telegram.Bot", "telegram.request")


@dataclass(frozen=True, slots=True)
class TelegramLimits:
    """Telegram's own limits, and ours on what comes in. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits

    `patience` is how many seconds a letter may wait here for its turn before it goes back to the outbox.
    """

    text_units: int = 4096
    text_parts: int = 3
    chat_pause: float = 1.0
    per_second: int = 30
    per_group_minute: int = 20
    patience: float = 15.0
    download_bytes: int = 20 * 1024 * 1024
    webhook_bytes: int = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """`base_url` is the root of the Bot API server; `base_file_url`, if files come from elsewhere, all but token and path.
    `webhook_url` is the public address of the webhook, `webhook_path` where our own server answers it.

    Times are in seconds. Raises ValueError when the values contradict each other.
    """

    token: Secret
    mode: Literal["polling", "webhook"] = "polling"
    base_url: str = "https://api.telegram.org"
    base_file_url: str = ""
    webhook_url: str = ""
    webhook_path: str = "/telegram"
    webhook_secret: Secret = field(default=Secret(""))
    poll_timeout: int = 30
    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    write_timeout: float = 20.0
    backoff: tuple[float, float] = (1.0, 60.0)
    limits: TelegramLimits = TelegramLimits()

    def __post_init__(self) -> None:
        if not self.token.reveal().partition(":")[0].isdecimal():
            raise ValueError("the Telegram token must look like 123456:ABC…, as BotFather gives it")
        if not 1 <= self.poll_timeout <= 50:
            raise ValueError("poll_timeout is 1 to 50 seconds: Telegram holds no request longer, and 0 would never rest")
        if self.mode == "webhook" and not self.webhook_url:
            raise ValueError("webhook mode needs webhook_url")
        if self.mode == "webhook" and not SECRET_TOKEN.fullmatch(self.webhook_secret.reveal()):
            raise ValueError("webhook mode needs webhook_secret: 16 to 256 letters, digits, _ or -")

    @property
    def method_url(self) -> str:
        return f"{self.base_url.rstrip('/')}/bot"

    @property
    def file_url(self) -> str:
        return self.base_file_url or f"{self.base_url.rstrip('/')}/file/bot"

    @property
    def bot_id(self) -> int:
        return int(self.token.reveal().partition(":")[0])


def redact(text: str) -> str:
    """`text` with everything that looks like a bot token taken out."""
    return TOKEN.sub("<bot token>", text)


class RedactTokens(logging.Filter):
    """Takes bot tokens out of a log record, its traceback included; also meant for the handlers of the process."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


def quieten_libraries() -> None:
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        if not any(isinstance(known, RedactTokens) for known in logger.filters):
            logger.addFilter(RedactTokens())
