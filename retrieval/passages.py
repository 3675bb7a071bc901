"""Cuts fiches into searchable pieces, which show it from several sides ("views"). In: a fiche. Out: pieces of all its languages.

whole      everything it says: what it is about
summary    title and summary, embedded as a question, because askers describe their case much as a summary describes a practice
section    one of its sections
sentence   one or two sentences of a section: the one detail that is asked for

A fiche's score is the mean of what its views score. Without words or concepts, the views together find the right fiche first for
.62 of the shipped collection's questions, wholes and summaries for .57; on XQuAD, whole and sentence together .81, whole entries
alone .75. Sentences of about 25 words do better than pieces of 60 or 110.

Questions that a fiche has answered are pieces too, of no view: they count where nearly the same is asked again (see `ranking`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.text import squeeze
from retrieval.values import WHOLE, FicheRecord, FicheText, Passage

CHUNK_WORDS = 25
# A longer sentence is cut; a last chunk shorter than a crumb joins the one before it.
_LONGEST_SENTENCE, _CRUMB_WORDS = 40, 8
# ";" ends a Greek question, and is only a pause elsewhere.
_SENTENCE_END = re.compile(r"(?<=[.!?…·])\s+|(?<=;)\s+(?=[Α-ΩΆΈΉΊΌΎΏ])|\n+")


SUMMARY, SECTION, SENTENCE = "summary", "section", "sentence"
VIEWS = (WHOLE, SUMMARY, SECTION, SENTENCE)
# A name of its own, because nobody is shown what somebody else asked.
ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage, the text embedded for it, the views that it belongs to, and its place in its part (`ordinal` of `siblings`)."""

    passage: Passage
    embedded: str
    views: tuple[str, ...]
    ordinal: int = 0
    siblings: int = 1

    @property
    def as_question(self) -> bool:
        """Whether it is embedded as questions are."""
        return self.views in ((SUMMARY,), (ASKED,))


def pieces_of(fiche: FicheRecord) -> list[Piece]:
    """All pieces of a fiche; the source language's come first."""
    texts = sorted(fiche.texts, key=lambda text: (text.language != fiche.source_language, text.language))
    told = [piece for text in texts for piece in _pieces_of_text(fiche, text)]
    return told + [Piece(Passage(fiche.slug, language, ASKED, ""), text, (ASKED,)) for language, text in fiche.asked]


def chunks(text: str, words: int = CHUNK_WORDS) -> list[str]:
    """Whole sentences, several together while they stay within `words` words; a sentence much longer than that is cut."""
    pieces: list[list[str]] = [[]]
    for sentence in _cut_sentences(text, max(words, _LONGEST_SENTENCE)):
        if pieces[-1] and len(pieces[-1]) + len(sentence) > words:
            pieces.append([])
        pieces[-1].extend(sentence)
    if len(pieces) > 1 and len(pieces[-1]) < _CRUMB_WORDS:
        pieces[-2].extend(pieces.pop())
    return [" ".join(piece) for piece in pieces if piece]


def sentences(text: str) -> list[str]:
    """The sentences of a text, white space squeezed."""
    return [squeeze(part) for part in _SENTENCE_END.split(text) if part.strip()]


def _pieces_of_text(fiche: FicheRecord, text: FicheText) -> Iterator[Piece]:
    names = ", ".join(str(fiche.facts[key]) for key in ("place", "owner") if fiche.facts.get(key))
    whole = "\n".join(filter(None, [text.title, names, text.summary, *text.sections.values()]))
    summary = Passage(fiche.slug, text.language, WHOLE, text.summary)
    yield Piece(summary, whole, (WHOLE,))
    yield Piece(summary, f"{text.title}. {text.summary}", (SUMMARY,))
    for part, section in text.sections.items():
        yield from section_pieces(fiche.slug, text.language, part, section)


def section_pieces(slug: str, language: str, part: str, section: str) -> Iterator[Piece]:
    """A section and its sentences; a short one is both at once. With the title, all pieces of a fiche would be too much alike."""
    cut = chunks(section)
    passage = Passage(slug, language, part, squeeze(section))
    if len(cut) == 1:
        yield Piece(passage, section, (SECTION, SENTENCE))
        return
    yield Piece(passage, section, (SECTION,))
    for ordinal, chunk in enumerate(cut):
        yield Piece(Passage(slug, language, part, chunk), chunk, (SENTENCE,), ordinal, len(cut))


def _cut_sentences(text: str, longest: int) -> Iterator[list[str]]:
    for sentence in _SENTENCE_END.split(text):
        split = sentence.split()
        for start in range(0, len(split), longest):
            yield split[start : start + longest]
