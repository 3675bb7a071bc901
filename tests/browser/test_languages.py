"""What coordinators look at all day, in Greek and Turkish: it fits phone and desk, and axe finds no barrier."""

import pytest

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
