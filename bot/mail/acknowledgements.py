"""Rules for acknowledgements: an office or a ticket system says that a letter was taken in.

In: a `Mail`. Out: a `Verdict` or None. Where its words are an answer's it is none, whatever number the subject has.
"""

from __future__ import annotations

from bot.mail.absences import CERTAIN, NOTICE_LIKE, POSSIBLE, TAKEN_IN_BY_WORDS
from bot.mail.likeness import likeness
from bot.mail.notices import tells_absence, tells_arrival, words_besides
from bot.mail.phrases import AUTOMATIC_TEXT, REGISTERED, REGISTERED_SUBJECT
from bot.mail.verdicts import (
    DESK_HEADERS,
    MACHINE_TEXT,
    NO_REPLY,
    SHORT_NOTICE,
    Mail,
    Verdict,
    auto_submitted,
    is_automatic,
    is_in_thread,
)  # fmt: skip
from routing.values import Kind


def acknowledgement(mail: Mail) -> Verdict | None:
    says_so, numbered = REGISTERED.search(mail.head) is not None, REGISTERED_SUBJECT.search(mail.subject) is not None
    if not (says_so or numbered):
        return _arrival(mail)
    if is_automatic(mail.headers):
        answers = behind_a_system(mail) and (not says_so or likeness(mail.reply.text) < 0)
        return None if answers else Verdict(Kind.ACKNOWLEDGEMENT, "acknowledgement-headers")
    by_robot = NO_REPLY.match(mail.address.partition("@")[0]) is not None
    says_robot = AUTOMATIC_TEXT.search(mail.reply.text[:MACHINE_TEXT]) is not None
    brief = mail.own_words <= SHORT_NOTICE and "?" not in mail.reply.text
    if by_robot and mail.own_words <= SHORT_NOTICE * 2:
        return TAKEN_IN_BY_WORDS
    if says_so and numbered and brief and not words_besides(mail.reply.text):
        return TAKEN_IN_BY_WORDS
    if (says_robot and mail.own_words <= SHORT_NOTICE * 2) or (says_so and numbered and brief):
        return _taken_in(mail.reply.text, POSSIBLE)
    return _arrival(mail)


def _taken_in(words: str, least: float) -> Verdict | None:
    """People answer from ticket systems, too, below thanks for the enquiry and under its number."""
    like = likeness(words)
    if like < 0:
        return None
    return TAKEN_IN_BY_WORDS if like >= least else NOTICE_LIKE


def _arrival(mail: Mail) -> Verdict | None:
    """Every clause says that our letter was taken in, or what is to become of it."""
    words = mail.reply.text
    if is_automatic(mail.headers) or not is_in_thread(mail) or not tells_arrival(words) or tells_absence(words):
        return None
    return _taken_in(words, CERTAIN) or NOTICE_LIKE


def behind_a_system(mail: Mail) -> bool:
    """With our token, and sent by a ticket system of its own accord: what a person wrote there comes so, too."""
    said = auto_submitted(mail.headers)
    by_desk = said in ("", "no") and any(mail.headers.has(name) for name in DESK_HEADERS)
    return bool(mail.tokens) and (said == "auto-generated" or by_desk)
