"""Make an ``Article`` from a text and what its file or record tells of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pipeline.articles import markdown
from pipeline.articles.dates import (
    DayOrder,
    PartialDate,
    date_of_path,
    date_of_text,
    parse_date,
    partial_date_of_path,
)
from pipeline.articles.wrapping import unwrap
from pipeline.core.config import Reading
from pipeline.core.limits import TimeLimit, time_limit
from pipeline.core.rows import Article, Failure

STAGE = "articles"
T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufeff\u200b\ufffe\uffff]")
_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_RUN = re.compile(r"\n{3,}")
_SOURCE_LINK = re.compile(
    r"source link|original (?:article|link)|read (?:the )?original|原文链接|原文連結|原文|رابط المصدر|المصدر", re.I
)
_STOP = re.compile(r"[.!?…。！？؟;:：；,，،][\"'”’»」』)\]）]*$")
_LETTER = re.compile(r"[^\W\d_]")
_BARE_DATE = re.compile(r"^\W*(?:\d[\d\W]*)$")
_MARKUP = re.compile(r"</(?:p|div|span|a|li|h[1-6])>|<br\s*/?>|<p[ >]", re.I)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article comes from: its source, its place in it, and the hash of its raw bytes.

    ``path`` is the file itself, for its time stamp; ``fetched`` is when a crawler fetched the page.
    """

    source: str
    source_index: int
    raw_sha256: str
    path: Path | None = None
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the metadata of a file or record tell; ``kind`` is what they were read from.

    ``url_kind`` is what the address was read from, where that is something else.
    """

    kind: str
    url_kind: str | None = None
    title: Any = None
    author: Any = None
    publisher: Any = None
    url: Any = None
    published: Any = None


def sha256(data: bytes | str) -> str:
    """Hash bytes or text, in hexadecimal digits."""
    # A record's id may hold lone surrogates: JSON allows them.
    return hashlib.sha256(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data).hexdigest()


def article_id_of(source: str, key: str | int) -> str:
    """Make the id of an article: 16 hexadecimal digits of a hash over its source and key."""
    return sha256(f"{source}\0{key}")[:16]


def failure(source: str, index: int | None, error: str, message: str) -> Failure:
    """Make the row of an input that could not be read; the message is cut to one short line.

    What the input brought into it (a column's name, a member's) may hold anything.
    """
    line = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(message.split()))
    return Failure(source, index, STAGE, error, line[:500])


def guarded(make: Callable[[], T], *, source: str, index: int | None, seconds: float | None) -> T | Failure:
    """Make one article within its time; whatever it raises is a failure of this one alone."""
    try:
        with time_limit(seconds):
            return make()
    except (Exception, TimeLimit) as error:  # a parser's bug must not cost the rest of the file
        return failure(source, index, type(error).__name__, str(error) or "no message")


def clean_text(text: str) -> str:
    """Unify line breaks, drop control characters, and strip blanks at the lines' ends.

    At most one empty line stays between two others; characters and blanks inside a line are left
    as they are.
    """
    text = _CONTROL.sub("", _BREAK.sub("\n", text))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_RUN.sub("\n\n", text).strip("\n")


def make_article(
    raw_text: str,
    *,
    origin: Origin,
    facts: Facts,
    config: Reading,
    key: str | int | None = None,
    markup: bool | None = None,
) -> Article | Failure:
    """Build the article, or say why the text is none.

    ``markup`` tells whether the text is Markdown; None looks for its signs. ``key`` is the record's
    own id; without it the article's place in its file serves.
    """
    source, index = origin.source, origin.source_index
    if len(raw_text) > config.max_chars:
        message = f"the text has {len(raw_text):,} characters, more than reading.max_chars"
        return failure(source, index, "TooLong", f"{message} ({config.max_chars:,})")
    text = _BREAK.sub("\n", raw_text)
    url = _url(facts.url)
    publisher = _string(facts.publisher)
    if publisher is not None and _url(publisher) is not None:
        # Many feeds put the address under "source".
        url, publisher = url or publisher, None
    url_from = facts.url_kind or facts.kind
    if markup or (markup is None and markdown.is_markdown(text)):
        if url is None:
            url = _source_link(text)
            url_from = "text"
        text = markdown.strip_markdown(text)
    text = clean_text(unwrap(text))
    if not _LETTER.search(text):
        return failure(source, index, "NoText", "no text: there is no letter in it")
    published_at, published_from = _published(text, facts, url, url_from, origin, config)
    return Article(
        article_id=article_id_of(source, index if key is None else f"id:{key}"),
        source=source,
        source_index=index,
        url=url,
        title=_string(facts.title) or headline(text),
        author=_string(facts.author),
        publisher=publisher,
        published_at=published_at,
        published_from=published_from,
        language=None,
        languages=(),
        text=text,
        raw_sha256=origin.raw_sha256,
        content_sha256=sha256(text),
        garbled=None,
        n_sentences=0,
    )


def headline(text: str) -> str | None:
    """Take the first line as the headline: short, without a full stop, and with text after it."""
    first, _, rest = text.lstrip("\n").partition("\n")
    if len(first) > 200 or _STOP.search(first) or not rest.strip():
        return None
    if len(_LETTER.findall(first)) < 8 and not re.search(r"[\u4e00-\u9fff]{4}", first):
        return None
    return first


def looks_like_html(text: str) -> bool:
    """Tell whether a record's text is a piece of HTML: at least two tags of running text."""
    return len(_MARKUP.findall(text[:50_000])) >= 2


def _published(
    text: str, facts: Facts, url: str | None, url_from: str, origin: Origin, config: Reading
) -> tuple[datetime | None, str | None]:
    order: DayOrder = config.date_order
    found = parse_date(facts.published, order=order)
    if found is not None:
        return found, facts.kind
    known = _known_year(url, origin.source)
    found = date_of_text(text, known=known, order=order)
    if found is not None:
        return found, "text"
    found = date_of_path(url) if url else None
    if found is not None:
        return found, url_from
    if origin.fetched is not None:
        return origin.fetched, "warc_date"
    found = date_of_path(origin.source)
    if found is not None:
        return found, "file_name"
    if config.file_time and origin.path is not None:
        seconds = int(origin.path.stat().st_mtime)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), "file_time"
    return None, None


def _known_year(url: str | None, source: str) -> PartialDate | None:
    return (partial_date_of_path(url) if url else None) or partial_date_of_path(source)


def _source_link(text: str) -> str | None:
    for words, target in markdown.links(text):
        if _SOURCE_LINK.fullmatch(words) and (found := _url(target)):
            return found
    return None


def _string(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, (list, tuple)):
        parts = [part for part in (_string(item) for item in value) if part]
        return ", ".join(parts) or None
    if value is None or value != value:
        return None
    text = _CONTROL.sub("", str(value))
    text = " ".join(text.split())
    return text[:1000] if text and text.lower() not in ("null", "none", "nan") else None


def _url(value: Any) -> str | None:
    text = _string(value)
    return text if text and re.match(r"https?://\S+$", text) else None
