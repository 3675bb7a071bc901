"""Keeping the console's catalogues: `python -m bot.console.catalog update|check`, as for the letters (`routing.letters.catalog`).

Pages that askers and experts see say their words through the letters' catalogue and are left out here.
"""

from __future__ import annotations

import sys

from bot.console.render import FOLDER
from bot.console.tongue import catalogue_path
from routing.letters.catalog import JINJA, Domain, Source, main

SHARED = FOLDER.parents[1]
IN_TEMPLATES = {"_": None, "gettext": None, "ngettext": (1, 2)}
IN_CODE = {"N_": None, "say": None, "plural": (1, 2)}
SAYING = ("why", "reviewing", "reports", "precision", "personal")
CONSOLE = Domain(
    SHARED,
    (
        Source("**.html", "jinja2", IN_TEMPLATES, JINJA, "bot/console/templates"),
        Source("**.py", "python", IN_CODE, part="bot/console"),
        *(Source(f"{name}.py", "python", IN_CODE, part="routing") for name in SAYING),
    ),
    catalogue_path,
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], CONSOLE))
