"""Sentences that reach the console ready-made in English: refusals of the packages below, and outcomes that were stored.

In: an English sentence. Out: the text of the catalogue it was made from, with its facts, so that it can be said in another
language; None for a sentence of somebody else. A test reads the refusals from the source and finds each of them here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from bot.console.storedlists import STORED
from routing.letters.labels import N_
from routing.why import WHY

LONGEST = 600
REFUSALS = (
    # a question and what is done about it
    N_("There is no question %(number)s."),
    N_("There is no such question."),
    N_("There is no question with this number."),
    N_("This question has changed since you opened it. Nothing you entered was saved."),
    N_("Extend by 1 to %(days)s working days."),
    N_("No expert has this question, so there is no deadline to extend."),
    N_("Say why the deadline is extended."),
    N_("Write the answer first."),
    N_("There is no such answer."),
    N_("This answer has already been released."),
    N_("This answer has already been discarded."),
    N_("This answer is not held back any more."),
    N_("This question has moved on meanwhile. Copy the words of the answer where you need them."),
    N_("Another answer waits to be read. Decide about that one first."),
    N_("Write what is missing or should change. The expert will read it."),
    N_("Give the expert 1 to %(days)s working days."),
    N_("Nobody whom we asked has written this answer, so it cannot go back. Ask an expert instead."),
    N_("This question has moved on meanwhile, so the answer cannot go back. Assign the question instead."),
    N_("Write at most %(count)s characters to the expert."),
    N_("Only a published fiche can be proposed. Publish it first."),
    N_("There is no tier %(tier)s."),
    N_("Nobody has this question yet. Assign it first."),
    N_("%(count)s experts already have this question. More would not make the answer better."),
    N_("Choose why the question is closed."),
    N_("The question is already closed."),
    N_("Nobody has answered this question yet. Answer it first, or choose another reason."),
    N_("Write at most %(count)s characters to the asker."),
    N_(
        "This asker has no other question that is open or answered. "
        "If somebody else asks the same, put the two together: then both get the answer."
    ),
    N_("The asker of this question has no such question that is open or answered."),
    N_("This asker has several other questions. Open it, and say which of them it repeats."),
    N_("The question is open."),
    N_("The question has been answered. Close it instead."),
    N_("The question is already answered or closed."),
    N_("Choose where to ask instead, or write it yourself: a refusal must say where to go."),
    N_("Say in at most %(count)s characters where to ask instead."),
    N_("Write the question to the asker first."),
    N_("Only a published fiche can be checked again."),
    N_("It is waiting for the answer to another question. Ask there."),
    N_("None of the asker’s addresses works any more, so no letter would reach them."),
    N_("Write the note first."),
    N_("This expert is no longer in the directory."),
    N_("There is no working address for this expert. Choose somebody else, or correct the directory."),
    N_("This expert already has the question."),
    N_("A question cannot wait for itself."),
    N_("That question is itself waiting for another one. Put this one together with that one instead."),
    N_("That question is already answered or closed. Propose its answer, or assign this question."),
    N_("This question is already answered or closed."),
    N_("A sensitive question is never put together with another one."),
    N_("This question can no longer be split: it has changed, or has been answered."),
    N_("Somebody else waits for the answer to this question. Separate the two first."),
    N_("Somebody is at work on that question at this moment. Try again."),
    N_("There is no such answer in the sample."),
    N_("This answer has already been scored."),
    N_("Score every criterion."),
    N_("%(field)s must be a whole number."),
    # several questions, views
    N_("Select the questions first, then choose what to do with them."),
    N_("There is nothing left to undo."),
    N_("Nobody is suggested for this question."),
    N_("It is already marked."),
    N_("There is no other question here with which it could be put together."),
    N_("Both are of the same asker. Close one as a duplicate of the other."),
    N_("A view needs a name of at most %(most)s characters."),
    N_("You can save at most %(most)s views. Remove one first."),
    # held mail and letters
    N_("There is no such message."),
    N_("There is no such file."),
    N_("There is no such letter."),
    N_("This message has already been dealt with (%(outcome)s by %(who)s)."),
    N_("Select the messages first."),
    N_("Choose what to do with them."),
    N_("There is no best guess for this message."),
    N_("Say why it is discarded."),
    N_("This decision no longer applies."),
    N_("This person has no such address."),
    N_("This letter has already gone to that address."),
    N_("This letter is now %(state)s. Look at it again."),
    # fiches
    N_("There is no such fiche."),
    N_("There is no fiche %(slug)s."),
    N_("Somebody has changed this fiche since you opened it. Look at it again."),
    N_("Somebody has changed this fiche since you opened it. Look at it again before publishing."),
    N_("Somebody has changed this fiche since you opened it. Look at their version before saving yours."),
    N_("Before it can be published the fiche needs: %(missing)s."),
    N_("Write the remark first."),
    N_("The remark is too long; %(most)s characters is the limit."),
    N_("Say what should change. Its authors read it beside the fiche."),
    N_("This fiche has already been validated."),
    N_("You made the last change to it, so somebody else must validate it."),
    N_("You have already validated it. The second reader must be somebody else."),
    N_("Somebody else must validate it before it is published. Ask for a review."),
    N_("There is already a fiche with this title: %(slug)s."),
    N_("Give a role and its body as the author, unless the person named has agreed."),
    N_("Write a day like this: 2027-05-31."),
    N_("There are %(count)s lines; %(most)s is the limit."),
    N_("Choose the language of the text."),
    N_("The fiche needs a title."),
    N_("The title has %(count)s characters; %(most)s is the limit."),
    N_("The summary has %(count)s characters; %(most)s is the limit."),
    N_("The section %(name)s is too long; %(most)s characters is the limit."),
    N_("%(source)s is not a web address: it must begin with https://."),
    N_("Give the country as a code of two letters, such as RO."),
    N_("Write the year with four digits."),
    N_("The last year is before the first."),
    N_("Give the budget as a whole number, without cents."),
    N_("Give the currency as a code of three letters, such as EUR."),
    N_("A budget needs its currency."),
    N_("A figure needs what it counts: figure | what it counts | address of the source."),
    N_("“%(code)s” is not on the list. Choose one that is."),
    # directory, people, keys
    N_("There is no such expert."),
    N_("There is no such authority."),
    N_("This entry has changed since you opened it. Nothing you entered was saved."),
    N_("An expert with this address is already in the directory. Correct that entry instead."),
    N_("This address belongs to somebody else whom we know. Use another one."),
    N_("Write at most %(count)s characters here."),
    N_("The file holds no lines below its header."),
    N_("Whoever reads this address has asked us to stop writing. Use another one."),
    N_("Row %(row)s (%(name)s), column %(column)s: %(why)s"),
    N_("Row %(row)s lacks %(columns)s; the columns are %(every)s."),
    N_("%(address)s is no mail address."),
    N_("%(address)s is the network's own address, and letters to it would come back."),
    N_("%(address)s is somebody else's address; take %(former)s off the directory instead."),
    N_("there is no authority %(authority)s; import it first."),
    N_("%(column)s is empty."),
    N_("%(column)s must be a whole number, not %(value)s."),
    N_("%(column)s is one of %(known)s or empty, not %(value)s."),
    N_("consent is any of %(known)s, not %(value)s."),
    N_("languages are two-letter codes separated by semicolons, not %(value)s."),
    N_("absences are like 2027-01-04/2027-01-15, not %(value)s."),
    N_("the absence %(value)s ends before it begins."),
    N_("An authority of this name and place is already in the directory. Correct that entry instead."),
    N_("This is no CSV (%(problem)s): look for a quotation mark that is not closed."),
    N_("Choose whether the file holds authorities or experts."),
    N_("You look after certain authorities only. Ask an administrator for this."),
    N_("Say why they are removed from the directory."),
    N_("This expert has already been removed from the directory."),
    N_("This expert is already in the directory."),
    N_("There is no such table."),
    N_("The last day must come after the first, within a year."),
    N_("Give both days, such as 2027-01-31."),
    N_("This absence is already over. Record one that lasts until today or longer."),
    N_("Choose one of the three."),
    N_("That is not a mail address."),
    N_("Choose the language of their letters."),
    N_("You cannot remove your own rights. Ask another administrator."),
    N_("You cannot shut yourself out. Ask another administrator."),
    N_("There is no such user."),
    N_("Administrators look after the whole network."),
    N_("Nobody with this address has written to us or been written to."),
    N_("This person belongs to the network. Remove them from the directory first."),
    N_("Repeat the address to erase this person."),
    # the policy
    N_("There is no such number."),
    N_("Say why the policy changes."),
    N_("Somebody has changed this number since you opened the page."),
    N_("It already has this value."),
    N_("That is not a value of the policy."),
    N_("Write it like the value it has now: a number, or a list in square brackets."),
    N_("%(key)s is %(value)s; it must lie between %(low)s and %(high)s"),
    N_("%(key)s is %(value)s; write one of: %(known)s"),
    N_("%(key)s is %(value)s; write true or false"),
    N_("%(key)s is %(value)s; write a whole number"),
    N_("%(key)s is %(value)s; write a number"),
    N_("%(key)s is %(value)s; write a text in quotes"),
    N_("%(key)s is %(value)s; write a list"),
    N_("confidence.show_at must not be above confidence.propose_at"),
    N_("languages.fallback must be one of languages.spoken"),
    N_('hours.holidays must be "zone", "none", or ISO codes such as "IT" or "IT-BZ"'),
    N_('ladder.steps must end with "coordinator": no question is left alone'),
    N_("ladder.steps must not name a step twice"),
    N_('"%(text)s" is no time at all; write a length of at least 1, like "10 working days"'),
    N_('"%(text)s" is not a length of time; write it like "10 working days", "4 working hours" or "48 hours"'),
    N_('"%(text)s" is not a signpost; write it like %(example)s, or with " | " and the words of such questions at the end'),
    N_('"%(text)s" stands twice in the hours "%(hours)s"; put all its hours in one part'),
    N_("the working hours are empty; write them like %(example)s"),
    N_('the hours "%(text)s" overlap; end one span before the next begins'),
    N_('"%(text)s" is not a day or range of days; use %(known)s, as in %(example)s'),
    N_('"%(text)s" runs backwards; write the earlier day first, or two parts'),
    N_('"%(text)s" is not a span of time; write it like "08:00-12:30"'),
    N_('"%(text)s" ends before it begins; write a night as "22:00-24:00" and, next day, "00:00-06:00"'),
    N_('"%(text)s" is not a time of day; write hours and minutes, "00:00" to "24:00"'),
    N_("%(key)s: %(why)s"),
    N_("A key needs a name of at most 60 characters."),
    N_("Choose what the key may do."),
    N_("A key lasts 1 to %(days)s days."),
    N_("A passkey needs a name of at most 60 characters."),
    N_("Sign in again first: you can add a passkey only within 15 minutes of signing in."),
    N_("This passkey is already known."),
    N_("You can have at most %(most)s passkeys. Remove one first."),
    N_("The browser’s answer could not be checked. Try again."),
    # webhooks
    N_("A webhook needs a name of at most %(most)s characters."),
    N_("Choose which events it is told about."),
    N_("The address must begin with https:// and hold no user name."),
    N_("The address leads into a private network, which the settings do not allow."),
    N_("A network can have at most %(most)s webhooks. Remove one first."),
    N_("There is no such webhook."),
    N_("It is switched off. Switch it on first."),
    # notices
    N_("Choose from what is offered."),
    N_("Choose at least one day."),
    N_("Choose one of your own addresses."),
    N_("Choose a time zone and a country from the lists."),
    N_("Your day must end after it begins."),
    N_("Telegram is not switched on here."),
    # the way in
    N_("Choose one of the languages."),
    N_("Please sign in."),
    N_("Your role does not allow this. Ask an administrator if you need it."),
    N_("This form was not sent from our own pages. Open the page again and try once more."),
    N_("This form was sent from another site."),
    N_("This page was open for too long to be sent. Open it again and try once more."),
    N_("This address accepts plain forms only."),
    N_("This form cannot be read."),
    N_("This is too long: at most half a megabyte."),
    N_("This took too long to arrive. Try again."),
    N_("There is nothing at this address. It may be mistyped, or what was here is gone."),
    N_("Nothing is lost: mail and messages wait outside until it is back. Try again in a minute."),
    N_("The error has been recorded. Nothing was changed; try again."),
    N_("Method Not Allowed"),
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# What may stand in a placeholder, where it is not any words at all; the narrower, the cheaper and surer is a match.
_GAPS = {
    "column": r"\w+",
    "key": r"\w+(?:\.\w+)+(?:\[\d+\])?",
    "low": r"-?[\d.]+",
    "high": r"-?[\d.]+",
    "digits": r"\d[\d.-]*",
    "limit": r"\d+",
    "all": r"\d+",
    "kind": r"[a-z-]+",
    "word": r"\w+",
    "how": r"\w+",
    "step": r"\w+",
    "outcome": r".+",  # as far as it goes: who did it stands at the end
    "fiche": r"[\w-]+",
    "language": r"[a-z]{2}",
    "name": r".*?",  # an entry without one
    "reply": r" ?.*",
}


def recognised(sentence: str) -> tuple[str, Mapping[str, str]] | None:
    """The text behind a sentence, and what stands in its placeholders."""
    if sentence in _plain():
        return sentence, {}
    if len(sentence) > LONGEST:
        return None
    found = ((text, pattern.fullmatch(sentence)) for text, pattern in _patterns())
    return next(((text, match.groupdict()) for text, match in found if match), None)


@cache
def _plain() -> frozenset[str]:
    return frozenset(text for text in _every() if "%" not in text)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, re.compile("".join(_pieces(text)), re.DOTALL)) for text in _every() if "%" in text)


def _every() -> tuple[str, ...]:
    return (*REFUSALS, *WHY.values(), *STORED)


def _pieces(text: str) -> Iterator[str]:
    """Literal words, and a gap for each placeholder; at most two of these take any words, so a match stays cheap."""
    for place, piece in enumerate(_PLACEHOLDER.split(text)):
        yield f"(?P<{piece}>{_GAPS.get(piece, '.+?')})" if place % 2 else re.escape(piece)
