"""The console in a real browser: keys, what refreshes itself, two coordinators at once, and no barrier for anybody."""

import re
import time

import pytest

from routing.models import Assignment, OutboxMessage, Question
from tests.world import ASKER_MAIL

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
ADMIN = "admin@network.example"


def open_numbers(site, **where):
    return [one.number for one in site.world.all(Question, **where) if one.state != "closed"]


def test_the_queue_is_worked_by_keys_alone(open_page, site):
    page = open_page()
    page.keyboard.press("?")
    assert page.get_by_role("heading", name="Keyboard shortcuts").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    rows = page.locator("[data-row]")
    number = rows.nth(1).get_attribute("data-row")
    assert rows.nth(1).get_attribute("class").split()[-1] == "at"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/questions/{number}")
    page.keyboard.press("n")
    page.keyboard.type("Written without a mouse: j k ? /")
    assert page.locator("#note-text").input_value() == "Written without a mouse: j k ? /"
    page.get_by_role("button", name="Add the note").click()
    page.wait_for_url(f"**/questions/{number}")
    assert page.get_by_text("Written without a mouse").is_visible()
    page.locator("body").press("u")
    page.wait_for_url("**/queue")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "words"


def test_a_new_question_appears_by_itself_and_the_marked_row_stays_marked(open_page, site):
    page = open_page()
    page.goto(f"{site.base}/queue?tab=open&words=zebra")
    assert page.get_by_text("Nothing matches these filters").is_visible()
    site.world.mail(ASKER_MAIL, "Is there a zebra crossing for apprentices?")
    page.get_by_text("Is there a zebra crossing").wait_for(timeout=90_000)
    page.keyboard.press("j")
    site.world.mail("second@cluj.example", "And a second zebra question?")
    page.get_by_text("And a second zebra").wait_for(timeout=90_000)
    assert "zebra crossing" in page.locator("[data-row].at").inner_text()
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")


def test_what_is_meant_is_found_by_keys_in_other_languages(open_page, site):
    """Typed on any tab it is looked for everywhere; the rows say that they lack the words."""
    page = open_page()
    page.goto(f"{site.base}/queue?tab=overdue")
    page.keyboard.press("/")
    page.keyboard.type("young people without a school or a job")
    page.keyboard.press("Enter")
    page.get_by_text("Similar in meaning, in other words or another language").wait_for()
    assert page.locator(".tab[aria-current=page]").inner_text().startswith("Open and closed")
    rows = page.locator("[data-row]")
    found = [row.locator(".line").get_attribute("lang") for row in rows.all()]
    assert {"hr", "fr"} <= set(found) and rows.count() == page.get_by_role("img", name="by meaning").count()
    number = rows.nth(1).get_attribute("data-row")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/questions/{number}?*")


def test_a_lost_connection_is_said_until_it_is_back(open_page, site):
    page = open_page(expecting=("ERR_FAILED", "htmx:"))
    page.route("**/queue?*", lambda route: route.abort())
    page.get_by_text("No connection to the service").wait_for(timeout=90_000)
    page.unroute("**/queue?*")
    page.get_by_text("No connection to the service").wait_for(state="hidden", timeout=90_000)


def test_two_coordinators_act_on_one_question(open_page, site):
    number = open_numbers(site, waiting_for="coordinator", state="assigned")[3]
    one, other = open_page(), open_page(email=ADMIN)
    for page in (one, other):
        page.goto(f"{site.base}/questions/{number}")
        page.locator("#fold-answer summary").click()
    one.locator("#own-answer").fill("The first answer goes out.")
    one.get_by_role("button", name="Send the answer").click()
    one.get_by_text("Your answer is on its way").wait_for()
    other.locator("#own-answer").fill("The second must not, and must not be lost.")
    other.get_by_role("button", name="Send the answer").click()
    other.get_by_text("What has happened since").wait_for()
    assert "released the answer" in other.locator("main").inner_text()
    assert other.locator("#typed").input_value() == "The second must not, and must not be lost."
    with site.store.snapshot() as session:
        question = session.query(Question).filter_by(number=number).one()
        assert session.query(OutboxMessage).filter_by(question_id=question.id, kind="answer").count() == 1


def test_an_answer_is_looked_at_as_its_asker_will_and_then_sent(open_page, site):
    number = open_numbers(site, waiting_for="expert", state="assigned")[-1]
    page = open_page()
    page.goto(f"{site.base}/questions/{number}")
    page.locator("#fold-answer summary").click()
    page.locator("#own-answer").fill("Two firms share one workshop.\n\nThe province pays half.")
    page.locator("#fold-answer").get_by_role("button", name="Preview").click()
    seen = page.locator("#preview-own .written")
    seen.wait_for()
    assert "Two firms share one workshop." in seen.inner_text() and number in seen.inner_text()
    assert page.locator("#own-answer").input_value().startswith("Two firms")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("Your answer is on its way").wait_for()


def test_an_expert_is_searched_and_assigned_while_typing(open_page, site):
    number = open_numbers(site, waiting_for="coordinator", state="assigned")[4]
    page = open_page()
    page.goto(f"{site.base}/questions/{number}")
    page.locator("#find-expert").press_sequentially("karlov", delay=20)
    page.locator("#found-experts").get_by_role("button", name="Assign").first.click()
    page.get_by_text("Assigned to the expert").wait_for()
    assert "told=" not in page.url
    with site.store.snapshot() as session:
        question = session.query(Question).filter_by(number=number).one()
        assert session.query(Assignment).filter_by(question_id=question.id, state="offered").count() == 1


