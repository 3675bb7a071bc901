"""One request as the pages see it: who is there, what the form says, what time it is, and how to answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.lately import Lately
from bot.console.queueview import cleaned
from bot.console.throttle import Throttle
from bot.console.tongue import accepted, tongue
from bot.console.words import Words
from routing.care import Care, covers
from routing.errors import RoutingError
from routing.languages import LANGUAGES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.clock import Clock
    from bot.console.render import Pages
    from routing.nearness import Meanings
    from routing.office import Office
    from routing.signin import SignedIn
    from routing.store import Store

MOST_KEPT = 100


class Service(Protocol):
    """What the console needs of the running service."""

    @property
    def store(self) -> Store: ...
    @property
    def office(self) -> Office: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def channels(self) -> Mapping[str, Any]: ...
    @property
    def searcher(self) -> Any: ...
    @property
    def meanings(self) -> Meanings: ...
    @property
    def settings(self) -> Any: ...

    def wake(self) -> None: ...
    def is_alive(self) -> bool: ...


class BadForm(RoutingError):
    """A field of the form cannot be understood; the message says which and what to write, `field` is its name."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail."""

    name: str
    path: str
    icon: str
    roles: frozenset[str] = frozenset({"admin", "coordinator", "observer"})


@dataclass(slots=True)
class Desk:
    """What all pages share: the service, the templates, and the throttle of the sign-in form."""

    service: Service
    pages: Pages
    places: Sequence[Place]
    throttle: Throttle = field(default_factory=Throttle)
    throttle_of_passkeys: Throttle = field(default_factory=Throttle)
    throttle_of_readers: Throttle = field(default_factory=lambda: Throttle(most=300))
    lately: Lately = field(default_factory=Lately)
    _kept: dict[Any, tuple[datetime, Any]] = field(default_factory=dict)

    def kept(self, key: Any, now: datetime, length: timedelta, make: Callable[[], Any]) -> tuple[datetime, Any]:
        """What takes long to count, made again only after `length`; with the moment at which it was made."""
        found = self._kept.get(key)
        if found is None or not timedelta(0) <= now - found[0] < length:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = (now, make())
        return found

    @property
    def store(self) -> Store:
        return self.service.store

    @property
    def office(self) -> Office:
        return self.service.office

    @property
    def clock(self) -> Clock:
        return self.service.clock

    @property
    def base_url(self) -> str:
        return str(self.service.settings.network.base_url)

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")

    def cookie_name(self, what: str) -> str:
        """With https the browser itself guarantees that the cookie is ours alone (RFC 6265bis, section 4.1.3.2)."""
        return f"__Host-rrm-{what}" if self.is_secure else f"rrm-{what}"


@dataclass(slots=True)
class Visit:
    """One admitted request. `form` is empty on GET; a POST's fields have been checked to be ours."""

    request: Request
    desk: Desk
    now: datetime
    who: SignedIn | None
    form: Mapping[str, list[str]]

    @property
    def me(self) -> SignedIn:
        if self.who is None:
            raise RuntimeError("a page for signed-in people has a rule that lets anybody in")
        return self.who

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def office(self) -> Office:
        return self.desk.office

    @property
    def may_act(self) -> bool:
        return self.who is not None and self.who.role in ("admin", "coordinator")

    @property
    def language(self) -> str:
        """The reader's: of whoever has signed in, else as the sign-in page was asked for, else as the browser accepts."""
        if self.who is not None:
            return self.who.language
        return self.asked("lang", LANGUAGES) or accepted(self.request.headers.get("accept-language", ""), LANGUAGES)

    @property
    def words(self) -> Words:
        return Words(tongue(self.language))

    @property
    def care(self) -> Care:
        """What this visitor looks after; a page for anybody shows nothing that hangs on it."""
        return self.me.care

    def may_see(self, session: Session, question_id: int | None) -> bool:
        """Whether a question that a form names, or that stands beside another, is in this visitor's care."""
        return covers(session, self.care, question_id)

    @property
    def is_fragment(self) -> bool:
        """htmx asks for the part that changes, not for the page around it."""
        return self.request.headers.get("hx-request") == "true" and self.request.headers.get("hx-boosted") != "true"

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def number_in_path(self, name: str) -> int:
        return int(self.request.path_params[name])

    def field(self, name: str, default: str = "") -> str:
        """The first value of a form field, without the carriage returns of HTML forms."""
        values = self.form.get(name)
        return values[0].replace("\r\n", "\n") if values else default

    def fields(self, name: str) -> list[str]:
        return self.form.get(name, [])

    def number(self, name: str, otherwise: str = "") -> int:
        """A whole number; raises `BadForm`, which says `otherwise` where that tells more."""
        told = self.field(name).strip()
        if not told.isdecimal() or len(told) > 12:
            raise BadForm(otherwise or f"{name.capitalize()} must be a whole number.")
        return int(told)

    def asked(self, name: str, allowed: Sequence[str] | None = None) -> str:
        """A parameter of the address; "" when it is not among `allowed`."""
        told = self.request.query_params.get(name, "")[:200]
        return told if allowed is None or told in allowed else ""

    @property
    def came_from(self) -> str:
        """The view of the queue from which a question was opened, as the address or the form carries it."""
        return cleaned(self.field("back") or self.request.query_params.get("back", ""))

    def page_number(self) -> int:
        told = self.asked("page")
        return max(1, int(told)) if told.isdecimal() and len(told) < 7 else 1

    def show(self, template: str, status: int = 200, **facts: Any) -> Response:
        return HTMLResponse(self.desk.pages.render(self, template, **facts), status)

    def show_form(self, template: str, status: int = 200, **facts: Any) -> Response:
        """A page whose form can be sent without being signed in: cookie and form share a token."""
        token = self.request.cookies.get(self.desk.cookie_name("form")) or secrets.token_urlsafe(24)
        response = self.show(template, status, csrf=token, **facts)
        set_cookie(response, self.desk, "form", token, same_site="strict")
        return response

    def go(self, path: str, told: str = "") -> Response:
        """Done: look at this page next, which says so (`told` is a key of `routing` words, never free text)."""
        self.desk.service.wake()
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{mark}told={told}" if told else path, 303)


def set_cookie(
    response: Response, desk: Desk, what: str, value: str, *, seconds: int | None = None, same_site: str = "lax"
) -> None:
    response.set_cookie(
        desk.cookie_name(what),
        value,
        max_age=seconds,
        path="/",
        secure=desk.is_secure,
        httponly=True,
        samesite="strict" if same_site == "strict" else "lax",
    )


def is_local(path: str) -> bool:
    """True for a path on this site: browsers read //host and \\host as another one."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or any(ord(c) < 33 or ord(c) == 127 for c in path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc
