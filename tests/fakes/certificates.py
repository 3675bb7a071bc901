"""Certificates of a private authority, made on the spot: for 127.0.0.1 and localhost, trusted only by who is told to."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """`server` is the context of a TLS server on this machine, `ca_file` what a client must trust to believe it."""

    server: ssl.SSLContext
    ca_file: str


def make_certificates(folder: Path, *names: str) -> Certificates:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(server)
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return Certificates(server, str(ca_file))
