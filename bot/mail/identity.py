"""Who wrote a mail, and whether somebody we trust vouches for it.

In: headers. Out: one `Mailbox`, or a `Doubt` for a person to look at; and whether authentication is proven (RFC 8601, RFC 7489).
Only the word of our own border server counts. Without one, DKIM signatures can be checked here (`prove`). Errors deny.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.mail.addresses import Doubt, Mailbox, strict_mailbox
from bot.mail.config import MailConfig
from bot.mail.headers import Headers
from routing.values import Incoming

METHOD = re.compile(r"\s*([a-z][a-z0-9-]{0,30})(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
PROPERTY = re.compile(r"\b(smtp|header|policy|body)\.([a-z_-]{1,20})\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)
MAX_SIGNATURES = 5


@dataclass(frozen=True, slots=True)
class Result:
    """One method of an Authentication-Results field, e.g. dkim=pass for the domain that signed."""

    method: str
    result: str
    domain: str


def sender_of(headers: Headers) -> Mailbox | Doubt:
    """The one mailbox in the one From field (RFC 5322 allows several; nobody honest needs them here)."""
    fields = headers.all("from")
    if not fields:
        return Doubt("there is no From field")
    if len(fields) > 1:
        return Doubt("there are several From fields")
    return strict_mailbox(fields[0])


def is_proven(headers: Headers, sender: Mailbox | Doubt, config: MailConfig) -> bool:
    """True if our border server says that the From domain stands behind this mail."""
    if isinstance(sender, Doubt) or not config.authserv_id:
        return False
    domain = sender.address.rpartition("@")[2]
    results = border_results(headers, config.authserv_id)
    dmarc = [one for one in results if one.method == "dmarc"]
    if dmarc:
        return any(one.result == "pass" and one.domain in ("", domain) for one in dmarc) and all(
            one.result == "pass" for one in dmarc
        )
    return any(one.result == "pass" and one.method in ("dkim", "spf") and is_aligned(one.domain, domain) for one in results)


def border_results(headers: Headers, authserv_id: str) -> list[Result]:
    """What our border server found. A field with its name that was there before it took the mail is forged and ignored."""
    ours = authserv_id.lower()
    for name, value in headers.fields:
        if name == "received" and re.search(rf"\bby\s+{re.escape(ours)}(?![\w.-])", value.lower()):
            return []
        if name == "authentication-results":
            said_by, results = _parsed(value)
            if said_by == ours:
                return results
    return []


def _parsed(value: str) -> tuple[str, list[Result]]:
    first, *items = _without_comments(value).split(";")
    said_by = first.strip().split(" ")[0].lower()
    return said_by, [result for item in items[:50] if (result := _result(item))]


def _without_comments(value: str) -> str:
    """Comments may nest and hold anything, even `; dmarc=pass`; so may quoted strings."""
    kept, depth, quoted = [], 0, False
    for letter in value:
        if letter == '"' and not depth:
            quoted = not quoted
        if quoted:
            kept.append(" " if letter in ";=" else letter)
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(letter)
    return "".join(kept)


def _result(item: str) -> Result | None:
    found = METHOD.match(item)
    if not found:
        return None
    method, result = found.group(1).lower(), found.group(2).lower()
    properties = {f"{kind}.{name}".lower(): value.strip('"').lower() for kind, name, value in PROPERTY.findall(item)}
    wanted = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo"), "dmarc": ("header.from",)}.get(method, ())
    said = next((properties[name] for name in wanted if name in properties), "")
    return Result(method, result, said.rpartition("@")[2])


def is_aligned(signing: str, writing: str) -> bool:
    """The same domain, or a parent of it; a public suffix signs for nobody."""
    signing, writing = signing.rstrip("."), writing.rstrip(".")
    return "." in signing and (signing == writing or writing.endswith("." + signing))


def prove(item: Incoming, raw: bytes, *, dnsfunc: Callable[..., bytes | None]) -> Incoming:
    """`item` with `proven` set if a DKIM signature of the From domain holds. For installations without a border server.

    `dnsfunc(name, timeout=…)` returns the TXT record of a domain name, as dkimpy expects. Never raises.
    """
    if item.proven or item.held or "@" not in item.sender:
        return item
    domain = item.sender.rpartition("@")[2]
    return replace(item, proven=True) if is_signed_by(raw, domain, dnsfunc) else item


def is_signed_by(raw: bytes, domain: str, dnsfunc: Callable[..., bytes | None]) -> bool:
    """True if one of the first five DKIM signatures is valid, aligned and covers the whole body."""
    from dkim import DKIM  # loaded only where it is needed: the reading child stays small

    try:
        checker = DKIM(raw)
        count = sum(1 for name, _ in checker.headers if name.lower() == b"dkim-signature")
    except Exception:  # a foreign parser on hostile input; failing closed
        return False
    return any(_holds(raw, index, domain, dnsfunc) for index in range(min(count, MAX_SIGNATURES)))


def _holds(raw: bytes, index: int, domain: str, dnsfunc: Callable[..., bytes | None]) -> bool:
    from dkim import DKIM

    try:
        checker = DKIM(raw)
        valid = checker.verify(idx=index, dnsfunc=dnsfunc)
        signer = checker.domain.decode("ascii").lower()
        # With l= anybody may append to the body (RFC 6376 8.2)
        return bool(valid) and b"l" not in checker.signature_fields and is_aligned(signer, domain)
    except Exception:  # bad signature, bad key, no DNS: not proven
        return False
