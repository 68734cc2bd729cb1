"""The ONNX graph of encoder and heads, written node by node."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from pipeline.model.labels import NAME_TYPES
from pipeline.model.pieces import MARK
from training.encoder import BLOCK, EPSILON, FORK, HEADS, HIDDEN, LAYERS, QuantisedRows
from training.smoothing import Inputs, channel_scales
from training.tagger import CHARACTER, STATES

OPSET = 20
# The share of the witness in the log probabilities of the names of Chinese; see the model card for others.
WITNESS = 0.4
LABELS = 1 + 2 * len(NAME_TYPES)
MICROSOFT = "com.microsoft"
Weights = dict[str, np.ndarray]
Heads = dict[str, tuple[np.ndarray, np.ndarray]]


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


def _words(g: _Builder, words: QuantisedRows, ids: str) -> str:
    """Write the 4-bit word table as it came (no loss): the chosen rows are unpacked in plain operators.

    GatherBlockQuantized gives the same bits in one operator, but ten times as slowly; it, too, rounds to half.
    """
    blocks = words.scales.shape[1]
    codes = g.constant("words.codes", words.codes)
    scales = g.constant("words.scales", words.scales.astype(np.float16))
    rows = g.node("Gather", [codes, ids], "words.packed")
    low = g.node("BitwiseAnd", [rows, g.constant("words.mask", np.array(15, np.uint8))], "words.low")
    four = g.constant("words.four", np.array(4, np.uint8))
    high = g.node("BitShift", [rows, four], "words.high", direction="RIGHT")
    split = g.constant("words.blocks", np.array([0, 0, blocks, BLOCK // 2], np.int64))
    halves = []
    for half in (low, high):
        cast = g.node("Cast", [half], f"{half}.float", to=TensorProto.FLOAT)
        halves.append(g.node("Reshape", [cast, split], f"{half}.blocks"))
    both = g.node("Concat", halves, "words.values", axis=-1)
    signed = g.node("Sub", [both, g.constant("words.eight", np.array(8, np.float32))], "words.signed")
    chosen = g.node("Cast", [g.node("Gather", [scales, ids], "words.half")], "words.steps", to=TensorProto.FLOAT)
    steps = g.node("Unsqueeze", [chosen, g.constant("words.last", np.array([-1], np.int64))], "words.step")
    scaled = g.node("Mul", [signed, steps], "words.scaled")
    half = g.node("Cast", [scaled], "words.rounded", to=TensorProto.FLOAT16)
    shape = g.constant("words.shape", np.array([0, 0, HIDDEN], np.int64))
    return g.node("Cast", [g.node("Reshape", [half, shape], "words.row")], "words", to=TensorProto.FLOAT)


def _layer(g: _Builder, x: str, weights: Weights, key: str, name: str) -> str:
    """Write one layer of the encoder or of a branch; `key` is its prefix in `weights`, `name` its nodes'."""

    def linear(x: str, part: str) -> str:
        return g.linear(x, f"{name}.{part}", weights[f"{key}.{part}.weight"], weights[f"{key}.{part}.bias"])

    parts = [f"{name}.q", f"{name}.k", f"{name}.v"]
    split = helper.make_node("Split", [linear(x, "qkv")], parts, axis=-1, num_outputs=3, name=f"{name}.split")
    g.nodes.append(split)
    seen = g.node("MultiHeadAttention", [*parts, "", "mask"], f"{name}.attention", domain=MICROSOFT, num_heads=HEADS)
    x = g.norm(g.node("Add", [x, linear(seen, "out")], f"{name}.sum1"), f"{name}.norm1", weights, f"{key}.norm1")
    wide = g.node("Gelu", [linear(x, "up")], f"{name}.gelu", domain=MICROSOFT)
    return g.norm(g.node("Add", [x, linear(wide, "down")], f"{name}.sum2"), f"{name}.norm2", weights, f"{key}.norm2")


