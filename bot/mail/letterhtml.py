"""The HTML version of a letter: the same words as paragraphs, its links as links. No remote content, no script, no class names.

In: the letter's text and its buttons. Out: one small page that reads well in light and dark. Everything is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

LINK = re.compile(r"https?://[^\s<>\"'`\\]{1,2000}")
STYLE = (
    "<style>:root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (prefers-color-scheme:dark){.rrm-b{background:#8ab4f8!important;color:#10131a!important}}</style>"
)
PAGE = (
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.5;max-width:40em;margin:0;padding:16px"
)
BUTTON = (
    "display:inline-block;margin:4px 8px 4px 0;padding:10px 16px;border-radius:6px;"
    "background:#1f4e8c;color:#ffffff;text-decoration:none"
)


def letter_html(text: str, links: Sequence[tuple[str, str]], language: str) -> str:
    """A whole HTML page."""
    body, marker = _split(text)
    paragraphs = [_paragraph(part) for part in re.split(r"\n{2,}", body.strip("\n")) if part.strip()]
    buttons = "".join(f'<a class="rrm-b" style="{BUTTON}" href="{escape(link)}">{escape(label)}</a>' for label, link in links)
    return "\n".join(
        [
            f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f'<meta name="color-scheme" content="light dark">{STYLE}</head>',
            f'<body style="{PAGE}">',
            *paragraphs,
            *([f"<p>{buttons}</p>"] if buttons else []),
            *([f'<p style="font-size:13px">{escape(marker)}</p>'] if marker else []),
            "</body></html>",
            "",
        ]
    )


def _split(text: str) -> tuple[str, str]:
    from bot.mail.compose import plain_text, split_marker

    return split_marker(plain_text(text, ()))


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith(("- ", "• ")) for line in lines if line.strip()):
        items = "".join(f"<li>{_linked(line[2:])}</li>" for line in lines if line.strip())
        return f"<ul>{items}</ul>"
    if all(line.startswith(">") for line in lines):
        inner = "<br>\n".join(_linked(line[1:].removeprefix(" ")) for line in lines)
        return f'<blockquote style="margin:0 0 0 4px;padding:0 0 0 12px;border-left:3px solid #9aa0a6">{inner}</blockquote>'
    return "<p>" + "<br>\n".join(_linked(line) for line in lines) + "</p>"


def _linked(text: str) -> str:
    """Web addresses become links with themselves as text, so that nothing can pretend to lead elsewhere."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        address = found.group().rstrip(".,;:!?)]}»”’")
        pieces += [escape(text[end : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        end = found.start() + len(address)
    return "".join([*pieces, escape(text[end:])])
