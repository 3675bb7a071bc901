"""The months in figures for anybody: off as shipped, the same for all readers, and nothing to be computed from all of it together."""

import csv
import io
import random
import re
from dataclasses import replace
from datetime import datetime

import numpy
import pytest

from routing import publishing
from routing.languages import LANGUAGES
from routing.models import PublicMonth
from routing.publishing import anonymised
from tests.routing.test_disclosure import PLACES, questions
from tests.world import ASKER_MAIL, DESK

PAGES = ("/public/report", "/public/report/2026-10", "/public/report/2026-10.csv")
MONTHS = {"2026-08": (11, 14), "2026-09": (12, 60), "2026-10": (13, 220)}
FEWEST = 5


@pytest.fixture
def publisher(bureau):
    bureau.world.office.policy = replace(
        bureau.world.office.policy, public=replace(bureau.world.office.policy.public, report=True)
    )
    return bureau


@pytest.fixture
def published(publisher):
    with publisher.store.transaction() as session:
        for month, figures in every_month().items():
            session.add(PublicMonth(month=month, fewest=FEWEST, figures=figures, published_at=publisher.now))
    return publisher


def every_month():
    return {month: anonymised(questions(random.Random(seed), count), PLACES, FEWEST) for month, (seed, count) in MONTHS.items()}


def test_it_is_not_there_unless_the_policy_says_so(bureau):
    with bureau.store.transaction() as session:
        session.add(PublicMonth(month="2026-10", fewest=5, figures=every_month()["2026-10"], published_at=bureau.now))
    for path in PAGES:
        for browser in (bureau.browser(), bureau.signed_in("admin")):
            assert browser.get(path).status_code == 404


def test_before_the_first_month_there_is_nothing_to_see(publisher):
    shown = publisher.browser().get("/public/report")
    assert shown.status_code == 200 and "Nothing has been published yet." in shown.text
    assert publisher.browser().get("/public/report/2026-10").status_code == 404


@pytest.mark.parametrize("month", ["2026-11", "2026-1", "x", "2026-10.csv.csv", "..%2f..%2fetc", "2026-10%00", ".csv"])
def test_a_month_that_was_not_published_is_not_there(published, month):
    assert published.browser().get(f"/public/report/{month}").status_code == 404


def test_one_copy_may_be_kept_for_everybody(published):
    stranger, admin = published.browser(), published.signed_in("admin")
    for path in PAGES:
        shown = stranger.get(path, headers={"accept-language": "it"})
        assert shown.headers["cache-control"] == "public, max-age=3600" and shown.headers["vary"] == "Accept-Language"
        assert "set-cookie" not in shown.headers
        again = admin.get(path, headers={"accept-language": "it"})
        assert again.content == shown.content and "set-cookie" not in again.headers, "who has signed in sees the same"
        kept = stranger.get(path, headers={"accept-language": "it", "if-none-match": shown.headers["etag"]})
        assert (kept.status_code, kept.content) == (304, b"")
        assert stranger.head(path).status_code == 200


def test_whoever_asks_without_end_waits(published):
    browser = published.browser()
    codes = [browser.get(PAGES[2]).status_code for _ in range(301)]
    assert codes[:300] == [200] * 300 and codes[300] == 429
    assert browser.get(PAGES[0]).headers["retry-after"] == "900"
    published.pass_time(minutes=16)
    assert browser.get(PAGES[0]).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_readers_language(published, language):
    titles = {"en": "October 2026", "it": "ottobre 2026", "es": "octubre de 2026", "fr": "octobre 2026", "el": "Οκτώβριος 2026",
              "ro": "octombrie 2026", "hr": "listopad 2026.", "tr": "Ekim 2026"}  # fmt: skip
    wished = published.browser().get(PAGES[0], headers={"accept-language": f"xx, {language};q=0.8"}).text
    asked = published.browser().get(f"{PAGES[0]}?lang={language}", headers={"accept-language": "de"}).text
    for shown in (wished, asked):
        assert f'<html lang="{language}"' in shown and f">{titles[language]}</h1>" in shown
    english = published.browser().get(PAGES[0]).text
    said = "Smaller counts (–), and what they could be worked out from, are withheld"
    assert (said in asked) == (language == "en") and said in english
    assert "https://sdctools.github.io/HandbookSDC/" in asked


