"""Quote headers of several lines: From, Sent, To, Subject in any language, as Outlook and its likes write them.

In: lines. Out: the `QuoteHeader` of the block that starts at a line, if one does. A table of one's own with such labels is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.mail.lexicon import FROM, LABELS, MESSAGE, ORIGINAL, SENT, SUBJECT, TO
from bot.mail.lines import Line, visible
from bot.mail.shapes import (
    ADDRESS,
    DATE,
    IN_BRACKETS,
    LABEL,
    NUMERIC_DATE,
    RULE,
    TIME,
    Hints,
    QuoteHeader,
    core_subject,
    last_with_text,
    next_with_text,
    quoted_next,
)  # fmt: skip

RUN_ON = re.compile(r"(?:^|(?<=\s))\*{0,2}(de la|[^\W\d_]+)\s?:\*{0,2}(?=\s)", re.IGNORECASE)
MAX_LINE = 600


def block_at(lines: Sequence[Line], at: int, floor: int, hints: Hints) -> QuoteHeader | bool:
    """Three or more `Word: value` lines that name a writer and a moment."""
    block = block_lines(lines, at)
    if _in_one_line(visible(lines[at].text)):
        return QuoteHeader(_with_rule_above(lines, at, floor), at + 1, not quoted_next(lines, at + 1), "header-block")
    if len(block) < 3:
        return _without_colons(lines, at, floor)
    start = _with_rule_above(lines, at, floor)
    if not is_block(block, hints, start < at) or _starts_later(block, hints):
        return False
    end = block[-1][0] + 1
    return QuoteHeader(start, end, not quoted_next(lines, end), "header-block")


def _in_one_line(text: str) -> bool:
    """`From: Desk <a@b.example> Sent: 18 November 2026 15:12 To: … Subject: …`, as converters of HTML leave it."""
    found = [hit for hit in RUN_ON.finditer(text[:MAX_LINE]) if hit.group(1).lower() in LABELS]
    if len(found) < 3 or found[0].start() > 2 or found[0].group(1).lower() not in FROM or not ADDRESS.search(text):
        return False
    ends = [*(hit.start() for hit in found[1:]), len(text)]
    told = [(hit.group(1).lower(), text[hit.end() : end]) for hit, end in zip(found, ends, strict=True)]
    return any(label in SENT and DATE.search(value) for label, value in told) and any(label in TO | SUBJECT for label, _ in told)


def _without_colons(lines: Sequence[Line], at: int, floor: int) -> QuoteHeader | bool:
    """`Da "Desk" a@b.example`, `A …`, `Data …`, `Oggetto …` on lines in a row: a writer, a moment, a subject."""
    told: list[tuple[str, str]] = []
    while at + len(told) < len(lines) and len(told) < 8:
        line = lines[at + len(told)]
        label, _, value = visible(line.text).partition(" ")
        if line.depth or label.lower() not in LABELS:
            break
        told.append((label.lower(), value))
    if len(told) < 3 or told[0][0] not in FROM or not ADDRESS.search(told[0][1]):
        return False
    if not any(label in SENT and _full_date(value) for label, value in told) or not any(label in SUBJECT for label, _ in told):
        return False
    end = at + len(told)
    return QuoteHeader(_with_rule_above(lines, at, floor), end, not quoted_next(lines, end), "header-block")


def labels_above(lines: Sequence[Line], at: int, floor: int) -> int:
    """Where a header begins above whose last line a recipient and a subject stand, each closed by a semicolon (Yandex)."""
    first = at
    while first > floor and (found := LABEL.match(visible(lines[first - 1].text))) and not lines[first - 1].depth:
        if found.group(1).strip(" *_").lower() not in TO | SUBJECT or not found.group(2).rstrip().endswith(";"):
            break
        first -= 1
    return _with_rule_above(lines, first, floor) if first < at else at


def block_lines(lines: Sequence[Line], at: int) -> list[tuple[int, str, str]]:
    """(line number, label, value) of the block that starts here; single blank lines and wrapped values are allowed in it."""
    block: list[tuple[int, str, str]] = []
    gaps = 0
    for number in range(at, min(at + 16, len(lines))):
        line = lines[number]
        if line.depth:
            break
        text = visible(line.text)
        found = LABEL.match(text)
        if found and len(found.group(1).split()) <= 3:
            block.append((number, found.group(1).strip(" *_").lower(), found.group(2).strip(" *_")))
            gaps = 0
        elif not block or gaps or (text and not _goes_on(block[-1], text, number)):
            break
        else:
            gaps += 1 if not text else 0
    return block


def _goes_on(last: tuple[int, str, str], text: str, number: int) -> bool:
    """A long list of recipients or a long subject wraps; anything else ends the block."""
    if number - last[0] > 3:
        return False
    if any(last[2].count(a) > last[2].count(b) for a, b in ("<>", "[]")):
        return True
    if last[1] in FROM:  # a long name, and the address on a line of its own
        return text.startswith("<") and IN_BRACKETS.match(text) is not None
    return "@" in text or ";" in text or last[1] in SUBJECT | TO


def is_block(block: list[tuple[int, str, str]], hints: Hints, after_rule: bool) -> bool:
    labels = [label for _, label, _ in block]
    roles = (("from", FROM), ("sent", SENT), ("to", TO), ("subject", SUBJECT))
    known = {role for label in labels for role, words in roles if label in words}
    if not _names_letter(block, hints):
        return False
    if len(block) >= 3 and labels[0] in LABELS and "from" in known and len(known) >= 3:
        return True
    if len(block) >= 2 and after_rule and "from" in known and len(known) >= 2:
        return True
    return len(block) >= 4 and _block_shape(block, hints, after_rule)


def _starts_later(block: list[tuple[int, str, str]], hints: Hints) -> bool:
    """The first line is one's own ("Cost: 12.000") and the header follows it."""
    (first, label, value), (second, next_label, _) = block[0], block[1]
    set_apart = next_label in LABELS or second > first + 1 or not value
    return label not in LABELS and set_apart and is_block(block[1:], hints, False)