def _tagger(g: _Builder, prefix: str, weights: Weights, marks: str | None = None) -> str:
    """Write a tagger of characters over the turned pieces; gives its states and tags (t, b, 313).

    `marks` (t, b, 128) is added to the characters' vectors. ONNX's update gate keeps the old state where the
    tagger's takes the new one.
    """

    def part(name: str, layer: int) -> np.ndarray:
        return weights[f"{prefix}{name}{layer}"].transpose(0, 2, 1)

    def recurrent(x: str, layer: int) -> str:
        name = f"{prefix}{layer}"
        fed, bias = part("input", layer).copy(), weights[f"{prefix}bias{layer}"].copy()
        back = np.concatenate([part("gates", layer), part("candidate", layer)], axis=1)
        for rows in (fed, back, bias):
            rows[:, :STATES] *= -1
        inputs = [
            x,
            g.constant(f"{name}.fed", fed),
            g.constant(f"{name}.back", back),
            g.constant(f"{name}.bias", np.concatenate([bias, np.zeros_like(bias)], axis=1)),
        ]
        both = g.node("GRU", inputs, f"{name}.both", direction="bidirectional", hidden_size=STATES)
        beside = g.node("Transpose", [both], f"{name}.beside", perm=[0, 2, 1, 3])
        return g.node("Reshape", [beside, "tagger.shape"], name)

    rows = weights[f"{prefix}rows"]
    vectors = g.constant(f"{prefix}rows", rows[:, :CHARACTER].astype(np.float16))
    half = g.node("Gather", [vectors, "tagger.numbers"], f"{prefix}half")
    here = g.node("Cast", [half], f"{prefix}here", to=TensorProto.FLOAT)
    if marks is not None:
        here = g.node("Add", [here, marks], f"{prefix}marked")
    clear = g.constant(f"{prefix}clear", rows[:, CHARACTER:])
    ends = g.node("Gather", [clear, "tagger.numbers"], f"{prefix}ends")
    first = recurrent(g.node("Concat", [here, ends], f"{prefix}first", axis=-1), 0)
    x = recurrent(g.node("Concat", [first, ends], f"{prefix}second", axis=-1), 1)
    product = g.node("MatMul", [x, g.constant(f"{prefix}tags", weights[f"{prefix}tags"])], f"{prefix}product")
    scores = g.node(
        "Add", [product, g.constant(f"{prefix}tags.bias", weights[f"{prefix}tags_bias"])], f"{prefix}scores"
    )
    tags = g.node("Softmax", [scores], f"{prefix}probabilities", axis=-1)
    return g.node("Concat", [x, tags], f"{prefix}known", axis=-1)


def _characters(g: _Builder, branch: Weights, witness: Weights | None, states: str) -> str:
    """Write what the taggers tell: `states` with the one's added, and as `witness` the other's label scores (b, t, 7).

    Both are left out where no Han character is; then the scores are 0.
    """
    own = replace(g, nodes=[])
    row = g.constant("tagger.row", branch["tagger.row"].astype(np.int32))
    own.node("Gather", [row, own.node("Transpose", ["pieces"], "tagger.turned", perm=[1, 0])], "tagger.numbers")
    g.constant("tagger.shape", np.array([0, 0, 2 * STATES], np.int64))
    known = _tagger(own, "tagger.", branch)
    told = own.node("MatMul", [known, g.constant("told", branch["told.weight"].T)], "told.turned")
    back = own.node("Transpose", [told], "told.back", perm=[1, 0, 2])
    nothing = g.constant("told.nothing", np.zeros(1, np.float32))
    own.node("Add", [states, own.node("Where", ["tagger.han", back, nothing], "told.shown")], "told.added")
    silent = g.constant("witness.silent", np.zeros((1, 1, LABELS), np.float32))
    if witness is None:
        own.node("Identity", [silent], "witness.said")
    else:
        mark = own.node("Transpose", ["marks"], "said.turned", perm=[1, 0])
        table = g.constant("said.marks", witness["marks.weight"])
        marked = own.node("Gather", [table, mark], "said.beside")
        seen = _tagger(own, "witness.", {f"witness.{k.removeprefix('tagger.')}": v for k, v in witness.items()}, marked)
        product = own.node("MatMul", [seen, g.constant("said.w", witness["names.weight"].T)], "said.product")
        scores = own.node("Add", [product, g.constant("said.b", witness["names.bias"])], "said.labels")
        own.node("Transpose", [own.node("LogSoftmax", [scores], "said.logs", axis=-1)], "witness.said", perm=[1, 0, 2])
    without = [
        helper.make_node("Identity", [states], ["told.passed"]),
        helper.make_node("Identity", [silent], ["witness.passed"]),
    ]
    graphs = {
        key: helper.make_graph(nodes, key, [], [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in out])
        for key, nodes, out in (
            ("then_branch", own.nodes, ("told.added", "witness.said")),
            ("else_branch", without, ("told.passed", "witness.passed")),
        )
    }
    some = g.node(
        "ReduceMax", [g.node("Cast", ["tagger.han"], "told.some", to=TensorProto.INT32)], "told.most", keepdims=0
    )
    condition = g.node("Cast", [some], "told.any", to=TensorProto.BOOL)
    outputs = ["branch.embedded", "witness"]
    g.nodes.append(helper.make_node("If", [condition], outputs, name="characters", **graphs))
    return outputs[0]


