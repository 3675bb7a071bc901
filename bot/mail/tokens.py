"""Where a mail may name the letter it answers: reply addresses, thread ids, the line our letters carry.

In: headers, envelope, text. Out: lower-case candidates; whether one is real is for `routing` to say. Subjects are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.mail.config import MailConfig
from bot.mail.headers import Headers, decode_words
from bot.mail.shapes import MARKER

ADDRESS_FIELDS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "resent-to",
    "resent-cc",
    "envelope-to",
    "x-envelope-to",
    "x-gm-original-to",
    "apparently-to",
    "x-forwarded-to",
    "x-rcpt-to",
    "bcc",
)
MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,200}@[^<>\s]{1,200})\s*>")
MAX_REFERENCES = 100
SECRET = r"([a-z0-9](?:[a-z0-9]|[ \t]?-[ \t]?){7,63})"


def address_tokens(headers: Headers, envelope: Mapping[str, Any], config: MailConfig) -> tuple[str, ...]:
    """TOKENs of `reply+TOKEN@domain` in the recipients, best source first; quotes and brackets around are tolerated."""
    sources = [
        *envelope_recipients(envelope),
        *(decode_words(value) for name in ADDRESS_FIELDS for value in headers.all(name)),
        *_received_for(headers),
    ]
    return _unique(token for source in sources for token in tokens_in(source, config))


def tokens_in(text: str, config: MailConfig) -> list[str]:
    """Tokens of every reply address in a text; the plus may have been escaped or turned into another separator on the way."""
    local, domain = re.escape(config.reply_local.lower()), re.escape(config.reply_domain.lower())
    pattern = rf"(?<![a-z0-9]){local}(?:\+|%2b|=2b|--){SECRET}[\"' ]{{0,2}}@\s?{domain}(?!\.?[a-z0-9-])"
    return [re.sub(r"[\s-]", "", hit) for hit in re.findall(pattern, text.lower()[:200_000])]


def _received_for(headers: Headers) -> list[str]:
    """The recipient as our own servers noted it (`for <reply+…>`): the way a blind copy shows (whom it went to)."""
    return [hit for value in headers.all("received")[:5] for hit in re.findall(r"\bfor\s+(<?[^\s<>;]{3,250}>?)", value)]


def envelope_recipients(envelope: Mapping[str, Any]) -> list[str]:
    """Recipients as the transport noted them, under the names in use."""
    found: list[str] = []
    for key in ("rcpt_to", "recipients", "rcpt_tos", "to"):
        value = envelope.get(key)
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list | tuple):
            found += [one for one in value if isinstance(one, str)]
    return found


def envelope_sender(envelope: Mapping[str, Any]) -> str | None:
    """The return path the transport noted; "" is the null sender, None: not noted."""
    for key in ("mail_from", "sender", "return_path", "from"):
        value = envelope.get(key)
        if isinstance(value, str):
            return value.strip().strip("<>").lower()
    return None


def references(headers: Headers) -> tuple[str, ...]:
    """Message-IDs in In-Reply-To and References, nearest first, as `<id>`."""
    near = MESSAGE_ID.findall(headers.raw("in-reply-to"))
    # The end of References is the letter answered; a flood of them is cut at the front.
    far = list(reversed(MESSAGE_ID.findall(headers.raw("references")[-20_000:])))
    exchange = MESSAGE_ID.findall(headers.raw("x-ms-exchange-parent-message-id") + headers.raw("resent-message-id"))
    return _unique(f"<{one}>" for one in [*near, *far, *exchange])[:MAX_REFERENCES]


def body_tokens(text: str, config: MailConfig) -> tuple[str, ...]:
    """Tokens in `ref:TOKEN` lines and in reply addresses that a client quoted into the text."""
    marked = [hit.lower() for hit in MARKER.findall(text[:500_000])]
    return _unique([*marked, *tokens_in(text, config)])


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
