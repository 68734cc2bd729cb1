"""Each language's words as data: one package a language, one TOML file a topic.

An entry carries sentences that must match and sentences that must not; the tests run them. A user's
own entries (``pipeline.core.additions``) stand beside the packaged ones.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from importlib import resources
from typing import Any

from pipeline.core.additions import active_additions, per_additions
from pipeline.core.config import ConfigError

LANGUAGES = ("en", "ar", "zh")


KEYS = {"triggers": "trigger", "parties": "party", "status": "cue"}
"""The topics to which a user may add, and what their entries are called."""


@per_additions
def load_topic(language: str, topic: str) -> dict[str, Any]:
    """Read one topic's word list, as the TOML file has it, with the user's own entries.

    Those come where they decide: first, and for ``parties``, where the last one wins, last; each is
    marked ``own``. Raises ``FileNotFoundError`` where the package has no such list. The answer is
    shared: read it, do not change it.
    """
    packaged = _packaged(language, topic)
    own = own_entries(language, topic)
    if not own:
        return packaged
    key = KEYS[topic]
    return {**packaged, key: [*packaged[key], *own] if topic == "parties" else [*own, *packaged[key]]}


@functools.cache
def _packaged(language: str, topic: str) -> dict[str, Any]:
    path = resources.files(__name__).joinpath(language, f"{topic}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def own_entries(language: str, topic: str) -> list[dict[str, Any]]:
    """The user's entries of a topic, marked ``own``; raises ``ConfigError`` where the file is no such list."""
    file = active_additions().word_list(language, topic)
    if file is None:
        return []
    key = KEYS[topic]
    try:
        data = tomllib.loads(file.text())
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file.path} is not valid TOML: {error}") from error
    entries = data.get(key)
    if set(data) != {key} or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise ConfigError(f"{file.path} must hold entries that begin with [[{key}]], and nothing else")
    return [{**entry, "own": True} for entry in entries]


def fingerprint_topics(*topics: str) -> str:
    """Hash the word lists of the named topics in every language; a changed list changes it."""
    digest = hashlib.sha256()
    for language in LANGUAGES:
        for topic in topics:
            path = resources.files(__name__).joinpath(language, f"{topic}.toml")
            if path.is_file():
                digest.update(f"{language}/{topic}".encode())
                digest.update(path.read_bytes())
            own = active_additions().word_list(language, topic)
            if own is not None:
                digest.update(f"own/{own.kind}".encode())
                digest.update(own.content)
    return digest.hexdigest()[:16]
