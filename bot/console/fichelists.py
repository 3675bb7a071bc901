"""The console's words for a fiche: how it stands, what its parts are called, and what to write in them. Its facts: `factlists`.

English, marked for the catalogues; `words` puts them into a reader's language. Beside a word for a state stand its tone and
its icon.
"""

from __future__ import annotations

from routing.letters.labels import N_

FICHE_STATES = {
    "draft": (N_("draft"), "wait", "edit"),
    "changes_requested": (N_("changes requested"), "today", "back"),
    "review": (N_("in review"), "wait", "eye"),
    "validated_local": (N_("validated by the network"), "wait", "check"),
    "validated_expert": (N_("validated by an expert"), "good", "check"),
    "published": (N_("published"), "good", "check"),
    "retired": (N_("retired"), "dull", "close"),
}
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
