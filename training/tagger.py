"""The character tagger of jieba, a recurrent network that knows Chinese words, kinds of words and names.

jieba 0.42.1 carries it as `jieba/lac_small` (Baidu's LAC: Jiao, Sun and Sun 2018, "Chinese Lexical Analysis
with Deep Bi-GRU-CRF Network"), trained on far more Chinese news than any corpus of names has. As it came, its
states are an input of the names' own layers; a copy is trained on to be a second `Witness`.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import opencc
import torch
from torch import Tensor, nn

from pipeline.model import lexicon
from pipeline.model.encoding import HAN
from pipeline.model.labels import NAME_TYPES
from pipeline.model.pieces import CLS, MARK, PAD, SEP, UNDERLINE

TAGGER, UNLISTED = "lac_small", "OOV"
STATES, TAGS, CHARACTER = 128, 57, 128
# What is told of a character: the states of both ways and the probabilities of tags.
WIDTH = 2 * STATES + TAGS
# Saturates a gate.
SHUT = 30.0
_HAN = re.compile(f"[{HAN}]")


def _read(path: Path) -> np.ndarray:
    """Return a tensor of Paddle's own format: 16 bytes of header, a description with the dimensions, floats."""
    data = path.read_bytes()
    size = struct.unpack_from("<i", data, 16)[0]
    at, end = 22, 20 + size
    dimensions = []
    while at < end:
        at += 1
        value = shift = 0
        while True:
            value |= (data[at] & 127) << shift
            shift += 7
            at += 1
            if data[at - 1] < 128:
                break
        dimensions.append(value)
    return np.frombuffer(data, "<f4", offset=end).reshape(dimensions).copy()


