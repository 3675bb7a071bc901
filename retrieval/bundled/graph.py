"""Writes multilingual-e5-small as an int8 ONNX graph by hand. The only module that imports `onnx`, in the converting child.

In: parsed weights. Out: an ONNX model from `rows` float32 [texts, tokens, hidden] (word vectors, looked up outside; nothing is
padded, so there is no mask) to `embedding` float32 [texts, hidden], L2-normalised.

Linear layers are 8-bit with one scale per output channel. The one sensitive input is the GELU output that feeds `output.dense`
(per-tensor int8 costs 1.4 points of recall): it gets one scale per token. Attention is in float32: MultiHeadAttention without a
mask takes half the time of QAttention on long texts, and int8 products with what is not constant gain nothing.
Operators: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from retrieval.bundled.manifest import Kind
from retrieval.bundled.weights import Floats, Weights

MICROSOFT = "com.microsoft"
# gelu(x) > -0.17 for every x: the few steps below this zero hold all that is negative, and the other 239 keep what is positive.
GELU_ZERO, GELU_LEAST = 16, 0.17
TOP, UNSIGNED_ZERO = 127, 128
Quantised = tuple[str, str, str]
Bytes = NDArray[np.int8] | NDArray[np.uint8]


def build_model(weights: Weights, kind: Kind) -> onnx.ModelProto:
    """The whole encoder, its weights stored as signed or unsigned bytes (see `Kind`): the same numbers either way."""
    encoder = _Encoder(weights, kind)
    hidden = encoder.embed()
    for layer in range(weights.sizes.layers):
        hidden = encoder.layer(hidden, f"l{layer}.")
    encoder.pool(hidden)
    return encoder.model()


class _Graph:
    """Collects nodes and constants; every method returns the name of a tensor."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: Any) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def integers(self, *values: int) -> str:
        return self.constant("integers_" + "_".join(map(str, values)), np.array(values, np.int64))

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        return self.many(kind, 1, *inputs, domain=domain, **attributes)[0]

    def many(self, kind: str, outputs: int, *inputs: str, domain: str = "", **attributes: Any) -> list[str]:
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names


