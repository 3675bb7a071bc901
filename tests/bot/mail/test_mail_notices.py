"""Automatic notices that no header marks: none is taken for an answer, and no answer for one of them.

`notices.txt` and `answers.txt` hold one mail a line. The weights of `bot.mail.likeness` are learnt from them, so whether they carry
to other texts is asked of weights learnt from half of them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.mail_notices import kept, labelled, learn, score
from bot.mail.likeness import HEADER, PLACES, WEIGHTS, likeness, places_of
from bot.mail.notices import asks_for_proof, tells_absence, tells_arrival
from routing.values import Kind
from tests.bot.mail.making import mail, reply_to_us, understood

HERE = Path(__file__).parent
NOTICES, ANSWERS = ((HERE / name).read_text(encoding="utf-8").splitlines() for name in ("notices.txt", "answers.txt"))


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_is_no_answer(text):
    item = understood(reply_to_us(text))
    assert item.kind is not Kind.MESSAGE or item.held, item.rule
    assert item.text.split() == text.split()


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_no_notice(text):
    item = understood(reply_to_us(text))
    assert (item.kind, item.held, item.text.split()) == (Kind.MESSAGE, None, text.split())


def test_few_notices_wait_for_a_person():
    held = [text for text in NOTICES if understood(reply_to_us(text)).kind is Kind.MESSAGE]
    assert len(held) < len(NOTICES) / 5


@pytest.mark.parametrize("odd", [0, 1])
def test_what_was_learnt_carries_to_other_texts(odd):
    texts = labelled()
    learnt, others = learn(texts[odd::2]), texts[1 - odd :: 2]
    above = np.array([score(learnt, text) > 0 for text, _ in others])
    notices = np.array([is_notice for _, is_notice in others])
    assert above[notices].mean() > 0.5
    assert above[~notices].mean() < 0.06


def test_weights_are_kept_as_they_are_read():
    content = WEIGHTS.read_bytes()
    assert len(content) == HEADER.size + PLACES
    weights = np.zeros(PLACES)
    weights[places_of("urgent")[0]] = 2.0
    assert kept((weights, 0.5))[: HEADER.size] == HEADER.pack(2.0 / 127, 0.5)
    assert np.frombuffer(kept((weights, 0.5))[HEADER.size :], np.int8).max() == 127


def test_likeness_without_words():
    assert likeness("") == likeness(" ?! ") == HEADER.unpack_from(WEIGHTS.read_bytes())[1]
    assert places_of("Ärger 12") == places_of("arger 99")


def test_an_answer_beside_an_absence_is_none_of_a_notice():
    assert tells_absence("I'm on leave until Monday. Please write to my colleague.")
    assert not tells_absence("Yes. Brown bins. I'm on leave until Monday.")
    assert not tells_absence("Our depot is closed until 4 January, so bins are collected by volunteers with cargo bikes.")
    assert not tells_absence("Le service était fermé jusqu'au 3 novembre ; depuis, trois collectes par semaine.")
    assert not tells_absence("Are you on leave?")
    assert not tells_absence("I'm on leave. " * 60)


def test_arrival_is_told_by_offices():
    assert tells_arrival("Vaš je dopis proslijeđen nadležnom odjelu. Odgovor možete očekivati u roku od 15 dana.")
    assert not tells_arrival("We registered 4,200 households by post and gave each a bin with a number.")


def test_proof_is_asked_with_a_link():
    held = "Your mail is held. Please confirm that you are a person: https://who.example/7"
    assert asks_for_proof(held)
    assert not asks_for_proof(held.replace("https://", ""))
    assert not asks_for_proof("Please confirm whether you need pictures; the plan is at https://town.example/bins")


def test_a_notice_in_a_new_mail_or_with_a_file_is_left_alone():
    text = "This mailbox is no longer monitored, messages are not read. Urgent requests: call the office."
    assert understood(mail(text, subject="Mailbox")).rule == "question"
    part = f"Content-Type: text/plain\n\n{text}"
    file = 'Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment\n\n%PDF'
    parts = f"--XX\n{part}\n--XX\n{file}\n--XX--\n"
    assert understood(reply_to_us(parts, content_type='multipart/mixed; boundary="XX"')).rule in ("reply", "gone-for-good")
