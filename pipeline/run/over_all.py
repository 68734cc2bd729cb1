"""The stage over all articles alone: `entities` and `stories` from the tables as they stand."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.config import Config
from pipeline.core.store import Manifest, Store
from pipeline.run.plan import PlanError
from pipeline.run.runner import count_rows
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
        manifest = Manifest.load(processed)
        with Stages(config).additions.active():
            manifest.stories = stage.update(store, before=manifest.stories)
        manifest.save(processed)
    return count_rows(store, "stories")
