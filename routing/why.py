"""Why a message is held: a code with facts, stored beside the message and put into words where a person reads it.

Reasons that the reading of a mail gives come as sentences already; they are shown as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routing.letters.labels import N_
from routing.models import InboxMessage

WHY: Mapping[str, str] = {
    # which question
    "unknown-address": N_("Its reply address names no question of ours: it was mistyped beyond repair or made up."),
    "several-questions": N_("It names several questions at once. Choose the one it answers."),
    "quotes-another": N_("Its reply address names question %(number)s, but answers our letter about %(other)s. Choose one."),
    "about-nothing": N_("It replies to a letter that was about no question."),
    "address-gone": N_("It answers one of our letters, but its reply address is gone. Release it to the question it belongs to."),
    "expert-without-address": N_("An expert wrote without using our reply address. Is it an answer, or a new question?"),
    # who wrote it
    "other-sender": N_("It came from %(sender)s, not from the person we wrote to. If a colleague answered, release it."),
    "border-refused": N_("Your mail server could not authenticate its sender (no DKIM, SPF or DMARC pass). It may be forged."),
    "border-silent": N_(
        "Its sender could not be authenticated: your mail server wrote no Authentication-Results. It may be forged."
    ),
    "unsigned": N_("Its sender could not be authenticated: the mail carries no signature (DKIM). It may be forged."),
    "foreign": N_("Its sender could not be authenticated: another domain signed it (DKIM). It may be forged."),
    "broken": N_("Its sender could not be authenticated: its signature (DKIM) is not valid. It may be forged."),
    "other-letter": N_("Its signature (DKIM) does not cover this reply address. Somebody else may have sent it on."),
    "no-answer": N_("Its signature could not be checked because no name server answered. Check it again later."),
    "unchecked": N_("Its signature could not be checked in time. Check it again later."),
    "nobody-judges": N_("Its sender could not be authenticated: neither a border mail server nor a signature is checked here."),
    "many-unproven": N_("Its sender is not authenticated and has asked already today. Check that it is really theirs."),
    "no-answer-wanted": N_("A machine or list seems to have sent it (%(sign)s). If a person wrote it, treat it as a question."),
    "at-once": N_("Its sender answers our letters at once, as machines do. If a person wrote it, treat it as a question."),
    "says-the-same": N_("Its sender keeps writing the same, as machines do. If a person wrote it, treat it as a question."),
    "without-end": N_("Its sender has written many times about this question today. Release it if a person wrote it."),
    # whether it may act now
    "revoked": N_("Its reply address is no longer valid: the question was closed or given to somebody else."),
    "expired": N_("Its reply address is older than %(days)s days. Release it if the answer still counts."),
    "expert-gone": N_("Its sender is no longer an expert of the network."),
    "already-answered": N_("Its sender has already answered this question. Release it to send it on as an addition."),
    "no-longer-theirs": N_("The question is closed or somebody else's by now. Release it to use the answer all the same."),
    "only-a-word": N_("The expert wrote only “%(text)s”. Release it if it is the answer; else ask what they meant."),
    "more-than-a-word": N_("The expert wrote “%(text)s” and something more. Release it if it is the answer."),
    "says-nothing": N_("The expert's reply has no words and no file. Ask what they meant."),
    "came-twice": N_("It came twice. The other copy, without the reply address, became: %(outcome)s."),
    # what it says
    "unwanted": N_("Somebody does not want our mail. Check whom we wrote to, then stop writing or apologise."),
    "no-words": N_("It has no text and no file, so there is nothing to search for. Ask the sender what they wanted."),
    "no-words-no-file": N_("It has no text, and its file cannot be fetched (%(files)s). Ask the sender what they wanted."),
    "must-stay": N_("An expert or coordinator wants to be forgotten. Remove them from the directory, then erase their data."),
    # what went wrong
    "failed": N_("It could not be handled (%(error)s). Look at the raw message; releasing it tries again."),
    "stopped-worker": N_("Handling it stopped the worker three times. Look at the raw message; releasing it tries again."),
}  # fmt: skip

# Why a guess stands beside a held message, best first.
GUESSED: Mapping[str, str] = {
    "named": N_("its reply address names this question"),
    "quoted": N_("it quotes our letter about this question"),
    "refers": N_("it refers to our letter"),
    "number": N_("its subject names this question"),
    "open": N_("its sender has this question open"),
    "asked": N_("its sender has asked this question"),
    "colleague": N_("somebody at its sender's mail domain has this question open"),
}


def because(row: InboxMessage, code: str, **facts: Any) -> str:
    """Write the code down with the message; returns the reason in English, for `row.reason`."""
    row.facts = {**(row.facts or {}), "why": {"code": code, **facts}}
    return WHY[code] % facts
