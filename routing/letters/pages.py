"""What our pages say outside the console: where a question stands, one-click pages, an authority's entry.

In: a language and a key. Out: words. Sentences that the letters say too are the same messages of the same catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from routing.letters.catalogues import known, translations
from routing.letters.labels import N_

PAGES: Mapping[str, str] = {
    # one-click pages
    "press": N_("Press the button to confirm."),
    "noted": N_("Noted, thank you."),
    "done": N_("Thank you, it is done. You can close this page."),
    # ... of a coordinator
    "release": N_("Send this answer to the asker"),
    "assign": N_("Give the question to %(who)s"),
    "file": N_("File this message with the question"),
    "the_answer": N_("The answer"),
    "the_message": N_("The message"),
    "open_case": N_("Open the question in the console"),
    # where a question stands
    "where": N_("Where your question stands"),
    "question": N_("Question %(number)s"),
    "with": N_("It is now with: %(body)s."),
    "by": N_("Answer expected by"),
    "counted": N_("How this date was counted: %(how)s"),
    "your_turn": N_("It is your turn: please reply to our last message."),
    "paused": N_("The expert has asked you something. The clock is paused until you answer."),
    "shared": N_("Somebody else has asked the same question: you will both get the answer."),
    "so_far": N_("What has happened so far"),
    "how_soon": N_("How soon do you need it?"),
    "change": N_("Change"),
    "secret": N_("Whoever has the address of this page can see it. It says nothing about other people."),
    "revoke": N_("Make this address invalid"),
    "revoked": N_("This address is no longer valid. Our next message has a new one."),
    "unknown": N_("There is nothing at this address, or it is no longer valid."),
    # ... its steps
    "received": N_("Your question arrived"),
    "proposed": N_("We offered you practices"),
    "refused": N_("The practices did not answer it"),
    "asked": N_("An expert was asked"),
    "accepted": N_("The expert will answer"),
    "asked_back": N_("The expert asked you something"),
    "we_asked": N_("We asked you something"),
    "wrote": N_("You wrote to us"),
    "extended": N_("The expert needs more time"),
    "moved": N_("Somebody else was asked"),
    "coordinator": N_("A coordinator took over"),
    "joined": N_("It was put together with the same question of somebody else"),
    "unjoined": N_("It is handled on its own again"),
    "review": N_("An answer has arrived; a coordinator reads it first"),
    "answered": N_("The answer was sent to you"),
    "added": N_("A further answer was sent to you"),
    "helped": N_("You said that it helped"),
    "not_helped": N_("You said that something is missing"),
    "reopened": N_("It was opened again"),
    "used": N_("You told us whether it was used"),
    "published": N_("The answer became a practice that the whole network can find"),
    "tier": N_("The promised time was changed"),
    "closed": N_("It was closed"),
    # what an expert can do
    "options": N_("What would you like to do?"),
    "answer": N_("Write the answer"),
    "answer_hint": N_("It goes to the policy maker as if you had replied to our mail."),
    "ask_first": N_("Ask the policy maker something first"),
    "ask_first_hint": N_("Your deadline is paused until they answer."),
    "more_time": N_("More time"),
    "days": N_("Working days"),
    "away": N_("I am away"),
    "until": N_("Until and including"),
    "colleague": N_("Somebody else should answer"),
    "colleague_hint": N_("Their mail address or role. Nobody outside the directory is asked before a coordinator has looked."),
    "cannot": N_("I cannot answer"),
    "reason": N_("Reason (you may leave it empty)"),
    "send": N_("Send"),
    "empty": N_("Please fill in the field first."),
    # an authority's entry in the directory
    "entry": N_("Your entry in the directory"),
    "name": N_("Name"),
    "place": N_("Place"),
    "languages": N_("Languages (two letters each)"),
    "hours": N_("Working hours"),
    "capacity": N_("Questions a month, at most"),
    "profile": N_("What you have experience with"),
    "save": N_("Save"),
    "wrong_name": N_("The authority needs a name."),
    "wrong_capacity": N_("Questions a month: a whole number from 1 to 1000."),
    "wrong_hours": N_("Working hours are written like this: mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00"),
    "wrong_languages": N_("Languages are two letters each, such as: en it es"),
    "too_long": N_("A text is too long: 2000 characters at most."),
}


def page_words(language: str) -> Callable[..., str]:
    """``say(key, **facts)``: the words for a key in a language; raises KeyError for an unknown key or a missing fact."""
    catalogue = translations(known(language))

    def say(key: str, **facts: str) -> str:
        text = catalogue.gettext(PAGES[key])
        return text % facts if facts else text

    return say
