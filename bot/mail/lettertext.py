"""The plain text of a letter as a mail carries it: its links in a list, the line with the reply token last."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.mail.headers import CONTROL


def plain_text(text: str, links: Sequence[tuple[str, str]]) -> str:
    """The letter with its links; they stand above the last line, which carries the reply token."""
    text = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text)
    text = "".join(letter for letter in text if letter in "\n\t" or not CONTROL.match(letter) or letter in "\u200e\u200f")
    if not links:
        return text.rstrip("\n") + "\n"
    listed = "\n".join(f"{label}:\n{link}\n" for label, link in links)
    body, marker = split_marker(text)
    return "\n\n".join(part for part in (body.rstrip(), listed.rstrip(), marker) if part) + "\n"


def split_marker(text: str) -> tuple[str, str]:
    """(letter, its last line if that carries a reply token)"""
    body, _, last = text.rstrip().rpartition("\n")
    return (body, last) if re.search(r"ref:[a-z0-9]{20,}\s*$", last) else (text, "")
