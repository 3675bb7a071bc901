"""Newsletters and adverts that carry no list's header: they offer their reader a way out, with a link.

In: a `Mail` that answers nothing. Out: a `Verdict` that keeps it for a person, or None: somebody may pass such a letter on.
"""

from __future__ import annotations

import re

from bot.mail.verdicts import Mail, Verdict, is_in_thread
from bot.mail.wording import Wording
from routing.values import Kind

WAY_OUT = Wording(
    r"\bunsubscribe\b|\bopt[ -]out\b|manage (?:your )?(?:e-?mail )?preferences|no longer wish to receive|do not wish to receive"
    r"|désabonn|désinscri|ne (?:souhaitez|désirez|voulez) plus recevoir|ne plus recevoir"
    r"|darse de baja|dar(?:me|te)? de baja|cancelar (?:su|la|tu) suscripción|no (?:desea|quiere|deseas|quieres) (?:seguir )?recib"
    r"|disiscriv|(?:cancell|annull)\w* .{0,20}(?:iscrizione|sottoscrizione)|non (?:desider|vuo)\w* (?:più )?ricevere"
    r"|απεγγραφ|κατάργηση (?:της )?(?:εγγραφ|συνδρομ)|διαγραφή\w* από (?:τη )?λίστα|δεν επιθυμείτε .{0,20}λαμβάνετε"
    r"|dezabon|nu (?:mai )?doriți să (?:mai )?primiți|odjav\w* (?:s|sa|od)\b|odjavite se|ne želite (?:više )?primati"
    r"|aboneli\w+ .{0,20}(?:iptal|çık|sonlandır)|listeden çık|almak istemiyorsanız"
    r"|abbestellen|newsletter abmelden|nicht mehr erhalten|wypisz|rezygn\w+ z (?:subskrypcji|newslettera)"
    r"|cancelar (?:a )?(?:sua )?(?:subscrição|assinatura)|não (?:deseja|quiser) (?:mais )?receber"
)
LINK = re.compile(r"https?://", re.IGNORECASE)
FOOT = 800  # letters: it stands at the end


def circular(mail: Mail) -> Verdict | None:
    foot = mail.text[-FOOT:]
    linked = LINK.search(foot) or (mail.body.has_html and LINK.search(mail.body.html))
    if is_in_thread(mail) or not linked or not WAY_OUT.search(foot):
        return None
    return Verdict(Kind.MESSAGE, "circular", held="It reads like a newsletter: it offers a way to get no more of them.")
