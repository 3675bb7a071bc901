"""What lines that announce a quoted letter are made of, and what we know of the correspondence.

Shared by `attribution` ("On … wrote:") and `blocks` (From/Sent/To). Everything looks at lines and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.mail.lexicon import REPLY_PREFIXES
from bot.mail.lines import Line

# Letters and digits of any script, and signs that can be an answer by themselves: a thumb, a smile, a tick.
WORDS = re.compile(r"[^\W_]|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"@]{1,64}@[^\s<>()\[\]:;,\"@]{1,190}")
IN_BRACKETS = re.compile(
    r"(?:<|&lt;|\[mailto:|\(<?|mailto:)\s*[^\s<>()\[\]@]{1,64}(?:\s?[^\s<>()\[\]@]{0,64})@[^\s<>()\[\]@]{1,190}"
)
TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.hH時时]\s?\d{2}(?!\d)|\d{1,2}\s?[ap]\.?m\.?\b")
DATE = re.compile(
    r"(?<!\d)(?:\d{1,4}([./-])\s?\d{1,2}\1\s?\d{1,4}|\d{1,2}[./-]\d{1,2}[./-]?\d{0,4}|\d{4}(?!\d)|\d{4}年|\d{1,2}月)"
)
# The last two are Armenian, whose colon looks like a full stop
COLON = re.compile(r"[:：։․]\s*[-–—*_\"'”»]*\s*$")
# Three signs in a row or more, among spaces, stars and underlines. Said so that no sign can be taken twice: first what has none
# but stars and underlines, then what has a dash or the like with enough signs about it. What is almost a rule takes linear time.
RULE = re.compile(
    r"(?=[\s*_]*[*_]{3})[\s*_]*+"
    r"|[\s*_]*+(?:(?<=[*_]{2})|(?<=[*_])(?=.[-_=~—–*])|(?=.[-_=~—–*]{2}))[-=~—–][-_=~—–*]*+[\s*_]*+"
)
LABEL = re.compile(r"[\s*_•|]{0,6}([^\W\d_][^:：\d<>@/]{0,30}?)[\s*_]{0,4}[:：][\s*_]{0,4}(.*)")
# The last line of our letters; a retyped token may have lost or gained a letter.
MARKER = re.compile(r"(?<![a-z0-9])ref:\s?([a-z0-9]{26,30})(?![a-z0-9])", re.IGNORECASE)
NUMERIC_DATE = re.compile(r"(?<!\d)(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Hints:
    """What we know of the correspondence, all lower-case: our own addresses and names, and the subject without "Re:".

    `forwarded`: the subject says that the mail passes another one on.
    """

    own: tuple[str, ...] = ()
    subject: str = ""
    forwarded: bool = False

    def names_us(self, text: str) -> bool:
        text = text.lower()
        return any(name in text for name in self.own if len(name) > 3)


@dataclass(frozen=True, slots=True)
class QuoteHeader:
    """Lines `start` up to `end` announce a quoted letter. `hard`: it follows without quote marks, so all below is its."""

    start: int
    end: int
    hard: bool
    why: str


FORWARDED = re.compile(
    r"\s*(?:fwd?|wg|tr|i|inoltra|rv|reenv|πρθ|προωθ|redirec\w*|proslije\w*|ilt|enc|doorst|vb|vs|pd)\s*:", re.IGNORECASE
)


def core_subject(subject: str) -> str:
    """The subject without reply and forward prefixes of any language, lower-case."""
    return REPLY_PREFIXES.sub("", subject.lower()).strip()


def last_with_text(lines: Sequence[Line], at: int, floor: int) -> int | None:
    for before in range(at - 1, max(floor, at - 4) - 1, -1):
        if not lines[before].blank:
            return before if not lines[before].depth else None
    return None


def next_with_text(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and lines[at].blank:
        at += 1
    return at


def quoted_next(lines: Sequence[Line], at: int) -> bool:
    at = _next_with_text_or_quote(lines, at)
    return at < len(lines) and lines[at].depth > 0


def _next_with_text_or_quote(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and lines[at].blank and not lines[at].depth:
        at += 1
    return at
