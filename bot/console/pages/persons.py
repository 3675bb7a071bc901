"""What is kept about one person, for whoever asks for it (GDPR, articles 15 and 17): find, take out, rehearse, erase."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from bot.console.access import ADMIN, Guarded
from bot.console.changing import changing
from bot.console.security import STRANGERS_CONTENT
from bot.console.visits import BadForm, Visit
from routing import privacy, succeeding
from routing.commands import is_of_the_network
from routing.history import note
from routing.letters.labels import N_
from routing.models import Person
from routing.people import find_address

# What an erasure would take -> how the page calls it.
WOULD = {
    "questions": N_("questions"),
    "open questions": N_("open questions that would be closed"),
    "messages": N_("messages"),
    "letters": N_("letters"),
    "addresses": N_("addresses"),
    "files": N_("files"),
}


def find(visit: Visit) -> Response:
    """By mail address or chat id; what an erasure would do is rehearsed at once and taken back."""
    asked = visit.asked("words").strip()
    facts: dict[str, Any] = {"asked": asked, "person": None, "stays": False, "would": {}}
    if asked:
        with visit.store.transaction() as session:
            found = find_address(session, "email", asked) or find_address(session, "telegram", asked)
            if found is not None:
                person = session.get_one(Person, found.person_id)
                stays = is_of_the_network(session, person)
                facts |= {"person": person.id, "stays": stays}
                facts["would"] = {} if stays else privacy.rehearse(session, person, visit.now)
    return visit.show("persons.html", names={name: visit.words.say(told) for name, told in WOULD.items()}, **facts)


def export(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        person = session.get_one(Person, visit.number_in_path("person"))
        told = privacy.export(session, person)
        note(session, None, "person-exported", actor=visit.me.actor, now=visit.now, person=person.id)
    headers = {
        "content-disposition": f'attachment; filename="person-{person.id}.json"',
        "content-security-policy": STRANGERS_CONTENT,
    }
    return Response(json.dumps(told, ensure_ascii=False, indent=1), media_type="application/json", headers=headers)


def erase(visit: Visit) -> Response:
    """For good. The address is written once more, so that nobody is erased by a slip."""
    asked = visit.field("address").strip()
    with changing(visit, "/persons") as session:
        person = session.get_one(Person, visit.number_in_path("person"))
        found = find_address(session, "email", asked) or find_address(session, "telegram", asked)
        if found is None or found.person_id != person.id:
            raise BadForm("Repeat the address to erase this person.")
        if is_of_the_network(session, person):
            raise BadForm("This person belongs to the network. Remove them from the directory first.")
        succeeding.hand_down_all(session, visit.office, person.id, visit.now)
        privacy.erase(session, person, visit.now)
        note(session, None, "person-erased", actor=visit.me.actor, now=visit.now, person=person.id)
    return visit.go("/persons", "erased")


ROUTES = (
    Guarded("/persons", find, ADMIN),
    Guarded("/persons/{person:int}/export", export, ADMIN, "POST"),
    Guarded("/persons/{person:int}/erasure", erase, ADMIN, "POST"),
)
