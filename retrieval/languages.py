"""The network's languages, and which of them a text is written in.

In: a text. Out: one of eight ISO 639-1 codes, or None where the text does not say enough to tell.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from retrieval.text import clean, squeeze

LANGUAGES = ("en", "it", "es", "fr", "el", "ro", "hr", "tr")
_ALIASES = {"gr": "el"}
# Serbian and Bosnian in Latin letters are what py3langid often calls Croatian text; restricted to ours it has no choice.
# Below this probability among the eight the text is too short or too foreign to say.
SURE_ENOUGH = 0.90
_SHORTEST = 6


def language_code(code: str) -> str | None:
    """The network's code for `code` ("EL", "gr" and "el_GR" are all Greek), or None for a language it does not speak."""
    short = code.strip().lower().replace("_", "-").split("-")[0]
    short = _ALIASES.get(short, short)
    return short if short in LANGUAGES else None


def identify_language(text: str) -> str | None:
    """The language of `text`, or None when it is too short or too mixed to be sure."""
    text = squeeze(clean(text, 2_000))
    if sum(character.isalpha() for character in text) < _SHORTEST:
        return None
    ranked = _identifier().rank(text)
    best, probability = ranked[0]
    return str(best) if probability >= SURE_ENOUGH else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
