"""Short replies: "accept", "decline: on leave", "yes", "2", "3 more days", in every language of the network.

In: what somebody wrote, without quotations. Out: a `Word`, or None. A word counts only where it stands alone, apart
from greeting, sign-off, courtesy and punctuation; everything else is an answer, and answers are never interpreted.
The words are data: `letters/locale/<language>/words.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval import begins_with_greeting, goes_on_below, is_closing, is_thanks
from routing.languages import LANGUAGES
from routing.letters.catalogues import SOURCE, known
from routing.letters.vocabulary import ALONE, Vocabulary, fold, plain, suggested, vocabulary

MEANINGS = (*ALONE, "choice", "more_days", "away_until", "ask_back", "suggest")
_NEVER_AN_ANSWER = {
    "accept", "decline", "stop", "start", "ask_expert", "more_days", "away_until", "status", "help", "forget", "export",
}  # fmt: skip
_LONGEST_WORD, _LONGEST_REASON, _LONGEST_DATE, _LONGEST_NAME, _MOST_NAME_LINES = 200, 240, 40, 160, 6
_NEVER_AN_ANSWER_OF_AN_EXPERT = {"accept", "decline", "more_days", "away_until"}
_LONGEST_HINT, _MOST_CLAUSES = 240, 5
_CLAUSE = re.compile(r"[.!?;:,\n]+")
_SENTENCES = re.compile(r"[^.!?;\u037e…]*[.!?;\u037e…]+|[^.!?;\u037e…]+$")
_QUESTION = re.compile(r"\?\W*$|[\u0370-\u03ff]\s*[;\u037e]\W*$")  # Greek asks with a semicolon
_MOST_QUESTIONS = 4
UNHELPFUL = "unhelpful"  # the text of a "no" that says so of an answer
_FACES = {"👍": "yes", "👌": "yes", "✅": "yes", "👎": "no", "❌": "no", "🙏": "thanks", "❤": "thanks"}


@dataclass(frozen=True, slots=True)
class Word:
    """What a short reply means (one of `MEANINGS`), its number (choice, working days), its text (reason, date, question)."""

    meaning: str
    number: int | None = None
    text: str = ""


def understand(text: str, language: str | None = None) -> Word | None:
    """The meaning of a short reply, or None when the text is anything more. `language` decides only between homographs."""
    own = without_signature(unicodedata.normalize("NFC", text))
    for code in in_turn(language):
        if found := _ask_back(own, vocabulary(code)):
            return found
    body = _without_courtesies(own)
    for code in in_turn(language):
        if found := _suggestion(body, vocabulary(code)):
            return found
    if not body or "?" in body or body.endswith(";"):
        return None
    return _face(body) or _first(body, language)


def hint_in(text: str, language: str | None = None) -> Word | None:
    """What some words of a short reply mean that says more: "I accept, and will answer by Friday"; `text` are those words.

    Only what says whether and when an answer will come; None where the rest shows that this is the answer ("..., but ...").
    """
    own = bare(text)
    clauses = [clause.strip() for clause in _CLAUSE.split(own) if clause.strip()]
    if len(own) > _LONGEST_HINT or len(clauses) > _MOST_CLAUSES:
        return None
    for code in in_turn(language):
        words = vocabulary(code)
        if _has_any(own, words.but):
            return None
        for clause in clauses:
            if (found := _read_as(clause, words)) and found.meaning in _NEVER_AN_ANSWER_OF_AN_EXPERT:
                return Word(found.meaning, found.number, clause)
            if _promises(plain(clause), words):
                return Word("accept", text=clause)
    return None


def only_asks(text: str) -> str:
    """The questions of a reply that is nothing else ("For how many learners is it meant?"), "" where anything else is said."""
    own = bare(text)
    sentences = [one for part in own.split("\n") for one in _SENTENCES.findall(part) if one.strip()]
    few = 0 < len(sentences) <= _MOST_QUESTIONS and len(own) <= _LONGEST_REASON
    return own if few and all(_QUESTION.search(one) for one in sentences) else ""


def bare(text: str) -> str:
    """What somebody wrote without signature, greeting and goodbye."""
    return _without_courtesies(without_signature(unicodedata.normalize("NFC", text)))


def word_for(meaning: str, language: str) -> str:
    """The word our letters suggest for a meaning, as `understand` will read it."""
    return suggested(meaning, known(language))


def _first(body: str, language: str | None) -> Word | None:
    head, names = _without_name(body)
    for candidate, sure in ((body, True), (head, names)):
        for code in in_turn(language):
            found = _read_as(candidate, vocabulary(code)) if candidate else None
            if found and (sure or found.meaning in _NEVER_AN_ANSWER):
                return found
    return None


def _read_as(body: str, words: Vocabulary) -> Word | None:
    if len(body) <= _LONGEST_WORD:
        said = words.without_politeness(plain(body))
        if meaning := words.meaning(said):
            return Word(meaning, text=UNHELPFUL if meaning == "no" and words.calls_unhelpful(said) else "")
        if found := _numbered(said, words) or _away(body, words):
            return found
    return _declined(body, words)


def _numbered(said: str, words: Vocabulary) -> Word | None:
    if choice := words.choice(said):
        return Word("choice", number=choice)
    days = words.days(said)
    return Word("more_days", number=days) if days else None


def _declined(body: str, words: Vocabulary) -> Word | None:
    """ "Decline: on leave": the word, a stop, a short reason."""
    found = words.declining.match(fold(body)) if len(body) <= _LONGEST_WORD + _LONGEST_REASON else None
    reason = body[found.end() :].strip() if found else ""
    if not 0 < len(reason) <= _LONGEST_REASON or _has_any(reason, words.but):
        return None  # "I cannot answer in full, but …": what follows may well be the answer
    return Word("decline", text=reason)


def _away(body: str, words: Vocabulary) -> Word | None:
    flat = " ".join(body.split()).rstrip(" .!")
    found = words.away.fullmatch(fold(flat))
    if not found:
        return None
    first, last = next(span for span in map(found.span, range(1, len(found.groups()) + 1)) if span[0] >= 0)
    date = flat[first:last].strip()
    return Word("away_until", text=date) if 0 < len(date) <= _LONGEST_DATE and len(date.split()) <= 5 else None


def _ask_back(own: str, words: Vocabulary) -> Word | None:
    """A prefix and a colon, then the question: it goes to the asker, so only greeting and sign-off are cut from it."""
    body = _without_greeting(own)
    found = words.asking_back.match(fold(body[:_LONGEST_WORD]))
    question = _without_closing(body[found.end() :]).strip() if found else ""
    return Word("ask_back", text=question) if question else None


def _suggestion(body: str, words: Vocabulary) -> Word | None:
    """ "Ask instead: training@town.example": a prefix and a colon, then one line that names somebody; more is an answer."""
    first, _, rest = body.partition("\n")
    found = words.suggesting.match(fold(first[:_LONGEST_WORD]))
    name = first[found.end() :].strip(" .") if found else ""
    return Word("suggest", text=name) if 0 < len(name) <= _LONGEST_NAME and not rest.strip() else None


def _face(body: str) -> Word | None:
    """A lone emoji; skin tones and the emoji variation selector do not matter."""
    bare = {c for c in body[:_LONGEST_WORD] if not c.isspace() and unicodedata.category(c) not in {"Sk", "Mn", "Cf"}}
    return Word(_FACES[bare.pop()]) if len(bare) == 1 and len(body) <= _LONGEST_WORD and bare <= _FACES.keys() else None


# --------------------------------------------------------------------------------------------- around the word


def _without_courtesies(own: str) -> str:
    return _without_closing(_without_greeting(own)).strip()


def without_signature(text: str) -> str:
    """Up to the signature delimiter "-- " (RFC 3676, section 4.3)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    end = next((at for at, line in enumerate(lines) if line.rstrip() == "--"), len(lines))
    return "\n".join(lines[:end]).strip()


