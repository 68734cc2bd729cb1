"""Reading: raw files of every supported kind become articles, one at a time.

What cannot be read becomes a failure; nothing here stops a run. See ``docs/input-formats.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.articles import web
from pipeline.articles.build import Facts, Origin, failure, make_article, sha256
from pipeline.articles.encoding import EncodingError, decode
from pipeline.articles.files import COMPRESSED, READ_ERRORS, TooLargeError, kind_of, read_all
from pipeline.articles.front_matter import split_front_matter
from pipeline.articles.records import read_records
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure

VERSION = "1"
TOPICS = ("calendar", "function_words")

TEXT = (".txt", ".md", ".markdown")
HTML = (".html", ".htm", ".xhtml")
RECORDS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")
SUPPORTED = tuple(kind + suffix for kind in (*TEXT, *HTML, *RECORDS) for suffix in ("", *COMPRESSED))


def is_supported(path: Path) -> bool:
    """Tell by its name whether a file is of a kind that can be read."""
    return kind_of(path) in (*TEXT, *HTML, *RECORDS)


def read_articles(path: Path, *, source: str, config: Reading) -> Iterator[Article | Failure]:
    """Stream the articles of a raw file.

    ``source`` is the file's path relative to the raw folder, with ``/``; it and the record's own id
    (or its number) make ``article_id``. Never raises for bad input: what cannot be read is a
    ``Failure`` of the stage "articles".
    """
    kind = kind_of(path)
    try:
        if kind in RECORDS:
            yield from read_records(path, source=source, config=config)
        elif kind in (*TEXT, *HTML):
            yield _read_single(path, source=source, config=config, kind=kind)
        else:
            yield failure(source, None, "Unsupported", f"files of kind {kind or '(none)'} are not read")
    except TooLargeError as error:
        yield failure(source, None, "TooLarge", str(error))
    except EncodingError as error:
        yield failure(source, None, "BadEncoding", str(error))
    except READ_ERRORS as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        yield failure(source, None, "Unreadable", f"the file cannot be read: {reason}")
    except (ValueError, RecursionError, MemoryError) as error:
        yield failure(source, None, type(error).__name__, f"the file cannot be read: {error}")


def _read_single(path: Path, *, source: str, config: Reading, kind: str) -> Article | Failure:
    html = kind in HTML
    limit = min(config.max_bytes, config.max_html_bytes) if html else config.max_bytes
    data = read_all(path, limit=limit)
    if not data.strip():
        return failure(source, 0, "Empty", "the file is empty")
    origin = Origin(source, 0, sha256(data), path)
    text = decode(data, config.encodings, declared=web.declared_encoding(data) if html else None)
    if html:
        try:
            body, facts = web.read_html(text)
        except web.HtmlError as error:
            return failure(source, 0, "NoText", str(error))
        return make_article(body, origin=origin, facts=facts, config=config, markup=False)
    if len(text) > config.max_chars:
        return make_article(text, origin=origin, facts=Facts("text"), config=config)
    fields, body = split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    names = config.fields
    facts = Facts(
        kind="front_matter",
        title=_first(fields, names.title),
        author=_first(fields, names.author),
        publisher=_first(fields, names.publisher),
        url=_first(fields, names.url),
        published=_first(fields, names.published),
    )
    markup = True if kind in (".md", ".markdown") else None
    return make_article(body, origin=origin, facts=facts, config=config, markup=markup)


def _first(fields: dict[str, object], names: tuple[str, ...]) -> object:
    return next((fields[name] for name in names if fields.get(name) not in (None, "")), None)
