"""Rules for notices of absence: by their headers, by their words alone, and of people or addresses that are gone for good.

In: a `Mail`. Out: a `Verdict` or None. Where an answer may stand beside the absence, a person decides.
"""

from __future__ import annotations

import re

from bot.mail.awaywords import (
    ABSENCE,
    AUTOMATIC_SUBJECT,
    AWAY_SUBJECT,
    AWAY_TEXT,
    BUT,
    GREETING,
    LEFT,
    MEANWHILE,
    MOVED,
    NEW_ADDRESS,
    THANKS,
    WAS_AWAY,
)  # fmt: skip
from bot.mail.dates import last_day_away
from bot.mail.lexicon import REPLY_PREFIXES
from bot.mail.likeness import likeness
from bot.mail.notices import tells_absence, words_besides
from bot.mail.noticewords import TAKEN_IN
from bot.mail.phrases import AUTOMATIC_TEXT, REGISTERED
from bot.mail.shapes import ADDRESS, FORWARDED
from bot.mail.verdicts import ANSWER_LENGTH, SHORT_NOTICE, Mail, Verdict, is_automatic, is_in_thread
from routing.values import Kind

# "Until 27. May I am on leave": that full stop ends no sentence
DAY_FIRST = re.compile(r"\W*(?:[^\W\d_]+\s+){0,2}\d+\.")
MENTIONED = Verdict(Kind.MESSAGE, "absence-mentioned", held="It speaks of an absence, but it may hold an answer, too.")
SHORTEST = 25  # letters; "Thanks!" is what people say, too
# Of answers that the weights were not learnt from, one in eighty is above the first and one in four hundred above the second
POSSIBLE, LIKELY = 0.5, 2.0
ABOVE_OURS = ("top", "bottom")  # styles of replies that quote our letter, as few machines do
FEW = 8  # words: "I'll look at it tomorrow and answer" is a person's
CERTAIN = 1.0  # where other signs say so, too
NOTICE_LIKE = Verdict(Kind.MESSAGE, "notice-like", held="It reads like an automatic notice, but it may be an answer.")
TAKEN_IN_BY_WORDS = Verdict(
    Kind.ACKNOWLEDGEMENT,
    "acknowledgement-words",
    review="reads like an automatic acknowledgement, though no header says so",
)
UNMARKED = "reads like an absence notice, though no header says so"


def away_by_headers(mail: Mail) -> Verdict | None:
    if not is_automatic(mail.headers):
        return None
    says_away = AWAY_TEXT.search(mail.head) is not None
    if not says_away and (REGISTERED.search(mail.head) or not AWAY_SUBJECT.search(mail.bare_subject)):
        return None
    return Verdict(Kind.AUTO_REPLY, "absence-headers", absent_until=last_day_away(mail.notice, mail.written))


def away_by_words(mail: Mail) -> Verdict | None:
    """Absence notices of systems that set no header; a long mail that mentions an absence is a person's."""
    away = AWAY_TEXT.search(mail.head)
    if mail.own_words > SHORT_NOTICE:
        return None
    if _is_gone(mail) and not away:
        return _gone(mail)
    if not away:
        return _by_subject_alone(mail) or _nothing_but_absence(mail) or _like_a_notice(mail)
    by_subject = AUTOMATIC_SUBJECT.search(mail.bare_subject) is not None
    expected = by_subject or is_in_thread(mail) or AWAY_SUBJECT.search(mail.bare_subject)
    if not expected or ("?" in mail.reply.text and not by_subject):
        return None
    if not by_subject and WAS_AWAY.search(mail.head[max(0, away.start() - 12) : away.end()]):
        return None
    if not (by_subject or AWAY_SUBJECT.match(mail.subject)) and _may_hold_an_answer(mail, away.start()):
        return MENTIONED
    until = last_day_away(mail.notice, mail.written)
    return Verdict(Kind.AUTO_REPLY, "absence-words", absent_until=until, review=UNMARKED)


