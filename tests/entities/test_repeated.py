"""Chinese names that an article bears again, found whole; days of the week are nobody."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Sentence
from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.repeated import with_repeated_people
from pipeline.entities.spans import NameSpan


def _names(text: str, found: list[tuple[str, str]], language: str = "zh") -> list[str]:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, language, (language,), text, "", "", None, 1)
    document = Document(article, (Sentence("a", 0, 0, len(text), language, "body", text),))
    spans, seen = [], dict[str, int]()
    for name, label in found:
        at = text.index(name, seen.get(name, 0))
        seen[name] = at + 1
        spans.append(NameSpan(at, at + len(name), label, 0.9, "test"))
    return [text[n.start : n.end] for n in with_repeated_people(spans, document, load_lexicon())]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("戈麦兹到了。市长会见戈麦兹。", [("戈麦兹", "PER")], ["戈麦兹", "戈麦兹"]),
        ("戈麦兹到了。市长同戈麦兹会面。", [("戈麦兹", "PER"), ("麦兹会", "LOC")], ["戈麦兹", "麦兹会"]),
        ("安娜·戈麦兹到了。安娜·戈麦兹走了。", [("安娜·戈麦兹", "PER")], ["安娜·戈麦兹", "安娜·戈麦兹"]),
        ("安娜·戈麦兹到了。戈麦兹市很大。", [("安娜·戈麦兹", "PER")], ["安娜·戈麦兹"]),
        ("李娜到了。李娜走了。", [("李娜", "PER")], ["李娜"]),
        ("港务局说。港务局又说。", [("港务局", "ORG")], ["港务局"]),
        ("伦敦人到了。挪威说，挪威不去。", [("挪威", "GPE")], ["挪威"]),
        ("根据周四公布的消息。", [("周", "PER")], []),
        ("周说，不去。", [("周", "PER")], ["周"]),
    ],
)
def test_names_again(text: str, found: list[tuple[str, str]], expected: list[str]) -> None:
    assert _names(text, found) == expected


def test_pieces_of_a_name_give_way() -> None:
    text = "戈麦兹到了。市长同戈麦兹会面。"
    second = text.rindex("戈麦兹")
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, "zh", ("zh",), text, "", "", None, 1)
    document = Document(article, (Sentence("a", 0, 0, len(text), "zh", "body", text),))
    spans = [
        NameSpan(0, 3, "PER", 0.9, "test"),
        NameSpan(second, second + 1, "LOC", 0.9, "test"),
        NameSpan(second + 1, second + 3, "LOC", 0.9, "test"),
    ]
    found = with_repeated_people(spans, document, load_lexicon())
    assert [(n.start, n.end, n.label, n.score) for n in found] == [
        (0, 3, "PER", 0.9),
        (second, second + 3, "PER", None),
    ]


def test_other_languages_stay() -> None:
    assert _names("Lund met Rais. Lund left.", [("Lund", "PER")], "en") == ["Lund"]
