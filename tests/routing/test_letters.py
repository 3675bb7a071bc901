"""What holds for every letter, and the parts letters are made of: dates, quotations, deadlines, labels, plurals."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from routing.languages import LANGUAGES
from routing.letters import (
    COMMANDS,
    KINDS,
    catalog,
    catalogues,
    country_name,
    explain,
    format_day,
    format_moment,
    known,
    label,
    language_name,
    marker,
    own_name,
    reason_words,
    speech,
    with_marker,
    write,
)
from routing.letters.labels import LABELS, REASONS
from routing.letters.speech import span_words
from routing.tokens import new_token
from routing.words import MEANINGS, word_for

DUE = datetime(2027, 1, 8, 16, 0, tzinfo=UTC)
OTHERS = [language for language in LANGUAGES if language != "en"]
RECEIPT = {"medium": "email", "number": "2026-0042", "promised_at": DUE, "zone": "Europe/Rome", "tier": "standard"}
TEMPLATES = sorted((Path(catalogues.__file__).parent / "templates").glob("[!_]*.txt"))


# ------------------------------------------------------------------ writing


def test_every_kind_has_a_template_and_every_template_a_kind():
    assert {path.stem for path in TEMPLATES} == set(KINDS)


def test_a_missing_fact_is_named():
    facts = {name: value for name, value in RECEIPT.items() if name != "promised_at"}
    with pytest.raises(TypeError, match=r"receipt.*lacks promised_at"):
        write("receipt", "en", **facts)


def test_a_needed_fact_must_not_be_none():
    with pytest.raises(TypeError, match="lacks promised_at"):
        write("receipt", "en", **{**RECEIPT, "promised_at": None})


def test_an_unknown_fact_is_named():
    with pytest.raises(TypeError, match="knows no promissed_at"):
        write("receipt", "en", **RECEIPT, promissed_at=DUE)


def test_an_unknown_kind_is_named():
    with pytest.raises(TypeError, match="no letter 'recipt'"):
        write("recipt", "en", medium="email")


def test_a_word_outside_the_choices_is_refused():
    with pytest.raises(ValueError, match="tier is 'quick', must be one of urgent, standard, extended"):
        write("receipt", "en", **{**RECEIPT, "tier": "quick"})
    with pytest.raises(ValueError, match="medium"):
        write("receipt", "en", **{**RECEIPT, "medium": "fax"})


def test_a_missing_field_of_an_item_is_named():
    with pytest.raises(TypeError, match=r"status.*line"):
        write(
            "status",
            "en",
            medium="email",
            zone="UTC",
            items=[{"number": "1", "state": "assigned", "waiting_for": "us", "promised_at": None}],
        )


@pytest.mark.parametrize("language", ["", "xx", "de", None, "english"])
def test_an_unknown_language_is_english(language):
    assert write("receipt", language, **RECEIPT) == write("receipt", "en", **RECEIPT)


@pytest.mark.parametrize(
    ("said", "code"), [("gr", "el"), ("GR", "el"), ("it-IT", "it"), ("pt_BR", "en"), (" fr ", "fr"), ("EL", "el")]
)
def test_languages_go_by_several_names(said, code):
    assert known(said) == code


def test_values_are_never_read_as_templates_or_formats():
    nasty = "{{ number }} %(number)s {% if %} %s 100 %"
    letter = write("receipt", "it", **RECEIPT, question=nasty)
    assert nasty in letter.text


def test_text_of_others_cannot_become_a_subject_or_stand_bare():
    letter = write(
        "receipt", "en", **RECEIPT, question="one\nSubject: two\r\n\r\n-- please reply above this line --\u2028three\u202etxt"
    )
    assert letter.subject == "Question 2026-0042: it has arrived"
    assert "\u202e" not in letter.text
    for words in ("one", "Subject: two", "-- please reply above", "three"):
        assert re.search(rf"(?m)^> {re.escape(words)}", letter.text)


def test_a_subject_is_one_line():
    letter = write("co_draft", "en", medium="email", title="a\nb", url="https://rrm.example/")
    assert "\n" not in letter.subject and "“a b”" in letter.text


def test_buttons_of_a_proposal_are_numbered_only_where_there_are_several():
    match = {name: None for name in ("place", "country", "year", "quote", "quote_language", "source")}
    match |= {"title": "T", "title_language": "en", "slug": "t"}
    facts = {"medium": "telegram", "number": "1", "zone": "UTC", "confident": True}
    one, two = (write("proposal", "en", **facts, matches=[match] * n).buttons for n in (1, 2))
    assert one == (("accept:1", "This answers my question"), ("ask_expert", "Ask an expert"))
    assert two[:2] == (("accept:1", "This answers my question (1)"), ("accept:2", "This answers my question (2)"))


def test_the_welcome_offers_every_language_in_its_own_name():
    buttons = write("welcome", "tr", medium="telegram", network="N", mail_address="a@network.example", languages=list(LANGUAGES)).buttons
    assert buttons == tuple((f"language:{code}", own_name(code)) for code in LANGUAGES)
    assert dict(buttons)["language:el"] == "Ελληνικά" and dict(buttons)["language:hr"] == "Hrvatski"


def test_the_notice_for_held_mail_takes_nothing_from_its_sender():
    assert KINDS["held_notice"].needs == {"medium"} and KINDS["held_notice"].may == {"number"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_marker_ends_the_letter_and_names_the_token(language):
    text = with_marker("Text.\n", language, "0123token")
    assert text.startswith("Text.\n\n-- ") and text.endswith(" -- ref:0123token")
    assert text.splitlines()[-1] == marker(language, "0123token")
    assert write("accepted", language, medium="email", number="1", deadline_at=DUE, zone="UTC", token="t").text.endswith(
        marker(language, "t")
    )
    assert "ref:" not in write("accepted", language, medium="telegram", number="1", deadline_at=DUE, zone="UTC", token="t").text


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Friday, 8 January 2027, 17:00 (Rome)"),
        ("it", "venerdì 8 gennaio 2027, 17:00 (Roma)"),
        ("es", "viernes, 8 de enero de 2027, 17:00 (Roma)"),
        ("fr", "vendredi 8 janvier 2027, 17:00 (Rome)"),
        ("el", "Παρασκευή 8 Ιανουαρίου 2027, 17:00 (Ρώμη)"),
        ("ro", "vineri, 8 ianuarie 2027, 17:00 (Roma)"),
        ("hr", "petak, 8. siječnja 2027., 17:00 (Rim)"),
        ("tr", "8 Ocak 2027 Cuma, 17:00 (Roma)"),
    ],
)
def test_moments_are_said_as_people_at_the_place_say_them(language, words):
    assert format_moment(DUE, "Europe/Rome", language) == words
    assert words.startswith(format_day(DUE, "Europe/Rome", language))


def test_the_day_is_that_of_the_zone():
    late = datetime(2027, 1, 7, 22, 30, tzinfo=UTC)
    assert format_day(late, "Europe/Athens", "en") == "Friday, 8 January 2027"
    assert format_day(late, "UTC", "en") == "Thursday, 7 January 2027"


def test_summer_time_is_that_of_the_day():
    assert "18:00" in format_moment(datetime(2027, 7, 8, 16, 0, tzinfo=UTC), "Europe/Rome", "en")


# ------------------------------------------------------------------ deadlines

SKIPPED = [
    {"day": "2026-12-25", "why": "holiday", "name": "Christmas Day"},
    {"day": "2026-12-26", "why": "weekend"},
    {"day": "2026-12-27", "why": "weekend"},
    {"day": "2027-01-01", "why": "holiday", "name": "New Year's Day"},
]
TOLD = {
    "start": "2026-12-22T09:10:00+00:00",
    "counted_from": "2026-12-22T09:10:00+00:00",
    "amount": 7,
    "unit": "working_days",
    "at": "2027-01-04T16:00:00+00:00",
    "zone": "Europe/Rome",
    "skipped": SKIPPED,
}


def test_a_deadline_explains_itself():
    assert explain(TOLD, "en") == (
        "7 working days from Tuesday, 22 December 2026; "
        "not counted: 1 weekend, 25 December (Christmas Day) and 1 January (New Year's Day); "
        "due: Monday, 4 January 2027, 17:00 (Rome)"
    )


def test_values_and_text_explain_alike():
    values = {
        **TOLD,
        "start": datetime(2026, 12, 22, 9, 10, tzinfo=UTC),
        "counted_from": None,
        "at": datetime(2027, 1, 4, 16, 0, tzinfo=UTC),
        "skipped": [{**day, "day": date.fromisoformat(day["day"])} for day in reversed(SKIPPED)],
    }
    assert explain(values, "el") == explain(TOLD, "el")


def test_nothing_skipped_is_not_mentioned():
    assert explain({**TOLD, "skipped": []}, "en").count(";") == 1


def test_neighbouring_days_closed_for_one_reason_are_one_range():
    closed = [{"day": f"2027-08-{day}", "why": "exception", "name": "Summer break"} for day in (10, 11, 12, 14)]
    assert "10 August – 12 August (Summer break) and 14 August (Summer break)" in explain({**TOLD, "skipped": closed}, "en")


@pytest.mark.parametrize(
    ("unit", "words"),
    [("working_hours", "4 working hours from Tuesday, 22 December 2026, 10:10 (Rome)"), ("hours", "4 hours from")],
)
def test_hours_are_counted_from_a_moment(unit, words):
    assert explain({**TOLD, "amount": 4, "unit": unit, "skipped": []}, "en").startswith(words)


@pytest.mark.parametrize(
    ("language", "amounts"),
    [
        ("en", {1: "1 working day ", 2: "2 working days ", 21: "21 working days "}),
        ("it", {1: "1 giorno lavorativo ", 2: "2 giorni lavorativi "}),
        ("es", {1: "1 día hábil ", 5: "5 días hábiles "}),
        ("fr", {0: "0 jour ouvré ", 1: "1 jour ouvré ", 2: "2 jours ouvrés "}),
        ("el", {1: "1 εργάσιμη ημέρα ", 21: "21 εργάσιμες ημέρες "}),
        (
            "ro",
            {
                1: "1 zi lucrătoare,",
                2: "2 zile lucrătoare,",
                19: "19 zile lucrătoare,",
                20: "20 de zile lucrătoare,",
                21: "21 de zile lucrătoare,",
                101: "101 zile lucrătoare,",
            },
        ),
        (
            "hr",
            {
                1: "1 radni dan,",
                2: "2 radna dana,",
                5: "5 radnih dana,",
                11: "11 radnih dana,",
                21: "21 radni dan,",
                22: "22 radna dana,",
            },
        ),
        ("tr", {1: "1 iş günü,", 2: "2 iş günü,", 21: "21 iş günü,"}),
    ],
)
def test_numbers_take_the_right_form(language, amounts):
    for amount, words in amounts.items():
        assert explain({**TOLD, "amount": amount}, language).startswith(words)


# ------------------------------------------------------------------ other people's words


def test_quoted_text_keeps_its_lines():
    assert speech.quoted("a\r\n\r\n\r\n\r\nb  \n") == "> a\n>\n> b"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "“x”"), ("it", "«x»"), ("fr", "«\u00a0x\u00a0»"), ("ro", "„x”"), ("hr", "„x”"), ("el", "«x»"), ("tr", "“x”")],
)
def test_inline_text_stands_between_the_languages_own_marks(language, words):
    assert speech.inline(" x\n", language) == words


def test_right_to_left_text_is_kept_to_itself():
    assert speech.inline("שלום", "en") == "“\u2068שלום\u2069”"


@pytest.mark.parametrize("control", ["\u202e", "\u2066", "\u200b", "\x00", "\x1b", "\ufeff"])
def test_control_characters_are_dropped(control):
    assert speech.clean(f"a{control}b") == "ab"


def test_a_reply_token_goes_no_further():
    token = new_token()
    letter = write(
        "answer", "en", medium="email", number="1", text=f"Yes.\n> -- ref:{token}\n> reply+{token}@rrm.example", language="en"
    )
    assert token not in letter.text and "ref:…" in letter.text and "reply+…@rrm.example" in letter.text


def test_long_text_is_cut_at_a_space():
    assert speech.shorten("one two three", 9) == "one two…"
    assert speech.shorten("onetwothree", 6) == "onetwo…"
    assert speech.shorten("one", 3) == "one"


# ------------------------------------------------------------------ names and labels


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [("ro", "it", "rumeno"), ("el", "fr", "grec"), ("gr", "en", "Greek"), ("hr", "tr", "Hırvatça"), ("zz", "en", "zz")],
)
def test_names_of_languages(code, language, name):
    assert language_name(code, language) == name


@pytest.mark.parametrize(
    ("code", "name"), [("GR", "Greece"), ("EL", "Greece"), ("UK", "United Kingdom"), ("gb", "United Kingdom"), ("X?", "X?")]
)
def test_names_of_countries(code, name):
    assert country_name(code, "en") == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language):
    assert all(label(code, language) for code in LABELS)
    assert set(COMMANDS[language]) == {"start", "ask", "status", "language", "stop", "forget", "export", "help"}
    assert all(len(text) <= 256 for text in COMMANDS[language].values())  # https://core.telegram.org/bots/api#botcommand


def test_an_unknown_code_is_shown_as_it_is():
    assert label("night-school", "it") == "night school"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language):
    facts = {"theme": "mobility", "title": "T", "language": "el", "country": "RO", "open": 1, "of": 4, "count": 3}
    said = {code: reason_words(code, language, **facts) for code in [*REASONS, "answered_before"]}
    assert len(set(said.values())) == len(said) and not any("%" in words or "_" in words for words in said.values())


@pytest.mark.parametrize(
    "kind", ["VET provider", "vet-provider", "county/province", "school inspectorate/education directorate", "EU network"]
)
def test_kinds_of_authority_are_known_however_they_are_spelt(kind):
    assert label(kind, "it") != kind


def test_a_reason_names_its_missing_fact():
    with pytest.raises(TypeError, match="theme"):
        reason_words("theme", "en")


# ------------------------------------------------------------------ catalogues


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_is_complete(language):
    assert list(catalog.faults(language)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_is_left(language):
    same = {_bare(m.id) for m in catalog.load(language) if m.id and isinstance(m.id, str) and _bare(m.string) == _bare(m.id)}
    assert {text for text in same if re.search("[a-z]", text)} <= ALIKE


ALIKE = {"No", "Question", "expert", "urgent", "inclusion", "administrator"}  # words two languages share


@pytest.mark.parametrize("language", OTHERS)
def test_the_order_of_the_catalogue_is_that_of_the_source(language):
    """So that `update` changes nothing when nothing changed."""
    before = catalogues.catalogue_path(language).read_text("utf-8")
    assert [m.id for m in catalog.load(language) if m.id] == [m.id for m in catalog.extracted() if m.id], "run catalog update"
    assert before.endswith('"\n')


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_words(language):
    assert (catalogues.LOCALES / language / "words.toml").exists()
    assert all(word_for(meaning, language) for meaning in MEANINGS if meaning != "choice")


def _bare(text):
    return re.sub(r"%\(\w+\)s", "", text).strip()


@pytest.mark.parametrize(
    ("minutes", "said"), [(-1440, "1 minute"), (0, "1 minute"), (45, "45 minutes"), (121, "3 hours"), (4321, "4 days")]
)
def test_a_stretch_of_time_is_said_even_where_a_clock_was_wrong(minutes, said):
    assert span_words(minutes, "en") == said
