"""The tables. Rules that must hold whatever the code does stand here as UNIQUE and CHECK constraints.

People are kept apart from what they write, moments are UTC, and every due moment is a column with an index.
"""

from routing.models.base import Base
from routing.models.case import Answer, Assignment, Event, Label, Proposal, Question, QuestionWord, Review
from routing.models.counted import MonthCounts, MonthMark
from routing.models.incoming import Attachment, Cursor, Heartbeat, InboxMessage, Remembered
from routing.models.knowledge import Fiche, FicheRemark, FicheText, FicheVersion
from routing.models.meaning import QuestionVector
from routing.models.notices import NoticeChoice, ToldMatter
from routing.models.outgoing import Attempt, Button, OutboxMessage, ReplyToken, StatusLink
from routing.models.passkeys import Challenge, Passkey
from routing.models.people import (
    Absence,
    Address,
    ApiToken,
    Authority,
    Charge,
    ConsoleSession,
    ConsoleUser,
    Expert,
    Person,
    PersonWord,
    SavedView,
    SignInLink,
)
from routing.models.published import PublicMonth
from routing.models.webhooks import Webhook, WebhookCall

__all__ = [
    "Absence",
    "Address",
    "Answer",
    "ApiToken",
    "Assignment",
    "Attachment",
    "Attempt",
    "Authority",
    "Base",
    "Button",
    "Challenge",
    "Charge",
    "ConsoleSession",
    "ConsoleUser",
    "Cursor",
    "Event",
    "Expert",
    "Fiche",
    "FicheRemark",
    "FicheText",
    "FicheVersion",
    "Heartbeat",
    "InboxMessage",
    "Label",
    "MonthCounts",
    "MonthMark",
    "NoticeChoice",
    "OutboxMessage",
    "Passkey",
    "Person",
    "PersonWord",
    "Proposal",
    "PublicMonth",
    "Question",
    "QuestionVector",
    "QuestionWord",
    "Remembered",
    "ReplyToken",
    "Review",
    "SavedView",
    "SignInLink",
    "StatusLink",
    "ToldMatter",
    "Webhook",
    "WebhookCall",
]
