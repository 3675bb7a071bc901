"""On a checking machine a missing real part is a failure, elsewhere it is a skip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLANTED = """
import pytest

@pytest.fixture
def server():
    pytest.skip("there is no server")

names = ("pg", "mta", "browser", "model")
parts = pytest.mark.parametrize("part", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in names])

@parts
def test_by_fixture(server, part): pass

@parts
@pytest.mark.skipif(True, reason="nothing here")
def test_by_mark(part): pass

@pytest.mark.skipif(True, reason="not for us")
def test_of_something_else(): pass
"""


@pytest.mark.parametrize(("checking", "counts"), [("true", "1 skipped, 8 errors"), ("", "9 skipped")])
def test_a_missing_part_fails_where_it_must(tmp_path, checking, counts):
    (tmp_path / "test_planted.py").write_text(PLANTED)
    options = ["-q", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options]
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | ({"CI": checking} if checking else {})
    ran = subprocess.run([*command, tmp_path / "test_planted.py"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert counts in ran.stdout.splitlines()[-1]
    assert (ran.returncode != 0) is bool(checking)
