"""HTML mail as lines of plain text that keep what the markup says about quoting and signatures.

In: HTML of any quality. Out: `Line`s; quoted blocks carry `> `, the clients' own containers become marks.
Hidden text, styles, scripts and remote content never get through. The walk is iterative: depth costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.mail.clients import ORIGINAL_RULE, SPLIT_NAMES, is_quote, mark_of
from bot.mail.lines import Line, Mark, plain_lines, to_line
from bot.mail.markup import COLOUR, is_tint, is_too_deep, prepared, stripped
from bot.mail.writer import Writer

BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
        "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "caption",
    )
)  # fmt: skip
SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl"])
SILENT = frozenset(
    (
        "head", "script", "style", "title", "meta", "link", "template", "noscript", "object", "embed", "iframe", "svg",
        "math", "applet", "param", "select", "option", "button", "textarea", "audio", "video", "base", "xml",
    )
)  # fmt: skip
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|"
    r"(?:max-)?height\s*:\s*0(?:px)?\s*;.*overflow\s*:\s*hidden",
    re.IGNORECASE,
)

WEB = re.compile(r"https?://", re.IGNORECASE)
MAX_NODES = 200_000
CUT_SIGN = "[…]"  # the last line when there was too much to read


def html_lines(html: str) -> list[Line]:
    """The visible text of `html`, line by line."""
    if is_too_deep(html):
        return plain_lines(stripped(html))
    body = LexborHTMLParser(prepared(html)).body
    writer = Writer()
    if body is not None:
        _walk(body, writer)
    writer.line_end()
    return _with_typed_marks(writer.lines)


def _with_typed_marks(lines: list[Line]) -> list[Line]:
    """Two or more lines in a row that begin with `>` are quoted as in plain text: some webmail writes the marks as letters."""
    typed = [False, *(not line.depth and line.mark is Mark.NONE and line.raw.startswith(">") for line in lines), False]
    return [
        to_line(line.raw) if typed[at] and (typed[at - 1] or typed[at + 1]) else line for at, line in enumerate(lines, start=1)
    ]


def _walk(root: Any, writer: Writer) -> None:
    """Depth-first by links, so that a million nested tags need no stack of ours. Leaves are written on the way in."""
    node, undo, count = root, [], 0
    while node is not None and count < MAX_NODES:
        count += 1
        leave = _enter(node, writer)
        child = node.child if leave is not None else None
        if child is not None:
            undo.append(leave)
            node = child
            continue
        if leave is not None:
            _leave(leave, writer)
        node = _onwards(node, root, undo, writer)
    if node is not None:
        writer.line_end()
        writer.put(CUT_SIGN)


def _onwards(node: Any, root: Any, undo: list[Any], writer: Writer) -> Any:
    while node is not None and node.mem_id != root.mem_id:
        if node.next is not None:
            return node.next
        node = node.parent
        if undo:
            _leave(undo.pop(), writer)
    return None


@dataclass(slots=True)
class _Leave:
    """What has to be undone or written when an element ends."""

    tag: str
    mark: bool = False
    depth: int = 0
    link: str = ""
    started: int = 0
    tint: bool = False


def _enter(node: Any, writer: Writer) -> _Leave | None:
    """Writes what comes before the element's content. None: skip its content."""
    tag = node.tag
    if tag == "-text":
        writer.add(node.text_content or "")
        return None
    if tag is None or tag.startswith(("-", "!", "_")) or tag in SILENT:
        return None
    attributes = node.attributes
    if HIDDEN.search(attributes.get("style") or "") or "hidden" in attributes:
        return None
    if tag == "br":
        writer.line_end(force=True)
        return None
    if tag == "img":
        _image(attributes, writer)
        return None
    return _element(node, tag, attributes, writer)


def _image(attributes: dict[str, str | None], writer: Writer) -> None:
    """Clients send emoji as pictures; other pictures say nothing in text."""
    alt = (attributes.get("alt") or "").strip()
    if 0 < len(alt) <= 8 and any(ord(letter) > 0x2190 for letter in alt):
        writer.add(alt)


def _element(node: Any, tag: str, attributes: dict[str, str | None], writer: Writer) -> _Leave:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('name') or ''}".replace("x_", "")
    style = attributes.get("style") or ""
    leave = _Leave(tag)
    if tag in BLOCKS:
        _block_start(tag, names, writer)
    if SPLIT_NAMES.search(names) or (tag == "div" and ORIGINAL_RULE.search(style)):
        writer.line_end()
        writer.split = True
    if tag == "hr":
        writer.line_end()
        writer.put("_" * 32)
    mark = mark_of(tag, names, attributes)
    if mark is not Mark.NONE:
        writer.line_end()
        writer.marks.append(mark)
        leave.mark = True
    if tag == "blockquote" and is_quote(node, names, attributes, style):
        writer.gap()
        writer.depth += 1
        leave.depth = 1
    if tag == "pre" or "white-space:pre" in style.replace(" ", ""):
        writer.preformatted += 1
        leave.tag = "pre"
    colour = COLOUR.search(style)
    named = colour.group(1) if colour else attributes.get("color") if tag == "font" else None
    if named:
        writer.tints.append(is_tint(named.strip()))
        leave.tint = True
    if tag == "a":
        writer.links += 1
        leave.link, leave.started = (attributes.get("href") or "").strip(), len(writer.pieces)
    return leave


def _block_start(tag: str, names: str, writer: Writer) -> None:
    if tag in ("tr",):
        writer.line_end()
    elif (
        tag in SPACED
        and "MsoNormal" not in names
        and "MsoListParagraph" not in names
        and "MsoPlainText" not in names
        and not (tag in ("ul", "ol") and writer.lists)
    ):
        writer.gap()
    else:
        writer.line_end()
    if tag in ("ul", "ol"):
        writer.lists.append(0 if tag == "ol" else -1)
    if tag == "li":
        _bullet(writer)


def _bullet(writer: Writer) -> None:
    indent = "  " * min(len(writer.lists) - 1, 8)
    if writer.lists and writer.lists[-1] >= 0:
        writer.lists[-1] += 1
        writer.bullet = f"{indent}{writer.lists[-1]}. "
    else:
        writer.bullet = f"{indent}- "


def _leave(leave: _Leave, writer: Writer) -> None:
    if leave.link:
        _link_end(leave, writer)
    if leave.tag == "a":
        writer.links -= 1
    if leave.tint:
        writer.tints.pop()
    if leave.tag in ("td", "th"):
        writer.pieces.append("\t")
    if leave.tag in BLOCKS:
        if leave.tag in SPACED and leave.tag not in ("p",) and not (leave.tag in ("ul", "ol") and len(writer.lists) > 1):
            writer.gap()
        else:
            writer.line_end()
    if leave.tag in ("ul", "ol") and writer.lists:
        writer.lists.pop()
    if leave.tag == "pre":
        writer.line_end()
        writer.preformatted -= 1
    if leave.depth:
        writer.line_end()
        writer.depth -= leave.depth
    if leave.mark:
        writer.line_end()
        writer.marks.pop()


def _link_end(leave: _Leave, writer: Writer) -> None:
    """`here <https://…>`: the target of a link is often the very answer."""
    text = "".join(writer.pieces[leave.started :]).strip()
    if not WEB.match(leave.link) or not text:
        return
    bare = re.sub(r"^https?://(?:www\.)?|/$", "", leave.link, flags=re.IGNORECASE)
    shown = re.sub(r"^https?://(?:www\.)?|/$", "", text, flags=re.IGNORECASE)
    if bare.lower() != shown.lower():
        writer.pieces.append(f" <{leave.link[:2000]}>")
