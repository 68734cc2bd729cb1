"""What is asked: the filters that events, stories and exports share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """Filters as the command line gives them; an empty one lets everything through.

    ``party``: names in any script, or entity ids; all must take part. ``since`` and ``until``: a
    year, a month or a day. ``type``, ``status`` and ``language``: any of them.
    """

    party: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def filters(self) -> dict[str, Any]:
        """The options of ``pipeline.load.Tables`` that say the same."""
        return {
            "party": self.party or None, "type": self.type or None, "status": self.status or None,
            "language": self.language or None, "since": self.since, "until": self.until,
        }  # fmt: skip
