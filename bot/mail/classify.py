"""What sort of mail it is: an ordered table of small rules; the first that hits is recorded.

In: a `Mail` (everything already read from it). Out: a `Verdict`. Nothing here decides what happens next.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.mail.absences import TAKEN_IN_UNMARKED, away_by_headers, away_by_words, reads_like_a_notice
from bot.mail.addresses import find_addresses
from bot.mail.awaywords import AWAY_TEXT
from bot.mail.bounces import read_rejection, read_report
from bot.mail.dates import last_day_away
from bot.mail.leaving import unsubscribe
from bot.mail.lexicon import REPLY_PREFIXES
from bot.mail.likeness import likeness
from bot.mail.notices import asks_for_proof, tells_absence, tells_arrival
from bot.mail.phrases import (
    AUTOMATIC_TEXT,
    CHALLENGE,
    READ_SUBJECT,
    READ_TEXT,
    RECALLED,
    REGISTERED,
    REGISTERED_SUBJECT,
)  # fmt: skip
from bot.mail.shapes import FORWARDED
from bot.mail.tokens import envelope_sender
from bot.mail.verdicts import (
    ANSWER_LENGTH,
    BULK,
    INSTANCE_HEADER,
    LIST_HEADERS,
    MACHINE_TEXT,
    NO_REPLY,
    SHORT_NOTICE,
    Mail,
    Verdict,
    auto_submitted,
    is_automatic,
)  # fmt: skip
from routing.values import FailedRecipient, Kind

CERTIFIED = re.compile(
    r"\W*(?:ricevuta di (?=acc|avv)|avviso di (?=non|manc|prea))"
    r"(accettazione|avvenuta consegna|non accettazione|mancata consegna|preavviso)",
    re.IGNORECASE,
)  # fmt: skip


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
    told = mail.own_words <= 60 and READ_SUBJECT.search(mail.subject) and READ_TEXT.search(mail.head)
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


def _certified(mail: Mail) -> Verdict | None:
    """Receipts of Italian certified mail (PEC, DPR 68/2005): accepted, delivered, or not delivered."""
    receipt = mail.headers.raw("x-ricevuta").strip().lower() or _certified_by_words(mail)
    if not receipt:
        return None
    if "errore" not in receipt and "mancata" not in receipt and not receipt.startswith("non-"):
        return Verdict(Kind.OTHER, "certified-receipt")
    # It names the sender first, and then "destinato all'utente" or "indirizzato a"
    named = re.split(r"destinat[oa]|indirizzat[oa]", mail.text, maxsplit=1)[-1]
    addresses = [one for one in find_addresses(named, limit=10) if not mail.config.is_own(one)]
    failed = tuple(FailedRecipient(one, False, "", "preavviso" in receipt) for one in addresses[:1])
    return Verdict(Kind.BOUNCE, "certified-failure", failed=failed)


def _certified_by_words(mail: Mail) -> str:
    """Its header is lost where a mailbox forwards what it gets."""
    found = CERTIFIED.match(mail.head) if mail.address.startswith("posta-certificata@") else None
    return found.group(1).lower().replace(" ", "-") if found else ""


def _challenge(mail: Mail) -> Verdict | None:
    """Filters that ask the writer to prove that they are human."""
    by_phrase = mail.own_words <= SHORT_NOTICE and "://" in mail.reply.text and CHALLENGE.search(mail.head)
    if by_phrase or asks_for_proof(mail.reply.text):
        return Verdict(Kind.AUTO_REPLY, "challenge", review="asks for a proof that a person wrote to it")
    return None


def _acknowledgement(mail: Mail) -> Verdict | None:
    says_so, numbered = REGISTERED.search(mail.head) is not None, REGISTERED_SUBJECT.search(mail.subject) is not None
    if not (says_so or numbered):
        return _arrival(mail)
    if is_automatic(mail.headers):
        return Verdict(Kind.ACKNOWLEDGEMENT, "acknowledgement-headers") if says_so or not _behind_a_system(mail) else None
    by_robot = NO_REPLY.match(mail.address.partition("@")[0]) or AUTOMATIC_TEXT.search(mail.reply.text[:MACHINE_TEXT])
    brief = mail.own_words <= SHORT_NOTICE and "?" not in mail.reply.text
    if (by_robot and mail.own_words <= SHORT_NOTICE * 2) or (says_so and numbered and brief):
        return Verdict(Kind.ACKNOWLEDGEMENT, "acknowledgement-words", review=TAKEN_IN_UNMARKED)
    return _arrival(mail)


def _arrival(mail: Mail) -> Verdict | None:
    """Every clause says that our letter was taken in, or what is to become of it."""
    known = mail.references or mail.tokens or mail.body_tokens or REPLY_PREFIXES.match(mail.subject)
    words = mail.reply.text
    if is_automatic(mail.headers) or not known or not tells_arrival(words) or tells_absence(words) or likeness(words) < 0:
        return None
    return Verdict(Kind.ACKNOWLEDGEMENT, "acknowledgement-words", review=TAKEN_IN_UNMARKED)


def _behind_a_system(mail: Mail) -> bool:
    """With our token, and sent by a ticket system of its own accord: what a person wrote there comes so, too."""
    return bool(mail.tokens) and auto_submitted(mail.headers) == "auto-generated"


def _automatic(mail: Mail) -> Verdict | None:
    """Marked as automatic, but what? With our token it may be a person behind a ticket system, or one of many words."""
    if not is_automatic(mail.headers):
        return None
    wordy = mail.tokens and auto_submitted(mail.headers) in ("", "no") and mail.own_words >= ANSWER_LENGTH
    if (wordy or _behind_a_system(mail)) and not AUTOMATIC_TEXT.search(mail.reply.text):
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


RULES: tuple[Callable[[Mail], Verdict | None], ...] = (
    _own_letter, _complaint, _read_receipt, _certified, _bounce, _own_address, _calendar, away_by_headers, _acknowledgement,
    _automatic, _list, away_by_words, _challenge, unsubscribe, reads_like_a_notice, _nobody_reads,
)  # fmt: skip
