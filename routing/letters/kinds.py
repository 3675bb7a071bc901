"""The kinds of letters: who reads each, which facts it needs, which it may have.

`medium` ("telegram" or "email") belongs to every letter. A fact marked "may" is absent, or None, where nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ASKER, EXPERT, COORDINATOR = "asker", "expert", "coordinator"
_ALWAYS = frozenset({"medium", "number", "zone", "token"})
_MEDIA = ("telegram", "email")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a letter needs to be written; `choices` are the words a fact may take."""

    reader: str
    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _kind(reader: str, needs: str = "", may: str = "", **choices: str) -> Kind:
    words = {fact: tuple(allowed.split()) for fact, allowed in choices.items()}
    return Kind(reader, frozenset({"medium", *needs.split()}), frozenset(may.split()), words)


KINDS: Mapping[str, Kind] = {
    # ------------------------------------------------------------------ to the asker
    "welcome": _kind(ASKER, "network mail_address languages"),
    "language_set": _kind(ASKER),
    "which_language": _kind(ASKER, "languages"),
    "not_asked": _kind(ASKER),
    "help": _kind(ASKER, "mail_address"),
    "receipt": _kind(
        ASKER,
        "number promised_at zone tier",
        "question authority_kind authority_country status_url tiers experts",
        tier="urgent standard extended",
    ),
    "proposal": _kind(ASKER, "number matches confident zone", "question closes_at"),
    "proposal_reminder": _kind(ASKER, "number zone", "closes_at matches question"),
    "passed_on": _kind(ASKER, "number"),
    "which_fiche": _kind(ASKER, "number matches"),
    "proposal_accepted": _kind(ASKER, "number"),
    "coordinator_has_it": _kind(ASKER, "number promised_at zone", "status_url"),
    "clarify": _kind(ASKER, "number choices", "question"),
    "ask_back": _kind(ASKER, "number text language", "authority_kind authority_country"),
    "question_back": _kind(ASKER, "number text"),
    "holding": _kind(
        ASKER,
        "number promised_at zone reason",
        "authority_kind authority_country explanation status_url same_date first_date sooner with_coordinator",
        reason="expert_silent expert_declined expert_unreachable expert_away expert_left"
        " extended coordinator given working_on_it",
    ),
    "answer": _kind(ASKER, "number text language", "question author_kind author_country author_name translated enclosed kept"),
    "addition": _kind(ASKER, "number text language", "author_kind author_country enclosed kept same_author ours"),
    "earlier_answer": _kind(ASKER, "number text language matches", "question author_kind author_country status_url"),
    "joined": _kind(ASKER, "number zone", "promised_at status_url"),
    "parted": _kind(ASKER, "number zone", "promised_at status_url with_coordinator authority_kind authority_country"),
    "new_date": _kind(ASKER, "number promised_at zone reason tier", "status_url", reason="tier calendar absence replied"),
    "helped_thanks": _kind(ASKER, "number", "ask_share"),
    "helped_no": _kind(ASKER, "number"),
    "reopened": _kind(ASKER, "number promised_at zone", "status_url by_coordinator"),
    "used_question": _kind(ASKER, "number answered_at zone", "question"),
    "used_thanks": _kind(ASKER, "number"),
    "published": _kind(ASKER, "number", "title"),
    "refused_scope": _kind(ASKER, "number signpost"),
    "refused_admission": _kind(ASKER, "number contact"),
    "refused_too_many": _kind(ASKER, "number open of"),
    "closed": _kind(
        ASKER,
        "number reason",
        "text other",
        reason="no_verdict no_clarification answered asker_withdrew duplicate coordinator",
    ),
    "status": _kind(ASKER, "items zone"),
    "status_empty": _kind(ASKER),
    "withdraw_which": _kind(ASKER, "items example"),
    "forget_confirm": _kind(ASKER),
    "forgotten": _kind(ASKER),
    "forget_kept": _kind(ASKER),
    "export_ready": _kind(ASKER),
    "attachment_kept": _kind(ASKER, "names"),
    "edit_noted": _kind(ASKER),
    "group_hint": _kind(ASKER, "bot_name"),
    "unknown_command": _kind(ASKER),
    "button_stale": _kind(ASKER),
    "text_first": _kind(ASKER),
    "stopped": _kind(ASKER, "numbers"),
    "split": _kind(ASKER, "number items"),
    # ------------------------------------------------------------------ to the expert
    "assignment": _kind(
        EXPERT,
        "number question question_language deadline_at zone",
        "accept_by_at theme explanation asker_kind asker_country suggestions files enclosed kept reasons experts remark",
    ),
    "accepted": _kind(EXPERT, "number deadline_at zone", "in_prose"),
    "declined_thanks": _kind(EXPERT, "number", "until in_prose"),
    "file_missing": _kind(EXPERT, "number deadline_at zone", "in_prose"),
    "reminder": _kind(
        EXPERT, "number question deadline_at zone stage", "explanation accept_by_at", stage="accept halfway due_soon overdue"
    ),
    "moved_on": _kind(EXPERT, "number reason", "may_add", reason="passed_on answered withdrawn closed"),
    "deadline_moved": _kind(
        EXPERT, "number deadline_at zone reason tier", "explanation in_prose", reason="tier extended calendar absence"
    ),
    "not_extended": _kind(EXPERT, "number deadline_at zone", "in_prose"),
    "became": _kind(EXPERT, "number what", "title reached", what="used published"),
    "confirm_entry": _kind(EXPERT, "lines"),
    "entry_confirmed": _kind(EXPERT, "corrected"),
    "answer_thanks": _kind(EXPERT, "number passed_on"),
    "asker_replied": _kind(EXPERT, "number text deadline_at zone", "question enclosed kept asked"),
    "goes_on": _kind(EXPERT, "number former question deadline_at zone", "accept_by_at"),
    "answer_returned": _kind(EXPERT, "number text answer deadline_at zone"),
    "answer_missing": _kind(EXPERT, "number text deadline_at zone", "question enclosed kept"),
    "held_notice": _kind(EXPERT, "", "number"),
    "stopped_expert": _kind(EXPERT, "numbers"),
    "started_expert": _kind(EXPERT),
    "split_off": _kind(EXPERT, "number question others deadline_at zone"),
    "ask_back_sent": _kind(EXPERT, "number"),
    # ------------------------------------------------------------------ to the coordinator
    "co_question": _kind(
        COORDINATOR,
        "number question reason url",
        "text",
        reason="no_roster ladder_exhausted sensitive search_down asker_wish asker_replied suggested answer_waits no_answer_yet",
    ),
    "co_entry": _kind(COORDINATOR, "authority url", "text role"),
    "co_held": _kind(COORDINATOR, "count url"),
    "co_delivery": _kind(COORDINATOR, "recipient_role detail url", recipient_role="asker expert coordinator"),
    "co_draft": _kind(COORDINATOR, "title url", "asked"),
    "co_ambiguous": _kind(COORDINATOR, "url"),
    "sign_in": _kind(COORDINATOR, "url minutes"),
    "co_alert": _kind(COORDINATOR, "text url"),
    "co_burning": _kind(COORDINATOR, "count groups more offers url choice_url"),
    "co_digest": _kind(COORDINATOR, "count counts groups more offers url choice_url"),
    "co_month": _kind(
        COORDINATOR,
        "month asked asked_before answered by_fiche overdue open tiers themes authorities more"
        " judged right sure sure_right promised url choice_url",
        "first_word to_answer",
    ),
    "co_webhook": _kind(COORDINATOR, "name detail url"),
    "co_connected": _kind(COORDINATOR, "choice_url"),
}


def checked(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of one letter, complete: what may be absent is None.

    Raises TypeError naming what is missing or unknown, ValueError for a word outside a fact's choices.
    """
    if kind not in KINDS:
        raise TypeError(f"there is no letter {kind!r}; kinds are {', '.join(KINDS)}")
    form = KINDS[kind]
    missing = sorted(name for name in form.needs if facts.get(name) is None)
    if missing:
        raise TypeError(f"letter {kind!r} lacks {', '.join(missing)}")
    unknown = sorted(facts.keys() - form.needs - form.may - _ALWAYS)
    if unknown:
        raise TypeError(f"letter {kind!r} knows no {', '.join(unknown)}")
    for name, words in {"medium": _MEDIA, **form.choices}.items():
        if facts[name] not in words:
            raise ValueError(f"letter {kind!r}: {name} is {facts[name]!r}, must be one of {', '.join(words)}")
    return {**dict.fromkeys(form.may | _ALWAYS), **facts}
