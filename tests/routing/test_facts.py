"""The facts of a fiche: what may stand, what is refused and how, and lists narrowed by them on both databases."""

import pytest

from routing import editing, facts, overviews
from routing.models import Fiche

SOUND = {
    "country": "IT",
    "org_kind": "county/province",
    "stage": "pilot",
    "scope_level": "regional",
    "entry_type": "quick win",
    "sector": "continuing VET",
    "themes": ["inclusion", "mobility"],
    "target_groups": ["migrants/refugees", "women"],
    "year_start": 2019,
    "year_end": 2019,
    "budget": 0,
    "currency": "EUR",
    "sources": ["https://province.example/report"],
    "figures": [{"value": "12", "meaning": "apprentices", "source": "https://province.example/report"}],
    "author": "Adviser for apprenticeships, Provincia autonoma di Trento",
    "review_due": "2027-05-31",
}


@pytest.mark.parametrize("told", [{}, SOUND, dict.fromkeys(SOUND), dict.fromkeys(SOUND, "") | {"budget": None}, {"other": object()}])
def test_facts_that_can_stand(told):
    facts.check(told)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stage": "soon"}, "“soon” is not on the list"),
        ({"scope_level": "Local"}, "“Local” is not on the list"),
        ({"sector": "women"}, "“women” is not on the list"),
        ({"themes": ["inclusion", "cooking"]}, "“cooking” is not on the list"),
        ({"target_groups": ["NEET", "everybody"]}, "“everybody” is not on the list"),
        ({"country": "Italy"}, "two letters"),
        ({"country": "it"}, "two letters"),
        ({"year_end": 2018}, "before the first"),
        ({"currency": "Euro"}, "three letters"),
        ({"currency": ""}, "needs its currency"),
        ({"sources": ["ftp://a.example"]}, "not a web address"),
        ({"sources": ["https://"]}, "not a web address"),
        ({"sources": ["https://[a"]}, "not a web address"),
        ({"figures": [{"value": "12", "meaning": "", "source": "https://a.example"}]}, "what it counts"),
        ({"figures": [{"value": "12", "meaning": "firms", "source": ""}]}, "not a web address"),
        ({"sources": ["https://a.example"] * 41}, "41 lines; 40 is the limit"),
        ({"author": "Mrs Example, Provincia autonoma di Trento"}, "a role and its body"),
        ({"author": "adviser@province.example"}, "a role and its body"),
        ({"review_due": "31.5.2027"}, "like this: 2027-05-31"),
        ({"review_due": "2027-02-30"}, "like this: 2027-05-31"),
    ],
)
def test_facts_that_cannot_stand_are_named(wrong, said):
    with pytest.raises(editing.NotAFiche, match=said):
        facts.check(SOUND | wrong)


def test_a_person_is_named_as_author_who_has_agreed():
    facts.check(SOUND | {"author": "Mrs Example, Provincia autonoma di Trento", "author_agreed": True})


@pytest.mark.parametrize(("wrong", "field"), [({"year_end": 2018}, "year_end"), ({"currency": ""}, "currency"), ({"stage": "x"}, "stage")])
def test_a_refusal_names_the_field(wrong, field):
    with pytest.raises(editing.NotAFiche) as refused:
        facts.check(SOUND | wrong)
    assert refused.value.field == field


@pytest.fixture
def several(small):
    told = {
        "a": {"country": "IT", "themes": ["inclusion"], "target_groups": ["women", "NEET"], "scope_level": "local"},
        "b": {"country": "GR", "themes": ["inclusion", "mobility"], "target_groups": ["NEET"], "place": "women"},
        "c": {"country": "IT", "themes": [], "scope_level": "regional"},
        "d": {},
    }
    with small.store.transaction() as session:
        for slug, told_of in told.items():
            session.add(Fiche(slug=slug, source_language="en", facts=told_of, created_at=small.now, updated_at=small.now))
    return small


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "abcd"),
        ({"country": ""}, "abcd"),
        ({"country": "IT"}, "ac"),
        ({"themes": "inclusion"}, "ab"),
        ({"target_groups": "women"}, "a"),
        ({"target_groups": "NEET", "themes": "mobility"}, "b"),
        ({"target_groups": "omen"}, ""),
        ({"target_groups": "%"}, ""),
        ({"scope_level": "local"}, "a"),
        ({"scope_level": "regional", "country": "GR"}, ""),
    ],
)
def test_a_list_is_narrowed_by_facts(several, wanted, found):
    with several.store.snapshot() as session:
        only = facts.narrowed(wanted)
        assert "".join(one.slug for one in overviews.fiches(session, ("draft",), only=only)) == found
        assert overviews.count_fiches(session, ("draft",), "", only=only) == len(found)


def test_only_countries_that_have_a_fiche_are_offered(several):
    with several.store.snapshot() as session:
        assert facts.countries(session) == ["GR", "IT"]
