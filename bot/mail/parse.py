"""From raw bytes to a value: `read` never raises, whatever comes in, and looks at nothing but its arguments.

In: a mail as received, what the transport noted about it, who we are. Out: `Incoming`, or `Unreadable` with the reason.
Limits of time and memory are set by the process it runs in (`pool.Reader`); limits of size and shape are checked here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.mail.addresses import Doubt, find_addresses
from bot.mail.bodies import read_body
from bot.mail.classify import classify
from bot.mail.config import MailConfig
from bot.mail.headers import Headers, clean, decode_words, has_control
from bot.mail.identity import is_proven, sender_of, who_judged
from bot.mail.mime import Part, TooMuch, read_tree
from bot.mail.shapes import FORWARDED, Hints, core_subject
from bot.mail.tokens import address_tokens, body_tokens, envelope_recipients, envelope_sender, references, tokens_in
from bot.mail.verdicts import Mail, Verdict, never_answer
from bot.mail.versions import read_reply
from routing.values import Incoming, Unreadable

CHANNEL = "email"


def read(raw: bytes, *, config: MailConfig, envelope: Mapping[str, Any]) -> Incoming | Unreadable:
    """The mail as a value. Never raises: a mail past a bound, or one that our reading cannot cope with, is `Unreadable`."""
    try:
        return _incoming(examine(raw, config=config, envelope=envelope))
    except TooMuch as bound:
        return Unreadable(CHANNEL, f"the mail is past a bound: {bound}")
    except (Exception, RecursionError) as error:  # a fault of ours must not stop the mail behind this one
        return Unreadable(CHANNEL, f"the mail could not be read ({type(error).__name__})")


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything found in a mail and the verdict on it."""

    mail: Mail
    verdict: Verdict
    doubt: Doubt | None


def examine(raw: bytes, *, config: MailConfig, envelope: Mapping[str, Any]) -> Examined:
    """The steps of `read`, for it and for `explain`. Raises TooMuch, and whatever a fault of ours raises."""
    root = read_tree(raw)
    mail, doubt = _mail(root, raw, config, envelope)
    return Examined(mail, classify(mail), doubt)


def _mail(root: Part, raw: bytes, config: MailConfig, envelope: Mapping[str, Any]) -> tuple[Mail, Doubt | None]:
    headers, body = root.headers, read_body(root)
    sender = sender_of(headers)
    doubt = sender if isinstance(sender, Doubt) else None
    subject = clean(decode_words(headers.raw("subject")))
    reply, text = read_reply(body, _hints(config, subject))
    return Mail(
        headers=headers,
        root=root,
        raw=raw,
        body=body,
        text=text,
        reply=reply,
        sender=None if isinstance(sender, Doubt) else sender,
        address=sender.shown if isinstance(sender, Doubt) else sender.address,
        subject=subject,
        envelope=envelope,
        config=config,
        tokens=address_tokens(headers, envelope, config),
        body_tokens=body_tokens(text, config),
        references=references(headers),
        written=moment.date() if (moment := _sent_at(headers)) else None,
    ), doubt


def _hints(config: MailConfig, subject: str) -> Hints:
    own = (*config.own_addresses, *config.own_names, f"{config.reply_local}+", f"@{config.reply_domain}")
    return Hints(tuple(name.lower() for name in own), core_subject(subject), FORWARDED.match(subject) is not None)


def _incoming(found: Examined) -> Incoming:
    mail, verdict = found.mail, found.verdict
    headers, config = mail.headers, mail.config
    report = verdict.report
    original = report.original if report else None
    about = (report.about,) if report and report.about else ()
    proven = is_proven(headers, mail.sender or Doubt(""), config)
    tokens = (*mail.tokens, *_tokens_of(original, config))
    return Incoming(
        channel=CHANNEL,
        kind=verdict.kind,
        rule=verdict.rule,
        sender=mail.address,
        text=mail.reply.text,
        sender_name=mail.sender.name if mail.sender else "",
        proven=proven,
        subject=mail.subject,
        cut=mail.reply.cut,
        quoted=mail.reply.quoted,
        review=verdict.review or mail.reply.review,
        language_hint=_language(headers),
        tokens=tuple(dict.fromkeys(tokens)),
        references=tuple(dict.fromkeys((*about, *mail.references))),
        message_id=_message_id(headers),
        fingerprint=fingerprint(mail),
        recipients=_recipients(mail),
        attachments=tuple(mail.body.files),
        failed=verdict.failed,
        absent_until=verdict.absent_until,
        held=_held(found),
        sent_at=_sent_at(headers),
        facts=_facts(mail, verdict, who_judged(headers, proven, config)),
    )


def _tokens_of(original: Headers | None, config: MailConfig) -> list[str]:
    """A bounce brings our letter back, and with it the reply address it asked for."""
    if original is None:
        return []
    return [token for name in ("reply-to", "from", "return-path") for token in tokens_in(original.raw(name), config)]


def _held(found: Examined) -> str | None:
    """The first reason why a person must look before anything happens."""
    mail = found.mail
    if found.doubt is not None:
        return f"It is not certain who wrote it: {found.doubt.reason}."
    if has_control(decode_words(mail.headers.raw("subject"))):
        return "Its subject holds line breaks or hidden direction characters."
    if mail.body.held:
        return f"{mail.body.held[:1].upper()}{mail.body.held[1:]}."
    return found.verdict.held


def _facts(mail: Mail, verdict: Verdict, identity: str | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "body_tokens": list(mail.body_tokens),
        "never_answer": never_answer(
            mail.headers, envelope_from=envelope_sender(mail.envelope), sender=mail.address, config=mail.config
        ),
        "style": mail.reply.style,
    }
    reply_to = find_addresses(mail.headers.text("reply-to"), limit=5)
    optional = {
        "reply_to": list(reply_to),
        "identity": identity,
        "calendar": mail.body.calendar,
        "about": verdict.report.about if verdict.report else None,
        "html_only": mail.body.has_html and not mail.body.has_plain,
        "cut_short": mail.body.cut_short,
        "wants_receipt": mail.headers.has("disposition-notification-to"),
    }
    return facts | {key: value for key, value in optional.items() if value}


def _sent_at(headers: Headers) -> datetime | None:
    """The Date field in UTC; nothing rests on it, senders write what they like."""
    try:
        moment = parsedate_to_datetime(headers.raw("date")[:100])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _language(headers: Headers) -> str | None:
    code = headers.raw("content-language").split(",")[0].split("-")[0].strip().lower()
    return code if len(code) == 2 and code.isalpha() and code.isascii() else None


def _message_id(headers: Headers) -> str | None:
    value = headers.raw("message-id").strip()
    return clean(value)[:300] or None


def _recipients(mail: Mail) -> tuple[str, ...]:
    written = (
        address for name in ("to", "cc") for value in mail.headers.all(name) for address in find_addresses(decode_words(value))
    )
    noted = (address for value in envelope_recipients(mail.envelope) for address in find_addresses(value))
    return tuple(dict.fromkeys((*written, *noted)))[:100]


def fingerprint(mail: Mail) -> str:
    """The same for every copy of one mail that reached us on several ways, different for another mail with its Message-ID."""
    digest = hashlib.sha256()
    for name in ("message-id", "from", "to", "date", "subject"):
        digest.update(mail.headers.raw(name).encode("utf-8", "replace") + b"\x00")
    _, _, body = mail.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    digest.update(body.rstrip())
    return digest.hexdigest()
