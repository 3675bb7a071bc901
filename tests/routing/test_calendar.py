"""When an authority works: hours as written, holidays, exceptions, and clock changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.calendar import CalendarError, Closed, WorkingCalendar
from routing.calendars import calendar_of
from routing.errors import RoutingError
from routing.hours import DAYS, Hours, HoursError, parse_hours, read_hours
from routing.models import Authority

OFFICE = "mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00"


def spans(calendar, day):
    """The day's intervals as (from, to) in UTC, with the date only where it differs from `day`."""
    return [
        tuple(f"{moment:%H:%M}" if moment.date() == day else f"{moment:%d %H:%M}" for moment in each)
        for each in calendar.intervals(day)
    ]


@pytest.mark.parametrize(
    ("text", "json"),
    [
        ("mon 09:00-17:00", {"mon": ["09:00-17:00"]}),
        ("mon-tue 8:00-12:30,13:30-17:00", {"mon": ["08:00-12:30", "13:30-17:00"], "tue": ["08:00-12:30", "13:30-17:00"]}),
        (
            "Mon,WED 09:00-10:00; fri 13:00-14:00,09:00-10:00;",
            {"mon": ["09:00-10:00"], "wed": ["09:00-10:00"], "fri": ["09:00-10:00", "13:00-14:00"]},
        ),
        ("sat-sun 00:00-24:00", {"sat": ["00:00-24:00"], "sun": ["00:00-24:00"]}),
        ("mon 09:00-10:00,10:00-11:00", {"mon": ["09:00-10:00", "10:00-11:00"]}),
        ("  mon   09:00-10:00 , 11:00 - 12:00 ", {"mon": ["09:00-10:00", "11:00-12:00"]}),
    ],
)
def test_hours_are_read_as_people_write_them(text, json):
    assert parse_hours(text).as_json() == json
    assert read_hours(json) == parse_hours(text)
    assert read_hours(text) == read_hours(parse_hours(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        (" ; ", "empty"),
        ("09:00-17:00", '"09:00-17:00" is not a day'),
        ("lun 09:00-17:00", '"lun" is not a day'),
        ("mon-fry 09:00-17:00", '"mon-fry" is not a day'),
        ("fri-mon 09:00-17:00", "runs backwards"),
        ("mon", '"" is not a span'),
        ("mon 09:00", '"09:00" is not a span'),
        ("mon 9-17", '"9" is not a time of day'),
        ("mon 09:60-17:00", '"09:60" is not a time of day'),
        ("mon 09:00-24:01", '"24:01" is not a time of day'),
        ("mon 09:00-09:00", "ends before it begins"),
        ("mon 22:00-06:00", '"22:00-24:00" and, next day'),
        ("mon 09:00-12:00,11:00-13:00", "overlap"),
        ("mon 09:00-12:00; mon-tue 13:00-14:00", '"mon" stands twice'),
        ("mon ٠٩:٠٠-17:00", "is not a time of day"),
    ],
)
def test_wrong_hours_are_refused_with_what_to_write(text, told):
    with pytest.raises(HoursError, match=".*".join(told.split("*"))) as refused:
        parse_hours(text)
    assert told in str(refused.value)
    assert isinstance(refused.value, RoutingError)


@given(st.dictionaries(st.sampled_from(DAYS), st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True), min_size=1))
def test_any_hours_survive_being_stored(week):
    pairs = {day: sorted(minutes) for day, minutes in week.items()}
    hours = Hours(tuple(tuple(zip(pairs.get(day, [])[::2], pairs.get(day, [])[1::2], strict=False)) for day in DAYS))
    assert read_hours(hours.as_json()) == hours


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 12, 23), None),
        (date(2026, 12, 24), Closed("exception", "Christmas Eve")),
        (date(2026, 12, 25), Closed("holiday", "Christmas Day")),
        (date(2026, 12, 26), Closed("weekend")),  # Saint Stephen, but a Saturday anyway
        (date(2026, 5, 25), Closed("holiday", "Pentecost Monday")),  # South Tyrol only
        (date(2026, 6, 2), None),  # a holiday on which this authority opens
        (date(2026, 6, 3), Closed("exception", "")),
    ],
)
def test_a_closed_day_says_why(day, closed):
    exceptions = {
        "2026-12-24": {"hours": "closed", "name": "Christmas Eve"},
        "2026-06-02": {"hours": "09:00-12:00", "name": "open day"},
        "2026-06-03": "closed",
    }
    calendar = WorkingCalendar.of("Europe/Rome", OFFICE, "IT", "BZ", exceptions)
    assert calendar.why_closed(day) == closed
    assert calendar.is_working_day(day) == (closed is None)