def _without_greeting(text: str) -> str:
    """A first line that greets goes; on one line ("Hello, yes") only what stands before the comma."""
    first, newline, rest = text.partition("\n")
    if len(first) > _LONGEST_WORD or len(first.split()) > 8 or not begins_with_greeting(first):
        return text
    if newline and rest.strip():
        return rest.strip()
    _, comma, tail = first.partition(",")
    return _without_greeting(tail.strip()) if comma and tail.strip() else text


def _without_closing(text: str) -> str:
    """From a line that says goodbye on, all goes but a postscript; the line must be short, and something stand before it."""
    lines = text.split("\n")
    for at in range(max(1, len(lines) - 3 * _MOST_NAME_LINES), len(lines)):
        few = len([rest for rest in lines[at:] if rest.strip()]) <= _MOST_NAME_LINES + 1
        is_goodbye = few and len(lines[at]) <= _LONGEST_WORD and (is_closing(lines[at]) or is_thanks(lines[at]))
        if is_goodbye and not goes_on_below(lines[at + 1 :]):
            return "\n".join(lines[:at]).strip()
    return text


def _without_name(body: str) -> tuple[str, bool]:
    """The first line, when what follows is only a few short lines as under a letter; True when they are surely names."""
    first, *rest = (line.strip() for line in body.split("\n") if line.strip())
    if not rest or len(rest) > _MOST_NAME_LINES or not all(is_name_line(line) for line in rest):
        return "", False
    return first, all(word[:1].isupper() or word[:1] in "+0(" or len(word) <= 3 for line in rest for word in line.split())


def is_name_line(line: str) -> bool:
    return len(line) <= 60 and len(line.split()) <= 6 and not line.endswith((".", ":", "!")) and line[:1].upper() == line[:1]


def _promises(said: str, words: Vocabulary) -> bool:
    """ "I will answer by Friday", "accetto e rispondo presto"."""
    accepting = (phrase for phrase, meaning in words.alone.items() if meaning == "accept")
    return any(f"{said} ".startswith(f"{phrase} {when} ") for phrase in accepting for when in words.when)


def _has_any(text: str, phrases: Iterable[str]) -> bool:
    said = f" {plain(text)} "
    return any(f" {phrase} " in said for phrase in phrases)


def in_turn(language: str | None) -> Iterator[str]:
    """The language first, then English, then the others: people answer in the language that comes to mind."""
    yield from dict.fromkeys((known(language), SOURCE, *sorted(LANGUAGES)))
