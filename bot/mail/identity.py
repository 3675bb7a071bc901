"""Who wrote a mail, and whether somebody we trust vouches for it.

In: headers. Out: one `Mailbox`, or a `Doubt` for a person to look at; and whether authentication is proven (RFC 8601, RFC 7489).
Only the word of our own border server counts. Without one, `signatures` checks here what a mail is signed with. Errors deny.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.mail.addresses import Doubt, Mailbox, strict_mailbox
from bot.mail.config import MailConfig
from bot.mail.headers import Headers

METHOD = re.compile(r"\s*([a-z][a-z0-9-]{0,30})(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
PROPERTY = re.compile(r"\b(smtp|header|policy|body)\.([a-z_-]{1,20})\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)


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
    return _certified(headers) or strict_mailbox(fields[0])


def _certified(headers: Headers) -> Doubt | None:
    """Italian certified mail: the provider writes the envelope and names the writer, whom replies are to reach."""
    if headers.raw("x-trasporto").strip().lower() != "posta-certificata":
        return None
    writer = strict_mailbox(headers.raw("reply-to"))
    shown = writer.address if isinstance(writer, Mailbox) else ""
    return Doubt("it came as certified mail (PEC), and what its provider says is not checked here", shown) if shown else None


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


def who_judged(headers: Headers, proven: bool, config: MailConfig) -> str | None:
    """What our border server did about the sender: "border" vouches, "border-refused", "border-silent"; None without one."""
    if not config.authserv_id:
        return None
    if proven:
        return "border"
    return "border-refused" if border_results(headers, config.authserv_id) else "border-silent"


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
