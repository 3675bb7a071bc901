"""The `rrm` command as people type it: in a process of its own, in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.__main__ import main
from bot.cli.shared import CommandError
from bot.cli.stock import _rows
from bot.cli.trouble import explain
from bot.sources import SettingsError
from routing.errors import NotFound
from tests.fakes.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
AUTHORITIES = """slug,name,kind,country,subdivision,place,zone,hours,themes,languages,capacity_per_month,profile
testville,Town of Testville,municipality,IT,,Testville,Europe/Rome,mon-fri 09:00-17:00,mobility;inclusion,it;en,4,Runs a school
"""
EXPERTS = """email,authority,role,language,languages,themes,rank,monthly_limit
apprenticeship-desk@testville.example,testville,Apprenticeship desk,it,it;en,mobility,0,4
"""
FICHE = """slug = "testville-dual"
source_language = "en"
[facts]
country = "IT"
place = "Testville"
owner = "Town of Testville"
year_start = 2020
stage = "implementation"
scope_level = "local"
entry_type = "project"
themes = ["apprenticeship-dual"]
target_groups = ["VET learners"]
sources = ["https://testville.example/dual"]
[text.en]
title = "Dual school of Testville"
summary = "The town and its firms train mechanics together."
[text.en.sections]
challenge = "Firms found no mechanics, and learners found no workplace near their homes."
activities = "The town signed agreements with twelve firms, pays the bus and employs a mentor for the first year."
"""
MAIL = b"""From: Ann <ann@town.example>\r
To: questions@rrm.example\r
Subject: Homes\r
Message-ID: <1@town.example>\r
Date: Mon, 23 Nov 2026 09:00:00 +0000\r
\r
Where do apprentices live?\r
"""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def rrm(tmp_path, monkeypatch, capsys):
    """Runs `rrm` as its entry point does, with its home in a fresh folder."""
    root, mask = logging.getLogger(), os.umask(0o022)
    handlers, level = root.handlers[:], root.level
    monkeypatch.chdir(tmp_path)
    settings = {"RRM_HOME": str(tmp_path), "RRM_SEARCH__EMBEDDER": "hash", "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}

    def run(*arguments: str, **environment: str) -> Ended:
        with monkeypatch.context() as patch:
            for name, value in (settings | environment).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["rrm", *arguments])
            with pytest.raises(SystemExit) as left:
                main()
        return Ended(int(left.value.code or 0), *capsys.readouterr())

    yield run
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)
    os.umask(mask)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "authorities.csv").write_text(AUTHORITIES)
    (tmp_path / "experts.csv").write_text(EXPERTS)
    (tmp_path / "testville-dual.toml").write_text(FICHE)
    return tmp_path


def said(process):
    assert "Traceback" not in process.stderr
    return process.stderr.strip()


# ---------------------------------------------------------------------------------------------- help


def test_help_names_every_command(rrm):
    process = rrm("--help")
    assert process.returncode == 0
    commands = [
        "demo",
        "serve",
        "ask",
        "migrate",
        "import",
        "reindex",
        "doctor",
        "user",
        "evaluate",
        "calibrate",
        "mail",
        "version",
    ]
    assert [name for name in commands if name not in process.stdout] == []


def test_help_loads_nothing_heavy():
    loaded = "import sys; sys.argv = ['rrm', '--help']; import bot.__main__ as m\ntry: m.main()\nexcept SystemExit: pass\n"
    heavy = {"numpy", "onnxruntime", "faiss", "sqlalchemy", "telegram", "torch", "starlette"}
    seen = f"print('heavy:', sorted({heavy!r} & set(sys.modules)))"
    process = subprocess.run([sys.executable, "-c", loaded + seen], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert "heavy: []" in process.stdout


# ---------------------------------------------------------------------------------------------- a network is set up


def test_a_network_is_set_up_from_nothing(rrm, files):
    assert "up to date" in rrm("migrate").stdout
    assert "1 authorities imported" in rrm("import", "authorities", str(files / "authorities.csv")).stdout
    assert "1 experts imported" in rrm("import", "experts", str(files / "experts.csv")).stdout
    assert "1 added" in rrm("import", "fiches", str(files / "testville-dual.toml")).stdout
    assert "may sign in as admin" in rrm("user", "add", "Head@Testville.example", "--role", "admin").stdout
    assert rrm("user", "list").stdout.split() == ["head@testville.example", "admin"]
    assert "The index holds 1 fiches: 1 added" in rrm("reindex").stdout
    found = {finding["name"]: finding["level"] for finding in json.loads(rrm("doctor", "--json").stdout)}
    assert {found[name] for name in ("tables", "coordinators", "authorities", "experts", "published fiches")} == {"ok"}


def test_setting_up_twice_changes_nothing(rrm, files):
    for _ in range(2):
        assert rrm("migrate").returncode == 0
        assert rrm("import", "fiches", str(files)).returncode == 0
    assert "0 added, 0 changed, 1 unchanged" in rrm("import", "fiches", str(files)).stdout


def test_a_question_finds_its_fiche(rrm, files):
    rrm("migrate")
    rrm("import", "fiches", str(files))
    process = rrm("ask", "Who pays the bus for apprentices?")
    assert (process.returncode, process.stderr) == (0, "")
    assert "Dual school of Testville" in process.stdout
    findings = json.loads(rrm("ask", "--json", "Who pays the bus for apprentices?").stdout)
    assert findings["matches"][0]["fiche"] == "testville-dual"


def test_without_fiches_there_is_nothing_to_search(rrm):
    rrm("migrate")
    for command in (("ask", "Who pays the bus?"), ("calibrate",)):
        assert "run rrm import collection" in said(rrm(*command))


def test_files_are_closed_to_others(rrm, tmp_path):
    rrm("migrate")
    assert (tmp_path / "var" / "rrm.db").stat().st_mode & 0o077 == 0


def test_somebody_who_left_may_not_sign_in(rrm):
    rrm("migrate")
    rrm("user", "add", "desk@testville.example")
    assert rrm("user", "remove", "desk@testville.example").returncode == 0
    assert "(may not sign in)" in rrm("user", "list").stdout


# ---------------------------------------------------------------------------------------------- when something is wrong


def test_no_database_yet(rrm, tmp_path):
    process = rrm("user", "list")
    assert (process.returncode, "run rrm migrate" in said(process)) == (2, True)
    assert not (tmp_path / "var").exists()


def test_a_wrong_setting(rrm):
    process = rrm("migrate", RRM_SMTP__PORT="many")
    assert (process.returncode, said(process)) == (78, "rrm: smtp.port must be a port number from 0 to 65535, not 'many'.")


def test_the_service_does_not_start_half_set_up(rrm):
    process = rrm("serve", RRM_TELEGRAM__ENABLED="true")
    assert process.returncode == 2
    assert "RRM_TELEGRAM__TOKEN" in said(process)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"RRM_CONSOLE__HOST": "192.0.2.1"}, "console cannot listen on 192.0.2.1:8080"),
        ({"RRM_SMTP__HOST": "mail.example", "RRM_SMTP__TLS": "off-for-loopback"}, "[smtp] smtp tls 'off-for-loopback' needs"),
        ({"RRM_SMTP__CA_FILE": "absent.pem"}, "absent.pem, but there is no such file"),
        ({"RRM_TELEGRAM__ENABLED": "true", "RRM_TELEGRAM__TOKEN": "no-token"}, "[telegram] the Telegram token must look like"),
        ({"RRM_POLICY__FILE": "absent.toml"}, "policy.file absent.toml"),
    ],
)
def test_the_service_says_in_one_line_why_it_does_not_start(rrm, settings, says):
    mail = {"RRM_SMTP__ENABLED": "true", "RRM_LISTENER__ENABLED": "true", "RRM_LISTENER__PORT": "0"}
    process = rrm("serve", **mail, **settings)
    assert process.returncode == 78
    assert says in process.stderr.splitlines()[-1]
    assert "Traceback" not in process.stderr


def test_a_taken_port_is_named(rrm):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = rrm("serve", RRM_CONSOLE__PORT=str(port))
    assert process.returncode == 78
    assert f"rrm: The console cannot listen on 127.0.0.1:{port}" in said(process).splitlines()[-1]
    assert "choose another console.host or console.port" in said(process)


def test_the_service_runs_until_it_is_told_to_stop(tmp_path):
    """A process of its own, from an empty folder: it makes its database, answers, and leaves when the system asks."""
    (port,) = free_ports(1)
    settings = {
        "RRM_HOME": str(tmp_path),
        "RRM_SEARCH__EMBEDDER": "hash",
        "RRM_CONSOLE__PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"], cwd=tmp_path, env=os.environ | settings, stderr=subprocess.PIPE
    ) as process:
        try:
            assert is_well(f"http://127.0.0.1:{port}/healthz", process, seconds=240)
            process.terminate()
            _, written = process.communicate(timeout=240)
        finally:
            process.kill()
    assert process.returncode == 0
    assert b"Traceback" not in written
    assert (tmp_path / "var" / "rrm.db").stat().st_mode & 0o077 == 0


def is_well(url: str, process: subprocess.Popen, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
        time.sleep(0.1)
    return False


def test_no_database_server(rrm):
    (port,) = free_ports(1)
    process = rrm("user", "list", RRM_DATABASE__URL=f"postgresql+psycopg://rrm@127.0.0.1:{port}/rrm")
    assert process.returncode == 69
    assert "rrm doctor says why" in said(process)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("user", "add", "nobody"), "is no mail address"),
        (("user", "add", "a@b.example", "--language", "xx"), "choose one of en"),
        (("user", "remove", "a@b.example"), "rrm user list"),
        (("import", "fiches", "absent"), "There are no fiches in absent"),
        (("import", "experts", "absent.csv"), "absent.csv"),
        (("import", "experts", "experts.csv"), "there is no authority 'testville'"),
        (("--settings", "absent.toml", "migrate"), "no settings file"),
    ],
)
def test_one_line_says_what_to_do(rrm, files, arguments, part):
    rrm("migrate")
    process = rrm(*arguments)
    assert process.returncode != 0
    assert part in said(process)
    assert said(process).count("\n") == 0


def test_fiches_are_written_to_a_new_folder_and_come_in_again_unchanged(rrm, files):
    rrm("migrate")
    rrm("import", "fiches", str(files))
    folder = files / "out"
    assert "1 fiches written" in rrm("export", "fiches", str(folder)).stdout
    assert [one.name for one in folder.iterdir()] == ["testville-dual.toml"]
    assert "0 added, 0 changed, 1 unchanged" in rrm("import", "fiches", str(folder)).stdout
    again = rrm("export", "fiches", str(folder))
    assert again.returncode and "is not empty" in again.stderr


@pytest.mark.parametrize("arguments", [("--debug", "import", "experts", "absent.csv"), ("import", "experts", "absent.csv")])
def test_debug_shows_the_whole_story(tmp_path, arguments):
    """In a process of its own, as people run it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "RRM_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "bot", *arguments]
    process = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240)
    assert ("Traceback" in process.stderr) is ("--debug" in arguments)
    assert "absent.csv" in process.stderr
    assert process.returncode != 0


