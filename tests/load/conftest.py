"""A folder of tables written by hand: a call denied and then confirmed, told in three languages, and a speech."""

from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline.core import schemas
from pipeline.core.rows import Argument, Article, Entity, Event, Failure, Mention, Sentence, StatusChange, Story
from pipeline.core.store import Store
from pipeline.load import Tables, open_tables

EN = "Ingrid Solvang rang Driss Lahlou. She told the union in Oslo: no comment."
AR = "نفت الرباط أن لحلو اتصل بسولفانغ."
ZH = "摩洛哥承认拉赫鲁曾与索尔旺通话。"


def article(article_id: str, source: str, text: str, language: str, day: int | None, **other: object) -> Article:
    published = None if day is None else datetime(2026, 3, day, 9)
    values = {
        "article_id": article_id, "source": source, "source_index": 0, "url": None, "title": source, "author": None,
        "publisher": None, "published_at": published, "published_from": None, "language": language,
        "languages": (language,), "text": text, "raw_sha256": "0", "content_sha256": "0", "garbled": 0.0,
        "n_sentences": 1,
    }  # fmt: skip
    return Article(**values | other)


def event(event_id: str, article_id: str, type_: str, status: str, **other: object) -> Event:
    values = dict.fromkeys(Event.__dataclass_fields__) | {
        "event_id": event_id, "article_id": article_id, "sentence_id": 0, "type": type_, "status": status,
        "trigger": "rang", "start": 15, "end": 19, "method": "rules",
    }  # fmt: skip
    return Event(**values | other)


def write_tables(folder: Path) -> None:
    copy = article("c1", "copy.en.txt", EN, "en", 10, duplicate_of="a1")
    rows = {
        "articles": [
            article("a1", "wire/one.en.txt", EN, "en", 9), article("a2", "two.ar.txt", AR, "ar", 10),
            article("a3", "three.zh.txt", ZH, "zh", 12), copy, article("a4", "undated.en.txt", "Soon.", "en", None),
        ],
        "sentences": [
            Sentence("a1", 0, 0, 33, "en", "body", EN[:33]), Sentence("a1", 1, 34, len(EN), "en", "body", EN[34:]),
            Sentence("a2", 0, 0, len(AR), "ar", "body", AR), Sentence("a3", 0, 0, len(ZH), "zh", "body", ZH),
            Sentence("c1", 0, 0, 33, "en", "body", EN[:33]),
        ],
        "mentions": [
            Mention("m1", "a1", 0, 0, 14, "Ingrid Solvang", "PER", "name", "x1", 0.9, "multilingual"),
            Mention("m2", "a2", 0, 13, 17, "لحلو", "PER", "name", "x2", 0.8, "multilingual"),
        ],
        "events": [
            event("a1-c15", "a1", "call", "actual", mode="phone", story_id="s1", score=0.9,
                  time_start=date(2026, 3, 8), time_end=date(2026, 3, 8), time_source="relative"),
            event("a1-s38", "a1", "statement", "actual", sentence_id=1, trigger="told", start=38, end=42,
                  time_start=date(2026, 3, 9), time_end=date(2026, 3, 9), time_source="publication",
                  place="Oslo", place_entity_id="Q585", cameo="010", quote="no comment", quote_start=61, quote_end=71),
            event("a2-c19", "a2", "call", "negated", story_id="s1"),
            event("a3-c12", "a3", "call", "actual", story_id="s1"),
            event("c1-c15", "c1", "call", "actual", story_id="s1"),
            event("a4-m0", "a4", "meeting", "planned"),
        ],
        "arguments": [
            Argument("a1-c15", "a1", "participant", 0, 14, "Ingrid Solvang", "x1", "Ingrid Solvang"),
            Argument("a1-c15", "a1", "participant", 20, 32, "Driss Lahlou", "x2", "Driss Lahlou"),
            Argument("a1-c15", "a1", "participant", 20, 32, "Driss Lahlou", "Q1028", "Morocco"),
            Argument("a1-s38", "a1", "speaker", 34, 37, "She", "x1", "Ingrid Solvang"),
            Argument("a1-s38", "a1", "addressee", 43, 52, "the union", None, "the union"),
            Argument("a1-s38", "a1", "place", 56, 60, "Oslo", "Q585", "Oslo"),
            Argument("a2-c19", "a2", "participant", 13, 17, "لحلو", "x2", "Driss Lahlou"),
            Argument("a2-c19", "a2", "participant", 23, 32, "بسولفانغ", "x1", "Ingrid Solvang"),
            Argument("a3-c12", "a3", "participant", 5, 8, "拉赫鲁", "x2", "Driss Lahlou"),
            Argument("a3-c12", "a3", "participant", 10, 13, "索尔旺", "x1", "Ingrid Solvang"),
            Argument("c1-c15", "c1", "participant", 0, 14, "Ingrid Solvang", "x1", "Ingrid Solvang"),
            Argument("c1-c15", "c1", "participant", 20, 32, "Driss Lahlou", "x2", "Driss Lahlou"),
        ],
        "entities": [
            Entity("x1", "Ingrid Solvang", "Ingrid Solvang", None, "英格丽·索尔旺", "PER", None, "NO", None, 4, 4,
                   datetime(2026, 3, 9), datetime(2026, 3, 12)),
            Entity("x2", "Driss Lahlou", "Driss Lahlou", "إدريس لحلو", None, "PER", None, "MA",
                   "Prime Minister of Morocco", 4, 4, datetime(2026, 3, 9), datetime(2026, 3, 12)),
            Entity("Q1028", "Morocco", "Morocco", "المغرب", "摩洛哥", "GPE", "Q1028", "MA", "country", 1, 1, None, None),
            Entity("Q585", "Oslo", "Oslo", "أوسلو", "奥斯陆", "GPE", "Q585", "NO", "capital", 1, 1, None, None),
            Entity("Q3318231", "Nasser Bourita", "Nasser Bourita", None, None, "PER", "Q3318231", "MA", None, 1, 1,
                   None, None),
        ],
        "stories": [
            Story("s1", "call", "phone", "actual",
                  (StatusChange(datetime(2026, 3, 9, 9), "actual", "a1"),
                   StatusChange(datetime(2026, 3, 10, 9), "negated", "a2"),
                   StatusChange(datetime(2026, 3, 12, 9), "actual", "a3")),
                  date(2026, 3, 8), date(2026, 3, 8), None, None, ("Driss Lahlou", "Ingrid Solvang"), 4, 3,
                  ("ar", "en", "zh"), datetime(2026, 3, 9, 9), datetime(2026, 3, 12, 9), None),
        ],
        "failures": [Failure("broken.html", None, "articles", "DecodeError", "not text")],
    }  # fmt: skip
    store = Store(folder)
    store.prepare()
    for name, items in rows.items():
        store.write(schemas.by_name(name), "all", items, {})


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "it's [processed]"
    write_tables(folder)
    return folder


@pytest.fixture(scope="session")
def tables(folder) -> Tables:
    return open_tables(folder)
