"""YAML front matter of text and Markdown files, read as plain strings.

Values stay as they are written: YAML's own types would turn dates into zoned time and titles such
as ``No`` into booleans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

MAX_CHARS = 64 * 1024
MAX_DEPTH = 12
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_BLOCK = re.compile(r"\A\s*---[ \t]*\n(.*?)\n?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_KEY_LINE = re.compile(r"^([A-Za-z][\w \-]{0,40}?)[ \t]*:(?:[ \t]+(.*))?$", re.M)
_QUOTED = re.compile(r"^([\"'])(.*)\1$", re.S)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split a text into its front matter's fields and the rest.

    Without front matter (or where the block is no mapping, or larger than 64 thousand characters)
    the fields are empty and the text is whole. Keys come in lower case. Damaged YAML, such as a
    title with an unquoted colon, is read line by line; aliases and deep nesting are never expanded.
    """
    if text.lstrip()[:3] != "---":
        return {}, text
    found = _BLOCK.match(text[: MAX_CHARS + 16])
    if found is None:
        return {}, text
    block = found.group(1)
    fields = _parse(block)
    if fields is None:
        fields = _by_line(block)
    if not fields:
        return {}, text if block.strip() else text[found.end() :]
    return fields, text[found.end() :]


def _parse(block: str) -> dict[str, Any] | None:
    try:
        depth = 0
        for event in yaml.parse(block, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                return None
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
                if depth > MAX_DEPTH:
                    return None
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
        loaded = yaml.load(block, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(loaded, Mapping):
        return {}
    return {str(key).strip().lower(): value for key, value in loaded.items()}


def _by_line(block: str) -> dict[str, Any]:
    """Read ``key: value`` lines; prose between two rules has lines that are none."""
    lines = [line for line in block.split("\n") if line.strip()]
    fields: dict[str, Any] = {}
    for line in lines:
        found = _KEY_LINE.match(line)
        if found is None:
            continue
        value = (found.group(2) or "").strip()
        quoted = _QUOTED.match(value)
        key = found.group(1).strip().lower()
        fields.setdefault(key, quoted.group(2) if quoted else value)
    unkeyed = sum(1 for line in lines if not _KEY_LINE.match(line) and not line.startswith((" ", "-", "#")))
    return fields if len(fields) > unkeyed else {}
