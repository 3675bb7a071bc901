"""Broken mail by the thousand: takes good mails and damages them the way relays, disks and attackers do. Deterministic by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

SPLICES = (
    b"\x00", b"\r", b"\n", b"\r\n\r\n", b"\n\n", b"=?utf-8?b?//8=?=", b"=?utf-8?q?=0D=0ABcc:x?=", b"--", b"Content-Type: multipart/mixed; boundary=\"", b"Content-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n", b"charset=utf-7", b"charset=idna", b"charset=rot13", b";" * 50, b'"', b"<", b">", b"(" * 30, b"\xff\xfe", b"\x1b$B", b"=\n", b"&#x110000;", b"<div>" * 50,
    b"<blockquote>", b"> " * 40, b"From: a@b, c@d\n", b"boundary*0*=utf-8''%00", b"name*1=x; name*0*=''%ff", b"begin 644 a\n", b"-----BEGIN PGP SIGNED MESSAGE-----\n", b"Action: failed\n", b"\xe2\x80\xa8", b"\xc2\x85",
    b"On 5 May 2025 at 10:00, A <a@b.example> wrote:\n",
)  # fmt: skip


def mutated(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """`count` damaged mails; every call with the same arguments gives the same ones."""
    rng = random.Random(seed)
    for _ in range(count):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.choice((1, 1, 2, 3, 8, 30))):
            rng.choice(DAMAGES)(data, rng, seeds)
        yield bytes(data)


def _flip(data, rng, _seeds):
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _splice(data, rng, _seeds):
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.choice(SPLICES)


def _cut(data, rng, _seeds):
    at = rng.randrange(len(data) + 1)
    del data[at : at + rng.choice((1, 5, 100, 10_000))]


def _truncate(data, rng, _seeds):
    del data[rng.randrange(len(data) + 1) :]


def _repeat(data, rng, _seeds):
    at = rng.randrange(len(data) + 1)
    piece = bytes(data[at : at + rng.randrange(1, 200)])
    data[at:at] = piece * rng.randrange(1, 20)


def _line_ends(data, rng, _seeds):
    changed = bytes(data).replace(b"\r\n", b"\n").replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n")))
    data[:] = changed


def _cross(data, rng, seeds):
    other = rng.choice(seeds)
    data[rng.randrange(len(data) + 1) :] = other[rng.randrange(len(other) + 1) :]


def _noise(data, rng, _seeds):
    at = rng.randrange(len(data) + 1)
    data[at : at + 20] = rng.randbytes(20)


DAMAGES = (_flip, _flip, _splice, _splice, _cut, _truncate, _repeat, _line_ends, _cross, _noise)
