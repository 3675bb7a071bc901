"""The hand-built int8 model agrees with sentence-transformers in float32 from the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval import ModelError, embedder_from

PER_LANGUAGE = 24


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    pytest.importorskip("sentence_transformers")
    pytest.importorskip("safetensors")
    from retrieval.sentence import SentenceEmbedder
    from tests.retrieval.reference import build_reference

    return SentenceEmbedder(str(build_reference(tmp_path_factory.mktemp("reference"))))


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("role", ["encode_questions", "encode_passages"])
def test_cosines(bundled, reference, tatoeba, role):
    texts = [pair[side] for pairs in tatoeba.values() for pair in pairs[:PER_LANGUAGE] for side in (0, 1)]
    texts += [" ".join(own for own, _ in pairs[:12]) for pairs in tatoeba.values()]
    cosines = (getattr(bundled, role)(texts) * getattr(reference, role)(texts)).sum(1)
    assert cosines.min() >= 0.995
    assert cosines.mean() >= 0.998


@pytest.mark.model
def test_any_model_can_take_its_place(reference):
    assert reference.dims == 384
    assert reference.name.startswith("st:")
    np.testing.assert_allclose(np.linalg.norm(reference.encode_questions(["Πώς;", "How?"]), axis=1), 1, rtol=1e-4)
    assert reference.encode_passages([]).shape == (0, 384)


@pytest.mark.model
def test_a_model_that_is_not_there_is_an_error_that_names_it(tmp_path):
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelError, match="nothing-here"):
        embedder_from(f"st:{tmp_path / 'nothing-here'}")


@pytest.mark.parametrize("setting", ["", "st:", "bundled:x", "openai", "hash:3"])
def test_a_wrong_setting_says_what_is_right(setting):
    with pytest.raises(ModelError, match='use "bundled", "hash" or "st:NAME_OR_FOLDER"'):
        embedder_from(setting)


def test_the_test_embedder_is_deterministic():
    one, other = embedder_from("hash"), embedder_from("hash")
    texts = ["apprenticeship in Brașov", "APPRENTICESHIP in brasov", "something else altogether", ""]
    vectors = one.encode_passages(texts)
    np.testing.assert_array_equal(vectors, other.encode_questions(texts))
    assert vectors[0] @ vectors[1] > 0.99 > 0.5 > vectors[0] @ vectors[2]
