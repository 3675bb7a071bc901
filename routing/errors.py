"""Errors of the package, and the words a channel uses for what became of a letter."""

from __future__ import annotations


class RoutingError(Exception):
    """Something about a question could not be done; the message says what to do instead."""


class StaleAction(RoutingError):
    """The question has moved on since this page or button was made; look at it again before acting."""


class NotFound(RoutingError):
    """There is no such thing here; check the number."""


class ChannelError(Exception):
    """A channel could not carry a letter."""


class Refused(ChannelError):
    """The far side said no for good: this address will not take this letter."""

    def __init__(self, detail: str, *, code: str = "", address_is_dead: bool = True):
        super().__init__(detail)
        self.code, self.address_is_dead = code, address_is_dead


class Unreachable(ChannelError):
    """The far side could not be reached or said "later": nothing was delivered, so trying again is safe."""

    def __init__(self, detail: str, *, code: str = "", retry_after: float | None = None):
        super().__init__(detail)
        self.code, self.retry_after = code, retry_after


class Ambiguous(ChannelError):
    """The letter may or may not have been taken: the answer was lost after the point of no return (RFC 1047)."""
