"""Reading: raw files of every supported kind become articles, one at a time.

What cannot be read becomes a failure; nothing here stops a run. See ``docs/input-formats.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.articles.archive import ARCHIVES, read_archive
from pipeline.articles.build import Origin, failure, sha256
from pipeline.articles.encoding import EncodingError
from pipeline.articles.files import COMPRESSED, READ_ERRORS, Member, RawFile, TooLargeError, kind_of, read_all
from pipeline.articles.ranges import Span
from pipeline.articles.records import read_records
from pipeline.articles.single import read_page, read_text, text_limit
from pipeline.articles.warc import WARC, read_warc
from pipeline.core.config import Reading
from pipeline.core.limits import TimeLimit, time_limit
from pipeline.core.rows import Article, Failure

VERSION = "1"
TOPICS = ("calendar", "function_words")

TEXT = (".txt", ".md", ".markdown")
HTML = (".html", ".htm", ".xhtml")
RECORDS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")
KINDS = (*TEXT, *HTML, *RECORDS, *WARC, *ARCHIVES)
SUPPORTED = tuple(kind + suffix for kind in KINDS for suffix in ("", *COMPRESSED))


def is_supported(path: RawFile) -> bool:
    """Tell by its name whether a file is of a kind that can be read."""
    return kind_of(path) in KINDS


def read_articles(
    path: RawFile, *, source: str, config: Reading, seconds: float | None = None, span: Span | None = None
) -> Iterator[Article | Failure]:
    """Stream the articles of a raw file.

    ``source`` is the file's path relative to the raw folder, with ``/``; it and the record's own id
    (or its number) make ``article_id``. An article that takes more than ``seconds`` is a failure.
    ``span`` reads one range of a large file (see ``ranges``). Never raises for bad input: what cannot be read is
    a ``Failure`` of the stage "articles", and so is a whole file without any article.
    """
    count = 0
    try:
        for found in _read(path, source, config, seconds, span):
            count += 1
            yield found
        if not count and span is None:
            yield failure(source, None, "Empty", "there is no article in it")
    except TooLargeError as error:
        yield failure(source, None, "TooLarge", str(error))
    except EncodingError as error:
        yield failure(source, None, "BadEncoding", str(error))
    except READ_ERRORS as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        yield failure(source, None, "Unreadable", f"the file cannot be read: {reason}")
    except (ValueError, RecursionError, MemoryError) as error:
        yield failure(source, None, type(error).__name__, f"the file cannot be read: {error}")


def _read(
    path: RawFile, source: str, config: Reading, seconds: float | None, span: Span | None
) -> Iterator[Article | Failure]:
    kind = kind_of(path)
    if kind in RECORDS:
        yield from read_records(path, source=source, config=config, seconds=seconds, span=span)
    elif kind in (*TEXT, *HTML):
        yield _read_single(path, source=source, config=config, kind=kind, seconds=seconds)
    elif kind in WARC:
        yield from read_warc(path, source=source, config=config, seconds=seconds, span=span)
    elif kind in ARCHIVES and not isinstance(path, Member):
        yield from read_archive(
            path,
            source=source,
            config=config,
            read=lambda member, name: read_articles(member, source=name, config=config, seconds=seconds),
            span=span,
        )
    else:
        yield failure(source, None, "Unsupported", f"files of kind {kind or '(none)'} are not read")


def _read_single(path: RawFile, *, source: str, config: Reading, kind: str, seconds: float | None) -> Article | Failure:
    page = kind in HTML
    limit = min(config.max_bytes, config.max_html_bytes) if page else text_limit(config)
    try:
        data = read_all(path, limit=limit)
    except TooLargeError:
        if page or limit == config.max_bytes:
            raise
        return failure(
            source, 0, "TooLong", f"the text has more than reading.max_chars ({config.max_chars:,}) characters"
        )
    origin = Origin(source, 0, sha256(data), path if isinstance(path, Path) else None)
    try:
        with time_limit(seconds):
            if page:
                return read_page(data, origin=origin, config=config)
            markup = True if kind in (".md", ".markdown") else None
            return read_text(data, origin=origin, config=config, markup=markup)
    except TimeLimit as error:
        return failure(source, 0, "TimeLimit", str(error))
