"""The quoted letter without what clients and gateways add to it, for whoever knows what the letter said and compares.

In: the plan of a reply, what was kept of it, the quote headers. Out: lines of text. Lines with an address or a time of day are
left out, for they are headers of letters quoted deeper; so are a gateway's warning above and footers below.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.mail.banners import banner_end
from bot.mail.linekinds import Plan
from bot.mail.lines import Line, visible
from bot.mail.shapes import ADDRESS, TIME, QuoteHeader
from bot.mail.trailers import kept_until


def quoted_letter(plan: Plan, keep: Sequence[bool], headers: Sequence[QuoteHeader]) -> str:
    """ "" where nothing was cut as a quoted letter."""
    starts = [header.start for header in headers] + [at for at, kind in enumerate(plan.kinds) if kind == "quote"]
    if not starts:
        return ""
    cut = [at for at in range(min(starts), len(plan.lines)) if not keep[at] and _is_of_letter(plan, at)]
    lines = [Line(text, text) for text in (visible(plan.lines[at].text) for at in cut)]
    first = banner_end(lines)
    last, _ = kept_until(lines, first, len(lines))
    told = (line.text for line in lines[first:last] if not (ADDRESS.search(line.text) or TIME.search(line.text)))
    return "\n".join(told).strip("\n")


def _is_of_letter(plan: Plan, at: int) -> bool:
    """Below the end of the sender's words all is of the letter that stands there without quote marks."""
    return plan.kinds[at] == "quote" or (at >= plan.end and plan.kinds[at] != "header")
