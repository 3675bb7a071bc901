"""A small OpenID provider on 127.0.0.1: discovery, keys, authorisation, tokens; real signatures, and every field open to a lie.

It checks what a provider must: that the redirect address is registered, that the client proves itself, that a code is used once
and by whoever holds the verifier of its challenge (RFC 7636).
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "rrm", "a-secret-of-the-provider-0123456789"


class Provider:
    """`person` is whoever sits at the browser; `lies` change the next tokens' claims, `alg` and `key` their signature."""

    def __init__(self, back):
        self.back, self.key = back, RSAKey.generate_key(2048, {"kid": "one"})
        self.person = {"sub": "p-1", "email": "coordinator@network.example", "email_verified": True}
        self.lies, self.alg, self.signer, self.now = {}, "RS256", self.key, time.time
        self.codes, self.asked, self.refuses, self.document = {}, [], "", {}

    def tell(self):
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
        } | self.document  # fmt: skip

    def authorize(self, asked):
        """Where the browser is sent back to; None when this client or address is not known."""
        if (
            asked.get("client_id") != CLIENT
            or asked.get("redirect_uri") != self.back
            or asked.get("code_challenge_method") != "S256"
        ):
            return None
        if self.refuses:
            return f"{self.back}?{urlencode({'error': self.refuses, 'state': asked['state'], 'iss': self.issuer})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{self.back}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, form, authorization):
        told = self.codes.pop(form.get("code", ""), None)
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        )
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            told is None
            or authorization != wanted
            or challenge != told["code_challenge"]
            or form.get("redirect_uri") != self.back
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token(told["nonce"])}

    def id_token(self, nonce):
        now = int(self.now())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce} | self.person | self.lies
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.alg == "none":
            parts = [
                base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in ({"alg": "none"}, claims)
            ]
            return ".".join((*parts, ""))
        key = OctKey.import_key(SECRET) if self.alg == "HS256" else self.signer
        return jwt.encode({"alg": self.alg, "kid": "one"}, claims, key)


@contextmanager
def provider(back, port=0):
    """A provider that knows one client; `issuer` is its address."""
    known = Provider(back)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            known.asked.append(parts.path)
            if parts.path == "/.well-known/openid-configuration":
                self._send(200, known.tell())
            elif parts.path == "/keys":
                self._send(200, {"keys": [known.key.as_dict(private=False)]})
            elif parts.path == "/authorize" and (back := known.authorize(asked)):
                self.send_response(302)
                self.send_header("location", back)
                self.end_headers()
            else:
                self._send(400, {"error": "invalid_request"})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            known.asked.append(self.path)
            self._send(*known.token(form, self.headers.get("authorization", "")))

        def _send(self, status, told):
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    known.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)
