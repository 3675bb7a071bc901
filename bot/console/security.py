"""Headers that every response carries, whatever made it: pages, redirects, errors, files.

https://owasp.org/www-project-application-security-verification-standard/ (ASVS 5.0, chapter 3: web frontend security)
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security(*also_to: str) -> str:
    """What a page may do; `also_to` are further origins to which its forms may lead."""
    forms = " ".join(("'self'", *also_to))
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        f"base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
    )


CONTENT_SECURITY = content_security()
# What strangers sent is only ever handed out so: as a file, by a page that can do nothing.
STRANGERS_CONTENT = "default-src 'none'; sandbox"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # "no-referrer" would make browsers send "Origin: null" with our own forms (https://fetch.spec.whatwg.org/#append-a-request-origin-header)
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class SecureHeaders:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, *, is_secure: bool):
        self.app, self.is_secure = app, is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("content-security-policy", CONTENT_SECURITY)
        headers.setdefault("cache-control", _cache(scope))
        if self.is_secure:
            headers.setdefault("strict-transport-security", "max-age=31536000")


def _cache(scope: Scope) -> str:
    """Pages are private and always fresh; our own files are named with their version."""
    if scope["path"].startswith("/static/"):
        return "public, max-age=31536000, immutable" if b"v=" in scope.get("query_string", b"") else "no-cache"
    return "no-store"
