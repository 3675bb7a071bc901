"""Several questions at once and the way back, saved views, and who else is looking."""

import re

import pytest

from routing.models import OutboxMessage, Question, SavedView
from tests.fakes.bureau import csrf_of, words
from tests.world import OTHER_QUESTION, SECOND


@pytest.fixture
def three(bureau):
    """Three questions that wait for a coordinator, two of them of one asker; for the first two somebody is suggested."""
    for number in range(3):
        bureau.world.mail(f"desk{number % 2}@town{number % 2}.example", OTHER_QUESTION, subject=f"Welding {number}")
        bureau.hand_over()
    expert = bureau.world.expert(SECOND).id
    with bureau.store.transaction() as session:
        for question in session.query(Question).filter(Question.id < 3):
            question.roster = [{"expert": expert, "authority": 2, "score": 0.9, "reasons": [], "deputy": False}]
    return bureau


def chosen(page):
    return re.findall(r'name="question" form="bulk" value="([^"]+)"', page.text)


def act(browser, page, name, questions, **more):
    return browser.post("/queue/bulk", data={"csrf": csrf_of(page), "act": name, "question": questions, "query": "tab=me"} | more)


def test_suggested_experts_get_what_was_chosen_and_the_rest_stays(three):
    browser = three.signed_in()
    page = browser.get("/queue")
    assert len(chosen(page)) == 3
    done = act(browser, page, "suggested", chosen(page))
    assert done.headers["location"] == "/queue?tab=me"
    assert three.world.assignments() == [(SECOND, "offered"), (SECOND, "offered")]
    told = words(browser.get("/queue?tab=me"))
    assert "2 assigned to the suggested experts. 1 had changed or did not qualify" in told and "Undo" not in told


@pytest.mark.parametrize(
    ("name", "changed", "restored"),
    [
        ("sensitive", lambda one: one.sensitive, lambda one: not one.sensitive),
        ("duplicate", lambda one: one.state == "closed", lambda one: (one.state, one.waiting_for) == ("assigned", "coordinator")),
    ],
)
def test_what_was_done_to_many_can_be_taken_back(three, name, changed, restored):
    browser = three.signed_in()
    page = browser.get("/queue")
    act(browser, page, name, chosen(page))
    assert sum(changed(one) for one in three.world.all(Question)) == (3 if name == "sensitive" else 1)
    page = browser.get("/queue?tab=me")
    assert "Undo" in page.text
    assert browser.post("/queue/undo", data={"csrf": csrf_of(page), "query": "tab=me"}).status_code == 303
    assert all(restored(one) for one in three.world.all(Question))
    assert all(one.state == "cancelled" for one in three.world.all(OutboxMessage, kind="closed"))
    assert not three.world.all(OutboxMessage, kind="reopened")
    assert "Undo" not in browser.get("/queue?tab=me").text
    assert browser.post("/queue/undo", data={"csrf": csrf_of(page)}).status_code == 422


def test_only_who_has_asked_it_twice_is_told_of_a_duplicate_and_the_page_says_why_the_others_are_left(three):
    browser = three.signed_in()
    page = browser.get("/queue")
    act(browser, page, "duplicate", sorted(chosen(page)))
    first, second, third = three.world.all(Question)
    assert [first.state, second.state, third.state] == ["closed", "assigned", "assigned"]
    assert third.number in three.world.letters("closed")[0].text and len(three.world.letters("closed")) == 1
    told = words(browser.get("/queue?tab=me"))
    assert "1 closed as duplicates" in told and "2 had changed" in told
    assert told.count("This asker has no other question that is open or answered.") == 2
    assert f"{second.number} : This asker" in told and f"{third.number} : This asker" in told


def test_the_same_question_of_several_people_is_put_together_and_taken_apart_again(three):
    browser = three.signed_in()
    page = browser.get("/queue")
    act(browser, page, "together", chosen(page))
    first, second, third = three.world.all(Question)
    assert (first.merged_into_id, second.merged_into_id, third.merged_into_id) == (None, first.id, None)
    told = words(browser.get("/queue?tab=me"))
    assert "2 put together" in told and f"{third.number} : Both are of the same asker." in told
    browser.post("/queue/undo", data={"csrf": csrf_of(browser.get("/queue")), "query": "tab=me"})
    assert all((one.merged_into_id, one.next_action) == (None, "nag coordinator") for one in three.world.all(Question))
    assert all(one.state == "cancelled" for one in three.world.letters("joined")) and not three.world.letters("parted")


