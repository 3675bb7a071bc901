"""Delivery reports: whose letter did not arrive, for good or for now.

In: the tree of a mail that may be a report. Out: a `Report` or None. Machine-readable reports (RFC 3464) are read here;
for those without, flufl.bounce knows the dialects and a few rules of ours the rest.
"""

from __future__ import annotations

import email
import logging
import re
from dataclasses import dataclass
from email.message import Message

from bot.mail.addresses import LOOSE, find_addresses, is_address
from bot.mail.charsets import decode
from bot.mail.headers import Headers, split_headers
from bot.mail.mime import Part
from bot.mail.phrases import DELIVERED_SUBJECT, FAILURE_SUBJECT, MAILBOX_FULL
from bot.mail.wording import Wording
from routing.values import FailedRecipient

DAEMON = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|maildaemon|mail-?delivery|mailer|daemon|smtp|bounces?|"
    r"no-?reply-?bounce|mailadmin|mail\.?administrator|system|administrator|microsoftexchange[0-9a-f]+)",
    re.IGNORECASE,
)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
SMTP_CODE = re.compile(r"(?<![\d.])(4[0-5]\d|5[0-5]\d)(?:[ -]|$)")
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s]{1,200}>")
TEMPORARY = Wording(
    r"will (?:be retried|retry|keep trying|continue)|still trying|not (?:yet )?been delivered|delayed|warning|"
    r"temporar|deferred|you do not need to resend|verzögert|retard|ritardo|demora|καθυστέρηση|întârziat|gecik",
)
FAILED = Wording(
    r"user unknown|unknown user|no such (?:user|address|recipient|mailbox)|does not exist|doesn.t exist|"
    r"unknown (?:address|recipient)|mailbox (?:unavailable|not found|disabled)|address (?:rejected|not found|"
    r"unknown)|could not be delivered|wasn.t delivered|not be found|unrouteable|host (?:unknown|not found)|permanent|"
    r"invalid recipient|recipient rejected|account (?:is )?(?:disabled|inactive)"
    r"|undeliverable|delivery (?:has )?failed|failed|unzustellbar|nicht zugestellt|n.a pas pu être|"
    r"non è stato possibile|no se (?:ha podido|pudo)|δεν ήταν δυνατή|nu a putut|nije (?:bilo moguće|isporučen)|"
    r"iletilemedi|teslim edilemedi|nie można|misslyckades|mislukt|mislykkedes|epäonnistui|não foi possível|nepodařilo"
    r"|не удалось|не вдалося|не доставлено|nem lehetett|livrarea nu|isporuka nije|απέτυχε|未能|できませんでした|배달",
)
FOR_GOOD = Wording(
    r"permanent(?:ly)? (?:error|fail|fatal|undeliver)|is a permanent|giving up|gave up|given up|fatal|(?<![\d.])5\.\d\.\d"
)
# What a mail server said, in reports whose own language we do not know
REFUSED = re.compile(r"(?<![\d.])5[0-5]\d[ -](?:5\.\d{1,3}\.\d{1,3}|[A-Za-z<])|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
FORWARDED = re.compile(
    r"\s*(?:fwd?|wg|tr|i|inoltra|rv|reenv|πρθ|προωθ|redirec\w*|proslije\w*|ilt|ynt|enc|doorst|vb|vs|pd)\s*:", re.IGNORECASE
)
MAX_HEAD = 70_000


@dataclass(frozen=True, slots=True)
class Report:
    """`kind` is "failed", "delayed" or "success"; `about` the Message-ID of the letter it reports on."""

    rule: str
    kind: str
    recipients: tuple[FailedRecipient, ...] = ()
    about: str | None = None
    original: Headers | None = None


def read_report(root: Part, raw: bytes, text: str, envelope_from: str | None, sender: str) -> Report | None:
    """The report a mail is, if it is one; a person who forwards or quotes a report is not one."""
    status = _status_part(root)
    if status is not None:
        found = _from_status(status)
        if found is not None:
            return _with_original(found, root, text)
    certain = is_from_a_daemon(root.headers, envelope_from, sender) or _is_report(root)
    if not certain and not (_speaks_of_failure(root.headers) and _names_a_refusal(text)):
        return None
    if DELIVERED_SUBJECT.search(root.headers.text("subject")) and is_from_a_daemon(root.headers, envelope_from, sender):
        return Report("delivery-notice", "success")
    found = _failed_header(root.headers, text) or _from_dialects(raw, text) or _from_text(root.headers, text)
    return _with_original(found, root, text) if found else None


def is_from_a_daemon(headers: Headers, envelope_from: str | None, sender: str) -> bool:
    """A null return path, or one of the names mail systems write under."""
    local = sender.partition("@")[0]
    path = headers.raw("return-path").strip(" <>").lower()
    null_path = envelope_from == "" or (headers.has("return-path") and (not path or path.startswith("mailer-daemon")))
    return null_path or DAEMON.match(local) is not None or headers.has("x-failed-recipients")


def _names_a_refusal(text: str) -> bool:
    """An address and why it was refused: without them a subject about undelivered things is a person's."""
    head = text[:3000]
    return LOOSE.search(head) is not None and (
        STATUS.search(head) is not None or SMTP_CODE.search(head) is not None or FAILED.search(head) is not None
    )


def _is_report(root: Part) -> bool:
    return root.media_type == "multipart/report" and root.params.get("report-type", "").lower() == "delivery-status"


def _speaks_of_failure(headers: Headers) -> bool:
    """By its subject, and without being threaded as a person's reply would be."""
    subject = headers.text("subject")
    if FORWARDED.match(subject):
        return False
    return FAILURE_SUBJECT.search(subject) is not None and not (headers.has("in-reply-to") or headers.has("references"))


def _status_part(root: Part) -> Part | None:
    if root.media_type not in ("multipart/report", "multipart/mixed", "message/delivery-status"):
        return None
    for part in [root, *root.children, *(child for one in root.children if one.is_multipart for child in one.children)]:
        if part.media_type in ("message/delivery-status", "message/global-delivery-status"):
            return part
    return None


def _from_status(part: Part) -> Report | None:
    content = part.content().replace(b"\r\n", b"\n").strip()
    groups = [split_headers(group) for group in re.split(rb"\n[ \t]*\n+", content)]
    recipients = [
        group for group in groups if group.has("final-recipient") or group.has("original-recipient") or group.has("action")
    ]
    if not recipients:
        return None
    actions = {group.raw("action").split("(")[0].split(";")[0].strip().lower() for group in recipients}
    failed = tuple(one for one in (_recipient(group) for group in recipients) if one)
    if failed:
        kind = "delayed" if all(one.delayed for one in failed) else "failed"
        return Report(f"dsn-{kind}", kind, failed)
    if actions & {"delivered", "relayed", "expanded"}:
        return Report("dsn-success", "success")
    # The recipient was made unreadable on the way (lists do that); it is a failure all the same
    return Report("dsn-failed", "failed") if "failed" in actions else None


def _recipient(group: Headers) -> FailedRecipient | None:
    action = group.raw("action").split("(")[0].split(";")[0].strip().lower()
    diagnostic = group.text("diagnostic-code")
    status = _status(group.raw("status")) or _status(diagnostic)
    if action in ("delivered", "relayed", "expanded") or status.startswith("2."):
        return None
    address = _recipient_address(group)
    if not address:
        return None
    delayed = action == "delayed"
    return FailedRecipient(address, not delayed and is_hard(status, diagnostic), status, delayed)


def _recipient_address(group: Headers) -> str:
    """The recipient as we wrote it, if the report says so, else the final one; internal names (X.400, a uuid) say nothing."""
    values = [group.text(name) for name in ("original-recipient", "final-recipient", "x-actual-recipient")]
    for value in values:
        kind, _, address = value.rpartition(";")
        found = find_addresses(address.replace("\\@", "@"), limit=1)
        if found and is_address(found[0]) and "x400" not in kind.lower():
            return found[0]
    return ""


def is_hard(status: str, diagnostic: str) -> bool:
    """Dead, not merely full or busy: class 5 except for mailbox full (RFC 3463 x.2.2) and what says it is temporary."""
    if status.endswith(".2.2") or MAILBOX_FULL.search(diagnostic):
        return False
    if status:
        return status.startswith("5")
    code = SMTP_CODE.search(diagnostic)
    return not (code and code.group(1).startswith("4"))


def read_rejection(root: Part, text: str) -> Report | None:
    """Dovecot tells a rejection or a full mailbox in the form of a read receipt."""
    for part in root.children:
        if part.media_type == "message/disposition-notification":
            fields = split_headers(part.content().strip())
            address = next(iter(find_addresses(fields.text("final-recipient"), limit=1)), "")
            says_so = re.search(r"reject|quota|refused", text, re.IGNORECASE) and "deleted" in fields.raw("disposition").lower()
            return (
                _with_original(_report("rejection-receipt", (address,), text, False), root, text) if says_so and address else None
            )
    return None


def _status(text: str) -> str:
    found = STATUS.search(text)
    return found.group(1) if found else ""


def _failed_header(headers: Headers, text: str) -> Report | None:
    """Exim and Gmail name the recipients in a field of their own."""
    addresses = find_addresses(" ".join(headers.all("x-failed-recipients")))
    return (
        _report("failed-recipients-header", addresses, text, TEMPORARY.search(headers.text("subject")) is not None)
        if addresses
        else None
    )


def _report(rule: str, addresses: tuple[str, ...], text: str, delayed: bool) -> Report:
    status = _status(text) or ("5.2.2" if MAILBOX_FULL.search(text[:4000]) else "")
    hard = not delayed and not status.startswith("4") and is_hard(status, text[:4000])
    kind = "delayed" if delayed else "failed"
    return Report(rule, kind, tuple(FailedRecipient(address, hard, status, delayed) for address in addresses))


def _from_dialects(raw: bytes, text: str) -> Report | None:
    """flufl.bounce reads some forty dialects. It is loaded only when a daemon wrote, to keep the process small."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs what a mail made it raise, addresses and all
    try:
        temporary, permanent = all_failures(_tame(raw))
    except Exception:  # a foreign parser on hostile input: whatever it raises means "not understood"
        return None
    status = _status(text)
    found = [
        FailedRecipient(_name(one), False, status if status.startswith("4") else "", True)
        for one in sorted(temporary - permanent)
    ]
    hard = not MAILBOX_FULL.search(text[:4000])
    status = status or ("" if hard else "5.2.2")
    found += [FailedRecipient(_name(one), hard, status) for one in sorted(permanent)]
    if not found:
        return None
    return Report("bounce-dialect", "failed" if permanent else "delayed", tuple(found))


def _tame(raw: bytes) -> Message:
    """What the detectors stumble over is put right first: foreign letters in headers, and a From field without an address."""
    head, gap, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:MAX_HEAD] else b"\n\n")
    head = re.sub(rb"[^\x00-\x7f]", b"?", head)
    message = email.message_from_bytes(head + gap + body)
    if "@" not in str(message.get("from", "")):
        del message["from"]
        message["From"] = "mailer-daemon@unknown.invalid"
    return message


def _name(address: bytes | str) -> str:
    return (address.decode("utf-8", "replace") if isinstance(address, bytes) else address).strip().lower()


def _from_text(headers: Headers, text: str) -> Report | None:
    """Reports in prose: a daemon, words of failure, an address near them."""
    subject = headers.text("subject")
    head = text[:3000]
    if not (FAILURE_SUBJECT.search(subject) or FAILED.search(head) or (LOOSE.search(head) and REFUSED.search(head))):
        return None
    delayed = TEMPORARY.search(subject + " " + head) is not None and not FOR_GOOD.search(head)
    own_part = re.split(
        r"\n-{3,}.*(?:copy|original|return|header|included).*\n|\n(?:Received|Return-Path|From):",
        head,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    addresses = tuple(
        hit for hit in dict.fromkeys(one.group().lower().strip(".'") for one in LOOSE.finditer(own_part)) if not DAEMON.match(hit)
    )
    return _report("bounce-prose", addresses[:10], text, delayed)


def _with_original(report: Report, root: Part, text: str) -> Report:
    """Which of our letters it is about, from the copy that comes along."""
    original = _original(root)
    own = root.headers.raw("message-id")
    about = original.raw("message-id").strip() if original else ""
    if not about:
        named = [*MESSAGE_ID.findall(root.headers.raw("references") + root.headers.raw("in-reply-to")), *MESSAGE_ID.findall(text)]
        about = next(
            (
                one
                for one in named
                if (one != own.strip() and "message-id" in text.lower()) or one in root.headers.raw("references")
            ),
            "",
        )
    return Report(report.rule, report.kind, report.recipients, about or None, original)


def _original(root: Part) -> Headers | None:
    for part in root.walk():
        if part.media_type in ("message/rfc822", "message/global") and part.children:
            return part.children[0].headers
        if part.media_type in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            return split_headers(part.content().lstrip(b"\r\n"))
    inline = (
        re.search(r"(?:^|\n)((?:Return-Path|Received|Message-I[dD]|From|Date): .*)", decode(root.body[:200_000], None), re.DOTALL)
        if not root.is_multipart
        else None
    )
    return split_headers(inline.group(1).encode("utf-8", "replace").split(b"\n\n")[0]) if inline else None
