"""Personal data in a text that is to be published: where a person should look before it is. Pure, linear in the text.

In: a text, perhaps words that would betray who asked. Out: the places. It points at what has the shape of personal data (mail
addresses, numbers, names behind a form of address, in the network's languages) and takes nothing out: whether a name belongs
there, as that of an author or a street does, is for the reader to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from routing.letters.labels import N_

KINDS = {
    "mail": N_("a mail address"),
    "phone": N_("a telephone number"),
    "number": N_("a number that may be somebody’s"),
    "name": N_("perhaps a person’s name"),
    "asker": N_("may tell who asked"),
}
_FORMS = (
    "Mr Mrs Ms Miss Dr Prof Sig Sig.ra Dott Dott.ssa Sr Sra Dña Don Doña M Mme Mlle Monsieur Madame "
    "Κ Κος Κα Κύριος Κυρία κ κος κο κα κας κύριος κύριο κυρίου κυρία κυρίας "
    "Dl Dna Domnul Doamna dl dna dlui dnei domnul domnului doamna doamnei Gosp Gospodin Gospođa gosp gđa gđe gđi gospodin "
    "gospodina gospodinu gospođa gospođe gospođi gospođu Sn Sayın sayın Bay Bayan"
)
_NAME = r"[^\W\d_][\w'’-]{1,30}"
_SHAPES = (
    ("mail", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("number", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),  # IBAN, ISO 13616
    ("number", re.compile(r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b")),  # codice fiscale
    ("phone", re.compile(r"(?<![\w.,])(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d))(?:\+|00|0)\d(?:[ ()/.-]{0,2}\d){6,13}(?!\w)")),
    ("number", re.compile(r"(?<![\w.,])\d{8,13}[A-Z]?(?![\w])")),
    ("name", re.compile(rf"\b(?:{'|'.join(map(re.escape, _FORMS.split()))})\.? +({_NAME}(?: +{_NAME}){{0,2}})")),
    ("name", re.compile(rf"({_NAME}) +(?:Bey|Hanım|Beyefendi|Hanımefendi)\b")),
)
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Place:
    """`text[start:end]` may be personal; `kind` is one of `KINDS`."""

    start: int
    end: int
    kind: str


def places(text: str, telling: Iterable[str] = ()) -> list[Place]:
    """The places in order, none within another; `telling`: words that would betray the asker, such as their town."""
    found = sorted([*_shaped(text), *_told(text, telling)], key=lambda place: (place.start, -place.end))
    kept: list[Place] = []
    for place in found:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def pieces(text: str, telling: Iterable[str] = ()) -> list[tuple[str, str | None]]:
    """The text cut at its places: each piece with its kind, None for what is nobody's."""
    cut: list[tuple[str, str | None]] = []
    at = 0
    for place in places(text, telling):
        cut += [(text[at : place.start], None), (text[place.start : place.end], place.kind)]
        at = place.end
    return [(piece, kind) for piece, kind in [*cut, (text[at:], None)] if piece]


def _shaped(text: str) -> Iterator[Place]:
    for kind, shape in _SHAPES:
        for found in shape.finditer(text):
            start, end = found.span(found.lastindex or 0)
            if kind != "name" or _is_named(text[start:end]):
                yield Place(start, _named_to(text, start, end) if kind == "name" else end, kind)


def _is_named(words: str) -> bool:
    return words[:1].isupper()


def _named_to(text: str, start: int, end: int) -> int:
    """The end of the last word that is written as a name is: "Sig. Rossi dice" names Rossi."""
    last = end
    for found in re.finditer(r"\S+", text[start:end]):
        if not found.group()[:1].isupper():
            break
        last = start + found.end()
    return last


def _told(text: str, telling: Iterable[str]) -> Iterator[Place]:
    for word in {word.strip() for word in telling if len(word.strip()) >= _SHORTEST}:
        for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
            yield Place(*found.span(), "asker")
