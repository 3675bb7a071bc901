"""Words for events whose sentence depends on their facts, marked for the catalogues; `happenings` says them."""

from __future__ import annotations

from routing.letters.labels import N_

DECISIONS = {
    "Propose": N_("decided to offer fiches"),
    "Assign": N_("decided to ask an expert"),
    "AskBack": N_("decided to ask the asker which one is meant"),
    "HandToCoordinator": N_("decided that a coordinator should look"),
    "Refuse": N_("refused the question"),
}
REMINDED = {
    "accept": N_("reminded %(expert)s (asked for a yes or no)"),
    "halfway": N_("reminded %(expert)s (half-way)"),
    "due_soon": N_("reminded %(expert)s (due soon)"),
    "overdue": N_("reminded %(expert)s (overdue)"),
}
# What an expert's mail was taken for, by its meaning.
READ = {
    "later": N_("took the expert's mail for a promise to answer later"),
    "away": N_("took the expert's mail for word that they are away"),
    "declines": N_("took the expert's mail for word that they cannot answer"),
    "elsewhere": N_("took the expert's mail for advice to ask somebody else"),
    "enclosed": N_("took the expert's mail for the mere announcement of a file, which did not come"),
    "asks": N_("took the expert's mail for a question to the asker"),
}

NAMES = {
    "decided": N_("decision"),
    "handed-to-coordinator": N_("handed to the coordinators"),
    "clarification-asked": N_("asked which one is meant"),
    "assigned": N_("given to an expert"),
    "extended": N_("deadline extended"),
    "extension-refused": N_("deadline not extended"),
    "prose-read": N_("mail of an expert understood"),
    "reminded": N_("reminder"),
    "escalated": N_("escalated"),
    "used": N_("said whether it was used"),
    "closed": N_("closed"),
    "tier-changed": N_("tier changed"),
    "joined": N_("put together"),
    "joined-by": N_("put together with another one"),
    "split": N_("split"),
    "split-off": N_("split off from another one"),
    "handed-down": N_("left its experts to another one"),
    "took-over": N_("went on in place of another one"),
    "answer-scored": N_("answer scored"),
    "recounted": N_("deadline recalculated"),
    "entry-confirmed": N_("entry confirmed"),
    "entry-corrected": N_("entry corrected"),
    "authority-added": N_("authority added"),
    "expert-added": N_("expert added"),
    "expert-corrected": N_("entry of an expert corrected"),
    "directory-imported": N_("file of the directory imported"),
    "entry-commented": N_("remark on an entry"),
    "machine-wrote": N_("automatic reply"),
    "bounced": N_("mail undeliverable"),
    "delivery-failed": N_("letter not delivered"),
    "letter-ambiguous": N_("delivery of a letter unclear"),
    "letter-not-written": N_("letter not written"),
    "letter-retried": N_("letter sent again"),
    "letter-arrived": N_("letter marked as arrived"),
    "letter-redirected": N_("letter sent to another address"),
    "letter-cancelled": N_("letter cancelled"),
    "absence-noted": N_("absence noted"),
    "absence-removed": N_("absence removed"),
    "expert-removed": N_("expert removed from the directory"),
    "expert-returned": N_("expert put back in the directory"),
    "consent-noted": N_("consent noted"),
    "entry-review": N_("review of answers set"),
    "proposed": N_("fiches offered"),
    "key-made": N_("key created"),
    "user-added": N_("access given"),
    "mail-released": N_("released a held message"),
    "care-given": N_("changed what somebody looks after"),
    "policy-changed": N_("policy changed"),
}
RECOUNTED = {
    "calendar": N_("recalculated the deadline because the calendar has changed"),
    "absence": N_("recalculated the deadline because the absence has changed"),
    "tier": N_("recalculated the deadline because the tier has changed"),
}
IMPORTED = {
    "authorities": N_("imported a file of authorities: %(new)s new, %(changed)s changed"),
    "experts": N_("imported a file of experts: %(new)s new, %(changed)s changed"),
}
CONSENTS = {"named": N_("may be named"), "shared": N_("answers may be offered to others")}
REVIEWS = {
    "": N_("as the tier says"),
    "straight": N_("go straight to the asker"),
    "review": N_("are read by a coordinator first"),
}
