"""Letters as Telegram takes them: escaped, cut into parts at the most natural places, counted in UTF-16 units.

In: plain text. Out: parts of it; joined again, nothing but blanks at the cuts is missing.
https://core.telegram.org/bots/api#sendmessage (4096 characters after parsing)
"""

from __future__ import annotations

# where a reader would draw breath, best first
CUTS = ("\n\n", "\n", ". ", " ")


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` UTF-16 units, none empty, no character torn."""
    text = text.strip()
    parts = []
    start = 0
    while start < len(text):
        if text[start].isspace():
            start += 1
            continue
        end = reach(text, start, limit)
        if end < len(text):
            end = best_cut(text, start, end)
        parts.append(text[start:end].rstrip())
        start = end
    return parts


def reach(text: str, start: int, limit: int) -> int:
    """The furthest index up to which `text[start:]` fits into `limit` units."""
    used = 0
    for index in range(start, len(text)):
        used += 2 if ord(text[index]) > 0xFFFF else 1
        if used > limit:
            return index
    return len(text)


def best_cut(text: str, start: int, end: int) -> int:
    """A cut in the second half of what fits, so that no part is a mere scrap."""
    half = start + (end - start) // 2
    for cut in CUTS:
        # one more character is looked at: a blank right behind the limit is a fine place too
        found = text.rfind(cut, half, end + len(cut))
        if found > start:
            return min(found + len(cut.rstrip()), end) if cut == ". " else min(found, end)
    return end


def units(text: str) -> int:
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def slice_units(text: str, offset: int, length: int) -> str:
    """The piece an entity points at; an entity that tears a character or lies outside gives what is there."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "ignore")


def escaped(text: str) -> str:
    """Nothing in a letter is markup: https://core.telegram.org/bots/api#html-style names these three characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clean(text: str) -> str:
    """Without NUL and halves of characters, which no database and no request can carry."""
    return text.replace("\x00", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
