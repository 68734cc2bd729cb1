"""The stage over all articles alone: `entities` and `stories` from the tables as they stand."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from pipeline.core.config import Config
from pipeline.core.store import Store
from pipeline.run import manifest
from pipeline.run.plan import PlanError
from pipeline.run.planning import Stamps
from pipeline.run.stages import Stages


def run_stories(*, processed: Path, config: Config) -> int:
    """Bring `entities` and `stories` up to date with the other tables; returns the number of stories.

    Raises ``PlanError`` where there are no events to work on, ``StoreError`` where the folder is held.
    """
    from pipeline.stories import stage

    store = Store(processed)
    if not store.parts("events"):
        raise PlanError(f"there are no events in {processed}; run: communique extract --processed {processed}")
    with store.locked():
        header = manifest.read_header(processed)
        before = Stamps(store)
        with Stages(config).additions.active():
            signature = stage.update(store, before=header.stories, workers=config.run.workers or os.cpu_count() or 1)
        after = Stamps(store)

        def change(line: manifest.Line) -> manifest.Line:
            held = line.stamp is not None and line.stamp == before.of(line.chunk.chunk_id)
            return replace(line, stamp=after.of(line.chunk.chunk_id)) if held else line

        manifest.rewrite(store, Path(), replace(header, stories=signature), change)
    return store.count_rows("stories")
