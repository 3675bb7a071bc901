"""Are the settings ones to run a public service with?"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.checks.finding import Finding, fail, ok, warn
from bot.secrets import open_to_others
from bot.settings import Settings, missing_for_service
from routing.policy import PolicyError, load_policy

NAME = "settings"


def check_choices(settings: Settings) -> list[Finding]:
    """What can be said from the settings alone."""
    found = [*_incomplete(settings), *_policy(settings), *_secrets(settings), *_addresses(settings)]
    return found or [ok(NAME, f"are complete ({settings.source or 'shipped ones'})")]


def _incomplete(settings: Settings) -> Iterator[Finding]:
    for sentence in missing_for_service(settings):
        yield fail(NAME, "are incomplete", sentence)
    if not (settings.telegram.enabled or settings.imap.enabled or settings.listener.enabled):
        yield warn(NAME, "no channel is on: nobody can ask", "Set telegram.enabled, imap.enabled or listener.enabled to true.")


def _policy(settings: Settings) -> Iterator[Finding]:
    try:
        load_policy(*settings.policy_files)
    except PolicyError as problem:
        yield fail("policy", str(problem), "Mend the file that policy.file names.")


def _secrets(settings: Settings) -> Iterator[Finding]:
    if settings.source and settings.source.stat().st_mode & 0o022:
        yield fail(NAME, f"{settings.source} can be changed by others", f"chmod go-w {settings.source}")
    if settings.index_folder.is_dir() and open_to_others(settings.index_folder) and settings.index_folder.stat().st_mode & 0o022:
        yield fail("index folder", f"{settings.index_folder} can be changed by others", f"chmod go-w {settings.index_folder}")


def _addresses(settings: Settings) -> Iterator[Finding]:
    url = urlsplit(settings.network.base_url)
    inside = _is_this_machine(url.hostname or "")
    if url.scheme != "https" and not inside:
        yield fail("web address", f"{settings.network.base_url} is not encrypted", "Put a server with HTTPS before the console.")
    if inside and (settings.smtp.enabled or settings.telegram.enabled):
        mend = "Set network.base_url to the address people see."
        yield warn("web address", f"{settings.network.base_url} leads nowhere from outside, but stands in letters", mend)
    if settings.listener.enabled and not _is_inside(settings.listener.host):
        yield warn(
            "listener",
            f"{settings.listener.host} may be reached from outside, past the border mail server that judges senders",
            "Set listener.host to 127.0.0.1 or an inside address.",
        )


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


def _is_inside(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_private and host not in ("0.0.0.0", "::"))


def _is_number(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
