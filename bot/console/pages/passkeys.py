"""Passkeys: everybody adds, sees and removes their own, and signs in with them. Mailed links stay a way in.

On the same page everybody sees where they are signed in, and may end that everywhere else.
"""

from __future__ import annotations

import logging

from starlette.responses import JSONResponse, Response

from bot.console import ceremony
from bot.console.access import ANYBODY, WATCH, Guarded
from bot.console.ceremony import Unproven
from bot.console.changing import changing
from bot.console.errors import Failed
from bot.console.pages.session import let_in, sign_in_page
from bot.console.visits import BadForm, Visit
from routing import challenges, passkeys, signin
from routing.models import ConsoleUser

log = logging.getLogger(__name__)


def every(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        mine, fresh = passkeys.of(session, visit.me.user_id), passkeys.is_fresh(session, visit.me, visit.now)
        opened = signin.sessions(session, visit.me.user_id, visit.now)
    return visit.show("passkeys.html", keys=mine, fresh=fresh, possible=_site(visit) is not None, opened=opened)


def ask_to_add(visit: Visit) -> Response:
    """What the browser is to make, as JSON for our script."""
    site = _site(visit)
    if site is None:
        return JSONResponse({}, 404)
    with visit.store.transaction() as session:
        challenge = challenges.issue(session, "passkey-add", _session_of(visit), visit.now)
        user = session.get_one(ConsoleUser, visit.me.user_id)
        known = [one.credential_id for one in passkeys.of(session, user.id)]
        asked = ceremony.to_add(site, challenge, passkeys.handle(user), user.email, visit.me.name, known)
    return JSONResponse(asked)


def add(visit: Visit) -> Response:
    site, told = _site(visit), visit.field("credential")
    try:
        challenge = _brought_back(visit, "passkey-add", told, _session_of(visit))
        if site is None or challenge is None:
            raise Unproven("no such challenge")
        key = ceremony.added(site, told, challenge)
    except Unproven as error:
        log.warning("passkey not added: %s", error)
        raise Failed(BadForm("The browser’s answer could not be checked. Try again."), back="/passkeys") from error
    with changing(visit, "/passkeys") as session:
        passkeys.add(session, visit.me, visit.field("name"), key, visit.now)
    return visit.go("/passkeys", "passkey-added")


def remove(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        passkeys.remove(session, visit.me, visit.number_in_path("passkey"), visit.now)
    return visit.go("/passkeys", "passkey-removed")


def leave_others(visit: Visit) -> Response:
    with visit.store.transaction() as session:
        signin.end_others(session, visit.me.user_id, visit.me.session_id, visit.now)
    return visit.go("/passkeys", "others-ended")


def ask_to_enter(visit: Visit) -> Response:
    """A challenge for whoever is there; the same for everybody, since nobody has said yet who they are."""
    site, host = _site(visit), visit.request.client.host if visit.request.client else "unknown"
    if site is None:
        return JSONResponse({}, 404)
    if not visit.desk.throttle_of_passkeys.allows(host, visit.now):
        return JSONResponse({}, 429)
    with visit.store.transaction() as session:
        challenge = challenges.issue(session, "passkey-enter", _form_of(visit), visit.now)
    return JSONResponse(ceremony.to_enter(site, challenge))


def enter(visit: Visit) -> Response:
    """One page for every failure: it tells nobody which keys are known."""
    site, told = _site(visit), visit.field("credential")
    try:
        challenge = _brought_back(visit, "passkey-enter", told, _form_of(visit))
        if site is None or challenge is None:
            raise Unproven("no such challenge")
        cookie = _cookie_for(visit, site, told, challenge)
    except Unproven as error:
        log.warning("passkey refused: %s", error)
        return sign_in_page(visit, 403, refused=True)
    return let_in(visit, cookie)


def _cookie_for(visit: Visit, site: ceremony.Site, told: str, challenge: str) -> str:
    hours = float(visit.desk.service.settings.console.session_hours)
    earlier = visit.request.cookies.get(visit.desk.cookie_name("session"))
    with visit.store.transaction() as session:
        found = passkeys.known(session, ceremony.key_in(told))
        if found is None:
            raise Unproven("no such key")
        key, user = found
        key.sign_count = ceremony.entered(site, told, challenge, key.public_key, key.sign_count, passkeys.handle(user))
        key.used_at = visit.now
        return signin.open_session(session, user.id, visit.now, hours=hours, instead_of=earlier, by="passkey")


def _brought_back(visit: Visit, purpose: str, told: str, holder: str) -> str | None:
    """The challenge in the browser's answer, when we gave it to this browser; it is used up whatever comes of it."""
    challenge = ceremony.challenge_in(told)
    with visit.store.transaction() as session:
        known = challenges.use(session, purpose, challenge, holder, visit.now)
    return None if known is None else challenge


def _site(visit: Visit) -> ceremony.Site | None:
    return ceremony.site_of(visit.desk.base_url, visit.office.network)


def _session_of(visit: Visit) -> str:
    return f"session:{visit.me.session_id}"


def _form_of(visit: Visit) -> str:
    """The cookie that the sign-in form shares with its page, which the access layer has compared."""
    return visit.request.cookies[visit.desk.cookie_name("form")]


ROUTES = (
    Guarded("/passkeys", every, WATCH),
    Guarded("/passkeys", add, WATCH, "POST"),
    Guarded("/passkeys/options", ask_to_add, WATCH, "POST"),
    Guarded("/passkeys/{passkey:int}/removal", remove, WATCH, "POST"),
    Guarded("/sessions/others/removal", leave_others, WATCH, "POST"),
    Guarded("/passkey/options", ask_to_enter, ANYBODY, "POST"),
    Guarded("/passkey", enter, ANYBODY, "POST"),
)
