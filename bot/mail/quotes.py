"""A person's own words out of a reply, whatever the client and the habit: above, below or between the quoted lines.

In: lines (from plain text or HTML) and hints. Out: `Reply` with the text, what was cut, and why a person should look,
if so. Time is linear in the size of the mail. Words that somebody may want are never cut to look tidy: what is doubtful stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.mail.attribution import is_attribution
from bot.mail.banners import banner_end
from bot.mail.elsewhere import answers_elsewhere
from bot.mail.linekinds import Plan, planned, with_initials
from bot.mail.lines import Line, plain_lines
from bot.mail.parting import parted
from bot.mail.quoted import quoted_letter
from bot.mail.quoteheaders import find_headers
from bot.mail.shapes import MARKER, WORDS, Hints, QuoteHeader
from bot.mail.trailers import kept_until

NO_HINTS = Hints()
WRAPPED = 100  # letters; the lines of a paragraph that a client has wrapped are shorter


@dataclass(frozen=True, slots=True)
class Reply:
    """`text`: the sender's own words, with the quoted lines they answer where the two alternate. `style` says how it was read.

    `quoted`: of what was `cut` the letter that is answered, as `bot.mail.quoted` leaves it.
    """

    text: str
    cut: str = ""
    review: str | None = None
    style: str = "plain"
    quoted: str = ""


def own_words(text: str, hints: Hints = NO_HINTS) -> Reply:
    """`own_words_of` for a plain text body."""
    return own_words_of(plain_lines(text), hints)


def own_words_of(lines: Sequence[Line], hints: Hints = NO_HINTS) -> Reply:
    if warning := banner_end(lines):
        reply = own_words_of(lines[warning:], hints)
        return replace(reply, cut="\n".join(filter(None, (_joined(lines[:warning]), reply.cut))))
    lines = parted(with_initials(list(lines)), is_attribution)
    headers, doubtful = find_headers(lines, hints)
    plan = planned(lines, headers)
    keep, style = _kept(plan, headers)
    if style == "top" and (elsewhere := answers_elsewhere(lines, keep, headers, hints)):
        return Reply(_joined(lines), "", elsewhere, "whole")
    reply = replace(_reply(lines, keep, style, plan.review), quoted=quoted_letter(plan, keep, headers))
    if not WORDS.search(reply.text):
        return _whole(lines)
    if reply.review is None and doubtful is not None and keep[doubtful]:
        reply = replace(reply, review="a line looks like the start of a quoted letter")
    return reply


def _whole(lines: list[Line]) -> Reply:
    text = _joined(lines)
    return Reply(
        text, "", "nothing but quoted text or a signature was found" if WORDS.search(text) else "the mail holds no text", "whole"
    )


def _kept(plan: Plan, headers: list[QuoteHeader]) -> tuple[list[bool], str]:
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


def _quoted_after(plan: Plan, end: int) -> bool:
    """Quoted words go on below the answer: it stands beside what it answers."""
    return any(plan.kinds[at] == "quote" and WORDS.search(plan.lines[at].text) for at in range(end, plan.end))


def _announced_inside(plan: Plan, first_quote: int) -> bool:
    """Apple Mail and others quote the header together with the letter: `> On … wrote:`"""
    block = plan.lines[first_quote : first_quote + 8]
    inner = [Line(line.text, line.text, line.depth - 1) for line in block if line.depth]
    found, _ = find_headers(inner, NO_HINTS)
    return bool(found) and not any(WORDS.search(line.text) for line in inner[: found[0].start])


def _stretches(plan: Plan) -> list[tuple[int, int]]:
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
    plan: Plan, headers: list[QuoteHeader], stretches: list[tuple[int, int]], first_quote: int | None
) -> tuple[list[bool], str]:
    keep = _spans(plan, stretches)
    if first_quote is not None and headers and stretches[-1][1] <= first_quote < headers[0].start:
        # Lines like quoted ones between own words and the header of the quoted letter: nobody announced them
        plan.review = plan.review or "quoted lines above the quoted letter may belong to the text"
        return [stays or first_quote <= at < headers[0].start for at, stays in enumerate(keep)], "top"
    announced = first_quote is None or any(header.start <= first_quote for header in headers)
    if first_quote is not None and not announced and _leads_on(plan, stretches[-1], first_quote):
        # "The law says:" and then quoted lines to the end: nobody else wrote those; nor ">" for "more than" right below
        plan.review = plan.review or "the quoted lines at the end may belong to the text"
        return [kind != "header" or keep[at] for at, kind in enumerate(plan.kinds)], "plain"
    return keep, "top" if headers or first_quote is not None else "plain"


def _leads_on(plan: Plan, stretch: tuple[int, int], first_quote: int) -> bool:
    adjoins = stretch[1] == first_quote and not any(MARKER.search(line.text) for line in plan.lines[first_quote:])
    return adjoins or plan.lines[stretch[1] - 1].text.rstrip().endswith((":", "："))


def _spans(plan: Plan, stretches: list[tuple[int, int]]) -> list[bool]:
    keep = [False] * len(plan.lines)
    for start, end in stretches:
        keep[start:end] = [True] * (end - start)
    return keep


def _interleaved(
    plan: Plan, headers: list[QuoteHeader], stretches: list[tuple[int, int]], announced: bool
) -> tuple[list[bool], str]:
    """Question and answer alternate: all stays from the first to the last own word, but for the headers and what trails; of our
    own letter only the paragraph right above each answer."""
    last = stretches[-1][1]
    keep = [at < last and kind != "header" for at, kind in enumerate(plan.kinds)]
    for start, end in _signatures(plan, stretches, last):
        keep[start:end] = [False] * (end - start)
    if (top := _letter_from(plan, headers)) is not None:
        answered = {at for start, _ in stretches for at in _answered_by(plan, start)}
        for at in range(top, last):
            keep[at] = keep[at] and (plan.kinds[at] == "own" or at in answered)
    if announced and len(stretches) == 2 and stretches[0][0] == 0 and not _quoted_after(plan, last):
        # Above and below a letter that is quoted in one piece: the words below may answer its end, or stand for themselves
        plan.review = plan.review or "words stand above and below the quoted letter"
    return keep, "interleaved"


def _letter_from(plan: Plan, headers: list[QuoteHeader]) -> int | None:
    """Where our own letter begins, told by its last line: below the first header, or at its first line where nothing announces
    it. None for the letters of others: what is quoted of them is the sender's choice."""
    quotes = [at for at, kind in enumerate(plan.kinds) if kind == "quote"]
    if not any(MARKER.search(plan.lines[at].text) for at in quotes):
        return None
    return headers[0].end if headers else quotes[0]


def _answered_by(plan: Plan, start: int) -> Iterator[int]:
    """The quoted paragraph above an own stretch; its lines are quoted equally deep."""
    at = start - 1
    while at >= 0 and plan.kinds[at] != "header" and plan.lines[at].blank:
        at -= 1
    depth = plan.lines[at].depth
    while at >= 0 and plan.kinds[at] == "quote" and not plan.lines[at].blank and plan.lines[at].depth == depth:
        yield at
        if len(plan.lines[at].text) > WRAPPED:
            return  # a paragraph on one line: what stands above is another one
        at -= 1


def _signatures(plan: Plan, stretches: list[tuple[int, int]], last: int) -> list[tuple[int, int]]:
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
