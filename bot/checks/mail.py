"""Do letters go out, do mails come in, and do replies find their way back to us?"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

import dns.exception
import dns.resolver

from bot import wiring
from bot.channels.imap_session import ImapSession, ImapTrouble
from bot.channels.smtp import SmtpSender
from bot.checks.finding import Finding, fail, ok, warn
from bot.settings import Settings
from bot.sources import SettingsError
from routing.errors import ChannelError

# RFC 2606 and RFC 6761: names that are never anybody's
RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.org", "example.net")
Lookup = Callable[[str], list[str]]

MEND_IMAP = {
    "connection": "Check imap.host and imap.port, and that this machine may connect there.",
    "encryption": "Check imap.tls; for a private authority set imap.ca_file.",
    "login": "Check imap.username and the secret imap.password; some providers want an app password.",
    "mailbox": "Check imap.mailbox.",
}


async def check_outgoing(settings: Settings) -> list[Finding]:
    """Connects, encrypts and signs in, as a letter would; sends nothing."""
    if not settings.smtp.enabled:
        return [ok("outgoing mail", "is off")]
    where = f"{settings.smtp.host}:{settings.smtp.port}"
    try:
        await SmtpSender(wiring.smtp_settings(settings)).check()
    except (SettingsError, OSError) as problem:  # ssl.SSLError is an OSError
        return [fail("outgoing mail", str(problem), "Check smtp.host, smtp.tls and smtp.ca_file.")]
    except ChannelError as problem:
        return [fail("outgoing mail", f"{where}: {problem}", "Check smtp.host, smtp.port, smtp.tls and the sign-in.")]
    return [ok("outgoing mail", f"{where} takes our letters" + (", signed in" if settings.smtp.username else ""))]


async def check_mailbox(settings: Settings) -> list[Finding]:
    """Opens the mailbox as the service would."""
    if not settings.imap.enabled:
        return [ok("mailbox", "is off")]
    return [await asyncio.to_thread(_open_mailbox, settings)]


def _open_mailbox(settings: Settings) -> Finding:
    try:
        session = ImapSession(wiring.imap_settings(settings))
    except SettingsError as problem:
        return fail("mailbox", str(problem), "Check imap.tls, imap.host and imap.ca_file.")
    try:
        selected = session.open()
    except (ImapTrouble, ssl.SSLError) as trouble:
        kind = getattr(trouble, "kind", "encryption")
        return fail("mailbox", str(trouble), MEND_IMAP.get(kind, "Look at the mail server's log."))
    finally:
        session.close()
    if not selected.can_idle:
        return warn(
            "mailbox", "works, but without IDLE: mail is noticed a minute late", "Nothing to do, or choose a server with IDLE."
        )
    return ok("mailbox", f"{settings.imap.mailbox} on {settings.imap.host} is open to us, with IDLE")


async def check_reply_domain(settings: Settings, lookup: Lookup | None = None) -> list[Finding]:
    """Replies go to addresses in this domain, so somebody must take mail for it and hand it to us."""
    if not (settings.imap.enabled or settings.listener.enabled):
        return [ok("replies by mail", "are off")]
    domain = settings.network.mail_domain
    if any(domain == name or domain.endswith(f".{name}") for name in RESERVED):
        return [fail("replies by mail", f"{domain} is an example and nobody's domain", "Set network.mail_address to your own.")]
    try:
        hosts = await asyncio.to_thread(lookup or _mail_hosts, domain)
    except (OSError, dns.exception.DNSException) as problem:
        return [warn("replies by mail", f"{domain} could not be looked up: {problem}", "Check the name servers of this machine.")]
    if not hosts:
        return [fail("replies by mail", f"no server takes mail for {domain}", _how_to_route(settings))]
    return [ok("replies by mail", f"mail for {domain} goes to {', '.join(hosts)}; it must arrive {_where_it_arrives(settings)}")]


def _mail_hosts(domain: str) -> list[str]:
    """The hosts that take mail for a domain, best first; by RFC 5321 section 5.1 its own address counts when there is no MX."""
    resolver = dns.resolver.Resolver()
    resolver.lifetime = 5.0
    try:
        answers = sorted(resolver.resolve(domain, "MX"), key=lambda answer: answer.preference)
        return [str(answer.exchange).rstrip(".") for answer in answers if str(answer.exchange) != "."]  # RFC 7505: "." takes none
    except dns.resolver.NXDOMAIN:
        return []
    except dns.resolver.NoAnswer:
        return _own_address(resolver, domain)


def _own_address(resolver: dns.resolver.Resolver, domain: str) -> list[str]:
    for kind in ("A", "AAAA"):
        try:
            resolver.resolve(domain, kind)
            return [domain]
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            continue
    return []


def _where_it_arrives(settings: Settings) -> str:
    if settings.listener.enabled:
        return f"by {settings.listener.protocol.upper()} at {settings.listener.host}:{settings.listener.port}"
    return f"in {settings.imap.mailbox} on {settings.imap.host}"


def _how_to_route(settings: Settings) -> str:
    domain = settings.network.mail_domain
    return (
        f"Publish the DNS record “{domain}. MX 10 YOUR-MAIL-SERVER.”, and let that server deliver"
        f" {settings.network.reply_mailbox}+anything@{domain} {_where_it_arrives(settings)}."
    )
