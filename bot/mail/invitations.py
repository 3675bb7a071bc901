"""Rule for invitations to meetings: nothing to do with a bare one, but somebody may have written the answer beside it.

In: a `Mail`. Out: a `Verdict` or None.
"""

from __future__ import annotations

import re

from bot.mail.verdicts import Mail, Verdict, is_in_thread
from routing.values import Kind

_ANSWERS = ("REPLY", "COUNTER", "REFRESH")  # methods of those who were invited (RFC 5546 section 1.4)
_FEW = 8  # words that the meeting does not hold; below that they say when and where
_WORD = re.compile(r"[^\W\d_]{3,}")
_FOLD = re.compile(r"\r?\n[ \t]")  # RFC 5545 section 3.1
_RULE = re.compile(r"_{20,}|-{20,}")  # Below it Outlook and Teams say how to join


def invitation(mail: Mail) -> Verdict | None:
    if not mail.body.calendar:
        return None
    if is_in_thread(mail) and len(_own_words(mail)) >= _FEW:
        held = "It comes with an invitation to a meeting, but it may hold an answer."
        return Verdict(Kind.MESSAGE, "calendar-words", held=held)
    return Verdict(Kind.OTHER, "calendar-reply" if mail.body.calendar in _ANSWERS else "calendar-invite")


def _own_words(mail: Mail) -> set[str]:
    """What stands in the text of the mail, and not in that of the meeting or below a rule."""
    told = (file.content.decode("utf-8", "replace") for file in mail.body.files if file.media_type == "text/calendar")
    meeting = {word for text in told for word in _WORD.findall(_FOLD.sub("", text).replace("\\n", " ").lower())}
    return set(_WORD.findall(_RULE.split(mail.reply.text)[0].lower())) - meeting
