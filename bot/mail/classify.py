"""What sort of mail it is: an ordered table of small rules; the first that hits is recorded.

In: a `Mail` (everything already read from it). Out: a `Verdict`. Nothing here decides what happens next.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.mail.addresses import find_addresses
from bot.mail.bounces import FORWARDED, read_rejection, read_report
from bot.mail.dates import last_day_away
from bot.mail.leaving import unsubscribe
from bot.mail.lexicon import REPLY_PREFIXES
from bot.mail.phrases import (
    AUTOMATIC_SUBJECT,
    AUTOMATIC_TEXT,
    AWAY_SUBJECT,
    AWAY_TEXT,
    CHALLENGE,
    READ_SUBJECT,
    READ_TEXT,
    REGISTERED,
    REGISTERED_SUBJECT,
    THANKS,
    WAS_AWAY,
)  # fmt: skip
from bot.mail.tokens import envelope_sender
from bot.mail.verdicts import BULK, INSTANCE_HEADER, LIST_HEADERS, NO_REPLY, Mail, Verdict, auto_submitted, is_automatic
from routing.values import FailedRecipient, Kind

MACHINE_TEXT = 1_500
SHORT_NOTICE = 120
ANSWER_LENGTH = 25


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
    told = mail.own_words <= 60 and READ_SUBJECT.search(mail.subject) and READ_TEXT.search(_head(mail))
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


def _calendar(mail: Mail) -> Verdict | None:
    if not mail.body.calendar:
        return None
    return Verdict(Kind.OTHER, "calendar-reply" if mail.body.calendar in ("REPLY", "COUNTER", "REFRESH") else "calendar-invite")


def _away_by_headers(mail: Mail) -> Verdict | None:
    if not is_automatic(mail.headers):
        return None
    says_away = AWAY_TEXT.search(_head(mail)) is not None
    if not says_away and (REGISTERED.search(_head(mail)) or not AWAY_SUBJECT.search(_bare_subject(mail))):
        return None
    return Verdict(Kind.AUTO_REPLY, "absence-headers", absent_until=last_day_away(_notice(mail), mail.written))


def _certified(mail: Mail) -> Verdict | None:
    """Receipts of Italian certified mail (PEC, DPR 68/2005): accepted, delivered, or not delivered."""
    receipt = mail.headers.raw("x-ricevuta").strip().lower()
    if not receipt:
        return None
    if "errore" not in receipt and "mancata" not in receipt and not receipt.startswith("non-"):
        return Verdict(Kind.OTHER, "certified-receipt")
    addresses = [one for one in find_addresses(mail.text, limit=10) if not mail.config.is_own(one)]
    failed = tuple(FailedRecipient(one, False, "", "preavviso" in receipt) for one in addresses[:1])
    return Verdict(Kind.BOUNCE, "certified-failure", failed=failed)


def _challenge(mail: Mail) -> Verdict | None:
    """Filters that ask the writer to prove that they are human."""
    if mail.own_words <= SHORT_NOTICE and "://" in mail.reply.text and CHALLENGE.search(_head(mail)):
        return Verdict(Kind.AUTO_REPLY, "challenge", review="asks for a proof that a person wrote to it")
    return None


def _acknowledgement(mail: Mail) -> Verdict | None:
    registered = REGISTERED.search(_head(mail)) or REGISTERED_SUBJECT.search(mail.subject)
    if not registered:
        return None
    if is_automatic(mail.headers):
        return Verdict(Kind.ACKNOWLEDGEMENT, "acknowledgement-headers")
    by_robot = NO_REPLY.match(mail.address.partition("@")[0]) or AUTOMATIC_TEXT.search(mail.reply.text[:MACHINE_TEXT])
    if by_robot and mail.own_words <= SHORT_NOTICE * 2:
        return Verdict(
            Kind.ACKNOWLEDGEMENT,
            "acknowledgement-words",
            review="reads like an automatic acknowledgement, though no header says so",
        )
    if (
        REGISTERED.search(_head(mail))
        and REGISTERED_SUBJECT.search(mail.subject)
        and mail.own_words <= SHORT_NOTICE
        and "?" not in mail.reply.text
    ):
        return Verdict(
            Kind.ACKNOWLEDGEMENT,
            "acknowledgement-words",
            review="reads like an automatic acknowledgement, though no header says so",
        )
    return None


def _automatic(mail: Mail) -> Verdict | None:
    """Marked as automatic, but what? With our token and many words of its own it may be a person behind a ticket system."""
    if not is_automatic(mail.headers):
        return None
    submitted = auto_submitted(mail.headers)
    may_be_answer = (
        mail.tokens
        and submitted in ("", "no", "auto-generated")
        and mail.own_words >= ANSWER_LENGTH
        and not AUTOMATIC_TEXT.search(mail.reply.text)
    )
    if may_be_answer:
        return Verdict(
            Kind.MESSAGE, "marked-automatic", held="Its headers say that a machine sent it, but it reads like a person's answer."
        )
    return Verdict(
        Kind.AUTO_REPLY,
        "automatic-headers",
        absent_until=last_day_away(_notice(mail), mail.written) if AWAY_TEXT.search(_head(mail)) else None,
    )


def _away_by_words(mail: Mail) -> Verdict | None:
    """Absence notices of systems that set no header; a long mail that mentions an absence is a person's."""
    away = AWAY_TEXT.search(_head(mail))
    by_subject = AUTOMATIC_SUBJECT.search(_bare_subject(mail)) is not None
    if mail.own_words > SHORT_NOTICE or not (away or by_subject):
        return None
    in_thread = mail.references or mail.tokens or mail.body_tokens or REPLY_PREFIXES.match(mail.subject)
    expected = by_subject or in_thread or AWAY_SUBJECT.search(_bare_subject(mail))
    if not expected or ("?" in mail.reply.text and not by_subject):
        return None
    if away and not by_subject and WAS_AWAY.search(_head(mail)[max(0, away.start() - 12) : away.end()]):
        return None
    if away and not by_subject and _says_something(_head(mail)[: away.start()]):
        return Verdict(Kind.MESSAGE, "absence-mentioned", held="It speaks of an absence, but it may hold an answer, too.")
    return Verdict(
        Kind.AUTO_REPLY,
        "absence-words",
        absent_until=last_day_away(_notice(mail), mail.written),
        review="reads like an absence notice, though no header says so",
    )


