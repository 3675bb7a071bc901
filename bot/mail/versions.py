"""The sender's own words out of the plain and the HTML version of one mail, each a guard against the faults of the other.

In: the body and hints. Out: the `Reply`, and the whole text for whoever looks for more in it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from bot.mail.bodies import Body
from bot.mail.html import CUT_SIGN, html_lines
from bot.mail.lines import Line, plain_lines
from bot.mail.quotes import Reply, own_words_of
from bot.mail.reactions import told_reaction
from bot.mail.shapes import Hints

DIFFERENCE = 25
# "Bun? ziua": the plain version was written in a charset that lacks the letter
SWALLOWED = re.compile(r"[^\W\d_]\?[^\W\d_]|\?[^\W\d_]")


def read_reply(body: Body, hints: Hints) -> tuple[Reply, str]:
    """(the sender's own words, the whole text). Where both versions exist, each guards against cuts of the other."""
    reply, text = _own_words(body, hints)
    if emoji := body.reaction or told_reaction(reply.text):
        return Reply(emoji, f"{reply.text}\n\n{reply.cut}".strip(), None, reply.style), text
    if body.cut_short or f"{reply.text}{reply.cut}".endswith(CUT_SIGN):
        reply = replace(reply, review=reply.review or "the text is very long: only its beginning was read")
    return reply, text


def _own_words(body: Body, hints: Hints) -> tuple[Reply, str]:
    plain = plain_lines(body.plain) if body.has_plain else []
    html = html_lines(body.html) if body.has_html else []
    plain_words, html_words = _count(plain), _count(html)
    if not html_words or (plain_words and not body.has_html):
        return own_words_of(plain, hints), body.plain
    html_text = "\n".join(line.raw for line in html)
    if plain_words < html_words * 0.4 or (plain_words < html_words and _is_placeholder(plain, html)):
        return own_words_of(html, hints), html_text
    first, second = own_words_of(plain, hints), own_words_of(html, hints)
    return _better(first, second), body.plain


def _count(lines: list[Any]) -> int:
    return sum(len(line.text.split()) for line in lines)


def _is_placeholder(plain: list[Line], html: list[Line]) -> bool:
    """ "This message is in HTML format.": hardly a word of it stands in the other version."""
    words = Counter(word for line in plain for word in line.text.lower().split())
    shared = words & Counter(word for line in html for word in line.text.lower().split())
    return shared.total() * 3 < words.total()


def _cuts_more(one: Reply, other: Reply) -> bool:
    """Whether it is the beginning of the other, and the rest is what it has cut."""
    words, others = one.text.split(), other.text.split()
    rest = Counter(others[len(words) :])
    return bool(words and rest) and words == others[: len(words)] and not rest - Counter(one.cut.split())


def _better(plain: Reply, html: Reply) -> Reply:
    """The plain version, unless it was doubtful and the HTML was not, or it cut words that the HTML kept as the sender's own."""
    if plain.review and not html.review:
        return html
    if len(SWALLOWED.findall(plain.text)) > max(1, len(SWALLOWED.findall(html.text))):
        return html
    missing = Counter(html.text.split()) - Counter(plain.text.split())
    if html.review:
        return html if missing.total() >= DIFFERENCE else plain
    if _cuts_more(html, plain) and (plain.style == html.style or (plain.style, html.style) == ("plain", "top")):
        return html  # it still says where a signature begins, or a letter whose quote marks the plain version has lost
    if plain.style == html.style or missing.total() < DIFFERENCE:
        return plain
    return replace(html, review="the plain and the HTML version of this mail say different things")
