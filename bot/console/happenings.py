"""What one event of the history says, in a sentence: a table from its kind to words in a reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console import eventwords
from bot.console.eventlists import NAMES
from bot.console.eventwords import Happening, Line, Tell, fiche, letter, plain, with_facts, with_text
from bot.console.words import Words
from routing.letters.labels import N_
from routing.models import Event


def happening(event: Event, words: Words) -> Happening:
    """An unknown kind is shown as it is called."""
    tell = KINDS.get(event.kind)
    try:
        return tell(words, event.detail) if tell else Happening("dot", event.kind.replace("-", " "))
    except (KeyError, TypeError, ValueError):  # an erased or older detail
        return Happening("dot", event.kind.replace("-", " "))


def kind_name(kind: str, words: Words) -> str:
    """A kind of event as an entry of a list."""
    tell = KINDS.get(kind)
    return words.say(tell.sentence) if isinstance(tell, Line) else words.say(NAMES.get(kind, kind.replace("-", " ")))


KINDS: Mapping[str, Tell] = {
    "question-received": plain("asker", N_("asked the question")),
    "question-edited": plain("edit", N_("edited the question")),
    "decided": eventwords.decided,
    "handed-to-coordinator": eventwords.handed,
    "coordinators-told-again": plain("bell", N_("told the coordinators again")),
    "clarification-asked": eventwords.asked_which,
    "clarified": with_text("asker", N_("said what was meant"), "choice"),
    "proposed": plain("fiche", N_("offered fiches")),
    "proposal-accepted": fiche(N_("accepted a fiche")),
    "proposal-refused": with_text("close", N_("said that the fiches do not answer it"), "said"),
    "proposal-reminder": plain("bell", N_("reminded the asker of the fiches")),
    "assigned": with_facts("expert", N_("gave it to %(expert)s, %(authority)s"), "word"),
    "accepted": plain("check", N_("accepted it")),
    "declined": with_text("close", N_("declined it"), "reason"),
    "away": with_text("pause", N_("is away"), "said"),
    "asked-back": with_text("question", N_("asked back; the deadline is paused"), "text"),
    "asked-the-asker": with_text("question", N_("asked the asker something"), "text"),
    "extended": eventwords.extended,
    "extension-refused": with_facts("pause", N_("did not extend it by %(days)s days: it can be extended only once")),
    "prose-read": eventwords.prose_read,
    "reminded": eventwords.reminded,
    "escalated": eventwords.escalated,
    "answered": plain("answer", N_("wrote an answer")),
    "answer-edited": with_text("edit", N_("edited the answer, which used to say"), "before"),
    "answer-released": plain("send", N_("released the answer")),
    "answer-discarded": with_text("close", N_("held this answer back"), "reason"),
    "answer-sent-back": with_text("again", N_("sent this answer back to its author"), "text"),
    "answer-taken-up": plain("again", N_("took this answer up again")),
    "helped": plain("check", N_("said that the answer helped")),
    "did-not-help": plain("warning", N_("said that something is missing")),
    "reopened": with_text("again", N_("reopened it"), "missing"),
    "opened-again": plain("again", N_("reopened it")),
    "asked-whether-used": plain("question", N_("asked whether the answer was used")),
    "used": eventwords.used,
    "closed": eventwords.closed,
    "note": with_text("note", N_("noted"), "text"),
    "marked-sensitive": plain("lock", N_("marked it as sensitive")),
    "unmarked-sensitive": plain("lock", N_("removed the sensitive mark")),
    "tier-changed": eventwords.tier,
    "joined": with_facts("fiche", N_("put it together with %(leader)s: they wait for one answer")),
    "joined-by": with_facts("fiche", N_("put %(follower)s together with this one")),
    "split": with_facts("question", N_("split it: what else it asked is %(others)s now")),
    "split-off": with_facts("question", N_("split it off from %(origin)s")),
    "handed-down": with_facts("again", N_("left its experts to %(follower)s, which asks the same")),
    "took-over": with_facts("again", N_("went on in place of %(leader)s, which was closed")),
    "unjoined": plain("again", N_("separated it again: it goes on by itself")),
    "answer-offered": plain("fiche", N_("offered the answer that somebody else got to the same question")),
    "answer-added": plain("answer", N_("added to the answer")),
    "answer-scored": with_facts("check", N_("scored an answer: %(sum)s of 18")),
    "suggested": with_text("expert", N_("suggested somebody else"), "text"),
    "shared": plain("check", N_("agreed that others may be offered the answer")),
    "not-shared": plain("lock", N_("asked us to keep the answer between us")),
    "recounted": eventwords.recounted,
    "links-revoked": plain("lock", N_("disabled the asker's links")),
    "entry-confirmed": with_facts("check", N_("confirmed the entry of %(authority)s")),
    "entry-corrected": with_facts("edit", N_("corrected the entry of %(authority)s")),
    "authority-added": with_facts("directory", N_("added %(authority)s to the directory")),
    "expert-added": with_facts("directory", N_("added %(expert)s, %(authority)s, to the directory")),
    "expert-corrected": with_facts("edit", N_("corrected the entry of %(expert)s")),
    "directory-imported": eventwords.directory_imported,
    "entry-commented": with_facts("edit", N_("wrote about the entry of %(authority)s"), "text"),
    "searched-again": plain("search", N_("ran the search again")),
    "fiche-chosen": fiche(N_("chose a fiche to propose")),
    "fiche-drafted": fiche(N_("kept the answer as a fiche draft")),
    "fiche-published": fiche(N_("published the fiche")),
    "fiche-revised": fiche(N_("revised the fiche")),
    "fiche-begun": fiche(N_("started a fiche")),
    "fiche-in-review": fiche(N_("asked for a review of the fiche")),
    "fiche-sent-back": fiche(N_("sent the fiche back for changes")),
    "fiche-validated": fiche(N_("validated the fiche")),
    "fiche-retired": fiche(N_("retired the fiche")),
    "fiche-confirmed": fiche(N_("checked the fiche: it is still correct")),
    "mail-released": eventwords.mail_released,
    "mail-discarded": with_text("close", N_("discarded a held message"), "reason"),
    "decision-revoked": plain("again", N_("undid a decision about held mail")),
    "asker-wrote": plain("asker", N_("wrote")),
    "expert-wrote": plain("expert", N_("wrote")),
    "coordinator-wrote": with_text("coordinator", N_("wrote by mail"), "text"),
    "machine-wrote": eventwords.machine_wrote,
    "bounced": eventwords.bounced,
    "delivery-delayed": with_text("clock", N_("reported that a letter is delayed"), "status"),
    "delivery-failed": letter("warning", N_("could not deliver “%(letter)s”")),
    "letter-ambiguous": letter("question", N_("does not know whether “%(letter)s” arrived")),
    "letter-not-written": eventwords.not_written,
    "letter-retried": letter("again", N_("sent “%(letter)s” again")),
    "letter-arrived": letter("check", N_("marked “%(letter)s” as arrived")),
    "letter-redirected": letter("again", N_("sent “%(letter)s” to another address")),
    "letter-cancelled": letter("close", N_("cancelled “%(letter)s”")),
    "signed-in": plain("person", N_("signed in")),
    "absence-noted": eventwords.absence,
    "absence-removed": eventwords.absence_removed,
    "expert-removed": eventwords.removed,
    "expert-returned": eventwords.returned,
    "consent-noted": eventwords.consent,
    "entry-review": eventwords.review,
    "key-made": eventwords.key_made,
    "key-revoked": plain("lock", N_("revoked a key")),
    "passkey-added": with_text("lock", N_("added a passkey"), "name"),
    "provider-linked": plain("lock", N_("signed in through the identity provider for the first time")),
    "passkey-removed": with_text("lock", N_("removed a passkey"), "name"),
    "user-added": eventwords.user_added,
    "care-given": eventwords.care_given,
    "policy-changed": eventwords.policy_changed,
    "webhook-made": with_text("send", N_("created a webhook"), "name"),
    "webhook-removed": with_text("close", N_("removed a webhook"), "name"),
    "webhook-resumed": with_text("again", N_("switched a webhook on again"), "name"),
    "webhook-tested": with_text("send", N_("tested a webhook"), "name"),
    "webhook-ended": with_text("warning", N_("switched off a webhook that takes nothing"), "name"),
    "notices-chosen": plain("bell", N_("changed what they are told about, when and where")),
    "chat-connected": plain("bell", N_("connected a chat for their notices")),
    "person-exported": plain("person", N_("downloaded what is kept about a person")),
    "person-erased": plain("person", N_("erased a person")),
    "user-removed": plain("person", N_("ended somebody’s access")),
}
