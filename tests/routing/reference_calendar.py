"""Working time counted the slow way, to check the fast way against.

Nothing of the package is used. Every minute of UTC is looked at in turn: zoneinfo says what the wall clock shows, and a
plain table says whether people work then. Days once looked at are remembered, else a million cases would take a week.
"""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

MINUTE = timedelta(minutes=1)
OFFICE = "mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00"
LONG = "mon-fri 09:00-17:00; sat 09:00-12:00"
ALWAYS = "mon-sun 00:00-24:00"
NIGHTS = "mon,wed,fri 22:15-24:00; tue,thu,sat,sun 00:00-02:45,22:00-24:00"
EARLY = "sun 00:30-03:30; mon-tue 01:00-02:00,02:00-02:10; thu 23:59-24:00"

# zone, country, subdivision, hours: 24 zones, 21 countries, with every kind of clock change there is today.
PLACES = (
    ("Europe/Rome", "IT", "BZ", OFFICE),
    ("Europe/Madrid", "ES", "AN", LONG),
    ("Atlantic/Canary", "ES", "CN", NIGHTS),
    ("Europe/Paris", "FR", None, OFFICE),
    ("Europe/Athens", "GR", None, LONG),
    ("Europe/Bucharest", "RO", None, ALWAYS),
    ("Europe/Zagreb", "HR", None, OFFICE),
    ("Europe/Istanbul", "TR", None, OFFICE),
    ("Europe/Berlin", "DE", "BY", EARLY),
    ("Europe/Lisbon", "PT", None, NIGHTS),
    ("Atlantic/Azores", "PT", None, EARLY),
    ("Europe/Dublin", "IE", None, ALWAYS),
    ("Europe/Chisinau", "MD", None, NIGHTS),
    ("Australia/Lord_Howe", "AU", "NSW", EARLY),
    ("Pacific/Chatham", "NZ", None, NIGHTS),
    ("America/Sao_Paulo", "BR", "SP", LONG),
    ("America/St_Johns", "CA", "NL", EARLY),
    ("America/Havana", "CU", None, EARLY),
    ("America/Santiago", "CL", None, NIGHTS),
    ("Africa/Casablanca", "MA", None, EARLY),
    ("Africa/Cairo", "EG", None, NIGHTS),
    ("Asia/Beirut", "LB", None, EARLY),
    ("Asia/Kolkata", "IN", None, LONG),
    ("UTC", None, None, OFFICE),
)


class Reference:
    """One authority, asked minute by minute. `closed` holds dates, `other` dates with (from, to) minutes."""

    def __init__(self, zone, country, subdivision, hours, closed=(), other=None):
        self.zone, self.table = ZoneInfo(zone), weekly_table(hours)
        self.holidays = holidays.country_holidays(country, subdiv=subdivision) if country else {}
        self.closed, self.other = set(closed), other or {}
        self.minutes, self.stretches = {}, {}

    def works_at(self, at):
        """Does the clock on the wall show a working minute at this minute of UTC?"""
        wall = at.astimezone(self.zone)
        return wall.hour * 60 + wall.minute in self.working_minutes(wall.date())

    @cache  # noqa: B019  - lives as long as the test
    def working_minutes(self, day):
        if day in self.other:
            return set(range(*self.other[day]))
        if day in self.closed or day in self.holidays:
            return set()
        return self.table[day.weekday()]

    def day_of(self, ordinal):
        """One day of UTC: 1440 bytes (1 = working), and its stretches [local date, first minute, last minute]."""
        if ordinal not in self.minutes:
            midnight = datetime.combine(date.fromordinal(ordinal), datetime.min.time(), UTC)
            shown, stretches = bytearray(1440), []
            for minute in range(1440):
                at = midnight + minute * MINUTE
                if self.works_at(at):
                    shown[minute] = 1
                    local = at.astimezone(self.zone).date()
                    if stretches and stretches[-1][0] == local:
                        stretches[-1][2] = minute
                    else:
                        stretches.append([local, minute, minute])
            self.minutes[ordinal], self.stretches[ordinal] = bytes(shown), stretches
        return self.minutes[ordinal], self.stretches[ordinal]

    def next_working_moment(self, start):
        ordinal, minute = start.toordinal(), start.hour * 60 + start.minute
        if self.day_of(ordinal)[0][minute]:
            return start
        while True:
            found = self.day_of(ordinal)[0].find(1, minute)
            if found >= 0:
                return moment(ordinal, found)
            ordinal, minute = ordinal + 1, 0

    def after_days(self, start, days):
        """Closing time of the n-th later date on which somebody works."""
        counted_from = self.next_working_moment(start)
        today, ordinal, last = counted_from.astimezone(self.zone).date(), counted_from.toordinal(), None
        seen, ahead = {today}, 3
        while ahead:
            for local, _, end in self.day_of(ordinal)[1]:
                if local > today and len(seen) <= days:
                    seen.add(local)
                if local == max(seen):
                    last = moment(ordinal, end + 1)
            ordinal += 1
            if len(seen) > days:  # two more days of UTC may still hold minutes of the last local day
                ahead -= 1
        return last

    def after_seconds(self, start, seconds):
        at = self.next_working_moment(start)
        if not seconds:
            return at
        ordinal, minute, spent = at.toordinal(), at.hour * 60 + at.minute, at.second
        while True:
            shown = self.day_of(ordinal)[0]
            if not spent and shown.count(1, minute) * 60 < seconds:
                seconds -= shown.count(1, minute) * 60
                ordinal, minute = ordinal + 1, 0
                continue
            if shown[minute]:
                if seconds <= 60 - spent:
                    return moment(ordinal, minute) + timedelta(seconds=spent + seconds)
                seconds -= 60 - spent
            spent, minute = 0, minute + 1
            if minute == 1440:
                ordinal, minute = ordinal + 1, 0

    def seconds_between(self, start, end):
        """Whole minutes only: both moments must be full minutes."""
        total, at, stop = 0, start.toordinal(), end.toordinal()
        for ordinal in range(at, stop + 1):
            low = start.hour * 60 + start.minute if ordinal == at else 0
            high = end.hour * 60 + end.minute if ordinal == stop else 1440
            total += self.day_of(ordinal)[0].count(1, low, high) * 60 if low < high else 0
        return total

    def days_off(self, start, due):
        """The local dates from the start to the last minute before `due` on which nobody works."""
        first, last = start.astimezone(self.zone).date(), (due - MINUTE).astimezone(self.zone).date()
        working = {
            local for ordinal in range(first.toordinal() - 1, last.toordinal() + 2) for local, _, _ in self.day_of(ordinal)[1]
        }
        days = (first + timedelta(days=each) for each in range((last - first).days + 1))
        return [day.isoformat() for day in days if day not in working]


