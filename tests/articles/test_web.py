from datetime import datetime
from pathlib import Path

import pytest

from pipeline.articles import read_articles
from pipeline.articles.web import HtmlError, fragment_text, read_html
from pipeline.core.config import Reading
from pipeline.core.rows import Article

PARAGRAPHS = "".join(
    f"<p>The ministers of Norway and Peru met on Monday in Bergen for round {n} of their talks on fish, and both "
    "said that a text was within reach.</p>"
    for n in range(1, 5)
)
HEAD = """<meta property="og:title" content="Talks on fish end in Bergen | Harbour Post">
<meta name="author" content="Ana Duarte"><meta property="og:site_name" content="Harbour Post">
<link rel="canonical" href="https://example.org/fish">"""


def page(head: str = HEAD, body: str = PARAGRAPHS) -> str:
    return (
        f"<html><head><title>x</title>{head}</head><body><nav><a href='/'>Home</a></nav><article>"
        f"<h1>Talks on fish end in Bergen</h1>{body}</article><footer>Privacy policy</footer></body></html>"
    )


def test_text_and_metadata() -> None:
    text, facts = read_html(page())
    lines = text.split("\n")
    assert lines[0] == "Talks on fish end in Bergen"
    assert sum(line.startswith("The ministers of Norway") for line in lines) == 4
    assert "Home" not in text
    assert (facts.author, facts.publisher, facts.url) == ("Ana Duarte", "Harbour Post", "https://example.org/fish")


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-07-26T20:07:06+08:00">',
        '<meta name="pubdate" content="2024-07-26 20:07:06">',
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-07-26T20:07:06Z"}</script>',
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2024-07-26T20:07:06Z"}]}'
        "</script>",
    ],
)
def test_published_time(head: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page(head), encoding="utf-8")
    [article] = read_articles(path, source="a.html", config=Reading())
    assert isinstance(article, Article)
    assert article.published_at == datetime(2024, 7, 26, 20, 7, 6)
    assert article.published_from == "html_metadata"


def test_no_date_is_invented(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page(HEAD, PARAGRAPHS + "<p>On 3 May 2021 the boats had left.</p>"), encoding="utf-8")
    [article] = read_articles(path, source="a.html", config=Reading())
    assert isinstance(article, Article)
    assert article.published_at is None
    assert article.title == "Talks on fish end in Bergen | Harbour Post"


def test_declared_encoding(tmp_path: Path) -> None:
    body = (
        "<p>首相は火曜日、外相と会談したと発表した。会談は二時間続き、双方は来週も協議を続けることで一致した。</p>" * 4
    )
    path = tmp_path / "a.htm"
    path.write_bytes(page('<meta charset="shift_jis">', body).encode("shift_jis"))
    [article] = read_articles(path, source="a.htm", config=Reading())
    assert isinstance(article, Article)
    assert "首相は火曜日" in article.text


def test_page_without_text() -> None:
    with pytest.raises(HtmlError):
        read_html("<html><script>var x = 1;</script></html>")


def test_deep_nesting_ends() -> None:
    deep = "<div>" * 20_000 + "<p>The minister said no.</p>" + "</div>" * 20_000
    try:
        read_html(f"<html><body>{deep}</body></html>")
    except HtmlError:
        return


def test_fragment_becomes_lines() -> None:
    assert fragment_text("<p>One <b>two</b>.</p><p>Three<br>four &amp; five<script>x()</script></p>") == (
        "One two.\nThree\nfour & five"
    )
