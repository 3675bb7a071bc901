"""What sort of mail it is: an ordered table of small rules; the first that hits is recorded.

In: a `Mail` (everything already read from it). Out: a `Verdict`. Nothing here decides what happens next.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.mail.absences import (
    away_by_headers,
    away_by_words,
    reads_like_a_notice,
)  # fmt: skip
from bot.mail.acknowledgements import acknowledgement, behind_a_system
from bot.mail.awaywords import AWAY_TEXT
from bot.mail.bounces import read_rejection, read_report
from bot.mail.certified import certified
from bot.mail.circulars import circular
from bot.mail.dates import has_date, last_day_away
from bot.mail.invitations import invitation
from bot.mail.leaving import unsubscribe
from bot.mail.lexicon import REPLY_PREFIXES
from bot.mail.notices import asks_for_proof
from bot.mail.phrases import (
    AUTOMATIC_TEXT,
    CHALLENGE,
    MODERATED,
    READ_SUBJECT,
    READ_TEXT,
    RECALLED,
)  # fmt: skip
from bot.mail.shapes import FORWARDED
from bot.mail.tokens import envelope_sender
from bot.mail.verdicts import (
    ANSWER_LENGTH,
    BULK,
    INSTANCE_HEADER,
    LIST_HEADERS,
    NO_REPLY,
    SHORT_NOTICE,
    Mail,
    Verdict,
    auto_submitted,
    is_automatic,
)  # fmt: skip
from routing.values import FailedRecipient, Kind


def classify(mail: Mail) -> Verdict:
    for rule in RULES:
        verdict = rule(mail)
        if verdict is not None:
            return _shown_to_a_person(verdict, mail)
    return _message(mail)


# ------------------------------------------------------------------------------------------- the rules


def _own_letter(mail: Mail) -> Verdict | None:
    came_back = mail.headers.raw(INSTANCE_HEADER).strip().lower() == mail.config.own_instance_id.lower()
    return Verdict(Kind.OWN_LOOP, "own-instance-header") if came_back else None


def _complaint(mail: Mail) -> Verdict | None:
    """Abuse report (RFC 5965)."""
    is_report = mail.root.params.get("report-type", "").lower() == "feedback-report" or _has_part(mail, "message/feedback-report")
    return Verdict(Kind.COMPLAINT, "feedback-report") if is_report else None


def _read_receipt(mail: Mail) -> Verdict | None:
    """Disposition notification (RFC 8098)."""
    is_receipt = mail.root.params.get("report-type", "").lower() == "disposition-notification" or _has_part(
        mail, "message/disposition-notification"
    )
    if not is_receipt:
        return _read_receipt_in_prose(mail)
    report = read_rejection(mail.root, mail.text)
    return (
        Verdict(Kind.BOUNCE, report.rule, failed=report.recipients, report=report)
        if report
        else Verdict(Kind.READ_RECEIPT, "disposition-notification")
    )


def _read_receipt_in_prose(mail: Mail) -> Verdict | None:
    if mail.own_words <= 60 and RECALLED.search(mail.head):
        return Verdict(Kind.MESSAGE, "recalled", held="Its sender wants an earlier mail back.")
    told = mail.own_words <= 60 and READ_SUBJECT.search(mail.subject) and READ_TEXT.search(mail.head) and has_date(mail.head)
    return Verdict(Kind.READ_RECEIPT, "receipt-words") if told else None


def _has_part(mail: Mail, media_type: str) -> bool:
    """At the top only: in a forwarded report it is somebody else's."""
    return any(part.media_type == media_type for part in (mail.root, *mail.root.children))


def _bounce(mail: Mail) -> Verdict | None:
    report = read_report(mail.root, mail.raw, mail.text, envelope_sender(mail.envelope), mail.address)
    if report is None:
        return None
    if report.kind == "success":
        return Verdict(Kind.OTHER, report.rule, report=report)
    return Verdict(Kind.BOUNCE, report.rule, failed=_not_ours(report.recipients, mail), report=report)


def _not_ours(recipients: tuple[FailedRecipient, ...], mail: Mail) -> tuple[FailedRecipient, ...]:
    """Reports in prose name the sender, too: that is us, and we are not whom the letter failed to reach."""
    others = tuple(one for one in recipients if not mail.config.is_own(one.address))
    return others or recipients


