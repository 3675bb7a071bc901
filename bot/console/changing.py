"""One transaction for what a form asks. In: a visit. Out: a session; what is refused goes back to the form, typed text kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from bot.console.errors import Failed
from bot.console.visits import Visit
from routing.errors import RoutingError


@contextmanager
def changing(visit: Visit, back: str, typed: str = "") -> Iterator[Session]:
    """Raises Failed, nothing having been changed, for whatever the rules refuse: `back` is the page to go on from."""
    try:
        with visit.store.transaction() as session:
            yield session
    except RoutingError as error:
        raise Failed(error, typed, back) from error