def _by_subject_alone(mail: Mail) -> Verdict | None:
    """Nothing but the subject says that a machine wrote. "Re: Automatic reply" is what a person writes back to one, and a
    new mail may ask about automatic gates."""
    if AUTOMATIC_SUBJECT.search(mail.subject) is None or REPLY_PREFIXES.match(mail.subject):
        return None
    if not (AWAY_SUBJECT.search(mail.subject) or is_in_thread(mail)):
        return None
    if mail.own_words >= ANSWER_LENGTH and not AUTOMATIC_TEXT.search(mail.head) and not REGISTERED.search(mail.head):
        held = "Its subject says that a machine wrote it, but it reads like a person's answer."
        return Verdict(Kind.MESSAGE, "automatic-subject", held=held)
    until = last_day_away(mail.notice, mail.written)
    return Verdict(Kind.AUTO_REPLY, "absence-words", absent_until=until, review=UNMARKED)


def _nothing_but_absence(mail: Mail) -> Verdict | None:
    """No phrase of absence that we know, yet every clause is one of a notice."""
    expected = (is_in_thread(mail) and not FORWARDED.match(mail.subject)) or AWAY_SUBJECT.search(mail.bare_subject)
    if not expected or not tells_absence(mail.reply.text):
        return None
    if likeness(mail.reply.text) < POSSIBLE and not AWAY_SUBJECT.match(mail.subject):
        return MENTIONED
    until = last_day_away(mail.notice, mail.written)
    return Verdict(Kind.AUTO_REPLY, "absence-words", absent_until=until, review=UNMARKED)


def reads_like_a_notice(mail: Mail) -> Verdict | None:
    """No list knows it, yet its words are those of notices. What nearly any answer could say is left to a person."""
    words = mail.reply.text
    brief = len(words) >= SHORTEST and mail.own_words <= SHORT_NOTICE and "?" not in words
    plain = brief and is_in_thread(mail) and not mail.body.files and not FORWARDED.match(mail.subject)
    if not plain or mail.reply.style == "interleaved" or (like := likeness(words)) < POSSIBLE:
        return None
    if like < LIKELY or mail.own_words < FEW or mail.reply.style in ABOVE_OURS:
        return NOTICE_LIKE
    if TAKEN_IN.search(words) or REGISTERED.search(mail.head):
        return TAKEN_IN_BY_WORDS
    until = last_day_away(mail.notice, mail.written)
    return Verdict(Kind.AUTO_REPLY, "absence-words", absent_until=until, review=UNMARKED)


def _like_a_notice(mail: Mail) -> Verdict | None:
    """Few words, of an absence and of what follows from it for mails: neither says so for certain, both are no answer either."""
    if mail.own_words > SHORT_NOTICE // 3 or not is_in_thread(mail) or "?" in mail.reply.text:
        return None
    return MENTIONED if ABSENCE.search(mail.head) and MEANWHILE.search(mail.head) and not WAS_AWAY.search(mail.head) else None


def _is_gone(mail: Mail) -> bool:
    if ADDRESS.search(mail.head):
        return any(one.search(mail.head) for one in (MOVED, LEFT, NEW_ADDRESS))
    return MOVED.search(mail.head) is not None and tells_absence(mail.reply.text)


def _gone(mail: Mail) -> Verdict | None:
    """Whom we wrote to is gone for good. A coordinator must know, who wrote it is no matter."""
    if AUTOMATIC_SUBJECT.search(mail.bare_subject):
        return Verdict(Kind.AUTO_REPLY, "absence-words", review=UNMARKED)
    if not is_in_thread(mail) or mail.own_words > SHORT_NOTICE // 2:
        return None
    held = "It says that somebody has left, or that an address is no longer in use."
    return Verdict(Kind.MESSAGE, "gone-for-good", held=held)


def _may_hold_an_answer(mail: Mail, start: int) -> bool:
    """ "I'm away from tonight, so briefly: we lend bikes" speaks of an absence, but not in the words of a notice."""
    return likeness(mail.reply.text) < POSSIBLE or (not tells_absence(mail.reply.text) and _says_more(mail, start))


def _says_more(mail: Mail, start: int) -> bool:
    return _says_something(mail.head[:start]) or words_besides(mail.reply.text) >= ANSWER_LENGTH // 2


def _says_something(before: str) -> bool:
    """Whether words that are neither a greeting nor thanks stand before the absence, perhaps an answer; or a "but" does."""
    if BUT.search(before):
        return True
    sentences = [one for one in re.split(r"(?<=[.!?])\s", before)[:-1] if not DAY_FIRST.fullmatch(one)]
    return any(not (GREETING.search(one) or (len(one.split()) <= 15 and THANKS.search(one))) for one in sentences)
