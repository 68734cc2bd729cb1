"""What a user adds to the packaged data: entity tables and words of their own.

The additions hold for a stretch of code (``Additions.active``), not for the process: two runs with
different configurations may stand side by side. What is derived from the packaged data and the
additions is remembered by ``per_additions``.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from pipeline.core.config import Config, ConfigError

LANGUAGES = ("en", "ar", "zh")
TOPICS = ("triggers", "parties", "status")
"""The word lists to which a user may add."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file of the user's as it was when the run began: ``kind`` is "tables", or a word list's
    language and topic ("en/triggers"); ``path`` serves for messages."""

    kind: str
    path: str
    content: bytes

    def text(self) -> str:
        """The content; raises ``ConfigError`` where it is not UTF-8."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError(f"{self.path} is not UTF-8: {error.reason} at byte {error.start}") from error


@dataclass(frozen=True, slots=True)
class Additions:
    """The user's files. Two sets are equal where the contents are, wherever the files lie."""

    files: tuple[AddedFile, ...] = field(default=(), compare=False)
    digest: str = ""

    @property
    def tables(self) -> tuple[AddedFile, ...]:
        """The entity tables, in the configuration's order."""
        return tuple(f for f in self.files if f.kind == "tables")

    @property
    def words(self) -> tuple[AddedFile, ...]:
        """The word lists."""
        return tuple(f for f in self.files if f.kind != "tables")

    @contextmanager
    def active(self) -> Iterator[None]:
        """Let these additions hold inside the ``with`` block."""
        token = _ACTIVE.set(self)
        try:
            yield
        finally:
            _ACTIVE.reset(token)

    def word_list(self, language: str, topic: str) -> AddedFile | None:
        """The user's word list of a language and topic, or None."""
        return next((f for f in self.files if f.kind == f"{language}/{topic}"), None)


_ACTIVE: ContextVar[Additions] = ContextVar("additions", default=Additions())  # noqa: B039


def active_additions() -> Additions:
    """The additions that hold here; empty ones where nobody set any."""
    return _ACTIVE.get()


def per_additions(function: Callable[P, R]) -> Callable[P, R]:
    """Remember a function's answers, apart for each set of additions; its arguments are positional and hashable."""

    @functools.cache
    def remembered(additions: Additions, *args: Hashable) -> R:
        return function(*args)  # type: ignore[call-arg, arg-type]

    @functools.wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        return remembered(_ACTIVE.get(), *args)

    return answer


def read_additions(config: Config) -> Additions:
    """Read the files that the configuration names.

    Raises ``ConfigError`` where a file or folder is missing or a word list is not one of those
    that can be added to.
    """
    files = [_read("tables", Path(name)) for name in config.entities.tables]
    if config.language.words is not None:
        folder = Path(config.language.words)
        if not folder.is_dir():
            raise ConfigError(f"there is no folder {folder}, which [language] words names")
        files += _word_files(folder)
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.kind}\0{len(file.content)}\0".encode() + file.content)
    return Additions(tuple(files), digest.hexdigest()[:16] if files else "")


def _read(kind: str, path: Path) -> AddedFile:
    try:
        return AddedFile(kind, str(path), path.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read {path}, which the configuration names: {error.strerror}") from error


def _word_files(folder: Path) -> Iterator[AddedFile]:
    for path in sorted(folder.rglob("*.toml")):
        language, topic = path.parent.name, path.stem
        if path.parent.parent != folder or language not in LANGUAGES or topic not in TOPICS:
            raise ConfigError(
                f"{path} is no word list that can be added to; there may be "
                f"{folder.name}/LANGUAGE/TOPIC.toml with LANGUAGE {', '.join(LANGUAGES)} and TOPIC {', '.join(TOPICS)}"
            )
        yield _read(f"{language}/{topic}", path)
