"""From settings to parts: the office, and the channels that are switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.email import EmailChannel, EmailSettings
from bot.channels.imap_settings import ImapSettings
from bot.channels.lmtp import ListenerSettings
from bot.channels.smtp_settings import SmtpSettings
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_settings import TelegramSettings
from bot.clock import Clock
from bot.mail.config import MailConfig
from bot.ports import Channel
from bot.settings import Settings
from routing import cursors
from routing.letters import COMMANDS
from routing.office import Office
from routing.policy import Policy
from routing.store import Store


def office_of(settings: Settings, policy: Policy) -> Office:
    """The network's policy and letterhead."""
    network = settings.network
    return Office(
        policy=policy,
        network=network.name,
        mail_address=network.mail_address,
        reply_domain=network.mail_domain,
        base_url=network.base_url,
        zone=network.zone,
        reply_local=network.reply_mailbox,
        other_addresses=network.other_addresses,
    )


def make_channels(settings: Settings, store: Store, clock: Clock) -> list[Channel]:
    """The channels that are switched on."""
    channels: list[Channel] = []
    if settings.telegram.enabled:
        channels.append(TelegramChannel(telegram_settings(settings), commands=COMMANDS, clock=clock.now))
    if settings.smtp.enabled or settings.imap.enabled or settings.listener.enabled:
        cursor = StoredCursor(store, clock, f"imap {settings.imap.username} {settings.imap.mailbox}")
        channels.append(EmailChannel(email_settings(settings), cursor=cursor, clock=clock.now))
    return channels


def telegram_settings(settings: Settings) -> TelegramSettings:
    told = settings.telegram
    return TelegramSettings(
        token=told.token,
        mode=told.mode,
        base_url=told.base_url,
        webhook_url=f"{settings.network.base_url}/telegram" if told.mode == "webhook" else "",
        webhook_secret=told.webhook_secret,
        poll_timeout=int(told.poll_seconds),
    )


def email_settings(settings: Settings) -> EmailSettings:
    return EmailSettings(
        sender=settings.network.mail_address,
        sender_name=settings.network.name,
        mail=mail_config(settings),
        smtp=_smtp(settings) if settings.smtp.enabled else None,
        imap=_imap(settings) if settings.imap.enabled else None,
        listener=_listener(settings) if settings.listener.enabled else None,
    )


def mail_config(settings: Settings) -> MailConfig:
    """What the reader of mails must know about us."""
    network = settings.network
    return MailConfig(
        own_addresses=(network.mail_address, *network.other_addresses),
        reply_local=network.reply_mailbox,
        reply_domain=network.mail_domain,
        authserv_id=settings.identity.authserv_id or None,
        own_instance_id=network.mail_domain,
        own_names=(network.name,),
        trusted_senders=settings.identity.trusted_senders,
    )


def _smtp(settings: Settings) -> SmtpSettings:
    told = settings.smtp
    return SmtpSettings(
        host=told.host,
        port=told.port,
        tls=told.tls,
        user=told.username or None,
        password=told.password if told.username else None,
        ca_file=told.ca_file or None,
        helo=told.helo or settings.network.mail_domain,
    )


def _imap(settings: Settings) -> ImapSettings:
    told = settings.imap
    return ImapSettings(
        host=told.host,
        port=told.port,
        tls=told.tls,
        user=told.username,
        password=told.password,
        mailbox=told.mailbox,
        ca_file=told.ca_file or None,
        afterwards=told.afterwards,
        idle=told.idle_seconds,
        size_limit=int(settings.listener.max_bytes),
    )


def _listener(settings: Settings) -> ListenerSettings:
    told, network = settings.listener, settings.network
    return ListenerSettings(
        domains=(),
        addresses=(network.mail_address, f"{network.reply_mailbox}@{network.mail_domain}", *network.other_addresses),
        protocol=told.protocol,
        host=told.host,
        port=told.port,
        hostname=network.mail_domain,
        size_limit=int(told.max_bytes),
    )


class StoredCursor:
    """How far a channel has read, kept in the database."""

    def __init__(self, store: Store, clock: Clock, name: str):
        self._store, self._clock, self._name = store, clock, name

    async def load(self) -> dict[str, Any] | None:
        return await asyncio.to_thread(self._load)

    async def save(self, value: Mapping[str, Any]) -> None:
        await asyncio.to_thread(self._save, dict(value), self._clock.now())

    def _load(self) -> dict[str, Any] | None:
        with self._store.snapshot() as session:
            return cursors.load(session, self._name)

    def _save(self, value: dict[str, Any], now: datetime) -> None:
        with self._store.transaction() as session:
            cursors.save(session, self._name, value, now)
