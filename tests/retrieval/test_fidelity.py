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

    return SentenceEmbedder(str(build_reference(tmp_path_factory.mktemp("reference"))), precision="float32", device="cpu")


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
def test_precision_changes_vectors_by_next_to_nothing(reference):
    """Workers whose hardware differs share an index: what one wrote in bfloat16 another asks in float32."""
    from retrieval.sentence import SentenceEmbedder

    short = SentenceEmbedder(reference.name.removeprefix("st:"), precision="bfloat16", device="cpu")
    assert (short.name, short.precision, reference.precision) == (reference.name, "bfloat16", "float32")
    texts = ["Who pays for the training?", "Ποιος πληρώνει την κατάρτιση;", "Eğitimi kim ödüyor? " * 20]
    assert (short.encode_questions(texts) * reference.encode_questions(texts)).sum(1).min() > 0.999


@pytest.mark.model
def test_prompts_are_the_models_own(reference, tmp_path):
    """The e5 prompts stand in the model's folder; with others there, other vectors come out."""
    import json
    import shutil

    from retrieval.sentence import SentenceEmbedder

    told = reference._model.prompts
    assert told["query"] == "query: "
    folder = shutil.copytree(reference.name.removeprefix("st:"), tmp_path / "other")
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "ask for this: ", "document": ""}})
    )
    other = SentenceEmbedder(str(folder), precision="float32", device="cpu")
    text = ["Who pays for the training?"]
    assert (other.encode_questions(text) @ reference.encode_questions(text).T).item() < 0.999
    plain = reference._model.encode(["query: " + text[0]], prompt="", normalize_embeddings=True)
    np.testing.assert_allclose(reference.encode_questions(text), plain, atol=1e-5)


@pytest.mark.model
@pytest.mark.parametrize("limit", [1, 8, 40])
def test_a_long_question_is_shortened_to_what_is_allowed(reference, limit):
    text = "How do towns help young people into work? " * 30
    short, used = reference.shortened(text, limit)
    assert used <= limit and text.startswith(short) and short
    assert reference.shortened("Who pays?", 40)[0] == "Who pays?"


@pytest.mark.parametrize(("flags", "computes"), [("fma avx2", False), ("avx512_bf16", True), ("amx_bf16 avx2", True)])
def test_which_processors_compute_in_bfloat16(tmp_path, flags, computes):
    from retrieval.sentence import computes_bfloat16

    (tmp_path / "cpuinfo").write_text(f"flags : {flags}\n")
    assert computes_bfloat16(tmp_path / "cpuinfo") == computes
    assert not computes_bfloat16(tmp_path / "absent")


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
