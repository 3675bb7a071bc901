"""The editor of a fiche, in the states in which people see it: it fits its screen, axe finds no barrier, nothing typed is lost."""

import pytest

from routing import editing, fiches, validating
from routing.models import Fiche

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# Language, size and scheme; every page is looked at in each.
LOOKS = {
    "en-desk": ("en", DESKTOP, "light"),
    "en-phone": ("en", PHONE, "dark"),
    "el-phone": ("el", PHONE, "light"),
    "tr-desk": ("tr", DESKTOP, "dark"),
}
LONG = "Sürdürülebilirlik " * 20


@pytest.fixture
def begun(site):
    """A draft with a source text, as its writer left it."""

    def make(title):
        with site.store.transaction() as session:
            slug = editing.create(session, title, "en", by="user:77", now=site.service.clock.now()).slug
            facts = {"themes": ["mobility"], "sources": ["https://province.example/van"], "author": "Adviser, Province"}
            sections = {"activities": "• A van\n• three valleys", "challenge": "Mrs Example asked for it."}
            draft = editing.Draft("en", title, "A van for the valleys.", sections, facts, True)
            editing.save(session, slug, draft, by="user:77", now=site.service.clock.now(), revision=0)
        return slug

    return make


def sent(page):
    """Press the form's own button and wait for what it leads to."""
    with page.expect_navigation():
        page.locator("main form[data-guard] button.main").click()


@pytest.mark.parametrize("look", LOOKS)
def test_the_editor_has_no_barrier_in_any_of_its_states(look, open_page, reader, begun, site, shots):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    language, size, scheme = LOOKS[look]
    page = open_page(size, scheme, email=reader(language), expecting=(" 409 ", " 422 "), bypass_csp=True)
    slug, found = begun(f"A van in {look}"), {}
    url = f"{site.base}/fiches/{slug}"

    def seen(name):
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        page.screenshot(path=f"{shots}/editor-{name}-{look}.png", full_page=True)
        for one in axe.run(page).response["violations"]:
            found[f"{name}: {one['id']}"] = [node["html"][:160] for node in one["nodes"]][:3]

    page.goto(f"{site.base}/fiches/new")
    page.locator("#title").fill(f"A van in {look}")
    with page.expect_navigation():
        page.locator("main form button.main").click()
    assert page.locator("#title-wrong").is_visible()
    seen("new-again")
    page.goto(f"{url}/edit")
    seen("existing")
    page.locator("#year_start").fill("soon")
    page.locator("#owner").fill(LONG[:200])
    sent(page)
    assert page.evaluate("document.activeElement.id") == "year_start"
    seen("wrong")
    with site.store.transaction() as session:
        fiches.get(session, slug).revision += 1
    page.locator("#year_start").fill("2019")
    sent(page)
    assert page.locator(".overtaken").is_visible()
    seen("overtaken")
    sent(page)
    page.goto(f"{url}/edit?language=hr")
    assert page.locator(".abreast .beside").first.inner_text() == f"A van in {look}"
    beside, field = (page.locator(one).first.bounding_box() for one in (".abreast:not(.heads) .beside", ".abreast .field"))
    assert beside["y"] + beside["height"] <= field["y"] if size == PHONE else beside["x"] + beside["width"] <= field["x"]
    seen("translation")
    with site.store.transaction() as session:
        fiche = fiches.get(session, slug)
        validating.ask_for_review(session, site.service.office, slug, by="user:77", now=site.service.clock.now(), revision=fiche.revision)
    page.goto(url)
    seen("review")
    assert not found


def test_a_wrong_click_does_not_lose_what_was_typed(open_page, begun, site):
    page = open_page()
    slug = begun("A van that nobody loses")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{site.base}/fiches/{slug}/edit")
    page.locator("#resources").press_sequentially("Three valleys pay")
    page.locator("[data-up]").click()
    page.wait_for_url(f"**/fiches/{slug}*")
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Edit").click()
    page.locator("#resources").press_sequentially("Three valleys pay")
    sent(page)
    assert asked == ["beforeunload"] and page.get_by_text("Three valleys pay").is_visible()


def test_a_day_of_a_fiche_from_draft_to_publication(open_page, begun, site):
    writer, other = open_page(expecting=(" 422 ",)), open_page(email="admin@network.example")
    slug = begun("A van from draft to publication")
    url = f"{site.base}/fiches/{slug}"

    def pressed(page, name):
        with page.expect_navigation():
            page.get_by_role("button", name=name).first.click()

    writer.goto(f"{url}/edit")
    writer.locator("#country").select_option("IT")
    sent(writer)
    pressed(writer, "Ask for a review")
    other.goto(f"{site.base}/fiches?tab=review")
    other.get_by_role("link", name="A van from draft to publication").click()
    other.locator("#remark").fill("Since which year?")
    pressed(other, "Ask for changes")
    writer.goto(f"{site.base}/fiches?tab=draft")
    assert "changes requested" in writer.locator(f"[data-row='{slug}']").inner_text()
    writer.goto(f"{url}/edit")
    writer.locator("#year_start").fill("2019")
    sent(writer)
    assert "Since which year?" in writer.locator("main").inner_text()
    pressed(writer, "Ask for a review")
    pressed(writer, "Validate for the network")
    assert "somebody else must validate it" in writer.locator("main").inner_text()
    other.goto(url)
    pressed(other, "Validate for the network")
    assert other.locator(".ladder [aria-current=step]").inner_text() == "validated by the network"
    pressed(other, "Publish")
    assert site.world.all(Fiche, slug=slug)[0].status == "published"
