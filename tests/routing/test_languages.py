"""The languages that somebody lists, in a file or on a page."""

from __future__ import annotations

import pytest

from routing.languages import listed


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("it; en", ["it", "en"]),
        ("IT, gr en-GB\n", ["it", "el", "en"]),
        ("el GR", ["el"]),
        ("de pt_BR", ["de", "pt"]),
    ],
)
def test_two_letters_each_whoever_writes_them(said, codes):
    assert listed(said) == codes


@pytest.mark.parametrize("said", ["", " ; ", "italiano", "en 42", "en; ita", "λα"])
def test_what_is_no_code_is_refused(said):
    with pytest.raises(ValueError, match="two-letter codes"):
        listed(said)
