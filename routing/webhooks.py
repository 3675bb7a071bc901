"""Webhooks: who is told of which events, each told at least once under one id, and what became of it.

In: an event of a question's history; the row that tells it is written in the event's own transaction. Out: claims with a body
that is the same at every try, holding no words of people: who wants to know more asks the API. After lasting failure an address
is told no more, and administrators hear of it. https://www.standardwebhooks.com
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from routing.announcing import EVENTS
from routing.errors import NotFound, RoutingError
from routing.history import note
from routing.models import ConsoleUser, Event, Question, Webhook, WebhookCall
from routing.office import Office
from routing.post import post
from routing.recipients import to_person

TEST = "webhook-tested"
NAMES = tuple(EVENTS.values())
LEASE = timedelta(minutes=2)
MOST, LONGEST_URL, LONGEST_NAME = 20, 500, 60
PREFIX = "whsec_"
NOT_HTTPS = "The address must begin with https:// and hold no user name."


class NotAWebhook(RoutingError):
    """The webhook cannot be kept so; the message says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """The right to tell one event to one address until the lease ends; `body` is what is signed."""

    id: int
    fence: int
    webhook_id: int
    url: str
    body: str
    secret: str = field(repr=False)

    @property
    def message_id(self) -> str:
        """The same at every try: by it a receiver knows a repeat."""
        return f"msg_{self.id}"