@pytest.mark.parametrize(
    ("trouble", "part", "status"),
    [
        (SettingsError("smtp.port is wrong"), "smtp.port is wrong", 78),
        (CommandError("do this"), "do this", 2),
        (NotFound("There is no fiche 'x'."), "There is no fiche 'x'.", 2),
        (FileNotFoundError(2, "No such file or directory", "a.csv"), "a.csv: No such file or directory: check the path.", 69),
        (PermissionError(13, "Permission denied", "a.csv"), "check owner and mode", 69),
        (IsADirectoryError(21, "Is a directory", "."), ".: Is a directory: a folder stands where a file is wanted", 69),
        (NotADirectoryError(20, "Not a directory", "a/b"), "a file stands where a folder is wanted", 69),
        (ModuleNotFoundError("No module named 'torch'", name="torch"), 'extra "semantic"', 69),
        (OperationalError("SELECT 1", {}, Exception("no such table: fiche")), "run rrm migrate", 69),
        (OperationalError("SELECT 1", {}, Exception("database is locked")), "Try again", 69),
        (ZeroDivisionError("division by zero"), "mistake of the program", 70),
        (ValueError("mail to\nann@town.example failed"), "ValueError: mail to •••@town.example failed", 70),
    ],
)
def test_trouble_becomes_a_sentence_and_a_status(trouble, part, status):
    sentence, given = explain(trouble)
    assert part in sentence
    assert "\n" not in sentence
    assert given == status


