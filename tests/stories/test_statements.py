"""The same words of the same speaker are one story."""

from datetime import date

import pytest

from pipeline.stories.statements import StatementMention, merge_statements

WORDS = "We will not reopen the harbour before the pilots have signed the agreement"


def said(article, speaker, words, day=5):
    return StatementMention(f"{article}-s1", article, 1, (speaker,), words, date(2026, 3, day))


@pytest.mark.parametrize(
    ("second", "groups"),
    [
        (said("b", "ana", WORDS + "!"), 1),
        (said("b", "ana", "not reopen the harbour before the pilots have signed"), 1),
        (said("b", "ben", WORDS), 0),
        (said("b", "ana", WORDS, day=28), 0),
        (said("b", "ana", "The tariff on copper falls next spring whatever the pilots decide today"), 0),
    ],
)
def test_pairs(second, groups):
    assert len(merge_statements([said("a", "ana", WORDS), second])) == groups


def test_short_words_never_join():
    assert merge_statements([said("a", "ana", "Yes, of course"), said("b", "ana", "Yes, of course")]) == []
