"""Held mail, the outbox, fiches, the directory, the record, and the pages behind mailed links."""

import html
import re

import pytest

from bot.console import clocks
from bot.console.tongue import tongue
from routing.models import Absence, Answer, Button, ConsoleUser, Event, Fiche, InboxMessage, OutboxMessage, Person, Question
from tests.fakes.bureau import csrf_of, hidden, words
from tests.world import ASKER_MAIL, DESK, DUAL_FICHE, OTHER_QUESTION, SECOND

COLLEAGUE = "colleague@trento.example"


@pytest.fixture
def held(bureau):
    """A colleague answered a forwarded letter: held, with a good guess. And some advertising: held without one."""
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    letter = bureau.world.letter("assignment", DESK)
    bureau.world.mail(
        COLLEAGUE, "The province paid for it.", to=letter, cut="> How did you finance it?", subject="Re: your question"
    )
    bureau.world.mail("offers@cheap.example", "Chairs, cheap!", tokens=("9" * 28,), subject="Chairs")
    return bureau


def states(bureau):
    return [one.state for one in bureau.world.all(InboxMessage)][1:]


def test_held_mail_says_why_and_where_it_may_belong(held):
    told = words(held.signed_in().get("/held"))
    assert f"It came from {COLLEAGUE}, not from the person we wrote to" in told
    assert "Release to 2026-0001" in told and "Its reply address names this question" in told
    one = words(held.signed_in().get("/held/2"))
    assert "The province paid for it." in one and "> How did you finance it?" in one and "Sender authenticated" in one


def test_the_best_guess_is_released_with_one_click(held):
    assert held.send(held.signed_in(), "/held", "/held/2/release", number="2026-0001").status_code == 303
    assert states(held) == ["handled", "held"]
    assert "The province paid for it." in held.world.letter("answer", ASKER_MAIL).text
    assert held.world.all(InboxMessage)[1].handled_by == "user:1"


def test_words_are_changed_before_a_release(held):
    held.send(held.signed_in(), "/held/2", "/held/2/release", number="1", text="The province paid for all of it.")
    assert held.world.all(Answer)[0].text == "The province paid for all of it."


def test_a_held_message_is_filed_by_number_or_refused_in_words(held):
    browser = held.signed_in()
    assert held.send(browser, "/held/3", "/held/3/release", number="2026-4711").status_code == 404
    assert held.send(browser, "/held/3", "/held/3/release", number="").status_code == 404
    assert held.send(browser, "/held/3", "/held/3/release", number="#2026-0001").status_code == 303
    assert states(held) == ["held", "handled"]


def test_a_held_message_becomes_a_question(held):
    assert held.send(held.signed_in(), "/held/3", "/held/3/question").status_code == 303
    assert held.world.question().text == "Chairs, cheap!"


def test_a_held_message_is_judged_again(held):
    assert held.send(held.signed_in(), "/held/3", "/held/3/retry").status_code == 303
    assert states(held) == ["held", "new"]


def test_a_held_message_is_discarded_only_with_a_reason(held):
    browser = held.signed_in()
    assert held.send(browser, "/held/3", "/held/3/discard", reason=" ").status_code == 422
    assert held.send(browser, "/held/3", "/held/3/discard", reason="Advertising").status_code == 303
    assert states(held) == ["held", "ignored"]
    assert "Advertising" in words(browser.get("/record?kind=mail-discarded"))


def test_what_somebody_else_has_dealt_with_is_said_with_their_name(held):
    held.send(held.signed_in(), "/held/2", "/held/2/release", number="2026-0001")
    late = held.send(held.signed_in("admin"), "/held/3", "/held/2/discard", reason="Advertising")
    assert late.status_code == 409 and "Coordination desk" in words(late)
    assert len(held.world.letters("answer")) == 1


