"""One-click pages behind mailed links: opening one changes nothing, its one button does, once.

Mail scanners open every link of a mail, some press nothing but run scripts; so GET shows and POST acts (RFC 9110, 9.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import BEARER, Guarded
from bot.console.visits import Visit
from routing import buttons, overviews
from routing.letters import known, write
from routing.models import Button, Person, Question


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page says before the button is pressed; `label` is the letter's own word for it."""

    language: str
    label: str
    number: str
    line: str


PRESS = {
    "en": "Press the button to confirm.",
    "it": "Premi il pulsante per confermare.",
    "es": "Pulse el botón para confirmar.",
    "fr": "Appuyez sur le bouton pour confirmer.",
    "el": "Πατήστε το κουμπί για επιβεβαίωση.",
    "ro": "Apăsați butonul pentru a confirma.",
    "hr": "Pritisnite gumb za potvrdu.",
    "tr": "Onaylamak için düğmeye basın.",
}
DONE = {
    "en": "Thank you, it is done. You can close this page.",
    "it": "Grazie, è fatto. Può chiudere questa pagina.",
    "es": "Gracias, ya está hecho. Puede cerrar esta página.",
    "fr": "Merci, c’est fait. Vous pouvez fermer cette page.",
    "el": "Ευχαριστούμε, έγινε. Μπορείτε να κλείσετε αυτή τη σελίδα.",
    "ro": "Vă mulțumim, s-a făcut. Puteți închide această pagină.",
    "hr": "Hvala, učinjeno je. Možete zatvoriti ovu stranicu.",
    "tr": "Teşekkürler, tamamlandı. Bu sayfayı kapatabilirsiniz.",
}


def look(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        found = buttons.find(session, visit.path("id"))
        if found is None or found.chat is not None:
            return _stale(visit, "en", 404)
        if not buttons.is_live(session, found):
            return _stale(visit, _language(session, found), 410)
        asked = _asked(session, found)
    return visit.show("button.html", asked=asked, press=PRESS[asked.language], state="ask", words_of=("", ""))


def press(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        found = buttons.find(session, visit.path("id"))
        if found is None or found.chat is not None:
            return _stale(visit, "en", 404)
        asked = _asked(session, found)
        pressed = buttons.press(session, visit.office, found.id, now=visit.now)
    if pressed.toast == "stale" or pressed.outcome == "stale":
        return _stale(visit, asked.language, 409)
    visit.desk.service.wake()
    return visit.show("button.html", asked=asked, press="", state="done", words_of=("", DONE[asked.language]))


def _asked(session: Session, button: Button) -> Asked:
    question = session.get(Question, button.question_id) if button.question_id else None
    language = _language(session, button)
    label = overviews.label_of(session, button) or button.action.replace("_", " ")
    line = (question.subject or question.text) if question else ""
    return Asked(language, label, question.number if question else "", line)


def _language(session: Session, button: Button) -> str:
    """The language of the letter the link came with: an asker reads that of their question."""
    person = session.get_one(Person, button.person_id)
    question = session.get(Question, button.question_id) if button.question_id else None
    asker = question is not None and question.asker_id == person.id and button.assignment_id is None
    return known(question.language if asker and question else person.language)


def _stale(visit: Visit, language: str, status: int) -> Response:
    letter = write("button_stale", language, medium="email")
    first = letter.text.split("\n\n")[0]
    asked = Asked(language, "", "", "")
    return visit.show("button.html", status, asked=asked, press="", state="stale", words_of=(letter.subject, first))


ROUTES = (
    Guarded("/do/{id}", look, BEARER),
    Guarded("/do/{id}", press, BEARER, "POST"),
)
