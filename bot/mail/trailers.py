"""What stands below a person's words without being theirs: signatures, "sent from my …", disclaimers, lone rules.

In: lines of one stretch of own text. Out: how many of them are worth keeping, with a reason when that is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from bot.mail.lexicon import ABOUT_MAIL
from bot.mail.lines import Line, Mark, visible
from bot.mail.shapes import ADDRESS, RULE
from bot.mail.trailerwords import (
    CONFIDENTIAL,
    DEVICE,
    ENVIRONMENT,
    FROM_AFTER,
    GET_APP,
    PRINTING,
    SENT_TO,
    SENT_WITH,
    THINK,
    THIS_MAIL,
    UNLESS,
)  # fmt: skip

LONE_MARK = re.compile(r"[-_=~*#+—–ᐧ\s]+")
URL = re.compile(r"[<(\[]{0,2}https?://\S+")
# An app that nobody has heard of, with its name and nothing more
SENT_VIA = re.compile(r"\W*Sent (?:via|with|using|from) (?:the )?[A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,2}[\W\s]*")
FROM_MOBILE = re.compile(r"^\W*(?:\w+\s+)?from\s+(?:my\s+)?(?:mobile|iphone|ipad|phone)\b.{0,20}$", re.IGNORECASE)
SENT_FROM_MY = re.compile(r"\bsent (?:from|via|using|with) (?:my|an?|the)\b", re.IGNORECASE)
# What Outlook and Gmail leave of a picture in the plain version
PICTURE = re.compile(r"\s*(?:\[(?:cid|image):[^\]\n]{1,200}\]\s*)+", re.IGNORECASE)
ARMOUR = re.compile(r"-----BEGIN PGP SIGNATURE-----")
# "Sent from my desk, is …": a sentence of one's own
GOES_ON = re.compile(r",\s(?:is|are|was|were|which|because|ist|sind|war|est|était|è|era|es|este|je|είναι|ήταν)\b", re.IGNORECASE)
HEADING = re.compile(
    r"\W*(?:e-?mail )?(?:disclaimer|confidentiality(?: notice| statement| note)?|legal notice|haftungsausschluss"
    r"|vertraulichkeitshinweis|avis de confidentialité|avviso di riservatezza|aviso legal|aviso de confidencialidad"
    r"|ρήτρα εμπιστευτικότητας|αποποίηση ευθύνης|notă de confidențialitate|(?:napomena|izjava) o povjerljivosti"
    r"|gizlilik (?:bildirimi|notu)|yasal uyarı)\W*",
    re.IGNORECASE,
)
HEADED = re.compile(HEADING.pattern + ":", re.IGNORECASE)
SCANNED = re.compile(
    r"scan|geprüft|überprüft|contrôlé|vérifié|analys|analizz|controllat|analiza|verific|ελέγχ|provjer|skenir|tara(?:nd|mış)",
    re.IGNORECASE,
)
VIRUS = re.compile(r"virus|antivir|vir(?:en|ü)|ιού|malware", re.IGNORECASE)
SCANNER = re.compile(r"avast|\bavg\b|eset|kaspersky|norton|sophos|mailscanner", re.IGNORECASE)
LIST_RULE = 40
LIST_PLACE = re.compile(r"listinfo|/lists?[./]|@lists?\.|postorius|unsubscribe|mailing list", re.IGNORECASE)
LONG_DASHES = frozenset(("—", "–", "——"))
CARD_LINES, CARD_WIDTH = 6, 50
MAX_SIGNATURE_LINES, MOST_MARKS = 18, 12
MAX_SIGNATURE = 1_200
LONG = "a long text follows the signature mark"
PROSE_WORDS, SHORT_SENTENCE = 18, 5  # more than a motto; fewer than a sentence
SENTENCE = re.compile(r"\S[^.!?…]*[.!?…]")
CALLED = re.compile(r"\+?\d(?:[\s./()-]{0,2}\d){6,}|://|\bwww\.")


def kept_until(lines: Sequence[Line], start: int, end: int) -> tuple[int, str | None]:
    """(one past the last line to keep of `lines[start:end]`, why a person should look or None)."""
    cut, review = _signature(lines, start, end)
    while True:
        shorter = _without_footer(lines, start, _without_blank(lines, start, cut))
        if shorter >= cut:
            return cut, review
        cut = shorter


def _signature(lines: Sequence[Line], start: int, end: int) -> tuple[int, str | None]:
    """At the first mark with a signature below it; a mark with a long text below it only sets off a part of the answer."""
    review = None
    marks = (at for at in range(start, end) if _begins_signature(lines, start, at, end))
    for at in islice(marks, MOST_MARKS):
        # Who sets off parts of an answer so has not signed before the last of them
        cut, doubt = _signature_end(lines, at, end, PROSE_WORDS if review is None else 1)
        review = review or doubt
        if cut < end:
            return cut, review
    return end, review


def _begins_signature(lines: Sequence[Line], start: int, at: int, end: int) -> bool:
    if lines[at].mark is Mark.SIGNATURE:
        return at == start or lines[at - 1].mark is not Mark.SIGNATURE
    marked = ARMOUR.match(lines[at].text) is not None or _is_signature_mark(lines, at, end)
    return marked and not _in_code(lines, start, at)


def _is_signature_mark(lines: Sequence[Line], at: int, end: int) -> bool:
    """`-- ` with its space (RFC 3676 4.3); without it only after an empty or quoted line, where it is no line of a sum."""
    raw = lines[at].raw.replace("\xa0", " ")
    if raw == "-- ":
        return True
    set_off = at == 0 or lines[at - 1].blank or lines[at - 1].depth > 0
    return set_off and (raw == "--" or (raw.strip() in LONG_DASHES and _is_card(lines[at + 1 : end])))


def _is_card(lines: Sequence[Line]) -> bool:
    """A few short lines to the end: what phones that turn two hyphens into a dash leave of a signature mark."""
    told = [line.text.strip() for line in lines if not line.blank]
    return 0 < len(told) <= CARD_LINES and all(len(text) <= CARD_WIDTH and text[-1] not in ".?!:" for text in told)


def _signature_end(lines: Sequence[Line], at: int, end: int, prose_words: int) -> tuple[int, str | None]:
    """Cut from the mark on, unless what follows is too long to be a signature or the client's container ends before."""
    below = [line for line in lines[at + 1 : end] if not line.blank and line.mark is not Mark.SIGNATURE]
    if lines[at].mark is Mark.SIGNATURE and below:
        return _inner_signature(lines, at, end)
    inside = [line for line in lines[at + 1 : end] if not line.blank]
    return (end, LONG) if len(inside) > MAX_SIGNATURE_LINES or _is_text(lines[at + 1 : end], prose_words) else (at, None)


