"""What people write around a question, in the network's languages: greetings, thanks, closings, words that carry no topic.

In: a message. Out: its lines without them. The words are data (share/courtesies.toml): adding a language is adding a table. What
may be part of the question stays: a courtesy that is left in a search costs little, missing words of the question much.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from retrieval.text import fold, word_list

_PHRASES = tomllib.loads((Path(__file__).parent / "share" / "courtesies.toml").read_text("utf-8"))
# Words of all eight languages that ask, help, point or join, but name no topic.
_TOPICLESS = word_list("topicless")
_MOST_NAMES, _MOST_OF_THANKS, _LONGEST_LEAD = 6, 16, 60
_MOST_SIGNATURE_LINES = 8
_MOST_AFTER_COMMA = 2  # "regards, maria rossi"


def _all(kind: str) -> list[str]:
    return sorted({fold(one) for table in _PHRASES.values() for one in table[kind]}, key=len, reverse=True)


def _any(phrases: Iterable[str]) -> str:
    spelt = (re.escape(one.rstrip("*,.…")).replace("'", "['’]") + (r"\w*" if one.endswith("*") else "") for one in phrases)
    return rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)"


def _beginning(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of these phrases at the beginning of a folded line."""
    return re.compile(rf"[\s¡«“-]*{_any(phrases)}")


_GREETING, _THANKS, _CLOSINGS = _beginning(_all("greetings")), _beginning(_all("thanks")), _all("closings")
_WHOLE_LINE = _beginning(one for one in _CLOSINGS if one.endswith("…"))
_ALONE = _beginning(one for one in _CLOSINGS if one.endswith("."))
_ALONE_OR_SIGNED = _beginning(one for one in _CLOSINGS if one.endswith(","))
_SIGNED = _beginning(one for one in _CLOSINGS if one[-1] not in "…,.")
_POSTSCRIPT = _beginning(_all("postscripts"))
# What every line begins with that goes or that ends the message.
_COURTEOUS = _beginning((*_all("greetings"), *_all("thanks"), *_CLOSINGS))
_WORD = re.compile(r"\w+")
_AROUND = _TOPICLESS.union(*(_WORD.findall(one) for kind in ("around", "greetings", "closings") for one in _all(kind)))
_SENTENCE = re.compile(r"(?<=[.!?;…])\s+|\n+")
_TITLE = re.compile(rf"{_any(_all('titles'))}\.$")


def without_courtesies(text: str) -> str:
    """The message without greeting, thanks and who signs it; the whole message if nothing else is left."""
    lines = _lines(text)
    # Most questions are just that, which is told faster of the whole than of each line; folded, they are asked for again.
    if not any(map(_COURTEOUS.match, _lines(fold(text)))):
        return "\n".join(lines) or text
    kept = [_without_lead(line) for line in _without_closing(lines) if not is_greeting(line) and not is_thanks(line)]
    return "\n".join(filter(None, kept)) or text


def begins_with_greeting(line: str) -> bool:
    """Whatever follows: "Hello, yes", "Dear members of the training board of the county,"."""
    return _GREETING.match(fold(line)) is not None


def is_greeting(line: str) -> bool:
    """ "Dear Dr. Rossi," and nothing more."""
    return not _asks(line) and _is_said_to_somebody(line, _GREETING, _MOST_NAMES)


def is_closing(line: str) -> bool:
    """ "Kind regards", "Cordiali saluti Maria Rossi", "Veuillez agréer ..."; not a sentence that only begins like one."""
    folded = fold(line)
    if _asks(line):
        return False
    if _WHOLE_LINE.match(folded):
        return True
    for pattern, most_free in ((_ALONE, 0), (_ALONE_OR_SIGNED, 1), (_SIGNED, _MOST_NAMES)):
        found = pattern.match(folded)
        rest = folded[found.end() :] if found else ""
        words = _last(line, rest)
        if found and (not words or _is_signed(rest, words, most_free)):
            return True
    return False


def is_thanks(line: str) -> bool:
    """ "Thank you in advance for your help, Maria"; not what is thanked for at length."""
    return not _asks(line) and _is_said_to_somebody(line, _THANKS, _MOST_OF_THANKS)


def goes_on_below(lines: Iterable[str]) -> bool:
    """Whether more than a signature stands below a closing: a question, or a postscript."""
    return any(_asks(line) or is_postscript(line) for line in lines)


def is_postscript(line: str) -> bool:
    """ "PS: we have only twenty places."."""
    return _POSTSCRIPT.match(fold(line)) is not None


def topic_words(text: str) -> list[str]:
    """The folded words that may name a topic."""
    return [word for word in _WORD.findall(fold(text)) if word not in _TOPICLESS and len(word) > 1]


def _lines(text: str) -> list[str]:
    """Lines and sentences, in their order; "Dear Dr. Rossi" is one."""
    lines: list[str] = []
    for line in (part.strip() for part in _SENTENCE.split(text)):
        if lines and line and _TITLE.search(fold(lines[-1])):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines


def _without_closing(lines: list[str]) -> list[str]:
    """Cuts at the first closing after the first line, if what follows is short enough to be a signature; what is asked below it
    stays, and a postscript."""
    for place, line in enumerate(lines):
        if place and len(lines) - place <= _MOST_SIGNATURE_LINES and is_closing(line):
            below = lines[place + 1 :]
            added = next((at for at, one in enumerate(below) if is_postscript(one)), len(below))
            return [*lines[:place], *(one for one in below[:added] if _asks(one)), *below[added:]]
    return lines


def _is_signed(rest: str, words: list[str], most_free: int) -> bool:
    """Whether a closing may be followed by these words: a few of any kind where it can be nothing else, else a name."""
    if most_free > 1:
        return len(words) <= most_free
    names = all(map(_is_name, words))
    if rest.lstrip()[:1] in (",", "-", "–", "!"):
        return most_free == 1 and (len(words) <= _MOST_AFTER_COMMA or (names and len(words) <= _MOST_NAMES))
    return names and len(words) <= most_free


def _is_said_to_somebody(line: str, beginning: re.Pattern[str], most: int) -> bool:
    """Begins so, and goes on with names and with words that name no topic."""
    folded = fold(line)
    found = beginning.match(folded)
    words = _last(line, folded[found.end() :]) if found else []
    return found is not None and len(words) <= most and all(fold(word) in _AROUND or _is_name(word) for word in words)


def _asks(line: str) -> bool:
    return "?" in line or line.endswith(";")  # ";" is the question mark of Greek


def _is_name(word: str) -> bool:
    """Written like one; words all in capitals may be a message that is."""
    return word[:1].isupper() and (len(word) <= 2 or not word.isupper())


def _last(line: str, rest: str) -> list[str]:
    """The words of a line that are its folded `rest`, as they were written."""
    count = len(_WORD.findall(rest))
    return _WORD.findall(line)[-count:] if count else []


def _without_lead(line: str) -> str:
    """ "Hello all, how do we ..." without "Hello all,"."""
    cut = re.search(r"[,!:]\s+", line[:_LONGEST_LEAD])
    return _without_lead(line[cut.end() :]) if cut and is_greeting(line[: cut.start()]) else line
