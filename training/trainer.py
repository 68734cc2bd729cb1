"""What both trainings share: bfloat16 weights with float32 masters, schedule, evaluation."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pipeline.model.decoding import decode
from pipeline.model.encoding import Encoded
from pipeline.model.encoding import Encoder as TextEncoder
from pipeline.model.labels import NAME_TYPES
from pipeline.model.lexicon import Lexicon
from pipeline.model.manifest import LEXICON, VOCABULARY
from pipeline.model.pieces import MARK, PAD, UNKNOWN, Vocabulary
from training.corpora import SETS, Sentence, read
from training.encoder import Encoder
from training.packing import IGNORED, Batch, Item, wrap
from training.peers import Peers

LONGEST = 254
# From marked ids (b, t), positions (b, t) and additive mask to states (b, t, 384).
Reader = Callable[[Tensor, Tensor, Tensor], Tensor]
# Texts with their name spans, by set.
DevelopmentSets = dict[str, list[tuple[Encoded, set[tuple[int, int, str]]]]]


class Masters:
    """AdamW on float32 copies of bfloat16 parameters.

    The bfloat16 weights serve forward and backward passes at the speed of the processor's matrix
    unit; steps of 1e-4 relative size would be lost in them, so they are added up in the copies.
    """

    def __init__(self, groups: Sequence[tuple[list[nn.Parameter], float]]) -> None:
        self._pairs: list[tuple[nn.Parameter, Tensor]] = []
        settings = []
        for parameters, rate in groups:
            copies = []
            for parameter in parameters:
                copy = parameter.detach().float().clone().requires_grad_(True)
                self._pairs.append((parameter, copy))
                copies.append(copy)
            decayed = [c for c in copies if c.dim() > 1]
            plain = [c for c in copies if c.dim() <= 1]
            settings += [
                {"params": decayed, "lr": rate, "peak": rate, "weight_decay": 0.01},
                {"params": plain, "lr": rate, "peak": rate, "weight_decay": 0.0},
            ]
        settings = [s for s in settings if s["params"]]
        self._optimizer = torch.optim.AdamW(settings, betas=(0.9, 0.98), eps=1e-6, fused=True)

    def gather(self) -> list[Tensor]:
        """Move the gradients to the float32 copies and return them (zeros where there is none)."""
        grads = []
        for parameter, copy in self._pairs:
            own = parameter.grad
            copy.grad = torch.zeros_like(copy) if own is None else own.float()
            parameter.grad = None
            grads.append(copy.grad)
        return grads

    def step(self, grads: list[Tensor], share: float, clip: float = 1.0) -> float:
        """Take one step with the `gather`ed gradients at `share` of the peak rates.

        Returns the gradient's norm before clipping.
        """
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * share
        norm = torch.nn.utils.get_total_norm(grads)
        if norm > clip:
            torch._foreach_mul_(grads, float(clip / norm))
        self._optimizer.step()
        with torch.no_grad():
            for parameter, copy in self._pairs:
                parameter.copy_(copy)
        return float(norm)

    def export(self, module: nn.Module) -> dict[str, Tensor]:
        """Return the module's state with the float32 masters in place of its parameters."""
        masters = {id(p): c for p, c in self._pairs}
        state = {k: v.detach().float().clone() for k, v in module.state_dict().items()}
        for name, parameter in module.named_parameters():
            if id(parameter) in masters:
                state[name] = masters[id(parameter)].detach().clone()
        return state


def share_of_peak(progress: float, warm_up: float = 0.04, floor: float = 0.0) -> float:
    """Return the linear schedule's factor at `progress` in [0, 1] of the time budget.

    It rises from 0 to 1 during `warm_up` and falls to `floor` at the end.
    """
    if progress < warm_up:
        return max(progress / warm_up, 1e-3)
    return floor + (1 - floor) * max((1 - progress) / (1 - warm_up), 0.0)


