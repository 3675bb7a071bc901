"""Reply tokens: 130 random bits in 26 letters, and two check letters that mend one slip of a retyping hand.

The alphabet is Crockford's base 32 (no i, l, o, u; on reading, o is 0 and i or l is 1, https://www.crockford.com/base32.html).
The check letters make every token a Reed-Solomon code word over GF(32): one wrong letter is found and corrected,
one missing, doubled or swapped letter is found by trying. Only a token whose hash we stored is ever accepted.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 28
_RANDOM = LENGTH - 2
_FOLD = str.maketrans({"o": "0", "i": "1", "l": "1"})
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}

# GF(32) by powers of a root of x^5 + x^2 + 1.
_POWER: list[int] = [1]
while len(_POWER) < 31:
    doubled = _POWER[-1] << 1
    _POWER.append(doubled ^ 0x25 if doubled & 0x20 else doubled)
_LOG = {value: exponent for exponent, value in enumerate(_POWER)}


def new_token() -> str:
    """A fresh unguessable token of 28 letters."""
    letters = [secrets.randbelow(32) for _ in range(_RANDOM)]
    return _spell(letters + _checks(letters))


def token_hash(token: str) -> str:
    """What the database keeps of a token. No salt: 130 random bits cannot be guessed from their hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def candidates(text: str) -> list[str]:
    """The tokens `text` may have meant, the exact one first: at most a few dozen, empty when it is no token at all."""
    folded = text.strip().strip("<>\"'").lower().translate(_FOLD)
    if any(letter not in _VALUE for letter in folded):
        return []
    return list(dict.fromkeys(_spell(letters) for letters in _meanings([_VALUE[letter] for letter in folded])))


def _meanings(letters: list[int]) -> Iterator[list[int]]:
    if len(letters) == LENGTH:
        yield from _with_one_letter_changed(letters)
        yield from _with_neighbours_swapped(letters)
    elif len(letters) == LENGTH - 1:
        yield from _with_one_letter_added(letters)
    elif len(letters) == LENGTH + 1:
        yield from (less for at in range(len(letters)) if _is_whole(less := letters[:at] + letters[at + 1 :]))


def _with_one_letter_changed(letters: list[int]) -> Iterator[list[int]]:
    error, located = _syndromes(letters)
    if not error and not located:
        yield letters
    elif error and located:
        position = (_LOG[located] - _LOG[error]) % 31
        if position < LENGTH:
            yield [value ^ error if at == position else value for at, value in enumerate(letters)]


def _with_neighbours_swapped(letters: list[int]) -> Iterator[list[int]]:
    for at in range(LENGTH - 1):
        swapped = [*letters[:at], letters[at + 1], letters[at], *letters[at + 2 :]]
        if swapped != letters and _is_whole(swapped):
            yield swapped


def _with_one_letter_added(letters: list[int]) -> Iterator[list[int]]:
    missing, _ = _syndromes(letters)
    for at in range(LENGTH):
        longer = [*letters[:at], missing, *letters[at:]]
        if _is_whole(longer):
            yield longer


def _is_whole(letters: list[int]) -> bool:
    return _syndromes(letters) == (0, 0)


def _syndromes(letters: list[int]) -> tuple[int, int]:
    """The code word's values at 1 and at the field's root: both 0 for a whole token."""
    at_one = at_root = 0
    for exponent, value in enumerate(letters):
        at_one ^= value
        at_root ^= _times(value, _POWER[exponent % 31])
    return at_one, at_root


def _checks(letters: list[int]) -> list[int]:
    """The two last letters, solved from: their sum is `total`, their weighted sum is `weighted`."""
    total, weighted = _syndromes(letters)
    last_but_one, last = _POWER[_RANDOM], _POWER[_RANDOM + 1]
    second = _times(weighted ^ _times(total, last_but_one), _inverse(last_but_one ^ last))
    return [total ^ second, second]


def _times(a: int, b: int) -> int:
    return _POWER[(_LOG[a] + _LOG[b]) % 31] if a and b else 0


def _inverse(a: int) -> int:
    return _POWER[-_LOG[a] % 31]


def _spell(letters: list[int]) -> str:
    return "".join(ALPHABET[value] for value in letters)
