"""What lies outside of what the network answers, and where people are sent instead.

In: lines of the policy (`scope.signposts`), the words of a question. Out: the signpost that the words call for, or None. Where
comparable services draw the line: SOLVIT and Your Europe Advice refuse what is not theirs and name who can help.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from retrieval import says
from routing.checked import PolicyError

_ADVICE = 'write it like "Europass | https://europass.europa.eu", or with " | " and the words of such questions at the end'


@dataclass(frozen=True, slots=True)
class Signpost:
    """`words`: expressions by which a question that belongs there is known, "*" ends a stem; () where a person decides."""

    name: str
    address: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.address}"


def parse_signpost(line: str) -> Signpost:
    """Read "name | web address" or "name | web address | word, stem*, several words"; raises `PolicyError`."""
    name, address, words, *more = (*(part.strip() for part in line.split("|")), "", "")[: max(line.count("|") + 1, 3)]
    parts = urlsplit(address)
    if more or not name or parts.scheme not in ("https", "http") or not parts.hostname or any(c.isspace() for c in address):
        raise PolicyError(f'"{line}" is not a signpost; {_ADVICE}')
    return Signpost(name, address, tuple(word.strip() for word in words.split(",") if word.strip()))


def signpost_named(name: str, signposts: Sequence[Signpost]) -> Signpost | None:
    return next((one for one in signposts if one.name == name), None)


def signpost_for(text: str, signposts: Sequence[Signpost]) -> Signpost | None:
    """The first signpost one of whose expressions the text says."""
    return next((one for one in signposts if one.words and says(text, one.words)), None)
