"""Labels of every engine mapped to ours, from one data file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib import resources

from pipeline.core.config import ConfigError


def label_map(engine: str, labels: Iterable[str]) -> dict[str, str | None]:
    """Map an engine's labels to PER, ORG, GPE or LOC; None for one that is left out on purpose.

    Raises ``ConfigError`` for a label that the file does not list, so that names never vanish
    silently.
    """
    text = resources.files(__package__).joinpath("labels.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)[engine]
    unknown = sorted(set(labels) - set(table))
    if unknown:
        raise ConfigError(
            f"the {engine} model has labels that are not mapped: {', '.join(unknown)}; "
            "add them to pipeline/entities/engines/labels.toml"
        )
    return {label: table[label] or None for label in labels}
