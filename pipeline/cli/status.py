"""The command that tells what a run would find to do."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import CONFIG, NER, PROCESSED, Remedied, settings
from pipeline.core.config import ConfigError

if TYPE_CHECKING:
    from pipeline.run.status import Status

_AGAIN = {"WorkerDied": " (not tried again until the file, the code or the configuration changes)"}


@click.command()
@click.option("--raw", type=click.Path(path_type=Path), default=Path("data/raw"), show_default=True,
              help="Folder with the articles.")  # fmt: skip
@PROCESSED
@CONFIG
@NER
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def status(raw: Path, processed: Path, config_path: Path | None, ner: str | None, as_json: bool) -> None:
    """Tell what is new, changed, stale, failed or gone since the last run; nothing is written.

    Give the options that `extract` is given: another engine for names makes its rows stale.

    Example: communique status --raw data/raw --processed data/processed
    """
    from pipeline.run.plan import PlanError
    from pipeline.run.status import read_status

    try:
        found = read_status(raw=raw, processed=processed, config=settings(config_path, ner, None))
    except (ConfigError, PlanError) as error:
        raise Remedied(str(error)) from error
    if as_json:
        content = {**dataclasses.asdict(found), "nothing_to_do": found.nothing_to_do}
        click.echo(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found, raw, processed)))


def _lines(found: Status, raw: Path, processed: Path) -> list[str]:
    lines = [f"{raw}: {found.files:,} files, {found.up_to_date:,} up to date"]
    for state, count in (("new", found.new), ("changed", found.changed), ("removed", found.removed),
                         ("unreadable", found.unreadable)):  # fmt: skip
        if count:
            names = found.examples.get(state, [])
            lines.append(f"  {state:<11}{count:>9,}  {', '.join(names)}{', ...' if count > len(names) else ''}")
    for stale in found.stale:
        lines.append(f"  stale      {stale.files:>9,}  {stale.stage}: {', '.join(stale.why)}")
    if found.stories_stale:
        lines.append("  stale                 entities and stories: the other tables are newer")
    shown = ", ".join(f"{found.rows[t]:,} {t}" for t in ("articles", "events", "entities", "stories"))
    lines.append(f"{processed}: {shown}")
    for failure in found.failures:
        lines.append(
            f"  failed     {failure.count:>9,}  {failure.stage}: {failure.error}{_AGAIN.get(failure.error, '')}"
        )
    lines.append(_last(found))
    if found.running:
        lines.append("a run is writing now")
    elif not found.nothing_to_do:
        lines.append("to bring the tables up to date: communique extract")
    return lines


def _last(found: Status) -> str:
    last = found.last
    if last is None:
        return "no run yet"
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(last.began))
    what = "all stages" if len(last.stages) > 1 else f"stage {', '.join(last.stages)}"
    if last.seconds is None:
        return f"last run: {when}, {what}, " + ("not ended yet" if found.running else "did not come to its end")
    return f"last run: {when}, {what}, {last.processed:,} of {last.files:,} files processed, {last.seconds:.1f} s"