def _own_address(mail: Mail) -> Verdict | None:
    return Verdict(Kind.OWN_LOOP, "own-address") if mail.config.is_own(mail.address) else None


def _challenge(mail: Mail) -> Verdict | None:
    """Filters that ask for a proof that a human wrote, and lists whose moderator looks first: only a person can follow it."""
    brief = mail.own_words <= SHORT_NOTICE
    if (brief and "://" in mail.reply.text and CHALLENGE.search(mail.head)) or asks_for_proof(mail.reply.text):
        held = "Our letter has not arrived: its recipient's mail filter asks for a proof that a person wrote it."
        return Verdict(Kind.AUTO_REPLY, "challenge", held=held)
    if brief and MODERATED.search(f"{mail.subject} {mail.head}"):
        held = "Our letter has not arrived: it waits for the moderator of a mailing list."
        return Verdict(Kind.AUTO_REPLY, "moderated", held=held)
    return None


def _automatic(mail: Mail) -> Verdict | None:
    """Marked as automatic, but what? With our token it may be a person behind a ticket system, or one of many words."""
    if not is_automatic(mail.headers):
        return None
    wordy = mail.tokens and auto_submitted(mail.headers) in ("", "no") and mail.own_words >= ANSWER_LENGTH
    if (wordy or behind_a_system(mail)) and not AUTOMATIC_TEXT.search(mail.reply.text):
        return Verdict(
            Kind.MESSAGE, "marked-automatic", held="Its headers say that a machine sent it, but it reads like a person's answer."
        )
    return Verdict(
        Kind.AUTO_REPLY,
        "automatic-headers",
        absent_until=last_day_away(mail.notice, mail.written) if AWAY_TEXT.search(mail.head) else None,
    )


def _nobody_reads(mail: Mail) -> Verdict | None:
    """Notifications and web forms: an answer to this address would reach nobody."""
    if not NO_REPLY.match(mail.address.partition("@")[0]) or (mail.tokens and mail.own_words >= ANSWER_LENGTH):
        return None
    return Verdict(Kind.MESSAGE, "no-reply-sender", held="Nobody reads the address it came from, so no answer would arrive.")


def _list(mail: Mail) -> Verdict | None:
    """Lists and newsletters; a person's reply to us may come through a list, and then it names our token."""
    if mail.tokens or mail.body_tokens:
        return None
    if any(mail.headers.has(name) for name in LIST_HEADERS):
        return Verdict(Kind.LIST, "list-headers")
    return Verdict(Kind.LIST, "bulk-precedence") if mail.headers.raw("precedence").strip().lower() in BULK else None


def _message(mail: Mail) -> Verdict:
    """A reply names a letter; one whose thread was stripped on the way still says "Re:" and quotes."""
    quotes = mail.reply.style in ("top", "bottom", "interleaved")
    says_re = REPLY_PREFIXES.match(mail.subject) is not None and not FORWARDED.match(mail.subject)
    is_reply = bool(mail.tokens or mail.body_tokens or mail.references or (says_re and quotes))
    return Verdict(Kind.MESSAGE, "reply" if is_reply else "question")


def _shown_to_a_person(verdict: Verdict, mail: Mail) -> Verdict:
    """Senders whose automatic mail somebody wants to see."""
    if verdict.kind in (Kind.AUTO_REPLY, Kind.ACKNOWLEDGEMENT, Kind.LIST, Kind.OTHER) and mail.config.is_trusted(mail.address):
        return Verdict(
            Kind.MESSAGE,
            verdict.rule,
            held=f"Automatic mail ({verdict.kind.value}) of a sender whose mail a person wants to see.",
        )
    return verdict


RULES: tuple[Callable[[Mail], Verdict | None], ...] = (
    _own_letter, _complaint, _read_receipt, certified, _bounce, _own_address, invitation, away_by_headers, _challenge,
    acknowledgement, _automatic, _list, away_by_words, unsubscribe, reads_like_a_notice, _nobody_reads, circular,
)  # fmt: skip
