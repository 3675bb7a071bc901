"""What can be decided about a question, and what is known of it when that is done: frozen values without a verb.

`routing.triage` makes a decision of facts, `routing.deciding` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from routing.reasons import Reason
from routing.roster import Choice


@dataclass(frozen=True, slots=True)
class Same:
    """Somebody has asked the same: an open question to wait with, or (`answer`) an answer to offer. `likeness`: cosine."""

    question: int
    answer: int | None
    likeness: float


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What is known of a question besides its words.

    `wants_expert`: the asker said so, or refused what was proposed; `clarified`: how often we have asked back;
    `open_of_asker`: the asker's other open questions; `admitted`: the network takes questions from this asker; `same`: what
    it is the same as; `signpost`: the name of where such questions are sent, if its words say that it is not for this network.
    """

    language: str
    tier: str = "standard"
    sensitive: bool = False
    wants_expert: bool = False
    clarified: int = 0
    open_of_asker: int = 0
    admitted: bool = True
    same: Same | None = None
    signpost: str | None = None


@dataclass(frozen=True, slots=True)
class Propose:
    """Offer these fiches. `tentative`: as suggestions, not as the answer."""

    rule: str
    reasons: tuple[Reason, ...]
    matches: tuple[Any, ...]
    confidence: float
    tentative: bool


@dataclass(frozen=True, slots=True)
class Assign:
    """Ask the expert of `choice`; `related` fiches are worth showing on the way, none of them as the answer."""

    rule: str
    reasons: tuple[Reason, ...]
    choice: Choice
    others: tuple[Choice, ...] = ()
    related: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Wait for the answer to the same question of somebody else."""

    rule: str
    reasons: tuple[Reason, ...]
    same: Same


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """Offer the answer that somebody got who asked the same."""

    rule: str
    reasons: tuple[Reason, ...]
    same: Same


@dataclass(frozen=True, slots=True)
class AskBack:
    """Ask the asker to say more."""

    rule: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HandToCoordinator:
    """A coordinator decides; `related` as for `Assign`."""

    rule: str
    reasons: tuple[Reason, ...]
    related: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell the asker, politely and with the reason, that this question is not taken."""

    rule: str
    reasons: tuple[Reason, ...]


Decision = Propose | Assign | Join | OfferAnswer | AskBack | HandToCoordinator | Refuse
