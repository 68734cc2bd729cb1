"""Each language's words as data: one package a language, one TOML file a topic.

An entry carries sentences that must match and sentences that must not; the tests run them.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from importlib import resources
from typing import Any

LANGUAGES = ("en", "ar", "zh")


@functools.cache
def load_topic(language: str, topic: str) -> dict[str, Any]:
    """Read one topic's word list, as the TOML file has it.

    Raises ``FileNotFoundError`` where the package has no such list. The answer is shared: read it,
    do not change it.
    """
    path = resources.files(__name__).joinpath(language, f"{topic}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def fingerprint_topics(*topics: str) -> str:
    """Hash the word lists of the named topics in every language; a changed list changes it."""
    digest = hashlib.sha256()
    for language in LANGUAGES:
        for topic in topics:
            path = resources.files(__name__).joinpath(language, f"{topic}.toml")
            if path.is_file():
                digest.update(f"{language}/{topic}".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
