"""What coordinators look at all day, in Greek and Turkish: it fits phone and desk, and axe finds no barrier. In no language does a
word of the queue lie on another, or a word of a plot beyond its edge."""

import pytest

from routing.languages import LANGUAGES
from routing.models import Answer, Fiche, InboxMessage, Question

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# Language, size, and the scheme in which axe looks; pictures are taken in both.
LOOKS = {
    "el-phone": ("el", PHONE, "light"),
    "el-desk": ("el", DESKTOP, "dark"),
    "tr-phone": ("tr", PHONE, "dark"),
    "tr-desk": ("tr", DESKTOP, "light"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_a_day_in_another_language(look, open_page, reader, site, shots):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    language, size, looked_at = LOOKS[look]
    page = open_page(size, looked_at, email=reader(language), bypass_csp=True)  # axe is put into the page by the test
    found = {}
    for name, path in _pages(site).items():
        page.goto(f"{site.base}/{path}")
        assert page.evaluate("document.documentElement.lang") == language
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
        for one in axe.run(page).response["violations"]:
            found[f"{path}: {one['id']}"] = [node["html"][:160] for node in one["nodes"]][:3]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{shots}/{name}-{look}-{scheme}.png")
        page.emulate_media(color_scheme=looked_at)
    assert not found


# Rows below the screen of a phone are laid out only when they come into sight.
DRAWN = "document.querySelectorAll('.item').forEach(row => { row.style.contentVisibility = 'visible' })"
# What of a row lies on what else of it, more than the 3 px that the dots reach over a gap; and which tab or word of a plot begins left of its frame or ends right of it.
OVERLAPPING = """[...document.querySelectorAll('.item')].flatMap(row => {
  const parts = [...row.querySelectorAll('.pick, .clock, .line, .about, .side .chip, .side .num')].map(one => [one, one.getBoundingClientRect()]);
  return parts.flatMap(([one, a], place) => parts.slice(place + 1)
    .filter(([_, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
    .map(([other]) => `${one.textContent} / ${other.textContent}`));
})"""
CUT = """(inside, frame) => [...document.querySelectorAll(inside)].filter(one => {
  const here = one.getBoundingClientRect(), around = one.closest(frame).getBoundingClientRect();
  return here.left < around.left - 1 || here.right > around.right + 1;
}).map(one => one.textContent)"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_lies_on_another_or_is_cut(language, open_page, reader, site):
    page = open_page(email=reader(language))
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for path in ("queue?tab=open", "queue?tab=asker"):
            page.goto(f"{site.base}/{path}")
            assert page.locator(".item").count() > 20
            page.evaluate(DRAWN)
            assert page.evaluate(OVERLAPPING) == [], (path, size)
            if size == DESKTOP:
                assert page.evaluate(f"({CUT})('.tab', '.tabs')") == [], path
        page.goto(f"{site.base}/reports")
        assert page.evaluate(f"({CUT})('.plot text', '.plot')") == [], size


def _pages(site):
    numbers = {one.id: one.number for one in site.world.all(Question)}
    waiting = next(one for one in site.world.all(Answer) if one.state == "waiting")
    held, fiche = site.world.all(InboxMessage, state="held")[0], site.world.all(Fiche, status="published")[0]
    return {
        "queue": "queue?tab=open",
        "question": f"questions/{numbers[waiting.question_id]}",
        "held": "held",
        "held-one": f"held/{held.id}",
        "fiche": f"fiches/{fiche.slug}",
        "preview": f"fiches/{fiche.slug}/preview",
        "reports": "reports",
    }
