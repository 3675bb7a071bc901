"""What is kept about a person: found, taken out, rehearsed and erased by an administrator; and who looks after what, on its page."""

import json

from routing import care
from routing.models import Address, Authority, ConsoleUser, Event, OutboxMessage, Question
from routing.people import find_address
from tests.bot.console.test_access import contents
from tests.bot.console.test_other_pages import words
from tests.fakes.bureau import csrf_of
from tests.world import ASKER_MAIL, COORDINATOR, DESK, OTHER_QUESTION


def person(bureau, address=ASKER_MAIL):
    with bureau.store.snapshot() as session:
        return find_address(session, "email", address).person_id


def send(bureau, browser, path, **fields):
    return browser.post(path, data={"csrf": csrf_of(browser.get("/persons")), **fields})


def test_an_erasure_is_rehearsed_and_changes_nothing(bureau, asked):
    browser, before = bureau.signed_in("admin"), None
    before = contents(bureau)
    told = words(browser.get(f"/persons?words={ASKER_MAIL}"))
    assert contents(bureau) == before
    letters = len(bureau.world.all(OutboxMessage, person_id=person(bureau)))
    for line in (
        "questions 1",
        "open questions that would be closed 1",
        "messages 1",
        f"letters {letters}",
        "addresses 1",
        "files 0",
    ):
        assert line in told, (line, told)
    assert "Nobody with this address" in words(browser.get("/persons?words=nobody@nowhere.example"))


def test_everything_is_taken_out_as_a_file(bureau, asked):
    browser = bureau.signed_in("admin")
    response = send(bureau, browser, f"/persons/{person(bureau)}/export")
    assert json.loads(response.text)["questions"][0]["text"] == OTHER_QUESTION
    assert (
        response.headers["content-disposition"].startswith("attachment")
        and "sandbox" in response.headers["content-security-policy"]
    )
    assert len(bureau.world.all(Event, kind="person-exported")) == 1


def test_a_person_is_erased_once_their_address_was_written_again(bureau, asked):
    browser, their = bureau.signed_in("admin"), person(bureau)
    assert send(bureau, browser, f"/persons/{their}/erasure", address="").status_code == 422
    assert send(bureau, browser, f"/persons/{their}/erasure", address=DESK).status_code == 422
    assert bureau.world.question().text == OTHER_QUESTION
    assert (
        send(bureau, browser, f"/persons/{their}/erasure", address=ASKER_MAIL.upper()).headers["location"]
        == "/persons?told=erased"
    )
    assert OTHER_QUESTION not in str(contents(bureau)) and ASKER_MAIL not in str(contents(bureau))
    assert bureau.world.all(Question)[0].state == "closed" and bureau.world.all(Address, person_id=their)[0].address.startswith(
        "erased-"
    )
    (event,) = bureau.world.all(Event, kind="person-erased")
    assert event.detail == {"person": their} and event.actor.startswith("user:")


def test_who_belongs_to_the_network_is_not_erased(bureau):
    browser = bureau.signed_in("admin")
    assert "belongs to the network" in words(browser.get(f"/persons?words={DESK}"))
    assert send(bureau, browser, f"/persons/{person(bureau, DESK)}/erasure", address=DESK).status_code == 422


def test_care_is_given_on_its_page(bureau):
    browser = bureau.signed_in("admin")
    with bureau.store.snapshot() as session:
        user = session.query(ConsoleUser).filter_by(email=COORDINATOR).one()
        trento = session.query(Authority).filter_by(slug="trento").one()
    page = f"/users/{user.id}/care"
    assert "Provincia autonoma di Trento" in browser.get(page).text and page in browser.get("/users").text
    assert send(bureau, browser, page, authority=str(trento.id)).headers["location"] == "/users?told=care-given"
    assert f'value="{trento.id}" checked' in browser.get(page).text
    with bureau.store.snapshot() as session:
        assert care.of_user(session, session.get(ConsoleUser, user.id)).authorities == {trento.id}
    assert send(bureau, browser, page).status_code == 303 and f'value="{trento.id}" checked' not in browser.get(page).text
    with bureau.store.snapshot() as session:
        admin = session.query(ConsoleUser).filter_by(role="admin").one()
    assert send(bureau, browser, f"/users/{admin.id}/care", authority=str(trento.id)).status_code == 422
