"""HTML before it is walked: what hides its text is taken out, what is nested beyond sense is stripped, colours are judged.

In: markup as it came. Out: markup a parser can take, or plain text; whether a colour sets words apart.
"""

from __future__ import annotations

import re
from html import unescape

# Colours that say "this is mine": neither black, white, grey, nor the navy in which Outlook writes every reply.
COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]{1,60})", re.IGNORECASE)
HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\Z", re.IGNORECASE)
RGB = re.compile(r"rgba?\(\s*(\d{1,3})\D+(\d{1,3})\D+(\d{1,3})", re.IGNORECASE)
NAMED = re.compile(r"(?:dark|medium|light)?(?:red|blue|green|orange|purple|magenta|crimson|fuchsia|teal|brown|maroon|violet)\Z")
NAVY = (0x1F, 0x49, 0x7D)
MAX_DEPTH = 1_000
OPEN_OR_CLOSE = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})")
NEVER_DEEP = frozenset(
    (
        "br", "hr", "img", "meta", "link", "input", "col", "wbr", "area", "base", "source", "p", "li", "td", "th", "tr",
        "dt", "dd", "option", "tbody", "thead", "o:p",
    )
)  # fmt: skip


def prepared(html: str) -> str:
    """Outlook's conditional comments hide list bullets and whole headers from everybody but Word; NULs end lexbor's text."""
    html = html.replace("\x00", "")
    return re.sub(r"<!\[(?:if|endif)[^\]>]{0,60}\]>|<\?xml[^>]{0,200}>", "", html)


def is_too_deep(html: str) -> bool:
    """The parser needs time with the square of the depth; nobody writes a thousand elements into each other."""
    depth = deepest = 0
    for tag in OPEN_OR_CLOSE.finditer(html):
        if tag.group(2).lower() not in NEVER_DEEP:
            depth += -1 if tag.group(1) else 1
            deepest, depth = max(deepest, depth), max(depth, 0)
    return deepest > MAX_DEPTH


def stripped(html: str) -> str:
    """The text between the tags, for HTML that only an attacker writes."""
    html = re.sub(r"<(?:br|p|div|li|tr|blockquote)\b", "\n<", _without_scripts(html), flags=re.IGNORECASE)
    return unescape(re.sub(r"<[^<>]{0,2000}>?", "", html))


def _without_scripts(html: str) -> str:
    pieces, start, inside = [], 0, False
    for tag in re.finditer(r"<(/?)(?:style|script)\b", html, re.IGNORECASE):
        if not inside and not tag.group(1):
            pieces.append(html[start : tag.start()])
            inside, start = True, tag.start()
        elif inside and tag.group(1):
            inside, start = False, tag.start()
    return "".join([*pieces, html[start:]])


def is_tint(colour: str) -> bool:
    found = HEX.match(colour) or RGB.match(colour)
    if not found:
        return NAMED.match(colour.lower()) is not None
    red, green, blue = (int(part, 16 if colour.startswith("#") else 10) for part in found.groups())
    return max(red, green, blue) - min(red, green, blue) > 80 and (red, green, blue) != NAVY
