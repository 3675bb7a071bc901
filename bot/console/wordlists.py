"""The console's words for codes: whose turn it is, what a letter is for, how a letter or an assignment stands.

English, marked for the catalogues; `words` puts them into a reader's language. Beside a word for a state stand its tone and
its icon.
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
LETTERS = {
    "receipt": N_("Receipt with the promised date"),
    "proposal": N_("Fiches offered"),
    "proposal_reminder": N_("Reminder of the fiches"),
    "proposal_accepted": N_("Thanks for choosing a fiche"),
    "coordinator_has_it": N_("A coordinator has it"),
    "clarify": N_("Which do you mean?"),
    "ask_back": N_("The expert has a question"),
    "question_back": N_("We have a question"),
    "holding": N_("New date, with the reason"),
    "answer": N_("The answer"),
    "helped_thanks": N_("Thanks for the verdict"),
    "helped_no": N_("What is missing?"),
    "reopened": N_("Reopened"),
    "used_question": N_("Was it used?"),
    "used_thanks": N_("Thanks for telling us"),
    "closed": N_("The question was closed"),
    "assignment": N_("The question, with the deadline"),
    "accepted": N_("Confirmation of the deadline"),
    "declined_thanks": N_("Thanks for declining"),
    "reminder": N_("Reminder"),
    "moved_on": N_("No longer needed"),
    "answer_thanks": N_("Thanks for the answer"),
    "asker_replied": N_("The asker replied"),
    "answer_missing": N_("What the asker says is missing"),
    "goes_on": N_("Please go on for somebody else"),
    "held_notice": N_("Your mail is being looked at"),
    "not_extended": N_("deadline not extended"),
    "ask_back_sent": N_("Your question was passed on"),
    "co_question": N_("A question needs you"),
    "co_held": N_("Mail is held"),
    "co_delivery": N_("A letter did not arrive"),
    "co_draft": N_("A fiche draft to review"),
    "co_ambiguous": N_("A letter may not have arrived"),
    "co_alert": N_("Alarm"),
    "sign_in": N_("Sign-in link"),
    "joined": N_("Put together with the same question"),
    "earlier_answer": N_("An earlier answer offered"),
    "addition": N_("A further answer"),
    "new_date": N_("A new date"),
    "deadline_moved": N_("A new deadline"),
    "became": N_("What became of the answer"),
    "published": N_("What became of the answer"),
    "confirm_entry": N_("Is the entry still right?"),
    "entry_confirmed": N_("Thanks for confirming the entry"),
    "co_entry": N_("An entry needs you"),
    "co_burning": N_("What is urgent, in one letter"),
    "co_digest": N_("The morning digest"),
    "co_month": N_("The month in figures"),
    "co_webhook": N_("A webhook was switched off"),
    "co_connected": N_("A chat was connected for notices"),
    "welcome": N_("Welcome, and how it works"),
    "help": N_("How it works"),
    "language_set": N_("The language was set"),
    "refused_scope": N_("Refused: not for this network"),
    "refused_admission": N_("Refused: not admitted to this network"),
    "refused_too_many": N_("Refused: too many open questions"),
    "status": N_("Where the questions stand"),
    "status_empty": N_("No question is open"),
    "forget_confirm": N_("Erase the data?"),
    "forgotten": N_("The data were erased"),
    "forget_kept": N_("The data were kept"),
    "export_ready": N_("A copy of the data"),
    "attachment_kept": N_("A file was kept"),
    "edit_noted": N_("A change was noted"),
    "group_hint": N_("How to ask in a group"),
    "unknown_command": N_("An unknown command"),
    "button_stale": N_("A button that no longer works"),
    "text_first": N_("The question’s text is missing"),
}
MATTERS = {
    "overdue": N_("Overdue questions"),
    "review": N_("Answers to read before they go out"),
    "needs": N_("Questions that wait for a coordinator"),
    "held": N_("Held mail"),
    "undelivered": N_("Letters that did not arrive"),
    "draft": N_("Fiche drafts to review"),
}
LETTER_STATES = {
    "queued": (N_("waiting to be sent"), "wait", "clock"),
    "claimed": (N_("being sent"), "wait", "send"),
    "sent": (N_("sent"), "good", "check"),
    "failed": (N_("not delivered"), "bad", "warning"),
    "ambiguous": (N_("delivery unclear"), "bad", "question"),
    "cancelled": (N_("cancelled"), "dull", "close"),
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
    "no_answer_yet": N_("nobody is working on it"),
    "suggested": N_("an expert suggested somebody who is not in the directory"),
}
IDENTITY = {
    "border": (N_("authenticated by your mail server"), "good"),
    "border-refused": (N_("refused by your mail server: not authenticated"), "late"),
    "border-silent": (N_("not authenticated: your mail server said nothing"), "today"),
    "signed": (N_("authenticated by the signature of its domain"), "good"),
    "unsigned": (N_("not authenticated: not signed"), "today"),
    "foreign": (N_("not authenticated: signed by another domain"), "late"),
    "broken": (N_("not authenticated: its signature is not valid"), "late"),
    "other-letter": (N_("signed, but not for this reply address"), "late"),
    "no-answer": (N_("not authenticated: no name server answered"), "today"),
    "unchecked": (N_("not authenticated: the check took too long"), "today"),
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
    "quick": N_("usually answers within %(hours)s hours"),
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
FICHE_STATES = {
    "draft": (N_("draft"), "wait", "edit"),
    "changes_requested": (N_("changes requested"), "today", "back"),
    "review": (N_("in review"), "wait", "eye"),
    "validated_local": (N_("validated by the network"), "wait", "check"),
    "validated_expert": (N_("validated by an expert"), "good", "check"),
    "published": (N_("published"), "good", "check"),
    "retired": (N_("retired"), "dull", "close"),
}
# Headings of reports whose word means something else in the history.
COLUMNS = {"asked": N_("questions asked")}
PROVEN, UNPROVEN = (N_("authenticated"), "good"), (N_("not authenticated"), "today")
TIERS = {"urgent": N_("urgent"), "standard": N_("standard"), "extended": N_("extended")}
ROLES = {"admin": N_("administrator"), "coordinator": N_("coordinator"), "observer": N_("observer")}
SCOPES = {"read": N_("read"), "act": N_("act"), "manage": N_("manage webhooks")}
HEADINGS = {
    "title": N_("Title"),
    "summary": N_("Summary"),
    "challenge": N_("Challenge"),
    "objectives": N_("Objectives"),
    "activities": N_("What was done"),
    "actors": N_("Who took part"),
    "resources": N_("Resources"),
    "results": N_("Results"),
    "success_factors": N_("What made it work"),
    "difficulties": N_("Difficulties"),
    "lessons": N_("Lessons"),
    "transferability": N_("Can it be done elsewhere?"),
}
# What a good text of each part says, for whoever writes it.
ADVICE = {
    "title": N_("Name the place and what changed; no slogan."),
    "summary": N_("Two sentences: what was done, and what came of it."),
    "challenge": N_("What was wrong, for whom, for how many?"),
    "objectives": N_("What should be different at the end?"),
    "activities": N_("The steps in their order, so that others can follow them."),
    "actors": N_("Offices and bodies, not people: who decided, who did it."),
    "resources": N_("Money, staff and time; say where a figure comes from."),
    "results": N_("Figures with their year and source; say what is not known."),
    "success_factors": N_("What would have failed without it?"),
    "difficulties": N_("What went wrong, and what was done about it?"),
    "lessons": N_("What would be done differently today?"),
    "transferability": N_("What must be in place first, and what can be changed?"),
}
ATTEMPTS = {
    "sent": N_("sent"),
    "retry": N_("not yet"),
    "failed": N_("not delivered"),
    "ambiguous": N_("delivery unclear"),
}
# The heading of a message: by whom, and whether it is the question, a message, or held.
WROTE = {
    "asker": {
        "asked": N_("The asker asked"),
        "message": N_("The asker wrote"),
        "held": N_("The asker wrote; the message is held"),
    },
    "expert": {
        "asked": N_("The expert asked"),
        "message": N_("The expert wrote"),
        "held": N_("The expert wrote; the message is held"),
    },
    "somebody": {
        "asked": N_("Somebody asked"),
        "message": N_("Somebody wrote"),
        "held": N_("Somebody wrote; the message is held"),
    },
}
# What a message was taken for: `routing.values.Kind`.
MESSAGE_KINDS = {
    "message": N_("a person's message"),
    "command": N_("a command"),
    "button": N_("a button"),
    "edit": N_("an edit of an earlier message"),
    "membership": N_("news about a chat"),
    "bounce": N_("a delivery failure"),
    "complaint": N_("a complaint"),
    "auto-reply": N_("an automatic reply"),
    "acknowledgement": N_("an acknowledgement"),
    "read-receipt": N_("a read receipt"),
    "list": N_("mail from a mailing list"),
    "own-loop": N_("our own mail"),
    "unsubscribe": N_("a request to stop the mail"),
    "other": N_("something else"),
}
