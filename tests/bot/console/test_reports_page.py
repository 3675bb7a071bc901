"""The page of reports and its files; no cell of a file runs as a formula, whatever strangers called themselves."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from bot.console import exports, plots
from bot.console.pages.reports import TABLES
from routing.models import Authority
from routing.reports import Table
from tests.world import ASKER_MAIL, DESK

FORMULAS = ['=HYPERLINK("http://evil.example","x")', "+1+1", "-2", "@SUM(A1)", "\tcmd", "\r=1", "＝1+1"]


@pytest.fixture
def answered(bureau):
    bureau.world.mail(ASKER_MAIL, "How do you pay for a welding workshop?", subject="Welding")
    bureau.assign(DESK)
    bureau.pass_time(hours=3)
    return bureau


def test_the_page_shows_plots_with_their_tables(answered):
    shown = answered.signed_in("observer").get("/reports?months=3")
    assert shown.status_code == 200
    assert shown.text.count('<svg class="plot"') == 7 and shown.text.count("The numbers") == 7
    assert 'href="/reports/tiers.csv?months=3"' in shown.text and "style=" not in shown.text


@pytest.mark.parametrize("name", TABLES)
def test_every_table_comes_as_csv(answered, name):
    response = answered.signed_in("observer").get(f"/reports/{name}.csv?months=3")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(rf'attachment; filename="rrm-{name}-\d{{4}}-\d\d.csv"', response.headers["content-disposition"])
    assert response.content.startswith(b"\xef\xbb\xbf") and len(list(csv.reader(io.StringIO(response.text)))) >= 1


def test_a_table_that_does_not_exist_is_not_there(answered):
    browser = answered.signed_in()
    assert browser.get("/reports/people.csv").status_code == browser.get("/reports/..%2f..%2fetc").status_code == 404


def test_the_workbook_opens_and_holds_every_table(answered):
    book = zipfile.ZipFile(io.BytesIO(answered.signed_in().get("/reports/report.xlsx").content))
    names = [
        sheet.get("name") for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter() if sheet.tag.endswith("}sheet")
    ]
    assert names == list(TABLES)


def test_an_authority_called_like_a_formula_stays_text(answered):
    with answered.store.transaction() as session:
        session.query(Authority).filter_by(slug="trento").one().name = FORMULAS[0]
    browser = answered.signed_in()
    rows = list(csv.reader(io.StringIO(browser.get("/reports/authorities.csv").content.decode("utf-8-sig"))))
    assert rows[1][0] == "'" + FORMULAS[0]
    book = zipfile.ZipFile(io.BytesIO(browser.get("/reports/report.xlsx").content))
    assert all(b"<f>" not in book.read(name) and b"<hyperlink" not in book.read(name) for name in book.namelist())


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_begins_as_a_formula(formula):
    table = Table("t", ("name", formula), [(formula, 3)])
    cells = [cell for row in csv.reader(io.StringIO(exports.as_csv(table).decode("utf-8-sig"))) for cell in row]
    assert cells == ["name", "'" + formula, "'" + formula, "3"]


@pytest.mark.parametrize("rows", [[], [("2026-01", (0, 0))], [("<b>", (1, 2)), ("x", (10**6, 3))]])
def test_a_plot_is_well_formed_and_stays_in_its_frame(rows):
    for svg in (plots.columns("<t>", ("a", "b"), rows), plots.shares("<t>", ("a", "b"), rows, ordered=True)):
        drawn = ElementTree.fromstring(str(svg))
        wide, high = map(float, drawn.get("viewBox").split()[2:])
        for rect in drawn.iter("rect"):
            x, y, w, h = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
            assert x >= 0 and y >= 0 and x + w <= wide + 0.6 and y + h <= high + 0.6
        assert drawn.get("aria-label") == "<t>"


@pytest.mark.parametrize(("most", "lines"), [(0, "01234"), (9, ["0", "5", "10", "15", "20"]), (71, ["0", "20", "40", "60", "80"])])
def test_the_lines_of_a_plot_are_at_round_numbers(most, lines):
    drawn = ElementTree.fromstring(str(plots.columns("t", ("a",), [("2026-11", (most,))])))
    marks = [one.text for one in drawn.iter("text") if one.get("class") == "axis" and one.get("text-anchor") == "end"]
    assert marks == list(lines)


def test_a_month_by_itself(answered):
    browser = answered.signed_in("observer")
    shown = browser.get("/reports?month=2026-11").text
    assert '<option value="" selected>Nov 2026</option>' in shown and 'href="/reports/tiers.csv?month=2026-11"' in shown
    file = browser.get("/reports/months.csv?month=2026-11")
    assert "rrm-months-2026-11.csv" in file.headers["content-disposition"] and file.content.count(b"2026-11") == 1
    before = browser.get("/reports/months.csv?month=2026-10")
    assert before.status_code == 200 and b"2026-" not in before.content
    for nonsense in ("2026-12", "2026-13", "x", "2026-11' OR 1=1"):
        assert "selected>last 12 months" in browser.get("/reports", params={"month": nonsense}).text
