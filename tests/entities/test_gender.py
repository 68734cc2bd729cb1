"""What tells a person's gender."""

from __future__ import annotations

import pytest

from pipeline.entities.gender import title_gender


@pytest.mark.parametrize(
    ("before", "gender"),
    [
        ("وقال وزير الخارجية ", "m"),
        ("وقالت وزيرة الخارجية الألمانية ", "f"),
        ("المتحدث باسم وزارة الطاقة ", "m"),
        ("المتحدثة باسم الرئاسة ", "f"),
        ("رئيسة الوزراء السابقة ", "f"),
        ("أغلقت السفارة أبوابها. وقال ", None),
        ("في المدينة القديمة ", None),
    ],
)
def test_the_noun_that_heads_an_arabic_title_tells(before, gender):
    assert title_gender(before + "مروة", len(before), "ar") == gender
