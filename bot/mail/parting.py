"""Parts a line on which somebody's own words run into the header of the quoted letter: `Yes. On 4 April 2012 Bob wrote:`

In: lines. Out: the same lines, such a one as two. Who types in front of the header, or loses the line break on a phone, would
otherwise lose the words, since the line is a header by its end. Only where quoted lines follow. Also a line on which the quoted
letter begins right behind its header, as Yahoo writes it on phones: `On … Bob <bob@city.example> wrote:   Dear all,`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.mail.attribution import has_wrote
from bot.mail.lexicon import OPENING
from bot.mail.lines import Line, Mark, visible
from bot.mail.shapes import DATE, TIME, WORDS, quoted_next

# Where a header begins: with its first word, or, after a sentence, with the date itself.
_OPENS = re.compile(rf"(?:(?<=\s)|(?<=[-–—.!?)…])){OPENING.pattern}")
_BEGINS = re.compile(rf"\W*{OPENING.pattern}")
# Of a sentence so long: in "Le lun. 5 mai" and "ma 5. toukok. 2025" the full stops end none.
_DATE_AFTER_SENTENCE = re.compile(r"[^\d\n]{10,300}?[.!?)…]\s+(?=\d{1,4}[\s./-])")
_DASHES = re.compile(r"\s*[-–—_]{2,}\s*$")
_RUNS_ON = re.compile(
    rf"\s*((?:{OPENING.pattern}|\d)[^<>\n]{{0,200}}<[^<>\s@]{{1,64}}@[^<>\s@]{{1,190}}>[^<>:：\n]{{0,40}}[:：])\s+(\S.*)",
    re.DOTALL,
)
_MOST_LINES, _LONGEST = 2, 400


def parted(lines: Sequence[Line], is_header: Callable[[str], bool]) -> list[Line]:
    """`is_header` judges a text that quoted lines follow."""
    found: list[Line] = []
    for at, line in enumerate(lines):
        if run_on := _run_on(line, is_header):
            found += [_part(line, piece) for piece in run_on]
            continue
        cut = _cut(lines, at, is_header)
        found += [line] if cut is None else [_part(line, _DASHES.sub("", line.raw[:cut])), _part(line, line.raw[cut:].lstrip())]
    return found


def _run_on(line: Line, is_header: Callable[[str], bool]) -> tuple[str, str] | None:
    """(header, beginning of the quoted letter); told by the address in brackets, the moment and the verb."""
    found = _RUNS_ON.match(line.raw[: _LONGEST * 2]) if not line.depth and line.mark is Mark.NONE and "@" in line.raw else None
    if not found or not TIME.search(found.group(1)) or not has_wrote(found.group(1)) or not is_header(found.group(1)):
        return None
    return found.group(1), line.raw[found.start(2) :]


def _cut(lines: Sequence[Line], at: int, is_header: Callable[[str], bool]) -> int | None:
    """Where the header begins in a line that does not begin with it."""
    line = lines[at]
    if line.depth or line.mark is not Mark.NONE or not DATE.search(line.raw) or len(line.raw) > _LONGEST:
        return None
    rest = next((rest for count in range(_MOST_LINES) if (rest := _until_quote(lines, at + 1, count)) is not None), None)
    if rest is None:
        return None
    places = [hit.start() for hit in _OPENS.finditer(line.raw)]
    if not places and not _BEGINS.match(line.raw) and (hit := _DATE_AFTER_SENTENCE.match(line.raw)):
        places = [hit.end()]
    inside = (place for place in places if WORDS.search(line.raw[:place]))
    return next((place for place in inside if _announces(f"{visible(line.raw[place:])} {rest}".strip(), is_header)), None)


def _announces(told: str, is_header: Callable[[str], bool]) -> bool:
    return DATE.search(told) is not None and is_header(told)


def _until_quote(lines: Sequence[Line], at: int, count: int) -> str | None:
    """The `count` lines from here, where they have words of their own and quoted ones follow; None otherwise."""
    between = lines[at : at + count]
    if len(between) < count or any(line.blank or line.depth for line in between) or not quoted_next(lines, at + count):
        return None
    return " ".join(visible(line.raw) for line in between)


def _part(line: Line, raw: str) -> Line:
    return replace(line, raw=raw, text=raw)
