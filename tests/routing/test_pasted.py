"""What a word processor leaves in a text that was copied out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.pasted import tidy, tidy_line


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("", ""),
        (" \u00a0\n", ""),
        ("“Curly” quotes – and ‘dashes’ … stay", "“Curly” quotes – and ‘dashes’ … stay"),
        ("\uf0b7\tTwo firms\n\uf0a7\tone van", "• Two firms\n• one van"),
        ("·       Two firms\r\n•\tone van", "• Two firms\n• one van"),
        ("a·b and 3·4", "a·b and 3·4"),
        ("- a dash is what somebody typed", "- a dash is what somebody typed"),
        ("one\x0btwo\x0cthree\u2028four", "one\ntwo\nthree\nfour"),
        ("Lehr\u00adlings\u200baus\ufeffbildung\x00", "Lehrlingsausbildung"),
        ("one  \n\n\n\ntwo\u00a0\n", "one\n\ntwo"),
        ("a\u00a0000 €", "a\u00a0000 €"),
        ("\u202bعربي\u202c", "\u202bعربي\u202c"),
    ],
)
def test_what_nobody_sees_goes_and_the_words_stay(pasted, kept):
    assert tidy(pasted) == kept


def test_a_title_is_one_line():
    assert tidy_line(" A van\x0bwith\u00a0a  bench\n") == "A van with a bench"


@given(st.text())
def test_tidying_twice_is_tidying_once(text):
    assert tidy(tidy(text)) == tidy(text)
    assert tidy_line(tidy_line(text)) == tidy_line(text)
