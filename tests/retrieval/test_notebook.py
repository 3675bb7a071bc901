"""An evaluation that broke off goes on where it was."""

from __future__ import annotations

import pytest

from retrieval.notebook import Notebook
from retrieval.trust import Row

ASKED = {"sample": 3, "model": "m"}
ROWS = [Row("pair", "bm25", "R@1 same", 0.5, 12), Row("pair", "bm25", "R@1 cross", 0.25, 48)]


@pytest.fixture
def file(tmp_path):
    Notebook(tmp_path / "deep" / "notes.jsonl", ASKED).add("bm25", "pair", ROWS)
    return tmp_path / "deep" / "notes.jsonl"


def test_what_was_measured_is_known_and_the_rest_is_not(file):
    again = Notebook(file, ASKED)
    assert again.rows("bm25", "pair") == ROWS
    assert again.rows("bm25", "near") is None is again.rows("rrm", "pair")


def test_another_question_begins_anew(file):
    assert Notebook(file, ASKED | {"sample": 4}).rows("bm25", "pair") is None
    assert Notebook(file, ASKED).rows("bm25", "pair") is None


def test_a_line_cut_off_is_measured_again(file):
    Notebook(file, ASKED).add("bm25", "near", ROWS)
    file.write_bytes(file.read_bytes()[:-7])
    again = Notebook(file, ASKED)
    assert again.rows("bm25", "pair") == ROWS and again.rows("bm25", "near") is None
    again.add("bm25", "near", ROWS)
    assert Notebook(file, ASKED).rows("bm25", "near") == ROWS