class Tagger(nn.Module):
    """Two bidirectional layers of gated recurrent units over characters.

    `row` (pieces,) gives each piece's character, `rows` (characters, 129) its vector and, in the last
    column, 1 where a text begins or ends: the state is then cleared. `han` (pieces,) is 1 for a Han character.
    """

    row: Tensor
    han: Tensor

    def __init__(self, pieces: int, characters: int, dropped: float = 0.0) -> None:
        super().__init__()
        self.register_buffer("row", torch.zeros(pieces, dtype=torch.long))
        self.register_buffer("han", torch.zeros(pieces))
        self.dropped = nn.Dropout(dropped)
        self.rows = nn.Parameter(torch.zeros(characters, CHARACTER + 1))
        for layer, width in enumerate((CHARACTER, 2 * STATES)):
            for name, shape in (
                ("input", (width + 1, 3 * STATES)),
                ("bias", (3 * STATES,)),
                ("gates", (STATES, 2 * STATES)),
                ("candidate", (STATES, STATES)),
            ):
                self.register_parameter(f"{name}{layer}", nn.Parameter(torch.zeros(2, *shape)))
        self.tags = nn.Parameter(torch.zeros(2 * STATES, TAGS))
        self.tags_bias = nn.Parameter(torch.zeros(TAGS))

    @classmethod
    @torch.no_grad()
    def read(cls, folder: Path, vocabulary: Path, dropped: float = 0.0) -> Tagger:
        """Read the tagger of jieba's folder `lac_small` for the pieces of a vocabulary file.

        Traditional characters are read as the simplified ones (OpenCC's t2s), of a longer piece the first character.
        """
        known = {}
        for line in (folder / "word.dic").read_text(encoding="utf-8").split("\n"):
            number, found, word = line.partition("\t")
            if found:
                known[word] = int(number)
        simplified = opencc.OpenCC("t2s")
        pieces = [row.rsplit("\t", 1)[0] for row in vocabulary.read_text(encoding="utf-8").split("\n") if row]
        first = [simplified.convert(piece.lstrip(UNDERLINE)[:1]) for piece in pieces]
        numbers = np.array([known.get(character, known[UNLISTED]) for character in first])
        used, row = np.unique(numbers, return_inverse=True)
        weights = {path.name: _read(path) for path in (folder / "model_baseline").iterdir()}
        tagger = cls(len(pieces), len(used) + 1, dropped)
        row[[CLS, PAD, SEP]] = len(used)
        tagger.row.copy_(torch.from_numpy(row))
        tagger.rows[:-1, :-1] = torch.from_numpy(weights["word_emb"][used])
        tagger.rows[-1, -1] = 1
        bare = [piece.lstrip(UNDERLINE) for piece in pieces]
        tagger.han.copy_(torch.tensor([float(bool(_HAN.fullmatch(piece))) for piece in bare]))
        for layer in range(2):
            for way in range(2):
                n = 2 * layer + way
                recurrent = torch.from_numpy(weights[f"gru_{n}.w_0"].ravel())
                bias = torch.from_numpy((weights[f"fc_{n}.b_0"] + weights[f"gru_{n}.b_0"]).ravel())
                clear = -bias
                clear[:STATES] += SHUT
                clear[STATES : 2 * STATES] -= SHUT
                getattr(tagger, f"input{layer}")[way, :-1] = torch.from_numpy(weights[f"fc_{n}.w_0"])
                getattr(tagger, f"input{layer}")[way, -1] = clear
                getattr(tagger, f"bias{layer}")[way] = bias
                getattr(tagger, f"gates{layer}")[way] = recurrent[: 2 * STATES**2].view(STATES, 2 * STATES)
                getattr(tagger, f"candidate{layer}")[way] = recurrent[2 * STATES**2 :].view(STATES, STATES)
        tagger.tags.copy_(torch.from_numpy(weights["fc_4.w_0"]))
        tagger.tags_bias.copy_(torch.from_numpy(weights["fc_4.b_0"].ravel()))
        return tagger

    def _layer(self, layer: int, x: Tensor) -> Tensor:
        """Return the states (t, b, 2 * 128) of a layer over `x` (t, b, width + 1), both ways at once."""
        part = {name: getattr(self, f"{name}{layer}") for name in ("input", "bias", "gates", "candidate")}
        both = torch.stack([x, x.flip(0)])
        fed = (both.flatten(1, 2) @ part["input"] + part["bias"][:, None]).view(2, *x.shape[:2], -1)
        gates, candidates = fed[..., : 2 * STATES].unbind(1), fed[..., 2 * STATES :].unbind(1)
        state = torch.zeros(2, x.shape[1], STATES)
        states = []
        for gate, candidate in zip(gates, candidates, strict=True):
            opened = torch.sigmoid(torch.baddbmm(gate, state, part["gates"]))
            update, reset = opened[..., :STATES], opened[..., STATES:]
            fresh = torch.tanh(torch.baddbmm(candidate, reset * state, part["candidate"]))
            state = torch.lerp(state, fresh, update)
            states.append(state)
        ahead, back = torch.stack(states, 1)
        return torch.cat([ahead, back.flip(0)], -1)

    def forward(self, pieces: Tensor, besides: Tensor | None = None) -> Tensor:
        """Return (b, t, 313): the last layer's states and the probabilities of tags; 0 where no Han character is.

        What `besides` (b, t, 128) tells is added to the characters' vectors.
        """
        here = self.rows[self.row[pieces.T]]
        vectors, ends = here[..., :-1], here[..., -1:]
        if besides is not None:
            vectors = vectors + besides.transpose(0, 1)
        x = self.dropped(self._layer(0, torch.cat([self.dropped(vectors), ends], -1)))
        x = self._layer(1, torch.cat([x, ends], -1))
        tags = (x @ self.tags + self.tags_bias).softmax(-1)
        return (torch.cat([x, tags], -1) * self.han[pieces.T][..., None]).transpose(0, 1)


class Witness(nn.Module):
    """A tagger that is trained on names: what it says of Chinese characters is weighed against what the encoder says.

    The two err apart: one has read many languages in larger pieces, the other Chinese news by characters.
    """

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.tagger = tagger
        self.marks = nn.Embedding(lexicon.COUNT, CHARACTER)
        self.names = nn.Linear(WIDTH, 1 + 2 * len(NAME_TYPES))
        nn.init.zeros_(self.marks.weight)
        nn.init.zeros_(self.names.weight)

    def forward(self, ids: Tensor) -> Tensor:
        """Return what the names' head reads (b, t, 313) of marked `ids` (b, t)."""
        return self.tagger.dropped(self.tagger(ids % MARK, self.marks(ids // MARK)))