def _says_something(before: str) -> bool:
    """Whether a whole sentence that is neither a greeting nor thanks stands before the absence: perhaps an answer."""
    sentences = re.split(r"(?<=[.!?])\s", before)[:-1]
    return any(len(one.split()) > 3 and not (len(one.split()) <= 15 and THANKS.search(one)) for one in sentences)


def _nobody_reads(mail: Mail) -> Verdict | None:
    """Notifications and web forms: an answer to this address would reach nobody."""
    if mail.tokens or not NO_REPLY.match(mail.address.partition("@")[0]):
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


def _bare_subject(mail: Mail) -> str:
    return re.sub(r"^(?:\s*(?:re|aw|sv|rif|ynt)\s*:\s*)+", "", mail.subject, flags=re.IGNORECASE)


def _head(mail: Mail) -> str:
    return re.sub(r"\s+", " ", mail.reply.text[:MACHINE_TEXT])


def _notice(mail: Mail) -> str:
    return f"{mail.subject}\n{mail.reply.text[:MACHINE_TEXT]}"


RULES: tuple[Callable[[Mail], Verdict | None], ...] = (
    _own_letter, _complaint, _read_receipt, _certified, _bounce, _own_address, _calendar, _away_by_headers, _acknowledgement,
    _automatic, _list, _away_by_words, _challenge, unsubscribe, _nobody_reads,
)  # fmt: skip
