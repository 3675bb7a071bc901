"""What a benchmark takes from the project is there: nobody runs them daily, so a name that moves would be missed late."""

import runpy
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).resolve().parents[1] / "benchmarks").glob("[a-z]*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_finds_what_it_measures(file):
    assert runpy.run_path(str(file), run_name="imported")["__doc__"]
