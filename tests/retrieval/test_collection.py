"""Those who write fiches are no programmers: what is wrong is said with file and key."""

from __future__ import annotations

import pytest

from retrieval import CollectionError, load_collection, load_questions

GOOD = '''
slug = "one-practice"
source_language = "ro"
[facts]
country = "RO"
year_start = 2012
themes = ["apprenticeship-dual"]
sources = ["https://example.org/"]
[text.ro]
title = "Un titlu"
summary = "Un rezumat."
[text.ro.sections]
results = """Rezultate."""
challenge = """O problemă."""
[text.en]
title = "A title"
summary = "A summary."
'''


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "fiches").mkdir()
    return tmp_path


def write(folder, text, name="one-practice"):
    (folder / "fiches" / f"{name}.toml").write_text(text, "utf-8")


def test_a_fiche_is_read_whole(folder):
    write(folder, GOOD)
    (fiche,) = load_collection(folder)
    assert (fiche.slug, fiche.source_language, fiche.facts["country"]) == ("one-practice", "ro", "RO")
    romanian, english = fiche.texts
    assert (romanian.language, english.language) == ("ro", "en")
    assert list(romanian.sections) == ["challenge", "results"], "sections come in the order in which a fiche is told"
    assert english.sections == {}


@pytest.mark.parametrize(
    ("wrong", "instead", "key", "problem"),
    [
        ('slug = "one-practice"', "", "slug", "is missing"),
        ('slug = "one-practice"', 'slug = "other"', "slug", "differs from the file's name"),
        ('slug = "one-practice"', 'slug = "One Practice"', "slug", "may hold only"),
        ('source_language = "ro"', 'source_language = "xx"', "source_language", "no language of the network"),
        ('source_language = "ro"', 'source_language = "it"', "source_language", "there is no [text.it]"),
        ('country = "RO"', 'country = "Romania"', "facts.country", "two capital letters"),
        ("year_start = 2012", 'year_start = "2012"', "facts.year_start", "whole number"),
        ('themes = ["apprenticeship-dual"]', 'themes = ["cooking"]', "facts.themes", '"cooking" is none of apprenticeship-dual,'),
        ('themes = ["apprenticeship-dual"]', 'themes = "recognition"', "facts.themes", "list of strings"),
        ("year_start = 2012", 'stage = "soon"', "facts.stage", '"soon" is none of design, pilot'),
        ("year_start = 2012", 'scope_level = ["local"]', "facts.scope_level", "is none of local, regional"),
        ("year_start = 2012", 'entry_type = "idea"', "facts.entry_type", '"idea" is none of strategy'),
        ("year_start = 2012", 'sector = "VET"', "facts.sector", '"VET" is none of school education'),
        ("year_start = 2012", 'org_kind = "club"', "facts.org_kind", '"club" is none of municipality'),
        ("year_start = 2012", 'target_groups = ["all"]', "facts.target_groups", '"all" is none of VET learners'),
        ("year_start = 2012", 'target_groups = "women"', "facts.target_groups", "list of strings"),
        ("year_start = 2012", 'budget = "much"', "facts.budget", "whole number"),
        ("year_start = 2012", 'currency = "euro"', "facts.currency", "three capital letters"),
        ("year_start = 2012", 'figures = [{value = "12", source = "x"}]', "facts.figures", "meaning, source, value"),
        ("year_start = 2012", "author = 3", "facts.author", "must be a text"),
        ("year_start = 2012", 'author_agreed = "yes"', "facts.author_agreed", "true or false"),
        ("year_start = 2012", 'review_due = "31.5.2027"', "facts.review_due", "between quotation marks"),
        ("year_start = 2012", "review_due = 2027-05-31", "facts.review_due", "between quotation marks"),
        ("year_start = 2012", 'target_groups = ["women", "women"]', "facts.target_groups", "stands there twice"),
        ("year_start = 2012", 'figures = ["12"]', "facts.figures", "meaning, source, value"),
        ('title = "Un titlu"', f'title = "{"x" * 101}"', "text.ro.title", "has 101 characters"),
        ('title = "Un titlu"', 'title = " "', "text.ro.title", "must be a text that is not empty"),
        ('summary = "Un rezumat."', "summary = 3", "text.ro.summary", "must be a text"),
        ('results = """Rezultate."""', 'outcome = "x"', "text.ro.sections.outcome", "is not known here"),
        ("[text.en]", "[text.de]", "text.de", "no language of the network"),
        ("[facts]", "colour = 1\n[facts]", "colour", "is not known here"),
        ("[facts]", "[facts", "", ""),
    ],
)
def test_what_is_wrong_is_named(folder, wrong, instead, key, problem):
    assert wrong in GOOD
    write(folder, GOOD.replace(wrong, instead, 1))
    with pytest.raises(CollectionError) as caught:
        load_collection(folder)
    assert caught.value.file.name == "one-practice.toml"
    assert caught.value.key == key
    assert problem in str(caught.value)


def test_a_file_that_is_no_text_is_named(folder):
    (folder / "fiches" / "one-practice.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CollectionError, match=r"one-practice\.toml"):
        load_collection(folder)


def test_a_folder_without_fiches_is_no_collection(tmp_path):
    with pytest.raises(CollectionError, match="fiches"):
        load_collection(tmp_path)


def test_equal_content_has_equal_hashes_and_any_change_shows(folder):
    write(folder, GOOD)
    (first,), (again,) = load_collection(folder), load_collection(folder)
    write(folder, GOOD.replace("2012", "2013"))
    (changed,) = load_collection(folder)
    assert first.content_hash == again.content_hash != changed.content_hash


QUESTION = '{"id": "q1", "language": "gr", "text": "Πώς;", "answers": ["one-practice"], "split": "test"}'


def test_questions_are_read(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text(QUESTION + "\n\n" + '{"id": "q2", "language": "en", "text": "Why?", "answers": []}\n', "utf-8")
    one, two = load_questions(file)
    assert (one.language, one.answers, one.split) == ("el", ("one-practice",), "test")
    assert (two.answers, two.split) == ((), "dev")


@pytest.mark.parametrize(
    ("line", "known", "message"),
    [
        ("{", None, "questions.jsonl:2: is not JSON"),
        ("[]", None, "must be a JSON object"),
        (QUESTION, None, 'id: "q1" is used twice'),
        (QUESTION.replace("gr", "de").replace("q1", "q2"), None, "language"),
        (QUESTION.replace('["one-practice"]', '"one-practice"'), None, "answers: must be a list of slugs"),
        (QUESTION.replace('"test"', '"train"'), None, "split"),
        (QUESTION.replace("one-practice", "none"), frozenset({"one-practice"}), 'there is no fiche "none"'),
    ],
)
def test_a_wrong_question_is_named(tmp_path, line, known, message):
    file = tmp_path / "questions.jsonl"
    file.write_text(QUESTION + "\n" + line + "\n", "utf-8")
    with pytest.raises(CollectionError) as caught:
        load_questions(file, known)
    assert message in str(caught.value)
