"""Words for the facts of a fiche: what each is called, what to write there, and what its codes mean (lists: `retrieval.codes`).

English, marked for the catalogues; themes and kinds of body have their words in the letters' catalogue, as experts read them too.
"""

from __future__ import annotations

from collections.abc import Mapping

from routing.letters.labels import N_

FACTS: Mapping[str, str] = {
    "country": N_("Country"),
    "place": N_("Place"),
    "owner": N_("Who runs it"),
    "org_kind": N_("Kind of body"),
    "contact": N_("Contact"),
    "author": N_("Written by"),
    "author_agreed": N_("A person is named here, and has agreed to it"),
    "review_due": N_("To check again"),
    "entry_type": N_("Kind of practice"),
    "scope_level": N_("Where it applies"),
    "sector": N_("Part of education"),
    "stage": N_("Stage"),
    "year_start": N_("From year"),
    "year_end": N_("To year"),
    "budget": N_("Budget"),
    "currency": N_("Currency"),
    "themes": N_("Themes"),
    "target_groups": N_("Target groups"),
    "figures": N_("Figures"),
    "sources": N_("Sources"),
    "machine": N_("Translated by a machine and not yet checked by a person"),
    "source": N_("Language of the source"),
    "status": N_("Status"),
}
# What belongs into each field, for whoever fills it in.
ADVICE: Mapping[str, str] = {
    "country": N_("Where it happens, not where it was written down."),
    "place": N_("Town or region, as a map names it."),
    "owner": N_("The body responsible for it, under its official name."),
    "org_kind": N_("What kind of body runs it; of several, the one that leads."),
    "contact": N_("An office and its address, not a person. It is shown on this console alone."),
    "author": N_("A role and its body, as shown to readers; a person’s name only if they have agreed."),
    "review_due": N_("Only if a year is not enough, such as when a pilot ends. Otherwise leave it empty."),
    "entry_type": N_("What others would have to adopt or do to have it too."),
    "scope_level": N_("The area it applies to, however large the place where it began."),
    "sector": N_("Where its learners learn. Leave it empty if it is for several parts."),
    "stage": N_("As it stands today; a review date reminds you to look again."),
    "year_start": N_("Leave it empty if it is not known."),
    "year_end": N_("Leave it empty if it still runs."),
    "budget": N_("The whole sum. Say under Resources what it covers."),
    "currency": N_("Three letters, such as EUR."),
    "themes": N_("One to three. Experts are chosen by them, too."),
    "target_groups": N_("Only those it was made for, not everybody who may benefit."),
    "figures": N_("One per line: figure | what it counts | address of the source. Every figure in the text belongs here."),
    "sources": N_("One address per line, the official one first."),
}
CODES: Mapping[str, Mapping[str, str]] = {
    "stage": {
        "design": N_("being planned"),
        "pilot": N_("being tried out"),
        "implementation": N_("in use"),
        "completed": N_("completed"),
        "discontinued": N_("discontinued"),
    },
    "scope_level": {
        "local": N_("one town or municipality"),
        "regional": N_("a region, county or province"),
        "national": N_("a whole country"),
        "cross-border": N_("across a border"),
        "EU": N_("the European Union"),
    },
    "entry_type": {
        "strategy": N_("strategy"),
        "action plan": N_("action plan"),
        "legal act": N_("law"),
        "regulation": N_("regulation"),
        "practical measure": N_("practical measure"),
        "project": N_("project"),
        "quick win": N_("quick win"),
    },
    "sector": {
        "school education": N_("general school education"),
        "initial VET": N_("initial vocational training"),
        "post-secondary VET": N_("vocational training after secondary school"),
        "higher education": N_("higher education"),
        "continuing VET": N_("continuing vocational training"),
        "adult education": N_("adult education"),
        "non-formal learning": N_("learning outside of formal education"),
    },
    "target_groups": {
        "VET learners": N_("learners in vocational training"),
        "apprentices": N_("apprentices"),
        "NEET": N_("young people out of work and training"),
        "early leavers": N_("early leavers from education"),
        "long-term unemployed": N_("long-term unemployed"),
        "low-skilled adults": N_("adults with few qualifications"),
        "migrants/refugees": N_("migrants and refugees"),
        "women": N_("women"),
        "people with disabilities": N_("people with disabilities"),
        "Roma/minorities": N_("Roma and other minorities"),
        "teachers and trainers": N_("teachers and trainers"),
        "SMEs/craft firms": N_("small firms and crafts"),
        "policy makers": N_("policy makers"),
    },
}
