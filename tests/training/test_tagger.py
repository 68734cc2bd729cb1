"""The tagger of characters is read from jieba's files, and a text does not depend on its neighbours in a row."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("opencc")

from training.tagger import SHUT, STATES, TAGS, Tagger  # noqa: E402

# Ids 0 to 3 are the special pieces; 國 is read as 国, 北京 as 北, and no list has 龘.
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "国", "國", "\u2581北京", "龘", "ab", "\u2581年")
CHARACTERS = ("OOV", "国", "北", "年")


def _write(path: Path, values: np.ndarray) -> None:
    """Write Paddle's format: a header, the size of the description, the description, floats."""
    dimensions = b""
    for size in values.shape:
        dimensions += b"\x10"
        while size >= 128:
            dimensions += bytes([size & 127 | 128])
            size >>= 7
        dimensions += bytes([size])
    description = b"\x08\x05" + dimensions
    path.write_bytes(bytes(16) + struct.pack("<i", len(description)) + description + values.astype("<f4").tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(5)
    model = tmp_path / "lac_small" / "model_baseline"
    model.mkdir(parents=True)
    shapes: dict[str, tuple[int, ...]] = {"word_emb": (len(CHARACTERS), 128), "fc_4.w_0": (2 * STATES, TAGS)}
    shapes |= {"fc_4.b_0": (TAGS,), "crfw": (3, 3)}
    for n in range(4):
        shapes[f"fc_{n}.w_0"] = (128 if n < 2 else 2 * STATES, 3 * STATES)
        shapes |= {f"fc_{n}.b_0": (3 * STATES,), f"gru_{n}.w_0": (STATES, 3 * STATES), f"gru_{n}.b_0": (1, 3 * STATES)}
    for name, shape in shapes.items():
        _write(model / name, rng.normal(size=shape, scale=0.2))
    rows = "\n".join(f"{n}\t{character}" for n, character in enumerate(CHARACTERS))
    (model.parent / "word.dic").write_text(rows + "\n\n", encoding="utf-8")
    (tmp_path / "vocabulary.tsv").write_text("\n".join(f"{p}\t-1.0" for p in PIECES), encoding="utf-8")
    return tmp_path


@pytest.fixture
def tagger(folder: Path) -> Tagger:
    return Tagger.read(folder / "lac_small", folder / "vocabulary.tsv")


def test_pieces_are_read_as_simplified_characters(tagger: Tagger) -> None:
    rows = tagger.row.tolist()
    assert rows[4] == rows[5]
    assert rows[7] == rows[8] == rows[3]
    assert len({rows[n] for n in (0, 3, 4, 6, 9)}) == 5
    assert rows[0] == rows[1] == rows[2]
    assert tagger.rows[rows[0]].tolist() == [0.0] * 128 + [1.0]
    assert tagger.han.tolist() == [0, 0, 0, 0, 1, 1, 0, 1, 0, 1]


def test_the_layers_are_those_of_the_files(tagger: Tagger, folder: Path) -> None:
    model = folder / "lac_small" / "model_baseline"

    def read(name: str, *shape: int) -> np.ndarray:
        return np.frombuffer(model.joinpath(name).read_bytes()[-4 * int(np.prod(shape)) :], "<f4").reshape(shape)

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def layer(n: int, x: np.ndarray) -> np.ndarray:
        fed = x @ read(f"fc_{n}.w_0", x.shape[1], 3 * STATES) + read(f"fc_{n}.b_0", 384) + read(f"gru_{n}.b_0", 384)
        weights = read(f"gru_{n}.w_0", STATES * 3 * STATES)
        gates, fresh = weights[: 2 * STATES**2].reshape(STATES, -1), weights[2 * STATES**2 :].reshape(STATES, STATES)
        state, states = np.zeros(STATES), []
        for row in fed[::-1] if n % 2 else fed:
            opened = sigmoid(row[: 2 * STATES] + state @ gates)
            update, reset = opened[:STATES], opened[STATES:]
            state = (1 - update) * state + update * np.tanh(row[2 * STATES :] + (reset * state) @ fresh)
            states.append(state)
        return np.array(states[::-1] if n % 2 else states)

    ids = [4, 9, 7]
    x = read("word_emb", len(CHARACTERS), 128)[[1, 3, 0]]
    for n in (0, 2):
        x = np.concatenate([layer(n, x), layer(n + 1, x)], axis=1)
    with torch.no_grad():
        found = tagger(torch.tensor([[0, *ids, 2]]))[0, 1:-1, : 2 * STATES].numpy()
    assert np.abs(found - x).max() < 1e-4


def test_a_text_does_not_depend_on_its_neighbours(tagger: Tagger) -> None:
    assert SHUT > 20
    alone, beside = torch.tensor([[0, 4, 9, 2]]), torch.tensor([[0, 7, 5, 2, 0, 4, 9, 2, 0, 9, 9, 9, 2, 1]])
    with torch.no_grad():
        assert torch.allclose(tagger(beside)[0, 4:8], tagger(alone)[0], atol=1e-6)
