"""One header field as its lines: pure ASCII, folded, and nothing in it but what was meant.

In: a name and a value. Out: text that a reader unfolds into the same value (RFC 5322 2.2.3, RFC 2047).
"""

from __future__ import annotations

import base64

from bot.mail.headers import CONTROL

MAX_LINE = 76


class BadLetter(ValueError):
    """A letter cannot be written as a mail; the message says which field is wrong."""


def encoded_words(text: str) -> str:
    """As it is when plain, else RFC 2047 words of at most 75 letters that never cut a character in two."""
    if text.isascii() and "=?" not in text and all(len(word) < 900 for word in text.split(" ")):
        return text
    words, piece = [], b""
    for letter in text:
        coded = letter.encode("utf-8", "replace")
        if len(piece) + len(coded) > 42:
            words.append(piece)
            piece = b""
        piece += coded
    return " ".join(f"=?utf-8?B?{base64.b64encode(word).decode()}?=" for word in [*words, piece])


def folded(name: str, value: str) -> str:
    """Breaks only at single spaces, so that unfolding gives the same value (RFC 5322 2.2.3)."""
    if CONTROL.search(value) or not value.isascii():
        raise BadLetter(f"{name}: control or foreign characters")
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > MAX_LINE and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line])
