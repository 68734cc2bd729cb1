"""Model and rules together, and the model's answer brought to sentences."""

from dataclasses import replace

import pytest

from pipeline.core.rows import Article, Document, Sentence
from pipeline.entities.engines.multilingual import ArticleAnalysis
from pipeline.events.combine import combine
from pipeline.events.model import propose, whole_words
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.model import Analysis, Argument, Event

MODEL = Proposal(0, "meeting", 10, 13, "planned", (), 0.9, "model")
RULES = Proposal(0, "meeting", 8, 13, "actual", (ProposedArgument("participant", 0, 5),), None, "rules", "visit")


def test_one_trigger_is_one_event_and_the_model_decides_its_status():
    (event,) = combine([MODEL], [RULES])
    assert (event.status, event.start, event.score, event.method) == ("planned", 10, 0.9, "model+rules")


def test_rules_fill_roles_that_the_model_leaves_empty_and_no_other():
    (event,) = combine([MODEL], [RULES])
    assert event.arguments == RULES.arguments
    one = ProposedArgument("participant", 20, 25, 0.8)
    talks = replace(RULES, mode=None)
    (event,) = combine([replace(MODEL, arguments=(one,))], [talks])
    assert set(event.arguments) == {one, *talks.arguments}
    (visit,) = combine([replace(MODEL, arguments=(one,))], [RULES])
    assert visit.arguments == (one,)
    two = (one, ProposedArgument("participant", 30, 35, 0.8))
    (event,) = combine([replace(MODEL, arguments=two)], [talks])
    assert event.arguments == two


def test_another_type_takes_nothing_over():
    (event,) = combine([replace(MODEL, type="call")], [RULES])
    assert (event.type, event.arguments) == ("call", ())


def test_what_rules_alone_find_needs_the_models_word():
    assert combine([], [RULES]) == []


def document():
    text = "Ana met Bo.\nShare this met\nHe said so."
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, "en", ("en",), text, "", "", None, 3)
    spans = ((0, 11, "body"), (12, 26, "boilerplate"), (27, 38, "body"))
    return Document(
        article, tuple(Sentence("a", n, s, e, "en", kind, text[s:e]) for n, (s, e, kind) in enumerate(spans))
    )


def test_offsets_are_brought_to_the_article_and_furniture_bears_no_event():
    met = Event("meeting", 4, 7, 0.9, "actual", 0.8, (Argument("participant", 0, 3, 0.7),))
    said = Event("statement", 3, 7, 0.9, "actual", 0.8, ())
    share = Event("meeting", 11, 14, 0.9, "actual", 0.8, ())
    analysis = ArticleAnalysis((0, 12, 27), (Analysis((), (met,)), Analysis((), (share,)), Analysis((), (), (said,))))
    doc = document()
    proposals = propose(doc, analysis)
    assert [(doc.article.text[p.start : p.end], p.sentence_id, p.method) for p in proposals] == [
        ("met", 0, "model"), ("said", 2, "rules"),
    ]  # fmt: skip
    assert proposals[0].arguments == (ProposedArgument("participant", 0, 3, 0.7),)


def test_a_hint_that_the_model_gives_nothing_is_a_look_alike():
    said = Event("statement", 3, 7, 0.001, "actual", 0.8, ())
    assert propose(document(), ArticleAnalysis((27,), (Analysis((), (), (said,)),))) == []


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("they negotiate now", (5, 11), (5, 14)),
        ("Netanyahu’s call", (0, 6), (0, 9)),
        ("Al-Sisi left", (3, 7), (3, 7)),
        ("end", (0, 3), (0, 3)),
        (None, (2, 3), (2, 3)),
    ],
)
def test_english_spans_are_whole_words(text, span, whole):
    assert whole_words(text, *span) == whole


@pytest.mark.parametrize(
    ("model", "rules", "expected"),
    [
        ("planned", "cancelled", "cancelled"),
        ("actual", "negated", "negated"),
        ("possible", "cancelled", "possible"),
        ("cancelled", "planned", "cancelled"),
    ],
)
def test_a_plain_cue_of_calling_off_or_denial_decides(model, rules, expected):
    (event,) = combine([replace(MODEL, status=model, status_score=0.99)], [replace(RULES, status=rules)])
    assert event.status == expected


@pytest.mark.parametrize(
    ("model", "rules", "plain", "expected"),
    [
        ("planned", "possible", True, "possible"),
        ("planned", "possible", False, "planned"),
        ("actual", "possible", True, "actual"),
        ("cancelled", "possible", True, "cancelled"),
    ],
)
def test_may_is_no_plan(model, rules, plain, expected):
    (event,) = combine([replace(MODEL, status=model, status_score=0.99)], [replace(RULES, status=rules, plain=plain)])
    assert event.status == expected


@pytest.mark.parametrize(("language", "kept"), [("ar", ["speaker"]), ("en", ["participant"])])
def test_how_sure_the_model_must_be_of_a_party_depends_on_the_language(language: str, kept: list[str]) -> None:
    doc = document()
    doc = replace(doc, sentences=tuple(replace(s, language=language) for s in doc.sentences))
    parties = (Argument("speaker", 0, 3, 0.6), Argument("participant", 8, 10, 0.7))
    event = Event("meeting", 4, 7, 0.9, "actual", 0.8, parties)
    (proposal,) = propose(doc, ArticleAnalysis((0,), (Analysis((), (event,)),)))
    assert [a.role for a in proposal.arguments] == kept
