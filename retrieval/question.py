"""Reads a question before it is searched. In: what somebody wrote. Out: texts to search for, a language, whether it is vague."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.courtesies import topic_words, without_courtesies
from retrieval.greeklish import to_greek
from retrieval.languages import identify_language, language_code
from retrieval.passages import sentences
from retrieval.text import clean, squeeze

# A longer text is also searched sentence by sentence: its question may be one line among many.
_LONG = 60
_MOST_QUERIES, _SHORTEST_SENTENCE = 8, 4
_TOPIC_WORDS = 2
# So many letters, and so great a share of capitals among them, are no longer names of funds and offices.
_SHORTEST_SHOUT, _SHOUTED = 12, 0.7


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is the question without courtesies; `queries` are searched each, the whole first; the best score of any counts."""

    text: str
    language: str | None
    queries: tuple[str, ...]
    vague: bool


def read_question(text: str, language: str | None = None) -> Question:
    """Never raises, whatever `text` holds. `language` is the asker's word for it; unknown codes are ignored."""
    cleaned = clean(text)
    core = squeeze(without_courtesies(cleaned))
    known = (language_code(language) if language else None) or identify_language(core)
    core = _calmed(core, known)
    if greek := to_greek(core, known):
        return Question(f"{core} {greek}", "el", (greek, core), _is_vague(greek))
    return Question(core, known, _queries(core), _is_vague(core))


def _calmed(text: str, language: str | None) -> str:
    """In lower case what is written in capitals: the model knows few words by them."""
    letters = sum(map(str.isalpha, text))
    if letters < _SHORTEST_SHOUT or sum(map(str.isupper, text)) < _SHOUTED * letters:
        return text
    return (text.replace("I", "ı").replace("İ", "i") if language == "tr" else text).lower()


def _queries(text: str) -> tuple[str, ...]:
    if not any(map(str.isalnum, text)):
        return ()
    if len(text.split()) <= _LONG:
        return (text,)
    long_enough = [sentence for sentence in sentences(text) if len(sentence.split()) >= _SHORTEST_SENTENCE]
    asking = sorted(range(len(long_enough)), key=lambda place: ("?" not in long_enough[place], place))
    return (text, *(long_enough[place] for place in asking[: _MOST_QUERIES - 1]))


def _is_vague(text: str) -> bool:
    """Whether too few words name a topic to search for: "Hello, can you help me?" """
    return len(set(topic_words(text))) < _TOPIC_WORDS
