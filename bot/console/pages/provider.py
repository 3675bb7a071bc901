"""Signing in through the network's identity provider, where one is set: begun by a form, ended by the provider's answer."""

from __future__ import annotations

import hmac
import logging
import secrets
from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from bot.console.access import ANYBODY, Guarded
from bot.console.pages.session import let_in, sign_in_page
from bot.console.provider import Doubtful, Provider, discover
from bot.console.visits import Visit, set_cookie
from routing import challenges, signin

log = logging.getLogger(__name__)
# A provider's document changes seldom, but its addresses may.
KNOWN_FOR = timedelta(hours=1)


def begin(visit: Visit) -> Response:
    """To the provider, with a state that is good once, in this browser, for ten minutes."""
    holder, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    host = visit.request.client.host if visit.request.client else "unknown"
    if not visit.desk.throttle_of_passkeys.allows(host, visit.now):
        return sign_in_page(visit, 429, busy=True)
    try:
        provider = _provider(visit)
    except Doubtful as error:
        return _refused(visit, error)
    with visit.store.transaction() as session:
        state = challenges.issue(session, "provider", holder, visit.now, nonce=nonce, verifier=verifier)
    response = RedirectResponse(provider.ask(state, nonce, verifier), 303)
    # Not "strict" as the form's cookie: the browser comes back from another site.
    set_cookie(response, visit.desk, "provider", holder, seconds=int(challenges.LIFE.total_seconds()))
    return response


def end(visit: Visit) -> Response:
    """The provider's answer, by an ordinary GET; whatever it says, its state is used up."""
    holder = visit.request.cookies.get(visit.desk.cookie_name("provider"), "")
    asked = visit.request.query_params
    with visit.store.transaction() as session:
        begun = challenges.use(session, "provider", asked.get("state", ""), holder, visit.now)
    if begun is None:
        return _refused(visit, Doubtful("no such state"), 410)
    try:
        provider = _provider(visit)
        if not hmac.compare_digest(asked.get("iss", provider.issuer).encode(), provider.issuer.encode()):
            raise Doubtful("another provider answered")  # RFC 9207
        if not asked.get("code"):
            raise Doubtful(f"no code: {asked.get('error', '')[:60]}")
        person = provider.identify(asked["code"], str(begun["nonce"]), str(begun["verifier"]), visit.now)
        cookie = _cookie_for(visit, person.subject, person.email)
    except Doubtful as error:
        return _refused(visit, error)
    response = let_in(visit, cookie)
    set_cookie(response, visit.desk, "provider", "", seconds=0)
    return response


def _cookie_for(visit: Visit, subject: str, email: str) -> str:
    hours = float(visit.desk.service.settings.console.session_hours)
    earlier = visit.request.cookies.get(visit.desk.cookie_name("session"))
    with visit.store.transaction() as session:
        user = signin.vouched_for(session, subject, email, visit.now)
        if user is None:
            raise Doubtful("nobody was invited under this address")
        return signin.open_session(session, user.id, visit.now, hours=hours, instead_of=earlier, by="provider")


def _provider(visit: Visit) -> Provider:
    chosen = visit.desk.service.settings.provider
    if not chosen.issuer:
        raise Doubtful("no provider is set")
    secret = chosen.client_secret.reveal()
    _, found = visit.desk.kept(
        "provider", visit.now, KNOWN_FOR, lambda: discover(chosen.issuer, chosen.client_id, secret, visit.desk.base_url)
    )
    assert isinstance(found, Provider)
    return found


def _refused(visit: Visit, error: Doubtful, status: int = 403) -> Response:
    log.warning("provider: %s", error)
    return sign_in_page(visit, status, refused=True)


ROUTES = (Guarded("/provider", begin, ANYBODY, "POST"), Guarded("/provider/return", end, ANYBODY))
