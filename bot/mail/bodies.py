"""What a mail says and what it carries: the plain and HTML versions of its text, and its files.

In: the tree of parts. Out: a `Body`. Text parts that follow each other belong together (Apple Mail puts files between them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.mail.charsets import decode
from bot.mail.filenames import safe_name
from bot.mail.html import html_lines
from bot.mail.leaftext import ENCRYPTED, MAX_TEXT, read_leaf, text_of
from bot.mail.mime import Part, TooMuch, read_tree
from bot.mail.reactions import GMAIL, gmail_reaction
from bot.mail.wrapped import read_signed, read_tnef
from routing.values import AttachedFile

TEXT_TYPES = ("text/plain", "text/html", "text/enriched", "text/markdown", "text/watch-html")
CERTIFIED = ("posta-certificata", "errore")
MAX_FILES = 100


@dataclass(slots=True)
class Body:
    """`plain` and `html` are the same text twice when both are there. `calendar` is the method of an invitation.

    `reaction` is the emoji somebody chose instead of writing.
    """

    plain: str = ""
    html: str = ""
    files: list[AttachedFile] = field(default_factory=list)
    attached_mails: list[Part] = field(default_factory=list)
    calendar: str = ""
    reaction: str = ""
    held: str | None = None
    has_plain: bool = False
    has_html: bool = False
    cut_short: bool = False


@dataclass(slots=True)
class _Text:
    plain: str | None = None
    html: str | None = None


def read_body(root: Part) -> Body:
    """Raises TooMuch when a mail wrapped in a signature passes the bounds."""
    body = Body()
    texts = _collect(root, body)
    if root.headers.raw("x-trasporto").strip().lower() in CERTIFIED:
        texts = _inside_certified(body) or texts
    if not any(map(_says_something, texts)):
        texts = _text_from_file(body) or texts
    body.has_plain = any(text.plain is not None for text in texts)
    body.has_html = any(text.html is not None for text in texts)
    body.plain = (
        "\n\n".join(text.plain if text.plain is not None else _as_plain(text.html or "") for text in texts)
        if body.has_plain
        else ""
    )
    body.html = (
        "\n".join(text.html if text.html is not None else _as_html(text.plain or "") for text in texts) if body.has_html else ""
    )
    return body


def _says_something(text: _Text) -> bool:
    """Whether there is more than white space, which clients put beside a file that is all they were to send."""
    return bool((text.plain or "").strip() or (text.html and _as_plain(text.html).strip()))


def _inside_certified(body: Body) -> list[_Text]:
    """Italian certified mail (PEC) carries the person's mail as an attachment, and so does what reached a PEC from outside."""
    mail = next(iter(body.attached_mails), None)
    return _collect(mail.children[0], body) if mail is not None else []


def _as_plain(html: str) -> str:
    return "\n".join(line.raw for line in html_lines(html))


def _as_html(plain: str) -> str:
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;")
    return "<div>" + "<br>".join(escaped.split("\n")) + "</div>"


def _collect(root: Part, body: Body) -> list[_Text]:
    """Iterative, in mail order; alternatives are one text in several forms."""
    texts: list[_Text] = []
    waiting: list[tuple[Part, _Text | None]] = [(root, None)]
    while waiting:
        part, alternative = waiting.pop()
        if part.is_multipart and part.children:
            shared = _Text() if part.media_type == "multipart/alternative" and alternative is None else alternative
            if shared is not None and shared is not alternative:
                texts.append(shared)
            waiting.extend((child, shared) for child in reversed(_worth_reading(part, body)))
            continue
        _leaf(part, alternative, texts, body)
    return texts


def _worth_reading(part: Part, body: Body) -> list[Part]:
    if part.media_type == "multipart/encrypted":
        body.held = body.held or ENCRYPTED
        return []
    if part.media_type == "multipart/appledouble":
        return part.children[1:]
    return part.children


def _leaf(part: Part, alternative: _Text | None, texts: list[_Text], body: Body) -> None:
    kind = part.media_type
    if kind in TEXT_TYPES and _is_body(part):
        _add_text(part, alternative, texts, body)
    elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or part.file_name.lower() == "winmail.dat":
        _add_tnef(part, texts, body)
    elif kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        _add_signed(part, texts, body)
    elif kind == GMAIL:
        body.reaction = body.reaction or gmail_reaction(part.content())
    elif kind == "text/calendar":
        _add_calendar(part, body)
    elif kind.startswith("message/") and part.children:
        body.attached_mails.append(part)
        _add_file(body, part.file_name or "message.eml", "message/rfc822", part.content())
    elif kind not in (
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "message/delivery-status",
        "text/x-amp-html",
    ):
        _add_file(body, part.file_name, kind, part.content())


def _is_body(part: Part) -> bool:
    return part.disposition != "attachment" and (not part.file_name or part.depth == 0)


def _add_text(part: Part, alternative: _Text | None, texts: list[_Text], body: Body) -> None:
    leaf = read_leaf(part)
    body.held, body.cut_short = body.held or leaf.held, body.cut_short or leaf.cut_short
    if leaf.file is not None:
        _add_file(body, leaf.file[0], "application/octet-stream", leaf.file[1])
    target = alternative if alternative is not None else _Text()
    if alternative is None:
        texts.append(target)
    if leaf.is_html:
        target.html = leaf.text if target.html is None else f"{target.html}\n{leaf.text}"
    else:
        target.plain = leaf.text if target.plain is None else f"{target.plain}\n\n{leaf.text}"


def _add_tnef(part: Part, texts: list[_Text], body: Body) -> None:
    found = read_tnef(part.content())
    written = any(map(_says_something, texts))
    if found is None or not (written or found.text or found.html or found.files):
        _add_file(body, part.file_name or "winmail.dat", "application/ms-tnef", part.content())
        return
    if not written and (found.text or found.html):
        texts.append(_Text(found.text or None, found.html or None))
    for name, content in found.files:
        _add_file(body, name, "application/octet-stream", content)


def _add_signed(part: Part, texts: list[_Text], body: Body) -> None:
    inner = read_signed(part.content())
    if inner is None or part.depth > 10:
        body.held = body.held or ENCRYPTED
        return
    tree = read_tree(inner)
    if sum(1 for _ in tree.walk()) > 100:
        raise TooMuch("too many parts inside the signature")
    tree.depth = part.depth + 1
    texts.extend(_collect(tree, body))


def _add_calendar(part: Part, body: Body) -> None:
    text = text_of(part)
    found = re.search(r"^METHOD:\s*([A-Za-z-]{1,30})", text, re.MULTILINE | re.IGNORECASE)
    method = part.params.get("method") or (found.group(1) if found else "")
    if part.disposition != "attachment":
        body.calendar = body.calendar or (method.upper() or "PUBLISH")
    _add_file(body, part.file_name or "invite.ics", "text/calendar", part.content())


def _text_from_file(body: Body) -> list[_Text]:
    """Nothing but a text file: some clients name the body. A forwarded mail with no word of its own speaks for itself."""
    for file in body.files:
        if file.media_type in ("text/plain", "text/html"):
            text = decode(file.content[: MAX_TEXT * 2], None)
            return [_Text(html=text)] if file.media_type == "text/html" else [_Text(plain=text)]
    for mail in body.attached_mails:
        inner = Body()
        texts = _collect(mail.children[0], inner)
        if any(map(_says_something, texts)):
            return texts
    return []


def _add_file(body: Body, name: str, media_type: str, content: bytes) -> None:
    if len(body.files) < MAX_FILES:
        body.files.append(AttachedFile(safe_name(name), media_type, content))
