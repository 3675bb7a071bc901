"""What stands out in a letter, whatever language it is written in, and what never does."""

import pytest

from routing.languages import LANGUAGES
from routing.letters import Part, lines_of, paragraphs_of, write
from tests.routing.test_letters_golden import CASES

RULE = "———"


def strong_in(text):
    return [line.text[: line.strong] for line in lines_of(text) if line.strong]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("medium", ["email", "telegram"])
def test_lines_are_the_letter_and_only_short_labels_and_titles_stand_out(language, medium):
    for kind, cases in CASES.items():
        for facts in cases:
            text = write(kind, language, medium=medium, **facts).text
            lines = lines_of(text)
            assert "\n".join(line.text for line in lines) == text
            for line in lines:
                assert line.part is Part.TITLE or line.strong <= 48
                assert not line.strong or line.part in (Part.OURS, Part.TITLE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_date_an_expert_must_see_follows_a_label(language):
    facts = CASES["assignment"][0]
    labels = [one for one in strong_in(write("assignment", language, medium="email", **facts).text) if one.rstrip(" :")]
    assert len(labels) >= 2


@pytest.mark.parametrize(
    ("text", "strong"),
    [
        ("Answer expected by: Friday", ["Answer expected by:"]),
        ("Réponse attendue\N{NO-BREAK SPACE}: vendredi", ["Réponse attendue\N{NO-BREAK SPACE}:"]),
        ("Why you:\n- one: two", ["Why you:"]),
        ("It is late, but: go on", []),
        ("Begin your reply with “suggest:” and a name", []),
        ("https://rrm.example/status", []),
        ("at 14:30 it closes", []),
        ("«Costs: none»", []),
        ("> Who pays: the firm?", []),
        (f"{RULE}\nNote: ours\n1. One\n\n2. Two\nmore\n{RULE}\nNote: ours", ["Note:"]),
        ("Found:\n\n1. A title\nRijeka\n\n2. Another\nGraz", ["Found:", "1. A title", "2. Another"]),
        ("Which one?\n\n1. this\n2. that\n3. none", []),
        ("", []),
    ],
)
def test_what_stands_out(text, strong):
    assert strong_in(text) == strong


def test_rules_quotes_and_answers_are_paragraphs_of_their_own():
    text = f"Hello\n{RULE}\nTheirs\n> earlier\n\nMore\n{RULE}\nOurs\n> quoted"
    parts = [[line.part.value for line in lines] for lines in paragraphs_of(lines_of(text))]
    assert parts == [["ours"], ["rule"], ["answer"], ["quote"], ["answer"], ["rule"], ["ours"], ["quote"]]
