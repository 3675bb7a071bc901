"""The same weights by the usual road: a sentence-transformers folder with a `tokenizers` file. What ours is compared with."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from retrieval.bundled.weights import Weights, find_weights

LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}


def reference_tokenizer(weights: Weights | None = None):
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    weights = weights or Weights(find_weights())
    odd = {k: v for k, v in weights.exceptions.items() if unicodedata.normalize("NFKC", k) != v}
    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=3, byte_fallback=False))
    replaced = [normalizers.Replace(k, v) for k, v in odd.items()]
    tokenizer.normalizer = normalizers.Sequence([*replaced, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer


def build_reference(folder: Path) -> Path:
    """Writes a folder that SentenceTransformer loads; 470 MB, 8 s."""
    from safetensors.numpy import save_file

    weights = Weights(find_weights())
    tokenizer = reference_tokenizer(weights)
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(dict(_tensors(weights)), folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _configuration(weights).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content), "utf-8")
    return folder


def _tensors(weights: Weights):
    size = weights.sizes
    shapes = {"fi": (size.inner, size.hidden), "fo": (size.hidden, size.inner)}
    yield "embeddings.word_embeddings.weight", weights.unpacked("emb.word", size.vocabulary, size.hidden)
    yield "embeddings.position_embeddings.weight", weights.floats("emb.pos", -1, size.hidden)
    yield "embeddings.token_type_embeddings.weight", weights.floats("emb.type", -1, size.hidden)
    yield "embeddings.LayerNorm.weight", weights.floats("emb.ln.w", size.hidden)
    yield "embeddings.LayerNorm.bias", weights.floats("emb.ln.b", size.hidden)
    for layer in range(size.layers):
        ours, theirs = f"l{layer}.", f"encoder.layer.{layer}."
        for short, name in LINEAR.items():
            rows, columns = shapes.get(short, (size.hidden, size.hidden))
            yield f"{theirs}{name}.weight", weights.unpacked(f"{ours}{short}.w", rows, columns)
            yield f"{theirs}{name}.bias", weights.floats(f"{ours}{short}.b", rows)
        for short, name in NORMS.items():
            yield f"{theirs}{name}.weight", weights.floats(f"{ours}{short}.w", size.hidden)
            yield f"{theirs}{name}.bias", weights.floats(f"{ours}{short}.b", size.hidden)


def _configuration(weights: Weights) -> dict[str, object]:
    size = weights.sizes
    module = "sentence_transformers.models"
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "hidden_size": size.hidden, "num_hidden_layers": size.layers,
            "num_attention_heads": size.heads, "intermediate_size": size.inner, "hidden_act": "gelu", "vocab_size": size.vocabulary,
            "max_position_embeddings": size.positions, "type_vocab_size": size.types, "layer_norm_eps": size.epsilon,
            "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
        },
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, **SPECIAL},
        "special_tokens_map.json": SPECIAL,
        "modules.json": [{"idx": i, "name": str(i), "path": path, "type": f"{module}.{kind}"} for i, (path, kind) in enumerate(kinds)],
        "sentence_bert_config.json": {"max_seq_length": 512, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "}},
        "1_Pooling/config.json": {"word_embedding_dimension": size.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
    }  # fmt: skip
