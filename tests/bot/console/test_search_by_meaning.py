"""The queue's search by meaning: what is shown, how it is marked, to whom, and what is said where words alone must do."""

import re

import pytest

from routing import care, directory
from routing.models import Authority, Question
from routing.nearness import Meanings
from tests.bot.console.test_api import key, program
from tests.bot.console.test_queue_page import numbers
from tests.fakes.bureau import csrf_of
from tests.world import DESK, bundled_embedder, read_meanings

CROATIAN = "Kako male tvrtke u našem gradu mogu primiti naučnike, a da im papirologija ne pojede sav posao?"
TURKISH = "Küçük işletmeler çırak almak istiyor ama usta öğreticileri yok; başka şehirler bunu nasıl çözdü?"
ENGLISH = "Who helps with apprenticeship contracts in small firms?"
SPANISH = "¿Qué vacunas necesitan los perros del refugio municipal antes del verano?"
WORDS = "apprenticeship in small firms"
FOUND = "/queue?tab=all&words=apprenticeship+in+small+firms"


@pytest.fixture
def four(bureau):
    """2026-0001 Croatian, with Trento; 2026-0002 Turkish, closed; 2026-0003 English; 2026-0004 on something else."""
    bureau.world.mail("desk@hr.example", CROATIAN)
    bureau.assign(DESK)
    for number, text in enumerate((TURKISH, ENGLISH, SPANISH)):
        bureau.world.mail(f"desk{number}@town.example", text)
    with bureau.store.transaction() as session:
        for question, language in zip(session.query(Question).order_by(Question.id), ("hr", "tr", "en", "es"), strict=True):
            question.language = language
        closed = session.get(Question, 2)
        closed.state, closed.waiting_for, closed.next_action, closed.next_action_at = "closed", "nobody", "none", None
        closed.closed_at, closed.closed_because = bureau.now, "answered"
    bureau.service.meanings = Meanings(bureau.store, bundled_embedder())
    return bureau


def read(bureau):
    read_meanings(bureau.store, bundled_embedder(), bureau.now)


def by_meaning(page):
    """The numbers of the rows that say that they were found by meaning."""
    rows = re.findall(r'data-row="([\d-]+)"(.*?)</li>', page.text, re.DOTALL)
    return [number for number, row in rows if "by meaning" in row]


def test_words_come_first_then_what_means_the_same_in_other_languages(four):
    read(four)
    page = four.signed_in().get(FOUND)
    assert numbers(page)[0] == "2026-0003" and set(numbers(page)) == {"2026-0001", "2026-0002", "2026-0003"}
    assert set(by_meaning(page)) == {"2026-0001", "2026-0002"}
    assert page.text.count("Similar in meaning, in other words or another language") == 1
    assert "being read" not in page.text and "words only" not in page.text


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("tab=open", ["2026-0003", "2026-0001"]),
        ("tab=closed", ["2026-0002"]),
        ("tab=all&language=tr", ["2026-0002"]),
        ("tab=all&channel=telegram", []),
        ("tab=overdue", []),
    ],
)
def test_tabs_and_filters_hold_for_what_is_found_by_meaning(four, narrowed, found):
    read(four)
    assert numbers(four.signed_in().get(f"/queue?{narrowed}&words=apprenticeship+small+firms")) == found


def test_the_counts_say_where_the_others_are(four):
    read(four)
    page = four.signed_in().get("/queue?tab=overdue&words=apprenticeship+small+firms").text
    counted = dict(re.findall(r'href="/queue\?tab=(\w+)&amp;words=[^"]*"[^>]*>[^<]*<span class="count">(\d+)<', page))
    assert (counted["all"], counted["open"], counted["closed"], counted["overdue"]) == ("3", "2", "1", "0")


def test_words_just_typed_are_looked_for_everywhere(four):
    read(four)
    browser = four.signed_in()
    typed = browser.get(f"/queue?tab=overdue&before=&words={WORDS}")
    assert len(numbers(typed)) == 3 and "tab=all&amp;words=apprenticeship" in typed.text
    assert numbers(browser.get(f"/queue?tab=overdue&before={WORDS}&words={WORDS}")) == []
    emptied = browser.get(f"/queue?tab=all&before={WORDS}&words=")
    assert "tab=all" not in emptied.text and 'href="/queue?tab=me" aria-current="page"' in emptied.text


def test_nonsense_finds_nothing(four):
    read(four)
    assert "Nothing matches these filters" in four.signed_in().get("/queue?tab=all&words=qwrtzplk+vbnmx").text


