"""Who may sign in, and as what. Administrators only; nobody can shut themselves out."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.access import ADMIN, Guarded
from bot.console.changing import changing
from bot.console.visits import BadForm, Visit
from routing import care, entries, signin
from routing.directory import ROLES, add_user
from routing.history import note
from routing.languages import LANGUAGES
from routing.models import ConsoleUser


def every(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        users = entries.users(session)
    return visit.show("users.html", users=users, roles=ROLES, languages=LANGUAGES)


def add(visit: Visit) -> Response:
    email, role, language = visit.field("email").strip()[:254], visit.field("role"), visit.field("language")
    with changing(visit, "/users") as session:
        if email.count("@") != 1 or any(c.isspace() or not c.isprintable() for c in email):
            raise BadForm("That is not a mail address.")
        if language not in LANGUAGES:
            raise BadForm("Choose the language of their letters.")
        if email.lower() == visit.me.email and role != "admin":
            raise BadForm("You cannot remove your own rights. Ask another administrator.")
        add_user(session, email, role, visit.now, visit.field("name").strip()[:100], language)
        note(session, None, "user-added", actor=visit.me.actor, now=visit.now, email=email.lower(), role=role)
    return visit.go("/users", "user-added")


def remove(visit: Visit) -> Response:
    email = visit.field("email")
    with changing(visit, "/users") as session:
        if email.lower() == visit.me.email:
            raise BadForm("You cannot shut yourself out. Ask another administrator.")
        signin.forbid(session, email, by=visit.me.actor, now=visit.now)
    return visit.go("/users", "user-removed")


def looks_after(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        user = session.get_one(ConsoleUser, visit.number_in_path("user"))
        authorities, theirs = entries.authority_names(session), care.of_user(session, user).authorities or frozenset()
    return visit.show("user_care.html", user=user, authorities=authorities, theirs=theirs)


def set_care(visit: Visit) -> Response:
    chosen = {int(told) for told in visit.fields("authority") if told.isdecimal() and len(told) < 10}
    with changing(visit, "/users") as session:
        care.give(session, visit.number_in_path("user"), chosen, by=visit.me.actor, now=visit.now)
    return visit.go("/users", "care-given")


ROUTES = (
    Guarded("/users", every, ADMIN),
    Guarded("/users", add, ADMIN, "POST"),
    Guarded("/users/removal", remove, ADMIN, "POST"),
    Guarded("/users/{user:int}/care", looks_after, ADMIN),
    Guarded("/users/{user:int}/care", set_care, ADMIN, "POST"),
)
