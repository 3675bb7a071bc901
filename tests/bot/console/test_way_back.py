"""From a question back to the view of the queue from which it was opened, and on to the next one of that view."""

import re

import pytest

from bot.console import queueview
from tests.fakes.bureau import csrf_of, hidden, words
from tests.world import ASKER_MAIL, DESK

VIEW = "tab=open&tier=standard&words=lorry"


@pytest.fixture
def three(bureau):
    """Three questions that wait for a coordinator; the second says nothing of a lorry."""
    for text in ("Who leases a lorry?", "How do small towns pay the trainers?", "Who drives the lorry?"):
        bureau.world.mail(ASKER_MAIL, text)
        bureau.hand_over()
    return bureau


def test_a_row_leads_to_the_question_and_the_question_back_to_the_view(three):
    browser = three.signed_in()
    row = re.search(r'href="(/questions/2026-0001[^"]*)"', browser.get(f"/queue?{VIEW}").text)[1].replace("&amp;", "&")
    page = browser.get(row)
    up = re.search(r'href="([^"]*)" data-up', page.text)[1].replace("&amp;", "&")
    assert up == f"/queue?{VIEW}" and browser.get(up).status_code == 200
    assert 'href="/queue" data-up' in browser.get("/questions/2026-0001").text


@pytest.mark.parametrize(("view", "following"), [(VIEW, "2026-0003"), ("", "2026-0002")])
def test_after_an_act_the_next_question_of_the_view_is_named(three, view, following):
    browser = three.signed_in()
    page = browser.get(queueview.path_of("2026-0001", view))
    assert (f'name="back" value="{view}"'.replace("&", "&amp;") in page.text) is bool(view)
    told = {"csrf": csrf_of(page), "back": view, "text": "Asked by telephone."}
    then = browser.post("/questions/2026-0001/notes", data=told)
    shown = browser.get(then.headers["location"])
    assert f"Next: {following}" in words(shown)
    onward = re.search(rf'href="(/questions/{following}[^"]*)"', shown.text)[1]
    assert (f"/queue?{VIEW}" in browser.get(onward.replace("&amp;", "&")).text.replace("&amp;", "&")) is bool(view)
    assert "Next:" not in words(browser.get("/questions/2026-0001"))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("//evil.example", ""),
        ("https://evil.example/?tab=open", ""),
        ("tab=open&told=erased&csrf=1", "tab=open"),
        ("tab=me", ""),
        ("words=%0d%0aLocation:x", "words=%0D%0ALocation%3Ax"),
        ("&".join(f"a{n}=1" for n in range(40)), ""),
    ],
)
def test_nothing_but_a_view_is_carried_along(told, kept):
    assert queueview.cleaned(told) == kept


def test_the_directory_keeps_its_search_after_saving(three):
    browser, url = three.signed_in(), f"/experts/{three.world.expert(DESK).id}/absences"
    page = browser.get("/directory?words=trento")
    told = {"csrf": csrf_of(page), "words": hidden(page, "words"), "first_day": "2026-11-24", "last_day": "2026-12-11"}
    assert browser.post(url, data=told).headers["location"] == "/directory?words=trento&told=absence"