def test_ctrl_enter_chooses_nobody_among_several_experts(open_page, site):
    """A word to the expert is typed above a row of buttons, each of which gives the question to somebody else."""
    page = open_page()
    for number in open_numbers(site, waiting_for="expert", state="assigned"):
        page.goto(f"{site.base}/questions/{number}")
        if page.locator("#assign button[name=expert]").count() > 1:
            break
    before = experts_of(site, number)
    page.locator("#assign summary").first.click()
    page.locator("#assign-word").fill("Please ring the valley first.")
    page.locator("#assign-word").press("Control+Enter")
    page.locator("#fold-note summary").click()
    page.locator("#note-text").fill("The one button of its form")
    page.locator("#note-text").press("Control+Enter")
    page.get_by_text("Noted.").wait_for()
    assert experts_of(site, number) == before


def experts_of(site, number):
    with site.store.snapshot() as session:
        question = session.query(Question).filter_by(number=number).one()
        return [(one.expert_id, one.state) for one in session.query(Assignment).filter_by(question_id=question.id)]


def test_fiches_near_to_the_question_are_there_before_anything_is_typed(open_page, site):
    number = open_numbers(site, waiting_for="coordinator", state="assigned")[4]
    page = open_page()
    page.goto(f"{site.base}/questions/{number}")
    page.keyboard.press("f")
    page.get_by_text("Nearest to the question").wait_for()
    page.keyboard.type("Firmen und Schulen bilden aus")
    page.get_by_text("Similar in meaning").wait_for()
    assert page.locator("#found-fiches form").count() > 1


def test_an_impatient_double_click_acts_once(open_page, site):
    number = open_numbers(site, waiting_for="coordinator", state="assigned")[2]
    page = open_page()
    page.goto(f"{site.base}/questions/{number}")
    page.locator("#fold-note summary").click()
    page.locator("#note-text").fill("Only once")
    page.get_by_role("button", name="Add the note").dblclick()
    page.get_by_text("Noted.").wait_for()
    assert page.locator(".entry.note").filter(has_text="Only once").count() == 1


def test_letters_are_counted_while_writing(open_page, site):
    page = open_page()
    page.goto(f"{site.base}/fiches?tab=published")
    page.locator("[data-row] a").first.click()
    page.get_by_role("link", name="Edit").click()
    page.locator("#title").fill("x" * 97)
    assert page.locator("#title-left").inner_text() == "3 of 100 characters left"
    page.locator("#title").fill("ț" * 104)
    assert page.locator("#title-left").inner_text() == "4 too many"


def test_everything_can_be_done_without_a_script(chromium, site):
    context = chromium.new_context(java_script_enabled=False, viewport=DESKTOP)
    page = context.new_page()
    page.goto(site.link())
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.base}/queue?tab=open")
    page.locator("select[name=tier]").select_option("urgent")
    page.get_by_role("button", name="Show").click()
    page.locator("[data-row] a").first.click()
    page.locator("#find-expert").fill("karlovac")
    page.locator("#find-expert").press("Enter")
    assert page.get_by_role("button", name="Assign").first.is_visible()
    context.close()


def test_the_way_in_and_out(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site.base}/queue")
    page.get_by_label("Mail address").fill("coordinator@network.example")
    page.get_by_role("button", name="Mail me a link").click()
    assert page.get_by_text("on its way").is_visible()
    link = _mailed_link(site)
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/queue")
    page.get_by_role("button", name="Sign out").first.click()
    assert page.get_by_text("You are signed out.").is_visible()
    page.goto(f"{site.base}/queue")
    assert page.url.endswith("/sign-in")
    context.close()


def _mailed_link(site):
    """The letter is written after the answer has gone out, so that nobody learns anything from how long that takes."""
    deadline = time.monotonic() + 90
    while not (letters := site.world.letters("sign_in", "coordinator@network.example")):
        assert time.monotonic() < deadline, "the sign-in link was not written"
        time.sleep(0.05)
    return re.search(r"http\S+/sign-in/\S+", letters[-1].text)[0]


PAGES = (
    "queue", "queue?tab=overdue", "queue?tab=all&words=apprentices", "held", "outbox", "fiches", "fiches/new", "directory", "reports", "reviews", "record", "policy", "persons", "health",
    "users", "keys", "notices", "webhooks",
)  # fmt: skip


def test_no_page_has_a_barrier_in_the_dark(open_page, site):
    """Axe looks at all pages by light, too, while they are worked with (`test_every_page`)."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(PHONE, "dark", email=ADMIN, bypass_csp=True)  # axe is put into the page by the test
    waiting, answered = (
        site.world.all(Question, **where)[0].number for where in ({"waiting_for": "coordinator"}, {"state": "answered"})
    )
    found = {}
    for path in (*PAGES, f"questions/{waiting}", f"questions/{answered}", "sign-in", "nowhere"):
        page.goto(f"{site.base}/{path}")
        for one in axe.run(page).response["violations"]:
            found[f"{path}: {one['id']}"] = [node["html"][:160] for node in one["nodes"]][:3]
    assert not found