def test_many_are_discarded_at_once(held):
    browser = held.signed_in()
    token = csrf_of(browser.get("/held"))
    told = {"csrf": token, "message": ["2", "3"], "act": "discard", "reason": "Not for us"}
    assert browser.post("/held/many", data=told).headers["location"] == "/held?told=held-many"
    assert states(held) == ["ignored", "ignored"]
    late = browser.post("/held/many", data=told).headers["location"]
    assert late == "/held?left=2.3&told=held-some"
    assert "Re: your question : discarded: Not for us, by Coordination desk" in words(browser.get(late)), "who was faster is named"


def test_many_are_filed_under_one_question_or_none_is(held):
    browser = held.signed_in()
    told = {"csrf": csrf_of(browser.get("/held")), "message": ["2", "3"], "act": "file"}
    assert browser.post("/held/many", data=told | {"number": "2026-4711"}).status_code == 404
    assert states(held) == ["held", "held"]
    assert browser.post("/held/many", data=told | {"number": "2026-0001"}).headers["location"] == "/held?told=held-many"
    assert states(held) == ["handled", "handled"]


def test_a_decision_is_remembered_shown_and_taken_back(held):
    browser, letter = held.signed_in(), held.world.letter("assignment", DESK)
    held.send(browser, "/held", "/held/2/release", number="2026-0001", remember="yes")
    assert held.world.mail(COLLEAGUE, "The villages paid the rest.", to=letter).state == "handled"
    told = words(browser.get("/held"))
    assert COLLEAGUE in told and "used 1 time" in told and "Undo" in told
    assert held.send(browser, "/held", "/held/decisions/1/revoke").status_code == 303
    assert held.send(browser, "/held", "/held/decisions/1/revoke").status_code == 404
    assert "Undo" not in words(browser.get("/held"))
    assert held.world.mail(COLLEAGUE, "And one more thing to say.", to=letter).state == "held"


def test_the_tick_stands_only_where_a_decision_will_be_remembered(held):
    browser, tick = held.signed_in(), 'name="remember"'
    shown = browser.get("/held/2").text
    assert shown.count(tick) == 3 and f'{tick} value="yes" checked' not in shown
    assert "about 2026-0001" not in shown and tick not in browser.get("/held/3").text
    with held.store.transaction() as session:
        row = session.get_one(InboxMessage, 2)
        row.facts = row.facts | {"why": {"code": "unclear-cut"}}
    assert tick not in browser.get("/held/2").text


def test_the_list_releases_and_remembers_nothing_that_nobody_has_read(held):
    assert 'type="hidden" name="remember"' not in held.signed_in().get("/held").text


def test_without_the_tick_nothing_is_remembered(held):
    browser, letter = held.signed_in(), held.world.letter("assignment", DESK)
    held.send(browser, "/held/2", "/held/2/release", number="2026-0001")
    assert held.world.mail(COLLEAGUE, "The villages paid the rest.", to=letter).state == "held"


def test_many_are_released_to_their_guesses_and_the_others_stay(held):
    browser = held.signed_in()
    told = {"csrf": csrf_of(browser.get("/held")), "message": ["2", "3", "999", "x"], "act": "release"}
    late = browser.post("/held/many", data=told).headers["location"]
    assert late == "/held?left=3.999&told=held-some" and "there is no best guess for it" in words(browser.get(late))
    assert states(held) == ["handled", "held"]


@pytest.mark.parametrize(
    "told", [{}, {"message": ["2"]}, {"message": ["2"], "act": "burn"}, {"message": ["2"], "act": "discard"}]
)
def test_an_incomplete_order_does_nothing(held, told):
    browser = held.signed_in()
    assert browser.post("/held/many", data={"csrf": csrf_of(browser.get("/held"))} | told).status_code == 422
    assert states(held) == ["held", "held"]


# ------------------------------------------------------------------------------------------ outbox