def _names_letter(block: list[tuple[int, str, str]], hints: Hints) -> bool:
    """An address, a full date, or our own subject: a table of one's own may have the same labels, but hardly these values."""
    values = [value for _, _, value in block]
    return (
        any(ADDRESS.search(value) for value in values)
        or any(label in SENT and _full_date(value) for _, label, value in block)
        or _has_subject(values, hints)
    )


def _full_date(value: str) -> bool:
    return bool(DATE.search(value) and TIME.search(value)) or NUMERIC_DATE.search(value) is not None


def _has_subject(values: list[str], hints: Hints) -> bool:
    return len(hints.subject) > 5 and any(core_subject(value) == hints.subject for value in values)


def _block_shape(block: list[tuple[int, str, str]], hints: Hints, after_rule: bool) -> bool:
    """For languages whose words we do not know: a moment and a writer, and something that ties them to our correspondence."""
    values = [value for _, _, value in block]
    has_moment = any(DATE.search(value) and TIME.search(value) for value in values)
    writer = any(ADDRESS.search(value) for value in values[:2]) or any(hints.names_us(value) for value in values)
    several = sum(1 for value in values if IN_BRACKETS.search(value)) >= 2
    tied = after_rule or several or _has_subject(values, hints) or any(hints.names_us(value) for value in values)
    return bool(has_moment and writer and tied)


def _with_rule_above(lines: Sequence[Line], at: int, floor: int) -> int:
    before = last_with_text(lines, at, floor)
    return before if before is not None and _opens(lines[before].text.strip()) else at


def _opens(text: str) -> bool:
    """A rule, or "Original message" that has lost its dashes."""
    if RULE.fullmatch(text):
        return True
    return len(text.split()) <= 3 and ORIGINAL.search(text) is not None and MESSAGE.search(text) is not None


def block_end(lines: Sequence[Line], at: int) -> int:
    first = next_with_text(lines, at)
    block = block_lines(lines, first)
    return block[-1][0] + 1 if len(block) >= 2 else at
