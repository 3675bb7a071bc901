"""The ten commonest tasks by keyboard alone: the keys and the count of actions stand in docs/keys.md, and are pressed here."""

import re
import time
from pathlib import Path

import pytest

from routing import handing
from routing.migrate import upgrade
from routing.models import Answer, Assignment, Event, Fiche, InboxMessage, Question
from routing.store import Store
from tests.browser.conftest import served
from tests.world import DEPUTY, DESK, SECOND, SmallWorld, roster_row

TABLE = Path(__file__).parents[2] / "docs" / "keys.md"
# What these five may cost at most.
PROMISED = {
    "triage a held mail": 1, "assign the suggested expert": 1, "release a reviewed answer": 2, "extend with a reason": 3, "publish a draft": 3,
}  # fmt: skip


def rows():
    """Each row of the table: task, page, what is pressed and typed, in order, and the printed number of actions."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in TABLE.read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    for task, page, keys, actions in lines[1:]:
        if not set(task) <= set("- "):
            yield task.partition(":")[0], page, re.findall(r"`([^`]+)`|\*([^*]+)\*", keys), int(actions)


ROWS = list(rows())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small desk of its own, so that nothing done here changes what other files look at."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('keys') / 'rrm.db'}")
    upgrade(store)
    with served(SmallWorld(store), "Test network") as here:
        yield here
    store.close()


def test_the_table_has_ten_tasks_and_keeps_what_is_promised():
    assert len(ROWS) == 10
    assert all(actions == len(keys) for _, _, keys, actions in ROWS)
    counts = {task: actions for task, _, _, actions in ROWS}
    assert {task: counts.get(task, 99) <= most for task, most in PROMISED.items()} == dict.fromkeys(PROMISED, True)


@pytest.mark.parametrize(("task", "where", "keys", "actions"), ROWS, ids=[row[0].replace(" ", "-") for row in ROWS])
def test_a_task_by_keyboard_alone(open_page, site, task, where, keys, actions):
    path, is_done = SCENES[task](site)
    page = open_page()
    page.goto(f"{site.base}/{path}")
    first = page.locator("[data-row]").first.get_attribute("data-row") if where in ("queue", "fiches", "held mail") else ""
    assert page.evaluate("document.activeElement === document.body"), "nothing is focused before the first key"
    for place, (pressed, typed) in enumerate(keys):
        here = page.url
        page.keyboard.press(pressed) if pressed else page.keyboard.type(typed)
        if pressed == "Enter" and place + 1 < len(keys):  # the next key belongs to the page that opens
            page.wait_for_url(lambda url, left=here: url != left)
    eventually(page, lambda: is_done(page, first))


def eventually(page, is_so):
    deadline = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < deadline, page.locator("body").inner_text()
        page.wait_for_timeout(50)  # not `sleep`: the page's news must be heard


# ------------------------------------------------------------------ what lies on the desk before each task


def question_of(site, text, *, to_coordinator=True, tier="standard"):
    """A question of its own; it waits for a coordinator, with experts to suggest, or has been given to the first of them."""
    with site.store.snapshot() as session:
        before = {one.id for one in session.query(Question)}
    site.world.mail(f"office@town{len(before)}.example", text)
    with site.store.transaction() as session:
        (question,) = session.query(Question).filter(Question.id.not_in(before)).all()
        question.tier = tier
        question.roster = [roster_row(session, address) for address in (DESK, DEPUTY, SECOND)]
        if to_coordinator:
            handing.hand_to_coordinator(session, site.world.office, question, "no_roster", site.world.now)
        return question.number, question.id


def given(site, text, tier="standard"):
    """A question that the desk has; its number, its id and the desk's letter."""
    number, row = question_of(site, text, to_coordinator=False, tier=tier)
    site.world.search()
    return number, row, [one for one in site.world.letters("assignment", DESK) if one.question_id == row][-1]


def rows_of(site, table, **where):
    with site.store.snapshot() as session:
        return session.query(table).filter_by(**where).all()


def held(site):
    _, row, letter = given(site, "Who pays for the mobile welding workshop?")
    stranger = site.world.mail("colleague@trento.example", "The province pays for it.", to=letter, proven=False)
    return (
        "held",
        lambda page, first: (
            rows_of(site, InboxMessage, id=stranger.id)[0].state == "handled" and len(rows_of(site, Answer, question_id=row)) == 1
        ),
    )


