"""HTML mail as lines of plain text that keep what the markup says about quoting and signatures.

In: HTML of any quality. Out: `Line`s; quoted blocks carry `> `, the clients' own containers become marks.
Hidden text, styles, scripts and remote content never get through. The walk is iterative: depth costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.mail.clients import (
    HEADER_NAMES,
    ORIGINAL_RULE,
    QUOTE_NAMES,
    QUOTE_STYLE,
    SIGNATURE_NAMES,
    SPLIT_NAMES,
)  # fmt: skip
from bot.mail.lines import Line, Mark, plain_lines

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

# Colours that say "this is mine": neither black, white, grey, nor the navy in which Outlook writes every reply.
COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]{1,60})", re.IGNORECASE)
HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\Z", re.IGNORECASE)
RGB = re.compile(r"rgba?\(\s*(\d{1,3})\D+(\d{1,3})\D+(\d{1,3})", re.IGNORECASE)
NAMED = re.compile(r"(?:dark|medium|light)?(?:red|blue|green|orange|purple|magenta|crimson|fuchsia|teal|brown|maroon|violet)\Z")
NAVY = (0x1F, 0x49, 0x7D)
SPACE = re.compile(r"[ \t\r\n\f]+")
WEB = re.compile(r"https?://", re.IGNORECASE)
MAX_NODES = 200_000
MAX_DEPTH = 1_000
CUT_SIGN = "[…]"  # the last line when there was too much to read
OPEN_OR_CLOSE = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})")
NEVER_DEEP = frozenset(
    (
        "br", "hr", "img", "meta", "link", "input", "col", "wbr", "area", "base", "source", "p", "li", "td", "th", "tr",
        "dt", "dd", "option", "tbody", "thead", "o:p",
    )
)  # fmt: skip


@dataclass(slots=True)
class _Writer:
    """Collects text into lines. `depth` is the quoting depth, `marks` the containers we are in."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    depth: int = 0
    marks: list[Mark] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    preformatted: int = 0
    split: bool = False
    bullet: str = ""
    tints: list[bool] = field(default_factory=list)
    links: int = 0
    tinted: int = 0

    def add(self, text: str) -> None:
        if self.preformatted:
            *full, rest = text.split("\n")
            for piece in full:
                self.pieces.append(piece)
                self.line_end(force=True)
            self.pieces.append(rest)
            return
        text = SPACE.sub(" ", text)
        if self.tints and self.tints[-1] and not self.links:
            self.tinted += len(text.strip())
        if text == " " and (not self.pieces or self.pieces[-1].endswith((" ", "\t"))):
            return
        self.pieces.append(text)

    def line_end(self, *, force: bool = False) -> None:
        whole = "".join(self.pieces)
        text = whole.rstrip() if self.preformatted else whole.strip(" \t\xa0")
        self.pieces = []
        if text or force:
            self.put(text)
        elif "\xa0" in whole and not self.bullet:
            # Outlook's empty line is a paragraph with a no-break space in it
            self.gap()

    def gap(self) -> None:
        self.line_end()
        if self.lines and not self.bullet and not (self.lines[-1].blank and self.lines[-1].depth == self.depth):
            self.put("")

    def put(self, text: str) -> None:
        if text and self.bullet:
            text, self.bullet = self.bullet + text, ""
        mark = self.marks[-1] if self.marks else Mark.NONE
        if self.split:
            mark, self.split = Mark.SPLIT, False
        raw = f"{'>' * self.depth} {text}".rstrip() if self.depth else text
        self.lines.append(Line(raw, text, self.depth, mark, len(text) > 0 and self.tinted * 2 > len(text)))
        self.tinted = 0


def html_lines(html: str) -> list[Line]:
    """The visible text of `html`, line by line."""
    if _is_too_deep(html):
        return plain_lines(_stripped(html))
    body = LexborHTMLParser(_prepared(html)).body
    writer = _Writer()
    if body is not None:
        _walk(body, writer)
    writer.line_end()
    return writer.lines


def _prepared(html: str) -> str:
    """Outlook's conditional comments hide list bullets and whole headers from everybody but Word; NULs end lexbor's text."""
    html = html.replace("\x00", "")
    return re.sub(r"<!\[(?:if|endif)[^\]>]{0,60}\]>|<\?xml[^>]{0,200}>", "", html)


