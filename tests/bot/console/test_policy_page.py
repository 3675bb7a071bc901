"""The policy on the console: every number is there with what it does and where; a change is checked, counts at once, and has a history."""

import re
from pathlib import Path

import pytest

from bot.sweeping import Sweeping
from routing import rules
from routing.models import Event
from routing.office import Office
from routing.policy import shipped_policy
from tests.fakes.bureau import csrf_of

ROOT = Path(rules.__file__).parent.parent
KEY = "tiers.standard.answer_within"


def change(bureau, browser, key=KEY, value="12 working days", was="10 working days", why="Summer"):
    told = {"csrf": csrf_of(browser.get("/policy")), "key": key, "value": value, "was": was, "why": why}
    return browser.post("/policy", data=told)


def test_every_number_says_what_it_does_and_where(bureau):
    with bureau.store.snapshot() as session:
        numbers = rules.numbers(session, bureau.service.office)
    assert len(numbers) > 70 and all(one.value == one.shipped for one in numbers)
    page = bureau.signed_in().get("/policy").text
    for one in numbers:
        assert f">{one.key.rpartition('.')[2]}<" in page, one.key
        assert one.key.partition(".")[0] in rules.ACTS, one.key
    assert "the promise" in next(one.says for one in numbers if one.key == KEY)


@pytest.mark.parametrize("group", rules.ACTS)
def test_the_modules_named_really_obey_these_numbers(group):
    assert all(re.search(rf"policy\.{group}\b|\.{group}\b", (ROOT / path).read_text("utf-8")) for path in rules.ACTS[group])


def test_a_change_counts_at_once_on_every_worker_and_has_a_history(bureau):
    browser = bureau.signed_in("admin")
    other = Office(shipped_policy(), "Other worker", "a@b.example", "r.example", "http://b.example")
    assert change(bureau, browser).headers["location"] == "/policy?told=policy"
    assert bureau.service.office.policy.tiers["standard"].answer_within.amount == 12
    Sweeping(bureau.store, other, bureau.service.clock).sweep(bureau.now)
    assert other.policy.tiers["standard"].answer_within.amount == 12
    page = browser.get("/policy").text
    assert "in the file: 10 working days" in page and "Summer" in page
    (event,) = bureau.world.all(Event, kind="policy-changed")
    told = {"key": KEY, "before": "10 working days", "after": "12 working days", "why": "Summer"}
    assert event.detail == told and event.actor.startswith("user:")
    record = browser.get("/record?kind=policy-changed").text
    assert "10 working days → 12 working days: Summer" in record and KEY in record


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"value": "soon"}, "no term"),
        ({"value": "10 working days"}, "says already"),
        ({"why": " "}, "Say why"),
        ({"key": "tiers.standard"}, "no such number"),
        ({"key": "confidence.propose_at", "was": "0.6", "value": "7"}, "must lie between"),
        ({"key": "confidence.propose_at", "was": "0.6", "value": "os.system()"}, "Write it as it stands"),
        ({"key": "confidence.propose_at", "was": "0.6", "value": "0.1"}, "show_at must not be above"),
        ({"key": "ladder.steps", "was": '["reminder", "deputy", "next_authority", "coordinator"]', "value": '["deputy"]'}, "must end with"),
        ({"key": "confidence.matches", "was": "3", "value": "[" * 250}, "Write it as it stands"),
    ],
)  # fmt: skip
def test_what_a_file_would_not_say_is_refused(bureau, told, says):
    browser = bureau.signed_in("admin")
    response = change(bureau, browser, **told)
    assert response.status_code == 422 and says in response.text.replace("&#39;", "'"), response.text
    assert not bureau.world.all(Event, kind="policy-changed")
    assert bureau.service.office.policy.tiers["standard"].answer_within.amount == 10


def test_the_second_of_two_is_told(bureau):
    browser = bureau.signed_in("admin")
    assert change(bureau, browser).status_code == 303
    assert change(bureau, browser, value="15 working days").status_code == 409
    assert len(bureau.world.all(Event, kind="policy-changed")) == 1


def test_only_administrators_change_it(bureau):
    browser = bureau.signed_in()
    assert (
        change(bureau, browser).status_code == 403 and '<form method="post" action="/policy"' not in browser.get("/policy").text
    )


def test_a_change_that_a_newer_program_refuses_stops_nothing(bureau):
    assert change(bureau, bureau.signed_in("admin")).status_code == 303
    with bureau.store.transaction() as session:
        for detail in ({"key": "gone.number", "after": "1"}, {"key": KEY, "after": "never"}):
            session.add(Event(at=bureau.now, actor="user:1", kind="policy-changed", detail=detail))
    with bureau.store.snapshot() as session:
        rules.obey(session, bureau.service.office)
    assert bureau.service.office.policy.tiers["standard"].answer_within.amount == 12
