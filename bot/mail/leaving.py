"""Whether somebody asks to be written to no more: a short mail whose one sentence says so, in the eight languages.

In: a `Mail`. Out: a `Verdict` or None. People who talk about such things write more than a sentence.
"""

from __future__ import annotations

import re

from bot.mail.phrases import STOP
from bot.mail.verdicts import Mail, Verdict
from routing.values import Kind


def unsubscribe(mail: Mail) -> Verdict | None:
    words = re.sub(r"\s+", " ", mail.reply.text).strip()
    if len(words.split()) <= 25 and STOP.match(_first_sentences(words)):
        return Verdict(Kind.UNSUBSCRIBE, "stop-words")
    if (
        mail.own_words <= 3
        and STOP.match(mail.subject)
        and re.match(
            r"\W*(?:unsubscribe|stop\W*$|abmeld|désabonn|désinscr|cancell|disiscr|baja|dezabon|odjav|διαγραφ|απεγγραφ|abonelik)",
            mail.subject,
            re.IGNORECASE,
        )
    ):
        return Verdict(Kind.UNSUBSCRIBE, "stop-subject")
    return None


def _first_sentences(words: str) -> str:
    """The request without greeting and sign-off: the longest sentence decides."""
    sentences = [
        sentence
        for sentence in re.split(
            r"(?<=[.!;])\s+|,\s+(?=(?:thank|danke|merci|grazie|gracias|ευχαριστ|mulțum|hvala|teşekkür))",
            words,
            flags=re.IGNORECASE,
        )
        if sentence.strip()
    ]
    return next((sentence for sentence in sentences if STOP.match(sentence)), words)
