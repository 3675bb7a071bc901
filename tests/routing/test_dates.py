"""Days as people write them, in every language of the network; what is no day is none."""

from datetime import date

import pytest

from routing.dates import day_in

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-01-08", date(2027, 1, 8)),
        ("8.1.2027", date(2027, 1, 8)),
        ("8/1/27", date(2027, 1, 8)),
        ("8.1.", date(2027, 1, 8)),
        ("24-12", date(2026, 12, 24)),
        ("8 January", date(2027, 1, 8)),
        ("the 8th of January 2027", date(2027, 1, 8)),
        ("January 8th", date(2027, 1, 8)),
        ("December 24, 2026", date(2026, 12, 24)),
        ("8 gennaio", date(2027, 1, 8)),
        ("1º gennaio", date(2027, 1, 1)),
        ("8 de enero de 2027", date(2027, 1, 8)),
        ("le 1er janvier", date(2027, 1, 1)),
        ("8 août 2027", date(2027, 8, 8)),
        ("8 Ιανουαρίου", date(2027, 1, 8)),
        ("8η Ιανουαρίου 2027", date(2027, 1, 8)),
        ("8 ianuarie", date(2027, 1, 8)),
        ("8. siječnja", date(2027, 1, 8)),
        ("8 Ocak", date(2027, 1, 8)),
        ("8 Ağustos 2027", date(2027, 8, 8)),
        ("24 December", date(2026, 12, 24)),
        ("23 November", TODAY),
        ("22 November", date(2026, 11, 22)),
        ("1 novembre", date(2026, 11, 1)),
        ("20.10.", date(2026, 10, 20)),
    ],
)
def test_a_day_is_found(text, day):
    assert day_in(f"I am away until {text}, then back.", TODAY) == day


@pytest.mark.parametrize("text", ["soon", "31.2.2027", "2027-13-01", "room 12 in the annex", "99 January", ""])
def test_what_is_no_day_is_none(text):
    assert day_in(text, TODAY) is None
