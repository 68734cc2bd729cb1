"""Noise and joining keep the spans on their names."""

from __future__ import annotations

import random

import pytest

from training.corpora import Sentence, join, noisy, swapped

ENGLISH = Sentence("Ana Ruiz met Bo Chen in Lima.", ((0, 8, "PER"), (13, 20, "PER"), (24, 28, "LOC")))
ARABIC = Sentence("التقى أحمد علي في عمان.", ((6, 14, "PER"), (18, 22, "LOC")))
CHINESE = Sentence("陈志远在上海会见记者。", ((0, 3, "PER"), (4, 6, "LOC")))


@pytest.mark.parametrize(("sentence", "language"), [(ENGLISH, "en"), (ARABIC, "ar"), (CHINESE, "zh")])
def test_noise_keeps_spans_on_their_names(sentence: Sentence, language: str) -> None:
    rng = random.Random(5)
    plain = [sentence.text[s:e].lower() for s, e, _ in sentence.spans]
    texts = set()
    for _ in range(300):
        found = noisy(sentence, language, rng)
        texts.add(found.text)
        for (s, e, _), name in zip(found.spans, plain, strict=True):
            same = found.text[s:e].lower()
            assert same == name or same == name.translate(str.maketrans("أإآى", "اااي"))
    assert len(texts) > 1


def test_joined_sentences_keep_both_span_sets() -> None:
    both = join(ENGLISH, CHINESE, " ")
    names = [both.text[s:e] for s, e, _ in both.spans]
    assert names == ["Ana Ruiz", "Bo Chen", "Lima", "陈志远", "上海"]


@pytest.mark.parametrize("sentence", [ENGLISH, ARABIC, CHINESE])
def test_swapped_names_keep_their_type_and_their_place(sentence: Sentence) -> None:
    rng = random.Random(8)
    names = {"PER": ["Q", "Mr Long Name"], "LOC": ["X City"]}
    seen = set()
    for _ in range(100):
        found = swapped(sentence, names, rng)
        between, at = [], 0
        for (s, e, label), (_, _, wanted) in zip(found.spans, sentence.spans, strict=True):
            assert label == wanted
            assert found.text[s:e] in {*names[label], *(sentence.text[a:b] for a, b, _ in sentence.spans)}
            between.append(found.text[at:s])
            at = e
        seen.add(found.text)
        assert "".join(between) + found.text[at:] == _without_names(sentence)
    assert len(seen) > 2


def _without_names(sentence: Sentence) -> str:
    text = sentence.text
    for s, e, _ in reversed(sentence.spans):
        text = text[:s] + text[e:]
    return text