def weekly_table(hours):
    """Seven sets of working minutes, read from the same text in another way: by writing out each day."""
    names, table = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], [set() for _ in range(7)]
    for part in hours.split(";"):
        days, spans = part.split()
        for piece in days.split(","):
            ends = [names.index(name) for name in piece.split("-")]
            for weekday in range(ends[0], ends[-1] + 1):
                for span in spans.split(","):
                    low, high = (60 * int(time[:2]) + int(time[3:]) for time in span.split("-"))
                    table[weekday] |= set(range(low, high))
    return table


def moment(ordinal, minute):
    return datetime.combine(date.fromordinal(ordinal), datetime.min.time(), UTC) + minute * MINUTE


def random_exceptions(luck, first=date(2026, 1, 1), last=date(2031, 12, 31)):
    """About ten dates a year: two thirds closed, one third with other hours. As (closed, other, JSON for the calendar)."""
    closed, other, told = set(), {}, {}
    for _ in range(60):
        day = first + timedelta(days=luck.randrange((last - first).days))
        if day in closed or day in other:
            continue
        if luck.random() < 0.66:
            closed.add(day)
            told[day.isoformat()] = "closed"
        else:
            low = luck.randrange(0, 1380)
            high = luck.randrange(low + 1, 1441)
            other[day] = (low, high)
            told[day.isoformat()] = {"hours": f"{low // 60:02}:{low % 60:02}-{high // 60:02}:{high % 60:02}", "name": "open"}
    return closed, other, told


def random_case(luck, windows):
    """(start, days, seconds): a start in one of the windows (first day, days), an amount of days and one of working time."""
    first, days = luck.choice(windows)
    start = datetime.combine(first, datetime.min.time(), UTC) + timedelta(seconds=luck.randrange(days * 86400))
    return start, luck.choice((0, 1, 2, 3, 5, 10)), luck.choice((0, 1, 59, 60, 3600, 4 * 3600, luck.randrange(200_000)))


def windows_of_interest(luck, zone, years=range(2026, 2032)):
    """Three days around each clock change and each new year, and some days anywhere."""
    tz, windows = ZoneInfo(zone), []
    for year in years:
        windows.append((date(year, 12, 30) if year < years[-1] else date(year, 12, 1), 4))
        noon = datetime(year, 1, 1, 12, tzinfo=UTC)
        for each in range(365):
            before, behind = (noon + timedelta(days=each + step) for step in (0, 1))
            if before.astimezone(tz).utcoffset() != behind.astimezone(tz).utcoffset():
                windows.append((before.date() - timedelta(days=1), 3))
    anywhere = [date(luck.choice(years), luck.randrange(1, 12), luck.randrange(1, 28)) for _ in range(4)]
    return windows + [(day, 5) for day in anywhere]


def seeded(seed, place):
    return random.Random(f"{seed}:{place}")
