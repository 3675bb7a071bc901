"""What one event of the history says, in a sentence: a table from its kind to words in a reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.console.eventlists import CONSENTS, DECISIONS, NAMES, RECOUNTED, REMINDED, REVIEWS
from bot.console.words import Words
from routing.letters import label
from routing.letters.labels import N_
from routing.models import Event


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


def happening(event: Event, words: Words) -> Happening:
    """An unknown kind is shown as it is called."""
    tell = KINDS.get(event.kind)
    try:
        return tell(words, event.detail) if tell else Happening("dot", event.kind.replace("-", " "))
    except (KeyError, TypeError, ValueError):  # an erased or older detail
        return Happening("dot", event.kind.replace("-", " "))


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


def kind_name(kind: str, words: Words) -> str:
    """A kind of event as an entry of a list."""
    tell = KINDS.get(kind)
    return words.say(tell.sentence) if isinstance(tell, Line) else words.say(NAMES.get(kind, kind.replace("-", " ")))


def _plain(icon: str, sentence: str) -> Tell:
    return Line(icon, sentence)


def _with_text(icon: str, sentence: str, key: str) -> Tell:
    return Line(icon, sentence, key)


def _fiche(sentence: str) -> Tell:
    return Line("fiche", sentence, shows_fiche=True)


def _with_facts(icon: str, sentence: str, key: str = "") -> Tell:
    return lambda words, detail: Happening(icon, words.say(sentence, **detail), text=str(detail[key]) if key else "")


def _decided(words: Words, detail: Told) -> Happening:
    does = words.say(DECISIONS.get(detail["decision"], N_("decided")))
    return Happening("machine", does, lines=tuple(map(words.reason, detail.get("reasons", ()))))


def _handed(words: Words, detail: Told) -> Happening:
    why = words.handed(str(detail["reason"]))
    return Happening("coordinator", words.say("handed it to the coordinators: %(why)s", why=why))


def _escalated(words: Words, detail: Told) -> Happening:
    because = words.sentence(str(detail["because"]).replace("_", " "))
    return Happening("up", words.say("moved it up to %(to)s: %(because)s", to=detail["to"], because=because))


def _extended(words: Words, detail: Told) -> Happening:
    say, days = words.say, int(detail["days"])
    moved = say.plural("extended the deadline by %(num)s working day", "extended the deadline by %(num)s working days", days)
    return Happening("clock", moved, text=str(detail.get("reason") or ""), lines=_counted(words, detail))


def _recounted(words: Words, detail: Told) -> Happening:
    told = RECOUNTED.get(str(detail["why"]), N_("counted the deadline again"))
    return Happening("clock", words.say(told), lines=_counted(words, detail))


def _counted(words: Words, detail: Told) -> tuple[str, ...]:
    return tuple(filter(None, (words.explained(detail.get("explanation") or {}),)))


def _asked_which(words: Words, detail: Told) -> Happening:
    return Happening("question", words.say("asked which is meant"), lines=tuple(map(str, detail.get("choices", ()))))


def _reminded(words: Words, detail: Told) -> Happening:
    told = REMINDED[detail["stage"]]
    return Happening("bell", words.say(told, expert=detail["expert"]))


def _letter(icon: str, sentence: str) -> Tell:
    return lambda words, detail: Happening(icon, words.say(sentence, letter=_kind(words, detail)))


def _kind(words: Words, detail: Told) -> str:
    return words.letter_kind(str(detail.get("letter_kind", "")))


def _bounced(words: Words, detail: Told) -> Happening:
    for_good = N_("said that a letter cannot be delivered for good")
    for_now = N_("said that a letter cannot be delivered for now")
    told = for_good if detail.get("hard") else for_now
    return Happening("warning", words.say(told), text=str(detail.get("status") or ""))


def _machine_wrote(words: Words, detail: Told) -> Happening:
    until, sort = detail.get("absent_until"), detail["sort"]
    away = N_("brought an automatic reply (%(sort)s), away until %(until)s; no answer, the clock runs on")
    plain = N_("brought an automatic reply (%(sort)s); no answer, the clock runs on")
    return Happening("machine", words.say(away if until else plain, sort=sort, until=until))


def _not_written(words: Words, detail: Told) -> Happening:
    return Happening("pause", words.say("did not write “%(letter)s”: %(why)s", letter=_kind(words, detail), why=detail["why"]))


def _tier(words: Words, detail: Told) -> Happening:
    before, after = words.tier(detail["before"]), words.tier(detail["after"])
    return Happening("clock", words.say("changed the tier from %(before)s to %(after)s", before=before, after=after))


def _used(words: Words, detail: Told) -> Happening:
    return Happening("check", words.say("said whether it was used: %(how)s", how=label(str(detail["how"]), words.say.code)))


def _closed(words: Words, detail: Told) -> Happening:
    return Happening("check", words.say("closed it: %(why)s", why=words.closed_because(detail["because"])))


def _key_made(words: Words, detail: Told) -> Happening:
    scopes = ", ".join(map(words.scope, detail["scopes"]))
    return Happening("lock", words.say("made the key %(name)s (%(scopes)s)", name=detail["name"], scopes=scopes))


def _care_given(words: Words, detail: Told) -> Happening:
    whole = words.say("the whole network")
    before, after = (", ".join(map(str, detail.get(key) or ())) or whole for key in ("before", "after"))
    return Happening("person", words.say("changed what somebody looks after"), text=f"{before} → {after}")


def _removed(words: Words, detail: Told) -> Happening:
    told = words.say("took %(expert)s, %(authority)s, off the directory", **_whose(detail))
    return Happening("close", told, text=str(detail["reason"]))


def _returned(words: Words, detail: Told) -> Happening:
    told = words.say("put %(expert)s, %(authority)s, back on the directory", **_whose(detail))
    return Happening("again", told, text=str(detail["reason"]))


def _whose(detail: Told) -> dict[str, str]:
    return {"expert": str(detail["expert"]), "authority": str(detail["authority"])}


def _consent(words: Words, detail: Told) -> Happening:
    told = words.say("noted what %(expert)s has agreed to", expert=detail["expert"])
    return Happening("check", told, text=_changed(detail, lambda given: _agreed(words, given)))


def _agreed(words: Words, given: Told) -> str:
    return ", ".join(words.say(name) for key, name in CONSENTS.items() if given.get(key)) or words.say("nothing")


def _review(words: Words, detail: Told) -> Happening:
    told = words.say("set what happens to answers of %(authority)s", authority=detail["authority"])
    return Happening("check", told, text=_changed(detail, lambda given: words.say(REVIEWS[str(given["review"])])))


def _changed(detail: Told, spell: Callable[[Told], str]) -> str:
    """Before and after; older events say only how it is since."""
    before = detail.get("before")
    return f"{spell(before)} → {spell(detail)}" if before is not None else spell(detail)


def _policy_changed(words: Words, detail: Told) -> Happening:
    told = words.say("changed the policy: %(key)s", key=detail["key"])
    return Happening("check", told, text=f"{detail['before']} → {detail['after']}: {detail.get('why') or ''}")


def _user_added(words: Words, detail: Told) -> Happening:
    role = words.role(detail["role"])
    return Happening("person", words.say("let %(email)s sign in as %(role)s", email=detail["email"], role=role))


KINDS: Mapping[str, Tell] = {
    "question-received": _plain("asker", N_("asked the question")),
    "question-edited": _plain("edit", N_("edited the question")),
    "decided": _decided,
    "handed-to-coordinator": _handed,
    "coordinators-told-again": _plain("bell", N_("told the coordinators again")),
    "clarification-asked": _asked_which,
    "clarified": _with_text("asker", N_("said what is meant"), "choice"),
    "proposed": _plain("fiche", N_("offered fiches")),
    "proposal-accepted": _fiche(N_("accepted a fiche")),
    "proposal-refused": _with_text("close", N_("said that the fiches do not answer it"), "said"),
    "proposal-reminder": _plain("bell", N_("reminded the asker of the fiches")),
    "assigned": _with_facts("expert", N_("gave it to %(expert)s, %(authority)s")),
    "accepted": _plain("check", N_("accepted it")),
    "declined": _with_text("close", N_("declined it"), "reason"),
    "away": _with_text("pause", N_("is away"), "said"),
    "asked-back": _with_text("question", N_("asked back; the clock stands still"), "text"),
    "asked-the-asker": _with_text("question", N_("asked the asker something"), "text"),
    "extended": _extended,
    "extension-refused": _with_facts("pause", N_("did not extend it by %(days)s days: once is the rule")),
    "reminded": _reminded,
    "escalated": _escalated,
    "answered": _plain("answer", N_("wrote an answer")),
    "answer-edited": _with_text("edit", N_("edited the answer; before it said"), "before"),
    "answer-released": _plain("send", N_("released the answer")),
    "answer-discarded": _with_text("close", N_("decided that this answer does not go out"), "reason"),
    "helped": _plain("check", N_("said that the answer helped")),
    "did-not-help": _plain("warning", N_("said that something is missing")),
    "reopened": _with_text("again", N_("opened it again"), "missing"),
    "opened-again": _plain("again", N_("opened it again")),
    "asked-whether-used": _plain("question", N_("asked whether the answer was used")),
    "used": _used,
    "closed": _closed,
    "note": _with_text("note", N_("noted"), "text"),
    "marked-sensitive": _plain("lock", N_("marked it as sensitive")),
    "unmarked-sensitive": _plain("lock", N_("took the sensitive mark off")),
    "tier-changed": _tier,
    "joined": _with_facts("fiche", N_("put it together with %(leader)s: they wait for one answer")),
    "joined-by": _with_facts("fiche", N_("put %(follower)s together with this one")),
    "unjoined": _plain("again", N_("took it apart again: it goes on by itself")),
    "answer-offered": _plain("fiche", N_("offered the answer that somebody else got to the same question")),
    "answer-added": _plain("answer", N_("added to the answer")),
    "answer-scored": _with_facts("check", N_("scored an answer: %(sum)s of 18")),
    "suggested": _with_text("expert", N_("proposed somebody else"), "text"),
    "shared": _plain("check", N_("agreed that others may be offered the answer")),
    "not-shared": _plain("lock", N_("wished that the answer stays between us")),
    "recounted": _recounted,
    "links-revoked": _plain("lock", N_("made the asker's links invalid")),
    "entry-confirmed": _with_facts("check", N_("confirmed the entry of %(authority)s")),
    "entry-corrected": _with_facts("edit", N_("corrected the entry of %(authority)s")),
    "entry-commented": _with_facts("edit", N_("wrote about the entry of %(authority)s"), "text"),
    "searched-again": _plain("search", N_("had it searched again")),
    "fiche-chosen": _fiche(N_("chose a fiche to propose")),
    "fiche-drafted": _fiche(N_("kept the answer as a fiche draft")),
    "fiche-published": _fiche(N_("published the fiche")),
    "fiche-revised": _fiche(N_("revised the fiche")),
    "fiche-begun": _fiche(N_("began a fiche")),
    "fiche-in-review": _fiche(N_("asked for a review of the fiche")),
    "fiche-sent-back": _fiche(N_("sent the fiche back for changes")),
    "fiche-retired": _fiche(N_("retired the fiche")),
    "fiche-confirmed": _fiche(N_("looked at the fiche again: it is right")),
    "mail-released": _with_text("release", N_("released a held message"), "reason"),
    "mail-discarded": _with_text("close", N_("discarded a held message"), "reason"),
    "decision-revoked": _plain("again", N_("took back a decision about held mail")),
    "asker-wrote": _plain("asker", N_("wrote")),
    "expert-wrote": _plain("expert", N_("wrote")),
    "coordinator-wrote": _with_text("coordinator", N_("wrote by mail"), "text"),
    "machine-wrote": _machine_wrote,
    "bounced": _bounced,
    "delivery-delayed": _with_text("clock", N_("said that a letter is delayed"), "status"),
    "delivery-failed": _letter("warning", N_("could not deliver “%(letter)s”")),
    "letter-ambiguous": _letter("question", N_("does not know whether “%(letter)s” arrived")),
    "letter-not-written": _not_written,
    "letter-retried": _letter("again", N_("sent “%(letter)s” again")),
    "letter-arrived": _letter("check", N_("marked “%(letter)s” as arrived")),
    "letter-redirected": _letter("again", N_("sent “%(letter)s” to another address")),
    "letter-cancelled": _letter("close", N_("gave up “%(letter)s”")),
    "signed-in": _plain("person", N_("signed in")),
    "absence-noted": _with_facts("pause", N_("noted an absence of %(expert)s until %(until)s")),
    "expert-removed": _removed,
    "expert-returned": _returned,
    "consent-noted": _consent,
    "entry-review": _review,
    "key-made": _key_made,
    "key-revoked": _plain("lock", N_("ended a key")),
    "passkey-added": _with_text("lock", N_("added a passkey"), "name"),
    "provider-linked": _plain("lock", N_("came in through the identity provider for the first time")),
    "passkey-removed": _with_text("lock", N_("removed a passkey"), "name"),
    "user-added": _user_added,
    "care-given": _care_given,
    "policy-changed": _policy_changed,
    "webhook-made": _with_text("send", N_("made a webhook"), "name"),
    "webhook-removed": _with_text("close", N_("removed a webhook"), "name"),
    "webhook-resumed": _with_text("again", N_("switched a webhook on again"), "name"),
    "webhook-tested": _with_text("send", N_("tried a webhook"), "name"),
    "webhook-ended": _with_text("warning", N_("switched a webhook off that takes nothing"), "name"),
    "notices-chosen": _plain("bell", N_("chose what they are told, when and where")),
    "chat-connected": _plain("bell", N_("connected a chat for their notices")),
    "person-exported": _plain("person", N_("took out what is kept about a person")),
    "person-erased": _plain("person", N_("erased a person")),
    "user-removed": _plain("person", N_("ended somebody's right to sign in")),
}
