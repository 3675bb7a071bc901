"""The corpus of 64 reply mails that lies beside the project, where it is present."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.mail.quotes import own_words

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "reply-trimming"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus ../shared/corpora/reply-trimming is not here")


def _pairs():
    for file in sorted((CORPUS / "emails").glob("*.txt")):
        yield file.name, file.read_bytes().decode("utf-8", "replace"), (CORPUS / "trimmed" / file.name).read_bytes().decode("utf-8", "replace")


def _is_exact(text, wanted, reply):
    """A mail of which nothing is wanted comes back whole and marked, never empty."""
    if not wanted.split():
        return reply.review is not None and reply.text.split() == text.split()
    return reply.text.split() == wanted.split()


def test_all_are_cut_exactly_as_a_person_would():
    exact = [name for name, text, wanted in _pairs() if _is_exact(text, wanted, own_words(text))]
    assert len(exact) == 64


def test_no_wanted_word_is_lost():
    lost = {name: missing for name, text, wanted in _pairs() if (missing := Counter(wanted.split()) - Counter(own_words(text).text.split()))}
    assert lost == {}


def test_what_is_cut_and_what_is_kept_is_everything():
    for name, text, _ in _pairs():
        reply = own_words(text)
        assert Counter(f"{reply.text}\n{reply.cut}".split()) == Counter(text.split()), name