@pytest.fixture
def failed(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    with bureau.store.transaction() as session:
        letter = session.query(OutboxMessage).filter_by(kind="assignment").one()
        letter.state, letter.attempts, letter.last_error = "failed", 3, "550 5.1.1 user unknown"
    return bureau


def letter(bureau):
    return bureau.world.all(OutboxMessage, kind="assignment")[0]


def test_the_outbox_shows_what_did_not_arrive_and_why(failed):
    told = words(failed.signed_in().get("/outbox"))
    assert "The question, with the deadline not delivered" in told and "550 5.1.1 user unknown" in told and "3 attempts" in told
    assert "Receipt with the promised date" in words(failed.signed_in().get("/outbox?tab=waiting"))


@pytest.mark.parametrize(("act", "state"), [("retry", "queued"), ("arrival", "sent"), ("cancellation", "cancelled")])
def test_a_letter_is_settled(failed, act, state):
    browser = failed.signed_in()
    assert (
        failed.send(browser, "/outbox", f"/outbox/{letter(failed).id}/{act}")
        .headers["location"]
        .startswith("/outbox?told=letter-")
    )
    assert letter(failed).state == state
    again = failed.send(browser, "/outbox", f"/outbox/{letter(failed).id}/arrival")
    assert again.status_code == 409


def test_a_letter_goes_to_another_address_of_the_same_person_only(failed):
    from routing.models import Address

    with failed.store.transaction() as session:
        other = Address(person_id=letter(failed).person_id, channel="email", address="second@trento.example", rank=1)
        session.add(other)
        session.flush()
        other_id, foreign_id = other.id, session.query(Address).filter_by(address=SECOND).one().id
    browser = failed.signed_in()
    assert "Send to second@trento.example" in words(browser.get("/outbox"))
    url = f"/outbox/{letter(failed).id}/redirection"
    assert failed.send(browser, "/outbox", url, address=str(foreign_id)).status_code == 404
    assert failed.send(browser, "/outbox", url, address=str(other_id)).status_code == 303
    first, copy = failed.world.all(OutboxMessage, kind="assignment")
    assert (first.state, copy.state, copy.address_id, copy.text) == ("cancelled", "queued", other_id, first.text)


# ------------------------------------------------------------------------------------------ fiches


@pytest.fixture
def draft(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    bureau.world.mail(DESK, "Two firms paid for it.", to=bureau.world.letter("assignment", DESK))
    return f"/fiches/{bureau.world.all(Fiche, status='draft')[0].slug}"


GOOD = {
    "title": "A mobile welding workshop",
    "summary": "Two firms and the province pay for it.",
    "language": "en",
    "is_source": "yes",
    "activities": "A lorry with four places.",
    "themes": "infrastructure",
    "target_groups": ["apprentices", "SMEs/craft firms"],
    "org_kind": "county/province",
    "entry_type": "practical measure",
    "scope_level": "regional",
    "sector": "initial VET",
    "budget": "120.000",
    "currency": "eur",
    "contact": "Workshop desk, desk@province.example",
    "figures": "4 | places in the lorry | https://province.example/workshop",
    "country": "it",
    "place": "Trento",
    "owner": "Provincia autonoma di Trento",
    "stage": "pilot",
    "year_start": "2019",
    "sources": "https://province.example/workshop",
}


def test_a_draft_is_edited_previewed_published_and_retired(bureau, draft):
    browser = bureau.signed_in()
    assert draft in browser.get("/fiches").text
    assert bureau.send(browser, f"{draft}/edit", draft, **GOOD).status_code == 303
    told = words(browser.get(draft))
    assert "A mobile welding workshop" in told and "Trento, Italy" in told and "buildings and equipment" in told
    assert "Provincia autonoma di Trento" in told and "being tried out" in told
    assert "apprentices, small firms and crafts" in told and "county or province" in told and "a region, county" in told
    assert "practical measure" in told and "initial vocational training" in told and "120,000 EUR" in told
    assert "desk@province.example" in told and "4 places in the lorry" in told
    assert bureau.send(browser, draft, f"{draft}/publication").status_code == 303
    fiche = next(one for one in bureau.world.all(Fiche) if draft.endswith(one.slug))
    assert (fiche.status, fiche.published_by, fiche.facts["country"], fiche.facts["year_start"]) == (
        "published",
        "user:1",
        "IT",
        2019,
    )
    assert bureau.service.woken and bureau.world.letters("became") and bureau.world.letters("published")
    assert bureau.send(browser, draft, f"{draft}/retirement").status_code == 303
    assert next(one for one in bureau.world.all(Fiche) if draft.endswith(one.slug)).status == "retired"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "x" * 101}, "101 characters"),
        ({"title": " "}, "needs a title"),
        ({"summary": "x" * 601}, "600 is the limit"),
        ({"country": "Italy"}, "two letters"),
        ({"year_start": "soon"}, "four digits"),
        ({"sources": "javascript:alert(1)"}, "not a web address"),
        ({"language": "xx"}, "Choose the language"),
        ({"stage": "soon"}, "“soon” is not on the list"),
        ({"target_groups": ["apprentices", "all"]}, "“all” is not on the list"),
        ({"year_end": "2018"}, "before the first"),
        ({"budget": "2.50"}, "a whole number"),
        ({"budget": "much"}, "a whole number"),
        ({"currency": ""}, "needs its currency"),
        ({"figures": "4 places"}, "what it counts"),
        ({"figures": "4 | places | here"}, "not a web address"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_typed_is_lost(bureau, draft, wrong, said):
    browser = bureau.signed_in()
    response = bureau.send(browser, f"{draft}/edit", draft, **(GOOD | wrong))
    assert response.status_code == 422 and said in words(response)
    assert "A lorry with four places." in response.text
    where = re.search(r'<p>[^<]+ <a href="#(\w+)">Show me where</a>', response.text)[1]
    field = re.search(rf'<(?:input|textarea|select|fieldset) id="{where}"[^>]*>', response.text)[0]
    assert f"{where}-wrong" in field and f'id="{where}-wrong"' in response.text
    assert bureau.world.all(Fiche, status="draft")[0].revision == 0


@pytest.mark.parametrize(("typed", "kept"), [("120000", 120000), ("1 200 000", 1200000), ("1\u202f200,000", 1200000), (" ", None)])
def test_a_budget_is_typed_as_people_write_it(bureau, draft, typed, kept):
    assert bureau.send(bureau.signed_in(), f"{draft}/edit", draft, **(GOOD | {"budget": typed})).status_code == 303
    assert bureau.world.all(Fiche, status="draft")[0].facts.get("budget") == kept


def test_the_editor_shows_again_what_was_saved_and_what_could_not_be(bureau, draft):
    browser = bureau.signed_in()
    bureau.send(browser, f"{draft}/edit", draft, **GOOD)
    wrong = bureau.send(browser, f"{draft}/edit", draft, **(GOOD | {"title": " "}))
    for page in (browser.get(f"{draft}/edit"), wrong):
        told = page.text.partition(f'action="{draft}"')[2].partition("</form>")[0]
        assert told.count(" checked>") == 3 and told.count(" selected>") == 7  # five lists, the country, the language
        assert 'value="county/province" selected' in told and 'value="SMEs/craft firms" checked' in told
        assert "4 | places in the lorry | https://province.example/workshop</textarea>" in told
        assert re.search(r'name="budget" value="120\.?000"', told) and 'value="Workshop desk, desk@province.example"' in told


def test_the_list_of_fiches_is_narrowed_by_facts(bureau, draft):
    browser = bureau.signed_in()
    bureau.send(browser, f"{draft}/edit", draft, **GOOD)
    listed = f'href="{draft}"'
    assert listed in browser.get("/fiches?tab=draft").text
    assert listed in browser.get("/fiches?tab=draft&target_groups=apprentices&country=IT&sector=initial+VET").text
    for wish in ("target_groups=women", "themes=mobility", "country=GR", "scope_level=local", "words=locomotive"):
        page = browser.get(f"/fiches?tab=draft&{wish}")
        assert listed not in page.text and "No fiche matches" in words(page), wish
    assert listed in browser.get("/fiches?tab=draft&scope_level=%22%3E%3Cimg").text, "what is on no list is no wish"
    assert f"tab=published&amp;{'target_groups=apprentices'}" in browser.get("/fiches?tab=draft&target_groups=apprentices").text


def test_two_editors_do_not_overwrite_each_other(bureau, draft):
    one, other = bureau.signed_in(), bureau.signed_in("admin")
    token = csrf_of(other.get(f"{draft}/edit"))
    bureau.send(one, f"{draft}/edit", draft, **GOOD)
    late = other.post(draft, data=GOOD | {"csrf": token, "revision": "0", "activities": "My own words"})
    assert late.status_code == 409 and "My own words</textarea>" in late.text
    theirs = words(late).partition("What has changed since")[2].partition("What you typed is below")[0]
    assert "lorry" in theirs and "buildings and equipment" in theirs and "My own" not in theirs
    assert "A lorry" in words(other.get(draft))
    meant = other.post(draft, data=GOOD | {"csrf": token, "revision": hidden(late, "revision"), "activities": "My own words"})
    assert meant.status_code == 303 and "My own words" in words(other.get(draft))


def test_a_fiche_that_was_published_meanwhile_is_not_saved_unseen(bureau, draft):
    browser = bureau.signed_in()
    bureau.send(browser, f"{draft}/edit", draft, **GOOD)
    revision = hidden(browser.get(f"{draft}/edit"), "revision")
    bureau.send(browser, draft, f"{draft}/publication")
    late = browser.post(draft, data=GOOD | {"csrf": csrf_of(browser.get(draft)), "revision": revision})
    assert late.status_code == 409 and "the state has changed" in words(late)


def test_a_refusal_does_not_overtake_who_saved_meanwhile(bureau, draft):
    """The form that is shown again still says which revision was read."""
    browser = bureau.signed_in()
    token = csrf_of(browser.get(f"{draft}/edit"))
    bureau.send(browser, f"{draft}/edit", draft, **GOOD)
    wrong = browser.post(draft, data=GOOD | {"csrf": token, "revision": "0", "title": " "})
    assert wrong.status_code == 422 and hidden(wrong, "revision") == "0"


def test_a_translation_leaves_the_other_languages_alone(bureau):
    url, browser = f"/fiches/{DUAL_FICHE}", bureau.signed_in()
    before = words(browser.get(f"{url}?language=it"))
    told = {"title": "Učenje", "summary": "Sažetak", "language": "hr", "activities": "Rad"}
    told |= {"translator": "Translation office", "machine": "yes"}
    assert bureau.send(browser, f"{url}/edit?language=hr", url, **told).status_code == 303
    page = words(browser.get(f"{url}?language=hr"))
    assert "Učenje" in page and "Translation office" in page and "Croatian (by machine)" in page
    assert bureau.send(browser, f"{url}/edit?language=hr", url, **(told | {"machine": ""})).status_code == 303
    assert "by machine" not in words(browser.get(f"{url}?language=hr"))
    title = re.search(r"<h1>(.*?)</h1>", browser.get(f"{url}?language=it").text)[1]
    assert html.unescape(title) in before


def test_an_incomplete_draft_is_not_published(bureau, draft):
    browser = bureau.signed_in()
    response = bureau.send(browser, draft, f"{draft}/publication")
    assert response.status_code == 422 and "a theme" in words(response)


# ------------------------------------------------------------------------------------------ directory and record


def test_an_absence_is_noted_and_shown(bureau):
    browser = bureau.signed_in()
    url = f"/experts/{bureau.world.expert(DESK).id}/absences"
    assert bureau.send(browser, "/directory", url, first_day="2026-11-20", last_day="2026-11-27").status_code == 303
    assert bureau.send(browser, "/directory", url, first_day="2026-11-20", last_day="2026-11-27").status_code == 303
    assert len(bureau.world.all(Absence)) == 1
    assert "away until Fri 27 Nov" in words(browser.get("/directory"))
    for first, last in (("2026-11-27", "2026-11-20"), ("x", "y"), ("2026-01-01", "2030-01-01"), ("", "")):
        assert bureau.send(browser, "/directory", url, first_day=first, last_day=last).status_code == 422


def test_an_absence_is_corrected_seen_beforehand_and_taken_back(bureau):
    browser, url = bureau.signed_in(), f"/experts/{bureau.world.expert(DESK).id}/absences"
    told = bureau.send(browser, "/directory", url, first_day="2026-11-24", last_day="2026-12-11").headers["location"]
    assert told == "/directory?told=absence"
    shown = words(browser.get("/directory"))
    assert "available away Tue 24 Nov to Fri 11 Dec Remove" in shown and "->" not in shown
    told = bureau.send(browser, "/directory", url, first_day="2026-11-23", last_day="2026-12-11").headers["location"]
    assert told == "/directory?told=absence-corrected"
    told = bureau.send(browser, "/directory", url, first_day="2026-11-23", last_day="2026-12-11").headers["location"]
    assert told == "/directory?told=absence-known"
    [kept] = bureau.world.all(Absence)
    assert (kept.first_day, kept.last_day) == ("2026-11-23", "2026-12-11")
    other = f"/experts/{bureau.world.expert(SECOND).id}/absences/{kept.id}/end"
    assert bureau.send(browser, "/directory", other).status_code == 404
    away = f"{url}/{kept.id}/end"
    assert bureau.send(browser, "/directory", away).headers["location"] == "/directory?told=absence-removed"
    assert bureau.send(browser, "/directory", away).status_code == 404 and bureau.world.all(Absence) == []
    record = words(browser.get("/record"))
    assert "from 23 Nov 2026 to 11 Dec 2026" in record and "removed the absence of" in record


def test_an_absence_that_is_over_is_refused_in_words(bureau):
    browser, url = bureau.signed_in(), f"/experts/{bureau.world.expert(DESK).id}/absences"
    late = bureau.send(browser, "/directory", url, first_day="2020-01-07", last_day="2020-01-10")
    assert late.status_code == 422 and "already over" in words(late) and bureau.world.all(Absence) == []


def test_who_only_watches_sees_absences_and_removes_none(bureau):
    url = f"/experts/{bureau.world.expert(DESK).id}/absences"
    bureau.send(bureau.signed_in(), "/directory", url, first_day="2026-11-24", last_day="2026-12-11")
    shown = bureau.signed_in("observer").get("/directory")
    assert "away Tue 24 Nov to Fri 11 Dec" in words(shown) and "/absences/" not in shown.text


def test_the_directory_tells_hours_and_holidays(bureau):
    told = words(bureau.signed_in().get("/directory?words=trento"))
    assert "at work" in told and "Mon–Fri 08:30-12:30, 14:00-17:00" in told
    assert "Tue 8 Dec (Immaculate Conception)" in told and "Karlova" not in told


def test_weekdays_and_holidays_are_named_in_the_reader_s_language(bureau):
    with bureau.store.transaction() as session:
        session.get(Person, session.query(ConsoleUser).filter_by(role="coordinator").one().person_id).language = "el"
    told = words(bureau.signed_in().get("/directory?words=trento"))
    assert "Δευ–Παρ 08:30-12:30, 14:00-17:00" in told and "Ιταλικά, Αγγλικά" in told
    assert "Τρί 8 Δεκ" in told and "Immaculate" not in told


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        ({"fri": ["08:00-13:00"], "mon": ["08:00-12:00", "13:00-17:00"]}, [("Mon", "08:00-12:00, 13:00-17:00"), ("Fri", "08:00-13:00")]),
        ({"mon-thu": ["08:00-16:00"], "fri": ["08:00-16:00"]}, [("Mon–Fri", "08:00-16:00")]),
        ({"tue-wed": ["09:00-17:00"], "sun": ["09:00-17:00"]}, [("Tue–Wed", "09:00-17:00"), ("Sun", "09:00-17:00")]),
        ({"mon": ["99:00-98:00"]}, [("mon", "['99:00-98:00']")]),
    ],
)
def test_a_week_is_told_from_monday_on(hours, shown):
    assert clocks.week(hours, tongue("en")) == shown


