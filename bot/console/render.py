"""From a template and facts to a page: the environment of all templates and the words every page needs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.console import clocks, words
from bot.console.happenings import happening
from routing import overviews, queueing
from routing.letters import country_name, own_name

if TYPE_CHECKING:
    from bot.console.visits import Visit

FOLDER = Path(__file__).resolve().parent
STATIC = FOLDER / "static"
_SECRET = re.compile(r"^-- .* -- ref:\S+$", re.MULTILINE)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Pages:
    """Renders templates; autoescape is on for all of them, and a forgotten fact is an error."""

    def __init__(self) -> None:
        self.env = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=lambda value: visible(value) if type(value) is str else value,
        )
        self.env.filters.update(_filters())
        self.env.globals.update(static=static, icon=icon, words=words)

    def render(self, visit: Visit, template: str, **facts: Any) -> str:
        return self.env.get_template(template).render(**_common(visit), **facts)

    def render_text(self, visit: Visit, source: str, **facts: Any) -> str:
        return self.env.from_string(source).render(**_common(visit), **facts)


@cache
def static(name: str) -> str:
    """The address of one of our own files; it changes with the content, so that it may be kept for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@cache
def icon(name: str, label: str = "") -> Markup:
    """A symbol of our own sheet; without a label it is decoration and hidden from screen readers."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(told, static("icons.svg"), name)


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
        "told": words.TOLD.get(visit.asked("told"), ""),
    }


def _counts(visit: Visit) -> dict[str, int]:
    with visit.store.snapshot() as session:
        return {
            "/queue": queueing.needs_somebody(session),
            "/held": overviews.held_count(session),
            "/outbox": overviews.undelivered(session),
            "/fiches": overviews.fiche_counts(session).get("draft", 0),
        }


def _filters() -> Mapping[str, Any]:
    @pass_context
    def when(context: Context, at: datetime) -> Markup:
        told = clocks.moment(at, context["now"], context["zone"])
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), told)

    @pass_context
    def ago(context: Context, at: datetime) -> Markup:
        full = clocks.moment(at, context["now"], context["zone"])
        return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), full, clocks.ago(at, context["now"]))

    return {
        "when": when,
        "ago": ago,
        "untwisted": untwisted,
        "without_secret": without_secret,
        "happening": happening,
        "reason": words.reason,
        "explained": words.explained,
        "letter_kind": words.letter_kind,
        "theme": words.theme,
        "language": words.language,
        "own_name": own_name,
        "country": lambda code: country_name(code, "en"),
        "named": words.named,
        "actor": words.actor,
        "closed_because": words.closed_because,
        "one_line": one_line,
        "max_number": lambda row: max(row[1:], default=0),
        "percent": lambda part: f"{part:.0%}",
    }


def one_line(text: str, limit: int = 220) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
