"""The console's words for the codes of a question: whose turn it is, how an assignment stands, why somebody was chosen.

English, marked for the catalogues; `words` puts them into a reader's language. Beside a word for a state stand its tone and
its icon. Letters and messages have theirs in `letterlists`, fiches in `fichelists`.
"""

from __future__ import annotations

from routing.letters.labels import N_

TURN = {
    "us": (N_("the service"), "machine"),
    "asker": (N_("asker"), "asker"),
    "expert": (N_("expert"), "expert"),
    "coordinator": (N_("a coordinator"), "coordinator"),
    "nobody": (N_("nobody"), "check"),
}
NEXT = {
    "search": N_("look for fiches and experts"),
    "remind of proposal": N_("remind the asker of the fiches"),
    "close silent": N_("close, if the asker stays silent"),
    "close unclarified": N_("close, if the asker does not explain"),
    "watch assignments": N_("remind the expert, or move on"),
    "nag coordinator": N_("tell the coordinators again"),
    "ask whether used": N_("ask whether the answer was used"),
    "await what is missing": N_("wait for the asker to say what is missing"),
    "close answered": N_("close as answered"),
    "follow": N_("see whether the other question is answered"),
    "none": N_("nothing"),
}
ASSIGNMENT_STATES = {
    "offered": (N_("no reply yet"), "wait", "clock"),
    "accepted": (N_("accepted"), "good", "check"),
    "answered": (N_("answered"), "good", "check"),
    "declined": (N_("declined"), "dull", "close"),
    "lapsed": (N_("passed on, unanswered"), "dull", "late"),
    "withdrawn": (N_("withdrawn"), "dull", "close"),
    "bounced": (N_("mail undeliverable"), "bad", "warning"),
}
PROPOSAL_STATES = {
    "offered": (N_("no reply yet"), "wait", "clock"),
    "accepted": (N_("accepted"), "good", "check"),
    "refused": (N_("refused"), "dull", "close"),
    "lapsed": (N_("no longer open"), "dull", "close"),
}
ANSWER_STATES = {
    "waiting": (N_("waiting for your release"), "wait", "pause"),
    "released": (N_("sent to the asker"), "good", "check"),
    "discarded": (N_("not sent"), "dull", "close"),
}
CLOSED = {
    "answered": N_("answered"),
    "answered by a fiche": N_("answered by a fiche"),
    "no_verdict": N_("the asker said nothing more"),
    "no_clarification": N_("the asker did not explain"),
    "asker_withdrew": N_("the asker withdrew it"),
    "duplicate": N_("a duplicate of another question"),
    "coordinator": N_("closed by a coordinator"),
    "erased": N_("the asker's data were erased"),
    "refused: outside": N_("outside what the network answers"),
    "refused: too_many_open": N_("the asker has too many open questions"),
    "refused: not_admitted": N_("the asker is not admitted to this network"),
}
HANDED = {
    "no_roster": N_("no expert in the directory is suitable"),
    "ladder_exhausted": N_("everybody suitable has declined or stayed silent"),
    "sensitive": N_("it is marked as sensitive"),
    "search_down": N_("the search was not available"),
    "asker_wish": N_("the asker asked for it"),
    "asker_replied": N_("the asker has answered what we asked"),
    "answer_waits": N_("an answer waits to be sent on"),
    "no_answer_yet": N_("nobody is working on it"),
    "suggested": N_("an expert suggested somebody who is not in the directory"),
}
# Who did something, where no person has a name for it.
ACTORS = {
    "system": N_("RRM"),
    "asker": N_("the asker"),
    "mail": N_("the mail system"),
    "policy": N_("the policy"),
    "import": N_("the import"),
}
# Why something was decided, or somebody chosen, as a coordinator reads it: the codes of `routing.reasons`.
REASONS = {
    "theme": N_("works on %(theme)s"),
    "profile": N_("the authority's profile is close to the question"),
    "practice": N_("runs %(title)s"),
    "answered_before": N_("answered %(count)s like this"),
    "language": "%(language)s",
    "bridge_language": N_("answers in %(language)s"),
    "no_shared_language": N_("speaks neither the question's language nor a bridge language"),
    "country": N_("works in %(country)s"),
    "other_country": N_("brings the view of %(country)s"),
    "quick": N_("usually answers within %(span)s"),
    "capacity": N_("%(open)s of %(of)s open"),
    "suggested": N_("suggested by an expert who was asked"),
    "next_on_ladder": N_("next in line at the authority"),
    "not_admitted": N_("the asker is not admitted to this network"),
    "too_many_open": N_("the asker has %(open)s open questions; the limit is %(of)s"),
    "outside": N_("its words are outside what the network answers: %(signpost)s"),
    "sensitive": N_("the question is marked as sensitive"),
    "wish": N_("the asker wants an expert"),
    "degraded": N_("the search was not available (%(why)s)"),
    "vague": N_("the question is too vague to be searched or routed"),
    "confident": N_("the chance that a fiche answers it is %(confidence)s"),
    "plausible": N_("fiches are offered as suggestions: confidence is not measured here yet, %(confidence)s"),
    "unsure": N_("no fiche answers with enough confidence (%(confidence)s)"),
    "same_open": N_("somebody else is waiting for an answer to the same question (similarity %(likeness)s)"),
    "same_answered": N_("the same question has been answered before (similarity %(likeness)s)"),
    "no_roster": N_("no suitable expert is free"),
}
# Headings of reports whose word means something else in the history.
COLUMNS = {"asked": N_("questions asked")}
TIERS = {"urgent": N_("urgent"), "standard": N_("standard"), "extended": N_("extended")}
ROLES = {"admin": N_("administrator"), "coordinator": N_("coordinator"), "observer": N_("observer")}
SCOPES = {"read": N_("read"), "act": N_("act"), "manage": N_("manage webhooks")}
