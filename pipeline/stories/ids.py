"""Where a story id of an earlier run lives on.

A story's id is made from the event id of its earliest mention. When an older report joins, or two
stories turn out to be one, the story has another id; the mention from which the first was made
still leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.stories.merge import story_id


def find_story(earlier: str, events: Iterable[tuple[str, str | None]]) -> str | None:
    """The present id of the story that an earlier run called ``earlier``.

    ``events`` are pairs of (event_id, story_id) of the `events` table. None where the mention that
    gave the id has left the tables.
    """
    return next((now for event_id, now in events if story_id(event_id) == earlier), None)
