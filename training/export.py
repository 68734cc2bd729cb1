"""Export a checkpoint as the shipped model folder: `python -m training.export`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import numpy as np
import torch

from pipeline.model.manifest import (
    FORMAT,
    GRAPH,
    LEXICON,
    MANIFEST,
    ROLE_WEIGHTS,
    VOCABULARY,
    digest,
    label_sets,
)
from pipeline.model.windows import windows
from training import corpora, trainer
from training.encoder import Branch, Encoder, QuantisedRows
from training.graph import build
from training.heads import Heads
from training.smoothing import sample, watched

CALIBRATION_SENTENCES = 40


def _pair(head: torch.nn.Linear) -> tuple[np.ndarray, np.ndarray]:
    return head.weight.detach().numpy(), head.bias.detach().numpy()


def _rows(corpora_dir: Path, words_dir: Path) -> list[list[int]]:
    """Return id rows of training sentences of every corpus, several sentences a row."""
    encoder = trainer.text_encoder(words_dir)
    rows = []
    for name in corpora.SETS:
        texts = [s.text for s in corpora.read(corpora_dir, "train", name)]
        pieces = [list(encoder.encode(text).ids) for text in sample(texts, CALIBRATION_SENTENCES)]
        for window in windows(pieces, consecutive=True):
            rows.append(list(window.ids))
    return rows


def export(
    checkpoint: Path,
    words_dir: Path,
    out: Path,
    *,
    version: str,
    int8: bool,
    keep: frozenset[str] = frozenset(),
    calibrate: Path | None = None,
    witness: Path | None = None,
) -> None:
    """Write graph, vocabulary, lexicon, role weights and manifest of a checkpoint into `out`.

    `words_dir` holds `vocabulary.tsv`, `lexicon.marisa` and `words.npz` of the training. A checkpoint
    without event heads gives a model of names only, one without a branch reads no marks. `calibrate` is
    the folder of name corpora, whose training sentences show the ranges of activations; `witness` a witness.pt.
    """
    stored = torch.load(checkpoint)
    stored_words = np.load(words_dir / "words.npz")
    words = QuantisedRows(stored_words["codes"], stored_words["scales"])
    found = branch = None
    if "branch" in stored:
        branch = Branch.restored(stored["branch"]).eval()
    if calibrate is not None and int8:
        network = Encoder()
        network.load_state_dict(stored["encoder"])
        found = watched(torch.from_numpy(words.dequantised()), network, _rows(calibrate, words_dir), branch)
    encoder = {k: v.float().numpy() for k, v in stored["encoder"].items()}
    heads = Heads()
    if "heads" in stored:
        heads.load_state_dict(stored["heads"])
    if "names" in stored:
        heads.names.load_state_dict(stored["names"])
    trained = ("names", "triggers", "status", "pairs") if "heads" in stored else ("names",)
    outputs = {k: _pair(getattr(heads, k)) for k in trained}
    layers = branch and {k: v.numpy() for k, v in branch.state_dict().items()}
    second = witness and {k: v.numpy() for k, v in torch.load(witness)["witness"].items()}
    graph = build(words, encoder, outputs, branch=layers, witness=second, int8=int8, keep=keep, inputs=found)
    out.mkdir(parents=True, exist_ok=True)
    (out / GRAPH).write_bytes(graph.SerializeToString(deterministic=True))
    files = [GRAPH, VOCABULARY, LEXICON]
    for name in files[1:]:
        shutil.copyfile(words_dir / name, out / name)
    if "heads" in stored:
        np.savez(out / ROLE_WEIGHTS, **heads.arrays())
        files.append(ROLE_WEIGHTS)
    manifest = {
        "format": FORMAT,
        "name": "multilingual",
        "version": version,
        "heads": sorted(outputs),
        "labels": label_sets(),
        "files": {name: digest(out / name) for name in files},
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


@click.command()
@click.option("--checkpoint", type=click.Path(path_type=Path), required=True)
@click.option("--witness", type=click.Path(path_type=Path), help="a witness.pt")
@click.option("--words", "words_dir", type=click.Path(path_type=Path), required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--version", default="1", show_default=True)
@click.option("--int8/--float32", default=True, show_default=True)
@click.option("--calibrate", type=click.Path(path_type=Path), help="folder of the name corpora")
@click.option("--keep", multiple=True, help="a layer's product to leave in float32")
def main(
    *,
    checkpoint: Path,
    words_dir: Path,
    out: Path,
    version: str,
    int8: bool,
    calibrate: Path | None,
    witness: Path | None,
    keep: tuple[str, ...],
) -> None:
    """Write the model folder that the runtime loads."""
    export(
        checkpoint,
        words_dir,
        out,
        version=version,
        int8=int8,
        keep=frozenset(keep),
        calibrate=calibrate,
        witness=witness,
    )
    size = sum(p.stat().st_size for p in out.iterdir()) / 1e6
    click.echo(f"{out}: {size:.1f} MB")


if __name__ == "__main__":
    main()
