from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles.build import Facts, Origin, make_article
from pipeline.core.config import Language, Reading
from pipeline.core.rows import Article, Document
from pipeline.language import LanguageStage

STAGE = LanguageStage(Language())
PIECES = st.sampled_from(
    ["The minister said no. ", "He left.", "“We won,” she said.", "قال الوزير إن المحادثات فشلت. ", "إقرأ أيضاً:", "会谈结束。", "他说：“好。”",
     "\n", "\n\n", " ", "Advertisement", "首相は会談した。", "Le ministre est à Dakar. ", "😀", "𠮷", "\u200f", "12", "—", "é"]
)  # fmt: skip


def run(text: str, title: str | None = None) -> Document:
    article = make_article(
        text,
        origin=Origin("a.txt", 0, "0" * 64),
        facts=Facts("front_matter", title=title),
        config=Reading(),
        markup=False,
    )
    assert isinstance(article, Article)
    return STAGE.run(Document(article))


def test_an_article_from_head_to_foot() -> None:
    document = run(
        "Ministers close in on a deal\n\nPublished On 4 Feb 20254 Feb 2025\n\n"
        "The ministers met in Bergen. “We are near,” said one of them.\n\nAdvertisement\n\n"
        "They will meet again on Friday.\nNobody spoke of money.\n\nSource link\nLeave a Reply\nYour email address will not be published."
    )
    article = document.article
    assert (article.language, article.languages) == ("en", ("en",))
    assert article.n_sentences == len(document.sentences) == 10
    assert [one.kind for one in document.sentences] == [
        "title", "boilerplate", "body", "body", "boilerplate", "body", "body", "boilerplate", "boilerplate", "boilerplate",
    ]  # fmt: skip
    assert article.garbled is not None
    assert article.garbled < 0.1
    assert [one.sentence_id for one in document.sentences] == list(range(10))


def test_languages_in_order_of_appearance() -> None:
    chinese = "两国部长周一在卑尔根举行会谈，讨论了渔业问题，并同意下周在利马再次会面。\n"
    english = "The ministers of Norway and Peru met on Monday in Bergen and spoke for two hours.\n"
    assert run(chinese * 4 + english).article.languages == ("zh", "en")
    assert run(english + chinese * 4).article.languages == ("en", "zh")
    assert run(english + chinese * 4).article.language == "zh"


def test_a_paragraph_may_mix() -> None:
    document = run("The ministers met on Monday in Bergen. 两国部长周一在卑尔根举行会谈，讨论了渔业问题。\n")
    assert [one.language for one in document.sentences] == ["en", "zh"]


def test_a_foreign_motto_is_no_language_of_the_article() -> None:
    text = "The minister said that talks in Lima had failed and that nobody knew why.\n" * 8
    document = run(text + "Il faut bien le faire.\n")
    assert document.article.languages == ("en",)


def test_a_credit_at_the_end_of_a_paragraph_is_furniture() -> None:
    document = run("会谈结束。\n双方没有达成协议，下周在利马再次会面。（责任编辑：王芳）\n")
    assert [one.kind for one in document.sentences] == ["body", "body", "boilerplate"]


def test_no_text_has_no_language() -> None:
    article = run("会谈结束。").article
    assert article.language == "zh"
    bare = Document(Article(**{**{name: getattr(article, name) for name in Article.__slots__}, "text": "12 — 34\n"}))
    document = STAGE.run(bare)
    assert (document.article.language, document.article.languages, document.article.garbled) == (None, (), None)
    assert document.article.n_sentences == 1


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join)))
def test_every_stretch_of_text_is_in_one_sentence(text: str) -> None:
    article = make_article(text + "a", origin=Origin("a", 0, ""), facts=Facts("text"), config=Reading())
    assert isinstance(article, Article)
    document = STAGE.run(Document(article))
    cleaned = document.article.text
    at = 0
    for one in document.sentences:
        assert cleaned[one.start : one.end] == one.text == one.text.strip()
        assert "\n" not in one.text
        assert one.start >= at
        assert not cleaned[at : one.start].strip()
        assert one.kind in ("title", "body", "caption", "boilerplate")
        at = one.end
    assert not cleaned[at:].strip()
    assert STAGE.run(Document(article)) == document