def test_the_part_that_refreshes_itself_is_sent_only_when_it_changed(four):
    read(four)
    browser, htmx = four.signed_in(), {"hx-request": "true"}
    part = browser.get(FOUND, headers=htmx)
    again = re.search(r'hx-get="([^"]+)"', part.text)[1].replace("&amp;", "&")
    assert browser.get(again, headers=htmx).status_code == 204
    four.world.mail("late@town.example", "Kako male tvrtke mogu primiti više naučnika?")
    assert "1 question is still being read" in browser.get(again, headers=htmx).text
    read(four)
    assert "2026-0005" in by_meaning(browser.get(again, headers=htmx))


def test_what_is_not_read_yet_is_said(four):
    page = four.signed_in().get(FOUND)
    assert numbers(page) == ["2026-0003"] and "4 questions are still being read" in page.text
    assert "being read" not in four.signed_in().get("/queue?tab=open").text


def test_without_a_model_words_alone_answer_and_it_is_said(four):
    read(four)
    four.service.meanings = Meanings(four.store)
    page = four.signed_in().get(FOUND)
    assert numbers(page) == ["2026-0003"] and "Found by words only: the search by meaning is not ready." in page.text
    assert "words only" not in four.signed_in().get("/queue?tab=all&words=0003").text


def colleague(bureau, authority):
    """A coordinator who looks after one authority, signed in."""
    with bureau.store.transaction() as session:
        user = directory.add_user(session, f"{authority}@network.example", "coordinator", bureau.now, authority)
        session.flush()
        known = session.query(Authority).filter_by(slug=authority).one()
        care.give(session, user.id, {known.id}, by="user:1", now=bureau.now)
    browser, link = bureau.browser(), bureau.link(f"{authority}@network.example")
    browser.post(link, data={"csrf": csrf_of(browser.get(link))})
    return browser


def test_nobody_learns_by_meaning_of_what_is_not_in_their_care(four):
    """Neither a row, nor a count, nor by typing the question itself, nor with a key."""
    read(four)
    far, near = colleague(four, "karlovac"), colleague(four, "trento")
    assert numbers(near.get(FOUND)) == ["2026-0001"]
    for asked in (
        FOUND,
        f"/queue?tab=all&words={CROATIAN}",
        f"/queue?tab=open&language=hr&words={WORDS}",
        f"/find?words={WORDS}",
    ):
        page = far.get(asked, follow_redirects=True)
        assert page.status_code == 200 and numbers(page) == [] and 'href="/questions/' not in page.text
        assert set(re.findall(r'href="/queue\?[^"]*"[^>]*>[^<]*<span class="count">(\d+)<', page.text)) == {"0"}
    told = far.post("/keys", data={"csrf": csrf_of(far.get("/keys")), "name": "x", "scope": ["read"], "days": "2"})
    secret = re.search(r"rrm_[\w-]{40,}", told.text)[0]
    answer = program(four, secret).get("/api/v1/questions", params={"words": WORDS}).json()
    assert answer["questions"] == [] and set(answer["counts"].values()) == {0}


def test_programs_search_by_meaning_too(four):
    read(four)
    caller = program(four, key(four))
    told = caller.get("/api/v1/questions", params={"words": WORDS}).json()
    assert told["tab"] == "all" and told["search"] == {"by_meaning": True, "not_read_yet": 0}
    assert [one["found_by"] for one in told["questions"]] == ["words", "meaning", "meaning"]
    assert told["counts"]["all"] == 3 and "found_by" not in caller.get("/api/v1/questions").json()["questions"][0]
    four.service.meanings = Meanings(four.store)
    told = caller.get("/api/v1/questions", params={"words": WORDS, "tab": "open"}).json()
    assert told["search"]["by_meaning"] is False and [one["number"] for one in told["questions"]] == ["2026-0003"]
    described = caller.get("/api/openapi.json").json()["paths"]["/questions"]["get"]
    assert {"words", "tab"} <= {one["name"] for one in described["parameters"]} and "found_by" in described["summary"]


def test_a_search_is_kept_as_a_view(four):
    read(four)
    browser = four.signed_in()
    query = re.search(r'name="query" value="([^"]+)"', browser.get(FOUND).text)[1].replace("&amp;", "&")
    told = {"csrf": csrf_of(browser.get(FOUND)), "name": "Small firms", "query": query}
    assert browser.post("/views", data=told).status_code == 303
    kept = re.search(r'<a href="(/queue\?[^"]+)">Small firms</a>', browser.get("/queue").text)[1].replace("&amp;", "&")
    assert len(numbers(browser.get(kept))) == 3