class _Encoder:
    def __init__(self, weights: Weights, kind: Kind):
        self.graph, self.weights, self.sizes, self.kind = _Graph(), weights, weights.sizes, kind
        self.shape = self.graph.op("Shape", "rows")

    def embed(self) -> str:
        """Adds positions (from 0: the model is a BertModel) and token type 0 to the word vectors."""
        graph, sizes = self.graph, self.sizes
        place = self.weights.floats("emb.pos", sizes.positions, sizes.hidden)
        place += self.weights.floats("emb.type", sizes.types, sizes.hidden)[:1]
        tokens = graph.op("Slice", self.shape, graph.integers(1), graph.integers(2))
        places = graph.op("Slice", graph.constant("place", place), graph.integers(0), tokens, graph.integers(0))
        return self._add_and_norm("rows", places, "emb.ln")

    def layer(self, hidden: str, name: str) -> str:
        hidden = self._add_and_norm(self._attention(hidden, name), hidden, name + "aln")
        return self._add_and_norm(self._feed_forward(hidden, name), hidden, name + "oln")

    def pool(self, hidden: str) -> None:
        """Mean over the tokens, then unit length."""
        mean = self.graph.op("ReduceMean", hidden, self.graph.integers(1), keepdims=0)
        self.graph.nodes.append(helper.make_node("LpNormalization", [mean], ["embedding"], axis=-1, p=2))

    def model(self) -> onnx.ModelProto:
        info, hidden = helper.make_tensor_value_info, self.sizes.hidden
        inputs = [info("rows", TensorProto.FLOAT, ["texts", "tokens", hidden])]
        outputs = [info("embedding", TensorProto.FLOAT, ["texts", hidden])]
        graph = helper.make_graph(self.graph.nodes, "e5", inputs, outputs, list(self.graph.constants.values()))
        operators = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=operators, ir_version=10)

    def _attention(self, hidden: str, name: str) -> str:
        graph, size = self.graph, self.sizes.hidden
        parts = [self._int8(f"{name}{part}.w", size, size) for part in "qkv"]
        weight, scales = (np.concatenate(of) for of in zip(*parts, strict=True))
        bias = graph.constant(name + "qkv.bias", np.concatenate([self.weights.floats(f"{name}{part}.b", size) for part in "qkv"]))
        together = self._product(self._quantised(hidden), name + "qkv", weight, scales, bias)
        query, key, value = graph.many("Split", 3, together, graph.integers(size, size, size), axis=-1)
        context = graph.op("MultiHeadAttention", query, key, value, domain=MICROSOFT, num_heads=self.sizes.heads)
        return self._linear_with_bias(context, name + "ao", size, size)

    def _feed_forward(self, hidden: str, name: str) -> str:
        graph, sizes = self.graph, self.sizes
        inner = graph.op("FastGelu", self._linear_with_bias(hidden, name + "fi", sizes.inner, sizes.hidden), domain=MICROSOFT)
        quantised, scale = self._by_token(graph.op("Reshape", inner, graph.integers(-1, sizes.inner)))
        # MatMulIntegerToFloat takes only one activation scale: 1 here, and each token's own is multiplied in after it.
        unit, zero = graph.constant("unit_scale", np.float32(1)), graph.constant("gelu_zero", np.uint8(GELU_ZERO))
        product = self._product((quantised, unit, zero), name + "fo", *self._int8(name + "fo.w", sizes.hidden, sizes.inner))
        output = graph.op("Reshape", graph.op("Mul", product, scale), self.shape)
        return graph.op("Add", output, graph.constant(name + "fo.bias", self.weights.floats(name + "fo.b", sizes.hidden)))

    def _by_token(self, rows: str) -> tuple[str, str]:
        """GELU outputs [tokens, inner] as uint8 around `GELU_ZERO`, and the scale of each token [tokens, 1]."""
        graph = self.graph
        largest = graph.op("ReduceMax", rows, graph.integers(-1), keepdims=1)
        wide = graph.op("Mul", largest, graph.constant("one_step", np.float32(1 / (255 - GELU_ZERO))))
        scale = graph.op("Max", wide, graph.constant("least_step", np.float32(GELU_LEAST / GELU_ZERO)))
        flat = graph.op("Reshape", scale, graph.integers(-1))
        zeros = graph.op("Expand", graph.constant("gelu_zero", np.uint8(GELU_ZERO)), graph.op("Shape", flat))
        return graph.op("QuantizeLinear", rows, flat, zeros, axis=0), scale

    def _linear_with_bias(self, x: str, name: str, rows: int, columns: int) -> str:
        bias = self.graph.constant(name + ".bias", self.weights.floats(name + ".b", rows))
        return self._product(self._quantised(x), name, *self._int8(name + ".w", rows, columns), bias)

    def _quantised(self, x: str) -> Quantised:
        values, scale, zero = self.graph.many("DynamicQuantizeLinear", 3, x)
        return values, scale, zero

    def _product(self, x: Quantised, name: str, weight: Bytes, scales: Floats, *bias: str) -> str:
        zero = ""
        if self.kind == "u8":
            weight = (weight.astype(np.int16) + UNSIGNED_ZERO).astype(np.uint8)
            zero = self.graph.constant("weight_zero", np.uint8(UNSIGNED_ZERO))
        stored = self.graph.constant(name + ".weight", weight.T)
        stored_scales = self.graph.constant(name + ".scales", scales)
        return self.graph.op("MatMulIntegerToFloat", x[0], stored, x[1], stored_scales, x[2], zero, *bias, domain=MICROSOFT)

    def _int8(self, name: str, rows: int, columns: int) -> tuple[NDArray[np.int8], Floats]:
        weights = self.weights.unpacked(name, rows, columns)
        scales = np.abs(weights).max(1) / TOP + 1e-12
        return np.round(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32)

    def _add_and_norm(self, x: str, y: str, name: str) -> str:
        # Add + LayerNormalization takes a third of the time of SkipLayerNormalization, which is scalar on CPUs.
        graph, size = self.graph, self.sizes.hidden
        weight = graph.constant(name + ".weight", self.weights.floats(name + ".w", size))
        bias = graph.constant(name + ".bias", self.weights.floats(name + ".b", size))
        return graph.op("LayerNormalization", graph.op("Add", x, y), weight, bias, axis=-1, epsilon=self.sizes.epsilon)
