"""Who says that a mail is from the person it claims to be from?"""

from __future__ import annotations

import asyncio

from bot.checks.finding import Finding, fail, ok, warn
from bot.mail.records import Records
from bot.settings import Settings

NAME = "identity"


async def check_identity(settings: Settings) -> list[Finding]:
    """Which of the three ways is on, and what it means for experts' answers."""
    identity = settings.identity
    if not (settings.imap.enabled or settings.listener.enabled):
        return []
    if identity.authserv_id:
        return [ok(NAME, f"{identity.authserv_id} judges senders; its word alone counts (identity.authserv_id)")]
    if not identity.check_signatures:
        return [warn(NAME, "nobody judges senders: every expert's reply is held for a coordinator", _NAME_IT)]
    records = Records(identity.dns_servers)
    await asyncio.to_thread(records.all, f"_dmarc.{settings.network.mail_domain}")
    if records.silent:
        return [
            fail(
                NAME,
                "no name server answers, so no signature can be checked: every expert's reply is held",
                "Mend the machine's resolver, or name one in identity.dns_servers.",
            )
        ]
    signed = "DKIM signatures are checked here; a reply that its sender's domain has not signed is held for a coordinator"
    return [warn(NAME, signed, _NAME_IT)]


_NAME_IT = (
    "If your mail server writes Authentication-Results (look at any mail it delivered), "
    "set identity.authserv_id to the first word of that field: it also knows SPF."
)