def _is_text(lines: Sequence[Line], prose_words: int) -> bool:
    told = [text for text in _paragraphs(lines) if not _is_disclaimer(text)]
    return sum(map(len, told)) > MAX_SIGNATURE or sum(map(_words_of_prose, told)) >= prose_words


def _paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Each on one line, however its client wrapped it."""
    for is_blank, some in groupby(lines, key=lambda line: line.blank):
        if not is_blank:
            yield " ".join(line.text.strip() for line in some)


def _words_of_prose(text: str) -> int:
    """Words of sentences of some length without an address, a number to call or a word of disclaimers: no card has several."""
    if THIS_MAIL.search(text) or CONFIDENTIAL.search(text) or _asks_not_to_print(text):
        return 0
    return sum(len(one.split()) for one in SENTENCE.findall(text) if _is_prose(one))


def _is_prose(sentence: str) -> bool:
    """Names of offices and streets that run into each other have more capitals than a sentence has, a German one included."""
    words = sentence.split()
    small = sum(not word[:1].isupper() for word in words)
    return len(words) >= SHORT_SENTENCE and small * 2 > len(words) and not (ADDRESS.search(sentence) or CALLED.search(sentence))


def _inner_signature(lines: Sequence[Line], at: int, end: int) -> tuple[int, str | None]:
    """Words below the client's signature block are the person's own; the block itself then stays too."""
    rest = next(n for n in range(at, end) if lines[n].mark is not Mark.SIGNATURE)
    last, _ = kept_until(lines, rest, end)
    has_words = any(not line.blank for line in lines[rest:last])
    return (last, "words stand below the signature") if has_words else (at, None)


def _in_code(lines: Sequence[Line], start: int, at: int) -> bool:
    return sum(line.text.lstrip().startswith("```") for line in lines[start:at]) % 2 == 1


def _without_blank(lines: Sequence[Line], start: int, end: int) -> int:
    while end > start and (lines[end - 1].blank or _says_nothing(lines[end - 1].text)) and not _closes_code(lines, end):
        end -= 1
    return end


def _says_nothing(text: str) -> bool:
    return LONE_MARK.fullmatch(text) is not None or PICTURE.fullmatch(text) is not None


def _closes_code(lines: Sequence[Line], end: int) -> bool:
    return lines[end - 1].text.strip().startswith("```")


def _without_footer(lines: Sequence[Line], start: int, end: int) -> int:
    """One footer less at the end: a device line, an app's advert, a disclaimer paragraph, a rule with a footer below it."""
    if end <= start:
        return end
    if is_device_line(lines[end - 1].text):
        return end - 1
    first = _paragraph_start(lines, start, end)
    text = " ".join(line.text.strip() for line in lines[first:end])
    if _is_disclaimer(text) or HEADING.fullmatch(text):
        return first
    if _is_ruled_off(lines, start, first, end):
        return first
    return end


