"""Which mailbox is read, how, and how often it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from bot.channels.smtp_settings import is_loopback
from bot.secrets import Secret

ImapTls = Literal["implicit", "starttls", "off-for-loopback"]
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Times in seconds, sizes in bytes. Raises ValueError for a plain connection to anything but this machine.

    `afterwards` is what happens to a mail that is safely stored: ``keep`` leaves it untouched, ``seen`` flags it,
    ``move:FOLDER`` moves it. Nothing depends on it: what was read is known by UIDVALIDITY and UID alone.
    `idle` is renewed before servers and routers forget the connection (some do after 10 minutes); `poll` is for servers
    without IDLE. A mail over `size_limit` is fetched as headers only.
    """

    host: str
    user: str
    password: Secret
    port: int = 993
    tls: ImapTls = "implicit"
    mailbox: str = "INBOX"
    ca_file: str | None = None
    afterwards: str = "keep"
    idle: float = 540.0
    poll: float = 60.0
    connect_timeout: float = 15.0
    read_timeout: float = 45.0
    size_limit: int = 25 * MEBIBYTE
    backoff: tuple[float, float] = (1.0, 120.0)
    refused_backoff: tuple[float, float] = (60.0, 900.0)

    def __post_init__(self) -> None:
        if self.tls not in get_args(ImapTls):
            raise ValueError(f"imap tls is one of {', '.join(get_args(ImapTls))}, not {self.tls!r}")
        if self.tls == "off-for-loopback" and not is_loopback(self.host):
            raise ValueError("imap tls 'off-for-loopback' needs a host on this machine (127.0.0.1, ::1 or localhost)")
        if self.afterwards not in ("keep", "seen") and not self.folder:
            raise ValueError(f"imap afterwards is 'keep', 'seen' or 'move:FOLDER', not {self.afterwards!r}")

    @property
    def folder(self) -> str:
        """Where stored mail is moved, or an empty string."""
        return self.afterwards.removeprefix("move:") if self.afterwards.startswith("move:") else ""
