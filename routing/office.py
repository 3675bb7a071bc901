"""What every decision and letter of one deployment shares: its policy and its letterhead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from routing.policy import Policy


@dataclass(slots=True, eq=False)
class Office:
    """One network's office. Replies come in at reply_local+TOKEN@reply_domain; one-click pages live below `base_url`.

    Only `policy` changes while the service runs, and only by `routing.rules`: `policy_tables` are the files it began with
    (None: the shipped one), `policy_event` the change that it obeys.
    """

    policy: Policy
    network: str
    mail_address: str
    reply_domain: str
    base_url: str
    zone: str = "Europe/Brussels"
    reply_local: str = "reply"
    other_addresses: tuple[str, ...] = ()
    policy_tables: Mapping[str, Any] | None = None
    policy_event: int = 0

    def reply_address(self, token: str) -> str:
        return f"{self.reply_local}+{token}@{self.reply_domain}"

    def page(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"

    def is_ours(self, address: str) -> bool:
        """True for an address of our own: writing to it would be writing to ourselves.

        The reply domain alone says nothing: it may be the domain of a whole authority, colleagues included.
        """
        local, _, domain = address.lower().rpartition("@")
        takes_replies = local.partition("+")[0] == self.reply_local.lower() and domain == self.reply_domain.lower()
        return takes_replies or address.lower() in {one.lower() for one in (self.mail_address, *self.other_addresses)}
