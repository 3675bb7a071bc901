"""The sentence that explains a deadline says what the arithmetic did: its numbers and days are read back, in eight languages."""

import re
import tomllib
import unicodedata
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from routing.calendar import WorkingCalendar, public_holidays
from routing.deadlines import after
from routing.languages import LANGUAGES
from routing.letters import holidays
from routing.letters.deadline import explain
from routing.letters.holidays import holiday_name
from routing.policy import Term

PLACES = (
    ("Europe/Rome", "IT"), ("Europe/Madrid", "ES"), ("Europe/Paris", "FR"), ("Europe/Athens", "GR"), ("Europe/Bucharest", "RO"),
    ("Europe/Zagreb", "HR"), ("Europe/Istanbul", "TR"), ("Australia/Lord_Howe", "AU"), ("Pacific/Chatham", "NZ"),
)  # fmt: skip
WEEK = "mon-fri 08:30-12:30,13:30-17:00"
DAY = timedelta(days=1)
NUMBER_AND_WORD = re.compile(r"(\d{1,2})(?:er|\.)? (?:de )?([^\W\d_]+)(?: (?:de )?(\d{4}))?")


def months(language):
    return {name: number for number, name in Locale(language).months["format"]["wide"].items()}


def days_in(text, language, since):
    """Each day that the text names, in order; without a year it is the first such day that is not before `since`."""
    for found in NUMBER_AND_WORD.finditer(text):
        if (month := months(language).get(found[2])) is not None:
            years = [int(found[3])] if found[3] else [since.year, since.year + 1]
            yield next(day for year in years if (day := date(year, month, int(found[1]))) >= since)


def read(sentence, language):
    """(amount, first day, days skipped by name, weekends skipped, due day, due time of day)"""
    said = re.split(r"\s*[;·] ", re.sub(r"\s*\([^()]*\)", "", sentence))
    began, due = said[0], said[-1]
    [first] = days_in(began, language, date.min)
    [last] = days_in(due, language, date.min)
    skipped, weekends = set(), 0
    for part in re.split(r"(?<!\d), | (?:and|e|y|et|και|și|i|ve) ", said[1].partition(": ")[2] if len(said) == 3 else ""):
        named = list(days_in(part, language, first))
        if named:
            skipped |= {named[0] + DAY * number for number in range((named[-1] - named[0]).days + 1)}
        elif part:
            weekends = int(re.search(r"\d+", part)[0])
    return int(re.match(r"\d+", began)[0]), first, skipped, weekends, last, re.search(r"\d\d:\d\d", due)[0]


def cases(count):
    luck = Random(20260301)
    for _ in range(count):
        zone, country = luck.choice(PLACES)
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=luck.randrange(5 * 365 * 24 * 60))
        yield zone, WorkingCalendar.of(zone, WEEK, country), Term(luck.randint(1, 30), "working_days"), start


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_sentence_says_is_what_was_counted(language):
    for zone, calendar, term, start in cases(150):
        due = after(start, term, calendar)
        sentence = explain(due.explanation, language)
        amount, first, skipped, weekends, last, time = read(sentence, language)
        there = due.at.astimezone(ZoneInfo(zone))
        assert (amount, last, time) == (term.amount, there.date(), f"{there:%H:%M}"), sentence
        named = {date.fromisoformat(one["day"]) for one in due.explanation["skipped"] if one["why"] != "weekend"}
        assert skipped == {day for day in named if day > first}, sentence  # what lies before the first day was not waited through
        between = [first + DAY * number for number in range(1, (last - first).days + 1)]
        assert len([day for day in between if day.weekday() < 5 and day not in skipped]) == amount, sentence
        saturdays = {day - DAY * (day.weekday() - 5) for day in between if day.weekday() >= 5}
        assert weekends == len(saturdays), sentence


@pytest.mark.parametrize("language", holidays.OTHERS)
def test_every_holiday_has_a_name_in_the_letters_of_the_language(language):
    place, script = holidays.OTHERS.index(language), "GREEK" if language == "el" else "LATIN"
    names = tomllib.loads(holidays.LIST.read_text("utf-8"))
    for english, told in names.items():
        assert len(told) == len(holidays.OTHERS), english
        assert all(unicodedata.name(letter).startswith(script) for letter in told[place] if letter.isalpha()), told[place]


def test_holidays_of_the_network_are_named():
    """Of the days of the network's own countries nearly all; what is not listed keeps the name it came with."""
    countries = ("IT", "ES", "FR", "GR", "RO", "HR", "TR")
    days = {name for country in countries for year in range(2026, 2032) for name in public_holidays(country, None, year).values()}
    unnamed = {name for name in days if holiday_name(name, "it") == name}
    assert len(unnamed) <= len(days) / 5, unnamed
    assert holiday_name("Christmas Day", "it") == "Natale" and holiday_name("Christmas Day (observed)", "tr") == "Noel"
    assert holiday_name("Children's Day; Pentecost", "ro") == "Ziua Copilului; Rusaliile"
    assert holiday_name("Founders' Day", "fr") == "Founders' Day" and holiday_name("Christmas Day", "en") == "Christmas Day"
