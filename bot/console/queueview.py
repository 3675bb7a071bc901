"""From which view of the queue somebody came to a question: carried along in its address, and never more than a view.

In: a query that an address or a form brings. Out: the same query with nothing in it but what narrows a queue, so that it can
stand behind "/queue?" whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

PARTS = ("tab", "page", "tier", "language", "theme", "country", "authority", "channel", "period", "words")
LONGEST = 2_000
LONGEST_PART = 200  # as of what the queue's own address may say
ORDINARY = "tab=me"


def cleaned(query: str) -> str:
    """ "" for the ordinary view, and for what is none."""
    view = urlencode(read(query))
    return "" if view == ORDINARY else view


def read(query: str) -> Mapping[str, str]:
    """The parts of a view by their names."""
    try:
        told = dict(parse_qsl(query[:LONGEST], max_num_fields=20))
    except ValueError:
        return {}
    return {name: told[name][:LONGEST_PART] for name in PARTS if told.get(name)}


def path_of(number: str, view: str) -> str:
    """A question's page that leads back to the view."""
    return f"/questions/{number}?{urlencode({'back': view})}" if view else f"/questions/{number}"
