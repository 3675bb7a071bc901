"""How an asker receives an answer or fiches, in prose: "very useful, we take it to the council", "the last one is what we need".

In: the reply, and what it seems to be (`routing.sense`). Out: the word that says the same, or None for whatever may hold a wish,
and so must reach a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from routing.gratitude import PRAISED, praises
from routing.letters.vocabulary import Vocabulary, plain, vocabulary
from routing.models import Question
from routing.sense import ASKER, ASKS
from routing.smalltalk import MISSED, no_question_in
from routing.values import Incoming
from routing.words import UNHELPFUL, Word, in_turn

# Of 152 replies with a wish, by two who had not seen how this decides, one is below; of 280 others 224 (benchmarks/replies.py).
WISH_FROM = 0.3
THANKS, YES = Word("thanks"), Word("yes")
# What is said of an answer, and the word for it. Who will not use it needs nothing more; whether it was used is asked later.
ON_ANSWER: Mapping[str, Word] = {
    "pleased": Word("thanks", text=PRAISED),
    "polite": THANKS,
    "unhelpful": Word("no", text=UNHELPFUL),
    "used": Word("thanks", text=PRAISED),
    "not_yet": THANKS,
    "not_used": THANKS,
}
ON_USE: Mapping[str, Word] = {"used": YES, "not_yet": Word("not_yet"), "not_used": Word("no")}
ON_FICHES: Mapping[str, Word] = {
    "accept": YES,
    "pleased": YES,
    "expert": Word("ask_expert"),
    "unhelpful": Word("ask_expert"),
    "polite": THANKS,
}
HEEDED = frozenset({*ON_ANSWER, *ON_FICHES})
MISSING = "await what is missing"  # whatever they write then is awaited
_LONGEST_NUMBER = 3  # words


def word_in(item: Incoming, question: Question, *, fiches: int, is_asked_whether_used: bool) -> Word | None:
    """What a reply says of what was sent last, be it so many fiches; None where it may say more, or where that was asked for."""
    if question.state == "proposed" and no_question_in(item) == MISSED:
        return Word("ask_expert")
    sense = item.senses.get(ASKER)
    if sense is None or sense.matters >= WISH_FROM or ASKS.search(item.text) or item.attachments or item.review:
        return None
    if question.state == "proposed":
        word = ON_FICHES.get(sense.kind)
        return _chosen(item.text, question.language, fiches, sense.kind == "accept") if word == YES else word
    if question.state not in ("answered", "closed") or question.next_action == MISSING:
        return None
    return (ON_USE if is_asked_whether_used else {}).get(sense.kind) or ON_ANSWER.get(sense.kind)


def is_about(item: Incoming, question: Question) -> bool:
    """Whether words in a chat that name no question are surely said of this one: they thank or praise, and want nothing.

    None of 1,142 questions of the shipped collection and of two others is taken for such words, and no wish of the 88.
    """
    is_open = question.state in ("proposed", "answered")
    return is_open and praises(item.text) and word_in(item, question, fiches=1, is_asked_whether_used=False) is not None


def _chosen(text: str, language: str, fiches: int, is_choice: bool) -> Word:
    """The one that is named by a number from two on, or is the last; in a choice also the first, for "one" is a word like any
    other. Else a mere yes."""
    words = plain(text).split()
    spans = {" ".join(words[at : at + length]) for length in range(1, _LONGEST_NUMBER + 1) for at in range(len(words))}
    numbers = {number for code in in_turn(language) for number in _numbers(spans, vocabulary(code), fiches)}
    if not numbers and is_choice and any(spans & {"1", *vocabulary(code).first} for code in in_turn(language)):
        numbers = {1}
    return Word("choice", number=numbers.pop()) if len(numbers) == 1 else YES


def _numbers(spans: Collection[str], words: Vocabulary, fiches: int) -> Iterator[int]:
    yield from (number for span in spans if (number := words.choice(span)) is not None and 1 < number <= fiches)
    yield from (fiches for phrase in words.last if phrase in spans and fiches > 1)
