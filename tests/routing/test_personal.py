"""What has the shape of personal data is pointed at before it is published; ordinary words of a fiche are not."""

import pytest

from routing.personal import KINDS, pieces, places
from tests.world import FICHES


def found(text, *telling):
    return [(text[one.start : one.end], one.kind) for one in places(text, telling)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Write to anna.k@town.example, please.", [("anna.k@town.example", "mail")]),
        ("Call +39 0461 123 456 after ten.", [("+39 0461 123 456", "phone")]),
        ("Tel. 0461/123456", [("0461/123456", "phone")]),
        ("Account IT60 X054 2811 1010 0000 0123 456 is open", [("IT60 X054 2811 1010 0000 0123 456", "number")]),
        ("Codice RSSMRA85T10A562S", [("RSSMRA85T10A562S", "number")]),
        ("OIB 12345678901.", [("12345678901", "number")]),
        ("DNI 12345678Z", [("12345678Z", "number")]),
        ("Mrs Example Sample decided", [("Example Sample", "name")]),
        ("la Sig.ra Esempio dice", [("Esempio", "name")]),
        ("ο κ. Παράδειγμα ρώτησε", [("Παράδειγμα", "name")]),
        ("έγραψαν στον κύριο Παράδειγμα και στο γραφείο της κας Δείγμα", [("Παράδειγμα", "name"), ("Δείγμα", "name")]),
        ("η κυρία διευθύντρια ρώτησε", []),
        ("doamna Exemplu răspunde; Domnul Exemplu întreabă", [("Exemplu", "name")] * 2),
        ("i-am scris doamnei Exemplu, cu dl. Pildă", [("Exemplu", "name"), ("Pildă", "name")]),
        ("doamna directoare răspunde", []),
        ("gospođa Primjer pita", [("Primjer", "name")]),
        ("pisali smo gospodinu Primjeru i gđi Uzorak", [("Primjeru", "name"), ("Uzorak", "name")]),
        ("Örnek Hanım sordu", [("Örnek", "name")]),
        ("sayın Örnek, Deneme Bey’e sordu", [("Örnek", "name"), ("Deneme", "name")]),
        ("M. Exemple répond", [("Exemple", "name")]),
        ("In Lisboa, as lisboans say", [("Lisboa", "asker")]),
        ("", []),
    ],
)
def test_what_is_marked(text, marked):
    assert found(text, "Lisboa", "", " ") == marked
    assert {kind for _, kind in marked} <= set(KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "From 2021 to 2027 it cost 1.200.000 EUR, or 12 500 000 in all.",
        "On 01.02.2024 and 12/11/2025, at 08:00-12:30.",
        "216 young people, 20 chosen; law 107/2015, art. 33.",
        "Dr. med. titles and mr lowercase",
        "The M. sc. course; Bay of Naples excluded? no: bay leaves",
    ],
)
def test_dates_sums_and_laws_are_nobodys(text):
    assert found(text) == []


def test_the_shipped_fiches_say_little_that_looks_personal():
    texts = [part for fiche in FICHES for one in fiche.texts for part in (one.title, one.summary, *one.sections.values())]
    marked = [found(text) for text in texts]
    assert sum(map(bool, marked)) < 0.02 * len(texts), [one for one in marked if one]


def test_the_pieces_are_the_text():
    text = "Ask Mrs Example at desk@town.example or 0461 123456."
    assert "".join(piece for piece, _ in pieces(text)) == text
    assert [kind for _, kind in pieces(text)] == [None, "name", None, "mail", None, "phone", None]
