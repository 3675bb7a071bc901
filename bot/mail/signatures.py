"""DKIM signatures, checked here where no border mail server does it (RFC 6376, aligned as RFC 7489 asks).

In: raw mail, the sender and the reply tokens that were read in it, and TXT records. Out: one word saying who
vouches. Errors deny. Run in the reading child: a foreign parser meets hostile bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, Protocol

from bot.mail.addresses import Mailbox, strict_mailbox
from bot.mail.config import MailConfig
from bot.mail.headers import decode_words
from bot.mail.identity import is_aligned
from bot.mail.tokens import tokens_in

Word = Literal["signed", "unsigned", "foreign", "broken", "other-letter", "no-answer", "unchecked"]
MOST_SIGNATURES = 5
# DKIM-Signature fields looked at before the aligned ones are chosen; reading a field costs nothing, checking it does.
MOST_LOOKED_AT = 20
_LEVELS = 5

Fields = list[tuple[str, bytes]]
Tags = dict[bytes, bytes]


class Txt(Protocol):
    """`records(name)` as dkimpy asks it, `all(name)` for every text, `silent` when an answer did not come."""

    silent: bool

    def __call__(self, name: bytes | str, timeout: float = ...) -> bytes | None: ...

    def all(self, name: bytes | str, timeout: float = ...) -> list[bytes]: ...


def vouched(raw: bytes, sender: str, tokens: Iterable[str], config: MailConfig, records: Txt) -> Word:
    """Whether the sender's own domain signed this mail, together with the addresses by which it names a letter.

    Without the last, a signed mail that somebody wrote elsewhere could be sent again to a reply address that leaked.
    """
    try:
        fields = _fields(raw)
    except Exception:  # a foreign parser on hostile input; failing closed
        return "broken"
    signatures = list(_signatures(fields))
    if not signatures:
        return "unsigned"
    domain = sender.rpartition("@")[2]
    aligned = [(index, tags) for index, tags in signatures if is_aligned(_domain(tags), domain)]
    if not aligned or _sender(fields) != sender:
        return "foreign"
    try:
        return _best(raw, fields, aligned[:MOST_SIGNATURES], domain, set(tokens), config, records)
    except Exception:  # more questions than allowed, or a fault of the parser
        return "broken"


def _best(
    raw: bytes, fields: Fields, aligned: list[tuple[int, Tags]], domain: str, tokens: set[str], config: MailConfig, records: Txt
) -> Word:
    strict, found = _wants_exact_domain(domain, records), False
    if records.silent:
        return "no-answer"
    for index, tags in aligned:
        if (strict and _domain(tags) != domain) or not _holds(raw, index, tags, records):
            continue
        if tokens <= _signed_tokens(fields, tags, config):
            return "signed"
        found = True
    return "other-letter" if found else ("no-answer" if records.silent else "broken")


def _fields(raw: bytes) -> Fields:
    """The header as the checking library reads it: what it hashes is what we must look at."""
    from dkim import DKIM  # loaded only where it is needed: the reading child stays small

    return [(name.lower().decode("latin-1"), value) for name, value in DKIM(raw).headers]


def _sender(fields: Fields) -> str | None:
    found = [value for name, value in fields if name == "from"]
    mailbox = strict_mailbox(_unfolded(found[0])) if len(found) == 1 else None
    return mailbox.address if isinstance(mailbox, Mailbox) else None


def _signatures(fields: Fields) -> Iterator[tuple[int, Tags]]:
    from dkim.util import parse_tag_value

    values = [value for name, value in fields if name == "dkim-signature"]
    for index, value in enumerate(values[:MOST_LOOKED_AT]):
        try:
            yield index, parse_tag_value(value)
        except Exception:  # not even a signature
            continue


def _domain(tags: Tags) -> str:
    return tags.get(b"d", b"").decode("ascii", "replace").strip().lower().rstrip(".")


def _holds(raw: bytes, index: int, tags: Tags, records: Callable[..., bytes | None]) -> bool:
    from dkim import DKIM

    # With l= anybody may append to the body (RFC 6376 section 8.2); SHA-1 is no proof any more (RFC 8301).
    if b"l" in tags or tags.get(b"a", b"").strip().lower() == b"rsa-sha1":
        return False
    try:
        return bool(DKIM(raw).verify(idx=index, dnsfunc=records))
    except Exception:  # bad signature, bad key, no DNS: not proven
        return False


def _wants_exact_domain(domain: str, records: Txt) -> bool:
    """Whether the domain's DMARC policy asks for the very domain (adkim=s); the nearest policy upwards counts."""
    labels = domain.split(".")
    for start in range(max(0, len(labels) - _LEVELS), len(labels) - 1):
        policies = [one for one in records.all("_dmarc." + ".".join(labels[start:])) if one.lower().startswith(b"v=dmarc1")]
        if len(policies) == 1:
            return re.search(rb";\s*adkim\s*=\s*s\s*(;|$)", policies[0].lower()) is not None
    return False


def _signed_tokens(fields: Fields, tags: Tags, config: MailConfig) -> set[str]:
    """Tokens in those To and Cc fields that the signature covers: of several, the lowest first (RFC 6376 section 5.4.2)."""
    named = [name.strip().lower() for name in tags.get(b"h", b"").decode("latin-1").split(":")]
    written = {name: [_unfolded(value) for key, value in fields if key == name] for name in ("to", "cc")}
    signed = [value for name, values in written.items() for value in values[::-1][: named.count(name)]]
    return {token for value in signed for token in tokens_in(decode_words(value), config)}


def _unfolded(value: bytes) -> str:
    return " ".join(value.decode("latin-1").split())
