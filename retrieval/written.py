"""Writes a fiche as the file that `collection.read_fiche` reads. In: a record. Out: TOML (https://toml.io/en/v1.0.0).

The standard library reads TOML and does not write it; a fiche needs strings, whole numbers, lists of strings and tables alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from retrieval.values import SECTIONS, FicheRecord, FicheText

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def as_toml(fiche: FicheRecord) -> str:
    """The whole fiche, save translations without title or summary, which a collection may not hold, and what it was asked."""
    head = [f"slug = {_line(fiche.slug)}", f"source_language = {_line(fiche.source_language)}"]
    texts = [line for text in _whole_texts(fiche) for line in _text(text)]
    return "\n".join([*head, "", *_facts(fiche.facts), *texts]) + "\n"


def left_out(fiche: FicheRecord) -> list[str]:
    """The languages whose text is not whole enough to be written."""
    return [text.language for text in fiche.texts if text not in _whole_texts(fiche)]


def _whole_texts(fiche: FicheRecord) -> list[FicheText]:
    return [text for text in fiche.texts if text.title.strip() and text.summary.strip()]


def _facts(facts: Mapping[str, Any]) -> Iterator[str]:
    plain = {name: told for name, told in facts.items() if name != "figures"}
    yield "[facts]"
    yield from (f"{name} = {_value(told)}" for name, told in plain.items())
    for figure in facts.get("figures", ()):
        yield from ("", "[[facts.figures]]", *(f"{name} = {_value(told)}" for name, told in figure.items()))


def _text(text: FicheText) -> Iterator[str]:
    yield from ("", f"[text.{text.language}]", f"title = {_line(text.title)}", f"summary = {_line(text.summary)}")
    told = {name: text.sections[name] for name in SECTIONS if text.sections.get(name, "").strip()}
    if told:
        yield from ("", f"[text.{text.language}.sections]")
        yield from (f'{name} = """\n{_lines(section)}"""' for name, section in told.items())


def _value(told: Any) -> str:
    if isinstance(told, list):
        return f"[{', '.join(_value(one) for one in told)}]"
    if isinstance(told, bool):
        return "true" if told else "false"
    return str(told) if isinstance(told, int) else _line(str(told))


def _line(text: str) -> str:
    """JSON's strings are TOML's, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(text: str) -> str:
    """Up to two quotation marks may stand before the three that end it."""
    escaped = text.replace("\\", "\\\\").replace('"""', '""\\"')
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)
