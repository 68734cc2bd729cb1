"""Properties that hold of any text in three scripts: every row points at what it says."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_inputs.common import ODD, PIECES, SENTENCES
from pipeline.articles.build import Facts, Origin, make_article
from pipeline.core.config import Config, Entities, Events
from pipeline.core.rows import Article, Document
from pipeline.run.stages import Stages

STAGES = Stages(Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules")))

WORDS = st.sampled_from([word for sentence in SENTENCES for word in sentence.split(" ")])
HAN = st.sampled_from([sentence[at : at + 3] for sentence in SENTENCES[4:] for at in range(0, len(sentence), 3)])
PART = st.one_of(
    WORDS, HAN, st.sampled_from(SENTENCES), st.sampled_from(ODD), st.sampled_from(PIECES), st.text(max_size=6)
)
TEXT = st.lists(st.tuples(PART, st.sampled_from(["", " ", " ", "\n", "\u202b", "\u3000"])), max_size=25).map(
    lambda parts: "".join(part + gap for part, gap in parts)
)


def document_of(text: str) -> Document | None:
    made = make_article(
        text,
        origin=Origin("x.txt", 0, "0" * 64),
        facts=Facts("text", published="2025-03-04"),
        config=STAGES.config.reading,
    )
    return Document(made) if isinstance(made, Article) else None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(TEXT)
def test_every_row_points_at_its_text(text: str) -> None:
    document = document_of(text)
    if document is None:
        return
    for name in ("language", "entities", "events"):
        [document] = STAGES.stage(name).run([document])
    text = document.article.text
    text.encode()
    for row in (*document.sentences, *document.mentions):
        assert text[row.start : row.end] == row.text
    for event in document.events:
        assert text[event.start : event.end] == event.trigger
        assert event.quote is None or text[event.quote_start : event.quote_end] == event.quote
        if event.time_start is not None and event.time_end is not None:
            assert event.time_start <= event.time_end
    for argument in document.arguments:
        assert argument.start is None or text[argument.start : argument.end] == argument.text
    assert all(before.end <= after.start for before, after in pairwise(document.sentences))
    covered = [False] * len(text)
    for sentence in document.sentences:
        assert "\n" not in sentence.text
        covered[sentence.start : sentence.end] = [True] * (sentence.end - sentence.start)
    assert all(char.isspace() for char, known in zip(text, covered, strict=True) if not known)
    assert {event.event_id for event in document.events} >= {argument.event_id for argument in document.arguments}
    assert len({event.event_id for event in document.events}) == len(document.events)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXT, min_size=2, max_size=4))
def test_an_article_gives_the_same_rows_alone_and_among_others(texts: list[str]) -> None:
    documents = [document for text in texts if (document := document_of(text)) is not None]
    together = documents
    alone = documents
    for name in ("language", "entities", "events"):
        together = STAGES.stage(name).run(together)
        alone = [STAGES.stage(name).run([one])[0] for one in alone]
    assert [dataclasses.replace(one, analysis=None) for one in together] == [
        dataclasses.replace(one, analysis=None) for one in alone
    ]


@pytest.mark.parametrize("text", SENTENCES)
def test_the_sentences_themselves_bear_events(text: str) -> None:
    document = document_of(text)
    assert document is not None
    for name in ("language", "entities", "events"):
        [document] = STAGES.stage(name).run([document])
    assert document.events
