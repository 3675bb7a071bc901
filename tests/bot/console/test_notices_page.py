"""My notices: chosen by everybody for themselves, a chat connected by a secret shown once, and one-click pages from the letters."""

import re

from routing import noticing
from routing.models import Answer, NoticeChoice, Question
from tests.fakes.bureau import csrf_of
from tests.world import ASKER_MAIL, OTHER_QUESTION

FORM = {
    "how": "bundled", "alert": ["needs", "review", "overdue"], "every": "15", "digest": "yes", "day": ["mon", "tue"],
    "opens": "07:30", "closes": "16:00", "zone": "Europe/Athens", "country": "GR", "address": "",
}  # fmt: skip


def choose(bureau, browser, **changes):
    return browser.post("/notices", data=FORM | {"csrf": csrf_of(browser.get("/notices"))} | changes)


def choice(bureau):
    with bureau.store.snapshot() as session:
        return session.query(NoticeChoice).one_or_none()


def test_whoever_has_chosen_nothing_sees_what_we_suggest(bureau):
    shown = bureau.signed_in("observer").get("/notices").text
    assert 'value="single" checked' in shown and 'value="mon" checked' in shown and choice(bureau) is None


def test_a_choice_is_kept_shown_and_written_down(bureau):
    browser = bureau.signed_in()
    assert choose(bureau, browser).headers["location"] == "/notices?told=notices"
    kept = choice(bureau)
    assert (kept.bundled, kept.every_minutes, kept.zone, kept.country) == (True, 15, "Europe/Athens", "GR")
    assert kept.hours == {"mon": ["07:30-16:00"], "tue": ["07:30-16:00"]}
    shown = browser.get("/notices").text
    assert 'value="bundled" checked' in shown and '<option value="Europe/Athens" selected>Athens<' in shown and 'value="07:30"' in shown
    assert bureau.world.events("notices-chosen")[-1].detail["after"]["alerts"] == ["needs", "overdue", "review"]
    assert "changed what they are told about" in bureau.signed_in("admin").get("/record").text


def test_the_monthly_letter_is_a_choice_like_the_others(bureau):
    browser = bureau.signed_in()
    assert 'name="monthly" value="yes" checked' in browser.get("/notices").text, "wanted, as long as nobody says otherwise"
    for told, kept in (({}, False), ({"monthly": "yes"}, True)):
        choose(bureau, browser, **told)
        assert choice(bureau).monthly is kept
        assert ('name="monthly" value="yes" checked' in browser.get("/notices").text) is kept
        assert bureau.world.events("notices-chosen")[-1].detail["after"]["monthly"] is kept


def test_a_day_that_ends_before_it_begins_is_refused_in_words(bureau):
    refused = choose(bureau, bureau.signed_in(), opens="18:00", closes="08:00")
    assert refused.status_code == 422 and "must end after" in refused.text and choice(bureau) is None


def test_a_chat_is_connected_by_a_secret_that_is_shown_once(bureau):
    browser = bureau.signed_in()
    page = browser.get("/notices")
    assert browser.post("/notices/chat", data={"csrf": csrf_of(page)}).status_code == 422, "Telegram is not switched on"

    class Chat:
        username = "rrm_test_bot"

    bureau.service.channels["telegram"] = Chat()
    shown = browser.post("/notices/chat", data={"csrf": csrf_of(page)}).text
    code = re.search(r"/start ([\w-]+)", shown)[1]
    assert f"https://t.me/rrm_test_bot?start={code}" in shown and code not in browser.get("/notices").text
    kept = choice(bureau)
    assert not kept.bundled and code not in kept.code_hash, "connecting chooses nothing, and only a hash is kept"


def test_the_link_in_a_letter_shows_the_answer_and_its_button_sends_it_once(bureau):
    choose(bureau, bureau.signed_in())
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.hand_over()
    with bureau.store.transaction() as session:
        question = session.query(Question).one()
        session.add(
            Answer(
                question_id=question.id,
                author="user:1",
                language="en",
                text="By <b>lorry</b>.",
                state="waiting",
                created_at=bureau.now,
            )
        )
    with bureau.store.transaction() as session:
        assert noticing.tell_due(session, bureau.world.office, bureau.now) == 1
    letter = bureau.world.letters("co_digest")[-1]
    link = next(button["url"] for button in letter.buttons if "read the answer" in button["label"])
    stranger = bureau.browser()
    shown = stranger.get(link)
    assert "By &lt;b&gt;lorry&lt;/b&gt;." in shown.text and bureau.world.letters("answer") == [], "looking does nothing"
    assert stranger.get(link).status_code == 200
    assert "it is done" in stranger.post(link).text and len(bureau.world.letters("answer", ASKER_MAIL)) == 1
    assert stranger.post(link).status_code == 409 and stranger.get(link).status_code == 410
    assert len(bureau.world.letters("answer")) == 1 and bureau.world.events("answer-released")[-1].actor == "user:1"
    elsewhere = stranger.post(link, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403
