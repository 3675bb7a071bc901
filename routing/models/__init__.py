"""The tables. Rules that must hold whatever the code does stand here as UNIQUE and CHECK constraints.

People are kept apart from what they write, moments are UTC, and every due moment is a column with an index.
"""

from routing.models.base import Base
from routing.models.case import Answer, Assignment, Event, Label, Proposal, Question, Review
from routing.models.incoming import Attachment, Cursor, Heartbeat, InboxMessage
from routing.models.knowledge import Fiche, FicheText
from routing.models.outgoing import Attempt, Button, OutboxMessage, ReplyToken, StatusLink
from routing.models.people import Absence, Address, Authority, ConsoleSession, ConsoleUser, Expert, Person, SignInLink

__all__ = [
    "Absence",
    "Address",
    "Answer",
    "Assignment",
    "Attachment",
    "Attempt",
    "Authority",
    "Base",
    "Button",
    "ConsoleSession",
    "ConsoleUser",
    "Cursor",
    "Event",
    "Expert",
    "Fiche",
    "FicheText",
    "Heartbeat",
    "InboxMessage",
    "Label",
    "OutboxMessage",
    "Person",
    "Proposal",
    "Question",
    "ReplyToken",
    "Review",
    "SignInLink",
    "StatusLink",
]
