"""What one event of the history says, in a sentence: a table from its kind to words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.console import words
from routing.models import Event


@dataclass(frozen=True, slots=True)
class Happening:
    """`sentence` goes on after the name of who did it; `text` is what somebody wrote, `lines` are reasons."""

    icon: str
    sentence: str
    text: str = ""
    lines: tuple[str, ...] = ()
    fiche: str = ""


Told = Mapping[str, Any]


def happening(event: Event) -> Happening:
    """An unknown kind is shown as it is called."""
    tell = KINDS.get(event.kind)
    try:
        return tell(event.detail) if tell else Happening("dot", event.kind.replace("-", " "))
    except (KeyError, TypeError, ValueError):  # an erased or older detail
        return Happening("dot", event.kind.replace("-", " "))


def _plain(icon: str, sentence: str) -> Callable[[Told], Happening]:
    return lambda detail: Happening(icon, sentence)


def _with_text(icon: str, sentence: str, key: str) -> Callable[[Told], Happening]:
    return lambda detail: Happening(icon, sentence, text=str(detail.get(key) or ""))


def _fiche(sentence: str) -> Callable[[Told], Happening]:
    return lambda detail: Happening("fiche", sentence, fiche=str(detail["fiche"]))


def _decided(detail: Told) -> Happening:
    does = {
        "Propose": "decided to offer fiches",
        "Assign": "decided to ask an expert",
        "AskBack": "decided to ask the asker which is meant",
        "HandToCoordinator": "decided that a coordinator should look",
        "Refuse": "refused the question",
    }
    return Happening(
        "machine", does.get(detail["decision"], "decided"), lines=tuple(map(words.reason, detail.get("reasons", ())))
    )


def _handed(detail: Told) -> Happening:
    return Happening("coordinator", f"handed it to the coordinators: {words.HANDED.get(detail['reason'], detail['reason'])}")


def _escalated(detail: Told) -> Happening:
    return Happening("up", f"moved it up to {detail['to']}: {str(detail['because']).replace('_', ' ')}")


def _extended(detail: Told) -> Happening:
    days = int(detail["days"])
    lines = tuple(filter(None, (words.explained(detail.get("explanation") or {}),)))
    moved = f"extended the deadline by {days} working day{'s' if days != 1 else ''}"
    return Happening("clock", moved, text=str(detail.get("reason") or ""), lines=lines)


def _recounted(detail: Told) -> Happening:
    lines = tuple(filter(None, (words.explained(detail.get("explanation") or {}),)))
    return Happening("clock", f"counted the deadline again, since the {detail['why']} has changed", lines=lines)


def _asked_which(detail: Told) -> Happening:
    return Happening("question", "asked which is meant", lines=tuple(map(str, detail.get("choices", ()))))


def _reminded(detail: Told) -> Happening:
    stages = {"accept": "asked for a yes or no", "halfway": "half-way", "due_soon": "due soon", "overdue": "overdue"}
    return Happening("bell", f"reminded {detail['expert']} ({stages.get(detail['stage'], detail['stage'])})")


def _letter(icon: str, sentence: str) -> Callable[[Told], Happening]:
    return lambda detail: Happening(icon, sentence.format(letter=words.letter_kind(str(detail.get("letter_kind", "")))))


def _bounced(detail: Told) -> Happening:
    sort = "for good" if detail.get("hard") else "for now"
    return Happening("warning", f"said that a letter cannot be delivered {sort}", text=str(detail.get("status") or ""))


def _machine_wrote(detail: Told) -> Happening:
    until = f", away until {detail['absent_until']}" if detail.get("absent_until") else ""
    return Happening("machine", f"brought an automatic reply ({detail['sort']}){until}; no answer, the clock runs on")


def _not_written(detail: Told) -> Happening:
    kind = words.letter_kind(str(detail.get("letter_kind", "")))
    return Happening("pause", f"did not write “{kind}”: {detail['why']}")


def _tier(detail: Told) -> Happening:
    return Happening("clock", f"changed the tier from {detail['before']} to {detail['after']}")


KINDS: Mapping[str, Callable[[Told], Happening]] = {
    "question-received": _plain("asker", "asked the question"),
    "question-edited": _plain("edit", "edited the question"),
    "decided": _decided,
    "handed-to-coordinator": _handed,
    "coordinators-told-again": _plain("bell", "told the coordinators again"),
    "clarification-asked": _asked_which,
    "clarified": lambda detail: Happening("asker", "said what is meant", text=str(detail["choice"])),
    "proposal-accepted": _fiche("accepted a fiche"),
    "proposal-refused": _with_text("close", "said that the fiches do not answer it", "said"),
    "proposal-reminder": _plain("bell", "reminded the asker of the fiches"),
    "assigned": lambda detail: Happening("expert", f"gave it to {detail['expert']}, {detail['authority']}"),
    "accepted": _plain("check", "accepted it"),
    "declined": _with_text("close", "declined it", "reason"),
    "away": _with_text("pause", "is away", "said"),
    "asked-back": _with_text("question", "asked back; the clock stands still", "text"),
    "extended": _extended,
    "extension-refused": lambda detail: Happening("pause", f"did not extend it by {detail['days']} days: once is the rule"),
    "reminded": _reminded,
    "escalated": _escalated,
    "answered": _plain("answer", "wrote an answer"),
    "answer-edited": _with_text("edit", "edited the answer; before it said", "before"),
    "answer-released": _plain("send", "released the answer"),
    "answer-discarded": _with_text("close", "decided that this answer does not go out", "reason"),
    "helped": _plain("check", "said that the answer helped"),
    "did-not-help": _plain("warning", "said that something is missing"),
    "reopened": _with_text("again", "opened it again", "missing"),
    "opened-again": _plain("again", "opened it again"),
    "asked-whether-used": _plain("question", "asked whether the answer was used"),
    "used": lambda detail: Happening("check", f"said whether it was used: {detail['how']}"),
    "closed": lambda detail: Happening("check", f"closed it: {words.closed_because(detail['because'])}"),
    "note": _with_text("note", "noted", "text"),
    "marked-sensitive": _plain("lock", "marked it as sensitive"),
    "unmarked-sensitive": _plain("lock", "took the sensitive mark off"),
    "tier-changed": _tier,
    "joined": lambda detail: Happening("fiche", f"put it together with {detail['leader']}: they wait for one answer"),
    "joined-by": lambda detail: Happening("fiche", f"put {detail['follower']} together with this one"),
    "unjoined": _plain("again", "took it apart again: it goes on by itself"),
    "answer-offered": _plain("fiche", "offered the answer that somebody else got to the same question"),
    "answer-added": _plain("answer", "added to the answer"),
    "answer-scored": lambda detail: Happening("check", f"scored an answer: {detail['sum']} of 18"),
    "suggested": _with_text("expert", "proposed somebody else", "text"),
    "shared": _plain("check", "agreed that others may be offered the answer"),
    "not-shared": _plain("lock", "wished that the answer stays between us"),
    "recounted": _recounted,
    "links-revoked": _plain("lock", "made the asker's links invalid"),
    "entry-confirmed": lambda detail: Happening("check", f"confirmed the entry of {detail['authority']}"),
    "entry-corrected": lambda detail: Happening("edit", f"corrected the entry of {detail['authority']}"),
    "entry-commented": lambda detail: Happening(
        "edit", f"wrote about the entry of {detail['authority']}", text=str(detail["text"])
    ),
    "searched-again": _plain("search", "had it searched again"),
    "fiche-chosen": _fiche("chose a fiche to propose"),
    "fiche-drafted": _fiche("kept the answer as a fiche draft"),
    "fiche-published": _fiche("published the fiche"),
    "fiche-revised": _fiche("revised the fiche"),
    "fiche-begun": _fiche("began a fiche"),
    "fiche-in-review": _fiche("asked for a review of the fiche"),
    "fiche-sent-back": _fiche("sent the fiche back for changes"),
    "fiche-retired": _fiche("retired the fiche"),
    "mail-released": _with_text("release", "released a held message", "reason"),
    "mail-discarded": _with_text("close", "discarded a held message", "reason"),
    "asker-wrote": _plain("asker", "wrote"),
    "expert-wrote": _plain("expert", "wrote"),
    "coordinator-wrote": _with_text("coordinator", "wrote by mail", "text"),
    "machine-wrote": _machine_wrote,
    "bounced": _bounced,
    "delivery-delayed": _with_text("clock", "said that a letter is delayed", "status"),
    "delivery-failed": _letter("warning", "could not deliver “{letter}”"),
    "letter-ambiguous": _letter("question", "does not know whether “{letter}” arrived"),
    "letter-not-written": _not_written,
    "letter-retried": _letter("again", "sent “{letter}” again"),
    "letter-arrived": _letter("check", "marked “{letter}” as arrived"),
    "letter-redirected": _letter("again", "sent “{letter}” to another address"),
    "letter-cancelled": _letter("close", "gave up “{letter}”"),
    "signed-in": _plain("person", "signed in"),
    "absence-noted": lambda detail: Happening("pause", f"noted an absence of {detail['expert']} until {detail['until']}"),
    "key-made": lambda detail: Happening("lock", f"made the key {detail['name']} ({', '.join(detail['scopes'])})"),
    "key-revoked": _plain("lock", "ended a key"),
    "user-added": lambda detail: Happening("person", f"let {detail['email']} sign in as {detail['role']}"),
    "user-removed": _plain("person", "ended somebody's right to sign in"),
}
