"""Addresses in header fields: a tolerant list for recipients, and a strict reading for the one field that decides who speaks.

Python's `parseaddr` can be talked into the wrong address (`expert@a.example <evil@b.example>`), so it is not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.mail.headers import clean, decode_words, has_control, raw_text

ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]"
ADDRESS = re.compile(
    rf"{ATEXT}+(?:\.{ATEXT}+)*@[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\u0080-\U0010ffff.-]*[A-Za-z0-9\u0080-\U0010ffff])?"
)
LOOSE = re.compile(r"[^\s<>()\[\],;:\"'@=|]{1,128}@[A-Za-z0-9\u0080-\U0010ffff][A-Za-z0-9\u0080-\U0010ffff.-]{0,250}")
MAX_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Mailbox:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a From field cannot be believed; `shown` is the best guess, for a person's eyes only."""

    reason: str
    shown: str = ""


def is_address(text: str) -> bool:
    """True for one plain addr-spec (RFC 5321 size, no quoted local part, no address literal)."""
    return len(text) <= MAX_ADDRESS and ADDRESS.fullmatch(text) is not None and ".." not in text and "=?" not in text


def find_addresses(value: str, *, limit: int = 100) -> tuple[str, ...]:
    """Every address that can be made out in a field or a line of text, lower-case, in order, without repeats."""
    found: dict[str, None] = {}
    for hit in LOOSE.finditer(value):
        found.setdefault(hit.group().strip(".'`").lower().removeprefix("mailto:"), None)
        if len(found) >= limit:
            break
    return tuple(found)


def strict_mailbox(value: str) -> Mailbox | Doubt:
    """The one mailbox a From field names, or why it names none for certain (RFC 5322 3.6.2, attacks on its parsers)."""
    text = value.strip()
    if not text:
        return Doubt("the From field is empty")
    shown = ", ".join(find_addresses(raw_text(text))[:3])
    if has_control(raw_text(text)):
        return Doubt("the From field holds control characters", shown)
    tokens = _tokens(text)
    if tokens is None:
        return Doubt("the From field has quotes, brackets or comments that do not close", shown)
    return _judge(tokens, shown)


def _judge(tokens: list[tuple[str, str]], shown: str) -> Mailbox | Doubt:
    kinds = [kind for kind, _ in tokens]
    bare = " ".join(word for kind, word in tokens if kind == "word")
    angles = [word for kind, word in tokens if kind == "angle"]
    if "," in kinds or len(angles) > 1:
        return Doubt("the From field names more than one address", shown)
    if ":" in kinds or ";" in kinds:
        return Doubt("the From field is a group", shown)
    if not angles:
        return _bare(tokens, bare, shown)
    if kinds[-1] != "angle" and any(kind in ("word", "quoted") for kind in kinds[kinds.index("angle") :]):
        return Doubt("the From field goes on after its address", shown)
    return _named(tokens, angles[0], shown)


def _bare(tokens: list[tuple[str, str]], bare: str, shown: str) -> Mailbox | Doubt:
    bare = raw_text(bare)
    if any(kind == "quoted" for kind, _ in tokens) or not is_address(bare):
        return Doubt(_address_fault(bare), shown)
    comments = [word for kind, word in tokens if kind == "comment"]
    if any("@" in word for word in comments):
        return Doubt("the From field holds an address in a comment", shown)
    name = decode_words(comments[-1]) if comments else ""
    return _with_name(name, bare, shown)


def _named(tokens: list[tuple[str, str]], address: str, shown: str) -> Mailbox | Doubt:
    address = raw_text(address.strip())
    if not is_address(address):
        return Doubt(_address_fault(address), shown)
    name = decode_words(" ".join(word for kind, word in tokens if kind in ("word", "quoted")))
    return _with_name(name, address, shown)


def _with_name(name: str, address: str, shown: str) -> Mailbox | Doubt:
    if has_control(name):
        return Doubt("the sender's name holds control characters", shown)
    named = find_addresses(name)
    if any(other != address.lower() for other in named):
        return Doubt("the sender's name shows another address than the one that wrote", shown)
    return Mailbox(clean(name), address.lower())


def _address_fault(address: str) -> str:
    if "=?" in address:
        return "the From address is written as an encoded word"
    return "the From field holds no plain address"


def _tokens(text: str) -> list[tuple[str, str]] | None:
    """Words, quoted strings, angle addresses, comments and the specials , : ; of a field. None: something never closes."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter in " \t":
            at += 1
        elif letter in '"<(':
            end = _closing(text, at)
            if end is None:
                return None
            kind = {'"': "quoted", "<": "angle", "(": "comment"}[letter]
            inner = text[at + 1 : end]
            tokens.append((kind, re.sub(r"\\(.)", r"\1", inner) if kind == "quoted" else inner))
            at = end + 1
        elif letter in ",:;":
            tokens.append((letter, letter))
            at += 1
        elif letter in ">)":
            return None
        else:
            end = _word_end(text, at)
            tokens.append(("word", text[at:end]))
            at = end
    return tokens


def _word_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in ' \t"<(,:;>)':
        at += 1
    return at


def _closing(text: str, at: int) -> int | None:
    opened, closing, depth = text[at], {'"': '"', "<": ">", "(": ")"}[text[at]], 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and opened != "<":
            at += 2
            continue
        if letter == closing and (opened != '"' or depth):
            depth -= 1
            if depth == 0:
                return at
        elif letter == opened:
            if opened == "<" and depth:
                return None
            depth += 1
        at += 1
    return None