def suggested(site):
    number, row = question_of(site, "How do villages share one teacher of carpentry?")
    return f"questions/{number}", lambda page, first: len(rows_of(site, Assignment, question_id=row, state="offered")) == 1


def waiting(site):
    number, row, letter = given(site, "What does a travelling forge cost in a year?", tier="extended")
    site.world.mail(DESK, "About forty thousand euros, with its driver.", to=letter)
    assert rows_of(site, Answer, question_id=row)[0].state == "waiting"
    return f"questions/{number}", lambda page, first: rows_of(site, Answer, question_id=row)[0].state == "released"


def extended(site):
    number, row, _ = given(site, "How many apprentices fit into one van?")
    return f"questions/{number}", lambda page, first: any(
        one.detail["reason"].startswith("Waits for the figures") for one in rows_of(site, Event, question_id=row, kind="extended")
    )


def draft(site):
    _, _, letter = given(site, "Which firms lend their lathes to schools?")
    site.world.mail(DESK, "Three firms lend them on Fridays, against a small rent.", to=letter)
    with site.store.transaction() as session:  # what its reviewers have filled in
        for one in session.query(Fiche).filter_by(status="draft"):
            one.facts = one.facts | {"themes": ["apprenticeship-dual"]}
    return "fiches", lambda page, first: rows_of(site, Fiche, slug=first)[0].status == "published"


def burning(site):
    question_of(site, "Who mends the lorry?")
    return "queue", lambda page, first: page.url == f"{site.base}/questions/{first}"


def unanswered(site):
    number, row = question_of(site, "Who pays for the lorry itself?")
    return (
        f"questions/{number}",
        lambda page, first: [one.state for one in rows_of(site, Answer, question_id=row)] == ["released"],
    )


def unnoted(site):
    number, row = question_of(site, "Which ministry signs for the trainers?")
    return f"questions/{number}", lambda page, first: len(rows_of(site, Event, question_id=row, kind="note")) == 1


def open_one(site):
    number, row = question_of(site, "Is there a grant for boots?")
    return f"questions/{number}", lambda page, first: rows_of(site, Question, id=row)[0].state == "closed"


def sought(site):
    number, _ = question_of(site, "Where is cheesemaking taught to adults?")
    return "queue", lambda page, first: number in page.locator("#rows").inner_text() and "words=cheesemaking" in page.url


SCENES = {
    "triage a held mail": held, "assign the suggested expert": suggested, "release a reviewed answer": waiting,
    "extend with a reason": extended, "publish a draft": draft, "open what needs somebody first": burning,
    "answer it oneself": unanswered, "leave a note": unnoted, "close it, with a reason for the asker": open_one,
    "find a question by its words": sought,
}  # fmt: skip


# ------------------------------------------------------------------ letters that must not act


def test_letters_act_on_a_greek_keyboard_too(open_page, site):
    number, _ = question_of(site, "Ποιος πληρώνει το φορτηγό;")
    page = open_page()
    page.goto(f"{site.base}/questions/{number}")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ν', code: 'KeyN', bubbles: true}))")
    assert page.evaluate("document.activeElement.id") == "note-text"


def test_whoever_dictates_turns_single_letters_off(open_page, site):
    number, row = question_of(site, "Who pays when it rains?")
    page = open_page()
    page.keyboard.press("?")
    page.locator("[data-keys-on]").uncheck()
    page.goto(f"{site.base}/questions/{number}")
    page.keyboard.press("s")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement === document.body") and not page.locator("#note-text").is_visible()
    page.goto(f"{site.base}/queue")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.locator("[data-keys-on]").check()
    page.goto(f"{site.base}/questions/{number}")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "note-text"
    assert not rows_of(site, Assignment, question_id=row)


def test_a_letter_held_down_acts_once_and_none_acts_behind_the_sheet(open_page, site):
    number, row = question_of(site, "Who pays when it snows?")
    page = open_page()
    page.goto(f"{site.base}/questions/{number}")
    page.keyboard.press("?")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("s")
    assert page.locator("#note-text").input_value() == "s"
    assert not rows_of(site, Assignment, question_id=row)
