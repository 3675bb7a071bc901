"""No text that a stranger sends costs more than ten ordinary questions: counted in tokens and passes, not in time."""

from __future__ import annotations

import pytest

from retrieval import Searcher
from retrieval.question import read_question
from retrieval.text import QUESTION_LIMIT
from retrieval.work import LONGEST_QUERY, QUESTION_TOKENS, affordable

ORDINARY = "How can a small town help young people who left school early to find an apprenticeship with local companies?"
SENTENCE = "Firms in our valley look for welders who can read plans. "
HOSTILE = {
    "empty": "",
    "spaces": " \n\t\u00a0\u3000" * 3000,
    "NULs": "\0" * 50_000,
    "NULs between": "\0".join(ORDINARY * 40),
    "a flood of U+FDFA": "\ufdfa" * 30_000,
    "floods in words": "\ufdfa " * 30_000,
    "NFD": "e\u0301\u0323\u0302" * 20_000,
    "a million letters": "x" * 1_000_000,
    "a million in words": "ab cd " * 170_000,
    "all different": " ".join(f"w{i}q{i * 7}" for i in range(120_000)),
    "emoji": "👩‍👩‍👧‍👦💥🇬🇷" * 9_000,
    "scripts mixed": "Πώς как 如何 كيف איך ทำ como " * 5_000,
    "RTL marks": "\u202e\u200f\u2067" * 20_000 + ORDINARY,
    "surrogates": "\ud800\udfff" * 20_000,
    "unknown characters": "".join(map(chr, range(0x12000, 0x12399))) * 30,
    "quotation marks": '"a" «b» „c“ ' * 4_000,
    "identifiers": " ".join(f"KLASA-{i}-02-16" for i in range(4_000)),
    "greetings": "Dear all, hello, thank you. " * 2_000,
    "questions": "Who pays? " * 3_000,
    "long mail": SENTENCE * 2_000,
    "long Greek mail": "Πώς μαθαίνουν οι νέοι μια τέχνη στην πόλη μας; " * 1_500,
    "Greeklish": "pos mathainoun oi neoi mia texni stin poli mas; " * 1_500,
    "long words": ("ab" * 600 + " ") * 100,
    "one line each": "\n".join(f"line {i}?" for i in range(20_000)),
}


class Counting:
    """The embedder as it is used, counting tokens and passes through the model."""

    def __init__(self, neutral, tokeniser):
        self._neutral, self._tokeniser = neutral, tokeniser
        self.name, self.dims = neutral.name, neutral.dims
        self.shortened, self.encode_passages = neutral.shortened, neutral.encode_passages
        self.asked = []

    def encode_questions(self, texts):
        self.asked += [len(self._tokeniser.ids(f"query: {text}", 10**6)) for text in texts]
        return self._neutral.encode_questions(texts)


@pytest.fixture(scope="module")
def counting(neutral, bundled):
    return Counting(neutral, bundled.tokeniser)


@pytest.fixture(scope="module")
def searcher(counting, tmp_path_factory):
    from tests.retrieval.conftest import DUAL, RECOGNITION, SCHOLARSHIPS, TUTORS

    searcher = Searcher.open(tmp_path_factory.mktemp("index"), counting)
    searcher.reconcile([DUAL, RECOGNITION, SCHOLARSHIPS, TUTORS])
    return searcher


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_answered_within_ten_ordinary_questions(searcher, counting, text):
    counting.asked = []
    searcher.search(ORDINARY)
    (ordinary,) = counting.asked
    counting.asked = []
    findings = searcher.search(text)
    assert findings.degraded is None and 0 <= findings.confidence <= findings.confidence_any <= 1
    assert sum(counting.asked) <= 10 * ordinary
    assert len(counting.asked) <= 8
    assert max(counting.asked, default=0) <= LONGEST_QUERY + 8, "the prompt and the ends come on top"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_read_is_bounded_before_anything_is_counted(text):
    question = read_question(text)
    assert len(question.text) <= 2 * QUESTION_LIMIT + 1  # Greeklish is kept beside its Greek
    assert len(question.queries) <= 8


def test_an_ordinary_question_is_not_touched(neutral):
    assert affordable([ORDINARY], neutral) == [ORDINARY]
    assert affordable([], neutral) == []


def test_a_long_mail_is_read_from_its_beginning_and_in_its_questions(neutral, bundled):
    mail = SENTENCE * 12 + "Who pays for such courses in small towns? " + SENTENCE * 12
    queries = affordable(read_question(mail).queries, neutral)
    assert mail.startswith(queries[0]) and 300 < len(queries[0]) < len(mail)
    assert queries[1] == "Who pays for such courses in small towns?"
    assert sum(len(bundled.tokeniser.ids(query)) - 2 for query in queries) <= QUESTION_TOKENS


@pytest.mark.parametrize("limit", [0, 1, 3, 10, 50])
@pytest.mark.parametrize("text", [ORDINARY, "x" * 5000, "\ufdfa " * 500, "ά" * 900, "", "   ", "one"])
def test_the_beginning_of_a_text_has_the_tokens_that_are_told(bundled, text, limit):
    short, used = bundled.tokeniser.beginning(text, limit)
    assert used <= limit
    assert len(bundled.tokeniser.ids(short)) - 2 <= limit + 1, "cut inside a word, other pieces may be needed"


def test_an_embedder_that_cannot_count_is_bounded_by_length():
    from retrieval.hashing import HashEmbedder

    queries = affordable(["word " * 500, "Who pays?", "word " * 500], HashEmbedder())
    assert len(queries[0]) == 3 * LONGEST_QUERY and queries[1:] == ["Who pays?"]
