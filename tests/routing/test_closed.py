"""The network's own office keeps the holidays of a place: by its zone, by name, or none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from routing.calendars import in_office_time, office_calendar
from routing.closed import is_known, place_of
from routing.office import Office
from routing.policy import PolicyError, Term, load_policy, policy_from, policy_tables

CHRISTMAS_EVE = datetime(2026, 12, 24, 10, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("told", "zone", "place"),
    [
        ("zone", "Europe/Brussels", ("BE", None)),
        ("zone", "Atlantic/Azores", ("PT", None)),
        ("zone", "UTC", (None, None)),
        ("zone", "Antarctica/Troll", (None, None)),
        ("none", "Europe/Rome", (None, None)),
        ("it-bz", "Europe/Brussels", ("IT", "BZ")),
        ("EL", "Europe/Brussels", ("GR", None)),
    ],
)
def test_the_place_whose_holidays_count(told, zone, place):
    assert place_of(told, zone) == place


@pytest.mark.parametrize(
    ("told", "known"),
    [("zone", True), ("none", True), ("IT-BZ", True), ("UK", True), ("IT-QQ", False), ("XX", False), ("", False)],
)
def test_only_places_with_holidays_are_taken(told, known):
    assert is_known(told) is known


@pytest.mark.parametrize(("told", "due"), [("zone", 28), ("none", 25), ("HR", 28), ("GR", 28), ("TR", 25)])
def test_a_term_of_the_office_does_not_end_on_a_holiday(told, due):
    office = office_with(told)
    at = in_office_time(office, CHRISTMAS_EVE, Term(1, "working_days"))
    assert at == datetime(2026, 12, due, 16, tzinfo=UTC)
    assert office_calendar(office) is office_calendar(office), "made once"


def test_a_place_that_nobody_knows_is_refused_at_the_start():
    tables = policy_tables()
    tables["hours"]["holidays"] = "Belgium"
    with pytest.raises(PolicyError, match=r"hours.holidays must be"):
        policy_from(tables)


def office_with(told):
    policy = load_policy()
    policy = replace(policy, hours=replace(policy.hours, holidays=told))
    return Office(policy, "Test", "questions@network.example", "reply.network.example", "https://rrm.example")
