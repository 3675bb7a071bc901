"""A person's own words out of a reply, whatever the client and the habit: above, below or between the quoted lines.

In: lines (from plain text or HTML) and hints. Out: `Reply` with the text, what was cut, and why a person should look,
if so. Time is linear in the size of the mail. Words that somebody may want are never cut to look tidy: what is doubtful stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.mail.attribution import find_headers, is_attribution
from bot.mail.banners import banner_end
from bot.mail.elsewhere import answers_elsewhere, is_tinted_by_two
from bot.mail.lines import Line, plain_lines, to_line
from bot.mail.parting import parted
from bot.mail.shapes import MARKER, WORDS, Hints, QuoteHeader
from bot.mail.trailers import kept_until

NO_HINTS = Hints()
INITIALS = re.compile(r"\s?[A-Z]{1,4}>")


@dataclass(frozen=True, slots=True)
class Reply:
    """`text`: the sender's own words, with the quoted lines they answer where the two alternate. `style` says how it was read."""

    text: str
    cut: str = ""
    review: str | None = None
    style: str = "plain"


@dataclass(slots=True)
class _Plan:
    """Which lines stay. `own`, `quote` and `header` are the three things a line can be."""

    lines: list[Line]
    kinds: list[str]
    end: int
    review: str | None = None
    letter: tuple[int, int] | None = None


def own_words(text: str, hints: Hints = NO_HINTS) -> Reply:
    """`own_words_of` for a plain text body."""
    return own_words_of(plain_lines(text), hints)


def own_words_of(lines: Sequence[Line], hints: Hints = NO_HINTS) -> Reply:
    if warning := banner_end(lines):
        reply = own_words_of(lines[warning:], hints)
        return replace(reply, cut="\n".join(filter(None, (_joined(lines[:warning]), reply.cut))))
    lines = parted(_with_initials(list(lines)), is_attribution)
    headers, doubtful = find_headers(lines, hints)
    plan = _plan(lines, headers)
    keep, style = _kept(plan, headers)
    if style == "top" and (elsewhere := answers_elsewhere(lines, keep, headers, hints)):
        return Reply(_joined(lines), "", elsewhere, "whole")
    reply = _reply(lines, keep, style, plan.review)
    if not WORDS.search(reply.text):
        return _whole(lines)
    if reply.review is None and doubtful is not None and keep[doubtful]:
        reply = Reply(reply.text, reply.cut, "a line looks like the start of a quoted letter", style)
    return reply


def _whole(lines: list[Line]) -> Reply:
    text = _joined(lines)
    return Reply(
        text, "", "nothing but quoted text or a signature was found" if WORDS.search(text) else "the mail holds no text", "whole"
    )


def _with_initials(lines: list[Line]) -> list[Line]:
    """`MR> text`, as some clients quote, counts as quoted when several lines in a row or the line above say so."""
    found = [INITIALS.match(line.raw) if not line.depth else None for line in lines]
    often = {mark for mark, count in Counter(hit.group().strip() for hit in found if hit).items() if count > 1}
    marked = [hit is not None and hit.group().strip() in often for hit in found]
    if not often:
        return lines
    return [
        Line(line.raw, INITIALS.sub("", line.raw, count=1), 1, line.mark) if hit else line
        for line, hit in zip(lines, marked, strict=True)
    ]


def _plan(lines: list[Line], headers: list[QuoteHeader]) -> _Plan:
    kinds = ["quote" if line.depth else "own" for line in lines]
    for header in headers:
        kinds[header.start : header.end] = ["header"] * (header.end - header.start)
    plan = _Plan(lines, _mended(lines, kinds), len(lines))
    hard = next((header for header in headers if header.hard), None)
    last = next((at for at in range(len(lines) - 1, -1, -1) if not lines[at].depth and MARKER.search(lines[at].text)), None)
    if hard is not None and is_tinted_by_two(lines, hard, headers):
        plan.kinds[hard.end :] = ["own" if line.tinted else "quote" for line in lines[hard.end :]]
    elif hard is not None:
        _read_hard(plan, hard, hard is headers[0], last)
    elif last is not None:
        plan.kinds = ["own"] * len(lines)
        plan.review = "our letter stands in it without quote marks"
    return plan


def _read_hard(plan: _Plan, hard: QuoteHeader, first: bool, last: int | None) -> None:
    """Unquoted letters go on to the end, or to the last line of our own letters, below which somebody may have answered."""
    own_above = _has_words(plan, 0, hard.start)
    if last is not None and last >= hard.end:
        plan.kinds[hard.end : last + 1] = ["quote"] * (last + 1 - hard.end)
        plan.letter = (hard.start, last + 1)
        if own_above and _has_words(plan, last + 1, len(plan.lines)):
            plan.review = "words stand above and below the quoted letter"
        elif own_above:
            plan.end = hard.start
    elif own_above:
        plan.end = hard.start
    elif first:
        plan.review = "nothing stands above the quoted letter: all of it is shown"


def _mended(lines: list[Line], kinds: list[str]) -> list[str]:
    """A quoted line that was wrapped leaves its last words unquoted: they are taken back to their sentence."""
    mended = kinds[:]
    for at in range(1, len(lines) - 1):
        if kinds[at] == "own" and kinds[at - 1] == kinds[at + 1] == "quote" and _is_rest(lines[at - 1], lines[at], lines[at + 1]):
            mended[at] = "quote"
    return mended


def _is_rest(above: Line, line: Line, below: Line) -> bool:
    text = line.raw.strip()
    if not text or len(above.raw) < 60 or len(text) > 30 or above.depth != below.depth or below.blank:
        return False
    # Only where the quoted sentence visibly runs on over the break; a short answer is never taken for its rest.
    return (
        text[:1].islower()
        and not re.search(r"[.!?:;]\s*$", above.text)
        and (below.text[:1].islower() or not re.search(r"[.!?]$", text))
    )


