"""Cutting and counting text the way Telegram counts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_text import clean, escaped, slice_units, split, units
from bot.demo.botapi_text import parse_html


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
    assert [piece.text for piece in split(text, limit)] == parts


@given(st.text(alphabet=st.sampled_from("ab. \n😀é"), max_size=300), st.integers(2, 40))
def test_parts_fit_and_nothing_but_blanks_is_lost(text, limit):
    parts = [piece.text for piece in split(text, limit)]
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(alphabet=st.sampled_from("ab>-—:1. \n<&😀"), max_size=200), st.integers(2, 40))
def test_marks_are_valid_wherever_a_text_is_cut_and_change_no_word(text, limit):
    for piece in split(text, limit):
        seen, marks = parse_html(piece.html)
        assert "".join(seen.replace(">", "").split()) == "".join(piece.text.replace(">", "").split())
        assert {mark["type"] for mark in marks} <= {"bold", "blockquote"}


def test_quotes_and_labels_are_marked_and_somebodys_own_words_are_not():
    letter = """Question 2026-0042: it is answered.
The answer comes from: municipality, Spain.

———

Note: <b>not</b> ours
1. Nor a title
details

———

> Who pays?
>
> And when: now?

1. Vouchers: a title
Rijeka

Answer expected by: Friday"""
    (piece,) = split(letter, 4096)
    assert piece.text == letter
    seen, marks = parse_html(piece.html)
    shown = [(mark["type"], slice_units(seen, mark["offset"], mark["length"])) for mark in marks]
    assert shown == [
        ("bold", "Question 2026-0042:"),
        ("bold", "The answer comes from:"),
        ("blockquote", "Who pays?\n\nAnd when: now?"),
        ("bold", "1. Vouchers: a title"),
        ("bold", "Answer expected by:"),
    ]


def test_a_quote_goes_on_in_the_next_message_without_its_mark():
    first, second = split("> " + "word " * 12, 40)
    assert first.html == "<blockquote>word word word word word word word</blockquote>" and second.html.startswith("<blockquote>word")


def test_cutting_a_very_long_text_takes_linear_time():
    assert len(split("x" * 1_000_000, 4096)) == 245
    assert len(split("> a: b\n" * 100_000, 4096)) > 100


@pytest.mark.parametrize(
    ("offset", "length", "piece"), [(0, 2, "😀"), (2, 1, "a"), (1, 1, ""), (3, 99, "b"), (50, 5, ""), (0, 0, ""), (0, 3, "😀a")]
)
def test_entities_point_at_utf16_units(offset, length, piece):
    assert slice_units("😀ab", offset, length) == piece


def test_units_escaped_clean():
    assert units("a😀é") == 4
    assert escaped('<a href="x">&') == '&lt;a href="x"&gt;&amp;'
    assert clean("\x00a\ud83d") == "a\N{REPLACEMENT CHARACTER}"
