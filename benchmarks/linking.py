"""What resolving who is who costs, as a share of the run's processor time.

Counted are linking and references within articles, the references of events, the joining of people
over articles, and the loading of the entity tables. Each folder is run once in this process, with
one worker; what the first one loads, the next ones find. --warm runs the samples before.

python -m benchmarks.linking data/raw training/corpus/text
"""

from __future__ import annotations

import functools
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipeline import entities, run
from pipeline.core.config import load_config
from pipeline.entities import lexicon
from pipeline.entities.coreference import ArticleReferences
from pipeline.events import parties
from pipeline.run import stages
from pipeline.stories import reading, stage

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "raw"
COUNTED: tuple[tuple[Any, str, str], ...] = (
    *((module, "load_lexicon", "tables") for module in (lexicon, entities, stages, reading, stage)),
    (entities, "_linked", "articles"),
    (parties, "ArticleReferences", "events"),
    *((ArticleReferences, name, "events") for name in ("resolve", "pronoun", "people", "short_list", "side")),
    (stage, "join_people", "joining"),
)


class Clock:
    """Processor seconds by what they went to; what is called from within counts for the caller."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inside = False

    def count(self, call: Callable[..., Any], label: str) -> Callable[..., Any]:
        """The call, timed."""

        @functools.wraps(call)
        def timed(*args: Any, **options: Any) -> Any:
            if self._inside:
                return call(*args, **options)
            self._inside, began = True, time.process_time()
            try:
                return call(*args, **options)
            finally:
                self._inside = False
                self.spent[label] += time.process_time() - began

        return timed


@click.command()
@click.argument("raw", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--warm", is_flag=True, help="Run the samples first, so that the tables are loaded.")
def main(raw: tuple[Path, ...], warm: bool) -> None:
    """Run each folder; prints seconds of the run, of each part, and their share."""
    clock = Clock()
    for owner, name, label in COUNTED:
        setattr(owner, name, clock.count(getattr(owner, name), label))
    for number, folder in enumerate((SAMPLES, *raw) if warm else raw):
        with tempfile.TemporaryDirectory() as processed:
            clock.spent.clear()
            began = time.process_time()
            outcome = run.run(raw=folder, processed=Path(processed), config=load_config(), workers=1)
            total = time.process_time() - began
        if warm and not number:
            continue
        parts = "  ".join(f"{label} {seconds:.2f}" for label, seconds in sorted(clock.spent.items()))
        share = 100 * clock.spent.total() / total
        click.echo(f"{folder}: {outcome.files} files, {total:.2f} s: {share:.1f} %  ({parts})")


if __name__ == "__main__":
    main()
