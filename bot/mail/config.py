"""What the mail package must be told about this installation. A frozen value that survives a trip through JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class MailConfig:
    """Who we are and whom we believe.

    `own_addresses` are whole addresses we write from or read; any address at one of `own_domains` is ours too.
    Replies go to `reply_local+TOKEN@reply_domain`. `authserv_id` names our own border server (RFC 8601); its word on
    authentication counts, nobody else's. Without it, `check_signatures` has DKIM signatures checked here, asking `dns_servers`
    (none: those of the machine). `own_instance_id` is written into every letter and recognised when it comes
    back. `own_names` are the display names of our letters. `trusted_senders` are addresses or domains whose automatic
    mail a person wants to see instead of having it filed away. `button_page` is where a letter's buttons lead, with
    `{id}` in it; "" shows none.
    """

    own_addresses: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    reply_local: str = "reply"
    reply_domain: str = "rrm.example"
    authserv_id: str | None = None
    check_signatures: bool = False
    dns_servers: tuple[str, ...] = ()
    own_instance_id: str = "rrm"
    own_names: tuple[str, ...] = ()
    trusted_senders: tuple[str, ...] = ()
    button_page: str = ""

    def is_own(self, address: str) -> bool:
        """True for addresses that belong to this installation, reply addresses included."""
        address = address.strip().lower()
        local, _, domain = address.rpartition("@")
        if address in {own.lower() for own in self.own_addresses} or domain in {own.lower() for own in self.own_domains}:
            return True
        is_reply = local == self.reply_local.lower() or local.startswith(self.reply_local.lower() + "+")
        return is_reply and domain == self.reply_domain.lower()

    def is_trusted(self, address: str) -> bool:
        address = address.lower()
        return any(address == one.lower() or address.endswith("@" + one.lower()) for one in self.trusted_senders)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MailConfig:
        """The inverse of `to_json`; keys that are not known are ignored."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key in known
        }
        return cls(**values)
