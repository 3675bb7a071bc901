"""The working-time arithmetic against a minute-by-minute count: 20,000 random cases in 24 zones and 21 countries."""

import os
from datetime import timedelta

import pytest

from routing.calendar import WorkingCalendar
from routing.deadlines import add_working_days, add_working_time, next_working_moment, working_time_between
from tests.routing.reference_calendar import PLACES, Reference, random_case, random_exceptions, seeded, windows_of_interest

SEED = int(os.environ.get("RRM_TEST_SEED", "20260101"))
CASES_PER_PLACE = 840  # 24 places: 20,160 cases


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
def test_fast_and_slow_agree(place):
    luck = seeded(SEED, place[0])
    closed, other, told = random_exceptions(luck)
    reference = Reference(*place, closed, other)
    calendar = WorkingCalendar.of(place[0], place[3], place[1], place[2], told)
    windows = windows_of_interest(luck, place[0])
    windows = luck.sample(windows, min(8, len(windows)))
    for number in range(CASES_PER_PLACE):
        start, days, seconds = random_case(luck, windows)
        where = f"seed {SEED}, case {number}: {place[0]} from {start.isoformat()}"
        assert_same(reference, calendar, start, days, seconds, where)


def assert_same(reference, calendar, start, days, seconds, where):
    assert next_working_moment(start, calendar) == reference.next_working_moment(start), where
    due = add_working_days(start, days, calendar)
    assert due.at == reference.after_days(start, days), f"{where}, {days} days"
    assert [each["day"] for each in due.explanation["skipped"]] == reference.days_off(start, due.at), f"{where}, {days} days"
    spent = add_working_time(start, timedelta(seconds=seconds), calendar)
    assert spent.at == reference.after_seconds(start, seconds), f"{where}, {seconds} s"
    minute = start.replace(second=0)
    assert working_time_between(minute, due.at, calendar).total_seconds() == reference.seconds_between(minute, due.at), where
