"""A thumb instead of words: reactions that Gmail and Outlook send as mails.

In: the parts of a mail, or the words read from it. Out: the emoji alone, as if its sender had typed it.
"""

from __future__ import annotations

import json
import re

from bot.mail.wording import Wording

GMAIL = "text/vnd.google.email-reaction+json"
EMOJI = re.compile(
    r"[©®\u203c-\u3299\U0001f000-\U0001faff][\ufe0e\ufe0f\u200d\u20e3\U0001f000-\U0001faff\u2190-\u27bf\U000e0020-\U000e007f]*"
)
REACTED = Wording(
    r"reacted (?:to your|via)|hat (?:auf ihre|über) .{0,40}reagiert|reagierte|a réagi (?:à|via)|ha reagito (?:al|tramite)"
    r"|reazione (?:tramite|con|via|al)|réaction (?:via|à|avec)|reacción (?:mediante|a|con)|αντίδραση|reacția|reakciju|reacted"
    r"|(?:ha )?reaccion(?:ó|ado) (?:a|mediante|desde|con)|αντέδρασε|a reacționat (?:la|prin)|(?:je reagirao|je reagirala|reagira)"
    r"|(?:tepki verdi|ile tepki)|heeft (?:via|gereageerd)|reagerade|reagoi|zareagował"
)
MOST_WORDS = 14


def gmail_reaction(content: bytes) -> str:
    """The emoji of Gmail's `{"emoji": "👍", "version": 1}`, or "" for anything else."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    emoji = said.get("emoji") if isinstance(said, dict) else None
    return emoji if isinstance(emoji, str) and EMOJI.fullmatch(emoji) and len(emoji) <= 32 else ""


def told_reaction(text: str) -> str:
    """The emoji in "👍 Desk of City reacted to your message:" and nothing more, or ""."""
    bare = re.sub(r"<?https?://\S+", " ", text)
    found = EMOJI.findall(bare)
    return found[0] if len(found) == 1 and len(bare.split()) <= MOST_WORDS and REACTED.search(bare) else ""
