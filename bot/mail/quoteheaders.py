"""Finds where quoted letters begin, by whatever announces them: a client's own container, "--- Original Message ---",
a From/Sent/To block (`blocks`), or "On … wrote:" (`attribution`).

In: lines and what we know of the correspondence. Out: `QuoteHeader`s in order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.mail.attribution import WORD, attribution_at, has_wrote, says_who_and_when
from bot.mail.blocks import block_at, block_end, block_lines, is_block
from bot.mail.lexicon import ABOVE_LINE, MESSAGE, ORIGINAL, REPLIED
from bot.mail.lines import Line, Mark, visible
from bot.mail.shapes import ADDRESS, COLON, RULE, TIME, Hints, QuoteHeader, next_with_text, quoted_next
from bot.mail.wording import Wording

# No sign of a row of dashes is given back: the text between begins behind all of it.
DASHED = re.compile(r"[-_=*—–\s]{0,3}[-_=—–]{2,200}+\s*+(?:(?<=\s)|(?![-_=—–]))(\S.{0,300}?\S)\s*+[-_=—–]{2,200}+[\s*_]{0,3}")
MAX_PLEA, MAX_WORDS = 140, 16
DRAWN = re.compile(r"[-#=_*—–+~]{2,}")
THIS_LINE = Wording(
    r"\b(?:this|cette|quest[ao]|est[ae]|dieser?|αυτή|αυτής|aceast\w+|ove|ovog\w*|ovu|bu|tę|tą|deze|tази|този|această|nesta|desta)\b"
)
# Notes: the sender, the moment and the first words of the letter, above its From/To/Date
HISTORY = re.compile(r".{2,120}?\s?-{3}\s?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s\d{1,2}[:.]\d{2}.{0,12}?-{3}")
GROUPWISE = re.compile(r">>>.{3,200}>>>\s*$")


def find_headers(lines: Sequence[Line], hints: Hints) -> tuple[list[QuoteHeader], int | None]:
    """Quote headers in order, and the first line that looks like one without being certain."""
    found: list[QuoteHeader] = []
    doubtful: int | None = None
    at = 0
    while at < len(lines):
        header = _header_at(lines, at, hints, found[-1].end if found else 0)
        if isinstance(header, QuoteHeader):
            found.append(header)
            at = max(header.end, at + 1)
            continue
        if header and doubtful is None:
            doubtful = at
        at += 1
    return _without_own(lines, found, hints), doubtful


def _without_own(lines: Sequence[Line], found: list[QuoteHeader], hints: Hints) -> list[QuoteHeader]:
    """ "On 3 March the ministry wrote:" above quoted lines is somebody's own sentence where the header of a letter, with its
    address or ours, stands further below."""
    sure = [_is_sure(lines, header, hints) for header in found]
    return [header for at, header in enumerate(found) if sure[at] or not any(sure[at + 1 :])]


def _is_sure(lines: Sequence[Line], header: QuoteHeader, hints: Hints) -> bool:
    text = " ".join(visible(line.text) for line in lines[header.start : header.end])
    return header.why != "attribution" or any((ADDRESS.search(text), TIME.search(text), hints.names_us(text)))


def _header_at(lines: Sequence[Line], at: int, hints: Hints, floor: int) -> QuoteHeader | bool:
    line = lines[at]
    if line.mark is Mark.SPLIT and not line.depth:
        return _container(lines, at, floor, hints)
    if line.mark is Mark.HEADER:
        return _marked(lines, at)
    if line.depth and not GROUPWISE.match(line.raw):
        return False
    if line.blank:
        return False
    if _asks_to_write_above(lines, at):
        return QuoteHeader(at, at + 1, True, "reply-above-line")
    return _dashed(lines, at, hints) or block_at(lines, at, floor, hints) or attribution_at(lines, at, floor, hints)


def _asks_to_write_above(lines: Sequence[Line], at: int) -> bool:
    """The line of a ticket system below which everything is its own; at the top of a mail it is what the system sent."""
    text = visible(lines[at].text)
    drawn = DRAWN.match(text) is not None
    if len(text) > MAX_PLEA or at == 0 or not (drawn or THIS_LINE.search(text)) or ABOVE_LINE.search(text) is None:
        return False
    set_off = lines[at - 1].blank or RULE.fullmatch(lines[at - 1].text.strip()) is not None
    if not drawn and (not set_off or len(text.split()) > MAX_WORDS):
        return False
    return not _nothing(lines[:at]) and not _nothing(lines[at + 1 :])


def _nothing(lines: Sequence[Line]) -> bool:
    return all(line.blank for line in lines)


def _container(lines: Sequence[Line], at: int, floor: int, hints: Hints) -> QuoteHeader:
    """The client says that the letter starts here; its header is read if it can be."""
    start = next_with_text(lines, at)
    while start < len(lines) and RULE.fullmatch(lines[start].text.strip()):
        start = next_with_text(lines, start + 1)
    if start >= len(lines) or lines[start].depth:
        return QuoteHeader(at, at, True, "client-container")
    inner = _dashed(lines, start, hints) or block_at(lines, start, floor, hints) or attribution_at(lines, start, floor, hints)
    if isinstance(inner, QuoteHeader):
        return QuoteHeader(at, inner.end, inner.hard, "client-container")
    end = start + 1 if COLON.search(visible(lines[start].text)) else block_end(lines, start)
    return QuoteHeader(at, end, not quoted_next(lines, end), "client-container")


def _marked(lines: Sequence[Line], at: int) -> QuoteHeader:
    """The client's own container for the attribution; Gmail puts whole forward headers in it too."""
    end = at
    while end < len(lines) and lines[end].mark is Mark.HEADER:
        end += 1
    return QuoteHeader(at, end, not quoted_next(lines, end), "client-header")


def _dashed(lines: Sequence[Line], at: int, hints: Hints) -> QuoteHeader | None:
    """`-----Original Message-----`, `---- On … wrote ----`, GroupWise `>>> … >>>`."""
    text = lines[at].raw.strip() if lines[at].depth else visible(lines[at].text)
    if len(text) > 320:
        return None
    if HISTORY.match(text) and is_block(block := block_lines(lines, next_with_text(lines, at + 1)), hints, True):
        return QuoteHeader(at, block[-1][0] + 1, True, "notes-history")
    if GROUPWISE.match(text) and (ADDRESS.search(text) or TIME.search(text)):
        return QuoteHeader(at, at + 1, True, "groupwise")
    found = DASHED.fullmatch(lines[at].text.strip()) or DASHED.fullmatch(text)
    if not found or not re.search(r"[^\W\d_]", found.group(1)):
        return None
    inner = found.group(1)
    block = block_lines(lines, next_with_text(lines, at + 1))
    is_letter = (
        (ORIGINAL.search(inner) and MESSAGE.search(inner) and len(WORD.findall(inner)) <= 6)
        or (REPLIED.search(inner) and MESSAGE.search(inner) and len(WORD.findall(inner)) == 2)
        or says_who_and_when(inner)
        or is_block(block, hints, True)
        or (has_wrote(inner) and quoted_next(lines, at + 1))
    )
    if not is_letter:
        return None
    end = block[-1][0] + 1 if len(block) >= 2 else at + 1
    return QuoteHeader(at, end, not quoted_next(lines, end), "separator")
