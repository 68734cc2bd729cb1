"""One document, one article: a text, a Markdown file or an HTML page."""

from __future__ import annotations

from dataclasses import replace

from pipeline.articles import web
from pipeline.articles.build import Facts, Origin, failure, make_article
from pipeline.articles.encoding import EncodingError, decode
from pipeline.articles.front_matter import split_front_matter
from pipeline.core.config import Reading
from pipeline.core.rows import Article, Failure

# Every character takes at most this many bytes in the encodings that are read.
_BYTES_A_CHARACTER = 4
_MARK_BYTES = 4


def text_limit(config: Reading) -> int:
    """Say how many bytes of a text file need be read: one that has more has too many characters."""
    return min(config.max_bytes, config.max_chars * _BYTES_A_CHARACTER + _MARK_BYTES)


def read_text(
    data: bytes, *, origin: Origin, config: Reading, markup: bool | None, url: str | None = None,
    key: str | None = None,
) -> Article | Failure:  # fmt: skip
    """Make the article of a text's bytes; front matter tells its facts.

    ``markup`` tells whether it is Markdown; None looks for its signs. ``url`` and ``key`` are as in
    ``read_page``. Raises ``EncodingError``.
    """
    source, index = origin.source, origin.source_index
    if len(data) > text_limit(config):
        message = f"the text has more than reading.max_chars ({config.max_chars:,}) characters"
        return failure(source, index, "TooLong", message)
    if not data.strip():
        return failure(source, index, "Empty", "there is nothing in it")
    text = decode(data, config.encodings)
    if len(text) > config.max_chars:
        return make_article(text, origin=origin, facts=Facts("text"), config=config)
    fields, body = split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    names = config.fields
    facts = Facts(
        kind="front_matter",
        title=_first(fields, names.title),
        author=_first(fields, names.author),
        publisher=_first(fields, names.publisher),
        url=_first(fields, names.url) or url,
        published=_first(fields, names.published),
    )
    return make_article(body, origin=origin, facts=facts, config=config, key=key, markup=markup)


def read_page(
    data: bytes, *, origin: Origin, config: Reading, charset: str | None = None, url: str | None = None,
    key: str | None = None,
) -> Article | Failure:  # fmt: skip
    """Make the article of an HTML page's bytes.

    ``charset`` is what the server said, which stands above what the page says of itself (HTML
    standard, "determining the character encoding"); ``url`` is where the page was fetched, taken
    where it names no address itself; ``key`` is the record's own id. Raises ``EncodingError``.
    """
    source, index = origin.source, origin.source_index
    if not data.strip():
        return failure(source, index, "Empty", "there is nothing in it")
    own = web.declared_encoding(data)
    declared = web.known_encoding(charset) if charset else None
    try:
        text = decode(data, config.encodings, declared=declared or own)
    except EncodingError:
        if declared is None or own is None or own == declared:
            raise
        text = decode(data, config.encodings, declared=own)
    try:
        body, facts = web.read_html(text)
    except web.HtmlError as error:
        return failure(source, index, "NoText", str(error))
    if url is not None and not facts.url:
        facts = replace(facts, url=url, url_kind="record")
    return make_article(body, origin=origin, facts=facts, config=config, key=key, markup=False)


def _first(fields: dict[str, object], names: tuple[str, ...]) -> object:
    return next((fields[name] for name in names if fields.get(name) not in (None, "")), None)