def make(session: Session, user_id: int, name: str, url: str, events: Iterable[str], now: datetime) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown this once. Raises `NotAWebhook`."""
    name, wanted = " ".join(name.split()), sorted(set(events))
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotAWebhook(f"A webhook needs a name of at most {LONGEST_NAME} characters.")
    if not wanted or not set(wanted) <= set(NAMES):
        raise NotAWebhook("Choose which events it is told about.")
    if not _is_address(url):
        raise NotAWebhook(NOT_HTTPS)
    if len(every(session)) >= MOST:
        raise NotAWebhook(f"A network can have at most {MOST} webhooks. Remove one first.")
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    made = Webhook(name=name, url=url, events=wanted, secret=secret, user_id=user_id, created_at=now)
    session.add(made)
    session.flush()
    note(session, None, "webhook-made", actor=f"user:{user_id}", now=now, name=name, events=wanted, host=urlsplit(url).hostname)
    return made, secret


def every(session: Session) -> Sequence[Webhook]:
    """Those that are told and those that failed; a removed one is gone from the list."""
    there = select(Webhook).where((Webhook.ended_because != "removed") | Webhook.ended_because.is_(None))
    return session.scalars(there.order_by(Webhook.id)).all()


def latest(session: Session, webhook_id: int, limit: int = 5) -> Sequence[WebhookCall]:
    found = select(WebhookCall).where(WebhookCall.webhook_id == webhook_id)
    return session.scalars(found.order_by(WebhookCall.id.desc()).limit(limit)).all()


def is_used(session: Session, webhook_id: int) -> bool:
    """Whether it has ever taken anything."""
    taken = select(WebhookCall.id).where(WebhookCall.webhook_id == webhook_id, WebhookCall.sent_at.is_not(None))
    return session.scalars(taken.limit(1)).first() is not None


def remove(session: Session, webhook_id: int, *, by: str, now: datetime) -> None:
    webhook = _get(session, webhook_id)
    _end(session, webhook, "removed", now)
    webhook.secret = ""
    note(session, None, "webhook-removed", actor=by, now=now, name=webhook.name)


def resume(session: Session, webhook_id: int, *, by: str, now: datetime) -> None:
    """Tell it again from now on; what it missed stays untold."""
    webhook = _get(session, webhook_id)
    webhook.ended_at = webhook.ended_because = webhook.failing_since = None
    note(session, None, "webhook-resumed", actor=by, now=now, name=webhook.name)


def test(session: Session, webhook_id: int, *, by: str, now: datetime) -> None:
    """Tell it that this is a test, whatever it is told of otherwise; raises `NotAWebhook` when it is switched off."""
    webhook = _get(session, webhook_id)
    if webhook.ended_at is not None:
        raise NotAWebhook("It is switched off. Switch it on first.")
    tested = note(session, None, TEST, actor=by, now=now, name=webhook.name)
    session.flush()
    session.add(WebhookCall(webhook_id=webhook.id, event_id=tested.id, next_attempt_at=now, created_at=now))


def claim(session: Session, now: datetime, limit: int = 8) -> list[Call]:
    """Claim up to `limit` due calls, oldest due first."""
    due = select(WebhookCall).where(WebhookCall.state.in_(("queued", "claimed")), WebhookCall.next_attempt_at <= now)
    found = session.scalars(due.order_by(WebhookCall.next_attempt_at).limit(limit).with_for_update(skip_locked=True)).all()
    return [_claim_one(session, row, now) for row in found]


def settle_sent(session: Session, call: Call, now: datetime) -> bool:
    """The receiver took it; False when the lease was lost meanwhile."""
    if not _owned(session, call, state="sent", sent_at=now, last_error=None):
        return False
    session.execute(update(Webhook).where(Webhook.id == call.webhook_id).values(failing_since=None))
    return True


def settle_failure(session: Session, office: Office, call: Call, error: str, now: datetime, *, gone: bool = False) -> str | None:
    """``retry``, ``failed`` or ``ended``; None when the lease was lost. `gone`: the receiver wants no more (410)."""
    row, webhook = session.get_one(WebhookCall, call.id), session.get_one(Webhook, call.webhook_id)
    since = webhook.failing_since or now
    policy = office.policy.outbox
    patience = policy.give_up_after("email")
    lasting = gone or now - since >= patience
    over = lasting or now - row.created_at >= patience
    wait = timedelta(seconds=policy.backoff_seconds(row.attempts, "email"))
    changes = {"state": "failed"} if over else {"state": "queued", "next_attempt_at": now + wait}
    if not _owned(session, call, last_error=error[:300], **changes):
        return None
    webhook.failing_since = since
    if not lasting:
        return "failed" if over else "retry"
    if webhook.ended_at is None:
        _end(session, webhook, "gone" if gone else "failing", now)
        _tell_administrators(session, office, webhook, error, now)
    return "ended"


def _is_address(url: str) -> bool:
    """http is let through here for receivers on our own machine or network; whether it may be used is decided when it is."""
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    return plain and parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc and port_is_fine


def _get(session: Session, webhook_id: int) -> Webhook:
    webhook = session.get(Webhook, webhook_id, with_for_update=True)
    if webhook is None or webhook.ended_because == "removed":
        raise NotFound("There is no such webhook.")
    return webhook


def _end(session: Session, webhook: Webhook, because: str, now: datetime) -> None:
    webhook.ended_at, webhook.ended_because = now, because
    waiting = update(WebhookCall).where(WebhookCall.webhook_id == webhook.id, WebhookCall.state.in_(("queued", "claimed")))
    session.execute(waiting.values(state="cancelled"))


def _tell_administrators(session: Session, office: Office, webhook: Webhook, error: str, now: datetime) -> None:
    note(session, None, "webhook-ended", actor="system", now=now, name=webhook.name, detail=error[:300])
    facts = {"name": webhook.name, "detail": error[:300], "url": office.page("webhooks")}
    admins = select(ConsoleUser.person_id).where(ConsoleUser.active, ConsoleUser.role == "admin")
    for person_id in session.scalars(admins.order_by(ConsoleUser.id)):
        edition = f"{webhook.id}:{now.isoformat()}"
        post(session, office, to_person(session, person_id, "coordinator"), "co_webhook", facts, now=now, edition=edition)


def _claim_one(session: Session, row: WebhookCall, now: datetime) -> Call:
    row.state, row.attempts, row.fence, row.next_attempt_at = "claimed", row.attempts + 1, row.fence + 1, now + LEASE
    session.flush()
    webhook = session.get_one(Webhook, row.webhook_id)
    return Call(row.id, row.fence, webhook.id, webhook.url, _body(session, row), webhook.secret)


def _body(session: Session, row: WebhookCall) -> str:
    happened = session.get_one(Event, row.event_id)
    number = session.scalar(select(Question.number).where(Question.id == happened.question_id))
    data = {"event": happened.id, "question": number, "fiche": happened.detail.get("fiche") if happened.detail else None}
    told = {"type": EVENTS.get(happened.kind, "webhook.test"), "timestamp": happened.at.isoformat(), "data": data}
    return json.dumps(told, separators=(",", ":"))


def _owned(session: Session, call: Call, **changes: object) -> bool:
    mine = (WebhookCall.id == call.id, WebhookCall.fence == call.fence, WebhookCall.state == "claimed")
    result = session.execute(update(WebhookCall).where(*mine).values(changes).execution_options(synchronize_session="fetch"))
    return result.rowcount == 1  # type: ignore[attr-defined, no-any-return]