def _is_too_deep(html: str) -> bool:
    """The parser needs time with the square of the depth; nobody writes a thousand elements into each other."""
    depth = deepest = 0
    for tag in OPEN_OR_CLOSE.finditer(html):
        if tag.group(2).lower() not in NEVER_DEEP:
            depth += -1 if tag.group(1) else 1
            deepest, depth = max(deepest, depth), max(depth, 0)
    return deepest > MAX_DEPTH


def _stripped(html: str) -> str:
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


def _walk(root: Any, writer: _Writer) -> None:
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


def _onwards(node: Any, root: Any, undo: list[Any], writer: _Writer) -> Any:
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


def _enter(node: Any, writer: _Writer) -> _Leave | None:
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


def _image(attributes: dict[str, str | None], writer: _Writer) -> None:
    """Clients send emoji as pictures; other pictures say nothing in text."""
    alt = (attributes.get("alt") or "").strip()
    if 0 < len(alt) <= 8 and any(ord(letter) > 0x2190 for letter in alt):
        writer.add(alt)


def _element(node: Any, tag: str, attributes: dict[str, str | None], writer: _Writer) -> _Leave:
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
    mark = _mark(tag, names, attributes)
    if mark is not Mark.NONE:
        writer.line_end()
        writer.marks.append(mark)
        leave.mark = True
    if tag == "blockquote" and _is_quote(node, names, attributes, style):
        writer.gap()
        writer.depth += 1
        leave.depth = 1
    if tag == "pre" or "white-space:pre" in style.replace(" ", ""):
        writer.preformatted += 1
        leave.tag = "pre"
    colour = COLOUR.search(style)
    named = colour.group(1) if colour else attributes.get("color") if tag == "font" else None
    if named:
        writer.tints.append(_is_tint(named.strip()))
        leave.tint = True
    if tag == "a":
        writer.links += 1
        leave.link, leave.started = (attributes.get("href") or "").strip(), len(writer.pieces)
    return leave


def _is_tint(colour: str) -> bool:
    found = HEX.match(colour) or RGB.match(colour)
    if not found:
        return NAMED.match(colour.lower()) is not None
    red, green, blue = (int(part, 16 if colour.startswith("#") else 10) for part in found.groups())
    return max(red, green, blue) - min(red, green, blue) > 80 and (red, green, blue) != NAVY


def _block_start(tag: str, names: str, writer: _Writer) -> None:
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


def _bullet(writer: _Writer) -> None:
    indent = "  " * min(len(writer.lists) - 1, 8)
    if writer.lists and writer.lists[-1] >= 0:
        writer.lists[-1] += 1
        writer.bullet = f"{indent}{writer.lists[-1]}. "
    else:
        writer.bullet = f"{indent}- "


def _mark(tag: str, names: str, attributes: dict[str, str | None]) -> Mark:
    if HEADER_NAMES.search(names):
        return Mark.HEADER
    smart = attributes.get("data-smartmail") or attributes.get("data-marker") or ""
    if smart in ("gmail_signature", "__SIG_PRE__", "__SIG_POST__") or (SIGNATURE_NAMES.search(names) and tag != "p"):
        return Mark.SIGNATURE
    return Mark.NONE


def _is_quote(node: Any, names: str, attributes: dict[str, str | None], style: str) -> bool:
    """A cited block, not one that somebody indented: the client says so, or a bar stands at its left, or a header above it."""
    if (attributes.get("type") or "").lower() == "cite" or attributes.get("cite") is not None or QUOTE_NAMES.search(names):
        return True
    if QUOTE_STYLE.search(style):
        return True
    before = node.prev
    while before is not None and before.tag in ("-text", "br") and not (before.text_content or "").strip():
        before = before.prev
    text = (
        before.text(deep=True)[-200:].strip()
        if before is not None and before.tag != "-text"
        else (before.text_content or "").strip()
        if before is not None
        else ""
    )
    return text.endswith((":", "：")) and bool(re.search(r"\d|@", text))


def _leave(leave: _Leave, writer: _Writer) -> None:
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


def _link_end(leave: _Leave, writer: _Writer) -> None:
    """`here <https://…>`: the target of a link is often the very answer."""
    text = "".join(writer.pieces[leave.started :]).strip()
    if not WEB.match(leave.link) or not text:
        return
    bare = re.sub(r"^https?://(?:www\.)?|/$", "", leave.link, flags=re.IGNORECASE)
    shown = re.sub(r"^https?://(?:www\.)?|/$", "", text, flags=re.IGNORECASE)
    if bare.lower() != shown.lower():
        writer.pieces.append(f" <{leave.link[:2000]}>")
