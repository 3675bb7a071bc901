"""The HTML version of a letter: the same words as paragraphs, its links as links. No remote content, no script, no class names.

In: the letter's text and its buttons. Out: one small page that reads well in light and dark. Everything is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from bot.mail.lettertext import plain_text, split_marker
from routing.letters import Line, Part, lines_of, paragraphs_of

LIST = ("- ", "• ")
LINK = re.compile(r"https?://[^\s<>\"'`\\]{1,2000}")
NUMBER = re.compile(r"\b20\d\d-\d{4,6}\b")
STYLE = (
    "<style>:root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (prefers-color-scheme:dark){.rrm-b{background:#8ab4f8!important;color:#10131a!important}"
    ".rrm-q{background:#1d2530!important;color:#e7ecf2!important}}"
    "@media (max-width:480px){.rrm-b{display:block!important;margin:8px 0!important;text-align:center}}</style>"
)
PAGE = (
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.55;max-width:38em;margin:0 auto;padding:20px 16px 24px;"
    "border-top:4px solid #1f4e8c;overflow-wrap:anywhere"
)
QUOTE = "margin:0;padding:12px 14px;border-left:3px solid #1f4e8c;border-radius:4px;background:#f1f4f8;color:#1c2733"
RULE = "border:0;border-top:1px solid #c3cbd5;margin:20px 0"
SMALL = "font-size:13px;color:#6b7684"
BUTTON = (
    "display:inline-block;margin:4px 8px 4px 0;padding:12px 18px;border-radius:8px;"
    "background:#1f4e8c;color:#ffffff;font-weight:600;text-decoration:none"
)


def letter_html(text: str, links: Sequence[tuple[str, str]], language: str) -> str:
    """A whole HTML page."""
    body, marker = split_marker(plain_text(text, ()))
    paragraphs = [_paragraph(lines) for lines in paragraphs_of(lines_of(body))]
    buttons = "".join(f'<a class="rrm-b" style="{BUTTON}" href="{escape(link)}">{escape(label)}</a>' for label, link in links)
    return "\n".join(
        [
            f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f'<meta name="color-scheme" content="light dark">{STYLE}</head>',
            f'<body style="{PAGE}">',
            *paragraphs,
            *([f"<p>{buttons}</p>"] if buttons else []),
            *([f'<p style="{SMALL}">{escape(marker)}</p>'] if marker else []),
            "</body></html>",
            "",
        ]
    )


def _paragraph(lines: list[Line]) -> str:
    """Each paragraph and each quoted line finds its own direction: Arabic or Hebrew words turn no line but their own."""
    if lines[0].part is Part.RULE:
        return f'<hr style="{RULE}">'
    if lines[0].part is Part.QUOTE:
        inner = "\n".join(f'<div dir="auto">{_linked(line.text[1:].removeprefix(" ")) or "<br>"}</div>' for line in lines)
        return f'<blockquote class="rrm-q" style="{QUOTE}">{inner}</blockquote>'
    is_item = [line.text.startswith(LIST) for line in lines]
    first_item = is_item.index(True) if any(is_item) else len(lines)
    head, items = (lines[:first_item], lines[first_item:]) if all(is_item[first_item:]) else (lines, [])
    told = '<p dir="auto">' + "<br>\n".join(map(_line, head)) + "</p>" if head else ""
    listed = "".join(f'<li dir="auto">{_linked(line.text[2:])}</li>' for line in items)
    return told + (f"<ul>{listed}</ul>" if items else "")


def _line(line: Line) -> str:
    strong, rest = line.text[: line.strong], line.text[line.strong :]
    return (f"<strong>{_linked(strong)}</strong>" if strong else "") + _linked(rest)


def _linked(text: str) -> str:
    """Web addresses become links with themselves as text, so that nothing can pretend to lead elsewhere."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        address = found.group().rstrip(".,;:!?)]}»”’")
        pieces += [_words(text[end : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        end = found.start() + len(address)
    return "".join([*pieces, _words(text[end:])])


def _words(text: str) -> str:
    """Escaped; the number of a question is not torn apart at the end of a line, for people type it and read it out."""
    return NUMBER.sub(r'<span style="white-space:nowrap">\g<0></span>', escape(text))
