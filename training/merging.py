"""Fit the weights of ``pipeline/stories/within.toml``: which mentions of one article are of one event.

    python -m training.merging [--corpus training/corpus] [--only MEASURE ...] [--write]

Extracts the training articles with the shipped model, measures every two mentions of one article and
type (``pipeline.stories.evidence``) and fits a logistic regression (Newton's method, L2) to whether
the annotations give both one ``ev``. Prints the log-loss of five-fold cross-validation over articles,
and the weights; ``--write`` puts them into the package. With ``--only`` the named measures are fitted
and the others keep the weights that they have there: a measure that is new to a set that works.
The texts are those that the model learned from: it finds parties in them better than elsewhere.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from pipeline.core import schemas
from pipeline.core.config import Config
from pipeline.core.store import Store
from pipeline.entities.lexicon import load_lexicon
from pipeline.evaluation.gold import GoldText, read_gold
from pipeline.evaluation.score import line_starts
from pipeline.run import run
from pipeline.stories.corpus import Corpus
from pipeline.stories.evidence import compare
from pipeline.stories.identities import join_people
from pipeline.stories.matching import EventMention
from pipeline.stories.parties import PartyReader
from pipeline.stories.within import read_weights

_L2, _FOLDS, _STEPS = 4.0, 5, 60
_MOST_MENTIONS = 60
_TARGET = Path(__file__).resolve().parents[1] / "pipeline/stories/within.toml"
_HEAD = """# Log-odds of two mentions of one article being one event: the weight of each measure of
# pipeline/stories/evidence.py. Fitted to the training articles by `python -m training.merging --write`, not all at
# once: `visit_alone` was fitted later and the others held (what `--only visit_alone` does), for weights fitted anew
# for all made the development story lines worse (F1 0.736 against 0.767).

[weights]
"""
Array = npt.NDArray[np.float64]


def main() -> None:
    """Fit, print and, where asked, write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("training/corpus"))
    parser.add_argument("--only", nargs="+", metavar="MEASURE", help="fit these, keep the other weights")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    names: list[str] = []
    rows: list[list[float]] = []
    same: list[float] = []
    articles: list[str] = []
    for article, measures, one in pairs(options.corpus):
        names = list(measures)
        rows.append(list(measures.values()))
        same.append(float(one))
        articles.append(article)
    if unknown := set(options.only or ()) - set(names):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    x, y = np.array(rows), np.array(same)
    print(f"{len(y)} pairs, {y.mean():.3f} of one event, log-loss {cross_validate(x, y, articles):.4f}")
    if options.only:
        weights = fit_some(x, y, [n in options.only for n in names], [read_weights().get(n, 0.0) for n in names])
    else:
        weights = fit(x, y)
    lines = [f"{name} = {weight:.2f}" for name, weight in zip(names, weights, strict=True)]
    print("\n".join(lines))
    if options.write:
        _TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def pairs(corpus: Path) -> Iterator[tuple[str, Mapping[str, float], bool]]:
    """Each two mentions found in one article and of one type: article, measures, whether of one event."""
    texts = read_gold(corpus)
    with tempfile.TemporaryDirectory() as folder:
        raw, processed = Path(folder) / "raw", Path(folder) / "processed"
        _dated(corpus, raw)
        run(raw=raw, processed=processed, config=Config())
        events = _events(processed, texts)
        mentions: dict[tuple[str, str], list[EventMention]] = defaultdict(list)
        for mention in _read(processed):
            mentions[mention.article_id, mention.type].append(mention)
    for (article, _), there in sorted(mentions.items()):
        if len(there) > _MOST_MENTIONS:
            continue
        there.sort(key=lambda m: (m.start, m.event_id))
        for (i, a), (j, b) in combinations(enumerate(there), 2):
            one, other = events.get(a.event_id), events.get(b.event_id)
            if one is not None or other is not None:
                yield article, compare(a, b, between=j - i - 1, mentions=len(there)), one == other


def _dated(corpus: Path, raw: Path) -> None:
    """The articles with the front matter that gives their day of publication."""
    raw.mkdir()
    for line in (corpus / "meta.jsonl").read_text(encoding="utf-8").splitlines():
        about = json.loads(line)
        name = f"{about['doc']}.{about['lang']}.txt"
        text = (corpus / "text" / name).read_text(encoding="utf-8")
        (raw / name).write_text(f"---\ndate: {about['published']}\n---\n\n{text}", encoding="utf-8")


def _read(processed: Path) -> list[EventMention]:
    store, lexicon = Store(processed), load_lexicon()
    corpus = Corpus(store, [p.stem.removeprefix("part-") for p in store.parts("articles")], lexicon)
    joined = join_people(corpus.people(), corpus.surroundings(), lexicon)
    return corpus.events(joined, PartyReader(lexicon, {}, corpus.nations(joined))).meetings


def _events(processed: Path, texts: list[GoldText]) -> dict[str, str]:
    """The annotated event of each mention whose trigger overlaps with an annotated one."""
    articles = {Path(a.source).name: a for a in schemas.ARTICLES.from_arrow(pq.read_table(processed / "articles"))}
    found: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    for e in schemas.EVENTS.from_arrow(pq.read_table(processed / "events")):
        found[e.article_id].append((e.event_id, e.type, e.start, e.end))
    answer: dict[str, str] = {}
    for text in texts:
        article = articles[text.file]
        starts = line_starts(text.lines, article.text)
        for event in text.events:
            begin = starts[event.place.line]
            if begin is None or event.type == "statement":
                continue
            low, high = begin + event.place.start, begin + event.place.end
            for event_id, type_, start, end in found[article.article_id]:
                if type_ == event.type and start < high and low < end:
                    answer.setdefault(event_id, f"{text.file}:{event.event}")
    return answer


def fit(x: Array, y: Array, offset: Array | float = 0.0) -> Array:
    """The weights of a logistic regression to the log-odds beyond ``offset``; a column of ones, the
    constant, is not held back."""
    weights, penalty = np.zeros(x.shape[1]), _L2 * np.eye(x.shape[1])
    penalty[np.ix_(*2 * [(x == 1).all(axis=0)])] *= 1e-9 / _L2
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-x @ weights - offset))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + penalty, x.T @ (p - y) + penalty @ weights)
        weights = weights - step
        if abs(step).max() < 1e-7:
            break
    return np.asarray(weights)


def fit_some(x: Array, y: Array, chosen: Sequence[bool], kept: Sequence[float]) -> Array:
    """The weights with those of the chosen columns fitted and the others as they are kept."""
    some, weights = np.array(chosen), np.array(kept)
    weights[some] = fit(x[:, some], y, x[:, ~some] @ weights[~some])
    return weights


def cross_validate(x: Array, y: Array, articles: list[str]) -> float:
    """The mean log-loss over folds of whole articles."""
    fold = {a: n % _FOLDS for n, a in enumerate(sorted(set(articles)))}
    of = np.array([fold[a] for a in articles])
    loss = 0.0
    for n in range(_FOLDS):
        p = 1 / (1 + np.exp(-x[of == n] @ fit(x[of != n], y[of != n])))
        right = np.where(y[of == n] > 0, p, 1 - p)
        loss -= float(np.log(np.maximum(right, 1e-9)).sum())
    return loss / len(y)


if __name__ == "__main__":
    main()
