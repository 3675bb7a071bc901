"""What pages say in figures and lists, as one would say it: whole hours and days, bounds in refusals, lists in the order of names."""

import re

import pytest

from bot.console.tongue import tongue
from bot.console.words import Words
from routing.countries import folded
from routing.languages import LANGUAGES
from routing.letters import own_name
from routing.models import Question
from tests.fakes.bureau import words
from tests.world import ASKER_MAIL, DESK, OTHER_QUESTION


@pytest.mark.parametrize(
    ("hours", "said"), [(22.834, "23 hours"), (0.2, "1 hour"), (48, "48 hours"), (49, "3 days"), (96.0, "4 days")]
)
def test_how_quick_an_expert_is_is_said_in_whole_hours_or_days(hours, said):
    assert Words(tongue("en")).reason({"code": "quick", "hours": hours}) == f"usually answers within {said}"


def test_days_out_of_bounds_are_told_the_bounds(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    bureau.assign(DESK)
    number, browser = bureau.world.question().number, bureau.signed_in()
    for days in ("-3", "0", "61", "three", ""):
        page = bureau.send(browser, f"/questions/{number}", f"/questions/{number}/extensions", days=days, reason="Holidays")
        assert page.status_code == 422 and "Extend by 1 to 60 working days." in words(page)


def test_health_says_what_is_overdue(bureau):
    assert "questions whose next step is overdue" in words(bureau.signed_in("admin").get("/health"))


def test_an_empty_page_of_held_mail_counts_nothing(bureau):
    told = words(bureau.signed_in().get("/held"))
    assert "Nothing is waiting." in told and "0 messages" not in told


@pytest.mark.parametrize("language", ["en", "el"])
def test_lists_stand_in_the_order_of_their_names(language):
    said = Words(tongue(language))
    codes = ["AT", "DE", "ES", "HR", "SE", "CH"]
    assert [folded(said.country(code)) for code in said.by_name(codes, "country")] == sorted(
        folded(said.country(c)) for c in codes
    )
    assert Words(tongue("en")).by_name(["de", "el", "es", "fr"], "language") == ["fr", "de", "el", "es"]


def test_the_pages_keep_that_order(bureau):
    bureau.world.mail(ASKER_MAIL, OTHER_QUESTION)
    with bureau.store.transaction() as session:
        for number, (country, language) in enumerate((("AT", "de"), ("HR", "hr"), ("DE", "el"), ("ES", "fr"))):
            one = Question(
                number=f"2026-90{number}", asker_id=1, address_id=1, language=language, text="x", country=country, created_at=bureau.now,
                next_action_at=bureau.now,
            )  # fmt: skip
            session.add(one)
    page = bureau.signed_in().get("/queue").text
    countries = re.search(r'<select name="country".*?</select>', page, re.DOTALL)[0]
    names = re.findall(r'<option value="[A-Z]{2}">([^<]+)', countries)
    assert names == sorted(names) and {"Austria", "Croatia", "Germany"} <= set(names)
    tongues = re.findall(r'<option value="(\w\w)" lang=', page)
    assert tongues[: len(LANGUAGES)] == sorted(LANGUAGES, key=lambda code: folded(own_name(code)))
