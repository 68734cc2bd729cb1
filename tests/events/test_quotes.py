"""The words that a statement reports."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Sentence
from pipeline.events.quotes import find_quote


def _quote(text: str, language: str, trigger: str, *, shift: int = 100) -> tuple[str, str] | None:
    sentence = Sentence("a", 0, shift, shift + len(text), language, "body", text)
    at = text.index(trigger)
    quote = find_quote(sentence, shift + at, shift + at + len(trigger))
    return None if quote is None else (text[quote.start - shift : quote.end - shift], quote.kind)


@pytest.mark.parametrize(
    ("language", "text", "trigger", "words", "kind"),
    [
        ("en", 'The minister said: "The ferry will sail on Monday morning."', "said",
         '"The ferry will sail on Monday morning."', "direct"),
        ("en", '"The ferry will sail on Monday morning," the minister said.', "said",
         '"The ferry will sail on Monday morning,"', "direct"),
        ("en", "The minister said that the ferry would sail on Monday.", "said",
         "the ferry would sail on Monday", "indirect"),
        ("en", 'The minister said that the ferry was "late" again.', "said", 'the ferry was "late" again', "mixed"),
        ("ar", "قال الوزير إن السفينة ستبحر يوم الاثنين.", "قال", "السفينة ستبحر يوم الاثنين", "indirect"),
        ("ar", "قال الوزير: «ستبحر السفينة صباح يوم الاثنين المقبل».", "قال",
         "«ستبحر السفينة صباح يوم الاثنين المقبل»", "direct"),
        ("zh", "部长表示，渡轮将于周一恢复通航。", "表示", "渡轮将于周一恢复通航", "indirect"),
        ("zh", "部长说：“渡轮周一早上一定会准时开出港口。”", "说", "“渡轮周一早上一定会准时开出港口。”", "direct"),
        ("zh", "部長說：「渡輪週一早上一定會準時開出港口。」", "說", "「渡輪週一早上一定會準時開出港口。」", "direct"),
    ],
)  # fmt: skip
def test_reported_words(language: str, text: str, trigger: str, words: str, kind: str) -> None:
    assert _quote(text, language, trigger) == (words, kind)


@pytest.mark.parametrize(
    ("language", "text", "trigger"),
    [
        ("en", "The embassy declined to comment.", "declined to comment"),
        ("ar", "رفضت السفارة التعليق.", "التعليق"),
        ("zh", "使馆拒绝置评。", "置评"),
    ],
)
def test_no_words_no_quote(language: str, text: str, trigger: str) -> None:
    assert _quote(text, language, trigger) is None


def test_the_nearest_of_two_quotations_is_taken() -> None:
    text = '"We are waiting for the tide," said the pilot; the owner said: "We are waiting for the pilot to come."'
    sentence = Sentence("a", 0, 0, len(text), "en", "body", text)
    first = find_quote(sentence, text.index("said"), text.index("said") + 4)
    second = find_quote(sentence, text.rindex("said"), text.rindex("said") + 4)
    assert first is not None
    assert text[first.start : first.end].startswith('"We are waiting for the tide')
    assert second is not None
    assert text[second.start : second.end].startswith('"We are waiting for the pilot')