def _is_ruled_off(lines: Sequence[Line], start: int, first: int, end: int) -> bool:
    """`______` and a line or two below the last quoted line: the footer of a list."""
    rule = lines[first].text.strip("* ")
    if not rule.startswith("__") or RULE.fullmatch(rule) is None:
        return False
    if len(rule) >= LIST_RULE and end - first <= 8:  # Mailman's rule of 47 signs, with the list's address or page below
        return LIST_PLACE.search(" ".join(line.text for line in lines[first + 1 : end])) is not None
    return end - first <= 3 and start > 0 and all(line.blank for line in lines[start:first])


def _paragraph_start(lines: Sequence[Line], start: int, end: int) -> int:
    first = end - 1
    while first > start and not lines[first - 1].blank:
        first -= 1
    return first


def is_device_line(text: str) -> bool:
    """ "Sent from my …" in any order of words; at most fourteen words and no question."""
    text = URL.sub(" ", visible(text).replace("](http", " http")).strip(" <>()[]")
    if not text or len(text) > 120 or len(text.split()) > 14 or "?" in text:
        return False
    if GET_APP.match(text) or FROM_MOBILE.match(text) or SENT_VIA.fullmatch(text):
        return True
    found = SENT_WITH.search(text)
    if (
        not found
        or not DEVICE.search(text)
        or ":" in text
        or re.search(r"\bsent (?:by|in|on|to)\b(?:\W+\w+){2}", text, re.IGNORECASE)
    ):
        return False
    if SENT_TO.match(text[found.end() :]) or (
        found.group().startswith("gonder") and not FROM_AFTER.search(text[: found.start()])
    ):
        return False
    if GOES_ON.search(text) or any(len(sentence.split()) > 4 for sentence in re.split(r"[.!]\s+", text)[1:]):
        return False
    return found.start() <= 12 or len(text) - found.end() <= 4 or SENT_FROM_MY.search(text) is not None


def _is_disclaimer(text: str) -> bool:
    """A long paragraph that speaks of this very mail and of secrecy or errors; a scanner's advert, a plea not to print."""
    if _asks_not_to_print(text):
        return True
    if len(text) < 400 and VIRUS.search(text) and SCANNER.search(text):
        return True
    if 60 <= len(text) < 700 and VIRUS.search(text) and SCANNED.search(text) and ABOUT_MAIL.search(text):
        return True
    if len(text) < 60 or THIS_MAIL.search(text) is None:
        return False
    hits = {hit.group().lower() for hit in CONFIDENTIAL.finditer(text[:4000])}
    return len(hits) >= (1 if HEADED.match(text) else 2)


def _asks_not_to_print(text: str) -> bool:
    """ "Think of the environment before printing", "Print this message only if …"; a person who prints forms says neither."""
    if len(text) > 250 or not PRINTING.search(text):
        return False
    this_mail, unless = THIS_MAIL.search(text), UNLESS.search(text)
    thinks = ENVIRONMENT.search(text) and THINK.search(text)
    return bool((thinks and (this_mail or unless)) or (this_mail and unless))
