"""The directory with all that can be opened in it stays inside its cards; on a phone every page of one's own can be reached."""

import pytest

from routing.models import Absence, Expert

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
STICKING_OUT = """[...document.querySelectorAll('.experts td *')].filter((one) => {
  const cell = one.closest('td').getBoundingClientRect(), here = one.getBoundingClientRect();
  return here.width > 1 && !one.closest('.sr') && here.right > cell.right + 1;
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("language", ["en", "el"])
def test_nothing_sticks_out_of_the_directory(open_page, reader, site, shots, language):
    with site.store.transaction() as session:
        session.query(Absence).delete()
        for expert in session.query(Expert).limit(2):
            session.add(Absence(expert_id=expert.id, first_day="2026-11-01", last_day="2026-12-04", source="console"))
    page = open_page(DESKTOP, email=reader(language))
    page.goto(f"{site.base}/directory")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.screenshot(path=f"{shots}/directory-{language}.png", full_page=True)
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every((one) => one.scrollWidth <= one.clientWidth)")


def test_keys_and_webhooks_are_reached_on_a_phone(open_page, site):
    page = open_page(PHONE, email="admin@network.example")
    page.locator(".bottom summary").click()
    for path in ("/keys", "/webhooks"):
        assert page.locator(f".sheet-up a[href='{path}']").is_visible()
