"""What mail clients call the containers in which they put quote headers, quoted letters and signatures, and what they mean."""

from __future__ import annotations

import re
from typing import Any

from bot.mail.lines import Mark
from bot.mail.shapes import ADDRESS, DATE, TIME

# Containers as the clients name them; Outlook on the web puts `x_` before names in what it quotes.
HEADER_NAMES = re.compile(
    r"\b(?:gmail_attr|moz-cite-prefix|moz-email-headers-table|reply-intro|yahoo-quoted-header|qt_header|"
    r"mail_quote_header|mailbird-quote-header|cite-prefix|protonmail_quote_header)\b"
)
SPLIT_NAMES = re.compile(
    r"\b(?:divRplyFwdMsg|appendonsend|replySplit|stopSpelling|zwchr|OLK_SRC_BODY_SECTION|"
    r"mail-editor-reference-message-container|ms-outlook-mobile-reference-message"
    r"|isReplyContent|isForwardContent|yahoo_quoted|ydp[0-9a-f]+yahoo_quoted|zmail_extra|moz-forward-container|"
    r"reply-original|messageReplySection|originalMessage|MsgHeader_quote|spark_quote"
    r"|front-blockquote|sh-quoted-content|edo-reply-quote|lotus_quote|qqmail_quote|foxmail_quote|isNetEaseReply|"
    r"divNeteaseMailCard_quote)\b"
)
QUOTE_NAMES = re.compile(
    r"\b(?:gmail_quote|moz-cite|protonmail_quote|tutanota_quote|cite|quoted|uik-blockquote|iosymail|skiff_quote|"
    r"freemail_quote|mail_quote|qt|mailQuote|hey_quote)\b"
)
SIGNATURE_NAMES = re.compile(
    r"\b(?:(?:[a-z0-9]+[-_])*signature(?:[-_](?:block|container|section|empty|user))*|[a-z]*Signature(?:Section|Container|Block)?"
    r"|protonmail_signature_block[\w-]*|_rc_sig)\b"
)
ORIGINAL_RULE = re.compile(
    r"border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df|cccccc|b5c4df)\s+1(?:\.0)?pt|border-top\s*:\s*#(?:b5c4df|"
    r"e1e1e1)\s+1(?:\.0)?pt\s+solid",
    re.IGNORECASE,
)
QUOTE_STYLE = re.compile(
    r"border-left(?:-width|-style|-color)?\s*:\s*(?!none|0|medium\s+none|initial)[^;]*(?:solid|[1-9][\d.]*\s*p[xt])|"
    r"margin\s*:\s*0(?:px)?\s+0(?:px)?\s+0(?:px)?\s+\.8ex",
    re.IGNORECASE,
)


def mark_of(tag: str, names: str, attributes: dict[str, str | None]) -> Mark:
    if HEADER_NAMES.search(names):
        return Mark.HEADER
    smart = attributes.get("data-smartmail") or attributes.get("data-marker") or ""
    if smart in ("gmail_signature", "__SIG_PRE__", "__SIG_POST__") or (SIGNATURE_NAMES.search(names) and tag != "p"):
        return Mark.SIGNATURE
    return Mark.NONE


def is_quote(node: Any, names: str, attributes: dict[str, str | None], style: str) -> bool:
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
    if text.endswith((":", "：")):
        return re.search(r"\d|@", text) is not None
    return all(sign.search(text) for sign in (ADDRESS, DATE, TIME)) and TIME.search(text[-12:]) is not None
