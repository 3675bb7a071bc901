"""What is written in a chat and asks nothing of an expert: a greeting, "never mind", "are you a person?", "in English please".

In: a message and what it seems to be (`routing.sense`). Out: which of these it is, or None for all that may be a question: only
where no sentence of it may be one. `routing.openers` does what follows.
"""

from __future__ import annotations

from routing.sense import OPENER
from routing.values import Incoming

# Of 160 questions in a chat, by somebody who had not seen how this decides, none is below; of 160 others 119 are. At 0.1 these
# would be 142, but five questions, too: halves such as "only from after 2020", bare trades (benchmarks/replies.py).
QUESTION_FROM = 0.02
THANKS, DROPS, MISSED, LANGUAGE, IDLE = "thanks", "drops", "missed", "language", "idle"
ABOUT_US = ("greets", "who", "what")
HEEDED = frozenset({*ABOUT_US, THANKS, DROPS, MISSED, LANGUAGE, IDLE})
NO_DETAILS = (*ABOUT_US, LANGUAGE)  # never the answer to which of several things was meant


def no_question_in(item: Incoming) -> str | None:
    """What it is where it surely asks nothing; None for whatever may be a question, or brings a file."""
    sense = item.senses.get(OPENER)
    if sense is None or item.channel != "telegram" or not item.proven or item.attachments:
        return None
    return sense.kind if sense.matters < QUESTION_FROM and sense.kind in HEEDED else None