def test_an_exception_may_open_a_sunday():
    calendar = WorkingCalendar.of("Europe/Athens", OFFICE, "GR", None, {"2026-03-01": "10:00-12:00"})
    assert spans(calendar, date(2026, 3, 1)) == [("08:00", "10:00")]


@pytest.mark.parametrize(
    ("zone", "hours", "day", "expected"),
    [
        # lunch break, winter and summer
        ("Europe/Rome", OFFICE, date(2026, 1, 12), [("07:00", "11:30"), ("12:30", "16:00")]),
        ("Europe/Rome", OFFICE, date(2026, 7, 13), [("06:00", "10:30"), ("11:30", "15:00")]),
        # clocks forward at 02:00 to 03:00: 23 hours, and the skipped hour is nobody's
        ("Europe/Rome", "mon-sun 00:00-24:00", date(2026, 3, 29), [("28 23:00", "22:00")]),
        ("Europe/Rome", "sun 02:15-02:45", date(2026, 3, 29), []),
        ("Europe/Rome", "sun 01:30-03:30", date(2026, 3, 29), [("00:30", "01:30")]),
        # clocks back at 03:00 to 02:00: 25 hours, and the hour that comes twice counts twice
        ("Europe/Rome", "mon-sun 00:00-24:00", date(2026, 10, 25), [("24 22:00", "23:00")]),
        ("Europe/Rome", "sun 02:15-02:45", date(2026, 10, 25), [("00:15", "00:45"), ("01:15", "01:45")]),
        # Lord Howe moves by half an hour: 02:00 to 02:30 in October, 02:00 to 01:30 in April
        ("Australia/Lord_Howe", "sun 01:00-03:00", date(2026, 10, 4), [("03 14:30", "03 16:00")]),
        ("Australia/Lord_Howe", "sun 01:30-02:00", date(2026, 4, 5), [("04 14:30", "04 15:30")]),
        # Chatham is 12:45 or 13:45 ahead and changes at 02:45
        ("Pacific/Chatham", "sun 02:00-04:00", date(2026, 9, 27), [("26 13:15", "26 14:15")]),
        ("Pacific/Chatham", "sun 09:00-10:00", date(2026, 4, 5), [("04 20:15", "04 21:15")]),
        # Istanbul has stayed at +3 since 2016
        ("Europe/Istanbul", "sun 02:00-04:00", date(2026, 3, 29), [("28 23:00", "01:00")]),
        # Cairo and Beirut change at midnight
        ("Africa/Cairo", "thu-fri 00:00-24:00", date(2026, 4, 24), [("23 22:00", "21:00")]),
        ("Africa/Cairo", "thu-fri 00:00-24:00", date(2026, 10, 29), [("28 21:00", "22:00")]),
        ("Asia/Beirut", "sun 00:00-01:00", date(2026, 3, 29), []),
        # neighbours join: no minute is lost between two spans, nor at 24:00
        ("UTC", "mon-tue 00:00-12:00,12:00-24:00", date(2026, 1, 5), [("00:00", "06 00:00")]),
        # a whole day that never was: Samoa went over the date line
        ("Pacific/Apia", "fri 00:00-24:00", date(2011, 12, 30), []),
    ],
)  # fmt: skip
def test_intervals_follow_the_clock_on_the_wall(zone, hours, day, expected):
    assert spans(WorkingCalendar.of(zone, hours), day) == expected


