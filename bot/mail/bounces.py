"""Delivery reports: whose letter did not arrive, for good or for now.

In: the tree of a mail that may be a report. Out: a `Report` or None. Machine-readable reports (RFC 3464) are read here;
for those without, flufl.bounce knows the dialects and a few rules of ours the rest.
"""

from __future__ import annotations

import re

from bot.mail.addresses import find_addresses, is_address
from bot.mail.charsets import decode
from bot.mail.headers import Headers, split_headers
from bot.mail.mime import Part
from bot.mail.phrases import DELIVERED_SUBJECT, FAILURE_SUBJECT
from bot.mail.prose import (
    DAEMON,
    TEMPORARY,
    Report,
    failed_by_dialect,
    failed_in_prose,
    is_against_letter,
    is_hard,
    names_a_refusal,
    prose_report,
    status_in,
)
from bot.mail.shapes import FORWARDED
from routing.values import FailedRecipient

MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s]{1,200}>")


def read_report(root: Part, raw: bytes, text: str, envelope_from: str | None, sender: str) -> Report | None:
    """The report a mail is, if it is one; a person who forwards or quotes a report is not one."""
    status = _status_part(root)
    if status is not None:
        found = _from_status(status)
        if found is not None:
            return _with_original(found, root, text)
    certain = is_from_a_daemon(root.headers, envelope_from, sender) or _is_report(root)
    if not certain and not (_speaks_of_failure(root.headers) and names_a_refusal(text)):
        return None
    if DELIVERED_SUBJECT.search(root.headers.text("subject")) and is_from_a_daemon(root.headers, envelope_from, sender):
        return Report("delivery-notice", "success")
    found = _failed_header(root.headers, text) or failed_by_dialect(raw, text) or failed_in_prose(root.headers, text)
    return _with_original(found, root, text) if found else None


def is_from_a_daemon(headers: Headers, envelope_from: str | None, sender: str) -> bool:
    """A null return path, or one of the names mail systems write under."""
    local = sender.partition("@")[0]
    path = headers.raw("return-path").strip(" <>").lower()
    null_path = envelope_from == "" or (headers.has("return-path") and (not path or path.startswith("mailer-daemon")))
    return null_path or DAEMON.match(local) is not None or headers.has("x-failed-recipients")


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
    if action in ("delivered", "relayed", "expanded") or group.raw("status").strip().startswith("2."):
        return None
    status = status_in(group.raw("status")) or status_in(diagnostic)
    address = _recipient_address(group)
    if not address:
        return None
    delayed = action == "delayed"
    return FailedRecipient(address, not delayed and _is_dead(status, diagnostic), status, delayed)


def _is_dead(status: str, diagnostic: str) -> bool:
    """Many servers put nothing but 5.0.0 into the status, and what it was into the words."""
    if not status.endswith(".0.0"):
        return is_hard(status, diagnostic)
    return is_hard(status_in(diagnostic) or status, diagnostic) and not is_against_letter(diagnostic)


def _recipient_address(group: Headers) -> str:
    """The recipient as we wrote it, if the report says so, else the final one; internal names (X.400, a uuid) say nothing."""
    values = [group.text(name) for name in ("original-recipient", "final-recipient", "x-actual-recipient")]
    for value in values:
        kind, _, address = value.rpartition(";")
        found = find_addresses(address.replace("\\@", "@"), limit=1)
        if found and is_address(found[0]) and "x400" not in kind.lower():
            return found[0]
    return ""


def read_rejection(root: Part, text: str) -> Report | None:
    """Dovecot tells a rejection or a full mailbox in the form of a read receipt."""
    for part in root.children:
        if part.media_type == "message/disposition-notification":
            fields = split_headers(part.content().strip())
            address = next(iter(find_addresses(fields.text("final-recipient"), limit=1)), "")
            says_so = re.search(r"reject|quota|refused", text, re.IGNORECASE) and "deleted" in fields.raw("disposition").lower()
            if not says_so or not address:
                return None
            return _with_original(prose_report("rejection-receipt", (address,), text, False), root, text)
    return None


def _failed_header(headers: Headers, text: str) -> Report | None:
    """Exim and Gmail name the recipients in a field of their own."""
    addresses = find_addresses(" ".join(headers.all("x-failed-recipients")))
    return (
        prose_report("failed-recipients-header", addresses, text, TEMPORARY.search(headers.text("subject")) is not None)
        if addresses
        else None
    )


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