def build(
    words: QuantisedRows,
    encoder: Weights,
    heads: Heads,
    *,
    branch: Weights | None = None,
    witness: Weights | None = None,
    int8: bool,
    keep: frozenset[str] = frozenset(),
    inputs: dict[str, Inputs] | None = None,
) -> onnx.ModelProto:
    """Return the graph: marked ids (b, t) int64 and lengths mask (b, t) int32 to one output per head.

    `heads` maps an output's name to (weight, bias); they stay in float32, as do the layers named in
    `keep`. With a `branch` the head of names reads its last layer, the others the encoder's; a
    `witness` has a say of Han characters (`WITNESS`). `inputs` has samples of what the linear layers are fed.
    """
    g = _Builder(int8, keep, inputs or {})
    mark = g.constant("mark", np.array(MARK, np.int64))
    rows = _words(g, words, g.node("Mod", ["ids", mark], "pieces"))
    table = g.constant("positions", encoder["position.weight"])
    size = g.node("Shape", ["ids"], "length", start=1, end=2)
    zero = g.constant("zero", np.array([0], np.int64))
    here = g.node("Slice", [table, zero, size, zero], "positions.here")
    states = [g.norm(g.node("Add", [rows, here], "embedded"), "embedded.norm", encoder, "norm")]
    for i in range(LAYERS):
        states.append(_layer(g, states[-1], encoder, f"layers.{i}", f"layers.{i}"))
    last = dict.fromkeys(heads, states[-1])
    if branch is not None:
        marks = g.constant("branch.marks", branch["marks.weight"])
        marked = g.node("Gather", [marks, g.node("Div", ["ids", mark], "marks")], "branch.marked")
        han = g.constant("tagger.is_han", branch["tagger.han"].astype(bool))
        axis = g.constant("tagger.last", np.array([2], np.int64))
        g.node("Unsqueeze", [g.node("Gather", [han, "pieces"], "tagger.which"), axis], "tagger.han")
        lower = g.node("Add", [states[FORK], marked], "branch.lower")
        x = _characters(g, branch, witness, lower)
        for i in range(LAYERS - FORK):
            x = _layer(g, x, branch, f"layers.{i}", f"branch.layers.{i}")
        last["names"] = x
    outputs = []
    for name, (weight, bias) in heads.items():
        w = g.constant(f"{name}.w", weight.T.astype(np.float32))
        product = g.node("MatMul", [last[name], w], f"{name}.product")
        b = g.constant(f"{name}.b", bias.astype(np.float32))
        if name == "names" and witness is not None:
            own = g.node("Add", [product, b], "names.own")
            logs = g.node("LogSoftmax", [own], "names.logs", axis=-1)
            mine = g.node("Mul", [logs, g.constant("names.share", np.array(1 - WITNESS, np.float32))], "names.mine")
            theirs = g.node(
                "Mul", ["witness", g.constant("witness.share", np.array(WITNESS, np.float32))], "names.theirs"
            )
            both = g.node("Add", [mine, theirs], "names.both")
            g.node("Where", ["tagger.han", both, own], name)
        else:
            g.node("Add", [product, b], name)
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
