"""A ninth language is data and a catalogue, no code: docs/languages.md, followed in a copy of the source."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from routing.letters import write

ROOT = Path(__file__).resolve().parents[1]
LETTERS, CONSOLE = "routing/letters/locale/{}/LC_MESSAGES/letters.po", "bot/console/locale/{}/LC_MESSAGES/console.po"
SPEAKING = """
import json
from pathlib import Path
from bot.console.tongue import tongue
from retrieval import LANGUAGES, concepts_of, identify_language
from routing.letters import COMMANDS, write
from routing.letters.holidays import holiday_name
from routing.policy import load_policy
from routing.words import understand

print(json.dumps({
    "languages": LANGUAGES,
    "heard": identify_language("Como convencer as pequenas empresas a receber aprendizes? Não têm tempo para eles."),
    "said": getattr(understand("Aceito", "pt"), "meaning", None),
    "concepts": concepts_of("uma bolsa", "pt") == concepts_of("uma bolsa"),
    "holiday": holiday_name("Good Friday", "pt"),
    "letter": write("status_empty", "pt", medium="telegram").text,
    "english": write("help", "pt", medium="telegram", mail_address="a@network.example").text,
    "commands": list(COMMANDS["pt"]) == list(COMMANDS["en"]),
    "console": [tongue("pt")("Sign in"), tongue("pt").locale.display_name],
    "offered": write("welcome", "pt", medium="telegram", network="N", mail_address="a@network.example",
                     languages=list(load_policy(Path("own.toml")).languages.spoken)).buttons,
}))
"""


def run(copy, *arguments):
    surroundings = os.environ | {"PYTHONPATH": str(copy)}
    return subprocess.run([sys.executable, "-P", *arguments], cwd=copy, env=surroundings, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The source with Portuguese added, but for its translation."""
    target = tmp_path_factory.mktemp("source")
    for package in ("bot", "retrieval", "routing", "config"):
        shutil.copytree(ROOT / package, target / package, ignore=shutil.ignore_patterns("__pycache__"))
    listed = target / "retrieval/share/languages.toml"
    listed.write_text(listed.read_text("utf-8").replace('"tr"]', '"tr", "pt"]'), "utf-8")
    for catalogues in ("routing.letters.catalog", "bot.console.catalog"):
        updated = run(target, "-m", catalogues, "update")
        assert updated.returncode == 0, updated.stderr
    return target


def translate(file, text, translation):
    before = file.read_text("utf-8")
    after = before.replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{translation}"')
    assert after != before, text
    file.write_text(after, "utf-8")


def spoken_in(copy):
    process = run(copy, "-c", SPEAKING)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_its_files_are_made_and_those_of_the_others_stay(copy):
    for pattern in (LETTERS, CONSOLE):
        assert "Language: pt" in (copy / pattern.format("pt")).read_text("utf-8")
        for other in ("hr", "tr"):
            assert (copy / pattern.format(other)).read_bytes() == (ROOT / pattern.format(other)).read_bytes()


def test_the_check_says_what_is_to_be_translated(copy):
    checked = run(copy, "-m", "routing.letters.catalog", "check")
    assert checked.returncode == 1
    assert {line.partition(":")[0] for line in checked.stdout.splitlines()} == {"pt"}
    assert re.search(r"^pt: missing: ", checked.stdout, re.M)


def test_it_is_heard_and_spoken(copy):
    letters = copy / LETTERS.format("pt")
    (copy / "own.toml").write_text('[languages]\nspoken = ["en", "pt"]\n', "utf-8")
    before = spoken_in(copy)
    assert (before["heard"], before["said"], before["letter"]) == ("pt", None, write("status_empty", "en", medium="telegram").text)
    [text] = [one for one in re.findall(r'^msgid "(.+)"$', letters.read_text("utf-8"), re.M) if one in before["letter"]]
    translate(letters, text, "De momento não tem perguntas em aberto.")
    translate(copy / CONSOLE.format("pt"), "Sign in", "Entrar")
    words = (copy / "routing/letters/locale/en/words.toml").read_text("utf-8")
    (letters.parents[1] / "words.toml").write_text(words.replace('accept = [', 'accept = ["aceito", '), "utf-8")
    told = spoken_in(copy)
    assert told["languages"] == ["en", "it", "es", "fr", "el", "ro", "hr", "tr", "pt"]
    assert (told["heard"], told["said"], told["letter"]) == ("pt", "accept", "De momento não tem perguntas em aberto.")
    assert told["console"] == ["Entrar", "português"]
    assert told["offered"] == [["language:en", "English"], ["language:pt", "Português"]]
    assert told["concepts"] and told["commands"] and told["holiday"] == "Good Friday" and told["english"]
