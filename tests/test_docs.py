"""What the documents say is true: commands, settings, words and links exist, and nothing of anybody's machine stands in them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.settings import load, names

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
)

# Put together here, so that this file does not hold them.
FORBIDDEN = (
    "/" + "work/",
    "/" + "opt/wheels",
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npmjs" + ".org",
    "download.pytorch" + ".org",
    "PIP_INDEX" + "_URL",
    "--index" + "-url",
)
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".sh",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".po",
    ".csv",
    ".jsonl",
    ".txt",
    ".service",
    "",
}


def commands(group: typer.main.TyperGroup, before: tuple[str, ...] = ()):
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        yield from commands(command, (*before, name)) if inner else [(*before, name)]


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:  # an unpacked archive
        return [file for file in ROOT.rglob("*") if file.is_file() and ".venv" not in file.parts]
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


# ---------------------------------------------------------------------------------------------- commands


@pytest.mark.parametrize("command", sorted({path[0] for path in commands(typer.main.get_command(app))}))
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"`rrm {command}\b", README), f"rrm {command} is not explained"


def test_every_command_in_the_readme_exists():
    known = {path[: len(path) - cut] for path in commands(typer.main.get_command(app)) for cut in range(len(path))}
    for said in re.findall(r"\brrm ([a-z]+(?: [a-z]+)?)", "\n".join(re.findall(r"`([^`]+)`", README))):
        words = tuple(said.split())
        assert words in known or words[:1] in known, f"there is no command rrm {said}"


def run_commands():
    patterns = re.findall(r"^    ([a-z| ]+)\) ", (ROOT / "run").read_text("utf-8"), re.M)
    return {word for words in patterns for word in re.findall("[a-z]+", words)}


def test_every_run_command_in_the_documents_exists():
    for document in DOCUMENTS:
        for command in re.findall(r"\./run ([a-z]+)", document.read_text("utf-8")):
            assert command in run_commands(), f"{document.name}: there is no ./run {command}"


def test_every_command_of_the_program_can_be_run():
    assert {path[0] for path in commands(typer.main.get_command(app))} - run_commands() == set()


# ---------------------------------------------------------------------------------------------- settings


def test_every_secret_is_in_the_readme():
    assert [secret for secret in names().secret if f"`{secret}`" not in README] == []


def test_settings_named_in_the_documents_exist():
    everything = {*names().plain, *names().secret}
    sections = {name.partition(".")[0] for name in everything}
    for document in DOCUMENTS:
        for name in re.findall(r"`([a-z]+\.[a-z_]+)`", document.read_text("utf-8")):
            if name.partition(".")[0] in sections - {"policy"}:
                assert name in everything, f"{document.name} names {name}"


def test_variables_named_in_the_documents_exist():
    known = {f"RRM_{name.replace('.', '__')}".upper() for name in (*names().plain, *names().secret)}
    for document in DOCUMENTS:
        for variable in re.findall(r"\bRRM_[A-Z_]+__[A-Z_]+\b", document.read_text("utf-8")):
            assert variable.removesuffix("_FILE") in known, f"{document.name} names {variable}"


def test_every_setting_is_used(tmp_path):
    """A setting that nothing reads would be a promise nobody keeps."""
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "bot").rglob("*.py"))
    for name in (*names().plain, *names().secret):
        section, key = name.split(".")
        assert re.search(rf"\b{section}\.{key}\b|\.{key}\b", code.replace(f"    {key}:", "")), f"nothing reads {name}"
    assert load(environment={}, folder=tmp_path)


# ---------------------------------------------------------------------------------------------- words and links


def glossary() -> list[str]:
    table = README.partition("## Words")[2].partition("\n## ")[0]
    return re.findall(r"^\| ([a-z][a-z ,/-]*?) \|", table, re.M)[1:]


def test_the_glossary_is_there():
    assert len(glossary()) >= 15


def test_glossary_words_are_used_in_the_code():
    code = "\n".join(
        file.read_text("utf-8") for package in ("bot", "routing", "retrieval") for file in (ROOT / package).rglob("*.py")
    )
    missing = [
        word for entry in glossary() for word in re.split(r"[,/]\s*", entry) if not re.search(rf"(?i){word.strip()}", code)
    ]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:", "#")):
            assert (document.parent / target.partition("#")[0]).exists(), f"{document.name}: {target} does not exist"


def test_the_licence_is_the_one_we_name():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text("utf-8")


# ---------------------------------------------------------------------------------------------- nobody's machine


def test_no_file_speaks_of_a_machine_or_a_registry():
    found = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in tracked_files()
        if file.suffix in TEXT and file.stat().st_size < 5_000_000
        for word in FORBIDDEN
        if word in file.read_text("utf-8", errors="replace")
    ]
    assert found == []
