"""A server's words made fit to be kept: one line, short, and without the secrets a server may echo when it refuses them."""

from __future__ import annotations

import base64
import re

from bot.secrets import Secret

LONGEST = 300
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def scrub(text: str, *secrets: Secret | None) -> str:
    """`text` on one printable line of at most 300 characters, each secret (also its base64 form) replaced by ``***``."""
    line = _CONTROLS.sub(" ", text)
    for secret in filter(None, secrets):
        for form in _forms(secret.reveal()):
            line = line.replace(form, "***")
    return line.strip()[:LONGEST]


def _forms(value: str) -> list[str]:
    """How a secret may be written back: as it is, and in base64 (AUTH LOGIN sends it so)."""
    return [value, base64.b64encode(value.encode()).decode()]
