"""Keeping the catalogues: `python -m routing.letters.catalog update|check`.

`update` reads all texts from templates and code and merges them into every `locale/<code>/LC_MESSAGES/letters.po`.
`check` says what is missing, doubtful or broken, and ends with status 1 if anything is. A new language begins in the list of
the network's languages (docs/languages.md), and `update` makes its file. Another package keeps its own catalogues by naming its
`Domain`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from routing.languages import LANGUAGES
from routing.letters.catalogues import FOLDER, SOURCE, catalogue_path

# As the letters' own environment; not silent, so that a broken template stops the update instead of losing its texts.
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
KEYWORDS: Mapping[str, Any] = {"N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Source:
    """Files with texts to translate: a pattern below a part of the domain's folder, Babel's method, what marks a text."""

    pattern: str
    method: str
    keywords: Mapping[str, Any] = field(default_factory=lambda: KEYWORDS)
    options: Mapping[str, str] = field(default_factory=dict)
    part: str = "."


@dataclass(frozen=True, slots=True)
class Domain:
    """A package's texts, in reading order of its sources, and where the catalogue of each language lies."""

    folder: Path
    sources: tuple[Source, ...]
    path: Callable[[str], Path]


LETTERS = Domain(FOLDER, (Source("**.py", "python"), Source("templates/**.txt", "jinja2", options=JINJA)), catalogue_path)


def extracted(domain: Domain = LETTERS) -> Catalog:
    """Every text of templates and code, in reading order."""
    found = Catalog(charset="utf-8")
    for source in domain.sources:
        options = {source.pattern: dict(source.options)}
        every = extract_from_dir(domain.folder / source.part, [(source.pattern, source.method)], options, source.keywords)
        for name, _line, message, comments, context in every:
            found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def load(language: str, domain: Domain = LETTERS) -> Catalog:
    path = domain.path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, domain: Domain = LETTERS, wanted: Catalog | None = None) -> None:
    """Merge the extracted texts into a language's catalogue; what became doubtful is marked fuzzy, what is gone goes.

    `wanted`: texts read before.
    """
    catalogue = load(language, domain)
    catalogue.update(wanted or extracted(domain), no_fuzzy_matching=False)
    catalogue.obsolete.clear()
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True)
    path = domain.path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_header(language) + "\n" + body.getvalue().decode("utf-8").strip() + "\n", "utf-8")


def faults(language: str, domain: Domain = LETTERS, wanted: Catalog | None = None) -> Iterator[str]:
    """What is wrong with a language's catalogue, one line each; nothing when it is complete. `wanted`: texts read before."""
    catalogue, wanted = load(language, domain), wanted or extracted(domain)
    forms = get_plural(language).num_plurals
    for text in wanted:
        if not text.id:
            continue
        mine = catalogue.get(text.id, text.context)
        if mine is None or not all(_forms(mine)):
            yield f"missing: {_name(text)}"
            continue
        if mine.fuzzy:
            yield f"fuzzy: {_name(text)}"
        if text.pluralizable and len(_forms(mine)) != forms:
            yield f"{len(_forms(mine))} plural forms, {forms} wanted: {_name(text)}"
        yield from _placeholder_faults(text, mine)
    for text in catalogue:
        if text.id and wanted.get(text.id, text.context) is None:
            yield f"no longer used: {_name(text)}"


def _placeholder_faults(text: Message, mine: Message) -> Iterator[str]:
    """Every form uses only known placeholders; all of them, save a number that a form says in words."""
    ids = [text.id] if isinstance(text.id, str) else list(text.id)
    known = set(_PLACEHOLDER.findall(" ".join(ids)))
    needed = set.intersection(*(set(_PLACEHOLDER.findall(one)) for one in ids))
    for form in _forms(mine):
        used = set(_PLACEHOLDER.findall(form))
        if not needed <= used <= known:
            yield f"placeholders differ: {_name(text)}"
        if form.replace("%%", "").count("%") != len(_PLACEHOLDER.findall(form)):
            yield f"stray %: {_name(text)}"


def _forms(message: Message) -> list[str]:
    said = message.string or ""
    return [said] if isinstance(said, str) else [str(form) for form in said]


def _name(message: Message) -> str:
    return repr(message.id if isinstance(message.id, str) else message.id[0])


def _header(language: str) -> str:
    plural = get_plural(language)
    return "\n".join(
        (
            f"# {Locale.parse(language).english_name} words of the Rapid Response Mechanism.",
            'msgid ""',
            'msgstr ""',
            f'"Language: {language}\\n"',
            '"MIME-Version: 1.0\\n"',
            '"Content-Type: text/plain; charset=utf-8\\n"',
            '"Content-Transfer-Encoding: 8bit\\n"',
            f'"Plural-Forms: {plural.plural_forms}\\n"',
            "",
        )
    )


def main(arguments: list[str], domain: Domain = LETTERS) -> int:
    others = [language for language in LANGUAGES if language != SOURCE]
    if arguments not in (["update"], ["check"]):
        print("usage: update|check", file=sys.stderr)
        return 2
    wanted = extracted(domain)
    if arguments == ["update"]:
        for language in others:
            update(language, domain, wanted)
        return 0
    found = [f"{language}: {fault}" for language in others for fault in faults(language, domain, wanted)]
    print("\n".join(found) or f"{len(others)} catalogues are complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
