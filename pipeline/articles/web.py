"""HTML pages: the article's text through trafilatura, and what the page tells of it."""

from __future__ import annotations

import codecs
import functools
import json
import logging
import re
from collections.abc import Iterator
from configparser import ConfigParser
from typing import Any

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from pipeline.articles.build import Facts

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

MAX_TAGS = 200_000
"""Finding the article among so many takes seconds; pages of news have some thousands."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-:.]{2,30})", re.I)
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_\-:.]{2,30})", re.I)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
    "publishdate", "publish-date", "publish_date", "dc.date", "dc.date.issued", "dcterms.date",
    "dcterms.created", "dcterms.issued", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime",
    "article.published", "publication_date", "weibo:article:create_at", "og:release_date", "release_date",
)  # fmt: skip
_TITLE = ("og:title", "twitter:title", "dc.title", "title", "headline")
_AUTHOR = ("author", "article:author", "dc.creator", "parsely-author", "byl", "sailthru.author")
_PUBLISHER = ("og:site_name", "application-name", "dc.publisher", "publisher")
_ARTICLE_TYPES = ("Article", "Posting", "Report", "WebPage")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "td",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "figcaption",
        "ul",
        "ol",
    ]
)
_SKIPPED = frozenset(["script", "style", "noscript", "template", "head", "svg", "iframe", "nav", "form", "button"])


class HtmlError(Exception):
    """The page holds no text that could be an article."""


def declared_encoding(data: bytes) -> str | None:
    """Name the encoding that a page declares for itself, if Python knows it."""
    found = _XML_CHARSET.search(data[:1024]) or _CHARSET.search(data[:4096])
    if found is None:
        return None
    return known_encoding(found.group(1).decode("ascii"))


def known_encoding(label: str) -> str | None:
    """Name Python's text encoding for a label of the web; None for a label that names none.

    Python also has codecs that are no encodings of text (``hex``, ``zip``, ``idna``); a page that
    names one of them names nothing.
    """
    name = label.strip().lower()
    # Browsers read these labels as their Windows supersets (WHATWG Encoding Standard).
    name = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "shift_jis": "cp932"}.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    special = ("idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf-7", "mbcs", "oem")
    return None if found.name in special or not getattr(found, "_is_text_encoding", True) else name


def read_html(page: str) -> tuple[str, Facts]:
    """Take a page's article text (a paragraph a line) and its metadata.

    The visible headline stands first. Raises ``HtmlError`` where there is no text.
    """
    page = _XML_DECLARATION.sub("", page.replace("\0", ""))
    if page.count("<") > MAX_TAGS:
        raise HtmlError(f"the page has more than {MAX_TAGS:,} tags: it is no page of news")
    try:
        tree = lxml.html.fromstring(page)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise HtmlError(f"the page cannot be parsed: {error}") from error
    facts = _facts(tree)
    heading = _heading(tree, facts.title)
    body = _body(page)
    if body is None:
        body = fragment_text(page)
    if not body.strip():
        raise HtmlError("the page holds no article text")
    if heading and heading not in body[: len(heading) + 500]:
        body = f"{heading}\n\n{body}"
    return body, facts


def fragment_text(markup: str) -> str:
    """Turn a piece of HTML (a feed's or database's body field) into lines of text."""
    try:
        tree = lxml.html.fromstring(f"<div>{markup}</div>")
    except (etree.LxmlError, ValueError, AssertionError):
        return re.sub(r"<[^<>]{0,1000}>", " ", markup)
    lines = "".join(_pieces(tree)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _pieces(tree: Any) -> Iterator[str]:
    """Walk the tree without recursion: pages nest deeper than Python's stack allows."""
    skipping = 0
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if not skipping and node.tail:
                yield node.tail
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            skipping += tag in _SKIPPED
            if not skipping:
                yield "\n" if tag in _BLOCKS else ""
                yield (node.text or "").replace("\n", " ")
        else:
            skipping -= tag in _SKIPPED
            if not skipping:
                yield "\n" if tag in _BLOCKS else ""
                yield (node.tail or "").replace("\n", " ")


@functools.cache
def _extraction() -> ConfigParser:
    """Trafilatura's settings, with a lower least size: a Chinese report of 200 characters is whole,
    and its fallback would give one line with the share buttons in it."""
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "60")
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "10")
    return config


def _body(page: str) -> str | None:
    # A fifth of a second to load, and nothing for whoever has no pages.
    import trafilatura

    try:
        text = trafilatura.extract(
            page,
            output_format="txt",
            include_comments=False,
            include_tables=False,
            include_formatting=False,
            include_links=False,
            deduplicate=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
            config=_extraction(),
        )
    except Exception:
        return None
    return text if text and text.strip() else None


def _facts(tree: Any) -> Facts:
    metas: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        content = node.get("content")
        if name and content and content.strip():
            metas.setdefault(name.strip().lower(), content.strip())
    data = _json_ld(tree)
    title = data.get("headline") or _first(metas, _TITLE) or _text(tree.find(".//title"))
    url = _first(metas, ("og:url",)) or data.get("url")
    for node in tree.iter("link"):
        if (node.get("rel") or "").lower() == "canonical" and node.get("href"):
            url = node.get("href")
            break
    return Facts(
        kind="html_metadata",
        title=title,
        author=data.get("author") or _first(metas, _AUTHOR),
        publisher=_first(metas, _PUBLISHER[:1]) or data.get("publisher") or _first(metas, _PUBLISHER),
        url=url,
        published=data.get("datePublished") or _first(metas, _PUBLISHED) or _time_element(tree),
    )


def _json_ld(tree: Any) -> dict[str, Any]:
    """Read the first schema.org article in the page's JSON-LD blocks."""
    for node in tree.iter("script"):
        if (node.get("type") or "").lower() != "application/ld+json" or not node.text:
            continue
        try:
            data = json.loads(node.text[:1_000_000], strict=False)
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else [data]
        for item in list(items):
            if isinstance(item, dict) and isinstance(item.get("@graph"), list):
                items = [*items, *item["@graph"]]
        for item in items:
            kind = str(item.get("@type", "")) if isinstance(item, dict) else ""
            if any(name in kind for name in _ARTICLE_TYPES) and item.get("datePublished"):
                return dict(item)
    return {}


def _time_element(tree: Any) -> str | None:
    """Take the one time element that stands for publication; several times are no answer."""
    values = []
    for node in tree.iter("time"):
        stamp = node.get("datetime")
        if stamp and (node.get("itemprop") == "datePublished" or node.get("pubdate") is not None):
            return str(stamp)
        if stamp:
            values.append(str(stamp))
    return values[0] if len(set(values)) == 1 else None


def _heading(tree: Any, title: Any) -> str | None:
    """The page's one h1, or the one that the title repeats."""
    found = [text for node in tree.iter("h1") if (text := _text(node))]
    if len(found) == 1 and len(found[0]) <= 300:
        return found[0]
    return next((text for text in found if title and text in str(title)), None)


def _text(node: Any) -> str | None:
    if node is None:
        return None
    return " ".join(str(node.text_content()).split()) or None


def _first(values: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((values[name] for name in names if name in values), None)
