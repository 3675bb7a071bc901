"""Which of the older character sets bytes are in that name none, or a wrong one.

In: bytes that are no UTF-8. Out: Python's name for the most likely charset. Greek and Cyrillic fill whole words with high bytes;
Turkish and the languages of Central Europe give themselves away by letters that Western Europe does not have in these places.
"""

from __future__ import annotations

import re

WESTERN = "cp1252"
HIGH_WORD = re.compile(rb"[\x80-\xff]{3,}")
# The commonest small letters; in another charset's reading capitals and rare letters stand in their places
COMMON = {
    "cp1253": frozenset("αοιετσνηυρπκμλςωάόίέή"),
    "cp1251": frozenset("оеаинтсрвлкмдпуя"),
    "koi8-r": frozenset("оеаинтсрвлкмдпуя"),
}
# As Western Europe would read them: ş ţ of Romanian, beside ă
ROMANIAN = frozenset("þºÞª")
ISO_SLAVIC = re.compile(r"[^\W\d_][¹¾©®]|[¹¾][^\W\d_]")
POLISH = re.compile(r"[³¹][^\W\d_]|[^\W\d_]¿[^\W\d_]")  # ł, ą and ż
ISO_POLISH = re.compile(r"[^\W\d_][±¶¼]|[¶¼±][^\W\d_]")  # ą, ś and ź, which Windows has elsewhere
ICELANDIC_OR_NORDIC = frozenset("áíúóéåøÁÍÚÓÉÅØ")
SAMPLE = 20_000


def likely_charset(data: bytes) -> str:
    """cp1252 unless the bytes say otherwise."""
    sample = data[:SAMPLE]
    letters = sum(len(word) for word in re.findall(rb"[A-Za-z\x80-\xff]{2,}", sample))
    if sum(len(word) for word in HIGH_WORD.findall(sample)) * 4 >= letters > 0:
        return _whole_words(sample)
    return _by_single_letters(sample.decode(WESTERN, "replace"))


def _whole_words(sample: bytes) -> str:
    def share(charset: str) -> int:
        return sum(letter in COMMON[charset] for letter in sample.decode(charset, "replace"))

    return max(COMMON, key=share)


def _by_single_letters(text: str) -> str:
    used = {letter for letter in text if letter > "\x7f"}
    if POLISH.search(text) and used & {"³", "ê", "ó", "¿"} and not used & {"è", "ð", "¾"}:
        return "iso8859-2" if ISO_POLISH.search(text) else "cp1250"
    if ISO_SLAVIC.search(text) and used & {"è", "æ", "ð", "¹", "¾"} and not used & {"é", "à", "ô"}:
        return "iso8859-2"
    if used & ICELANDIC_OR_NORDIC:
        return WESTERN
    if "ã" in used and used & ROMANIAN and "õ" not in used:
        return "cp1250"
    if used & {"ý", "þ", "Ý", "Þ"}:
        return "cp1254"
    if "æ" in used or ("ð" in used and used & {"š", "ž", "è"}) or (used & {"š", "ž"} and "è" in used):
        return "cp1250"
    return "cp1254" if "ð" in used else WESTERN
