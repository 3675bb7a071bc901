"""What a page says after something was done. English, marked for the catalogues; `words` puts it into a reader's language."""

from __future__ import annotations

from routing.letters.labels import N_

# What a page says after something was done; the address only carries the key.
TOLD = {
    "assigned": N_("Given to the expert. The letters are on their way."),
    "extended": N_("The deadline has moved, and both sides are told."),
    "answered": N_("Your answer is on its way to the asker. A fiche draft was kept."),
    "released": N_("The answer is on its way to the asker. A fiche draft was kept."),
    "not-sent": N_("The answer stays here and is not sent."),
    "proposed": N_("The fiche is on its way to the asker."),
    "sensitive": N_("Marked as sensitive."),
    "not-sensitive": N_("No longer marked as sensitive."),
    "tier": N_("The tier has changed; the deadline is counted anew, and both sides are told."),
    "asked-also": N_("One more expert is asked; the letters are on their way."),
    "links-revoked": N_("The asker's links are no longer valid; the next letter has a new one."),
    "joined": N_("Put together. The asker is told, and gets the same answer."),
    "parted": N_("It goes on by itself and is being searched."),
    "scored": N_("Scored."),
    "consent": N_("Noted."),
    "directory-review": N_("Noted; it counts from the next answer on."),
    "searching": N_("It is being searched again."),
    "closed": N_("Closed. The asker is told."),
    "reopened": N_("Open again; the next step is yours."),
    "noted": N_("Noted."),
    "held-released": N_("Released."),
    "held-question": N_("Taken as a new question; it is being searched."),
    "held-retried": N_("It is being read and judged again."),
    "held-discarded": N_("Discarded. The message and your reason are kept."),
    "held-many": N_("Done with all that were still held."),
    "held-some": N_("Done with the others. These are not touched:"),
    "held-revoked": N_("Taken back: the next such mail is held again."),
    "letter-retried": N_("It goes out at once."),
    "letter-arrived": N_("Marked as arrived."),
    "letter-redirected": N_("It goes to the other address."),
    "letter-cancelled": N_("It is not tried any more."),
    "fiche-saved": N_("Saved."),
    "fiche-begun": N_("The draft is begun; complete it here."),
    "fiche-in-review": N_("It waits for a second pair of eyes."),
    "fiche-sent-back": N_("It is a draft again."),
    "remarked": N_("Your remark stands beside the fiche."),
    "fiche-published": N_("Published. It can be found within a minute."),
    "fiche-retired": N_("Retired. It is no longer offered."),
    "absence": N_("The absence is noted; nobody is assigned in that time."),
    "user-added": N_("They may sign in now."),
    "user-removed": N_("They may sign in no longer, and their sessions have ended."),
    "key-revoked": N_("The key is ended."),
    "signed-out": N_("You are signed out."),
    "undone": N_("Taken back."),
    "undone-some": N_("Taken back where nothing had happened since."),
    "view-saved": N_("The view is kept."),
    "view-removed": N_("The view is removed."),
}
# What a bulk act says it has done.
BULK = {
    "suggested": N_("%(count)s given to the experts who were suggested."),
    "sensitive": N_("%(count)s marked as sensitive."),
    "duplicate": N_("%(count)s closed as duplicates; the askers are told."),
}
