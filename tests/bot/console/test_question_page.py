"""One question's page: its history in words, and what two coordinators do to it at once."""

import re
import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from retrieval import Searcher
from routing.models import Answer, Assignment, Fiche, Question
from routing.splitting import SEVERAL
from tests.fakes.bureau import csrf_of, hidden, words
from tests.world import ASKER_MAIL, DESK, DUAL_FICHE, OTHER_QUESTION, SECOND, bundled_embedder, shipped_index

URL = "/questions/2026-0001"


@pytest.fixture
def assigned(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    return bureau


def expert_id(bureau, email):
    return bureau.world.expert(email).id


def test_the_history_tells_it_in_words(assigned):
    assigned.world.mail(DESK, "accept", to=assigned.world.letter("assignment", DESK))
    assigned.pass_time(hours=1)
    assigned.world.mail(
        DESK, "Two firms paid for it.", to=assigned.world.letter("assignment", DESK), cut="> How did you finance it?"
    )
    told = words(assigned.signed_in().get(URL))
    for said in (
        "The asker asked",
        OTHER_QUESTION,
        "RRM asked Apprenticeship desk , Provincia autonoma di Trento",
        "10 working days from Monday, 23 November 2026",
        "works in Italy",
        "To the asker: Receipt with the promised date",
        "Apprenticeship desk, Provincia autonoma di Trento accepted it",
        "Two firms paid for it.",
        "Quoted text (folded) > How did you finance it?",
        "sent to the asker",
        "kept the answer as a fiche draft",
        "Raw message",
    ):
        assert said in told, said
    assert told.index("accepted it") < told.index("Two firms paid")


def test_the_suggested_expert_is_assigned_with_one_click(bureau, asked):
    with bureau.store.transaction() as session:
        question = session.get_one(Question, asked.id)
        row = {"authority": 2, "score": 0.9, "reasons": [{"code": "theme", "theme": "guidance"}], "deputy": False}
        question.roster = [{"expert": expert_id(bureau, SECOND)} | row]
    browser = bureau.signed_in()
    assert "works on guidance" in words(browser.get(URL))
    response = bureau.send(browser, URL, f"{URL}/assignments", expert=str(expert_id(bureau, SECOND)))
    assert response.headers["location"] == f"{URL}?told=assigned"
    assert bureau.world.assignments() == [(SECOND, "offered")]
    assert bureau.world.letters("assignment", SECOND) and bureau.world.letters("holding", ASKER_MAIL)
    assert bureau.service.woken
    assert bureau.world.events("assigned")[0].actor == "user:1"


def test_another_expert_is_found_by_words_and_takes_over(assigned):
    browser = assigned.signed_in()
    found = browser.get(f"{URL}/experts?words=reggio&revision=1", headers={"hx-request": "true"}).text
    assert "Provincia di Reggio Emilia" in found and "<html" not in found
    assert "Reggio" in browser.get(f"{URL}/experts?words=reggio").text
    assigned.send(browser, URL, f"{URL}/assignments", expert=str(expert_id(assigned, SECOND)))
    assert assigned.world.assignments() == [(DESK, "withdrawn"), (SECOND, "offered")]
    assert assigned.world.letters("moved_on", DESK) and assigned.world.letters("holding", ASKER_MAIL)


def test_a_coordinator_s_word_stands_in_the_expert_s_letter_and_in_no_other(bureau, asked):
    browser, word = bureau.signed_in(), "You wrote to us in May about your two vans.\nWhat do they cost?"
    told = {"expert": str(expert_id(bureau, SECOND)), "word": word}
    assert bureau.send(browser, URL, f"{URL}/assignments", **told | {"word": "x" * 2001}).status_code == 422
    bureau.send(browser, URL, f"{URL}/assignments", **told)
    letter = bureau.world.letter("assignment", SECOND).text
    assert "Il coordinamento della rete aggiunge:\n\n> You wrote to us in May about your two vans.\n> What do they cost?" in letter
    assert "two vans" not in bureau.world.letter("holding", ASKER_MAIL).text
    assert "two vans" in words(browser.get(URL)) and "two vans" in words(browser.get("/record"))
    told = {"expert": str(expert_id(bureau, DESK)), "word": "Please say what the law asks for."}
    bureau.send(browser, URL, f"{URL}/panel", **told)
    assert "> Please say what the law asks for." in bureau.world.letter("assignment", DESK).text
    assert "the law asks" not in bureau.world.letter("assignment", SECOND).text


def test_without_a_word_the_letter_says_nothing_of_a_coordinator(bureau, asked):
    bureau.send(bureau.signed_in(), URL, f"{URL}/assignments", expert=str(expert_id(bureau, SECOND)), word="  ")
    assert "aggiunge:" not in bureau.world.letter("assignment", SECOND).text


def test_a_choice_made_on_an_old_page_does_not_outrun_it(assigned):
    browser = assigned.signed_in()
    old = hidden(browser.get(URL), "revision")
    assigned.world.mail(DESK, "accept", to=assigned.world.letter("assignment", DESK))
    found = browser.get(f"{URL}/experts?words=reggio&revision={old}")
    told = {"csrf": csrf_of(found), "revision": hidden(found, "revision"), "seen": "0"}
    told["expert"] = re.search(r'form="assign" name="expert" value="(\d+)"', found.text)[1]
    assert browser.post(f"{URL}/assignments", data=told).status_code == 409


def test_the_deadline_moves_with_a_reason_that_both_sides_hear(assigned):
    assert assigned.world.all(Assignment)[0].deadline_at == datetime(2026, 12, 7, 16, tzinfo=UTC)
    browser = assigned.signed_in()
    assert assigned.send(browser, URL, f"{URL}/extensions", days="3", reason="").status_code == 422
    assert assigned.send(browser, URL, f"{URL}/extensions", days="3", reason="The budget is voted on Tuesday").status_code == 303
    after = assigned.world.all(Assignment)[0]
    assert after.deadline_at == datetime(2026, 12, 11, 16, tzinfo=UTC)  # 8 December is a holiday in Trento
    assert assigned.world.question().promised_at == after.deadline_at
    assert assigned.world.letters("deadline_moved", DESK) and assigned.world.letters("holding", ASKER_MAIL)
    assert "The budget is voted on Tuesday" in words(browser.get(URL))


@pytest.mark.parametrize("days", ["0", "61", "-1", "three", "", "9" * 20])
def test_days_must_make_sense(assigned, days):
    assert assigned.send(assigned.signed_in(), URL, f"{URL}/extensions", days=days, reason="x").status_code == 422
    assert assigned.world.question().promised_at == assigned.world.all(Assignment)[0].deadline_at


def test_a_coordinator_answers(assigned):
    browser = assigned.signed_in()
    assert assigned.send(browser, URL, f"{URL}/answers", text="The province paid for it.").status_code == 303
    assert "The province paid for it." in assigned.world.letter("answer", ASKER_MAIL).text
    assert assigned.world.assignments() == [(DESK, "withdrawn")]
    assert len(assigned.world.all(Fiche, status="draft")) == 1
    assert assigned.world.question().state == "answered"


@pytest.fixture
def waiting(bureau):
    """An expert's answer that a coordinator must release."""
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    with bureau.store.transaction() as session:
        session.get_one(Question, 1).tier = "extended"
    bureau.assign(DESK)
    bureau.world.mail(DESK, "Two firms payed for it.", to=bureau.world.letter("assignment", DESK))
    return bureau


def test_a_waiting_answer_is_edited_and_released(waiting):
    browser = waiting.signed_in()
    page = words(browser.get(URL))
    assert "An answer is waiting for your release" in page and "waiting for your release" in page
    assert not waiting.world.letters("answer")
    assert waiting.send(browser, URL, f"{URL}/answers/1/release", text="Two firms paid for it.").status_code == 303
    letter = waiting.world.letter("answer", ASKER_MAIL)
    assert "Two firms paid" in letter.text
    assert waiting.world.events("answer-edited")[0].detail["before"] == "Two firms payed for it."
    assert waiting.world.all(Answer)[0].released_by == "user:1"


def test_a_released_answer_is_not_released_twice(waiting):
    one, other = waiting.signed_in(), waiting.signed_in("admin")
    told = {name: hidden(other.get(URL), name) for name in ("csrf", "revision", "seen")}
    waiting.send(one, URL, f"{URL}/answers/1/release", text="Two firms paid for it.")
    late = other.post(f"{URL}/answers/1/release", data=told | {"text": "My long and careful version"})
    assert late.status_code == 409
    assert "My long and careful version" in late.text and "released the answer" in words(late)
    assert len(waiting.world.letters("answer")) == 1


def test_a_discarded_answer_stays_inside(waiting):
    browser = waiting.signed_in()
    assert waiting.send(browser, URL, f"{URL}/answers/1/discard", reason="It answers another question").status_code == 303
    assert not waiting.world.letters("answer")
    question = waiting.world.question()
    assert (question.waiting_for, question.next_action) == ("coordinator", "nag coordinator")
    assert "not sent" in words(browser.get(URL))


def test_a_fiche_is_proposed(assigned):
    browser = assigned.signed_in()
    found = browser.get(f"{URL}/fiches?words=trentino", headers={"hx-request": "true"}).text
    assert DUAL_FICHE in found
    assert assigned.send(browser, URL, f"{URL}/proposals", fiche=DUAL_FICHE).status_code == 303
    assert assigned.world.question().state == "proposed"
    assert assigned.world.letters("proposal", ASKER_MAIL) and assigned.world.assignments() == [(DESK, "withdrawn")]
    assert assigned.send(browser, URL, f"{URL}/proposals", fiche="no-such-fiche").status_code == 404


def test_a_question_is_closed_with_a_reason_and_opened_again(assigned):
    browser = assigned.signed_in()
    assert assigned.send(browser, URL, f"{URL}/closure", reason="because", comment="").status_code == 422
    assert 'value="answered"' not in browser.get(URL).text and 'value="duplicate"' not in browser.get(URL).text
    refused = assigned.send(browser, URL, f"{URL}/closure", reason="duplicate", text="Our own words")
    assert refused.status_code == 422 and "put the two together" in words(refused) and "Our own words" in refused.text
    told = {"reason": "coordinator", "comment": "Spoke to them", "text": "The call has ended."}
    assert assigned.send(browser, URL, f"{URL}/closure", **told).status_code == 303
    question = assigned.world.question()
    assert (question.state, question.closed_because, question.next_action_at) == ("closed", "coordinator", None)
    assert "The call has ended." in assigned.world.letter("closed", ASKER_MAIL).text and assigned.world.letters("moved_on", DESK)
    assert "Spoke to them" in words(browser.get(URL)) and "The call has ended." in words(browser.get(URL))
    assert assigned.send(browser, URL, f"{URL}/reopening").status_code == 303
    assert assigned.world.question().waiting_for == "coordinator"


def test_a_duplicate_is_offered_where_the_asker_has_another_question_and_names_it(assigned):
    assigned.world.mail(ASKER_MAIL, "How do you pay for a welding workshop?", subject="Money")
    browser, other = assigned.signed_in(), assigned.world.question().number
    page = browser.get(URL)
    assert 'value="duplicate"' in page.text and f'<option value="{other}">' in page.text
    assert assigned.send(browser, URL, f"{URL}/closure", reason="duplicate", other=other).status_code == 303
    assert other in assigned.world.letter("closed", ASKER_MAIL).text
    assert f"It repeats question {other}." in words(browser.get(URL))


def test_notes_marks_and_tiers(assigned):
    browser = assigned.signed_in()
    assert assigned.send(browser, URL, f"{URL}/notes", text="Called them: they are on it").status_code == 303
    assert assigned.send(browser, URL, f"{URL}/sensitive").status_code == 303
    assert assigned.send(browser, URL, f"{URL}/tier", tier="urgent").status_code == 303
    assert assigned.send(browser, URL, f"{URL}/tier", tier="yesterday").status_code == 422
    told = words(browser.get(URL))
    assert "Called them: they are on it" in told and "sensitive" in told and "from standard to urgent" in told
    assert assigned.send(browser, URL, f"{URL}/not-sensitive").status_code == 303
    assert (assigned.world.question().sensitive, assigned.world.question().tier) == (False, "urgent")


def test_a_question_is_searched_again(assigned):
    browser = assigned.signed_in()
    assert assigned.send(browser, URL, f"{URL}/search").status_code == 303
    question = assigned.world.question()
    assert (question.state, question.next_action) == ("received", "search")
    assert assigned.world.assignments() == [(DESK, "withdrawn")]


STALE = {
    "assignments": {"expert": "3"},
    "extensions": {"days": "2", "reason": "late"},
    "answers": {"text": "Mine"},
    "proposals": {"fiche": DUAL_FICHE},
    "sensitive": {},
    "tier": {"tier": "urgent"},
    "search": {},
    "closure": {"reason": "coordinator", "comment": "done"},
}


@pytest.mark.parametrize("act", STALE)
def test_two_coordinators_at_once_and_nothing_is_overwritten(assigned, act):
    one, other = assigned.signed_in(), assigned.signed_in("admin")
    told = {name: hidden(other.get(URL), name) for name in ("csrf", "revision", "seen")}
    assigned.send(one, URL, f"{URL}/answers", text="The first answer")
    before = (len(assigned.world.letters()), assigned.world.question().revision, len(assigned.world.all(Assignment)))
    late = other.post(f"{URL}/{act}", data=told | STALE[act])
    assert late.status_code == 409
    assert "What has happened since" in late.text and "Coordination desk released the answer" in words(late)
    assert STALE[act].get("text", "") in late.text
    assert (len(assigned.world.letters()), assigned.world.question().revision, len(assigned.world.all(Assignment))) == before


def test_a_note_is_taken_whatever_happened_meanwhile(assigned):
    one, other = assigned.signed_in(), assigned.signed_in("admin")
    told = {name: hidden(other.get(URL), name) for name in ("csrf", "revision", "seen")}
    assigned.send(one, URL, f"{URL}/answers", text="The first answer")
    assert other.post(f"{URL}/notes", data=told | {"text": "Still worth noting"}).status_code == 303


@pytest.mark.parametrize("field", ["revision", "expert"])
@pytest.mark.parametrize("value", ["", "x", "-1", "1e3", "٣" * 13, "9" * 30, "1; DROP TABLE question"])
def test_odd_numbers_in_forms_are_refused_in_words(assigned, field, value):
    browser = assigned.signed_in()
    page = browser.get(URL)
    told = {"csrf": csrf_of(page), "revision": hidden(page, "revision"), "seen": "x", "expert": "3"} | {field: value}
    assert browser.post(f"{URL}/assignments", data=told).status_code == 422
    assert assigned.world.assignments() == [(DESK, "offered")]


def test_fields_nobody_asked_for_change_nothing(assigned):
    browser = assigned.signed_in()
    more = {"state": "closed", "promised_at": "2000-01-01", "role": "admin", "by": "user:2", "tier": "urgent"}
    assigned.send(browser, URL, f"{URL}/notes", text="x", **more)
    question = assigned.world.question()
    assert (question.state, question.tier) == ("assigned", "standard")
    assert assigned.world.events("note")[0].actor == "user:1"


def test_an_observer_sees_no_way_to_act(assigned):
    page = assigned.signed_in("observer").get(URL)
    assert page.status_code == 200
    forms = re.findall(r'<form method="post" action="([^"]+)"', page.text)
    assert set(forms) == {"/sign-out", "/language"}


def test_a_letter_that_failed_can_be_settled_where_it_is_seen(assigned):
    from routing.models import OutboxMessage

    with assigned.store.transaction() as session:
        letter = session.query(OutboxMessage).filter_by(kind="receipt").one()
        letter.state, letter.last_error = "ambiguous", "the connection broke"
        letter_id = letter.id
    browser = assigned.signed_in()
    page = browser.get(URL)
    assert "delivery unclear" in page.text and "the connection broke" in page.text
    response = assigned.send(browser, URL, f"/outbox/{letter_id}/arrival", question="2026-0001")
    assert response.headers["location"] == f"{URL}?told=letter-arrived"
    assert "marked “Receipt with the promised date” as arrived" in words(browser.get(URL))


def test_what_may_be_the_same_is_put_together_with_one_click(assigned):
    assigned.world.mail("education@porto.example", "Which van brings the welding machines up there?")
    first, second = assigned.world.all(Question)
    with assigned.store.transaction() as session:
        session.get(Question, second.id).thread = {"perhaps": [first.id]}
    browser, page = assigned.signed_in(), f"/questions/{second.number}"
    assert f'name="number" value="{first.number}"' in browser.get(page).text
    assert assigned.send(browser, page, f"{page}/joining", number=first.number).status_code == 303
    assert assigned.world.question().merged_into_id == first.id
    assert f'name="number" value="{first.number}"' not in browser.get(page).text


def test_what_is_not_for_this_network_is_refused_with_a_place_to_go(assigned):
    browser = assigned.signed_in()
    assert 'value="Your Europe"' in browser.get(URL).text
    refused = assigned.send(browser, URL, f"{URL}/refusal", signpost="", other=" ")
    assert refused.status_code == 422 and "a refusal must say where to go" in words(refused)
    assert assigned.send(browser, URL, f"{URL}/refusal", signpost="Your Europe", other="").status_code == 303
    assert "https://europa.eu/youreurope" in assigned.world.letter("refused_scope", ASKER_MAIL).text
    assert "outside what the network answers" in words(browser.get(URL))
    assert "fold-refuse" not in browser.get(URL).text


def test_the_asker_is_asked_and_the_clock_stands_still(assigned):
    browser = assigned.signed_in()
    assert assigned.send(browser, URL, f"{URL}/asking-back", text="Which trades do you mean?").status_code == 303
    assert "Which trades do you mean?" in assigned.world.letter("question_back", ASKER_MAIL).text
    told = words(browser.get(URL))
    assert "asked the asker something" in told and "It is the asker’s turn" in told


def test_a_message_with_several_questions_is_split_with_one_click(bureau):
    world = bureau.world
    world.mail(ASKER_MAIL, f"1. {OTHER_QUESTION}\n2. Which evening courses exist for adults who cannot read well?")
    bureau.assign(DESK)
    with bureau.store.transaction() as session:
        question = session.query(Question).one()
        question.thread = question.thread | {SEVERAL: True}
    browser = bureau.signed_in()
    assert "Several questions in one message?" in words(browser.get(URL))
    done = bureau.send(browser, URL, f"{URL}/splitting")
    assert done.headers["location"] == f"{URL}?told=split"
    told = words(browser.get(URL))
    assert "split it: what else it asked is 2026-0002 now" in told and "Several questions in one message?" not in told
    assert "split it off from 2026-0001" in words(browser.get("/questions/2026-0002"))
    assert "2026-0002" in world.letter("split", ASKER_MAIL).text


def test_a_waiting_answer_goes_back_to_its_author_and_comes_again_beside_the_first(waiting):
    browser = waiting.signed_in()
    assert waiting.send(browser, URL, f"{URL}/answers/1/return", text="", days="3").status_code == 422
    told = waiting.send(browser, URL, f"{URL}/answers/1/return", text="Who paid for it?", days="3")
    assert told.headers["location"].endswith("told=sent-back") and waiting.service.woken
    page = words(browser.get(URL))
    assert "sent this answer back to its author" in page and "Who paid for it?" in page
    letter = waiting.world.letter("answer_returned", DESK)
    waiting.world.mail(DESK, "The towns paid.", to=letter)
    page = browser.get(URL)
    assert "What they had written before it was sent back" in words(page) and page.text.count("Two firms payed for it.") >= 2
    assert waiting.send(browser, URL, f"{URL}/answers/2/release", text="Two firms; the towns paid.").status_code == 303
    assert "the towns paid" in waiting.world.letter("answer", ASKER_MAIL).text


@pytest.fixture
def searching(assigned, tmp_path):
    """With the index of the shipped fiches beside the console."""
    shutil.copytree(shipped_index(), tmp_path / "index")
    assigned.service.searcher = Searcher.open(tmp_path / "index", bundled_embedder())
    yield assigned
    assigned.service.searcher.close()


def test_fiches_are_found_by_meaning_in_any_language_and_suggested_before_anything_is_typed(searching):
    assigned, browser, fragment = searching, searching.signed_in(), {"hx-request": "true"}
    typed = words(browser.get(f"{URL}/fiches?words=Betriebe+und+Schulen+bilden+gemeinsam+aus", headers=fragment))
    assert "Similar in meaning" in typed and "Propose" in typed
    nothing = browser.get(f"{URL}/fiches", headers=fragment)
    assert "Nearest to the question" in words(nothing) and nothing.text.count("/proposals") == 6
    assert assigned.send(browser, URL, f"{URL}/proposals", fiche=DUAL_FICHE).status_code == 303


def test_what_is_no_longer_published_is_not_offered_though_the_index_knows_it(searching):
    browser = searching.signed_in()
    assert DUAL_FICHE in browser.get(f"{URL}/fiches?words=trentino").text
    with searching.store.transaction() as session:
        session.execute(update(Fiche).where(Fiche.slug == DUAL_FICHE).values(status="retired"))
    assert DUAL_FICHE not in browser.get(f"{URL}/fiches?words=trentino").text
    assert DUAL_FICHE not in browser.get(f"{URL}/fiches").text


def test_without_a_search_words_still_find_fiches(assigned):
    browser = assigned.signed_in()
    assert DUAL_FICHE in browser.get(f"{URL}/fiches?words=trentino").text
    assert "Propose" not in words(browser.get(f"{URL}/fiches", headers={"hx-request": "true"}))


def test_an_answer_that_was_held_back_is_read_again_with_one_click(waiting):
    browser = waiting.signed_in()
    waiting.send(browser, URL, f"{URL}/answers/1/discard", reason="the wrong button")
    assert "Read it again after all" in words(browser.get(URL))
    told = waiting.send(browser, URL, f"{URL}/answers/1/resumption")
    assert told.headers["location"].endswith("told=taken-up-again")
    page = words(browser.get(URL))
    assert "took this answer up again" in page and "Send to the asker" in page and "Read it again after all" not in page
