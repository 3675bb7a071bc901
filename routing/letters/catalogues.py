"""Catalogues: which language a letter is written in, and its translations.

A language of the network has a folder `locale/<code>/` with `LC_MESSAGES/letters.po`; English needs none. The catalogue is
compiled in memory at its first use, so no binary file is shipped that could lag behind its source.
"""

from __future__ import annotations

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from retrieval import language_code

FOLDER = Path(__file__).parent
LOCALES = FOLDER / "locale"
SOURCE = "en"
_DATES = {"en": "en_GB"}  # day before month, as everywhere in the network


def known(language: str | None) -> str:
    """The code of the catalogue for `language` ("GR", "it-IT", …); English for any other."""
    return language_code(language or "") or SOURCE


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The letters' catalogue of a `known` language. A message without translation stays English."""
    return compiled(catalogue_path(language), language)


def compiled(path: Path, language: str) -> gettext.NullTranslations:
    """A catalogue's file, compiled in memory; no translation at all where there is no file."""
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def locale(language: str) -> Locale:
    """Names and date formats of a `known` language (CLDR)."""
    return Locale.parse(_DATES.get(language, language))


def catalogue_path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "letters.po"
