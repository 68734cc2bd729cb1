"""Scores against annotated text: `communique evaluate`."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.core import schemas
from pipeline.core.config import Config
from pipeline.evaluation.gold import EvaluationError, GoldText, read_gold
from pipeline.evaluation.score import TYPES, ScoredEvent, Scores, Tally, score_tables

__all__ = ["EvaluationError", "Report", "evaluate_gold"]
_MEASURES = (*TYPES, "roles", "who", "time")
_LANGUAGES = ("en", "ar", "zh")


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one evaluation."""

    scores: Scores

    def figures(self) -> dict[str, dict[str, float]]:
        """Figures by "language/measure"; language "all" sums the three."""
        answer: dict[str, dict[str, float]] = {}
        for language in (*_LANGUAGES, "all"):
            for measure in _MEASURES:
                tally = self._tally(language, measure)
                if tally.gold or tally.found:
                    answer[f"{language}/{measure}"] = _entry(tally)
            right, total = self._status(language)
            if total:
                answer[f"{language}/status"] = {"accuracy": round(right / total, 3), "matched": total}
        answer["all/stories"] = _entry(self.scores.stories)
        return answer

    def _tally(self, language: str, measure: str) -> Tally:
        if language != "all":
            return self.scores.tallies[language, measure]
        return sum((self.scores.tallies[lang, measure] for lang in _LANGUAGES), Tally())

    def _status(self, language: str) -> tuple[int, int]:
        chosen = _LANGUAGES if language == "all" else (language,)
        return sum(self.scores.status[c][0] for c in chosen), sum(self.scores.status[c][1] for c in chosen)

    def table(self, *, errors: int = 0) -> str:
        """The figures as text, with up to ``errors`` errors below."""
        lines = [f"{'':4}{'measure':<11}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'found':>7}"]
        for key, entry in self.figures().items():
            language, measure = key.split("/")
            if measure == "status":
                lines.append(f"{language:4}{measure:<11}{'':14}{entry['accuracy']:7.3f}{entry['matched']:7.0f}")
            else:
                lines.append(f"{language:4}{measure:<11}{entry['p']:7.3f}{entry['r']:7.3f}{entry['f1']:7.3f}"
                             f"{entry['gold']:7.0f}{entry['found']:7.0f}")  # fmt: skip
        if self.scores.lost:
            lines.append(f"{self.scores.lost} gold events are in files with no row in articles")
        lines += [" | ".join(e) for e in self.scores.errors[:errors]]
        return "\n".join(lines)

    def reliability(self) -> str:
        """Scores in tenths against the share of events that are right: a calibrated score says how
        often it is right (reliability diagram of DeGroot and Fienberg 1983)."""
        bins: list[list[ScoredEvent]] = [[] for _ in range(10)]
        for event in self.scores.scored:
            bins[min(9, int(event.score * 10))].append(event)
        lines = [f"{'score':<12}{'events':>8}{'mean score':>12}{'right':>8}"]
        total, error = len(self.scores.scored), 0.0
        for tenth, found in enumerate(bins):
            if found:
                mean = sum(e.score for e in found) / len(found)
                share = sum(e.right for e in found) / len(found)
                error += abs(mean - share) * len(found) / total
                lines.append(f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}{len(found):>10}{mean:>12.3f}{share:>8.3f}")
        lines.append(f"expected calibration error {error:.3f} over {total} events with a score")
        return "\n".join(lines)

    def write_json(self, path: Path) -> None:
        """Write the figures as JSON."""
        path.write_text(json.dumps(self.figures(), indent=1) + "\n", encoding="utf-8")


def _entry(tally: Tally) -> dict[str, float]:
    p, r, f1 = tally.figures()
    return {"p": round(p, 3), "r": round(r, 3), "f1": round(f1, 3), "gold": tally.gold, "found": tally.found}


def evaluate_gold(
    gold: Path, *, text_dir: Path | None = None, processed: Path | None = None, config: Config | None = None
) -> Report:
    """Score the tables in ``processed``, or extract the gold's texts now and score those.

    A folder ``raw`` beside the texts (the same files with their publication dates) is extracted in
    their place. Raises ``EvaluationError`` with the remedy.
    """
    texts = read_gold(gold, text_dir)
    if processed is not None:
        return Report(_score(texts, processed))
    from pipeline.run import run

    file_folder = gold if gold.is_dir() else gold.parent
    raw = (
        file_folder / "raw" if text_dir is None and (file_folder / "raw").is_dir() else text_dir or file_folder / "text"
    )
    folder = Path(tempfile.mkdtemp(prefix="communique-evaluate-"))
    try:
        run(raw=raw, processed=folder, config=config or Config())
        return Report(_score(texts, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _score(texts: Sequence[GoldText], processed: Path) -> Scores:
    for name in ("articles", "events", "arguments"):
        if not (processed / name).is_dir():
            raise EvaluationError(
                f"there is no table {processed / name}; run: communique extract --processed {processed}"
            )
    articles, events, arguments = (
        table.from_arrow(pq.read_table(processed / table.name))
        for table in (schemas.ARTICLES, schemas.EVENTS, schemas.ARGUMENTS)
    )
    return score_tables(texts, articles, events, arguments)
