"""The queue page: tabs, filters, words, what refreshes itself."""

import re
from datetime import timedelta

import pytest

from routing.models import Question
from tests.fakes.bureau import words
from tests.world import ASKER_MAIL, DESK

QUESTIONS = {
    "Wie viele Betriebe? How many firms train 100% of their staff": dict(
        tier="urgent", theme="apprenticeship-dual", language="en"
    ),
    "Come funziona l'apprendistato duale in montagna": dict(tier="standard", theme="guidance", language="it"),
    "Kako se financira centar kompetencija": dict(tier="extended", theme="infrastructure", language="hr"),
}


@pytest.fixture
def three(bureau):
    for text in QUESTIONS:
        bureau.world.mail(ASKER_MAIL, text)
    bureau.world.chat("What does a workshop cost_per_seat?")
    with bureau.store.transaction() as session:
        for question in session.query(Question):
            for name, value in QUESTIONS.get(question.text, {"language": "en"}).items():
                setattr(question, name, value)
    return bureau


def numbers(page):
    return re.findall(r'data-row="([\d-]+)"', page.text)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("", ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]),
        ("tier=urgent", ["2026-0001"]),
        ("language=hr", ["2026-0003"]),
        ("theme=guidance", ["2026-0002"]),
        ("channel=telegram", ["2026-0004"]),
        ("channel=email&language=it", ["2026-0002"]),
        ("tier=nonsense", ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]),
        ("words=FUNZIONA montagna", ["2026-0002"]),
        ("words=100%25", ["2026-0001"]),
        ("words=%25", []),
        ("words=cost_per", ["2026-0004"]),
        ("words=0003", ["2026-0003"]),
        ("words='; DROP TABLE question; --", []),
        ("page=9", []),
        ("page=-1&page=x", ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]),
    ],
)
def test_what_is_shown_under_a_filter(three, narrowed, found):
    assert sorted(numbers(three.signed_in().get(f"/queue?tab=open&{narrowed}"))) == found


def test_only_the_changing_part_is_sent_to_htmx_and_only_when_it_changed(three):
    browser, htmx = three.signed_in(), {"hx-request": "true"}
    part = browser.get("/queue?tab=open", headers=htmx)
    assert part.text.startswith('<div id="rows"') and "<html" not in part.text
    again = re.search(r'hx-get="([^"]+)"', part.text)[1].replace("&amp;", "&")
    assert browser.get(again, headers=htmx).status_code == 204
    three.world.mail(ASKER_MAIL, "Something new and different?")
    fresh = browser.get(again, headers=htmx)
    assert fresh.status_code == 200 and "2026-0005" in numbers(fresh)


def test_each_row_says_whose_turn_it_is_and_how_late_without_colour(bureau):
    bureau.world.mail(ASKER_MAIL, "How do firms and schools train together?")
    bureau.assign(DESK)
    page = bureau.signed_in().get("/queue?tab=expert").text
    assert "Provincia autonoma di Trento" in page and "no reply yet" in page
    bureau.pass_time(days=30)
    page = bureau.signed_in().get("/queue?tab=overdue").text
    assert re.search(r'class="chip late clock"><svg.*?#late"/></svg>\d+ (day|week)s? late', page)
    assert 'lang="en"' in page


def test_a_question_that_waits_for_the_asker_is_never_late(bureau):
    bureau.world.mail(ASKER_MAIL, "How do firms and schools train together?")
    bureau.assign(DESK)
    bureau.world.mail(DESK, "ask: which trade do you mean?", to=bureau.world.letter("assignment", DESK))
    bureau.pass_time(days=60)
    browser = bureau.signed_in()
    assert numbers(browser.get("/queue?tab=overdue")) == []
    assert numbers(browser.get("/queue?tab=asker")) == ["2026-0001"]


def test_a_letter_that_did_not_arrive_brings_its_question_back(bureau):
    from routing.models import OutboxMessage

    bureau.world.mail(ASKER_MAIL, "How do firms and schools train together?")
    bureau.assign(DESK)
    browser = bureau.signed_in()
    assert numbers(browser.get("/queue")) == []
    with bureau.store.transaction() as session:
        session.query(OutboxMessage).filter_by(kind="assignment").one().state = "failed"
    assert numbers(browser.get("/queue")) == ["2026-0001"]


def test_empty_views_help_on(bureau):
    browser = bureau.signed_in()
    assert "Nothing is waiting for you" in browser.get("/queue").text
    assert "Clear the filters" in browser.get("/queue?words=xyz").text
    for tab in ("overdue", "today", "expert", "asker", "open", "closed"):
        assert 'class="card empty"' in browser.get(f"/queue?tab={tab}").text


@pytest.mark.parametrize("typed", ["2026-0001", "#2026-0001", "1", " 0001 "])
def test_a_number_opens_its_question(three, typed):
    response = three.signed_in().get("/find", params={"words": typed})
    assert response.headers["location"] == "/questions/2026-0001"


def test_other_words_search_all_questions(three):
    assert three.signed_in().get("/find?words=a b").headers["location"] == "/queue?tab=all&words=a+b"


def test_a_long_queue_has_pages(bureau):
    for number in range(60):
        bureau.world.mail(f"desk{number}@cluj.example", f"Question number {number} about dual training?")
        bureau.world.now += timedelta(seconds=1)
    browser = bureau.signed_in()
    first, second = browser.get("/queue?tab=open"), browser.get("/queue?tab=open&page=2")
    assert (len(numbers(first)), len(numbers(second))) == (50, 10)
    assert not set(numbers(first)) & set(numbers(second))
    assert "page 1 of 2" in first.text


def test_a_row_says_what_a_mail_is_about_where_its_subject_says_little(bureau):
    bureau.world.mail(ASKER_MAIL, "Who pays for the tools of apprentices?", subject="Question")
    page = words(bureau.signed_in().get("/queue?tab=open"))
    assert "Question Who pays for the tools of apprentices?" in page
