"""A device that keeps passkeys, as far as a server can tell: real keys and signatures, and every field open to a lie."""

import hashlib
import json
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """`make` answers `navigator.credentials.create`, `sign` answers `navigator.credentials.get`, both as JSON."""

    def __init__(self, origin, seed=b"key-1"):
        self.origin, self.key, self.count = origin, ec.generate_private_key(ec.SECP256R1()), 0
        self.id, self.handle = hashlib.sha256(seed).digest(), b""

    def make(self, options, **lies):
        self.handle = base64url_to_bytes(options["user"]["id"])
        data = (
            self._data(options["rp"]["id"], HAS_KEY, lies) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + self._cose()
        )
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told("webauthn.create", options, {"attestationObject": bytes_to_base64url(attestation)}, lies)

    def sign(self, options, **lies):
        self.count = lies.get("count", self.count + 1)
        data = self._data(options["rpId"], 0, lies)
        client = self._client("webauthn.get", options, lies)
        signed = lies.get("key", self.key).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signed),
            "userHandle": bytes_to_base64url(lies.get("handle", self.handle)),
        }
        return self._told("webauthn.get", options, response, lies)

    def _told(self, kind, options, response, lies):
        response["clientDataJSON"] = bytes_to_base64url(self._client(kind, options, lies))
        name = bytes_to_base64url(lies.get("id", self.id))
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _client(self, kind, options, lies):
        told = {
            "type": lies.get("type", kind),
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", self.origin),
        }
        return json.dumps(told | lies.get("client", {"crossOrigin": False})).encode()

    def _data(self, rp_id, more, lies):
        flags = lies.get("flags", PRESENT | VERIFIED) | more
        return hashlib.sha256(lies.get("rp_id", rp_id).encode()).digest() + struct.pack(">BI", flags, self.count)

    def _cose(self):
        at = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")})