# ---------------------------------------------------------------------------------------------- looking at mails


def test_a_mail_is_explained(rrm, tmp_path):
    (tmp_path / "a.eml").write_bytes(MAIL)
    assert "Where do apprentices live?" in rrm("mail", "explain", "a.eml").stdout
    explained = json.loads(rrm("mail", "explain", "--json", "a.eml").stdout)
    assert explained.keys() == {"kind", "rule", "subject", "reply", "bounce", "held"}
    assert (explained["kind"], explained["reply"]["text"], explained["held"]) == ("question", "Where do apprentices live?", None)


BOUNCE = (
    b"From: MAILER-DAEMON@mx.town.example\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.town.example.\n"
    b"I'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up.\n\n"
    b"<gone@town.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
)
HOSTILE = {
    "a-bounce.eml": BOUNCE,
    "b-empty.eml": b"",
    "c-noise.eml": bytes(range(256)) * 40,
    "d-too-large.eml": b"Subject: x\n\n" + b"y" * (25 * 1024 * 1024),
    "e-deep.eml": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(60)),
    "f-header.eml": b"Subject: " + b"z" * 70_000 + b"\n\nbody",
    "g-hang.eml": b"Content-Type: text/plain; x*0*=utf-8''%00; =\xff\n\n" + b"On a " * 20_000,
    "h-nul-\u03b1.eml": b"Subject: \xce\xb1\x00\n\n\x00\x1b[31m\xff\xfe",
    "i-surrogate.eml": b"Subject: =?utf-8?b?7aCA?=\nContent-Type: text/plain; charset=utf-16\n\n\xd8\x00",
}


