"""English words for codes: whose turn it is, what a letter is for, what an event in the history says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from routing.letters import explain, label, language_name, reason_words
from routing.reasons import SENTENCES, Reason, describe

TURN = {
    "us": ("the service", "machine"),
    "asker": ("asker", "asker"),
    "expert": ("expert", "expert"),
    "coordinator": ("a coordinator", "coordinator"),
    "nobody": ("nobody", "check"),
}
NEXT = {
    "search": "look for fiches and experts",
    "remind of proposal": "remind the asker of the fiches",
    "close silent": "close, if the asker stays silent",
    "close unclarified": "close, if the asker does not explain",
    "watch assignments": "remind the expert, or move on",
    "nag coordinator": "tell the coordinators again",
    "ask whether used": "ask whether the answer was used",
    "await what is missing": "wait for what the asker misses",
    "close answered": "close as answered",
    "follow": "see whether the other question is answered",
    "none": "nothing",
}
LETTERS = {
    "receipt": "Receipt with the promised date",
    "proposal": "Fiches offered",
    "proposal_reminder": "Reminder of the fiches",
    "proposal_accepted": "Thanks for choosing a fiche",
    "coordinator_has_it": "A coordinator has it",
    "clarify": "Which do you mean?",
    "ask_back": "The expert asks back",
    "holding": "New date, with the reason",
    "answer": "The answer",
    "helped_thanks": "Thanks for the verdict",
    "helped_no": "What is missing?",
    "reopened": "Opened again",
    "used_question": "Was it used?",
    "used_thanks": "Thanks for telling",
    "closed": "Closed",
    "assignment": "The question, with the deadline",
    "accepted": "Confirmation of the deadline",
    "declined_thanks": "Thanks for declining",
    "reminder": "Reminder",
    "moved_on": "No longer needed",
    "answer_thanks": "Thanks for the answer",
    "asker_replied": "The asker replied",
    "answer_missing": "What the asker misses",
    "held_notice": "Your mail is being looked at",
    "ask_back_sent": "Your question was passed on",
    "co_question": "A question needs you",
    "co_held": "Mail is held",
    "co_delivery": "A letter did not arrive",
    "co_draft": "A fiche draft to review",
    "co_ambiguous": "A letter may not have arrived",
    "co_alert": "Alarm",
    "sign_in": "Sign-in link",
    "joined": "Put together with the same question",
    "earlier_answer": "An earlier answer offered",
    "addition": "A further answer",
    "new_date": "A new date",
    "deadline_moved": "A new deadline",
    "became": "What became of the answer",
    "confirm_entry": "Is the entry still right?",
    "entry_confirmed": "Thanks for confirming the entry",
    "co_entry": "An entry needs you",
}
LETTER_STATES = {
    "queued": ("waiting to go", "wait", "clock"),
    "claimed": ("going out", "wait", "send"),
    "sent": ("sent", "good", "check"),
    "failed": ("not delivered", "bad", "warning"),
    "ambiguous": ("perhaps delivered", "bad", "question"),
    "cancelled": ("cancelled", "dull", "close"),
}
ASSIGNMENT_STATES = {
    "offered": ("no word yet", "wait", "clock"),
    "accepted": ("accepted", "good", "check"),
    "answered": ("answered", "good", "check"),
    "declined": ("declined", "dull", "close"),
    "lapsed": ("deadline passed", "bad", "late"),
    "withdrawn": ("withdrawn", "dull", "close"),
    "bounced": ("mail not deliverable", "bad", "warning"),
}
PROPOSAL_STATES = {
    "offered": ("no word yet", "wait", "clock"),
    "accepted": ("accepted", "good", "check"),
    "refused": ("refused", "dull", "close"),
    "lapsed": ("no longer open", "dull", "close"),
}
ANSWER_STATES = {
    "waiting": ("waits for your release", "wait", "pause"),
    "released": ("sent to the asker", "good", "check"),
    "discarded": ("not sent", "dull", "close"),
}
CLOSED = {
    "answered": "answered",
    "answered by a fiche": "answered by a fiche",
    "no_verdict": "the asker said nothing more",
    "no_clarification": "the asker did not explain",
    "asker_withdrew": "the asker withdrew it",
    "duplicate": "a duplicate of another question",
    "coordinator": "closed by a coordinator",
    "erased": "the asker's data were erased",
}
HANDED = {
    "no_roster": "no expert in the directory fits",
    "ladder_exhausted": "everybody who fits has declined or stayed silent",
    "sensitive": "it is marked as sensitive",
    "search_down": "the search was not available",
    "asker_wish": "the asker wishes it",
    "no_answer_yet": "nobody is at work on it",
}
# What a page says after something was done; the address only carries the key.
TOLD = {
    "assigned": "Given to the expert. The letters are on their way.",
    "extended": "The deadline has moved, and both sides are told.",
    "answered": "Your answer is on its way to the asker. A fiche draft was kept.",
    "released": "The answer is on its way to the asker. A fiche draft was kept.",
    "not-sent": "The answer stays here and is not sent.",
    "proposed": "The fiche is on its way to the asker.",
    "sensitive": "Marked as sensitive.",
    "not-sensitive": "No longer marked as sensitive.",
    "tier": "The tier has changed; the deadline is counted anew, and both sides are told.",
    "asked-also": "One more expert is asked; the letters are on their way.",
    "links-revoked": "The asker's links are no longer valid; the next letter has a new one.",
    "joined": "Put together. The asker is told, and gets the same answer.",
    "parted": "It goes on by itself and is being searched.",
    "scored": "Scored.",
    "consent": "Noted.",
    "directory-review": "Noted; it counts from the next answer on.",
    "searching": "It is being searched again.",
    "closed": "Closed. The asker is told.",
    "reopened": "Open again; the next step is yours.",
    "noted": "Noted.",
    "held-released": "Released.",
    "held-question": "Taken as a new question; it is being searched.",
    "held-retried": "It is being read and judged again.",
    "held-discarded": "Discarded. The message and your reason are kept.",
    "held-many": "Done with all that were still held.",
    "held-some": "Done with the others. These are not touched:",
    "held-revoked": "Taken back: the next such mail is held again.",
    "letter-retried": "It goes out at once.",
    "letter-arrived": "Marked as arrived.",
    "letter-redirected": "It goes to the other address.",
    "letter-cancelled": "It is not tried any more.",
    "fiche-saved": "Saved.",
    "fiche-begun": "The draft is begun; complete it here.",
    "fiche-in-review": "It waits for a second pair of eyes.",
    "fiche-sent-back": "It is a draft again.",
    "remarked": "Your remark stands beside the fiche.",
    "fiche-published": "Published. It can be found within a minute.",
    "fiche-retired": "Retired. It is no longer offered.",
    "absence": "The absence is noted; nobody is assigned in that time.",
    "user-added": "They may sign in now.",
    "user-removed": "They may sign in no longer, and their sessions have ended.",
    "key-revoked": "The key is ended.",
    "signed-out": "You are signed out.",
    "undone": "Taken back.",
    "undone-some": "Taken back where nothing had happened since.",
    "view-saved": "The view is kept.",
    "view-removed": "The view is removed.",
}
# What a bulk act says it has done.
BULK = {
    "suggested": "{count} given to the experts who were suggested.",
    "sensitive": "{count} marked as sensitive.",
    "duplicate": "{count} closed as duplicates; the askers are told.",
}
_ACTOR = re.compile(r"\b(?:user|person|expert):[0-9]+\b")


def reason(row: Any) -> str:
    """A stored reason in words; some are plain text already."""
    if not isinstance(row, Mapping):
        return str(row).replace("_", " ")
    code, facts = str(row.get("code", "")), {key: value for key, value in row.items() if key != "code"}
    try:
        return describe(Reason(code, facts)) if code in SENTENCES else reason_words(code, "en", **facts)
    except (KeyError, TypeError, ValueError):
        return code.replace("_", " ")


def explained(explanation: Mapping[str, Any]) -> str:
    """How a deadline was counted; "" where nothing is stored."""
    try:
        return explain(explanation, "en") if explanation else ""
    except (KeyError, TypeError, ValueError):
        return ""


def letter_kind(kind: str) -> str:
    return LETTERS.get(kind, kind.replace("_", " ").capitalize())


def theme(code: str | None) -> str:
    return label(code, "en") if code else ""


IDENTITY = {
    "border": ("authenticated by your mail server", "good"),
    "border-refused": ("refused by your mail server: not authenticated", "late"),
    "border-silent": ("not authenticated: your mail server said nothing", "today"),
    "signed": ("authenticated by the signature of its domain", "good"),
    "unsigned": ("not authenticated: not signed", "today"),
    "foreign": ("not authenticated: signed by another domain", "late"),
    "broken": ("not authenticated: its signature does not hold", "late"),
    "other-letter": ("signed, but not for this reply address", "late"),
    "no-answer": ("not authenticated: no name server answered", "today"),
    "unchecked": ("not authenticated: the check took too long", "today"),
}


def identity(facts: Mapping[str, Any]) -> tuple[str, str]:
    """What is known about the sender of a message, in words, and how good that is."""
    code = str(facts.get("identity", ""))
    return IDENTITY.get(code, ("authenticated", "good") if facts.get("proven") else ("not authenticated", "today"))


def language(code: str) -> str:
    return language_name(code, "en")


def closed_because(because: str | None) -> str:
    return CLOSED.get(because or "", (because or "closed").replace("_", " "))


def named(text: str | None, actors: Mapping[str, str]) -> str:
    """A sentence of the history with names in the place of "user:3" and the like."""
    return _ACTOR.sub(lambda found: actors.get(found[0], found[0]), text or "")


def actor(code: str, actors: Mapping[str, str]) -> str:
    return {"system": "RRM", "asker": "the asker", "mail": "the mail system", "policy": "the policy", "import": "the import"}.get(
        code
    ) or actors.get(code, code)
