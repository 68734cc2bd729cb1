"""Small inputs that several tests share; all texts are written for these tests."""

from pathlib import Path

import pytest

from pipeline.core.config import Config, Entities, Events

ENGLISH = """Mongolia and Chile leaders to meet in Geneva next week
GENEVA, March 3 - President Amarsanaa Bold of Mongolia will meet his Chilean counterpart in Geneva next week, his office said on Monday.
"We have much to discuss," the president told reporters. He spoke by phone with Chancellor Olaf Scholz on Sunday.
Chile's foreign ministry declined to comment. A meeting with Egypt was cancelled.

Advertisement
Leave a Reply
"""
ARABIC = """قال وزير الخارجية المصري بدر عبد العاطي، يوم الأحد، إن القاهرة ستستضيف محادثات جديدة الأسبوع المقبل.
والتقى الوزير في القاهرة نظيره الأردني أيمن الصفدي، وأكد الجانبان أهمية وقف إطلاق النار.
ونفت وزارة الخارجية الإيرانية إجراء أي اتصال هاتفي مع واشنطن.
"""
CHINESE = """中国外交部长王毅3月3日在北京会见埃及外长阿卜杜勒阿提。
王毅表示，中方愿同埃方加强合作。双方还就加沙局势交换了意见。
法国总统马克龙当天同埃及总统塞西通电话。
"""


@pytest.fixture
def small_config() -> Config:
    """The explainable engines, which need no model."""
    return Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules"))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Three articles with a publication date, one a language."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, text in (("en", ENGLISH), ("ar", ARABIC), ("zh", CHINESE)):
        (folder / f"one.{name}.txt").write_text(f"---\ndate: 2025-03-03\n---\n\n{text}", encoding="utf-8")
    return folder
