"""Reads a collection from disk. In: a folder with `fiches/*.toml` and perhaps `questions.jsonl`. Out: frozen records.

Every problem is a `CollectionError` that names the file and the key, because those who write fiches are no programmers.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from retrieval.codes import ONE_OF, SOME_OF
from retrieval.errors import CollectionError
from retrieval.languages import LANGUAGES, language_code
from retrieval.values import SECTIONS, FicheRecord, FicheText, LabelledQuestion

TITLE_LIMIT = 100
_FIGURE = {"value", "meaning", "source"}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COUNTRY, _CURRENCY = re.compile(r"[A-Z]{2}"), re.compile(r"[A-Z]{3}")


def load_collection(folder: Path | str) -> list[FicheRecord]:
    """All fiches of a collection, ordered by slug. Raises `CollectionError`."""
    folder = Path(folder)
    if not (folder / "fiches").is_dir():
        raise CollectionError(folder, "", 'has no folder "fiches"')
    return [read_fiche(path) for path in sorted((folder / "fiches").glob("*.toml"))]


def load_questions(file: Path | str, known: frozenset[str] | None = None) -> list[LabelledQuestion]:
    """Labelled questions, one JSON object a line; answers outside `known` slugs are an error. Raises `CollectionError`."""
    file = Path(file)
    questions = [_question(file, number, line, known) for number, line in _lines(file)]
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise CollectionError(file, "id", f'"{question.id}" is used twice')
        seen.add(question.id)
    return questions


def read_fiche(path: Path | str) -> FicheRecord:
    """One fiche from its TOML file. Raises `CollectionError`."""
    path = Path(path)
    data = _toml(path)
    _only(path, "", data, {"slug", "source_language", "facts", "text"})
    slug = _string(path, data, "slug")
    if not _SLUG.fullmatch(slug):
        raise CollectionError(path, "slug", f'"{slug}" may hold only a-z, 0-9 and single hyphens')
    if slug != path.stem:
        raise CollectionError(path, "slug", f'"{slug}" differs from the file\'s name')
    texts = tuple(_text(path, code, table) for code, table in _table(path, data, "text").items())
    source = _language(path, "source_language", _string(path, data, "source_language"))
    if source not in {text.language for text in texts}:
        raise CollectionError(path, "source_language", f"there is no [text.{source}]")
    return FicheRecord(slug, source, _facts(path, _table(path, data, "facts")), texts)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CollectionError(path, "", str(error)) from error


def _text(path: Path, code: str, table: Any) -> FicheText:
    key = f"text.{code}"
    if not isinstance(table, dict):
        raise CollectionError(path, key, "must be a table")
    _only(path, key, table, {"title", "summary", "sections"})
    title = _string(path, table, "title", key)
    if len(title) > TITLE_LIMIT:
        raise CollectionError(path, f"{key}.title", f"has {len(title)} characters; {TITLE_LIMIT} are allowed")
    sections = _table(path, table, "sections", key) if "sections" in table else {}
    _only(path, f"{key}.sections", sections, set(SECTIONS))
    told = {name: _string(path, sections, name, f"{key}.sections") for name in SECTIONS if name in sections}
    return FicheText(_language(path, key, code), title, _string(path, table, "summary", key), told)


def _facts(path: Path, facts: dict[str, Any]) -> Mapping[str, Any]:
    country, currency = facts.get("country", "XX"), facts.get("currency", "XXX")
    if not (isinstance(country, str) and _COUNTRY.fullmatch(country)):
        raise CollectionError(path, "facts.country", "must be two capital letters (ISO 3166)")
    if not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        raise CollectionError(path, "facts.currency", "must be three capital letters (ISO 4217)")
    for key in ("year_start", "year_end", "budget"):
        if not isinstance(facts.get(key, 0), int):
            raise CollectionError(path, f"facts.{key}", "must be a whole number")
    for key in (*SOME_OF, "sources"):
        if not _is_list_of_strings(facts.get(key, [])):
            raise CollectionError(path, f"facts.{key}", "must be a list of strings")
    for key, codes in SOME_OF.items():
        _known(path, key, facts.get(key, []), codes)
    for key, codes in ONE_OF.items():
        _known(path, key, [facts[key]] if key in facts else [], codes)
    for key in ("author", "owner", "place"):
        if not isinstance(facts.get(key, ""), str):
            raise CollectionError(path, f"facts.{key}", "must be a text")
    if not isinstance(facts.get("author_agreed", True), bool):
        raise CollectionError(path, "facts.author_agreed", "must be true or false")
    if not _is_day(facts.get("review_due", "2000-01-01")):
        raise CollectionError(path, "facts.review_due", 'must be a day between quotation marks, such as "2027-05-31"')
    for figure in facts.get("figures", []):
        if not isinstance(figure, dict) or set(figure) != _FIGURE or not all(isinstance(told, str) for told in figure.values()):
            raise CollectionError(path, "facts.figures", f"each has {', '.join(sorted(_FIGURE))}, all of them text")
    return facts


def _known(path: Path, key: str, told: Sequence[Any], codes: Sequence[str]) -> None:
    for code in told:
        if code not in codes:
            raise CollectionError(path, f"facts.{key}", f'"{code}" is none of {", ".join(codes)}')
        if told.count(code) > 1:
            raise CollectionError(path, f"facts.{key}", f'"{code}" stands there twice')


def _question(file: Path, number: int, line: str, known: frozenset[str] | None) -> LabelledQuestion:
    where = f"{file}:{number}"
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise CollectionError(where, "", f"is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise CollectionError(where, "", "must be a JSON object")
    answers: Any = data.get("answers")
    if not _is_list_of_strings(answers):
        raise CollectionError(where, "answers", "must be a list of slugs; an empty one means that nothing answers")
    for slug in answers:
        if known is not None and slug not in known:
            raise CollectionError(where, "answers", f'there is no fiche "{slug}"')
    split = data.get("split", "dev")
    if split not in ("dev", "test"):
        raise CollectionError(where, "split", 'must be "dev" or "test"')
    language = _language(where, "language", _string(where, data, "language"))
    return LabelledQuestion(str(data.get("id", number)), language, _string(where, data, "text"), tuple(answers), split)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(file, "", str(error)) from error
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _language(file: Path | str, key: str, code: str) -> str:
    language = language_code(code)
    if language is None:
        raise CollectionError(file, key, f'"{code}" is no language of the network; these are {", ".join(LANGUAGES)}')
    return language


def _string(file: Path | str, table: Mapping[str, Any], key: str, parent: str = "") -> str:
    name = f"{parent}.{key}" if parent else key
    if key not in table:
        raise CollectionError(file, name, "is missing")
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise CollectionError(file, name, "must be a text that is not empty")
    return value.strip()


def _table(file: Path, table: Mapping[str, Any], key: str, parent: str = "") -> dict[str, Any]:
    name = f"{parent}.{key}" if parent else key
    if key not in table:
        raise CollectionError(file, name, "is missing")
    value = table[key]
    if not isinstance(value, dict):
        raise CollectionError(file, name, "must be a table")
    return value


def _only(file: Path, parent: str, table: Mapping[str, Any], allowed: set[str]) -> None:
    for key in table:
        if key not in allowed:
            name = f"{parent}.{key}" if parent else key
            raise CollectionError(file, name, f"is not known here; known are {', '.join(sorted(allowed))}")


def _is_day(told: Any) -> bool:
    try:
        return isinstance(told, str) and date.fromisoformat(told).isoformat() == told
    except ValueError:
        return False


def _is_list_of_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
