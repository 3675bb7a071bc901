"""How much a short mail reads like an automatic notice: a sum of learnt weights over the beginnings and pieces of its words.

In: the words of a mail. Out: a number, above 0 where notices are likelier than answers. The lists in `noticewords` know phrases;
this knows what the notices of `benchmarks.mail_notices` have in common, and so says something about those that no list foresaw.
"""

from __future__ import annotations

import re
import struct
import zlib
from functools import cache
from math import sqrt
from pathlib import Path

from bot.mail.shapes import ADDRESS
from bot.mail.wording import lowered

WEIGHTS = Path(__file__).with_name("likeness.bin")
HEADER = struct.Struct("<ff")  # how much one step of a weight is worth, and the number for a mail without words
PLACES = 1 << 15
LONGEST = 4_000
LINK = re.compile(r"https?://\S+")
TOKEN = re.compile(r"[^\W_]+|@")


def likeness(words: str) -> float:
    step, base, weights = _learnt()
    places = places_of(words)
    return base + step * sum(weights[place] for place in places) / sqrt(len(places)) if places else base


def places_of(words: str) -> list[int]:
    """Where the weights of these words stand: each piece of four letters, and the first five letters of each word, once."""
    bare = re.sub(r"\d+", "0", lowered(ADDRESS.sub(" @ ", LINK.sub(" ", words[:LONGEST]))))
    pieces: set[str] = set()
    for word in TOKEN.findall(bare):
        edged = f" {word} "
        pieces.update(edged[at : at + 4] for at in range(max(1, len(edged) - 3)))
        pieces.add(f"<{word[:5]}")
    return sorted({zlib.crc32(piece.encode()) % PLACES for piece in pieces})


@cache
def _learnt() -> tuple[float, float, memoryview]:
    content = WEIGHTS.read_bytes()
    step, base = HEADER.unpack_from(content)
    return step, base, memoryview(content)[HEADER.size :].cast("b")
