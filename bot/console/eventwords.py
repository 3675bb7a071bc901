"""What one event says whose sentence depends on its facts: a small function for each, in a reader's words.

In: `Words` and the facts of an event as they were written. Out: a `Happening`; KeyError, TypeError or ValueError where a fact is
missing or odd, as in what was erased or is older than this program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.console import clocks
from bot.console.eventlists import CONSENTS, DECISIONS, IMPORTED, READ, RECOUNTED, REMINDED, REVIEWS
from bot.console.policywords import spelt
from bot.console.words import Words
from routing.letters import label
from routing.letters.labels import N_


@dataclass(frozen=True, slots=True)
class Happening:
    """`sentence` goes on after the name of who did it; `text` is what somebody wrote, `lines` are reasons."""

    icon: str
    sentence: str
    text: str = ""
    lines: tuple[str, ...] = ()
    fiche: str = ""


Told = Mapping[str, Any]
Tell = Callable[[Words, Told], Happening]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of its own: `key` names what somebody wrote among the facts, `shows_fiche` adds the fiche it is about."""

    icon: str
    sentence: str
    key: str = ""
    shows_fiche: bool = False

    def __call__(self, words: Words, detail: Told) -> Happening:
        fiche = str(detail["fiche"]) if self.shows_fiche else ""
        return Happening(self.icon, words.say(self.sentence), text=str(detail.get(self.key) or ""), fiche=fiche)


def plain(icon: str, sentence: str) -> Tell:
    return Line(icon, sentence)


def with_text(icon: str, sentence: str, key: str) -> Tell:
    return Line(icon, sentence, key)


def fiche(sentence: str) -> Tell:
    return Line("fiche", sentence, shows_fiche=True)


def with_facts(icon: str, sentence: str, key: str = "") -> Tell:
    return lambda words, detail: Happening(icon, words.say(sentence, **detail), text=str(detail.get(key) or ""))


def decided(words: Words, detail: Told) -> Happening:
    does = words.say(DECISIONS.get(detail["decision"], N_("decided")))
    return Happening("machine", does, lines=tuple(map(words.reason, detail.get("reasons", ()))))


def handed(words: Words, detail: Told) -> Happening:
    why = words.handed(str(detail["reason"]))
    return Happening("coordinator", words.say("handed it to the coordinators: %(why)s", why=why))


def escalated(words: Words, detail: Told) -> Happening:
    because = words.sentence(str(detail["because"]).replace("_", " "))
    to = words.turn("coordinator") if detail["to"] == "coordinator" else detail["to"]  # else an expert's role
    return Happening("up", words.say("escalated it to %(to)s: %(because)s", to=to, because=because))


def extended(words: Words, detail: Told) -> Happening:
    say, days = words.say, int(detail["days"])
    moved = say.plural("extended the deadline by %(num)s working day", "extended the deadline by %(num)s working days", days)
    return Happening("clock", moved, text=str(detail.get("reason") or ""), lines=_counted(words, detail))


def recounted(words: Words, detail: Told) -> Happening:
    told = RECOUNTED.get(str(detail["why"]), N_("recalculated the deadline"))
    return Happening("clock", words.say(told), lines=_counted(words, detail))


def _counted(words: Words, detail: Told) -> tuple[str, ...]:
    return tuple(filter(None, (words.explained(detail.get("explanation") or {}),)))


def asked_which(words: Words, detail: Told) -> Happening:
    return Happening("question", words.say("asked which one is meant"), lines=tuple(map(str, detail.get("choices", ()))))


def reminded(words: Words, detail: Told) -> Happening:
    told = REMINDED[detail["stage"]]
    return Happening("bell", words.say(told, expert=detail["expert"]))


def prose_read(words: Words, detail: Told) -> Happening:
    told = READ[detail["sense"]]
    return Happening("machine", words.say(told))


def letter(icon: str, sentence: str) -> Tell:
    return lambda words, detail: Happening(icon, words.say(sentence, letter=_kind(words, detail)))


def _kind(words: Words, detail: Told) -> str:
    return words.letter_kind(str(detail.get("letter_kind", "")))


def bounced(words: Words, detail: Told) -> Happening:
    for_good = N_("reported that a letter cannot be delivered")
    for_now = N_("reported that a letter cannot be delivered for now")
    told = for_good if detail.get("hard") else for_now
    return Happening("warning", words.say(told), text=str(detail.get("status") or ""))


def machine_wrote(words: Words, detail: Told) -> Happening:
    until, sort = clocks.date_words(detail.get("absent_until"), words.say), words.message_kind(str(detail["sort"]))
    away = N_("sent an automatic reply (%(sort)s), away until %(until)s; it is no answer, the deadline still runs")
    plain = N_("sent an automatic reply (%(sort)s); it is no answer, the deadline still runs")
    return Happening("machine", words.say(away if until else plain, sort=sort, until=until))