def test_a_calendar_that_is_wrong_does_not_break_the_page(bureau):
    from routing.models import Authority

    with bureau.store.transaction() as session:
        session.query(Authority).filter_by(slug="trento").one().hours = {"mon": ["99:00-98:00"]}
    assert bureau.signed_in().get("/directory").status_code == 200


def test_the_record_is_narrowed_and_has_pages(bureau, asked):
    with bureau.store.transaction() as session:
        for number in range(150):
            session.add(
                Event(at=bureau.now, actor="system", kind="reminded", detail={"expert": f"desk {number}", "stage": "halfway"})
            )
    browser = bureau.signed_in()
    page = browser.get("/record?kind=reminded")
    assert "reminded desk 149 (half-way)" in words(page) and "desk 3 " not in words(page)
    earlier = re.search(r'href="(/record\?[^"]*before=\d+)"', page.text)[1].replace("&amp;", "&")
    assert "reminded desk 3 (half-way)" in words(browser.get(earlier))


def test_an_event_nobody_knows_is_shown_as_it_is_called(bureau, asked):
    with bureau.store.transaction() as session:
        session.add(Event(question_id=asked.id, at=bureau.now, actor="somebody", kind="moon-landing", detail={}))
        session.add(Event(question_id=asked.id, at=bureau.now, actor="system", kind="decided", detail={}))
    assert "somebody moon landing" in words(bureau.signed_in().get(f"/questions/{asked.number}"))


