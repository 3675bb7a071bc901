"""Whether a short mail is nothing but an automatic notice: each of its clauses has to be one of a notice's.

In: a `Mail`. Out: a yes or no to three questions. A person's answer has at least one clause about the matter itself, so whoever
writes "closed until Monday, so volunteers collect the bins" is never taken for a machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.mail.awaywords import ABSENCE, AWAY_TEXT, GREETING, LEFT, MEANWHILE, MOVED, THANKS, WAS_AWAY
from bot.mail.dates import has_date, names_a_day
from bot.mail.noticewords import CLOSING, KEPT_BACK, MY_MAIL, PROVE, RETURN, SAYS_SO, STATE, TAKEN_IN, WAS_CLOSED
from bot.mail.phrases import AUTOMATIC_TEXT, REGISTERED
from bot.mail.shapes import ADDRESS

LONGEST = 100
FEW = 3
DATED = 8
AT_MOST = 0.3  # of the words may stand in other clauses
LINK = re.compile(r"https?://\S+")
SHORTENED = re.compile(r"\b(dvs|vs|nr|no|tel|int|sig|dott|dr|br|αρ|αριθ|τηλ|str|bzw)\.", re.IGNORECASE)
SENTENCES = re.compile(r"(?<=[^\W\d])\.(?=\s|$)|(?<=\d)\.(?=\s+[^\W\d_]*[A-ZΑ-ΩÀ-Þ])|[!?…\n]")
CLAUSES = re.compile(r"[;:,](?=\s|$)|\s[-–—·]\s")
WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class _Clause:
    """`alone`: it is a sentence or a line by itself."""

    text: str
    alone: bool = False

    @property
    def size(self) -> int:
        return len(WORD.findall(self.text))


def tells_absence(words: str) -> bool:
    """Whether it says that somebody is away, or that an office is closed, and no clause says anything else."""
    told = _clauses(words)
    pairs = zip(told, [*told[1:], _Clause("")], strict=False)  # "I return on Monday, 30 November" has its day behind the comma
    away = [_is_absence(one.text, after.text) for one, after in pairs]
    return any(away) and _says_nothing_else(told, away)


def tells_arrival(words: str) -> bool:
    """Whether it says, as offices do, that a letter was taken in, and no clause says anything else."""
    told = _clauses(words)
    taken = [TAKEN_IN.search(one.text) is not None for one in told]
    return any(taken) and _says_nothing_else(told, taken)


def _says_nothing_else(told: list[_Clause], certain: list[bool]) -> bool:
    """Most words stand in clauses of a notice, the first among them: "Yes" and "Brown bins" are answers."""
    ours = [sure or _of_a_notice(one.text) for one, sure in zip(told, certain, strict=True)]
    return ours[0] and sum(one.size for one, own in zip(told, ours, strict=True) if not own) <= AT_MOST * sum(
        one.size for one in told
    )


def words_besides(words: str) -> int:
    """How many words stand in clauses that no notice has: perhaps an answer beside an absence."""
    return sum(one.size for one in _clauses(words) if one.size > FEW and not _of_a_notice(one.text))


def asks_for_proof(words: str) -> bool:
    """Whether a link is to be followed before a mail gets through."""
    return bool(
        len(words.split()) <= LONGEST
        and LINK.search(words)
        and PROVE.search(words)
        and KEPT_BACK.search(words)
        and MY_MAIL.search(words)
    )


def _clauses(words: str) -> list[_Clause]:
    """Without greetings, addresses, and what stands below the closing words; empty where it is no notice for its length."""
    if len(words.split()) > LONGEST or "?" in LINK.sub(" ", words):
        return []
    told: list[_Clause] = []
    for sentence in SENTENCES.split(SHORTENED.sub(r"\1", ADDRESS.sub(" @ ", LINK.sub(" ", words)))):
        clauses = [one.strip() for one in CLAUSES.split(sentence) if WORD.search(one)]
        for one in clauses:
            if told and CLOSING.match(one) and len(one.split()) <= FEW + 2:
                return told
            if not (GREETING.match(one) and len(one.split()) <= FEW + 2):
                told.append(_Clause(one, len(clauses) == 1))
    return told


def _is_absence(clause: str, after: str = "") -> bool:
    if WAS_AWAY.search(clause) or WAS_CLOSED.search(clause):
        return False
    if STATE.search(clause) or AWAY_TEXT.search(clause) or LEFT.search(clause) or MOVED.search(clause):
        return True
    return RETURN.search(clause) is not None and names_a_day(f"{clause} {after}")


def _of_a_notice(clause: str) -> bool:
    lists = (TAKEN_IN, SAYS_SO, MEANWHILE, THANKS, ABSENCE, REGISTERED, AUTOMATIC_TEXT)
    if _is_absence(clause) or any(one.search(clause) for one in lists):
        return True
    return len(clause.split()) <= DATED and has_date(clause)