def test_one_question_is_not_put_together_with_itself(three):
    browser = three.signed_in()
    act(browser, browser.get("/queue"), "together", chosen(browser.get("/queue"))[:1])
    assert "There is no other question here" in words(browser.get("/queue"))


def test_a_question_that_moved_on_is_left_alone(three):
    one, other = three.signed_in(), three.signed_in("admin")
    page, stale = one.get("/queue"), other.get("/queue")
    act(one, page, "sensitive", chosen(page)[:1])
    act(other, stale, "duplicate", chosen(stale))
    assert [question.state == "closed" for question in three.world.all(Question)].count(True) == 1
    assert "2 had changed" in words(other.get("/queue"))


def test_undo_belongs_to_the_session_and_ends(three):
    one, other = three.signed_in(), three.signed_in("admin")
    page = one.get("/queue")
    act(one, page, "sensitive", chosen(page))
    assert other.post("/queue/undo", data={"csrf": csrf_of(other.get("/queue"))}).status_code == 422
    three.pass_time(minutes=11)
    assert one.post("/queue/undo", data={"csrf": csrf_of(page)}).status_code == 422
    assert all(question.sensitive for question in three.world.all(Question))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"act": "sensitive"}, 422),
        ({"act": "delete", "question": "2026-0001:1"}, 422),
        ({}, 422),
        ({"act": "sensitive", "question": ":"}, 303),
    ],
)
def test_an_incomplete_order_changes_nothing(three, told, status):
    browser = three.signed_in()
    response = browser.post("/queue/bulk", data={"csrf": csrf_of(browser.get("/queue"))} | told)
    assert response.status_code == status and not any(one.sensitive for one in three.world.all(Question))


def test_a_view_is_kept_changed_and_removed_by_its_owner_only(three):
    browser, other = three.signed_in(), three.signed_in("observer")
    page = browser.get("/queue?tab=open&language=en&page=2")
    told = {"csrf": csrf_of(page), "name": " My  English ", "query": "tab=open&language=en&page=2"}
    assert browser.post("/views", data=told).status_code == 303
    assert 'href="/queue?tab=open&amp;language=en"' in browser.get("/queue").text
    browser.post("/views", data=told | {"query": "tab=overdue"})
    (view,) = three.world.all(SavedView)
    assert (view.name, view.query) == ("My English", "tab=overdue")
    assert "My English" not in other.get("/queue").text
    other.post(f"/views/{view.id}/removal", data={"csrf": csrf_of(other.get("/queue"))})
    assert three.world.all(SavedView)
    browser.post(f"/views/{view.id}/removal", data={"csrf": csrf_of(page)})
    assert not three.world.all(SavedView)


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\x00b"])
def test_a_view_needs_a_name(three, name):
    browser = three.signed_in()
    assert (
        browser.post("/views", data={"csrf": csrf_of(browser.get("/queue")), "name": name, "query": "tab=open"}).status_code
        == 422
    )


def test_a_view_leads_nowhere_but_to_the_queue(three):
    browser = three.signed_in()
    told = {
        "csrf": csrf_of(browser.get("/queue")),
        "name": "x",
        "query": 'tab=open"><script>alert(1)</script>&next=//evil.example',
    }
    browser.post("/views", data=told)
    assert "<script>alert" not in browser.get("/queue").text
    assert all(url.startswith("/queue?") for url in re.findall(r'class="view"><a href="([^"]*)"', browser.get("/queue").text))


def test_who_else_is_looking_is_said_until_they_leave(three):
    one, other = three.signed_in(), three.signed_in("admin")
    assert "looking" not in one.get("/questions/2026-0001/company").text
    assert "Coordination desk is looking at this too" in words(other.get("/questions/2026-0001/company"))
    assert "Admin is looking at this too" in words(one.get("/questions/2026-0001/company"))
    assert "looking" not in other.get("/questions/2026-0002/company").text
    three.pass_time(seconds=46)
    assert "looking" not in one.get("/questions/2026-0001/company").text
    assert one.get("/questions/2026-9999/company").status_code == 404
