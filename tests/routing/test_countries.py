"""Countries named in a question, in eight languages, with their endings."""

import pytest

from routing.countries import named_countries


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "Who in Croatia decides, and what do German towns say?", {"HR", "DE"}),
        ("en", "Turkey and TÜRKIYE", {"TR"}),
        ("it", "Ci sono città spagnole che lo fanno? E in Grecia?", {"ES", "GR"}),
        ("it", "Un serbatoio di idee per chi parla italiano", set()),
        ("es", "una provincia italiana y un ayuntamiento alemán", {"IT", "DE"}),
        ("fr", "Un conseil départemental roumain, ou la Suède", {"RO", "SE"}),
        ("fr", "Des formateurs francophones", set()),
        ("el", "ένας ρουμανικός δήμος στη Γερμανία", {"RO", "DE"}),
        ("el", "Κέντρα κατάρτισης", set()),  # begins like Qatar
        ("ro", "o autoritate croată, în Italia sau Spania", {"HR", "IT", "ES"}),
        ("hr", "u Grčkoj i njemačkim gradovima", {"GR", "DE"}),
        ("tr", "İsveç'te ve Hırvatistan'daki belediyeler", {"SE", "HR"}),
        ("pt", "na Alemanha", set()),
        ("en", "", set()),
    ],
)
def test_countries_are_found_whatever_their_ending(language, text, told):
    assert named_countries(text, language) == told