def _has_words(plan: _Plan, start: int, end: int) -> bool:
    last, _ = kept_until(plan.lines, start, end) if start < end else (end, None)
    return any(plan.kinds[at] == "own" and WORDS.search(plan.lines[at].text) for at in range(start, last))


def _kept(plan: _Plan, headers: list[QuoteHeader]) -> tuple[list[bool], str]:
    stretches = _stretches(plan)
    if not stretches:
        return [False] * len(plan.lines), "whole"
    first_quote = next((at for at in range(plan.end) if plan.kinds[at] == "quote"), None)
    if first_quote is None or stretches[-1][1] <= first_quote:
        return _top(plan, headers, stretches, first_quote)
    if plan.letter is not None and all(end <= plan.letter[0] or start >= plan.letter[1] for start, end in stretches):
        return _spans(plan, stretches), "bottom"
    announced = any(header.start < first_quote for header in headers) or _announced_inside(plan, first_quote)
    if stretches[0][0] > first_quote and len(stretches) == 1 and announced and not _quoted_after(plan, stretches[0][1]):
        return _spans(plan, stretches), "bottom"
    return _interleaved(plan, headers, stretches, announced)


def _quoted_after(plan: _Plan, end: int) -> bool:
    """Quoted words go on below the answer: it stands beside what it answers."""
    return any(plan.kinds[at] == "quote" and WORDS.search(plan.lines[at].text) for at in range(end, plan.end))


def _announced_inside(plan: _Plan, first_quote: int) -> bool:
    """Apple Mail and others quote the header together with the letter: `> On … wrote:`"""
    block = plan.lines[first_quote : first_quote + 8]
    inner = [Line(line.text, line.text, line.depth - 1) for line in block if line.depth]
    found, _ = find_headers(inner, NO_HINTS)
    return bool(found) and not any(WORDS.search(line.text) for line in inner[: found[0].start])


def _stretches(plan: _Plan) -> list[tuple[int, int]]:
    """Runs of own lines that hold words, without their signatures and footers."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < plan.end:
        if plan.kinds[at] != "own":
            at += 1
            continue
        end = at
        while end < plan.end and plan.kinds[end] == "own":
            end += 1
        last, review = kept_until(plan.lines, at, end)
        if any(WORDS.search(line.text) for line in plan.lines[at:last]):
            runs.append((at, last))
            plan.review = plan.review or review
        at = end
    return runs


def _top(
    plan: _Plan, headers: list[QuoteHeader], stretches: list[tuple[int, int]], first_quote: int | None
) -> tuple[list[bool], str]:
    keep = _spans(plan, stretches)
    if first_quote is not None and headers and stretches[-1][1] <= first_quote < headers[0].start:
        # Lines like quoted ones between own words and the header of the quoted letter: nobody announced them
        plan.review = plan.review or "quoted lines above the quoted letter may belong to the text"
        return [stays or first_quote <= at < headers[0].start for at, stays in enumerate(keep)], "top"
    if first_quote is not None and not any(header.start <= first_quote for header in headers) and _leads_on(plan, stretches[-1]):
        # "The law says:" and then quoted lines to the end: nobody else wrote those
        plan.review = plan.review or "the quoted lines at the end may belong to the text"
        return [kind != "header" or keep[at] for at, kind in enumerate(plan.kinds)], "plain"
    return keep, "top" if headers or first_quote is not None else "plain"


def _leads_on(plan: _Plan, stretch: tuple[int, int]) -> bool:
    return plan.lines[stretch[1] - 1].text.rstrip().endswith((":", "："))


def _spans(plan: _Plan, stretches: list[tuple[int, int]]) -> list[bool]:
    keep = [False] * len(plan.lines)
    for start, end in stretches:
        keep[start:end] = [True] * (end - start)
    return keep


def _interleaved(
    plan: _Plan, headers: list[QuoteHeader], stretches: list[tuple[int, int]], announced: bool
) -> tuple[list[bool], str]:
    """Question and answer alternate: all stays from the first to the last own word, but for the headers and what trails."""
    first = 0 if not announced or stretches[0][0] > 0 else stretches[0][0]
    last = stretches[-1][1]
    keep = [first <= at < last for at in range(len(plan.lines))]
    for header in headers:
        if header.why != "attribution-weak":
            keep[header.start : header.end] = [False] * (header.end - header.start)
    for start, end in _signatures(plan, stretches, last):
        keep[start:end] = [False] * (end - start)
    return keep, "interleaved"


def _signatures(plan: _Plan, stretches: list[tuple[int, int]], last: int) -> list[tuple[int, int]]:
    """The tails that were taken off own stretches in the middle."""
    tails = []
    for _, end in stretches:
        stop = end
        while stop < last and plan.kinds[stop] == "own":
            stop += 1
        if any(WORDS.search(line.text) for line in plan.lines[end:stop]):
            tails.append((end, stop))
    return tails


def _reply(lines: list[Line], keep: list[bool], style: str, review: str | None) -> Reply:
    kept = [line for line, stays in zip(lines, keep, strict=True) if stays]
    cut = [line for line, stays in zip(lines, keep, strict=True) if not stays]
    return Reply(_joined(kept), _joined(cut), review, style)


def _joined(lines: Sequence[Line]) -> str:
    text = "\n".join(line.raw for line in lines)
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n").rstrip()


__all__ = ["Reply", "own_words", "own_words_of", "plain_lines", "to_line"]
