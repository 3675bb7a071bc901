"""The buttons under a letter: what each does (action) and what it says (label)."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations
from typing import Any

from routing.letters.labels import N_
from routing.letters.speech import one_line, own_name

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
    "goes_on": (("accept", N_("I will answer")), ("decline", N_("I cannot answer"))),
    "answer_missing": (("accept", N_("I will answer")), ("decline", N_("I cannot answer"))),
    "not_asked": (("is_question", N_("It is a question")),),
    "answer_returned": (("decline", N_("I cannot answer")),),
    "joined": (("different", N_("My question is a different one")),),
    "confirm_entry": (("entry_right", N_("Yes, all of it is right")), ("entry_edit", N_("Correct the entry"))),
}
_MAILED = ("options", N_("More time, a colleague, a question first"))  # opens a page with forms, so only by mail
_TIERS = {
    "urgent": N_("It is urgent"),
    "standard": N_("The usual time is fine"),
    "extended": N_("It can wait"),
}
# What a coordinator decides at one click; each opens a page first.
_OFFERS = {
    "co_release": N_("%(number)s: read the answer and send it"),
    "co_assign": N_("%(number)s: give it to %(who)s"),
    "co_file": N_("%(number)s: file the held mail here"),
}
_LABEL_LENGTH = 60  # longer ones are cut on a phone


def buttons_for(kind: str, facts: Mapping[str, Any], say: NullTranslations) -> tuple[tuple[str, str], ...]:
    if kind in {"welcome", "which_language"}:
        return tuple((f"language:{code}", own_name(code)) for code in facts["languages"])
    if kind in {"proposal", "proposal_reminder", "which_fiche", "earlier_answer"}:
        return _proposal(facts["matches"] or (), say)
    if kind == "clarify":
        return tuple((f"choose:{n}", one_line(choice, _LABEL_LENGTH)) for n, choice in enumerate(facts["choices"], 1))
    if kind in {"co_burning", "co_digest"}:
        offers = ((one, _OFFERS[one["act"]]) for one in facts["offers"])
        return tuple((f"{one['act']}:{one['target']}", say.gettext(text) % one) for one, text in offers)
    fixed = _FIXED.get(kind, ())
    if kind in {"assignment", "reminder", "goes_on", "answer_missing", "answer_returned"} and facts["medium"] == "email":
        fixed = (*fixed, _MAILED)
    elif kind == "receipt":
        fixed = tuple((f"tier:{tier}", _TIERS[tier]) for tier in facts["tiers"] or () if tier != facts["tier"])
    elif facts.get("in_prose"):
        fixed = (("was_answer", N_("My mail was the answer")),)
    elif kind == "helped_thanks" and facts["ask_share"]:
        fixed = (("share_yes", N_("Yes, offer it to others")), ("share_no", N_("No, keep it between us")))
    return tuple((action, say.gettext(text)) for action, text in fixed)


def _proposal(matches: Any, say: NullTranslations) -> tuple[tuple[str, str], ...]:
    many = len(matches) > 1
    this = say.gettext("This answers my question")
    accept = tuple((f"accept:{n}", f"{this} ({n})" if many else this) for n in range(1, len(matches) + 1))
    return (*accept, ("ask_expert", say.gettext("Ask an expert")))
