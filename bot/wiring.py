"""What each part of the service must be told, taken from the settings.

In: `Settings`. Out: the parts' own frozen values. The parts know nothing of settings files; this is the only translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.imap_settings import ImapSettings
from bot.channels.lmtp import ListenerSettings
from bot.channels.smtp_settings import SmtpSettings
from bot.channels.telegram_settings import TelegramSettings
from bot.mail.config import MailConfig
from bot.settings import Settings
from bot.sources import SettingsError
from routing.office import Office
from routing.policy import PolicyError, policy_from, policy_tables

WEBHOOK_PATH = "/telegram"


def smtp_settings(settings: Settings) -> SmtpSettings:
    """Raises `SettingsError` for a plain connection to another machine, or a certificate that is not there."""
    smtp = settings.smtp
    with _named("smtp"):
        return SmtpSettings(
            host=smtp.host,
            port=smtp.port,
            tls=smtp.tls,
            user=smtp.username or None,
            password=smtp.password if smtp.username else None,
            ca_file=_file(settings, smtp.ca_file),
            helo=smtp.helo or settings.network.mail_domain,
        )


def imap_settings(settings: Settings) -> ImapSettings:
    """Raises `SettingsError` for a plain connection to another machine, or a certificate that is not there."""
    imap = settings.imap
    with _named("imap"):
        return ImapSettings(
            host=imap.host,
            port=imap.port,
            tls=imap.tls,
            user=imap.username,
            password=imap.password,
            mailbox=imap.mailbox,
            ca_file=_file(settings, imap.ca_file),
            afterwards=imap.afterwards,
            idle=imap.idle_seconds,
        )


def listener_settings(settings: Settings) -> ListenerSettings:
    """What mail our own door takes: for the network's addresses and for replies, nothing else."""
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


def telegram_settings(settings: Settings) -> TelegramSettings:
    """Raises `SettingsError` for what cannot be a token, or values that contradict each other."""
    telegram = settings.telegram
    with _named("telegram"):
        return TelegramSettings(
            token=telegram.token,
            mode=telegram.mode,
            base_url=telegram.base_url,
            webhook_url=f"{settings.network.base_url}{WEBHOOK_PATH}" if telegram.mode == "webhook" else "",
            webhook_path=WEBHOOK_PATH,
            webhook_secret=telegram.webhook_secret,
            poll_timeout=telegram.poll_seconds,
        )


def mail_config(settings: Settings) -> MailConfig:
    network = settings.network
    return MailConfig(
        own_addresses=(network.mail_address, *network.other_addresses),
        reply_local=network.reply_mailbox,
        reply_domain=network.mail_domain,
        authserv_id=settings.identity.authserv_id or None,
        check_signatures=settings.identity.check_signatures and not settings.identity.authserv_id,
        dns_servers=settings.identity.dns_servers,
        own_instance_id=network.mail_address,
        own_names=(network.name,),
        trusted_senders=settings.identity.trusted_senders,
        button_page=f"{network.base_url.rstrip('/')}/do/{{id}}",
    )


def office(settings: Settings) -> Office:
    """Raises `SettingsError` for a wrong policy file."""
    network = settings.network
    try:
        tables = policy_tables(*settings.policy_files)
        policy = policy_from(tables)
    except PolicyError as problem:
        raise SettingsError(f"policy.file {settings.policy.file or '(the shipped policy.toml)'}: {problem}") from problem
    return Office(
        policy=policy,
        policy_tables=tables,
        network=network.name,
        mail_address=network.mail_address,
        reply_domain=network.mail_domain,
        base_url=network.base_url,
        zone=network.zone,
        reply_local=network.reply_mailbox,
        other_addresses=network.other_addresses,
    )


def _file(settings: Settings, name: str) -> str | None:
    """Raises ValueError when there is no such file: a library that cannot open it does not say which one."""
    if name and not (settings.home / name).is_file():
        raise ValueError(f"ca_file names {settings.home / name}, but there is no such file")
    return str(settings.home / name) if name else None


@contextmanager
def _named(section: str) -> Iterator[None]:
    """What a part refuses is said to whoever wrote the settings, with the section where it stands."""
    try:
        yield
    except ValueError as problem:
        raise SettingsError(f"[{section}] {problem}.") from problem
