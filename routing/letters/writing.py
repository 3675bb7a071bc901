"""Writing a letter: from its kind, a language and facts to subject, text and buttons. Pure: same facts, same letter.

A template's first line is the subject, the rest after an empty line the body. Both are rendered apart, so nothing in a
fact can move text from one to the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.exceptions import UndefinedError
from jinja2.runtime import Context

from routing import words
from routing.letters import speech
from routing.letters.buttons import buttons_for
from routing.letters.catalogues import FOLDER, known, translations
from routing.letters.deadline import explain
from routing.letters.kinds import KINDS, checked
from routing.letters.labels import COMMANDS, label, reasons_for_the_chosen

TEMPLATES = FOLDER / "templates"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to go: `text` is complete without the buttons, which are (action, label)."""

    subject: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


def write(kind: str, language: str, /, **facts: Any) -> Letter:
    """The letter of `kind` in `language` (English when there is no such catalogue).

    `facts` are those of `KINDS[kind]`, always with medium="telegram" | "email"; moments are aware, `zone` is the reader's.
    Raises TypeError naming a missing or unknown fact, ValueError for a word outside a fact's choices.
    """
    code = known(language)
    all_facts = checked(kind, facts)
    subject, body = _template(kind, code)
    context = {**all_facts, "kind": kind, "reader": KINDS[kind].reader, "language_of_letter": code}
    try:
        text = speech.tidy(body.render(context))
        title = " ".join(subject.render(context).split())
    except UndefinedError as missing:  # a field of an item in a list of facts
        raise TypeError(f"letter {kind!r}: {missing.message}") from missing
    if facts.get("token") and facts["medium"] == "email":
        text = with_marker(text, code, facts["token"])
    return Letter(title, text, buttons_for(kind, all_facts, translations(code)))


def marker(language: str, token: str) -> str:
    """The last line of a mail: asks to reply above it, and names the reply token for systems that strip addresses."""
    ask = translations(known(language)).gettext("please reply above this line")
    return f"-- {ask} -- ref:{token}"


def with_marker(text: str, language: str, token: str) -> str:
    return f"{text.rstrip()}\n\n{marker(language, token)}"


@cache
def _template(kind: str, code: str) -> tuple[Template, Template]:
    subject, _, body = (TEMPLATES / f"{kind}.txt").read_text("utf-8").partition("\n")
    footer = '\n\n{% include "_footer.txt" %}'
    env = _environment(code)
    return env.from_string(subject), env.from_string(body.strip("\n") + footer)


@cache
def _environment(code: str) -> Environment:
    # Plain text: nothing is escaped here; whoever shows a letter as HTML escapes it as a whole.
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.policies["ext.i18n.trimmed"] = True
    say = translations(code)
    env.install_gettext_callables(say.gettext, say.ngettext, newstyle=True, pgettext=say.pgettext, npgettext=say.npgettext)  # type: ignore[attr-defined]
    env.filters.update(_filters(code))
    env.globals["commands"] = COMMANDS[code]
    env.globals["colon"] = speech.colon(code)
    env.globals["word"] = lambda meaning, more="": speech.inline(words.word_for(meaning, code) + more, code)
    return env


def _filters(code: str) -> dict[str, Callable[..., Any]]:
    @pass_context
    def when(context: Context, moment: Any) -> str:
        return speech.format_moment(moment, context["zone"], code)

    @pass_context
    def day(context: Context, moment: Any) -> str:
        return speech.format_day(moment, context["zone"], code)

    def body(kind: str, country: str | None = None) -> str:
        """An authority without its name: "municipality, Romania"."""
        return ", ".join(filter(None, (label(kind, code), speech.country_name(country, code) if country else "")))

    return {
        "when": when,
        "day": day,
        "body": body,
        "quoted": speech.quoted,
        "clean": speech.clean,
        "one_line": speech.one_line,
        "inline": lambda text, limit=300: speech.inline(text, code, limit),
        "language": lambda other: speech.language_name(other, code),
        "known": known,
        "country": lambda other: speech.country_name(other, code),
        "label": lambda other: label(other, code),
        "reasons": lambda reasons: reasons_for_the_chosen(reasons, code),
        "calendar_day": lambda day: speech.day_words(day, code),
        "month": lambda day: speech.month_words(day, code),
        "span": lambda minutes: speech.span_words(minutes, code),
        "amount": lambda number: speech.amount_words(number, code),
        "percent": lambda share: speech.percent_words(share, code),
        "explained": lambda explanation: explain(explanation, code),
    }
