import pytest

from routing.words import Word, understand

YES_NO = [
    ("Yes", Word("yes")), ("yes!", Word("yes")), ("Yes, thank you.", Word("yes")), ("👍", Word("yes")), ("No, thanks", Word("no")),
    ("Hello,\n\nyes, it helped\n\nBest regards\nAn Office", Word("yes")), ("Thank you very much!", Word("thanks")),
    ("Accept", Word("accept")), ("I will answer.\n\nDesk of the County", Word("accept")), ("decline", Word("decline")),
    ("Decline: on leave this month", Word("decline", text="on leave this month")),
    ("I cannot answer because we have no such school.", Word("decline", text="we have no such school.")),
    ("2", Word("choice", 2)), ("2.", Word("choice", 2)), ("Number 3, please", Word("choice", 3)), ("the second one", Word("choice", 2)),
    ("I need 3 more days", Word("more_days", 3)), ("+2", Word("more_days", 2)), ("another week please", Word("more_days", 5)),
    ("I am away until 15 January.", Word("away_until", text="15 January")),
    ("Question for the asker: which age group?", Word("ask_back", text="which age group?")),
    ("expert", Word("ask_expert")), ("STOP", Word("stop")), ("not yet", Word("not_yet")),
]
ANSWERS = ["Yes, we did this in 2019 with three schools.", "No question is too small: we", "Thank you for the question. In our county", "Yes?", "", "3 days of training", "2012", "Decline in numbers was strong here.", "Accept all the applications first.", "I cannot answer the second part, but the first is easy."]


@pytest.mark.parametrize(("text", "word"), YES_NO)
def test_words_alone(text, word):
    assert understand(text, "en") == word


@pytest.mark.parametrize("text", ANSWERS)
def test_answers_are_left_alone(text):
    assert understand(text, "en") is None
