"""How long an asker has had the next step: since they got it, not since our first word."""

from routing import clarifying
from routing.models import Question
from tests.fakes.bureau import words
from tests.world import ASKER_MAIL, DESK, OTHER_QUESTION


def test_who_is_asked_back_has_not_waited_since_the_question_came(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    bureau.pass_time(days=4)
    with bureau.store.transaction() as session:
        found = session.get_one(Question, bureau.world.question().id)
        clarifying.ask(session, bureau.world.office, found, "Which valleys do you mean?", by="user:1", now=bureau.now)
    bureau.pass_time(hours=2)
    browser = bureau.signed_in()
    for page in ("/queue?tab=asker", f"/questions/{bureau.world.question().number}"):
        assert "waiting 2 hours" in words(browser.get(page)), page
