"""The shipped collection keeps its promises: no figure without a source, both languages agree, the directory holds together.

Reads the files with `tomllib` and `csv` alone, so that a fault in our own loader cannot hide one in the data.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest

from retrieval import codes as codes_of

FOLDER = Path(__file__).parents[2] / "data" / "collections" / "vet-practices"
FICHES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((FOLDER / "fiches").glob("*.toml"))}
LANGUAGES = {"en", "it", "es", "fr", "el", "ro", "hr", "tr"}
THEMES = {
    "apprenticeship-dual", "neet-early-leaving", "adult-upskilling", "migrants-language", "funding-scholarships",
    "infrastructure", "governance-partnerships", "quality-assurance", "recognition", "mobility", "guidance",
    "employment-services", "digital-skills", "green-skills", "teachers-trainers", "inclusion",
}  # fmt: skip
STAGES = {"design", "pilot", "implementation", "completed", "discontinued"}
SCOPES = {"local", "regional", "national", "cross-border", "EU"}
ENTRY_TYPES = {"strategy", "action plan", "legal act", "regulation", "practical measure", "project", "quick win"}
TARGET_GROUPS = {
    "VET learners", "apprentices", "NEET", "early leavers", "long-term unemployed", "low-skilled adults", "migrants/refugees",
    "women", "people with disabilities", "Roma/minorities", "teachers and trainers", "SMEs/craft firms", "policy makers",
}  # fmt: skip
SECTORS = {
    "school education", "initial VET", "post-secondary VET", "higher education", "continuing VET", "adult education",
    "non-formal learning",
}  # fmt: skip
ORG_KINDS = {
    "municipality", "county/province", "region", "school inspectorate/education directorate", "VET provider", "university",
    "chamber", "employer body", "NGO", "EU network", "other",
}  # fmt: skip
SECTIONS = [
    "challenge", "objectives", "activities", "actors", "resources", "results", "success_factors", "difficulties", "lessons",
    "transferability",
]  # fmt: skip
REQUIRED = {"country", "place", "owner", "scope_level", "entry_type", "themes", "target_groups", "org_kind", "sources"}
OPTIONAL = {"year_start", "year_end", "stage", "sector", "figures"}
COUNTRIES = {"RO", "IT", "ES", "FR", "GR", "HR", "TR", "SE", "DE"}

# Small numbers are often spelled out. Words with a second meaning (Italian "sei", French "neuf", Turkish "on") are left out.
NUMBER_WORDS = {
    "en": "two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 fifteen:15 twenty:20 hundred:100",
    "it": "due:2 tre:3 quattro:4 cinque:5 sette:7 otto:8 nove:9 dieci:10 quindici:15 venti:20 cento:100",
    "es": "dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 quince:15 veinte:20 cien:100",
    "fr": "deux:2 trois:3 quatre:4 cinq:5 six:6 sept:7 huit:8 dix:10 quinze:15 vingt:20 cent:100",
    "el": "δύο:2 τρεις:3 τρία:3 τέσσερις:4 τέσσερα:4 πέντε:5 έξι:6 επτά:7 οκτώ:8 εννέα:9 δέκα:10 είκοσι:20 εκατό:100",
    "ro": "doi:2 două:2 trei:3 patru:4 cinci:5 șase:6 șapte:7 opt:8 zece:10 douăzeci:20 sută:100",
    "hr": "dva:2 dvije:2 dvama:2 tri:3 četiri:4 pet:5 šest:6 sedam:7 osam:8 devet:9 deset:10 dvadeset:20 sto:100",
    "tr": "iki:2 üç:3 dört:4 beş:5 altı:6 sekiz:8 dokuz:9 yirmi:20 otuz:30",
}
GROUPING = re.compile(r"(?<=\d)[.,\u00a0\u202f](?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def numbers(text):
    """Numbers in digits, alike in every language: thousands ungrouped, a point before decimals."""
    return {found.replace(",", ".") for found in NUMBER.findall(GROUPING.sub("", text))}


def spelled(text, language):
    """Numbers in words, as digits."""
    known = dict(pair.split(":") for pair in NUMBER_WORDS[language].split())
    return {known[word] for word in re.findall(r"\w+", text.lower()) if word in known}


def wording(text):
    return "\n".join([text["title"], text["summary"], *text["sections"].values()])


def sourced(fiche):
    """Every number that the facts account for."""
    facts = fiche["facts"]
    stated = [figure["value"] for figure in facts.get("figures", [])]
    stated += [str(facts[key]) for key in ("year_start", "year_end") if key in facts]
    return numbers("\n".join([*stated, facts["owner"], facts["place"]]))


def unsourced(fiche):
    """Numbers that a text states and the facts do not, by language."""
    stray = {}
    for language, text in fiche["text"].items():
        told = numbers(wording(text)) | spelled(wording(text), language)
        if told - sourced(fiche):
            stray[language] = told - sourced(fiche)
    return stray


def each_fiche(test):
    return pytest.mark.parametrize("fiche", FICHES.values(), ids=list(FICHES))(test)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("146 de milioane, 19,7 milioane, 400-1.000", {"146", "19.7", "400", "1000"}),
        ("1,200 people and 19.04 million", {"1200", "19.04"}),
        ("1\u00a0500 entreprises, 61\u00a0%, en 1997.", {"1500", "61", "1997"}),
        ("2017./2018. i 1.234.567", {"2017", "2018", "1234567"}),
        ("no number at all", set()),
    ],
)
def test_numbers_read_alike_in_every_language(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It reached 77 people."),
        ("en", "It has seven partners."),
        ("ro", "Participă 77 de firme."),
        ("ro", "Are opt parteneri."),
    ],
)
def test_an_invented_number_is_noticed(language, sentence):
    fiche = tomllib.loads((FOLDER / "fiches" / "brasov-kronstadt-dual-school.toml").read_text("utf-8"))
    assert unsourced(fiche) == {}
    fiche["text"][language]["sections"]["activities"] += " " + sentence
    assert set(unsourced(fiche)) == {language}


def test_there_are_thirty_fiches_in_all_eight_languages():
    assert len(FICHES) == 30
    assert {language for fiche in FICHES.values() for language in fiche["text"]} == LANGUAGES


@pytest.mark.parametrize("slug", FICHES)
def test_a_fiche_is_named_like_its_file(slug):
    assert FICHES[slug]["slug"] == slug
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)


def test_the_search_the_editor_and_the_lists_know_the_same_codes():
    known = {name: set(codes) for name, codes in {**codes_of.ONE_OF, **codes_of.SOME_OF}.items()}
    assert known == {
        "themes": THEMES, "target_groups": TARGET_GROUPS, "org_kind": ORG_KINDS, "stage": STAGES, "scope_level": SCOPES,
        "entry_type": ENTRY_TYPES, "sector": SECTORS,
    }  # fmt: skip


@each_fiche
def test_facts_use_known_codes(fiche):
    facts = fiche["facts"]
    assert set(facts) >= REQUIRED and set(facts) <= REQUIRED | OPTIONAL
    assert facts["country"] in COUNTRIES
    assert facts.get("stage", "design") in STAGES
    assert facts.get("sector", "initial VET") in SECTORS
    assert facts["scope_level"] in SCOPES
    assert facts["entry_type"] in ENTRY_TYPES
    assert facts["org_kind"] in ORG_KINDS
    assert facts["themes"] and set(facts["themes"]) <= THEMES
    assert facts["target_groups"] and set(facts["target_groups"]) <= TARGET_GROUPS


@each_fiche
def test_years_are_in_order(fiche):
    years = [fiche["facts"][key] for key in ("year_start", "year_end") if key in fiche["facts"]]
    assert years == sorted(years)
    assert all(isinstance(year, int) and 1990 <= year <= 2030 for year in years)


@each_fiche
def test_every_figure_names_one_of_the_sources(fiche):
    sources = fiche["facts"]["sources"]
    assert sources and all(re.fullmatch(r"https?://\S+", source) for source in sources)
    for figure in fiche["facts"].get("figures", []):
        assert set(figure) == {"value", "meaning", "source"}
        assert isinstance(figure["value"], str) and numbers(figure["value"])
        assert figure["meaning"].strip()
        assert figure["source"] in sources


@each_fiche
def test_source_language_and_english_are_there(fiche):
    assert {fiche["source_language"], "en"} == set(fiche["text"])


@each_fiche
def test_texts_keep_their_limits(fiche):
    for text in fiche["text"].values():
        assert 10 <= len(text["title"]) <= 100
        assert 40 <= len(text["summary"]) <= 330
        assert list(text["sections"]) == [name for name in SECTIONS if name in text["sections"]]
        assert {"challenge", "objectives", "activities", "actors", "transferability"} <= set(text["sections"])
        assert 120 <= len(wording(text).split()) <= 290


@each_fiche
def test_texts_are_clean(fiche):
    for language, text in fiche["text"].items():
        for part in [text["title"], text["summary"], *text["sections"].values()]:
            assert part == part.strip() and "  " not in part and "\n" not in part
            assert unicodedata.is_normalized("NFC", part) and "\ufffd" not in part
            # Romanian is written with a comma below s and t; the cedilla is Turkish.
            assert language != "ro" or not re.search("[şţŞŢ]", part)


@each_fiche
def test_no_number_is_without_a_source(fiche):
    assert unsourced(fiche) == {}


@each_fiche
def test_the_translation_states_the_same_numbers(fiche):
    told = {language: numbers(wording(text)) for language, text in fiche["text"].items()}
    assert told[fiche["source_language"]] == told["en"]


@each_fiche
def test_the_translation_has_the_same_sections(fiche):
    assert list(fiche["text"][fiche["source_language"]]["sections"]) == list(fiche["text"]["en"]["sections"])


@each_fiche
def test_every_figure_is_told(fiche):
    text = wording(fiche["text"]["en"])
    told = numbers(text) | spelled(text, "en")
    for figure in fiche["facts"].get("figures", []):
        assert numbers(figure["value"]) <= told, figure


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell):
    return [part for part in cell.split(";") if part]


AUTHORITIES = {row["slug"]: row for row in rows("authorities.csv")}
EXPERTS = rows("experts.csv")
DAY = "(mon|tue|wed|thu|fri|sat|sun)"
TIME = r"([01]\d|2[0-3]):[0-5]\d"
HOURS = re.compile(rf"{DAY}(-{DAY})? {TIME}-{TIME}(,{TIME}-{TIME})*")


def each_authority(test):
    return pytest.mark.parametrize("authority", AUTHORITIES.values(), ids=list(AUTHORITIES))(test)


def each_expert(test):
    return pytest.mark.parametrize("expert", EXPERTS, ids=[row["email"] for row in EXPERTS])(test)


AUTHORITY_COLUMNS = [
    "slug", "name", "kind", "country", "subdivision", "place", "zone", "hours", "themes", "languages",
    "capacity_per_month", "profile",
]  # fmt: skip
EXPERT_COLUMNS = ["email", "authority", "role", "language", "languages", "themes", "rank", "monthly_limit"]


def test_the_directory_has_the_agreed_columns():
    assert list(rows("authorities.csv")[0]) == AUTHORITY_COLUMNS
    assert list(EXPERTS[0]) == EXPERT_COLUMNS
    assert len(AUTHORITIES) == len(rows("authorities.csv"))
    assert {row["country"] for row in AUTHORITIES.values()} == COUNTRIES


@each_authority
def test_an_authority_uses_known_codes(authority):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", authority["slug"])
    assert authority["name"] and authority["place"]
    assert authority["kind"] in ORG_KINDS
    assert parts(authority["themes"]) and set(parts(authority["themes"])) <= THEMES
    assert parts(authority["languages"]) and set(parts(authority["languages"])) <= LANGUAGES
    assert 1 <= int(authority["capacity_per_month"]) <= 20
    assert 40 <= len(authority["profile"]) <= 260


@each_authority
def test_an_authority_has_a_calendar_and_a_clock(authority):
    ZoneInfo(authority["zone"])
    calendar = holidays.country_holidays(authority["country"], subdiv=authority["subdivision"] or None, years=2026)
    assert len(calendar) >= 8


@each_authority
def test_office_hours_can_be_read(authority):
    for clause in authority["hours"].split("; "):
        assert HOURS.fullmatch(clause), clause
        times = re.findall(TIME.replace("(", "(?:"), clause)
        assert times == sorted(times) and len(set(times)) == len(times)


@each_authority
def test_an_authority_has_a_ladder_that_covers_its_themes(authority):
    ladder = [expert for expert in EXPERTS if expert["authority"] == authority["slug"]]
    assert [int(expert["rank"]) for expert in ladder] == list(range(len(ladder))) and 1 <= len(ladder) <= 3
    assert {theme for expert in ladder for theme in parts(expert["themes"])} == set(parts(authority["themes"]))


@each_expert
def test_an_expert_is_a_role_at_a_reserved_address(expert):
    assert re.fullmatch(r"[a-z0-9-]+@[a-z0-9-]+\.example", expert["email"])  # RFC 2606: .example never reaches anybody
    assert expert["role"].strip()


@each_expert
def test_an_expert_fits_the_authority(expert):
    authority = AUTHORITIES[expert["authority"]]
    assert set(parts(expert["themes"])) <= set(parts(authority["themes"])) and expert["themes"]
    assert set(parts(expert["languages"])) <= set(parts(authority["languages"]))
    assert expert["language"] in parts(expert["languages"])
    assert int(expert["monthly_limit"]) >= 1


def test_addresses_are_unique():
    assert len({expert["email"] for expert in EXPERTS}) == len(EXPERTS)


def test_every_theme_has_an_authority():
    covered = {theme for authority in AUTHORITIES.values() for theme in parts(authority["themes"])}
    assert covered == THEMES
    assert {theme for fiche in FICHES.values() for theme in fiche["facts"]["themes"]} <= covered
