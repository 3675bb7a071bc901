"""Receipts of certified mail: accepted, delivered, or not delivered, in Italy (PEC, DPR 68/2005) and Turkey (KEP).

In: a `Mail`. Out: a `Verdict` or None. The envelope in which a certified letter itself comes is opened in `bodies`.
"""

from __future__ import annotations

import re

from bot.mail.addresses import find_addresses
from bot.mail.verdicts import Mail, Verdict
from bot.mail.wording import Wording
from routing.values import FailedRecipient, Kind

CERTIFIED = re.compile(
    r"\W*(?:ricevuta di (?=acc|avv)|avviso di (?=non|manc|prea))"
    r"(accettazione|avvenuta consegna|non accettazione|mancata consegna|preavviso)",
    re.IGNORECASE,
)  # fmt: skip
# Evidence of a step on the way, as Turkish providers call it
KEP = Wording(r"(?=.*\bkep\b).*\bdelil")
KEP_FAILED = Wording(r"edileme|reddedil|ulaştırılama|başarısız")
KEP_LONGEST = 80


def certified(mail: Mail) -> Verdict | None:
    receipt = mail.headers.raw("x-ricevuta").strip().lower() or _certified_by_words(mail)
    if not receipt:
        return _evidence(mail)
    if "errore" not in receipt and "mancata" not in receipt and not receipt.startswith("non-"):
        return Verdict(Kind.OTHER, "certified-receipt")
    return _failure(mail, "preavviso" in receipt)


def _failure(mail: Mail, delayed: bool = False) -> Verdict:
    # It names the sender first, and then "destinato all'utente" or "indirizzato a"
    named = re.split(r"destinat[oa]|indirizzat[oa]", mail.text, maxsplit=1)[-1]
    addresses = [one for one in find_addresses(named, limit=10) if not mail.config.is_own(one)]
    failed = tuple(FailedRecipient(one, False, "", delayed) for one in addresses[:1])
    return Verdict(Kind.BOUNCE, "certified-failure", failed=failed)


def _evidence(mail: Mail) -> Verdict | None:
    """A person who writes of such evidence does so in a mail of another address, or at length."""
    by_provider = "kep" in mail.address
    if not by_provider or mail.own_words > KEP_LONGEST or not KEP.search(f"{mail.address} {mail.subject} {mail.head}"):
        return None
    return _failure(mail) if KEP_FAILED.search(mail.notice) else Verdict(Kind.OTHER, "certified-receipt")


def _certified_by_words(mail: Mail) -> str:
    """Its header is lost where a mailbox forwards what it gets."""
    found = CERTIFIED.match(mail.head) if mail.address.startswith("posta-certificata@") else None
    return found.group(1).lower().replace(" ", "-") if found else ""
