"""The text of one part: decoded, kept within bounds, and freed of what programs wrap around it.

In: a leaf of the tree. Out: a `LeafText`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.mail.charsets import decode, is_unread
from bot.mail.mime import Part, uudecode
from bot.mail.wrapped import unflow, without_pgp_armour

SHIFTED = "the mail is written in UTF-7, which is not read here"
ENCRYPTED = "the mail is encrypted and cannot be read here"
META_CHARSET = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
MAX_TEXT = 400_000
MAX_HTML = 2_000_000
MAX_LINES = 20_000
EMBEDDED = re.compile(r"data:[a-z0-9./+;=-]{1,80};base64,[A-Za-z0-9+/=\s%]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LeafText:
    """`cut_short`: there was more than anybody writes. `held`: why a person must look. `file`: one inside the text, its name and
    content.
    """

    text: str
    is_html: bool
    cut_short: bool
    held: str | None = None
    file: tuple[str, bytes] | None = None


def read_leaf(part: Part) -> LeafText:
    text = text_of(part)
    held = SHIFTED if is_unread(part.content(), part.params.get("charset")) else None
    if part.media_type in ("text/html", "text/watch-html") or _looks_like_html(text):
        text, cut_short = _bounded_html(text)
        return LeafText(text, True, cut_short, held)
    text, cut_short = _bounded(text)
    if "-----BEGIN PGP MESSAGE-----" in text:
        held = held or ENCRYPTED
    text, file = _without_uuencoded(_cleaned(part, text))
    return LeafText(text, False, cut_short, held, file)


def text_of(part: Part) -> str:
    """The decoded text of one leaf, without limits on what it says."""
    content = part.content()
    charset = part.params.get("charset")
    if part.media_type == "text/html" and not charset:
        found = META_CHARSET.search(content[:4096])
        charset = found.group(1).decode("ascii") if found else None
    return decode(content, charset)


def _bounded(text: str) -> tuple[str, bool]:
    """Nobody writes more than this; the rest stays in the stored mail."""
    if len(text) <= MAX_TEXT and text.count("\n") <= MAX_LINES:
        return text, False
    return "\n".join(text[:MAX_TEXT].split("\n", MAX_LINES)[:MAX_LINES]), True


def _bounded_html(html: str) -> tuple[str, bool]:
    """Pictures inside the HTML are megabytes without a word."""
    if len(html) > MAX_TEXT:
        html = EMBEDDED.sub("data:,", html)
    return html[:MAX_HTML], len(html) > MAX_HTML


def _looks_like_html(text: str) -> bool:
    """Some robots and gateways send HTML labelled as plain text."""
    return re.match(r"\s*(?:<!doctype html|<html[\s>])", text, re.IGNORECASE) is not None


def _cleaned(part: Part, text: str) -> str:
    if part.media_type == "text/enriched":
        text = re.sub(
            r"<param>[^<]{0,200}</param>|</?[A-Za-z-]{1,30}>", "", text.replace("<<", "\x00"), flags=re.IGNORECASE
        ).replace("\x00", "<")
    text = without_pgp_armour(text)
    if part.params.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.params.get("delsp", "").lower() == "yes")
    return text


def _without_uuencoded(text: str) -> tuple[str, tuple[str, bytes] | None]:
    """The text, and a file that an old program has written into it."""
    found = re.search(r"(?:^|\n)begin [0-7]{3,4} [^\n]{1,200}\n[ -`]{2,}\r?\n", text)
    end = re.search(r"\n(?:`|[ \t]*)\r?\nend\s*?(?:\n|$)", text[found.start() :]) if found else None
    if not found or not end:
        return text, None
    block = text[found.start() : found.start() + end.end()]
    content, name = uudecode(block.encode("latin-1", "replace"))
    return text[: found.start()] + "\n" + text[found.start() + end.end() :], (name, content)
