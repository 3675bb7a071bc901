"""What every decision and letter of one deployment shares: its policy and its letterhead."""

from __future__ import annotations

from dataclasses import dataclass

from routing.policy import Policy


@dataclass(frozen=True, slots=True)
class Office:
    """One network's office. `reply_domain` is where replies come in, `base_url` where one-click pages live."""

    policy: Policy
    network: str
    mail_address: str
    reply_domain: str
    base_url: str
    zone: str = "Europe/Brussels"

    def page(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"

    def is_ours(self, address: str) -> bool:
        """True for an address of our own: writing to it would be writing to ourselves."""
        domain = address.rpartition("@")[2].lower()
        return address.lower() == self.mail_address.lower() or domain == self.reply_domain.lower()
