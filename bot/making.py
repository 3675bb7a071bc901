"""The channels that are switched on, with what they need of the rest: a memory of how far they read, and somebody to alert."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import wiring
from bot.channels.email import EmailChannel, EmailSettings
from bot.channels.telegram import TelegramChannel
from bot.clock import Clock
from bot.ports import Channel
from bot.settings import Settings
from routing import cursors
from routing.handing import write_to_coordinators
from routing.letters import COMMANDS
from routing.office import Office
from routing.store import Store

log = logging.getLogger(__name__)


def make_channels(settings: Settings, store: Store, clock: Clock, office: Office) -> list[Channel]:
    """The channels that are switched on. Raises `SettingsError` when their settings contradict each other."""
    alert = Alert(store, clock, office)
    channels: list[Channel] = []
    if settings.telegram.enabled:
        telegram = wiring.telegram_settings(settings)
        channels.append(TelegramChannel(telegram, commands=COMMANDS, alert=alert, clock=clock.now))
    if settings.smtp.enabled or settings.imap.enabled or settings.listener.enabled:
        cursor = StoredCursor(store, clock, f"imap {settings.imap.username} {settings.imap.mailbox}")
        channels.append(EmailChannel(email_settings(settings), cursor=cursor, alert=alert, clock=clock.now))
    return channels


def email_settings(settings: Settings) -> EmailSettings:
    return EmailSettings(
        sender=settings.network.mail_address,
        sender_name=settings.network.name,
        mail=wiring.mail_config(settings),
        smtp=wiring.smtp_settings(settings) if settings.smtp.enabled else None,
        imap=wiring.imap_settings(settings) if settings.imap.enabled else None,
        listener=wiring.listener_settings(settings) if settings.listener.enabled else None,
    )


class Alert:
    """Something is wrong with a channel: into the log, and one letter a day and kind of trouble to each coordinator."""

    def __init__(self, store: Store, clock: Clock, office: Office):
        self._store, self._clock, self._office = store, clock, office

    async def __call__(self, code: str, text: str) -> None:
        log.error("%s: %s", code, text)
        try:
            await asyncio.to_thread(self._write, code, text, self._clock.now())
        except Exception:
            log.exception("the alert %s could not be written", code)

    def _write(self, code: str, text: str, now: datetime) -> None:
        facts = {"text": text, "url": self._office.page("health")}
        with self._store.transaction() as session:
            edition = f"{code}:{now.date().isoformat()}"
            write_to_coordinators(session, self._office, "co_alert", facts, now, edition=edition)


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
