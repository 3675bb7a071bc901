"""The two ceremonies of WebAuthn as values: what a browser is asked for, and whether what it brings back holds.

In: the console's own address, a challenge, a browser's JSON. Out: options for the browser, a checked key, a new count of
signatures; `Unproven` for everything else. https://www.w3.org/TR/webauthn-3/#sctn-rp-operations
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from routing.passkeys import NewKey

# Counts are 32 bits without a sign, columns have one; beyond 2 billion signatures a count only has to be as high.
HIGHEST_COUNT = 2**31 - 1
LONGEST = 20_000
PATIENCE_MS = 300_000
VERIFIED = UserVerificationRequirement.REQUIRED


class Unproven(Exception):
    """What the browser brought back proves nothing; the reason is for the log."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are good: the host of the console's address, and the one origin that may ask for them."""

    rp_id: str
    origin: str
    name: str


def site_of(base_url: str, network: str) -> Site | None:
    """None where no browser offers passkeys: hosts that are numbers, and pages without HTTPS other than localhost."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if not host or _is_number(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    return Site(host, f"{parts.scheme}://{parts.netloc}", network)


def to_add(site: Site, challenge: str, handle: bytes, email: str, name: str, known: Iterable[str]) -> Mapping[str, Any]:
    """What `navigator.credentials.create` is asked for: a key that names its user and asks who is there."""
    asked = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site.name,
        user_id=handle,
        user_name=email,
        user_display_name=name,
        challenge=base64url_to_bytes(challenge),
        timeout=PATIENCE_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, require_resident_key=True, user_verification=VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    return dict(options_to_json_dict(asked))


def to_enter(site: Site, challenge: str) -> Mapping[str, Any]:
    """What `navigator.credentials.get` is asked for: any key of ours, so that nobody has to say who they are first."""
    asked = generate_authentication_options(
        rp_id=site.rp_id, challenge=base64url_to_bytes(challenge), timeout=PATIENCE_MS, user_verification=VERIFIED
    )
    return dict(options_to_json_dict(asked))


def challenge_in(told: str) -> str:
    """The challenge that a browser says it brings back, unchecked."""
    try:
        client = json.loads(base64url_to_bytes(_read(told)["response"]["clientDataJSON"]))
        return str(client["challenge"])[:200]
    except Unproven:
        raise
    except Exception as error:
        raise Unproven("there is no challenge in it") from error


def key_in(told: str) -> str:
    """The id of the key that a browser says it used, unchecked."""
    return str(_read(told).get("id", ""))[:2000]


def added(site: Site, told: str, challenge: str) -> NewKey:
    """The key that a browser has made for this challenge."""
    try:
        _check_same_page(told)
        checked = verify_registration_response(
            credential=_read(told),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # strangers' CBOR and JSON can break a parser anywhere; every break is a refusal
        raise Unproven(f"{type(error).__name__}: {error}") from error
    count = min(checked.sign_count, HIGHEST_COUNT)
    return NewKey(bytes_to_base64url(checked.credential_id), bytes_to_base64url(checked.credential_public_key), count)


def entered(site: Site, told: str, challenge: str, public_key: str, count: int, handle: bytes) -> int:
    """The new count of signatures, when this key of the user with this handle has signed the challenge."""
    try:
        _check_same_page(told)
        theirs = parse_authentication_credential_json(_read(told)).response.user_handle or b""
        checked = verify_authentication_response(
            credential=_read(told),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise Unproven(f"{type(error).__name__}: {error}") from error
    if not hmac.compare_digest(theirs, handle):
        raise Unproven("the key names another user")
    return min(checked.new_sign_count, HIGHEST_COUNT)


def _check_same_page(told: str) -> None:
    """A frame of ours in another site's page is nobody's intention (WebAuthn 3, 7.2, step 13); the library lets it pass."""
    client = parse_client_data_json(base64url_to_bytes(_read(told)["response"]["clientDataJSON"]))
    if client.cross_origin:
        raise Unproven("asked for in another site's page")


def _read(told: str) -> dict[str, Any]:
    if len(told) > LONGEST:
        raise Unproven("too long")
    try:
        found = json.loads(told)
    except (ValueError, RecursionError) as error:
        raise Unproven("not JSON") from error
    if not isinstance(found, dict):
        raise Unproven("not an object")
    return found


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
