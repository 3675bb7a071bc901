"""Why a mail was read the way it was: for `rrm mail explain`, and for whoever wonders.

In: what was read from a mail. Out: a dictionary ready for JSON, or the same as text, rule by rule. Never raises.
"""

from __future__ import annotations

from typing import Any

from bot.mail.classify import RULES, classify
from bot.mail.config import MailConfig
from bot.mail.mime import TooMuch
from bot.mail.parse import examine
from routing.values import Incoming, Kind, Unreadable

NAMES = {"calendar-invite": "calendar", "calendar-reply": "calendar", "dsn-success": "delivery-report"} | {
    "delivery-notice": "delivery-report",
    "certified-receipt": "delivery-report",
}


def for_machines(item: Incoming | Unreadable) -> dict[str, Any]:
    """For programs: kind, rule, subject, reply {text, review, cut}, bounce {recipients, hard, status} or None, held or None."""
    said = described(item)
    bounce = said["bounce"]
    said["bounce"] = {key: bounce[key] for key in ("recipients", "hard", "status")} if bounce else None
    return {key: said[key] for key in ("kind", "rule", "subject", "reply", "bounce", "held")}


def described(item: Incoming | Unreadable) -> dict[str, Any]:
    """The keys of `for_machines`, and more for people."""
    if isinstance(item, Unreadable):
        return _unreadable(item)
    return {
        "kind": kind_of(item),
        "rule": item.rule,
        "subject": item.subject,
        "reply": {"text": item.text, "review": item.review, "cut": item.cut},
        "bounce": _bounce(item),
        "held": item.held,
        "sender": {"address": item.sender, "name": item.sender_name, "proven": item.proven},
        "absent_until": item.absent_until.isoformat() if item.absent_until else None,
        "tokens": [*item.tokens, *item.facts.get("body_tokens", ())],
        "references": list(item.references),
        "attachments": [
            {"name": file.name, "media_type": file.media_type, "size": len(file.content)} for file in item.attachments
        ],
        "never_answer": item.facts.get("never_answer"),
    }


def kind_of(item: Incoming) -> str:
    """The kind in words; a person's message is a question or a reply."""
    if item.kind is Kind.MESSAGE:
        named = item.rule == "reply" or item.tokens or item.references or item.facts.get("body_tokens")
        return "reply" if named else "question"
    return NAMES.get(item.rule, item.kind.value)


def _bounce(item: Incoming) -> dict[str, Any] | None:
    if item.kind is not Kind.BOUNCE:
        return None
    return {
        "recipients": [one.address for one in item.failed],
        "hard": any(one.hard for one in item.failed),
        "status": next((one.status for one in item.failed if one.status), ""),
        "delayed": bool(item.failed) and all(one.delayed for one in item.failed),
    }


def _unreadable(item: Unreadable) -> dict[str, Any]:
    reply = {"text": "", "review": item.reason, "cut": ""}
    return {"kind": "unreadable", "rule": "unreadable", "subject": "", "reply": reply, "bounce": None, "held": item.reason}


def in_words(raw: bytes, item: Incoming | Unreadable, config: MailConfig) -> str:
    """For people: each rule in order, up to the one that hit. A mail that could not be read is not looked at once more."""
    said = described(item)
    lines = [
        f"Subject: {said['subject']}",
        *([] if isinstance(item, Unreadable) else _rules_tried(raw, config)),
        f"So it is: {said['kind']} (rule: {said['rule']})",
    ]
    if said["held"]:
        lines.append(f"Held for a person: {said['held']}")
    if said["reply"]["review"]:
        lines.append(f"To be looked at: {said['reply']['review']}")
    if said["bounce"]:
        bounce = said["bounce"]
        fate = "not yet" if bounce["delayed"] else "for good" if bounce["hard"] else "for now"
        lines.append(f"Not delivered ({fate}): {', '.join(bounce['recipients'])} {bounce['status']}".rstrip())
    lines += [
        "",
        "Kept as the sender's own words:",
        *_indented(said["reply"]["text"]),
        "",
        "Cut:",
        *_indented(said["reply"]["cut"]),
    ]
    return "\n".join(lines)


def _rules_tried(raw: bytes, config: MailConfig) -> list[str]:
    try:
        mail = examine(raw, config=config, envelope={}).mail
    except (TooMuch, Exception, RecursionError):
        return []
    lines = [f"Read as {'HTML' if mail.body.has_html and not mail.body.has_plain else 'text'}, posting style: {mail.reply.style}"]
    hit = classify(mail)
    for rule in RULES:
        name = rule.__name__.strip("_").replace("_", " ")
        if rule(mail) is not None:
            return [*lines, f"  {name}: yes ({hit.rule})"]
        lines.append(f"  {name}: no")
    return [*lines, f"  message: yes ({hit.rule})"]


def _indented(text: str) -> list[str]:
    return [f"  | {line}" for line in text.split("\n")] if text else ["  (nothing)"]
