"""Signing in by somebody else's word: an OpenID provider, asked by the code flow with PKCE, state and nonce.

In: the settings, what was noted when the way in was begun, what the browser brought back. Out: the address to send the browser
to, or a checked `Identity`; `Doubtful` for everything else. https://openid.net/specs/openid-connect-core-1_0.html, RFC 9700
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

WHERE = "/.well-known/openid-configuration"
# Signatures with a provider's private key. "none", and HMAC with our own secret, prove nothing that we could not write ourselves.
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
PATIENCE = 10.0
LARGEST = 256 * 1024
LEEWAY = 60


class Doubtful(Exception):
    """The provider, or what came back from it, proves nothing; the reason is for the log."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for: its own lasting name for them, and an address that it says it has checked."""

    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider as its discovery document describes it, and who we are to it."""

    issuer: str
    authorization: str
    token: str
    keys: str
    client_id: str
    client_secret: str
    back: str

    def ask(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to be recognised."""
        with self._client() as client:
            url, _ = client.create_authorization_url(self.authorization, state=state, nonce=nonce, code_verifier=verifier)
        return str(url)

    def identify(self, code: str, nonce: str, verifier: str, now: datetime) -> Identity:
        """Who it was, asked of the provider itself with the code that the browser brought."""
        try:
            with self._client() as client:
                told = client.fetch_token(self.token, code=code, code_verifier=verifier, grant_type="authorization_code")
            keys = KeySet.import_key_set(_fetch(self.keys))
            return self._checked(str(told.get("id_token") or ""), keys, nonce, now)
        except (OAuthError, httpx.HTTPError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Doubtful(f"{type(error).__name__}: {error}") from error

    def _checked(self, token: str, keys: KeySet, nonce: str, now: datetime) -> Identity:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        rules.validate(claims)
        if claims.get("azp", self.client_id) != self.client_id or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1):
            raise Doubtful("the word is for others, too")
        if claims.get("email_verified") is not True:
            raise Doubtful("the provider has not checked the address")
        return Identity(str(claims["sub"])[:255], str(claims["email"])[:254])

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=self.back,
            code_challenge_method="S256",
            timeout=PATIENCE,
            follow_redirects=False,
        )


def discover(issuer: str, client_id: str, client_secret: str, base_url: str) -> Provider:
    """The provider with this issuer; its document must name the same, else `Doubtful` (OpenID Connect Discovery, 4.3)."""
    try:
        told = _fetch(issuer.rstrip("/") + WHERE)
        if told["issuer"] != issuer:
            raise Doubtful("the provider calls itself otherwise")
        at, token, keys = (_safe(str(told[name])) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Doubtful(f"{type(error).__name__}: {error}") from error
    return Provider(issuer, at, token, keys, client_id, client_secret, f"{base_url.rstrip('/')}/provider/return")


def origin_of(issuer: str) -> str:
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}"


def _fetch(url: str) -> Any:
    """What a provider tells everybody, asked without the token that it gave us; no more of it is read than it may need."""
    read = bytearray()
    with httpx.stream("GET", _safe(url), headers={"accept": "application/json"}, timeout=PATIENCE) as answer:
        if answer.status_code != 200:
            raise ValueError(f"{url} answered {answer.status_code}")
        for part in answer.iter_bytes():
            read += part
            if len(read) > LARGEST:
                raise ValueError(f"{url} answered with more than {LARGEST} bytes")
    return json.loads(read)


def _safe(url: str) -> str:
    """Addresses with HTTPS, or on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        return url
    raise ValueError(f"{url} is not safe to ask")
