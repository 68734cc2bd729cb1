"""The ONNX graph of encoder and heads, written node by node."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.encoder import BLOCK, EPSILON, HEADS, HIDDEN, LAYERS, QuantisedRows
from training.smoothing import Inputs, channel_scales

OPSET = 20
MICROSOFT = "com.microsoft"
Weights = dict[str, np.ndarray]


@dataclass(slots=True)
class _Builder:
    """Collects nodes and initialisers; `int8` says how matrix products are written."""

    int8: bool
    keep: frozenset[str]
    inputs: dict[str, Inputs]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        domain = attributes.pop("domain", "")
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Write x @ weight.T + bias; in int8 with a scale for each output column.

        Activations get their scale at run time, one for the whole tensor; where samples of the
        layer's `inputs` are known, their channels are evened out first.
        """
        b = self.constant(f"{name}.bias", bias.astype(np.float32))
        if not self.int8 or name in self.keep:
            w = self.constant(f"{name}.weight", weight.T.astype(np.float32))
            return self.node("Add", [self.node("MatMul", [x, w], f"{name}.product"), b], name)
        if name in self.inputs:
            even = channel_scales(self.inputs[name], weight)
            weight = weight * even
            inverse = self.constant(f"{name}.even", (1 / even).astype(np.float32))
            x = self.node("Mul", [x, inverse], f"{name}.input")
        matrix = weight.T.astype(np.float32)
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-8) / 127.0
        codes = np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8)
        w = self.constant(f"{name}.weight", codes)
        s = self.constant(f"{name}.scale", scale.astype(np.float32))
        z = self.constant(f"{name}.zero", np.zeros(len(scale), np.int8))
        return self.node("DynamicQuantizeMatMul", [x, w, s, z, b], name, domain=MICROSOFT)

    def norm(self, x: str, name: str, weights: Weights, key: str) -> str:
        scale = self.constant(f"{name}.scale", weights[f"{key}.weight"])
        bias = self.constant(f"{name}.bias", weights[f"{key}.bias"])
        return self.node("LayerNormalization", [x, scale, bias], name, axis=-1, epsilon=EPSILON)


def _words(builder: _Builder, words: QuantisedRows) -> str:
    """Write the 4-bit word table as it came (no loss): codes minus 8 as int4, scales in half."""
    n, blocks = words.scales.shape
    codes = words.codes.reshape(n, blocks, 16)
    values = np.concatenate([codes & 15, codes >> 4], axis=2).reshape(n, blocks * BLOCK)
    signed = (values.astype(np.int16) - 8) & 15
    packed = (signed[:, 0::2] | (signed[:, 1::2] << 4)).astype(np.uint8)
    builder.constants.append(
        helper.make_tensor("words.codes", TensorProto.INT4, (n, HIDDEN), packed.tobytes(), raw=True)
    )
    scales = builder.constant("words.scales", words.scales.astype(np.float16))
    half = builder.node(
        "GatherBlockQuantized",
        ["words.codes", "ids", scales],
        "words.half",
        domain=MICROSOFT,
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    return builder.node("Cast", [half], "words", to=TensorProto.FLOAT)


def build(
    words: QuantisedRows,
    encoder: Weights,
    heads: dict[str, tuple[np.ndarray, np.ndarray]],
    *,
    int8: bool,
    keep: frozenset[str] = frozenset(),
    inputs: dict[str, Inputs] | None = None,
) -> onnx.ModelProto:
    """Return the graph: ids (b, t) int64 and lengths mask (b, t) int32 to one output per head.

    `heads` maps an output's name to (weight, bias); they stay in float32, as do the layers named
    in `keep`. `inputs` has samples of what the linear layers are fed.
    """
    g = _Builder(int8, keep, inputs or {})
    rows = _words(g, words)
    table = g.constant("positions", encoder["position.weight"])
    size = g.node("Shape", ["ids"], "length", start=1, end=2)
    zero = g.constant("zero", np.array([0], np.int64))
    here = g.node("Slice", [table, zero, size, zero], "positions.here")
    x = g.norm(g.node("Add", [rows, here], "embedded"), "embedded.norm", encoder, "norm")
    for i in range(LAYERS):
        key = f"layers.{i}"
        qkv = g.linear(x, f"{key}.qkv", encoder[f"{key}.qkv.weight"], encoder[f"{key}.qkv.bias"])
        g.nodes.append(
            helper.make_node(
                "Split",
                [qkv],
                [f"{key}.q", f"{key}.k", f"{key}.v"],
                axis=-1,
                num_outputs=3,
                name=f"{key}.split",
            )
        )
        seen = g.node(
            "MultiHeadAttention",
            [f"{key}.q", f"{key}.k", f"{key}.v", "", "mask"],
            f"{key}.attention",
            domain=MICROSOFT,
            num_heads=HEADS,
        )
        out = g.linear(seen, f"{key}.out", encoder[f"{key}.out.weight"], encoder[f"{key}.out.bias"])
        x = g.norm(g.node("Add", [x, out], f"{key}.sum1"), f"{key}.norm1", encoder, f"{key}.norm1")
        up = g.linear(x, f"{key}.up", encoder[f"{key}.up.weight"], encoder[f"{key}.up.bias"])
        wide = g.node("Gelu", [up], f"{key}.gelu", domain=MICROSOFT)
        down = g.linear(wide, f"{key}.down", encoder[f"{key}.down.weight"], encoder[f"{key}.down.bias"])
        x = g.norm(g.node("Add", [x, down], f"{key}.sum2"), f"{key}.norm2", encoder, f"{key}.norm2")
    outputs = []
    for name, (weight, bias) in heads.items():
        product = g.node("MatMul", [x, g.constant(f"{name}.w", weight.T.astype(np.float32))], f"{name}.product")
        g.node("Add", [product, g.constant(f"{name}.b", bias.astype(np.float32))], name)
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["b", "t", len(bias)]))
    graph = helper.make_graph(
        g.nodes,
        "multilingual",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["b", "t"]),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["b", "t"]),
        ],
        outputs,
        g.constants,
    )
    return helper.make_model(
        graph,
        ir_version=10,
        opset_imports=[helper.make_opsetid("", OPSET + 1), helper.make_opsetid(MICROSOFT, 1)],
    )
