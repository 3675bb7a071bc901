"""What becomes of a letter when SMTP goes wrong: one ordered table from (phase, reply) to fate.

In: where in the conversation it happened and the server's reply, or None when there was none (connection lost, timeout,
nonsense). Out: the rule that hit, which says retry, refused for good, or ambiguous. Nothing here talks to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from routing.errors import Ambiguous, ChannelError, Refused, Unreachable


class Phase(StrEnum):
    """The steps of one delivery, in order. The point of no return lies between `BODY` and `DOT`."""

    CONNECT = "connect"
    EHLO = "ehlo"
    TLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


class Fate(StrEnum):
    RETRY = "retry"
    REFUSED = "refused"
    DEAD = "dead"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failed step; `code` is the three-digit reply or None, `text` its words with the enhanced status in front."""

    phase: Phase
    code: int | None = None
    text: str = ""

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463), or an empty string."""
        found = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)", self.text)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    applies: Callable[[Trouble], bool]
    fate: Fate
    loud: bool = False  # our own setting is at fault: an operator must hear of it


# 5.1.7 and 5.1.8 speak of the sender's address, not the recipient's (RFC 3463 section 3.2).
_SENDER_STATUSES = ("5.1.7", "5.1.8")
# RFC 4954 section 6: 530 login required, 534 mechanism too weak, 535 credentials invalid, 538 encryption required.
_LOGIN_CODES = (530, 534, 535, 538)
_UNKNOWN_RECIPIENT_CODES = (550, 551, 553)


def _has_no_reply(trouble: Trouble) -> bool:
    return trouble.code is None or not 200 <= trouble.code < 600


def _is_permanent(trouble: Trouble) -> bool:
    return trouble.code is not None and 500 <= trouble.code < 600


def _names_a_dead_address(trouble: Trouble) -> bool:
    """5.1.x at RCPT, or after the dot (one letter has one recipient); a bare 550, 551 or 553 counts only at RCPT."""
    if not _is_permanent(trouble) or trouble.phase not in (Phase.RCPT, Phase.DOT):
        return False
    if trouble.status:
        return trouble.status.startswith("5.1.") and trouble.status not in _SENDER_STATUSES
    return trouble.phase is Phase.RCPT and trouble.code in _UNKNOWN_RECIPIENT_CODES


RULES = (
    # RFC 1047: between the final dot and its reply the letter may have been taken.
    Rule("answer lost after the final dot", lambda t: t.phase is Phase.DOT and _has_no_reply(t), Fate.AMBIGUOUS),
    Rule("nonsense after the final dot", lambda t: t.phase is Phase.DOT and t.code is not None and t.code < 400, Fate.AMBIGUOUS),
    Rule("no encryption as configured", lambda t: t.phase is Phase.TLS, Fate.RETRY, loud=True),
    Rule("our login was not accepted", lambda t: t.phase is Phase.AUTH or t.code in _LOGIN_CODES, Fate.RETRY, loud=True),
    Rule("connection lost or silent", _has_no_reply, Fate.RETRY),
    Rule("the address is dead", _names_a_dead_address, Fate.DEAD),
    Rule("refused for good", _is_permanent, Fate.REFUSED),
    Rule("not now", lambda t: True, Fate.RETRY),  # 4xx, and replies that have no place here
)


def judge(trouble: Trouble) -> Rule:
    """The first rule that applies; the last one always does."""
    return next(rule for rule in RULES if rule.applies(trouble))


def channel_error(trouble: Trouble) -> ChannelError:
    """The error a channel raises for `trouble`; `code` is the enhanced status where given, else the reply code."""
    rule = judge(trouble)
    code = trouble.status or (str(trouble.code) if trouble.code is not None else "")
    words = f"{rule.name} at {trouble.phase}: {f'{trouble.code} ' if trouble.code is not None else ''}{trouble.text}".strip()
    if rule.fate is Fate.AMBIGUOUS:
        return Ambiguous(words)
    if rule.fate is Fate.RETRY:
        return Unreachable(words, code=code)
    return Refused(words, code=code, address_is_dead=rule.fate is Fate.DEAD)
