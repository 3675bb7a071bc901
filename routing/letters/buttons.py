"""The buttons under a letter: what each does (action) and what it says (label)."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations
from typing import Any

from routing.letters.labels import N_
from routing.letters.speech import one_line, own_name
from routing.values import LANGUAGES

_FIXED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "answer": (("helped_yes", N_("Yes, this helped")), ("helped_no", N_("No, something is missing"))),
    "used_question": (
        ("used_yes", N_("Yes, we used it")),
        ("used_not_yet", N_("Not yet")),
        ("used_no", N_("No")),
    ),
    "forget_confirm": (("forget_yes", N_("Yes, erase my data")), ("forget_no", N_("No, keep my data"))),
    "assignment": (("accept", N_("I will answer")), ("decline", N_("I cannot answer"))),
    "reminder": (("accept", N_("I will answer")), ("decline", N_("I cannot answer"))),
}
_LABEL_LENGTH = 60  # longer ones are cut on a phone


def buttons_for(kind: str, facts: Mapping[str, Any], say: NullTranslations) -> tuple[tuple[str, str], ...]:
    if kind == "welcome":
        return tuple((f"language:{code}", own_name(code)) for code in LANGUAGES)
    if kind in {"proposal", "proposal_reminder"}:
        return _proposal(facts["matches"] or (), say)
    if kind == "clarify":
        return tuple((f"choose:{n}", one_line(choice, _LABEL_LENGTH)) for n, choice in enumerate(facts["choices"], 1))
    return tuple((action, say.gettext(text)) for action, text in _FIXED.get(kind, ()))


def _proposal(matches: Any, say: NullTranslations) -> tuple[tuple[str, str], ...]:
    many = len(matches) > 1
    this = say.gettext("This answers my question")
    accept = tuple((f"accept:{n}", f"{this} ({n})" if many else this) for n in range(1, len(matches) + 1))
    return (*accept, ("ask_expert", say.gettext("Ask an expert")))
