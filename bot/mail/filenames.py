"""File names of strangers, made fit to be shown and downloaded under."""

from __future__ import annotations

import re

from bot.mail.headers import CONTROL

RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u061c]")


def safe_name(name: str) -> str:
    """A name to show and download under, never to store under: no path, no control or direction characters, <= 120 letters."""
    name = CONTROL.sub("", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = UNSAFE.sub("_", UNSAFE.sub("", name) if any(letter in name for letter in "\u200b\u202e") else name).strip(" .")
    if len(name) > 120:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:110]}.{ending[:9]}" if dot and len(ending) < 10 else name[:120]
    return f"_{name}" if RESERVED.match(name) else name or "file"
