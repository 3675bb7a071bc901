"""Nothing of an answer is cut, and no question is taken for a machine's, because of what it speaks of."""

from __future__ import annotations

from email.header import Header

import pytest

from routing.values import Kind
from tests.bot.mail.making import TOKEN, mail, reply_to_us, understood
from tests.bot.mail.topics import ANSWERS, QUESTIONS

QUOTED = f"On Mon, 5 May 2025 at 10:04, Network Desk <reply+{TOKEN}@rrm.example> wrote:\n> Who trains the trainers?\n"


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ANSWERS.items()])
def test_an_answer_keeps_every_word(text):
    item = understood(reply_to_us(f"{text}\n\n{QUOTED}"))
    assert (item.kind, item.rule, item.held) == (Kind.MESSAGE, "reply", None)
    assert (item.text.split(), item.review) == (text.split(), None)


@pytest.mark.parametrize(("subject", "text"), [pytest.param(*case, id=name) for name, case in QUESTIONS.items()])
def test_a_question_is_no_machine(subject, text):
    item = understood(mail(text, subject=Header(subject, "utf-8").encode()))
    assert (item.kind, item.rule, item.held, item.text.split()) == (Kind.MESSAGE, "question", None, text.split())
