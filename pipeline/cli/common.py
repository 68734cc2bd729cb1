"""What the commands share: errors that say what to do, and options that several take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.core.config import Config, load_config

EXIT_USAGE = 2
Option = Callable[[Any], Any]


class Remedied(click.ClickException):
    """An error whose message says what to do; shown in one line, exit code 2."""

    exit_code = EXIT_USAGE


class Stopped(click.ClickException):
    """A run that had to stop on its way, for want of room say; one line, exit code 1. What is done stays done."""

    exit_code = 1


class Location(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2 only
    """A folder of this machine (``Path``), or a URL that fsspec opens (``str``)."""

    name = "folder or URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """See ``click.ParamType.convert``."""
        return value if isinstance(value, Path) or "://" in value or "::" in value else Path(value)


def with_options(options: Sequence[Option]) -> Option:
    """Give a command several options, in the order in which the help shows them."""

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


PROCESSED = click.option("--processed", type=click.Path(path_type=Path), default=Path("data/processed"),
                         show_default=True, help="Folder of the tables.")  # fmt: skip
CONFIG = click.option("--config", "config_path", type=click.Path(path_type=Path), default=None,
                      help="Configuration (TOML); communique.toml in this folder where there is one.")  # fmt: skip
NER = click.option("--ner", type=click.Choice(["multilingual", "spacy", "stanza", "gazetteer"]), default=None,
                   help="Engine for names; the configuration's where not given.")  # fmt: skip


def settings(config_path: Path | None, ner: str | None, min_score: float | None) -> Config:
    """The configuration with what the command line puts in its place; raises ``ConfigError``."""
    config = load_config(config_path)
    if ner is not None:
        config = config.model_copy(update={"entities": config.entities.model_copy(update={"engine": ner})})
    if min_score is not None:
        config = config.model_copy(update={"events": config.events.model_copy(update={"min_score": min_score})})
    return config