def name_labels(encoded: Encoded, spans: Iterable[tuple[int, int, str]]) -> np.ndarray:
    """Return BIO label ids of the pieces; a piece that overlaps a span belongs to it."""
    labels = np.zeros(len(encoded), dtype=np.int64)
    starts, ends = np.array(encoded.starts), np.array(encoded.ends)
    for start, end, kind in spans:
        inside = np.flatnonzero((starts < end) & (ends > start))
        if len(inside):
            k = 1 + 2 * NAME_TYPES.index(kind)
            labels[inside] = k + 1
            labels[inside[0]] = k
    return labels


def name_items(
    sentences: Iterable[tuple[str, Sentence]], encoder: TextEncoder, rng: np.random.Generator
) -> Iterator[Item]:
    """Encode sentences as training items, a few pieces replaced by the unknown piece."""
    for _, sentence in sentences:
        encoded = encoder.encode(sentence.text)
        if not len(encoded):
            continue
        labels = name_labels(encoded, sentence.spans)
        yield from cut(encoded, labels, rng)


def cut(encoded: Encoded, labels: np.ndarray, rng: np.random.Generator) -> Iterator[Item]:
    """Yield a labelled text in items of up to `LONGEST` pieces, a few of them replaced by the unknown piece."""
    ids = np.array(encoded.ids)
    ids[rng.random(len(ids)) < 0.03] = UNKNOWN
    for at in range(0, len(ids), LONGEST):
        part = slice(at, at + LONGEST)
        yield Item(wrap(ids[part]), np.concatenate([[0], labels[part], [0]]))


def text_encoder(folder: Path) -> TextEncoder:
    """Return the encoding of texts by the vocabulary and the lexicon of a training's folder."""
    return TextEncoder(Vocabulary.load(folder / VOCABULARY), Lexicon(folder / LEXICON))


@contextmanager
def judged(*modules: nn.Module) -> Iterator[None]:
    """Switch dropout off for a while."""
    before = [module.training for module in modules]
    for module in modules:
        module.eval()
    yield
    for module, mode in zip(modules, before, strict=True):
        module.train(mode)


def reader(table: Tensor, encoder: Encoder) -> Reader:
    """Return the encoder as a reader of ids; `table` holds the words' vectors."""
    kind = encoder.norm.weight.dtype
    return lambda ids, positions, mask: encoder(table[ids % MARK].to(kind), positions, mask.to(kind))


@torch.no_grad()
def name_scores(reader: Reader, head: nn.Linear, encoded: Sequence[Encoded]) -> list[np.ndarray]:
    """Return label scores (pieces, labels) of each text, in batches sorted by length."""
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
    result: list[np.ndarray] = [np.zeros((0, head.out_features), np.float32)] * len(encoded)
    at = 0
    while at < len(order):
        size = 1
        while at + size < len(order) and (size + 1) * (len(encoded[order[at + size]]) + 2) <= 2048:
            size += 1
        chosen = order[at : at + size]
        at += size
        longest = min(max(len(encoded[i]) for i in chosen), LONGEST * 2) + 2
        ids = np.full((size, longest), PAD, dtype=np.int64)
        for r, i in enumerate(chosen):
            row = wrap(encoded[i].ids[: longest - 2])
            ids[r, : len(row)] = row
        tensor = torch.from_numpy(ids)
        mask = torch.zeros(size, 1, 1, longest, dtype=torch.bfloat16)
        mask.masked_fill_((tensor == PAD)[:, None, None], -1e4)
        hidden = reader(tensor, torch.arange(longest).repeat(size, 1), mask)
        scores = head(hidden.float()).numpy()
        for r, i in enumerate(chosen):
            result[i] = scores[r, 1 : 1 + min(len(encoded[i]), longest - 2)]
    return result


def predicted(encoded: Encoded, scores: np.ndarray) -> set[tuple[int, int, str]]:
    """Return the name spans that the scores give, in code points."""
    return {(encoded.starts[s.first], encoded.ends[s.last], s.label) for s in decode(scores, NAME_TYPES)}


