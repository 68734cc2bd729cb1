"""Train names and events together, from a names checkpoint: `python -m training.joint`."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pipeline.model.decoding import decode, log_softmax
from pipeline.model.encoding import Encoder as TextEncoder
from pipeline.model.labels import EVENT_TYPES, ROLES, ROLES_OF, STATUSES
from pipeline.model.pieces import PAD, Vocabulary
from pipeline.model.roles import PAIR, distance_classes
from training import corpora, events, peers, trainer
from training.encoder import Encoder
from training.heads import Heads
from training.names import load_words
from training.packing import IGNORED, Batch, Item, pack

PSEUDO_LABEL = 0.9
# Nine of ten pairs of trigger and piece have no role; unweighted, the rare roles are learned last.
ROLE_WEIGHTS = torch.tensor([1.0, *[2.0] * (2 * len(ROLES))])


def pseudo_names(
    lines: Iterable[str], text_encoder: TextEncoder, reader: trainer.Reader, head: nn.Linear, cache: Path
) -> dict[str, np.ndarray]:
    """Label lines without name annotation by the names model; unsure pieces are left out of the loss.

    Returns BIO label ids by line, kept in `cache` for a training that is resumed.
    """
    known = known_names(cache) if cache.exists() else {}
    lines = [line for line in lines if line not in known]
    encoded = [text_encoder.encode(line) for line in lines]
    scores = trainer.name_scores(reader, head, encoded)
    for line, score in zip(lines, scores, strict=True):
        logs = log_softmax(score)
        sure = np.exp(logs.max(axis=1)) >= PSEUDO_LABEL
        known[line] = np.where(sure, logs.argmax(axis=1), IGNORED)
    np.savez(
        cache,
        lines=np.array(list(known)),
        labels=np.concatenate(list(known.values())),
        sizes=np.array([len(labels) for labels in known.values()]),
    )
    return known


def known_names(cache: Path) -> dict[str, np.ndarray]:
    """Read what `pseudo_names` kept: BIO label ids by line."""
    with np.load(cache) as stored:
        labels = stored["labels"]
        parts = [labels[a:b] for a, b in pairwise(np.cumsum([0, *stored["sizes"]]))]
        return dict(zip(stored["lines"].tolist(), parts, strict=True))


def event_items(
    documents: Sequence[events.Document],
    text_encoder: TextEncoder,
    rng: random.Random,
    noise: np.random.Generator,
    names: dict[str, np.ndarray],
) -> Iterator[Item]:
    """Yield event items for ever, with the pseudo labels of names where spelling is untouched."""
    for document, item, places, plain in events.chunks(documents, text_encoder, rng, noise):
        labels = item.labels.copy()
        for line, column, encoded in places if plain else ():
            known = names.get(document.lines[line])
            if known is not None:
                n = min(len(encoded), len(known))
                labels[column : column + n] = known[:n]
        yield Item(item.ids, labels, item.extra)


def mixed(first: Iterator[Item], second: Iterator[Item], share: float, rng: random.Random) -> Iterator[Item]:
    """Draw from two endless streams so that `share` of the pieces come from the first."""
    count = [1.0, 1.0]
    while True:
        own = count[0] / (count[0] + count[1]) < share
        item = next(first if own else second)
        count[0 if own else 1] += len(item.ids)
        yield item


def losses(batch: Batch, hidden: Tensor, heads: Heads) -> dict[str, Tensor]:
    """Return the losses of a batch: names, triggers, status, roles (those that have targets)."""
    names, triggers, status, pairs = heads.projected(hidden)
    found = {"names": F.cross_entropy(names.flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED)}
    labels = torch.full(batch.ids.shape, IGNORED, dtype=torch.long)
    statuses: list[int] = []
    status_scores: list[Tensor] = []
    trigger_rows: list[Tensor] = []
    piece_rows: list[Tensor] = []
    distances: list[np.ndarray] = []
    roles: list[np.ndarray] = []
    for item, row, column in batch.places:
        if not isinstance(item.extra, events.EventTargets):
            continue
        labels[row, column : column + len(item.ids)] = torch.from_numpy(item.extra.labels)
        for target in item.extra.triggers:
            mine = slice(column + target.first, column + target.last + 1)
            line = slice(column + target.begin, column + target.end)
            size = target.end - target.begin
            statuses.append(target.status)
            status_scores.append(status[row, mine].mean(0))
            trigger_rows.append(pairs[row, mine, :PAIR].mean(0).expand(size, PAIR))
            piece_rows.append(pairs[row, line, PAIR:])
            distances.append(distance_classes(target.first - target.begin, target.last - target.begin, size))
            roles.append(target.roles)
    if (labels != IGNORED).any():
        found["triggers"] = F.cross_entropy(triggers.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)
    if statuses:
        found["status"] = F.cross_entropy(torch.stack(status_scores), torch.tensor(statuses))
        scores = heads.role_scores(
            torch.cat(trigger_rows),
            torch.cat(piece_rows),
            torch.from_numpy(np.concatenate(distances)),
        )
        found["roles"] = F.cross_entropy(scores, torch.from_numpy(np.concatenate(roles)), weight=ROLE_WEIGHTS)
    return found


WEIGHTS = {"names": 1.0, "triggers": 1.5, "status": 0.3, "roles": 1.5}


@torch.no_grad()
def event_figures(
    documents: Sequence[events.Document],
    text_encoder: TextEncoder,
    reader: trainer.Reader,
    heads: Heads,
) -> dict[str, float]:
    """Return F1 of types (overlapping triggers of a line) and roles, and status accuracy.

    Whole documents go through in windows of eight lines, as at run time. It follows the gold
    scorer, without its second chance for triggers that share a party.
    """
    tally = {k: [0, 0, 0] for k in (*EVENT_TYPES, "roles")}
    status_right = status_all = 0
    by_language: dict[str, list[int]] = {}
    for document in documents:
        at = 0
        while at < len(document.lines):
            made = events.chunk_item(document, at, 8, text_encoder, "")
            if made is None:
                at += 8
                continue
            item, places = made
            at = places[-1][0] + 1
            ids = torch.from_numpy(item.ids)[None]
            mask = torch.zeros(1, 1, 1, ids.shape[1])
            states = reader(ids, torch.arange(ids.shape[1])[None], mask).float()
            _, triggers, status, pairs = (t[0] for t in heads.projected(states))
            for line, column, encoded in places:
                gold = list(document.mentions[line])
                for m in gold:
                    tally[m.type][2] += 1
                    tally["roles"][2] += len(m.arguments)
                    by_language.setdefault(document.language, [0, 0, 0])[2] += 1
                scores = triggers[column : column + len(encoded)].numpy()
                for span in decode(scores, EVENT_TYPES):
                    tally[span.label][1] += 1
                    by_language.setdefault(document.language, [0, 0, 0])[1] += 1
                    first, last = span.first, span.last
                    mine = pairs[column : column + len(encoded)]
                    size = len(encoded)
                    role_scores = heads.role_scores(
                        mine[first : last + 1, :PAIR].mean(0).expand(size, PAIR),
                        mine[:, PAIR:],
                        torch.from_numpy(distance_classes(first, last, size)),
                    ).numpy()
                    found = [
                        (a.label, encoded.starts[a.first], encoded.ends[a.last])
                        for a in decode(role_scores, ROLES)
                        if a.label in ROLES_OF[span.label]
                    ]
                    tally["roles"][1] += len(found)
                    start, end = encoded.starts[first], encoded.ends[last]
                    hit = next((m for m in gold if m.type == span.label and m.start < end and start < m.end), None)
                    if hit is None:
                        continue
                    gold.remove(hit)
                    tally[span.label][0] += 1
                    by_language[document.language][0] += 1
                    status_all += 1
                    mean = status[column + first : column + last + 1].mean(0)
                    status_right += STATUSES[int(mean.argmax())] == hit.status
                    for role, s, e in hit.arguments:
                        match = next((f for f in found if f[0] == role and f[1] < e and s < f[2]), None)
                        if match:
                            found.remove(match)
                            tally["roles"][0] += 1
    result = {k: 2 * t[0] / max(t[1] + t[2], 1) for k, t in tally.items()}
    result["status"] = status_right / max(status_all, 1)
    for language, t in by_language.items():
        result[language] = 2 * t[0] / max(t[1] + t[2], 1)
    return result


mixture_option = click.option(
    "--mixture",
    type=(click.Choice(corpora.SETS), float),
    multiple=True,
    help="a name corpus and how often it is drawn in one pass, in place of its usual weight",
)


events_option = click.option(
    "--events",
    "event_data",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    multiple=True,
    required=True,
    help="annotation file and text folder",
)


@click.command()
@click.option("--start", type=click.Path(path_type=Path), required=True, help="names.pt's folder")
@click.option("--resume", type=click.Path(path_type=Path), help="a joint.pt to go on from")
@click.option("--names", type=click.Path(path_type=Path), required=True)
@events_option
@click.option(
    "--choose",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    multiple=True,
    help="annotation file and text folder to report on; never trained on",
)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--minutes", type=float, default=38.0, show_default=True)
@click.option("--rate", type=float, default=1e-4, show_default=True)
@click.option("--head-rate", type=float, default=1e-3, show_default=True)
@click.option("--floor", type=float, default=0.0, show_default=True, help="last share of rate")
@mixture_option
@click.option("--event-share", type=float, default=0.5, show_default=True)
@click.option("--workers", type=int, default=os.cpu_count, show_default="one a core")
@click.option("--seed", type=int, default=11, show_default=True)
def main(*, out: Path, workers: int, **settings: Any) -> None:
    """Train for a fixed time; write joint.pt into --out."""
    out.mkdir(parents=True, exist_ok=True)
    length = sum(p.numel() for module in (Encoder(), Heads()) for p in module.parameters())
    peers.run(train, workers, length, {"out": out, **settings})


def train(
    us: peers.Peers,
    *,
    start: Path,
    resume: Path | None,
    names: Path,
    event_data: tuple[tuple[Path, Path], ...],
    choose: tuple[tuple[Path, Path], ...],
    out: Path,
    minutes: float,
    rate: float,
    head_rate: float,
    floor: float,
    mixture: tuple[tuple[str, float], ...],
    event_share: float,
    seed: int,
) -> None:
    """Train as one of several workers, each on its share of the documents; see `main`."""
    rng, noise = trainer.seed_everything(seed + 100 * us.rank)
    text_encoder = TextEncoder(Vocabulary.load(start / "vocabulary.tsv"))
    table = load_words(start).to(torch.bfloat16)
    stored = torch.load(resume or start / "names.pt")
    encoder, heads = Encoder(), Heads()
    encoder.load_state_dict(stored["encoder"])
    if resume is None:
        heads.names.load_state_dict(stored["names"])
    else:
        heads.load_state_dict(stored["heads"])
    encoder.to(torch.bfloat16)
    reader = trainer.reader(table, encoder)
    documents = [d for annotations, texts in event_data for d in events.read(annotations, texts)]
    gold = [d for annotations, texts in choose for d in events.read(annotations, texts)]
    mentions = sum(len(m) for d in documents for m in d.mentions)
    if us.rank == 0:
        click.echo(f"{len(documents)} documents, {mentions} mentions; {len(gold)} to choose on")
    documents = documents[us.rank :: us.size]
    # Event texts carry no name annotation; this keeps the names head in step on them.
    lines = (line for d in documents for line in d.lines)
    pseudo = pseudo_names(lines, text_encoder, reader, heads.names, out / f"pseudo.{us.rank}.npz")
    masters = trainer.Masters(
        [
            (list(encoder.parameters()), rate),
            (list(heads.names.parameters()), rate),
            ([p for n, p in heads.named_parameters() if not n.startswith("names")], head_rate),
        ]
    )
    gold = gold[us.rank :: us.size]
    dev = trainer.development_sets(names, us, text_encoder, 200)

    def report() -> None:
        with trainer.judged(heads):
            figures = event_figures(gold, text_encoder, reader, heads)
        figures |= trainer.name_figures(dev, reader, heads.names)
        trainer.tell(us, figures)
        if us.rank == 0:
            torch.save({"encoder": masters.export(encoder), "heads": masters.export(heads)}, out / "joint.pt")

    items = mixed(
        event_items(documents, text_encoder, rng, noise, pseudo),
        trainer.name_items(corpora.stream(names, rng, corpora.MIXTURE | dict(mixture)), text_encoder, noise),
        event_share,
        rng,
    )
    began = time.time()
    pieces = 0
    recent: dict[str, list[float]] = {k: [] for k in WEIGHTS}
    next_report = 0.2
    for step, batch in enumerate(pack(items, rng, pool=600), start=1):
        progress = (time.time() - began) / (minutes * 60)
        hidden = reader(batch.ids, batch.positions, batch.mask)
        hidden = F.dropout(hidden.float(), 0.1)
        parts = losses(batch, hidden, heads)
        total = torch.stack([WEIGHTS[k] * v for k, v in parts.items()]).sum()
        total.backward()
        grads = masters.gather()
        progress = us.average(grads, progress)
        if progress >= 1:
            break
        norm = masters.step(grads, trainer.share_of_peak(progress, floor=floor))
        for k, v in parts.items():
            recent[k].append(v.item())
        pieces += int((batch.ids != PAD).sum())
        if step % 50 == 0 and us.rank == 0:
            means = " ".join(f"{k} {np.mean(v[-50:]):.4f}" for k, v in recent.items() if v)
            speed = us.size * pieces / (time.time() - began)
            click.echo(f"{progress:.3f} step {step} {means} norm {norm:.2f} speed {speed:.0f}")
        if progress >= next_report:
            next_report += 0.2
            report()
    report()


if __name__ == "__main__":
    main()
