"""Keys and DKIM signatures for tests: one key made once, signatures as a mail server writes them."""

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SIGNED_FIELDS = [b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references"]


@cache
def key():
    """(private key as PEM, public key as base64)."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem, base64.b64encode(public).decode()


def signed(raw, domain, *, fields=SIGNED_FIELDS, **options):
    """`raw` (CRLF lines) with a DKIM-Signature of `domain` on top; fields that are not there are left out."""
    head = raw.partition(b"\r\n\r\n")[0].lower()
    present = [name for name in fields if b"\r\n" + name + b":" in b"\r\n" + head]
    return dkim.sign(raw, b"sel", domain.encode(), key()[0], include_headers=present, **options) + raw


def key_record(domain, more=""):
    """What the domain publishes: {name: [text]} for `DnsPeer.records`."""
    return {f"sel._domainkey.{domain}.": [f"v=DKIM1; k=rsa;{more} p={key()[1]}"]}
