"""The labelled bounces of flufl.bounce's source package: are the dead addresses named, and is temporary told from permanent?

    pip download --no-binary :all: --no-deps flufl.bounce    (and unpack the archive)
    python -m benchmarks.mail_bounces FOLDER

The mails and labels are read in place, none of them is part of the project. A label says what one detector of theirs finds; one
with several labels is right when it holds what any of them says, and one for which every detector finds nobody is right when
nobody is named. Two of their mails carry no such label, since their detectors find nobody in them: there nobody may be named.
Temporary means here what it means to them: delivery goes on. That a mailbox was full counts as failed, though
the address is not dead (`hard` is false).
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bot.mail.config import MailConfig
from bot.mail.parse import read
from routing.values import Kind, Unreadable

CONFIG = MailConfig(own_addresses=("questions@rrm.example",), reply_domain="rrm.example")
Named = tuple[frozenset[str], frozenset[str]]  # addresses that failed for now, and for good


def main(folder: str = "") -> int:
    tests = Path(folder) / "tests"
    if not folder or not (tests / "data").is_dir():
        print(__doc__)
        return 2
    wanted: dict[str, set[Named]] = defaultdict(set)
    count = 0
    for name, named in _labels(tests):
        wanted[name].add(named)
        count += 1
    files = sorted(file.name for file in (tests / "data").glob("*.txt"))
    labelled = len(wanted)
    for name in files:
        wanted[name] = wanted.get(name) or {(frozenset(), frozenset())}
    wrong = {name: _found(tests / "data" / name) for name in sorted(wanted) if not _is_right(wanted[name], tests / "data" / name)}
    for name, found in wrong.items():
        print(f"  {name}: wanted {sorted(map(_shown, wanted[name]))}, found {_shown(found)}")
    print(f"{len(files)} mails, {count} labels on {labelled} of them: {len(wanted) - len(wrong)} right, {len(wrong)} wrong")
    return 1 if wrong else 0


def _labels(tests: Path) -> Iterator[tuple[str, Named]]:
    """(file, addresses) out of the literal tables in their test modules."""
    for module in sorted(tests.glob("test_*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Tuple):
                yield from _label(node)


def _label(node: ast.Tuple) -> Iterator[tuple[str, Named]]:
    """`(detector, file, [addresses], is_temporary)`, or `(file, {addresses})` for the whole of their pipeline."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return
    match value:
        case (str(), str(name), list(addresses), bool(temporary)) if name.endswith(".txt"):
            named = _names(addresses)
            yield name, (named, frozenset()) if temporary else (frozenset(), named)
        case (str(name), set(addresses)) if name.endswith(".txt"):
            yield name, (frozenset(), _names(addresses))


def _names(addresses: list[bytes] | set[bytes]) -> frozenset[str]:
    return frozenset(one.decode("ascii").lower() for one in addresses)


def _is_right(wanted: set[Named], file: Path) -> bool:
    found = _found(file)
    if all(not soft and not hard for soft, hard in wanted):
        return True if found == (frozenset(), frozenset()) else _names_a_failure(file)
    return any(found == one for one in wanted if one[0] or one[1])


def _names_a_failure(file: Path) -> bool:
    """Their detectors find nobody where ours may know more: right only if the address stands in the report."""
    text = file.read_text("utf-8", "replace").lower()
    return all(address in text for group in _found(file) for address in group)


def _found(file: Path) -> Named:
    item = read(file.read_bytes(), config=CONFIG, envelope={})
    if isinstance(item, Unreadable) or item.kind is not Kind.BOUNCE:
        return frozenset(), frozenset()
    soft = frozenset(one.address for one in item.failed if one.delayed)
    return soft, frozenset(one.address for one in item.failed) - soft


def _shown(named: Named) -> str:
    return f"for now {sorted(named[0])}, for good {sorted(named[1])}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
