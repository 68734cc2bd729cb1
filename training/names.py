"""Train the encoder and its names head on the name corpora: `python -m training.names`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click
import numpy as np
import torch
from torch import Tensor, nn

from pipeline.model.encoding import Encoder as TextEncoder
from pipeline.model.manifest import LEXICON, VOCABULARY
from pipeline.model.pieces import Vocabulary
from training import corpora, lexicon, peers, trainer
from training.encoder import Encoder, QuantisedRows, pretrained
from training.heads import Heads
from training.packing import pack
from training.vocabulary import kept, read_pieces

LATIN_RANK = 60_000


def prepare(encoder_dir: Path, names: Path, texts: list[Path], out: Path) -> None:
    """Write the pruned vocabulary, its 4-bit word rows (`words.npz`) and the lexicon."""
    weights, tokenizer = trainer.sources(encoder_dir)
    pieces = read_pieces(tokenizer)

    def all_texts() -> list[str]:
        found = []
        for name in corpora.SETS:
            for sentence in corpora.read(names, "train", name):
                found.append(sentence.text)
                if name.startswith("en"):
                    found.append(sentence.text.lower())
        for folder in texts:
            found += [p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.txt"))]
        return found

    chosen = kept(pieces, all_texts(), LATIN_RANK)
    word, _ = pretrained(weights)
    rows = [f"{pieces[i][0]}\t{pieces[i][1]:.4f}" for i in chosen]
    (out / VOCABULARY).write_text("\n".join(rows) + "\n", encoding="utf-8")
    dictionary = trainer.download(encoder_dir, lexicon.DICTIONARY)
    cities = trainer.download(encoder_dir, lexicon.CITIES)
    lexicon.build(dictionary, cities, Vocabulary.load(out / VOCABULARY), out / LEXICON)
    np.savez(out / "words.npz", codes=word.codes[chosen], scales=word.scales[chosen])


def load_words(folder: Path) -> Tensor:
    """Return the pruned word table of `prepare` as float32 (pieces, 384)."""
    stored = np.load(folder / "words.npz")
    rows = QuantisedRows(stored["codes"], stored["scales"])
    return torch.from_numpy(rows.dequantised())


@click.command()
@click.option("--encoder", "encoder_dir", type=click.Path(path_type=Path), required=True)
@click.option("--names", type=click.Path(path_type=Path), required=True)
@click.option("--texts", type=click.Path(path_type=Path), multiple=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--minutes", type=float, default=55.0, show_default=True)
@click.option("--rate", type=float, default=1.5e-4, show_default=True)
@click.option("--head-rate", type=float, default=1e-3, show_default=True)
@click.option("--workers", type=int, default=os.cpu_count, show_default="one a core")
@click.option("--resume", type=click.Path(path_type=Path), help="weights to go on from")
@click.option("--seed", type=int, default=7, show_default=True)
def main(
    *,
    encoder_dir: Path,
    names: Path,
    texts: tuple[Path, ...],
    out: Path,
    minutes: float,
    rate: float,
    head_rate: float,
    workers: int,
    resume: Path | None,
    seed: int,
) -> None:
    """Train for a fixed time; write vocabulary, word rows and checkpoints into --out."""
    out.mkdir(parents=True, exist_ok=True)
    if not (out / "words.npz").exists():
        prepare(encoder_dir, names, list(texts), out)
    length = sum(p.numel() for module in (Encoder(), Heads().names) for p in module.parameters())
    settings = {
        "encoder_dir": encoder_dir,
        "names": names,
        "out": out,
        "minutes": minutes,
        "rate": rate,
        "head_rate": head_rate,
        "resume": resume,
        "seed": seed,
    }
    peers.run(train, workers, length, settings)


def train(
    us: peers.Peers,
    *,
    encoder_dir: Path,
    names: Path,
    out: Path,
    minutes: float,
    rate: float,
    head_rate: float,
    resume: Path | None,
    seed: int,
) -> None:
    """Train as one of several workers, each on its own draws; see `main`."""
    rng, noise = trainer.seed_everything(seed + 100 * us.rank)
    text_encoder = TextEncoder(Vocabulary.load(out / VOCABULARY))
    table = load_words(out).to(torch.bfloat16)
    _, encoder = pretrained(trainer.sources(encoder_dir)[0])
    head = Heads().names
    if resume is not None:
        stored = torch.load(resume)
        encoder.load_state_dict(stored["encoder"])
        head.load_state_dict(stored["names"])
    encoder.to(torch.bfloat16)
    reader = trainer.reader(table, encoder)
    masters = trainer.Masters([(list(encoder.parameters()), rate), (list(head.parameters()), head_rate)])
    dev = trainer.development_sets(names, us, text_encoder, 250)

    def report() -> None:
        figures = trainer.name_figures(dev, reader, head)
        trainer.tell(us, figures)
        if us.rank == 0:
            save(out / "names.pt", masters, encoder, head)

    batches = pack(trainer.name_items(corpora.stream(names, rng), text_encoder, noise), rng)
    trainer.fit(us, masters, batches, partial(trainer.name_loss, reader, head), report, minutes=minutes)


def save(path: Path, masters: trainer.Masters, encoder: Encoder, head: nn.Linear) -> None:
    """Write float32 weights of encoder and head."""
    torch.save({"encoder": masters.export(encoder), "names": masters.export(head)}, path)


if __name__ == "__main__":
    main()
