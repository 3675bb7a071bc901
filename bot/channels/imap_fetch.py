"""Fetches one mail whole, or says why only a part of it came; a mail that breaks its server delays nobody for long.

Blocking, like the session it works with. In: a UID and the size the server announced. Out: the bytes with a note for a
person where something is missing, or None when the mail was deleted meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.channels.imap_session import ImapSession, ImapTrouble

MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """Raw bytes; `remark` is empty for a whole mail, else it holds ``note`` and ``oversized`` or ``unfetchable``."""

    raw: bytes
    remark: dict[str, Any] = field(default_factory=dict)


class Fetcher:
    """Remembers which mails made trouble, across connections."""

    def __init__(self, size_limit: int):
        self._size_limit = size_limit
        self._tries: Counter[tuple[int, int]] = Counter()

    def fetch(self, session: ImapSession, uidvalidity: int, uid: int, size: int | None) -> Fetched | None:
        """Whole within the limit; by its headers when too large or after three failures; by its number after six.

        Raises ImapTrouble when it failed and is worth another try.
        """
        tried = self._tries[uidvalidity, uid]
        try:
            if size is not None and size > self._size_limit:
                words = f"the mail has {size} bytes, over the limit of {self._size_limit}; it is still in the mailbox"
                return _headers(session, uid, tried, {"oversized": size, "note": words})
            if tried >= MOST_TRIES:
                words = "the mail could not be fetched whole; it is still in the mailbox"
                return _headers(session, uid, tried, {"unfetchable": True, "note": words})
            return _part(session, uid, lambda: _whole(session, uid, size), {})
        except ImapTrouble:
            self._tries[uidvalidity, uid] += 1
            raise

    def forget(self, uidvalidity: int, uid: int) -> None:
        self._tries.pop((uidvalidity, uid), None)


def _headers(session: ImapSession, uid: int, tried: int, remark: dict[str, Any]) -> Fetched | None:
    if tried >= 2 * MOST_TRIES:
        return Fetched(b"", remark)
    return _part(session, uid, lambda: session.fetch(uid, "HEADER"), remark)


def _part(session: ImapSession, uid: int, fetch: Callable[[], bytes | None], remark: dict[str, Any]) -> Fetched | None:
    """A mail that is listed but not given is not gone: rather try again than step over it."""
    raw = fetch()
    if raw is not None:
        return Fetched(raw, remark)
    if session.has(uid):
        raise ImapTrouble("answer", "the server lists a mail and does not give it")
    return None


def _whole(session: ImapSession, uid: int, size: int | None) -> bytes | None:
    """The mail's bytes; fetched a second time when their number is not what the server announced.

    Some servers only estimate RFC822.SIZE, so two equal answers are believed; two different ones are not.
    """
    raw = session.fetch(uid)
    if raw is None or size is None or len(raw) == size:
        return raw
    if session.fetch(uid) != raw:
        raise ImapTrouble("answer", "the server gave two different texts for one mail")
    return raw
