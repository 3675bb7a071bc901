"""Bytes that name no charset, or a wrong one, and yet say which it is."""

from __future__ import annotations

import pytest

from bot.mail.charsets import decode

TEXTS = {
    "el": "Έχουμε καφέ κάδους με κλειδαριά, 4.200 νοικοκυριά.",
    "bg": "Имаме кафяви кофи с ключалка: 4200 домакинства.",
    "tr": "Kilitli kahverengi kovalar kullanıyoruz; eski şehir merkezinde çöp sabah toplanır.",
    "hr": "Imamo smeđe kante s bravom: 4.200 kućanstava, čistimo ih tjedno.",
    "ro": "Avem pubele maro cu încuietoare şi le spălăm la două săptămâni.",
    "pl": "Mamy brązowe pojemniki z zamkiem i myjemy je co tydzień, także na starówce.",
    "it": "Usiamo secchi con chiusura: è più caro, però dura di più. Città e comunità.",
    "fr": "Nous avons des bacs à verrou, relevés très tôt ; c’est apprécié. Où ? Là-bas, en été.",
    "es": "Usamos cubos con llave; mañana añadimos más en la plaza del año pasado.",
    "de": "Die Tonnen stehen im Hof, größer und schöner als früher. Füße weg!",
    "is": "Við höfum brúnar tunnur með lás og þær eru þvegnar á hverjum degi.",
    "da": "Vi har brune spande med lås; de bliver tømt før klokken otte på øen.",
}


@pytest.mark.parametrize("claimed", ["", "utf-8", "x-unknown", "iso-8859-1"])
@pytest.mark.parametrize(
    ("code", "real"),
    [
        ("el", "iso-8859-7"), ("el", "windows-1253"), ("bg", "windows-1251"), ("bg", "koi8-r"), ("tr", "windows-1254"), ("tr", "iso-8859-9"),
        ("hr", "windows-1250"), ("hr", "iso-8859-2"), ("ro", "windows-1250"), ("pl", "windows-1250"), ("pl", "iso-8859-2"), ("it", "windows-1252"),
        ("fr", "windows-1252"), ("es", "iso-8859-1"), ("de", "iso-8859-1"), ("is", "iso-8859-1"), ("da", "windows-1252"),
    ],
)  # fmt: skip
def test_the_bytes_tell(code, real, claimed):
    assert decode(TEXTS[code].encode(real), claimed) == TEXTS[code]


def test_a_claim_that_fits_is_believed():
    assert decode("čćšž".encode("iso-8859-2"), "iso-8859-2") == "čćšž"
    assert decode(TEXTS["el"].encode("iso-8859-7"), "iso-8859-7") == TEXTS["el"]


def test_measures_are_no_letters_of_polish():
    assert decode("35 m³ à l'été, 4¹".encode("windows-1252"), "") == "35 m³ à l'été, 4¹"
