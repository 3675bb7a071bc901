"""What a coordinator sees before it goes out is what goes out, and looking at it changes nothing."""

import pytest

from routing.models import Answer, Event, Fiche, OutboxMessage
from tests.fakes.bureau import csrf_of, words
from tests.world import ASKER_MAIL, DESK, OTHER_QUESTION

URL = "/questions/2026-0001"


@pytest.fixture
def assigned(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    return bureau


def preview(bureau, browser, fragment=True, **told):
    fields = {"csrf": csrf_of(browser.get(URL)), **told}
    return browser.post(f"{URL}/preview", data=fields, headers={"hx-request": "true"} if fragment else {})


def test_ones_own_answer_is_shown_as_the_very_letter(assigned):
    browser = assigned.signed_in()
    before = [len(assigned.world.all(kind)) for kind in (OutboxMessage, Event, Answer)]
    seen = preview(assigned, browser, text="The province paid: ask it.\n\n<script>alert(1)</script>")
    assert seen.status_code == 200 and "<html" not in seen.text and "<script>" not in seen.text
    assert [len(assigned.world.all(kind)) for kind in (OutboxMessage, Event, Answer)] == before
    assigned.send(browser, URL, f"{URL}/answers", text="The province paid: ask it.\n\n<script>alert(1)</script>")
    letter = assigned.world.letters("answer", ASKER_MAIL)[0]
    told = words(seen)
    assert letter.subject in told
    for line in filter(None, letter.text.split("-- ")[0].split("\n")):
        assert " ".join(line.removeprefix("> ").replace("———", "").split()) in told, line
    for button in letter.buttons:
        assert button["label"] in told


def test_an_edited_answer_is_shown_with_what_its_author_allows_to_be_said(assigned):
    with assigned.store.transaction() as session:
        session.add(
            Answer(
                question_id=assigned.world.question().id,
                assignment_id=None,
                author="user:1",
                language="it",
                text="Pagano le imprese.",
                state="waiting",
                created_at=assigned.now,
            )
        )
    waiting = assigned.world.all(Answer)[0]
    browser = assigned.signed_in()
    told = words(preview(assigned, browser, text="Pagano due imprese.", answer=str(waiting.id)))
    assert "Pagano due imprese." in told and "Pagano le imprese." not in told
    assert assigned.world.all(Answer)[0].text == "Pagano le imprese."


def test_without_scripts_it_is_a_page_of_its_own(assigned):
    page = preview(assigned, assigned.signed_in(), fragment=False, text="Yes.")
    assert page.status_code == 200 and "<html" in page.text and f'href="{URL}"' in page.text


def test_no_words_are_refused(assigned):
    refused = preview(assigned, assigned.signed_in(), text="  ")
    assert refused.status_code == 422 and "Write the answer first." in words(refused)


@pytest.mark.parametrize("language", ["en", "el"])
def test_a_fiche_is_shown_as_chat_and_as_mail_in_any_language(bureau, language):
    slug = bureau.world.all(Fiche)[0].slug
    page = bureau.signed_in("observer").get(f"/fiches/{slug}/preview?language={language}")
    assert page.status_code == 200
    assert page.text.count(f'class="written" lang="{language}"') == 2
    assert ("2026-0001" in words(page)) and ("Ερώτημα" in words(page)) == (language == "el")


def test_there_is_no_preview_of_what_is_not_there(bureau):
    assert bureau.signed_in().get("/fiches/nothing-here/preview").status_code == 404
