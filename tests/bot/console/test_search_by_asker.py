"""The queue's search by who asked: address, name or its beginning; to whom, and no longer once somebody is erased."""

import pytest

from routing import privacy
from routing.models import Person, PersonWord, Question
from routing.nearness import Nearness
from tests.bot.console.test_queue_page import numbers
from tests.fakes.bureau import words
from tests.world import ASKER_MAIL, DESK, OTHER_QUESTION

OTHER = "education@porto.example"


@pytest.fixture
def two(bureau):
    """Two questions of one asker, with Trento the first; one of somebody else."""
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    bureau.world.mail(OTHER, "How do small towns pay the trainers?")
    bureau.world.mail(ASKER_MAIL, "Where do apprentices sleep during school weeks?", subject="Beds")
    with bureau.store.transaction() as session:
        session.get_one(Person, session.get_one(Question, 1).asker_id).name = "Ștefan Țuțu"
    return bureau


@pytest.mark.parametrize(
    "asked", [ASKER_MAIL, ASKER_MAIL.upper(), ASKER_MAIL[: ASKER_MAIL.index("@") + 3], "stefan", "Tutu Stef"]
)
def test_the_asker_s_questions_are_found_by_address_and_name(two, asked):
    page = two.signed_in().get("/queue", params={"tab": "all", "words": asked})
    assert sorted(numbers(page)) == ["2026-0001", "2026-0003"]


@pytest.mark.parametrize("asked", ["st", "someone@else.example", "Stefan Porto", "@"])
def test_nobody_else_s_are(two, asked):
    assert numbers(two.signed_in().get("/queue", params={"tab": "all", "words": asked})) == []


def test_a_mail_address_is_not_searched_for_by_meaning(two, monkeypatch):
    monkeypatch.setattr(two.service.meanings, "near", lambda words: Nearness((1, 3)))
    page = two.signed_in().get("/queue", params={"tab": "all", "words": OTHER})
    assert numbers(page) == ["2026-0002"] and "Similar in meaning" not in page.text


def test_a_question_leads_to_the_others_of_its_asker(two):
    browser = two.signed_in()
    page = browser.get("/questions/2026-0001")
    assert "1 other question of this asker" in words(page)
    assert f'href="/queue?tab=all&amp;words={ASKER_MAIL.replace("@", "%40")}"' in page.text
    assert "of this asker" not in words(browser.get("/questions/2026-0002"))


def test_who_looks_after_one_authority_finds_theirs_alone(two):
    from routing import care
    from routing.models import Authority, ConsoleUser

    with two.store.transaction() as session:
        trento = session.query(Authority).filter_by(slug="trento").one()
        user = session.query(ConsoleUser).filter_by(role="coordinator").one()
        care.give(session, user.id, [trento.id], by="user:1", now=two.now)
    browser = two.signed_in()
    assert numbers(browser.get("/queue", params={"tab": "all", "words": ASKER_MAIL})) == ["2026-0001"]
    assert "of this asker" not in words(browser.get("/questions/2026-0001"))


def test_who_is_erased_is_found_no_more(two):
    with two.store.transaction() as session:
        person = session.get_one(Person, session.get_one(Question, 1).asker_id)
        privacy.erase(session, person, two.now)
        gone = person.id
    with two.store.snapshot() as session:
        assert session.query(PersonWord).filter_by(person_id=gone).count() == 0
    browser = two.signed_in()
    for asked in (ASKER_MAIL, "stefan"):
        assert numbers(browser.get("/queue", params={"tab": "all", "words": asked})) == []
    assert "of this asker" not in words(browser.get("/questions/2026-0001"))
