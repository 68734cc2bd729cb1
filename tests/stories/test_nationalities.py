"""The country of people that no table has is read beside their names."""

import pytest

from pipeline.entities.lexicon import load_lexicon
from pipeline.languages import LANGUAGES, load_topic
from pipeline.stories.nationalities import Nationalities, countries


def country(word):
    lexicon = load_lexicon()
    code = lexicon.demonyms.get(word)
    return code or next((k.country for k in lexicon.named(word) if k.kind == "country"), None)


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "The Maltese transport minister, ⟦Marlene Zerafa⟧, was late.", "MT"),
        ("en", "Maltese transport minister ⟦Marlene Zerafa⟧ was late.", "MT"),
        ("en", "⟦Marlene Zerafa⟧, Malta's transport minister, was late.", "MT"),
        ("en", "Norway's ambassador to Morocco ⟦Kari Dahl⟧ was late.", None),
        ("en", "The storm left Malta. ⟦Marlene Zerafa⟧ was late.", None),
        ("en", "The Maltese baker ⟦Marlene Zerafa⟧ was late.", None),
        ("ar", "وصلت وزيرة النقل التونسية ⟦سلمى بن يوسف⟧ أمس.", "TN"),
        ("ar", "وصلت الطبيبة التونسية ⟦سلمى بن يوسف⟧ أمس.", None),
        ("zh", "突尼斯交通部长⟦萨勒玛·本·优素福⟧迟到了。", "TN"),
        ("zh", "风暴离开突尼斯。⟦萨勒玛·本·优素福⟧迟到了。", None),
    ],
)
def test_country(language, sentence, expected):
    start, end = sentence.index("⟦"), sentence.index("⟧") - 1
    found = Nationalities(country)
    found.add("x1", sentence.replace("⟦", "").replace("⟧", ""), start, end, language, ())
    assert countries(found.votes()).get("x1") == expected


def test_another_name_cuts_the_view():
    sentence = "Maltese transport minister Marlene Zerafa and Salma Ben Youssef were late."
    found = Nationalities(country)
    at = sentence.index("Salma")
    found.add("x1", sentence, at, at + 16, "en", (sentence.index("Marlene"), at - 5))
    assert countries(found.votes()) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_name_nobody(language):
    for entry in load_topic(language, "parties")["nobody"]:
        for sentence in entry["match"]:
            assert sentence[sentence.index("⟦") + 1 : sentence.index("⟧")] in entry["forms"]
        assert not [s for s in entry["not"] for f in entry["forms"] if f in s.split()]
