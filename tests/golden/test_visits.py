"""One trip and one meeting, told by articles of three kinds: with a date in two languages, without one
in Arabic, and of the next year."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.core import schemas
from pipeline.core.config import Config
from pipeline.run import run

ARTICLES = {
    "nice.txt": """---
date: 2024-06-14
---

埃尔多安与马克龙在尼斯会面

土耳其总统埃尔多安和法国总统马克龙周四在尼斯会面，讨论榛子关税。德国总理朔尔茨没有出席。

Turkish President Recep Tayyip Erdogan and French President Emmanuel Macron met in Nice on Thursday to discuss tariffs on
hazelnuts. German Chancellor Olaf Scholz stayed away.

The two presidents want a treaty by autumn, the Turkish government said.
""",
    "trip.txt": """أعلنت الرئاسة التركية في بيان أن المستشار الألماني أولاف شولتس عقد، أمس الأربعاء، اجتماعاً مع الرئيس التركي رجب \
طيب أردوغان، وأن الجانبين بحثا رسوم البندق.
وأضاف البيان أنه في وقت لاحق التقت رئيسة المفوضية الأوروبية أورسولا فون دير لاين أردوغان، وأعربت عن قلقها على المزارعين.
وتوجَّه أردوغان إلى مدينة نيس الفرنسية، في وقت لاحق أمس، بدعوة من الرئيس الفرنسي إيمانويل ماكرون.
""",
    "again.txt": """---
date: 2025-02-04
---

Turkey's Erdogan to discuss hazelnuts with Macron again

Turkish President Recep Tayyip Erdogan is set to meet French President Emmanuel Macron on Thursday, with railways and
hazelnuts on the agenda. The two leaders are due to talk in the afternoon, officials said.
""",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[frozenset[str], str]]]:
    """By article, each meeting's parties and its story."""
    folder = tmp_path_factory.mktemp("visits")
    (folder / "raw").mkdir()
    for name, text in ARTICLES.items():
        (folder / "raw" / name).write_text(text, encoding="utf-8")
    run(raw=folder / "raw", processed=folder / "out", config=Config(), workers=1)
    sources = {a.article_id: Path(a.source).name
               for a in schemas.ARTICLES.from_arrow(pq.read_table(folder / "out/articles"))}  # fmt: skip
    parties: dict[str, set[str]] = defaultdict(set)
    for argument in schemas.ARGUMENTS.from_arrow(pq.read_table(folder / "out/arguments")):
        if argument.role == "participant" and argument.entity_name is not None:
            parties[argument.event_id].add(argument.entity_name.split()[-1])
    answer: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
    for event in schemas.EVENTS.from_arrow(pq.read_table(folder / "out/events")):
        if event.type == "meeting":
            answer[sources[event.article_id]].append((frozenset(parties[event.event_id]), event.story_id or ""))
    return answer


def _stories(told: dict[str, list[tuple[frozenset[str], str]]], article: str, *people: str) -> set[str]:
    found = {story for parties, story in told[article] if parties == frozenset(people)}
    assert found, (article, people, told[article])
    return found


def test_the_trip_to_somebody_is_the_meeting_in_both_languages(told):
    meeting = _stories(told, "nice.txt", "Erdoğan", "Macron")
    assert len(meeting) == 1
    assert _stories(told, "trip.txt", "Erdoğan", "Macron") >= meeting


def test_two_hosts_are_two_meetings(told):
    assert not _stories(told, "trip.txt", "Erdoğan", "Scholz") & _stories(told, "nice.txt", "Erdoğan", "Macron")


def test_the_next_year_is_another_story(told):
    assert not _stories(told, "again.txt", "Erdoğan", "Macron") & _stories(told, "nice.txt", "Erdoğan", "Macron")