def test_every_file_has_its_line_whatever_is_in_it(tmp_path):
    for name, raw in HOSTILE.items():
        (tmp_path / name).write_bytes(raw)
    names = [*HOSTILE, "not-there.eml", "."]
    place = {"RRM_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-P", "-m", "bot", "mail", "explain", *names, "--json"]
    ran = subprocess.run(command, cwd=tmp_path, env=os.environ | place, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 1, ran.stderr  # one file is not there
    said = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(said) == len(names)
    for one in said:
        assert list(one) == ["kind", "rule", "subject", "reply", "bounce", "held"] and list(one["reply"]) == [
            "text",
            "review",
            "cut",
        ]
    assert said[0]["kind"] == "bounce" and said[0]["held"] is None
    assert said[0]["bounce"] == {"recipients": ["gone@town.example"], "hard": True, "status": "5.1.1"}
    for at in (3, 4, 5, 9, 10):
        assert (said[at]["kind"], said[at]["bounce"]) == ("unreadable", None) and said[at]["held"]
    assert "25 MiB" in said[3]["held"] and "could not be opened" in said[9]["held"]


# ---------------------------------------------------------------------------------------------- how good the search is


@pytest.fixture
def collection(tmp_path):
    """One fiche and one labelled question."""
    folder = tmp_path / "mine"
    (folder / "fiches").mkdir(parents=True)
    (folder / "fiches" / "testville-dual.toml").write_text(FICHE)
    question = {"id": "1", "language": "en", "text": "Who pays the bus?", "answers": ["testville-dual"], "split": "dev"}
    (folder / "questions.jsonl").write_text(json.dumps(question) + "\n")
    return folder


def test_the_search_is_measured(rrm, collection):
    measured = {row["measure"]: row["value"] for row in map(json.loads, rrm("evaluate", "mine", "--json").stdout.splitlines())}
    assert measured["R@1"] == 1.0


def test_what_only_public_data_can_be_asked_is_not_passed_over_in_silence(rrm, collection):
    process = rrm("evaluate", "mine", "--protocols", "pair")
    assert (process.returncode, "write --public too" in said(process)) == (2, True)


def test_the_search_is_measured_on_other_questions(rrm, collection, tmp_path):
    other = tmp_path / "other.jsonl"
    (collection / "questions.jsonl").rename(other)
    told = rrm("evaluate", "mine", "--questions", str(other), "--json").stdout.splitlines()
    assert {row["measure"]: row["value"] for row in map(json.loads, told)}["R@1"] == 1.0
    assert "nowhere.jsonl is missing" in rrm("evaluate", "mine", "--questions", "nowhere.jsonl").stderr


def test_too_few_questions_do_not_make_the_search_trusted(rrm, collection, tmp_path):
    said = rrm("calibrate", "--plots", "drawn", RRM_SEARCH__COLLECTION="mine").stdout
    assert "Realised precision" in (tmp_path / "drawn" / "precision.svg").read_text("utf-8")
    assert "Learnt from 1 questions" in said
    assert "still waits for a coordinator" in said


def test_without_questions_nothing_is_learnt(rrm, collection):
    (collection / "questions.jsonl").unlink()
    assert "nothing to learn from" in rrm("calibrate", RRM_SEARCH__COLLECTION="mine").stderr


def test_without_labelled_questions_nothing_is_measured(rrm, tmp_path):
    assert "questions.jsonl is missing" in rrm("evaluate", str(tmp_path)).stderr


# ---------------------------------------------------------------------------------------------- CSV as spreadsheets write it


@pytest.mark.parametrize(
    "raw",
    [
        b"slug,name\ntown,Town\n",
        b"\xef\xbb\xbfslug;name\r\ntown;Town\r\n",
        b'"slug","name"\n"town"," Town "\n',
    ],
    ids=["plain", "bom-and-semicolons", "quoted"],
)
def test_csv_dialects(tmp_path, raw):
    file = tmp_path / "a.csv"
    file.write_bytes(raw)
    assert _rows(file) == [{"slug": "town", "name": "Town"}]


def test_a_list_in_a_cell_keeps_its_semicolons(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("slug,themes\ntown,mobility;inclusion\n")
    assert _rows(file) == [{"slug": "town", "themes": "mobility;inclusion"}]


def test_a_cell_may_hold_a_line_break(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('slug,profile\ntown,"first\nsecond"\n')
    assert _rows(file) == [{"slug": "town", "profile": "first\nsecond"}]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"slug,name\n", "no lines below its header"),
        (b"slug,name\ntown,Citt\xe0\n", "is not written in UTF-8"),
        (b'slug,name\ntown,"Town\n', "a quotation mark that is not closed"),
    ],
    ids=["empty", "encoding", "quotes"],
)
def test_what_is_no_csv_is_refused(tmp_path, raw, says):
    file = tmp_path / "a.csv"
    file.write_bytes(raw)
    with pytest.raises(CommandError, match=says):
        _rows(file)