def test_a_day_swallowed_by_the_clock_says_so():
    calendar = WorkingCalendar.of("Europe/Rome", "sun 02:15-02:45")
    assert calendar.why_closed(date(2026, 3, 29)) == Closed("exception", "clock change")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"zone": "Europe/Rom"}, '"Europe/Rom"'),
        ({"zone": "Europe"}, '"Europe"'),
        ({"zone": "../../etc/passwd"}, "IANA"),
        ({"zone": ""}, "IANA"),
        ({"country": "XX"}, '"XX-BZ"'),
        ({"subdivision": "QQ"}, '"IT-QQ"'),
        ({"exceptions": {"24.12.2026": "closed"}}, '"24.12.2026"'),
        ({"exceptions": {"2026-12-24": "morning"}}, '"morning"'),
        ({"hours": {"mon": ["9 to 5"]}}, '"9 to 5"'),
    ],
)
def test_a_wrong_calendar_is_refused_when_it_is_made(wrong, told):
    right = {"zone": "Europe/Rome", "hours": OFFICE, "country": "IT", "subdivision": "BZ"}
    with pytest.raises((CalendarError, HoursError)) as refused:
        WorkingCalendar.of(**(right | wrong))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "holiday"),
    [
        ("EL", None, date(2026, 3, 25), True),  # as Eurostat writes Greece
        ("uk", "SCT", date(2026, 11, 30), True),  # Saint Andrew
        ("GB", "ENG", date(2026, 11, 30), False),
        ("IT", "IT-BZ", date(2026, 5, 25), True),  # as ISO 3166-2 writes it
        ("IT", None, date(2026, 5, 25), False),
        ("RO", None, date(2026, 12, 1), True),
        ("HR", None, date(2026, 6, 22), True),
        ("TR", None, date(2026, 5, 28), True),  # Feast of the Sacrifice
        ("ES", "CT", date(2026, 9, 11), True),
        ("FR", None, date(2026, 7, 14), True),
        (None, None, date(2026, 12, 25), False),
    ],
)
def test_holidays_belong_to_a_place(country, subdivision, day, holiday):
    calendar = WorkingCalendar.of("Europe/Rome", "mon-sun 00:00-24:00", country, subdivision)
    assert calendar.is_working_day(day) is not holiday


def test_the_version_changes_with_anything_that_changes_working_time():
    told = [
        ("Europe/Rome", OFFICE, "IT", "BZ", None),
        ("Europe/Zurich", OFFICE, "IT", "BZ", None),
        ("Europe/Rome", "mon 08:00-09:00", "IT", "BZ", None),
        ("Europe/Rome", OFFICE, "FR", None, None),
        ("Europe/Rome", OFFICE, "IT", None, None),
        ("Europe/Rome", OFFICE, "IT", "BZ", {"2026-12-24": "closed"}),
        ("Europe/Rome", OFFICE, "IT", "BZ", {"2026-12-24": "08:00-09:00"}),
    ]
    versions = [WorkingCalendar.of(*each).version for each in told]
    assert len(set(versions)) == len(told)
    assert WorkingCalendar.of(*told[0]).version == versions[0]
    assert len(versions[0]) == 12


def test_the_version_does_not_depend_on_the_order_in_which_things_are_told():
    one = WorkingCalendar.of(
        "UTC", "fri 08:00-09:00; mon 08:00-09:00", None, None, {"2026-01-02": "closed", "2026-01-01": "closed"}
    )
    two = WorkingCalendar.of(
        "UTC", {"mon": ["08:00-09:00"], "fri": ["08:00-09:00"]}, None, None, {"2026-01-01": "closed", "2026-01-02": "closed"}
    )
    assert one == two
    assert one.version == two.version
    assert hash(one) == hash(two)


@pytest.mark.parametrize("zone", ["Europe/Rome", "Australia/Lord_Howe", "Africa/Cairo", "America/St_Johns", "Asia/Beirut", "UTC"])
def test_round_the_clock_every_moment_is_somebodys(zone):
    """2026 has no gap and no overlap: each day ends where the next begins."""
    calendar = WorkingCalendar.of(zone, "mon-sun 00:00-24:00")
    days = [date(2026, 1, 1) + timedelta(days=each) for each in range(366)]
    ends = None
    for day in days:
        (interval,) = calendar.intervals(day)
        assert ends in (None, interval.start)
        ends = interval.end


def test_two_people_may_share_a_calendar_value():
    assert len({WorkingCalendar.of("UTC", OFFICE), WorkingCalendar.of("UTC", OFFICE)}) == 1


def test_the_calendar_of_an_authority_is_its_own_or_none():
    """Hours are never guessed; calendars of equal entries are one, and a changed entry has another."""
    told = dict(zone="Europe/Rome", country="IT", subdivision="TN", exceptions={})
    trento, same = (Authority(hours={"mon": ["09:00-12:00"]}, **told) for _ in range(2))
    assert calendar_of(trento) is calendar_of(same)
    same.hours = {"mon": ["09:00-13:00"]}
    same.exceptions = {"2026-12-24": "closed"}
    assert calendar_of(same).hours != calendar_of(trento).hours and calendar_of(same).special_days
    with pytest.raises(HoursError, match="empty"):
        calendar_of(Authority(hours={}, **told))
