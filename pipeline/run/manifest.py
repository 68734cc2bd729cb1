"""What the last run knew: ``.manifest.jsonl``, so that a rerun need not open every file and part.

It is a memory only: it may be lost or damaged at any time, and the next run makes it up from the
parts' footers. It is read and written line by line, a line a chunk in the order of the plan, so
millions of files do not fill the memory. Before a run touches a part, the manifest no longer vouches
for it; a killed run therefore leaves no false memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.articles.ranges import Span
from pipeline.core.store import Store
from pipeline.run.plan import Chunk, Source

MANIFEST = ".manifest.jsonl"
_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Last:
    """The last run: when it began (seconds since 1970), how long it took, whether it came to its end."""

    began: float = 0.0
    seconds: float | None = None
    stages: tuple[str, ...] = ()
    files: int = 0
    processed: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """What concerns the whole folder.

    ``stories`` is the signature of the stage over all articles, ``cut`` that of the cutting,
    ``signatures`` tell for each stage what shaped its answers (see ``stages.Stages.parts``).
    """

    stories: str = ""
    cut: str = ""
    signatures: dict[str, dict[str, str]] = field(default_factory=dict)
    last: Last | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A chunk, and the fingerprint and stamp of its parts where they are known to be up to date."""

    chunk: Chunk
    fingerprint: str | None = None
    stamp: str | None = None


def read_header(folder: Path) -> Header:
    """Read the header; an absent or damaged manifest has an empty one."""
    try:
        with open(folder / MANIFEST, encoding="utf-8") as lines:
            data = json.loads(next(lines))
        if data["manifest"] != _FORMAT:
            return Header()
        last = data["last"]
        return Header(
            str(data["stories"]),
            str(data["cut"]),
            {str(k): {str(a): str(b) for a, b in v.items()} for k, v in data["signatures"].items()},
            None if last is None else Last(**{**last, "stages": tuple(last["stages"])}),
        )
    except (OSError, StopIteration, ValueError, KeyError, TypeError, AttributeError):
        return Header()


def read_lines(folder: Path, raw: Path) -> Iterator[Line]:
    """Stream the chunks; a damaged line ends them, and what it held counts as unknown."""
    if not read_header(folder).cut:
        return
    try:
        with open(folder / MANIFEST, encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield _line(json.loads(line), raw)
    except (OSError, StopIteration, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return


def write(store: Store, header: Header, lines: Iterator[Line]) -> None:
    """Write the manifest beside its place and move it in; raises ``WriteError``."""
    last = header.last
    first = {
        "manifest": _FORMAT, "stories": header.stories, "cut": header.cut, "signatures": header.signatures,
        "last": None if last is None else {"began": last.began, "seconds": last.seconds, "stages": last.stages,
                                           "files": last.files, "processed": last.processed},
    }  # fmt: skip

    def rows() -> Iterator[bytes]:
        yield _json(first)
        for line in lines:
            yield _json(_plain(line))

    store.put([(store.folder / MANIFEST, rows())])


def rewrite(store: Store, raw: Path, header: Header, change: Callable[[Line], Line]) -> None:
    """Write the manifest anew with each line changed."""
    write(store, header, (change(line) for line in read_lines(store.folder, raw)))


def settle(line: Line, fingerprint: str, stamp: str) -> Line:
    """The line of a chunk whose parts are up to date."""
    return replace(line, chunk=replace(line.chunk, before=()), fingerprint=fingerprint, stamp=stamp)


def _json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _plain(line: Line) -> dict[str, Any]:
    chunk = line.chunk
    answer: dict[str, Any] = {"id": chunk.chunk_id, "print": line.fingerprint, "stamp": line.stamp}
    if chunk.before:
        answer["before"] = chunk.before
    answer["files"] = [_source_fields(s) for s in chunk.sources]
    return answer


def _source_fields(source: Source) -> list[Any]:
    span = source.span
    fields: list[Any] = [source.name, source.size, source.mtime_ns, source.sha256, source.error, int(source.fresh)]
    if span is not None or not source.path.as_posix().endswith(source.name):
        fields.append(None if span is None else [span.first, span.count, span.start, span.stop, dict(span.seen)])
        fields.append(str(source.path))
    return fields


def _line(data: dict[str, Any], raw: Path) -> Line:
    sources = tuple(_source(fields, raw) for fields in data["files"])
    chunk = Chunk(str(data["id"]), sources, tuple(data.get("before", ())))
    return Line(chunk, data["print"], data["stamp"])


def _source(fields: list[Any], raw: Path) -> Source:
    name, size, mtime_ns, sha256, error, fresh = fields[:6]
    span, path = (fields[6], Path(fields[7])) if len(fields) > 6 else (None, raw / name)
    return Source(
        str(name), path, int(size), sha256, error, int(mtime_ns), bool(fresh),
        None if span is None else Span(span[0], span[1], span[2], span[3], tuple(sorted(span[4].items()))),
    )  # fmt: skip
