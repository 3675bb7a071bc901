"""The console's words for letters and messages: what a letter is for, how it stands, what came in, and who sent it.

English, marked for the catalogues; `words` puts them into a reader's language. Beside a word for a state stand its tone and
its icon.
"""

from __future__ import annotations

from routing.letters.labels import N_

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
PROVEN, UNPROVEN = (N_("authenticated"), "good"), (N_("not authenticated"), "today")
