"""Which events of the history programs outside are told of: a call for each webhook, in the transaction of the event itself.

In: an event that is being written. Out: rows that `routing.webhooks` claims. It hangs on the table: no verb can forget it.
https://docs.sqlalchemy.org/en/20/orm/events.html#mapper-level-flush-events
"""

from __future__ import annotations

from sqlalchemy import Connection, event, insert, select
from sqlalchemy.orm import Mapper

from routing.models import Event, Webhook, WebhookCall

# Kind of the history -> the name under which it is told.
EVENTS = {
    "question-received": "question.received",
    "proposed": "question.proposed",
    "assigned": "question.assigned",
    "handed-to-coordinator": "question.handed_to_coordinator",
    "extended": "question.extended",
    "escalated": "question.escalated",
    "answered": "question.answer_received",
    "answer-released": "question.answered",
    "closed": "question.closed",
    "reopened": "question.reopened",
    "fiche-published": "fiche.published",
}


@event.listens_for(Event, "after_insert")
def _plan(mapper: Mapper[Event], connection: Connection, happened: Event) -> None:
    """One call for each webhook that is told of this; no verb can forget it."""
    name = EVENTS.get(happened.kind)
    if name is None:
        return
    there = connection.execute(select(Webhook.id, Webhook.events).where(Webhook.ended_at.is_(None)))
    new = {"event_id": happened.id, "state": "queued", "attempts": 0, "fence": 0}
    moments = {"next_attempt_at": happened.at, "created_at": happened.at}
    rows = [{"webhook_id": webhook, **new, **moments} for webhook, events in there if name in events]
    if rows:
        connection.execute(insert(WebhookCall), rows)