def not_written(words: Words, detail: Told) -> Happening:
    why = words.sentence(str(detail["why"]))
    return Happening("pause", words.say("did not write “%(letter)s”: %(why)s", letter=_kind(words, detail), why=why))


def absence(words: Words, detail: Told) -> Happening:
    """Older events do not say since when."""
    since, until = (clocks.date_words(detail.get(key), words.say) for key in ("since", "until"))
    whole = N_("noted an absence of %(expert)s from %(since)s to %(until)s")
    told = whole if since else N_("noted an absence of %(expert)s until %(until)s")
    return Happening("pause", words.say(told, expert=detail["expert"], since=since, until=until))


def absence_removed(words: Words, detail: Told) -> Happening:
    since, until = (clocks.date_words(detail[key], words.say) for key in ("since", "until"))
    told = N_("removed the absence of %(expert)s from %(since)s to %(until)s")
    return Happening("close", words.say(told, expert=detail["expert"], since=since, until=until))


def mail_released(words: Words, detail: Told) -> Happening:
    """With the reason why it was held."""
    return Happening("release", words.say("released a held message"), text=words.sentence(str(detail.get("reason") or "")))


def tier(words: Words, detail: Told) -> Happening:
    before, after = words.tier(detail["before"]), words.tier(detail["after"])
    return Happening("clock", words.say("changed the tier from %(before)s to %(after)s", before=before, after=after))


def used(words: Words, detail: Told) -> Happening:
    return Happening("check", words.say("said whether it was used: %(how)s", how=label(str(detail["how"]), words.say.code)))


def closed(words: Words, detail: Told) -> Happening:
    why, other = words.closed_because(detail["because"]), detail.get("other")
    same = (words.say("It repeats question %(number)s.", number=other),) if other else ()
    return Happening("check", words.say("closed it: %(why)s", why=why), text=str(detail.get("text") or ""), lines=same)


def key_made(words: Words, detail: Told) -> Happening:
    scopes = ", ".join(map(words.scope, detail["scopes"]))
    return Happening("lock", words.say("created the key %(name)s (%(scopes)s)", name=detail["name"], scopes=scopes))


def care_given(words: Words, detail: Told) -> Happening:
    whole = words.say("the whole network")
    before, after = (", ".join(map(str, detail.get(key) or ())) or whole for key in ("before", "after"))
    return Happening("person", words.say("changed what somebody looks after"), text=f"{before} → {after}")


def removed(words: Words, detail: Told) -> Happening:
    told = words.say("removed %(expert)s, %(authority)s, from the directory", **_whose(detail))
    return Happening("close", told, text=str(detail["reason"]))


def returned(words: Words, detail: Told) -> Happening:
    told = words.say("put %(expert)s, %(authority)s, back in the directory", **_whose(detail))
    return Happening("again", told, text=str(detail["reason"]))


def _whose(detail: Told) -> dict[str, str]:
    return {"expert": str(detail["expert"]), "authority": str(detail["authority"])}


def consent(words: Words, detail: Told) -> Happening:
    told = words.say("noted what %(expert)s has agreed to", expert=detail["expert"])
    return Happening("check", told, text=_changed(detail, lambda given: _agreed(words, given)))


def _agreed(words: Words, given: Told) -> str:
    return ", ".join(words.say(name) for key, name in CONSENTS.items() if given.get(key)) or words.say("nothing")


def review(words: Words, detail: Told) -> Happening:
    told = words.say("set what happens to answers of %(authority)s", authority=detail["authority"])
    return Happening("check", told, text=_changed(detail, lambda given: words.say(REVIEWS[str(given["review"])])))


def _changed(detail: Told, spell: Callable[[Told], str]) -> str:
    """Before and after; older events say only how it is since."""
    before = detail.get("before")
    return f"{spell(before)} → {spell(detail)}" if before is not None else spell(detail)


def policy_changed(words: Words, detail: Told) -> Happening:
    told = words.say("changed the policy: %(key)s", key=detail["key"])
    before, after = (spelt(str(detail[key]), words) for key in ("before", "after"))
    return Happening("check", told, text=f"{before} → {after}: {detail.get('why') or ''}")


def user_added(words: Words, detail: Told) -> Happening:
    role = words.role(detail["role"])
    return Happening("person", words.say("gave %(email)s access as %(role)s", email=detail["email"], role=role))


def directory_imported(words: Words, detail: Told) -> Happening:
    said = IMPORTED[str(detail["what"])]
    return Happening("directory", words.say(said, new=detail["new"], changed=detail["changed"]))