# ------------------------------------------------------------------------------------------ one click


@pytest.fixture
def links(bureau):
    """The expert's mailed buttons, by what they do."""
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    return {one.action: f"/do/{one.id}" for one in bureau.world.all(Button)}


def test_opening_a_link_shows_what_it_does_and_does_nothing(bureau, links):
    browser = bureau.browser()
    page = browser.get(links["accept"])
    assert page.status_code == 200 and 'lang="it"' in page.text
    assert "Risponderò" in page.text and OTHER_QUESTION in html.unescape(page.text)
    browser.head(links["accept"])
    assert bureau.world.assignments() == [(DESK, "offered")]


def test_pressing_acts_once(bureau, links):
    browser = bureau.browser()
    done = browser.post(links["accept"])
    assert done.status_code == 200 and "Grazie" in done.text
    assert bureau.world.assignments() == [(DESK, "accepted")]
    assert bureau.service.woken
    again = browser.post(links["accept"])
    assert again.status_code == 409
    assert browser.get(links["accept"]).status_code == 410
    assert len(bureau.world.events("accepted")) == 1


def test_a_link_whose_question_has_moved_on_says_so_politely(bureau, links):
    with bureau.store.transaction() as session:
        from routing import coordinating

        coordinating.answer(session, bureau.world.office, session.get_one(Question, 1), "Answered", by="user:1", now=bureau.now)
    page = bureau.browser().get(links["decline"])
    assert page.status_code == 410 and "<form" not in page.text


@pytest.mark.parametrize("path", ["/do/nothing", "/do/" + "x" * 200, "/do/%00", "/do/'%20OR%201=1"])
def test_a_made_up_link_does_nothing(bureau, links, path):
    assert bureau.browser().get(path).status_code == 404
    assert bureau.browser().post(path).status_code == 404


def test_a_button_of_a_chat_does_not_work_on_the_web(bureau):
    bureau.world.chat("/start", kind=__import__("routing.values", fromlist=["Kind"]).Kind.COMMAND, command="start")
    with bureau.store.transaction() as session:
        session.add(Button(id="chatbutton", action="forget_yes", person_id=1, chat="501", created_at=bureau.now))
    assert bureau.browser().get("/do/chatbutton").status_code == 404
    assert bureau.browser().post("/do/chatbutton").status_code == 404


def test_a_link_pressed_from_another_site_does_nothing(bureau, links):
    assert bureau.browser().post(links["accept"], headers={"origin": "https://evil.example"}).status_code == 403
    assert bureau.world.assignments() == [(DESK, "offered")]
