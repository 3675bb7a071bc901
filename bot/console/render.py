"""From a template and facts to a page, in its reader's language: the environments of the templates and what every page needs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup

from bot.console import clocks
from bot.console.happenings import happening, kind_name
from bot.console.policywords import spelt
from bot.console.tongue import Tongue, tongue
from bot.console.words import Words
from routing import overviews, queueing
from routing.countries import folded
from routing.languages import LANGUAGES
from routing.letters import lines_of, own_name, paragraphs_of

if TYPE_CHECKING:
    from bot.console.visits import Visit

FOLDER = Path(__file__).resolve().parent
STATIC = FOLDER / "static"
_SECRET = re.compile(r"^-- .* -- ref:\S+$", re.MULTILINE)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Pages:
    """Renders templates; autoescape is on for all of them, and a forgotten fact is an error."""

    def __init__(self) -> None:
        self._environments: dict[str, Environment] = {}
        self._compiled = _Compiled()
        self._more: list[tuple[Path, Mapping[str, Any]]] = []

    def add(self, templates: Path, **known: Any) -> None:
        """Templates of further pages, found before our own, and what they know besides; before the first page is shown."""
        self._more.append((templates, known))

    def render(self, visit: Visit, template: str, **facts: Any) -> str:
        return self.env(visit.language).get_template(template).render(**_common(visit), **facts)

    def env(self, language: str) -> Environment:
        """The templates in one language: their texts, filters and globals speak it."""
        if language not in self._environments:
            self._environments[language] = env = _environment(Words(tongue(language)), self._compiled)
            env.loader = FileSystemLoader([*(templates for templates, _ in self._more), FOLDER / "templates"])
            for _, known in self._more:
                env.globals.update(known)
        return self._environments[language]


class _Compiled(BytecodeCache):
    """Templates compiled once for all languages: the code of a template does not depend on them."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def _environment(words: Words, compiled: BytecodeCache) -> Environment:
    env = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
        bytecode_cache=compiled,
        optimized=False,  # nothing said in one language may be folded into the code that all share
    )
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # texts take their facts as arguments
    say, plural = _saying(words.say)
    env.globals.update(_=say, gettext=say, ngettext=plural, static=static, icon=icon, shortcut=shortcut)
    env.globals.update(words=words, lang=words.say.code)
    env.filters.update(_filters(words))
    return env


def _saying(say: Tongue) -> tuple[Callable[..., Markup], Callable[..., Markup]]:
    """The catalogue for templates: texts are markup of our own, facts are somebody's and get escaped."""

    def one(text: str, /, **facts: Any) -> Markup:
        return Markup(say.catalogue.gettext(text)) % _shown(facts)

    def plural(text: str, many: str, count: int, /, **facts: Any) -> Markup:
        return Markup(say.catalogue.ngettext(text, many, count)) % _shown({"num": count, **facts})

    return one, plural


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: visible(fact) if type(fact) is str else fact for name, fact in facts.items()}


@cache
def static(name: str) -> str:
    """The address of one of our own files; it changes with the content, so that it may be kept for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@cache
def icon(name: str, label: str = "") -> Markup:
    """A symbol of our own sheet; without a label it is decoration and hidden from screen readers."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(told, static("icons.svg"), name)


def shortcut(letter: str) -> Markup:
    """For the tag of what a letter presses, opens or enters (`console.js`)."""
    return Markup('data-key="{0}" aria-keyshortcuts="{0}"').format(letter)


def visible(text: str) -> str:
    """Somebody's text: characters that would turn others around are shown instead of obeyed."""
    return _TURNING.sub(lambda found: f"[{unicodedata.name(found[0])}]", text).replace("\x00", "�")


def untwisted(text: str) -> str:
    """Somebody's text for a field in which it is edited: without the characters that turn others around."""
    return _TURNING.sub("", text)


def without_secret(text: str) -> str:
    """A letter without its marker line: the reply token in it would let a reader speak for somebody else."""
    return _SECRET.sub("", text).rstrip()


def _common(visit: Visit) -> dict[str, Any]:
    """What every page knows."""
    counts = {"/queue": 0, "/held": 0, "/outbox": 0, "/fiches": 0}
    if visit.who is not None and not visit.is_fragment:
        counts = _counts(visit)
    return {
        "visit": visit,
        "me": visit.who,
        "may_act": visit.may_act,
        "now": visit.now,
        "zone": visit.office.zone,
        "network": visit.office.network,
        "places": [place for place in visit.desk.places if visit.who is not None and visit.who.role in place.roles],
        "counts": counts,
        "here": visit.request.url.path,
        "all_languages": sorted(LANGUAGES, key=lambda code: folded(own_name(code))),
        "came_from": visit.came_from,
        "told": visit.words.told(visit.asked("told")),
    }


def _counts(visit: Visit) -> dict[str, int]:
    with visit.store.snapshot() as session:
        fiches = overviews.fiche_counts(session, visit.care)
        return {
            "/queue": queueing.needs_somebody(session, visit.care),
            "/held": overviews.held_count(session, visit.care),
            "/outbox": overviews.undelivered(session, visit.care),
            "/fiches": fiches.get("draft", 0) + fiches.get("review", 0),
        }


def _filters(words: Words) -> Mapping[str, Any]:
    say = words.say

    @pass_context
    def when(context: Context, at: datetime) -> Markup:
        told = clocks.moment(at, context["now"], context["zone"], say)
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), told)

    @pass_context
    def ago(context: Context, at: datetime) -> Markup:
        full = clocks.moment(at, context["now"], context["zone"], say)
        told = clocks.ago(at, context["now"], say)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), full, told)

    @pass_context
    def day(context: Context, at: date | str) -> Markup:
        told = date.fromisoformat(at) if isinstance(at, str) else at
        return Markup('<time datetime="{}">{}</time>').format(told.isoformat(), clocks.day(told, context["now"], say))

    return {
        "when": when,
        "day": day,
        "week": lambda hours: clocks.week(hours, say),
        "ago": ago,
        "untwisted": untwisted,
        "without_secret": without_secret,
        "paragraphs": lambda text: paragraphs_of(lines_of(text)),
        "happening": lambda event: happening(event, words),
        "event_kind": lambda kind: kind_name(kind, words),
        "reason": words.reason,
        "explained": words.explained,
        "letter_kind": words.letter_kind,
        "theme": words.theme,
        "tier": words.tier,
        "role": words.role,
        "scope": words.scope,
        "sentence": words.sentence,
        "spelt": lambda value: spelt(str(value), words),
        "language": words.language,
        "own_name": own_name,
        "country": words.country,
        "by_name": words.by_name,
        "named": words.named,
        "actor": words.actor,
        "closed_because": words.closed_because,
        "one_line": one_line,
        "quoted": words.quoted,
        "max_number": lambda row: max(row[1:], default=0),
        "percent": words.percent,
        "number": words.number,
        "capital": lambda text: text[:1].upper() + text[1:],
    }


def one_line(text: str, limit: int = 220) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
