import pytest

from pipeline.articles.markdown import is_markdown, links, strip_markdown


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("See [the report](https://example.org/a_(b)) now.", "See the report now."),
        ("**The minister** left, *he* said.", "The minister left, he said."),
        ("## Talks fail ##", "Talks fail"),
        ("- one\n* two\n+ three", "one\ntwo\nthree"),
        ("before\n\n---\n\nafter", "before\n\n\n\nafter"),
        ("![a picture](x.png)The text.", "The text."),
        ("> quoted line", "quoted line"),
        ("It costs 2 * 3 * 4 pounds.", "It costs 2 * 3 * 4 pounds."),
        ("snake_case_name stays", "snake_case_name stays"),
        ("a _word_ in stress", "a word in stress"),
        ("AT&amp;T said 5 &lt; 6", "AT&T said 5 < 6"),
        ("1\\. Not a list \\*", "1. Not a list *"),
        ("**会谈**已经结束。", "会谈已经结束。"),
    ],
)
def test_markup_goes_and_words_stay(raw: str, text: str) -> None:
    assert strip_markdown(raw) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Bold** words", True),
        ("[link](https://example.org)", True),
        ("# Heading\ntext", True),
        ("- He said no.\n* footnote", False),
        ("The price was 3 ** 4", False),
        ("[sic] (he said)", False),
        ("#protest grows", False),
    ],
)
def test_plain_text_is_told_from_markdown(text: str, expected: bool) -> None:
    assert is_markdown(text) is expected


def test_links_in_order() -> None:
    assert links("[a](http://x.org) and [b](/y 'title')") == [("a", "http://x.org"), ("b", "/y")]
