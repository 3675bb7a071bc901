"""Experts read what is asked, not who signs it; nothing else is taken from a question."""

import pytest

from routing.models import InboxMessage
from routing.unsigned import without_signer
from tests.world import ASKER_MAIL, DESK

ASKED = "How do you bring apprentices to farms that no bus reaches?"
CARDS = [
    "Kind regards\nMaria Rossi\nComune di Trento, Ufficio formazione\nVia Belenzani 19, 38122 Trento\nTel. +39 0461 884111",
    "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.\n\nDépartement du Finistère\n02 98 00 00 00",
    "Heike Braun\nAmt für Berufsbildung\nTelefon 0711 123456",
    "Saygılarımızla,\nBursa İl Milli Eğitim Müdürlüğü\nMesleki Eğitim Şubesi\n0224 123 45 67",
    "Με εκτίμηση,\nΓραφείο Μαθητείας\nΔήμος Λαμιέων\nτηλ. 22310 12345",
    "Lijep pozdrav,\nUred za strukovno obrazovanje, Osječko-baranjska županija",
    "Cu stimă,\nInspectoratul Școlar Județean Cluj\nStrada Moților 3\nwww.cluj.example",
    "Thank you in advance!\nTraining desk, Porto\ntraining@porto.example",
]
KEPT = [
    "Thank you for reading.\n\nOur region has 200 apprentices in farming and wants to know how others keep them safe.",
    f"{ASKED}\n\nDual Training\nSandwich Courses\nSchool Based",
    "Tell us about this.\n\nPorto Digital Academy\nwww.porto.example",
    f"Kind regards from Porto!\n{ASKED}",
    f"{ASKED}\nThanks\nWe have 30 places, and no money for a van.",
    "Kind regards\nMaria",
    ASKED,
]


@pytest.mark.parametrize("card", CARDS)
def test_a_signature_is_taken_off_what_experts_read(card):
    assert without_signer(f"Good morning,\n{ASKED}\n\n{card}") == f"Good morning,\n{ASKED}"


@pytest.mark.parametrize("text", KEPT)
def test_what_may_be_the_question_stays(text):
    assert without_signer(text) == text


def test_a_postscript_below_a_signature_stays():
    assert without_signer(f"{ASKED}\n\nThanks\nMaria\n\nPS: we have only 20 places.") == f"{ASKED}\n\nPS: we have only 20 places."


def test_the_expert_reads_what_is_asked_and_added_and_not_by_whom(small):
    small.assigned(f"{ASKED}\n\n{CARDS[0]}")
    small.mail(ASKER_MAIL, f"The farms are 40 km away.\n\n{CARDS[0]}", to=small.letter("receipt", ASKER_MAIL))
    letters = small.letters(None, DESK)
    assert any(ASKED in one.text for one in letters) and any("40 km away" in one.text for one in letters)
    assert not any("Rossi" in one.text or "0461" in one.text for one in letters)
    assert all("Rossi" in row.text for row in small.all(InboxMessage)), "whoever looks at the mail itself sees all of it"
