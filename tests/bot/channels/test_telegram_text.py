"""Cutting and counting text the way Telegram counts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_text import clean, escaped, slice_units, split, units


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        (" \n ", 10, []),
        ("short", 10, ["short"]),
        ("ten chars!", 10, ["ten chars!"]),
        ("first one\n\nsecond", 12, ["first one", "second"]),
        ("a\n\nlong line that goes on", 12, ["a\n\nlong line", "that goes on"]),
        ("first\nline\nthird", 12, ["first\nline", "third"]),
        ("One two. Three four.", 12, ["One two.", "Three four."]),
        ("word word word", 10, ["word word", "word"]),
        ("wwwwwwwwwwwwww", 10, ["wwwwwwwwww", "wwww"]),
        ("😀😀😀😀😀😀", 10, ["😀😀😀😀😀", "😀"]),
        ("x😀😀😀😀😀", 10, ["x😀😀😀😀", "😀"]),
    ],
)
def test_split(text, limit, parts):
    assert split(text, limit) == parts


@given(st.text(alphabet=st.sampled_from("ab. \n😀é"), max_size=300), st.integers(2, 40))
def test_parts_fit_and_nothing_but_blanks_is_lost(text, limit):
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_cutting_a_very_long_text_takes_linear_time():
    assert len(split("x" * 1_000_000, 4096)) == 245


@pytest.mark.parametrize(
    ("offset", "length", "piece"), [(0, 2, "😀"), (2, 1, "a"), (1, 1, ""), (3, 99, "b"), (50, 5, ""), (0, 0, ""), (0, 3, "😀a")]
)
def test_entities_point_at_utf16_units(offset, length, piece):
    assert slice_units("😀ab", offset, length) == piece


def test_units_escaped_clean():
    assert units("a😀é") == 4
    assert escaped('<a href="x">&') == '&lt;a href="x"&gt;&amp;'
    assert clean("\x00a\ud83d") == "a\N{REPLACEMENT CHARACTER}"
