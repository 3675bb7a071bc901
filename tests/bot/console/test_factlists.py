"""Every code of a fiche's facts has words, in every language, and every field says what belongs into it."""

import pytest

from bot.console import factlists
from bot.console.pages import fiche_form
from bot.console.tongue import tongue
from bot.console.words import Words
from retrieval import ONE_OF, SOME_OF
from routing.languages import LANGUAGES


def test_the_words_are_those_of_the_codes():
    said = {name: tuple(words) for name, words in factlists.CODES.items()}
    assert said == {name: codes for name, codes in {**ONE_OF, **SOME_OF}.items() if name in said}
    assert {*ONE_OF, *SOME_OF} - set(said) == {"themes", "org_kind"}, "these stand in the letters' catalogue"


def test_every_field_has_a_name_and_advice():
    fields = {*ONE_OF, *SOME_OF, *fiche_form.SHORT, *fiche_form.LINES}
    assert fields <= set(factlists.FACTS)
    assert fields == set(factlists.ADVICE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_choices_of_a_list_are_called_the_same(language):
    words = Words(tongue(language))
    for name, choices in fiche_form.choices(words).items():
        assert len(set(choices.values())) == len(choices) and all(choices.values()), name
    countries = words.countries()
    assert {"IT", "GR", "TR", "SE"} <= set(countries) and not {"EU", "ZZ", "419"} & set(countries)


@pytest.mark.parametrize(
    ("name", "told", "said"),
    [
        ("stage", "pilot", "in sperimentazione"),
        ("stage", "soon", "soon"),
        ("themes", "inclusion", "inclusione"),
        ("country", "GR", "Grecia"),
        ("budget", 1200000, "1.200.000"),
        ("place", "Trento", "Trento"),
        ("year_start", 2019, "2019"),
        ("status", "draft", "bozza"),
        ("machine", "hr", "croato"),
        ("figures", {"value": "4", "meaning": "places", "source": "x"}, "4: places"),
    ],
)
def test_a_fact_in_words(name, told, said):
    assert Words(tongue("it")).fact(name, told) == said