def test_a_real_month_says_nothing_of_anybody(publisher):
    """A question with its answer: neither their words nor who wrote them are anywhere on the page or in the file."""
    publisher.world.mail(ASKER_MAIL, "How do you pay for a zanzibarine workshop?", subject="zanzibarine")
    publisher.assign(DESK)
    with publisher.store.transaction() as session:
        publisher.world.office.policy = replace(
            publisher.world.office.policy, public=replace(publisher.world.office.policy.public, fewest=3)
        )
        publishing.publish_due(session, publisher.world.office, datetime.fromisoformat("2026-12-01T09:00+00:00"))
    shown = publisher.browser().get("/public/report")
    assert "Fewer than 3 questions were asked in this month" in shown.text
    for path in ("/public/report", "/public/report/2026-11.csv"):
        text = publisher.browser().get(path).text
        assert not re.search("zanzibarine|trento|lisboa|2026-0001", text, re.IGNORECASE), path


# ---------------------------------------------------------------------------------------------- all of it together


def test_page_and_file_say_the_same(published):
    for month in MONTHS:
        file = {place: value for place, value in lines(published, month).items() if place[0] in publishing.KNOWN}
        shown = published.browser().get(f"/public/report/{month}").text
        for name in publishing.KNOWN:
            part = re.search(rf'<h2 id="t-{name}">.*?</section>', shown, re.DOTALL)[0]
            cells = re.findall(r'<td class="right num">(?:<span aria-hidden="true">(–)</span>.*?|([\d,]+))</td>', part)
            on_page = sorted("" if dash else number.replace(",", "") for dash, number in cells)
            in_file = sorted(value for (table, row, _), value in file.items() if table == name and row)
            assert on_page == in_file, (month, name)


def test_no_withheld_count_follows_from_all_that_is_published(published):
    """Every sum that anybody could know, over all tables, formats and months, as equations: no withheld count has one solution."""
    withheld = {}
    equations = []
    for month in MONTHS:
        file = lines(published, month)
        total = int(file["asked", "", ""])
        unanswered = file.get(("outcomes", "none", ""), "")
        sums = {name: total for name in publishing.KNOWN} | ({"learning": total - int(unanswered)} if unanswered else {})
        for name, known in sums.items():
            cells = {place: value for place, value in file.items() if place[0] == name and place[1]}
            hidden = [(month, *place) for place, value in cells.items() if value == ""]
            for place in hidden:
                withheld.setdefault(place, len(withheld))
            if cells:
                equations.append((hidden, known - sum(int(value) for value in cells.values() if value)))
    assert len(withheld) > 40 and sum(bool(hidden) for hidden, _ in equations) > 5
    matrix = numpy.zeros((len(equations), len(withheld)))
    for row, (hidden, rest) in enumerate(equations):
        assert len(hidden) != 1 and (rest == 0) == (not hidden) and (not hidden or rest >= FEWEST)
        for place in hidden:
            matrix[row, withheld[place]] = 1
    rank = numpy.linalg.matrix_rank(matrix)
    for place in withheld.values():
        only = numpy.zeros((1, len(withheld)))
        only[0, place] = 1
        assert numpy.linalg.matrix_rank(numpy.vstack([matrix, only])) == rank + 1, "this count is not settled by the sums"


def lines(published, month):
    """(table, row, column) -> value, "" where it is withheld."""
    response = published.browser().get(f"/public/report/{month}.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["month", "table", "row", "column", "value", "withheld"] and {row[0] for row in rows[1:]} == {month}
    assert all((row[4] == "") == (row[5] == "c") for row in rows[1:])
    return {tuple(row[1:4]): row[4] for row in rows[1:]}
