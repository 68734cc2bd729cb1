"""Pictures of the frames that ``pipeline.load`` gives; they need the extra ``notebooks``.

Every function returns a matplotlib figure, drawn and closed: a notebook shows it as the cell's
result, a script saves it with ``figure.savefig("name.png")``.
"""

from __future__ import annotations

try:
    import matplotlib  # noqa: F401
except ImportError as error:
    raise ImportError(
        "plots need the extra `notebooks`: run `make notebooks`, or pip install 'communique[notebooks]'"
    ) from error

from pipeline.plots.charts import over_time, pairs_over_time, richest, scores, shares, story_life, who_to_whom
from pipeline.plots.networks import network
from pipeline.plots.style import COLOURS, use_style

__all__ = [
    "COLOURS", "network", "over_time", "pairs_over_time", "richest", "scores", "shares", "story_life", "use_style", "who_to_whom",
]  # fmt: skip
