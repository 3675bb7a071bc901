"""What somebody types to an asker is not lost when their session ends, and does not stay once it has gone out."""

from routing.models import Answer, Question

TEXT = "Two firms lease it, each pays half."
KEPT = "Object.keys(sessionStorage).filter((name) => name.startsWith('rrm-'))"


def test_an_answer_survives_the_end_of_the_session(open_page, site):
    with site.store.snapshot() as session:
        number = session.query(Question).filter_by(waiting_for="coordinator", merged_into_id=None).first().number
    page = open_page()
    page.goto(f"{site.base}/questions/{number}")
    page.locator("#fold-answer summary").click()
    page.locator("#own-answer").fill(TEXT)
    page.context.clear_cookies()
    page.get_by_role("button", name="Send the answer").click()
    page.wait_for_url("**/sign-in")
    page.goto(site.link())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/questions/{number}")
    assert page.locator("#own-answer").input_value() == TEXT and page.locator("#own-answer").is_visible()
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_role("status").wait_for()
    with site.store.snapshot() as session:
        assert [one.text for one in session.query(Answer).filter_by(text=TEXT)] == [TEXT]
    page.goto(f"{site.base}/questions/{number}")
    assert page.evaluate(KEPT) == []
    assert page.evaluate(
        "[...document.querySelectorAll('form[data-keep] textarea')].every((one) => one.value === one.defaultValue)"
    )


def test_a_wrong_click_is_asked_about_and_signing_out_forgets(open_page, site):
    with site.store.snapshot() as session:
        number = session.query(Question).filter(Question.state != "closed").order_by(Question.id.desc()).first().number
    page, asked = open_page(), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{site.base}/questions/{number}")
    page.locator("#fold-note summary").click()
    page.locator("#note-text").press_sequentially("Ring them")
    page.goto(f"{site.base}/queue")
    assert asked == ["beforeunload"] and len(page.evaluate(KEPT)) == 1
    page.locator(".rail-foot form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(KEPT) == []
