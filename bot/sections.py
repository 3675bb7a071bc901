"""The sections of the settings, one value each: what every key is. config/settings.toml says what it does.

In: values that `bot.settings` has read and checked. Out: frozen values.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.reading import (
    Afterwards,
    Domain,
    HttpUrl,
    Hundredths,
    LocalPart,
    MailAddress,
    NameServers,
    Networks,
    Port,
    Positive,
    Proxies,
    Words,
    Zone,
)
from bot.secrets import Secret

Tls = Literal["require", "starttls", "implicit", "off-for-loopback"]


@dataclass(frozen=True, slots=True)
class Network:
    name: str
    mail_address: MailAddress
    reply_domain: Domain
    reply_mailbox: LocalPart
    base_url: HttpUrl
    zone: Zone
    other_addresses: tuple[MailAddress, ...]

    @property
    def mail_domain(self) -> str:
        """The domain that replies come back to."""
        return self.reply_domain or self.mail_address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Database:
    url: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Search:
    embedder: str
    near_at: Hundredths
    index: Literal["files", "postgresql"]
    index_folder: Path
    collection: str


@dataclass(frozen=True, slots=True)
class Telegram:
    enabled: bool
    mode: Literal["polling", "webhook"]
    base_url: HttpUrl
    poll_seconds: Positive
    token: Secret
    webhook_secret: Secret


@dataclass(frozen=True, slots=True)
class Smtp:
    enabled: bool
    host: str
    port: Port
    tls: Tls
    ca_file: str
    helo: str
    username: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Imap:
    enabled: bool
    host: str
    port: Port
    tls: Literal["implicit", "starttls", "off-for-loopback"]
    ca_file: str
    username: str
    mailbox: str
    afterwards: Afterwards
    idle_seconds: Positive
    password: Secret


@dataclass(frozen=True, slots=True)
class Listener:
    enabled: bool
    protocol: Literal["lmtp", "smtp"]
    host: str
    port: Port
    max_bytes: Positive


@dataclass(frozen=True, slots=True)
class Identity:
    authserv_id: str
    check_signatures: bool
    dns_servers: NameServers
    trusted_senders: Words


@dataclass(frozen=True, slots=True)
class Console:
    host: str
    port: Port
    trusted_proxies: Proxies
    session_hours: Positive


@dataclass(frozen=True, slots=True)
class Provider:
    issuer: str
    name: str
    client_id: str
    client_secret: Secret


@dataclass(frozen=True, slots=True)
class Webhooks:
    private_networks: Networks


@dataclass(frozen=True, slots=True)
class Policy:
    file: str


@dataclass(frozen=True, slots=True)
class Log:
    level: Literal["debug", "info", "warning", "error"]
    format: Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Worker:
    name: str
    senders: Positive
    readers: Positive
