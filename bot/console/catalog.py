"""Keeping the console's catalogues: `python -m bot.console.catalog update|check`, as for the letters (`routing.letters.catalog`).

Pages that askers and experts see say their words through the letters' catalogue and are left out here; the demo's pages stand
in the console's frame and say theirs through its catalogue. What the policy's keys do is said by the comments of its file, which
are texts of this catalogue like any other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import IO, Any

from bot.console.render import FOLDER
from bot.console.tongue import catalogue_path
from routing.explained import explanations
from routing.letters.catalog import JINJA, Domain, Source, main

SHARED = FOLDER.parents[1]
IN_TEMPLATES = {"_": None, "gettext": None, "ngettext": (1, 2)}
IN_CODE = {"N_": None, "say": None, "plural": (1, 2)}
PAGES_OF_THE_DEMO = ("pages", "telephone", "mailroom")
SAYING = ("why", "reviewing", "reports", "contributions", "precision", "personal")
CONSOLE = Domain(
    SHARED,
    (
        Source("**.html", "jinja2", IN_TEMPLATES, JINJA, "bot/console/templates"),
        Source("**.py", "python", IN_CODE, part="bot/console"),
        Source("**.html", "jinja2", IN_TEMPLATES, JINJA, "bot/demo/templates"),
        *(Source(f"{name}.py", "python", IN_CODE, part="bot/demo") for name in PAGES_OF_THE_DEMO),
        *(Source(f"{name}.py", "python", IN_CODE, part="routing") for name in SAYING),
        Source("policy.toml", "bot.console.catalog:of_the_policy", {}, part="config"),
    ),
    catalogue_path,
)


def of_the_policy(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[tuple[int, None, str, list[str]]]:
    """What the file says of its keys, once each, as Babel asks for it (https://babel.pocoo.org/en/latest/messages.html)."""
    for says in dict.fromkeys(explanations(file.read().decode("utf-8")).values()):
        yield 1, None, says.replace("%", "%%"), []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], CONSOLE))
