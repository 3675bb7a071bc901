"""Our tokeniser gives exactly the ids of the `tokenizers` package, built from the same pieces."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.tokeniser import Tokeniser, split_words

HOSTILE = [
    "", " ", "   ", "\n", "a", "▁", "▁▁a", " ▁ a", "a ", " a", "a  b", "\t\ta\tb", "\0", "a\0b", "\ufdfa" * 400, "\ufdfa \ufdfa",
    "İıŞşĞğ", "ϐϑϒ ΐΰ", "e\u0301\u0301\u0301", "\u200b\u200d\ufeff", "\u3000x\u2003y\u00a0z", "👩‍👩‍👧‍👦 🇬🇷", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "ﬁﬂ ﷽",
    "x" * 3000, "ab " * 1000, "1234567890" * 40, "https://example.org/a?b=c&d=%20#e", "<pad", "<s", "\x1b[31m", "\r\n\r\n", "\x85\x0b\x0c",
    "你好，世界", "กขฃคฅ", "אבגד", "💥" * 300, "\uffff\ufffe", "\U0010ffff", "½ ² № ™ Ⅷ", "ʼ‘’“”„«»…–—",
]  # fmt: skip


@pytest.fixture(scope="module")
def reference():
    pytest.importorskip("tokenizers")
    from tests.retrieval.reference import reference_tokenizer

    return reference_tokenizer()


def differing(tokeniser: Tokeniser, reference, texts) -> list[str]:
    return [text for text in texts if tokeniser.ids(text, 10**6) != reference.encode(text).ids]


@pytest.mark.model
def test_sentences_of_eight_languages(bundled, reference, tatoeba):
    texts = [side for pairs in tatoeba.values() for pair in pairs[:250] for side in pair]
    assert len(texts) >= 3000
    assert differing(bundled.tokeniser, reference, texts) == []


@pytest.mark.model
def test_sentences_that_were_bent(bundled, reference, tatoeba):
    bent = random.Random(1)
    texts = [side for pairs in tatoeba.values() for pair in pairs[250:320] for side in pair]
    texts = [bend(text, bent) for text in texts]
    assert differing(bundled.tokeniser, reference, texts) == []


@pytest.mark.model
def test_hostile_strings(bundled, reference):
    assert differing(bundled.tokeniser, reference, HOSTILE) == []


@pytest.mark.model
@settings(max_examples=400, deadline=None)
@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_any_string(bundled, reference, text):
    assert differing(bundled.tokeniser, reference, [text]) == []


def test_lone_surrogates_and_control_tokens_are_plain_text(bundled):
    assert bundled.tokeniser.ids("\ud800")[0] == 0
    ids = bundled.tokeniser.ids("a </s> b <s>")
    assert ids[0] == 0 and ids[-1] == 2 and not {0, 2} & set(ids[1:-1])


def test_ids_are_cut_between_the_ends(bundled):
    ids = bundled.tokeniser.ids("word " * 2000)
    assert len(ids) == 512 and ids[0] == 0 and ids[-1] == 2


def test_many_threads_read_alike(bundled):
    tokeniser = Tokeniser(bundled.tokeniser._pieces)
    texts = [f"Ερώτηση {i % 50} για τη μαθητεία και την εκπαίδευση {i % 7}" for i in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tokeniser.ids, texts)) == [bundled.tokeniser.ids(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", []), ("a b", ["▁a", "▁b"]), (" a", ["▁a"]), ("a ", ["▁a", "▁"]), (" ", ["▁"]), ("a▁b", ["▁a", "▁b"])],
)
def test_split_words(text, words):
    assert split_words(text) == words


def bend(text: str, bent: random.Random) -> str:
    """Upper case, odd spaces, missing or doubled letters: what people and programs do to sentences."""
    how = bent.randrange(5)
    place = bent.randrange(len(text))
    return (
        text.upper(),
        text.replace(" ", bent.choice(["  ", "\u00a0", "\t", "\n", ""])),
        text[:place] + text[place + 1 :],
        text[:place] + text[place] * 3 + text[place:],
        text[::-1],
    )[how]
