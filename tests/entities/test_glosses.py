"""Latin names that a text gives in brackets behind a name in other letters."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.entities.glosses import find_glosses
from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.linking import ArticleLinker, unlisted_id
from pipeline.entities.spans import NameSpan


@pytest.mark.parametrize(
    ("text", "name", "label", "gloss"),
    [
        ("市长安娜·科赫（Anna Koch）说", "安娜·科赫", "PER", "Anna Koch"),
        ("市长安娜科赫女士 ( Anna  Koch )说", "安娜科赫", "PER", "Anna Koch"),
        ("قالت آنا كوخ (Anna Koch) إن", "آنا كوخ", "PER", "Anna Koch"),
        ("市长安娜·科赫（左）说", "安娜·科赫", "PER", None),
        ("市长安娜·科赫（SPD）说", "安娜·科赫", "PER", None),
        ("市长安娜·科赫说（Omar Lund）", "安娜·科赫", "PER", None),
        ("市长安娜·科赫星期三说（Omar Lund）", "安娜·科赫", "PER", None),
        ("港务局（Harbour Board）说", "港务局", "ORG", None),
    ],
)
def test_what_stands_in_brackets(text: str, name: str, label: str, gloss: str | None) -> None:
    start = text.index(name)
    found = find_glosses(text, [NameSpan(start, start + len(name), label, None, "test")])
    assert found.get(name) == gloss


def test_a_gloss_links_the_name_and_its_parts() -> None:
    names = [("安娜·科赫", "PER"), ("Anna Koch", "PER"), ("科赫", "PER")]
    linker = ArticleLinker(load_lexicon(), names, date(2026, 3, 1), glosses={"安娜·科赫": "Anna Koch"})
    found = [linker.link(*name) for name in names]
    assert {r.entity_id for r in found if r is not None} == {unlisted_id("Anna Koch", "PER")}
    assert None not in found


def test_a_short_form_takes_the_country_that_longer_names_tell_of() -> None:
    names = [("乌", "GPE"), ("乌兹别克斯坦代表团", "ORG"), ("乌外交部", "ORG")]
    linked = ArticleLinker(load_lexicon(), names, date(2026, 3, 1)).link("乌外交部", "ORG")
    assert linked is None or "Ukrain" not in linked.name
