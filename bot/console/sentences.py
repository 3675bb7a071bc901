"""Sentences that reach the console ready-made in English: refusals of the packages below, and outcomes that were stored.

In: an English sentence. Out: the text of the catalogue it was made from, with its facts, so that it can be said in another
language; None for a sentence of somebody else. A test reads the refusals from the source and finds each of them here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from routing.letters.labels import N_

LONGEST = 600
REFUSALS = (
    # a question and what is done about it
    N_("There is no question %(number)s."),
    N_("There is no such question."),
    N_("There is no question with this number."),
    N_("This question has moved on since you opened it. Nothing of yours was written."),
    N_("Extend by 1 to %(days)s working days."),
    N_("No expert has this question, so there is no deadline to extend."),
    N_("Say why the deadline moves."),
    N_("An answer needs words."),
    N_("There is no such answer."),
    N_("This answer has been released already."),
    N_("This answer has been discarded already."),
    N_("Only a published fiche can be proposed. Publish it first."),
    N_("There is no tier %(tier)s."),
    N_("Nobody has this question yet: assign it first."),
    N_("%(count)s experts have this question already; more do not make an answer better."),
    N_("Choose why the question is closed."),
    N_("The question is closed already."),
    N_("The question is open."),
    N_("The question has been answered. Close it instead."),
    N_("The question is answered or closed already."),
    N_("Choose where help may be found, or write it yourself: a refusal must lead somewhere."),
    N_("Say in at most %(count)s characters where help may be found."),
    N_("A question to the asker needs words."),
    N_("Only a published fiche is looked at again."),
    N_("It waits for the answer to another question; ask there."),
    N_("No address of the asker works any more, so no letter would go out."),
    N_("A note needs words."),
    N_("This expert is no longer in the directory."),
    N_("There is no working address for this expert. Choose somebody else, or correct the directory."),
    N_("This expert has the question already."),
    N_("A question cannot wait for itself."),
    N_("That question itself waits for another one. Join with that one."),
    N_("That question is answered or closed already. Propose its answer, or assign this question."),
    N_("This question is answered or closed already."),
    N_("A sensitive question is never put together with another one."),
    N_("Somebody is at work on that question at this moment. Try again."),
    N_("There is no such answer in the sample."),
    N_("This answer has been scored already."),
    N_("Give every criterion a mark."),
    N_("%(field)s must be a whole number."),
    # several questions, views
    N_("Tick the questions first, then choose what to do with them."),
    N_("There is nothing left to take back."),
    N_("Nobody is suggested for this question."),
    N_("It is marked already."),
    N_("A view needs a name of at most %(most)s characters."),
    N_("%(most)s views are enough for anybody; remove one first."),
    # held mail and letters
    N_("There is no such message."),
    N_("There is no such file."),
    N_("There is no such letter."),
    N_("This message has been dealt with already (%(outcome)s by %(who)s)."),
    N_("Tick the messages first."),
    N_("Choose what to do with them."),
    N_("There is no guess for this message."),
    N_("Say why it is discarded."),
    N_("This decision is not in force any more."),
    N_("This person has no such address."),
    N_("This letter has gone to that address already."),
    N_("This letter is %(state)s by now; look at it again."),
    # fiches
    N_("There is no such fiche."),
    N_("There is no fiche %(slug)s."),
    N_("Somebody has changed this fiche since you opened it. Look at it again."),
    N_("Somebody has changed this fiche since you opened it. Look at it again before publishing."),
    N_("Somebody has changed this fiche since you opened it. Look at their version before saving yours."),
    N_("Before it can be published the fiche needs: %(missing)s."),
    N_("A remark needs words."),
    N_("Choose the language of the text."),
    N_("The fiche needs a title."),
    N_("The title has %(count)s characters; %(most)s is the limit."),
    N_("The summary has %(count)s characters; %(most)s is the limit."),
    N_("The section %(name)s is too long; %(most)s characters is the limit."),
    N_("%(source)s is no web address; it begins with https://."),
    N_("The country is a code of two letters, such as RO."),
    N_("A year is written with four digits."),
    # directory, people, keys
    N_("There is no such expert."),
    N_("There is no such authority."),
    N_("Say why they are taken off the directory."),
    N_("This expert is off the directory already."),
    N_("This expert is on the directory already."),
    N_("There is no such table."),
    N_("The last day must come after the first, within a year."),
    N_("Give both days, such as 2027-01-31."),
    N_("Choose one of the three."),
    N_("That is no mail address."),
    N_("Choose the language of their letters."),
    N_("You cannot take your own rights away. Ask another administrator."),
    N_("You cannot shut yourself out. Ask another administrator."),
    N_("There is no such user."),
    N_("Administrators look after the whole network."),
    N_("Nobody with this address has written to us or been written to."),
    N_("This person belongs to the network: take them off the directory first."),
    N_("Write the address again to erase them."),
    # the policy
    N_("There is no such number."),
    N_("Say why the policy changes."),
    N_("Somebody has changed this number since you opened the page."),
    N_("That is what it says already."),
    N_("That is no value of a policy."),
    N_("Write it as it stands there now: a number, or a list in square brackets."),
    N_("A key needs a name of at most 60 characters."),
    N_("Choose what the key may do."),
    N_("A key lasts 1 to %(days)s days."),
    N_("A passkey needs a name of at most 60 characters."),
    N_("Sign in again first: a passkey is only added within 15 minutes of signing in."),
    N_("This passkey is known already."),
    N_("%(most)s passkeys are enough for anybody; remove one first."),
    N_("The browser’s answer could not be checked. Try it once more."),
    # webhooks
    N_("A webhook needs a name of at most %(most)s characters."),
    N_("Choose which events it is told of."),
    N_("The address begins with https:// and holds no user name."),
    N_("%(most)s webhooks are enough for a network; remove one first."),
    N_("There is no such webhook."),
    N_("It is switched off. Switch it on first."),
    # notices
    N_("Choose from what is offered."),
    N_("Choose at least one day."),
    N_("Choose one of your own addresses."),
    N_("Choose a time zone and a country from the lists."),
    N_("The end of your day must come after its beginning."),
    N_("Telegram is not switched on here."),
    # the way in
    N_("Choose one of the languages."),
    N_("Please sign in."),
    N_("Your role does not allow this. Ask an administrator if you need it."),
    N_("This form was not sent from our own pages. Open the page again and repeat."),
    N_("This form was sent from another site."),
    N_("This page had grown too old to be sent. Open it again and repeat."),
    N_("This address takes plain forms only."),
    N_("This form cannot be read."),
    N_("This is too long: half a megabyte at most."),
    N_("This took too long to arrive. Try it once more."),
    N_("There is nothing at this address. Perhaps it was mistyped, or what it named is gone."),
    N_("Nothing was lost: mail and messages wait outside until it is back. Try again in a minute."),
    N_("It has been written down. Nothing of yours was changed; try again."),
    N_("Method Not Allowed"),
)
STORED = (
    # why an assignment ended
    N_("a coordinator gave it to somebody else"),
    N_("a coordinator proposed a fiche"),
    N_("a coordinator had it searched again"),
    N_("the question was closed (%(why)s)"),
    N_("the question lies outside of what the network answers"),
    N_("joined with the same question"),
    N_("no answer by the deadline"),
    N_("no word"),
    N_("no longer an expert of the network"),
    # why an answer waits, what a held message became
    N_("answers of this authority are reviewed"),
    N_("policy asks for a review"),
    N_("reads like an automatic acknowledgement, though no header says so"),
    N_("reads like an absence notice, though no header says so"),
    N_("asks for a proof that a person wrote to it"),
    N_("the text is very long: only its beginning was read"),
    N_("discarded: %(reason)s"),
    N_("released by %(who)s: %(outcome)s"),
    N_("repeat of an earlier message"),
    N_("It needs a person."),
    # promises of the service that do not hold
    N_("%(count)s open questions have no next moment"),
    N_("%(count)s open questions have been overdue for more than two minutes"),
    N_("%(count)s questions wait for an expert, but nobody has them"),
    N_("%(count)s assignments are open although their question is closed"),
    N_("%(count)s messages have waited to be handled for more than two minutes"),
    N_("%(count)s held messages have no reason"),
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


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
    return frozenset(text for text in (*REFUSALS, *STORED) if "%" not in text)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, re.compile("".join(_pieces(text)), re.DOTALL)) for text in (*REFUSALS, *STORED) if "%" in text)


def _pieces(text: str) -> Iterator[str]:
    """Literal words, and a gap for each placeholder; there are two of these at most, so a match stays cheap."""
    for place, piece in enumerate(_PLACEHOLDER.split(text)):
        yield f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece)
