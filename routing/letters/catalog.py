"""Keeping the catalogues: `python -m routing.letters.catalog update|check`.

`update` reads all texts from templates and code and merges them into every `locale/<code>/LC_MESSAGES/letters.po`.
`check` says what is missing, doubtful or broken, and ends with status 1 if anything is. A new language begins with an
empty folder `locale/<code>/` and `update`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from routing.letters.catalogues import FOLDER, SOURCE, catalogue_path, languages

_METHODS = [("templates/**.txt", "jinja2"), ("**.py", "python")]
# As the letters' own environment; not silent, so that a broken template stops the update instead of losing its texts.
_JINJA = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
_OPTIONS = {"templates/**.txt": _JINJA}
_KEYWORDS = {"N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def extracted() -> Catalog:
    """Every text of templates and code, in reading order."""
    found = Catalog(charset="utf-8")
    for name, _line, message, comments, context in extract_from_dir(FOLDER, _METHODS, _OPTIONS, _KEYWORDS):
        found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def load(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Merge the extracted texts into a language's catalogue; what became doubtful is marked fuzzy, what is gone goes."""
    catalogue = load(language)
    catalogue.update(extracted(), no_fuzzy_matching=False)
    catalogue.obsolete.clear()
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_header(language) + "\n" + body.getvalue().decode("utf-8").strip() + "\n", "utf-8")


def faults(language: str) -> Iterator[str]:
    """What is wrong with a language's catalogue, one line each; nothing when it is complete."""
    catalogue, wanted = load(language), extracted()
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


def main(arguments: list[str]) -> int:
    others = sorted(languages() - {SOURCE})
    if arguments == ["update"]:
        for language in others:
            update(language)
        return 0
    if arguments != ["check"]:
        print("usage: python -m routing.letters.catalog update|check", file=sys.stderr)
        return 2
    found = [f"{language}: {fault}" for language in others for fault in faults(language)]
    print("\n".join(found) or f"{len(others)} catalogues are complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