def f1(pairs: Iterable[tuple[set[tuple[int, int, str]], set[tuple[int, int, str]]]]) -> float:
    """Return exact-span F1 over (predicted, gold) sets."""
    right = found = gold = 0
    for ours, theirs in pairs:
        right += len(ours & theirs)
        found += len(ours)
        gold += len(theirs)
    return 2 * right / (found + gold) if found + gold else 0.0


def development_sets(
    names: Path, us: Peers, encoder: TextEncoder, most: int, chosen: Sequence[str] = SETS
) -> DevelopmentSets:
    """Read this worker's share of the development sets, about `most` sentences of each."""
    sets: DevelopmentSets = {}
    for name in chosen[us.rank :: us.size]:
        sentences = read(names, "dev", name)
        sentences = sentences[:: max(1, len(sentences) // most)]
        sets[name] = [(encoder.encode(s.text), set(s.spans)) for s in sentences]
    return sets


def name_figures(sets: DevelopmentSets, reader: Reader, head: nn.Linear) -> dict[str, float]:
    """Return F1 of names by set."""
    figures = {}
    for name, pairs in sets.items():
        scores = name_scores(reader, head, [e for e, _ in pairs])
        figures[name] = f1((predicted(e, s), spans) for (e, spans), s in zip(pairs, scores, strict=True))
    return figures


def tell(us: Peers, figures: Mapping[str, float]) -> None:
    """Print the figures of this worker's development sets."""
    click.echo(f"dev {us.rank} " + " ".join(f"{k} {v:.3f}" for k, v in figures.items()))


def seed_everything(seed: int) -> tuple[random.Random, np.random.Generator]:
    """Seed torch and return generators for sampling and for noise."""
    torch.manual_seed(seed)
    return random.Random(seed), np.random.default_rng(seed)


def sources(folder: Path) -> tuple[Path, Path]:
    """Return the encoder's weight file and its tokenizer inside the download folder.

    Raises FileNotFoundError with what is missing.
    """
    return download(folder, "e5-small-q4.bin"), download(folder, "tokenizer.json")


def download(folder: Path, name: str) -> Path:
    """Return the file of that name in the download folder; raises FileNotFoundError when it is not there."""
    hits = sorted(folder.rglob(name))
    if not hits:
        raise FileNotFoundError(f"{folder}: no {name}; see training/README.md")
    return hits[0]


def fit(
    us: Peers,
    masters: Masters,
    batches: Iterable[Batch],
    loss_of: Callable[[Batch], Tensor],
    report: Callable[[], None],
    *,
    minutes: float,
    every: float = 0.15,
) -> None:
    """Take steps until the time is over; report after each share `every` of it, and at the end."""
    began = time.time()
    pieces = 0
    losses: list[float] = []
    next_report = every
    for step, batch in enumerate(batches, start=1):
        loss = loss_of(batch)
        loss.backward()
        grads = masters.gather()
        progress = us.average(grads, (time.time() - began) / (minutes * 60))
        if progress >= 1:
            break
        norm = masters.step(grads, share_of_peak(progress))
        losses.append(loss.item())
        pieces += int((batch.ids != PAD).sum())
        if step % 50 == 0 and us.rank == 0:
            speed = us.size * pieces / (time.time() - began)
            click.echo(f"{progress:.3f} step {step} loss {np.mean(losses[-50:]):.4f} norm {norm:.2f} speed {speed:.0f}")
        if progress >= next_report:
            next_report += every
            report()
    report()


def name_loss(reader: Reader, head: nn.Linear, batch: Batch) -> Tensor:
    """Return the names' loss of a batch, with dropout before the head."""
    hidden = F.dropout(reader(batch.ids, batch.positions, batch.mask).float(), 0.1)
    return F.cross_entropy(head(hidden).flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED)
