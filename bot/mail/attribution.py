"""Quote headers in a sentence: "On … wrote:" in any language, on one line or over several.

In: lines and what we know of the correspondence. Out: the `QuoteHeader` that starts at a line, if one does. It is found by its
shape (address, digits of a date and a time, closing colon, quoted lines after it); words only settle close calls.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.mail.blocks import labels_above
from bot.mail.dates import month_of
from bot.mail.lexicon import OPENING, WROTE, WROTE_ENDINGS, YOU_WROTE
from bot.mail.lines import Line, Mark, visible
from bot.mail.shapes import ADDRESS, COLON, DATE, IN_BRACKETS, TIME, Hints, QuoteHeader, quoted_next

DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
WORD = re.compile(r"[^\W\d_][\w().'’]*")
DATE_FIRST = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[ ,]+\d{1,2}:\d{2}(?::\d{2})?\s*(?:GMT|UTC)\s?[+-]\d{1,2}:?\d{2}\s+[^\s\W_a-z]\S*(?: \S+){0,4}"
)
GENDERS = re.compile(r"\((?:a|o|la|α)\)|/la\b")
PARTICLES = frozenset(
    ("von", "van", "der", "den", "de", "di", "da", "del", "la", "le", "el", "via", "zu", "ter", "al",
     "bin", "je", "a", "ha", "est", "o", "ο")
)  # fmt: skip
MAX_SPAN = 5
MAX_LENGTH = 600


def is_attribution(text: str) -> bool:
    """Whether a text that quoted lines follow says who wrote them, and when."""
    return bool(_judge(text, True, Hints())) and (ADDRESS.search(text) is not None or has_wrote(text))


def says_who_and_when(text: str) -> bool:
    return bool(
        (ADDRESS.search(text) and (TIME.search(text) or has_wrote(text)))
        or (TIME.search(text) and DATE.search(text) and has_wrote(text))
    )


def has_wrote(text: str) -> bool:
    words = [word.lower().strip(".()'’") for word in WORD.findall(GENDERS.sub("", text))]
    bare = COLON.sub("", text).strip()
    return any(word in WROTE for word in words[-8:] + words[:8]) or bare.endswith(WROTE_ENDINGS)


def attribution_at(lines: Sequence[Line], at: int, floor: int, hints: Hints) -> QuoteHeader | bool:
    """Looks for the closing colon here, then upwards for the lines that belong to the same header. True: perhaps one."""
    text = visible(lines[at].text)
    if DATE_FIRST.fullmatch(text) and _alone(lines, at):
        return QuoteHeader(at, at + 1, not quoted_next(lines, at + 1), "date-first")
    end = _closing_line(lines, at)
    quoted = quoted_next(lines, end)
    if end == at + 1 and not COLON.search(text):
        return _without_colon(lines, at, text, quoted)
    start, joined = _grown(lines, at, end, floor)
    if len(joined) > MAX_LENGTH:
        return False
    verdict = _judge(joined, quoted, hints)
    start = labels_above(lines, start, floor) if verdict else start
    return QuoteHeader(start, end, not quoted, "attribution") if verdict else verdict is None


def _alone(lines: Sequence[Line], at: int) -> bool:
    return (at == 0 or lines[at - 1].blank) and (at + 1 >= len(lines) or lines[at + 1].blank or lines[at + 1].depth > 0)


def _without_colon(lines: Sequence[Line], at: int, text: str, quoted: bool) -> QuoteHeader | bool:
    if quoted and len(text) < 200 and text[:1].isdigit() and DATE.match(text) and IN_BRACKETS.search(text) and text.endswith(">"):
        return QuoteHeader(at, at + 1, False, "date-first")
    if len(text) < 200 and _alone(lines, at) and OPENING.match(text) and _ends_with_wrote(text) and says_who_and_when(text):
        return QuoteHeader(at, at + 1, not quoted, "attribution")
    if quoted and len(text.split()) <= 14 and ADDRESS.search(text) and _says_when(text) and _alone(lines, at):
        return QuoteHeader(at, at + 1, False, "attribution")
    return False


def _says_when(text: str) -> bool:
    """A day and a time, and either the verb or the time at the very end: `"Desk" a@b.example – 10 March 2026 9:41`."""
    return bool(DATE.search(text) and TIME.search(text) and (has_wrote(text) or TIME.search(text[-12:])))


def _ends_with_wrote(text: str) -> bool:
    """As Zoho writes it where the dashes around it were lost: no colon."""
    words = [word.lower() for word in WORD.findall(text)]
    return bool(words) and words[-1] in WROTE and text.endswith(words[-1])


def _closing_line(lines: Sequence[Line], at: int) -> int:
    """One past the line with the colon. An address torn open at `<` may go on with lines that look quoted: `> wrote:`"""
    text = visible(lines[at].text)
    if COLON.search(text) or not (text.count("<") > text.count(">") or _opens_bracket(lines, at)):
        return at + 1
    for end in range(at + 1, min(at + 7, len(lines))):
        raw = visible(lines[end].raw)
        torn = text.count("<") > text.count(">")
        if lines[end].depth and not (torn and raw.startswith(">") and len(raw) < 40):
            break
        text = f"{text} {raw}"
        if COLON.search(raw) and (torn or IN_BRACKETS.search(text)):
            return end + 1 if torn else at + 1
    return at + 1


def _opens_bracket(lines: Sequence[Line], at: int) -> bool:
    """The bracket of the address stands alone below, perhaps after a blank line."""
    below = [visible(line.raw) for line in lines[at + 1 : at + 3]]
    return any(text == "<" for text in below) and bool(DATE.search(lines[at].text))


def _grown(lines: Sequence[Line], at: int, end: int, floor: int) -> tuple[int, str]:
    """Adds lines above as long as they bring what a header still lacks: who, or when."""
    start = at
    joined = " ".join(visible(line.raw if line.depth else line.text) for line in lines[at:end] if not line.blank)
    while end - start < MAX_SPAN and start > floor:
        step = next((n for n in (1, 2) if _brings(lines, start, n, joined, floor)), 0)
        if not step:
            break
        joined = " ".join([*(visible(line.text) for line in lines[start - step : start]), joined])
        start -= step
    return start, joined


def _brings(lines: Sequence[Line], start: int, step: int, joined: str, floor: int) -> bool:
    first = start - step
    if first < floor or any(line.blank or line.depth or line.mark is not Mark.NONE for line in lines[first:start]):
        return False
    texts = [visible(line.text) for line in lines[first:start]]
    if any(_ends_sentence(text) for text in texts) or len(" ".join(texts)) > 300:
        return False
    lacks_moment = not (DATE.search(joined) or TIME.search(joined))
    lacks_writer = not ADDRESS.search(joined)
    torn = joined.count(">") > joined.count("<")
    opens = torn or joined[:1] == "<" or joined[:1].islower()
    above = texts[0]
    moment = bool(TIME.search(above) and (DATE.search(above) or DAY.search(above)))
    brings_moment = lacks_moment and moment
    brings_writer = (
        lacks_writer
        and bool(ADDRESS.search(above))
        and (has_wrote(above) or opens or bool(DAY.search(above)) or above.endswith("<"))
    )
    goes_on = opens and step == 1 and moment and not has_wrote(above)
    begins = opens and step == 1 and OPENING.match(above) and DAY.search(above) and not has_wrote(above) and len(above) < 80
    return bool(brings_moment or brings_writer or (goes_on and lacks_writer) or begins or (torn and above.endswith("<")))


def _ends_sentence(text: str) -> bool:
    """A full stop after a word ends a sentence; after one or two digits or a short word it belongs to a date."""
    if text.endswith(("!", "?", "…", ":", "..", ";")):
        return True
    return text.endswith(".") and not re.search(r"(?:(?<!\d)\d{1,2}|\b[^\W\d_]{1,4})\.$", text)


def _judge(text: str, quoted: bool, hints: Hints) -> bool | None:
    """True: a header. False: not one. None: it may be one, but nothing makes it certain."""
    if not COLON.search(text):
        return False
    date, time = bool(DATE.search(text)), bool(TIME.search(text))
    address, bracketed = bool(ADDRESS.search(text)), bool(IN_BRACKETS.search(text))
    wrote, ours = has_wrote(text), hints.names_us(text)
    moment = time or (date and bool(DAY.search(text)))
    if quoted:
        return (
            (address and (moment or wrote or bracketed))
            or (moment and (date or wrote))
            or (wrote and len(text) < 80)
            or (ours and len(text) < 160)
        )
    if ours and (moment or wrote or bracketed) and len(text) < 300:
        return True
    if wrote and ((address and moment) or _name_first(text)):
        return True
    if wrote and date and time:
        # No address, no quote marks: only a bare name makes it a header, "the mayor wrote" may be a story
        return True if _only_names(text) else None
    if address and date and time and text[:1].isdigit() and _only_small_words(text):
        return True
    if bracketed and date and time:
        return True if _starts_like_header(text) else None
    return None if wrote and moment and (address or YOU_WROTE.search(text)) else False


def _only_small_words(text: str) -> bool:
    """`10 mar 2026, 09:41 da a@b.example:`: months and prepositions, nothing that could be a sentence."""
    words = WORD.findall(ADDRESS.sub(" ", text))
    return len(words) <= 6 and all(len(word) <= 4 or month_of(word) for word in words)


def _only_names(text: str) -> bool:
    """After the date and time nothing but names, the verb and the small words of names."""
    after = re.split(r"\d", text)[-1]
    words = [word.strip(".()'’") for word in WORD.findall(re.sub(r"^\s?[AaPp]\.?[Mm]\.?\b", "", after))]
    plain = [word for word in words if word.lower() not in WROTE and word not in PARTICLES and not re.search(r"[\d_.]", word)]
    return len(words) <= 8 and not any(word[:1].islower() for word in plain)


def _name_first(text: str) -> bool:
    """`Some One <a@b.example> wrote:` and nothing else."""
    found = IN_BRACKETS.search(text)
    if not found:
        return False
    before, after = text[: found.start()], text[found.end() :]
    return 0 < len(before.split()) <= 5 and len(WORD.findall(after)) <= 3 and before.strip(' "')[:1].isupper()


def _starts_like_header(text: str) -> bool:
    """A date or a name within the first words; a sentence of one's own gets there later."""
    found = re.search(r"\d|<", text)
    if not found:
        return False
    lower = [word for word in WORD.findall(text[: found.start()]) if word[:1].islower() and len(word) > 3]
    return found.start() <= 40 and not lower
