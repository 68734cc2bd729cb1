"""The sample articles in data/raw/ give what a careful reader finds in them.

``samples.toml`` says what must come out (its head explains the keys); ``floors.toml`` how much of it
the program is known to find, and the scores on ``benchmarks/gold``. A floor is raised with every
gain; it goes down only in a change that says why.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.core import schemas
from pipeline.core.config import Config, Entities, Events
from pipeline.core.rows import Article, Event, Sentence, Story
from pipeline.evaluation import evaluate_gold
from pipeline.run import run

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = tomllib.loads((ROOT / "tests/golden/samples.toml").read_text(encoding="utf-8"))
FLOORS = tomllib.loads((ROOT / "tests/golden/floors.toml").read_text(encoding="utf-8"))
CONFIGS = {
    "rules": Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules")),
    "model": Config(entities=Entities(engine="multilingual"), events=Events(engine="auto")),
}
ENGINES = [name for name in CONFIGS if name in FLOORS]
_LOWERED = "if this change means to lose it, lower the floor in tests/golden/floors.toml and say why"


@dataclass(frozen=True, slots=True)
class Expected:
    """One sample article as ``samples.toml`` describes it."""

    path: str
    index: int
    data: dict[str, object]

    @property
    def key(self) -> tuple[str, int]:
        """Where its row comes from: ``source`` and ``source_index``."""
        return self.path, self.index

    def texts(self, key: str) -> list[str]:
        """A list of strings; empty where the key is not given."""
        return [str(x) for x in self.data.get(key, ())]  # type: ignore[attr-defined]

    def must_have(self) -> list[tuple[str, str, str]]:
        """Type, trigger and status of the events that a reader would not miss."""
        events = self.data.get("events", ())
        return [
            (str(event[0]), trigger, str(event[1]))
            for event, trigger in zip(events, self.texts("triggers"), strict=True)  # type: ignore[call-overload]
        ]


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of one run over the samples."""

    articles: dict[tuple[str, int], Article]
    sentences: dict[str, list[Sentence]]
    events: dict[str, list[Event]]
    stories: list[Story]


def _expected() -> Iterator[Expected]:
    for file in SAMPLES["file"]:
        for article in file.get("article", ()):
            yield Expected(file["path"], article.get("index", 0), article)


ARTICLES = list(_expected())
IDS = [str(a.data["id"]) for a in ARTICLES]


def _extract(folder: Path, config: Config) -> Tables:
    run(raw=ROOT / "data/raw", processed=folder, config=config, workers=1)
    articles: list[Article] = schemas.ARTICLES.from_arrow(pq.read_table(folder / "articles"))
    sentences: dict[str, list[Sentence]] = {a.article_id: [] for a in articles}
    for sentence in schemas.SENTENCES.from_arrow(pq.read_table(folder / "sentences")):
        sentences[sentence.article_id].append(sentence)
    events: dict[str, list[Event]] = {a.article_id: [] for a in articles}
    for event in schemas.EVENTS.from_arrow(pq.read_table(folder / "events")):
        events[event.article_id].append(event)
    stories: list[Story] = schemas.STORIES.from_arrow(pq.read_table(folder / "stories"))
    return Tables({(a.source, a.source_index): a for a in articles}, sentences, events, stories)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine that has floors."""
    return str(request.param)


@pytest.fixture(scope="module")
def found(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """What the engine gives for the samples."""
    return _extract(tmp_path_factory.mktemp(engine), CONFIGS[engine])


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """What comes out with the explainable engines, for all that no engine changes."""
    return _extract(tmp_path_factory.mktemp("samples"), CONFIGS["rules"])


@pytest.mark.parametrize("expected", ARTICLES, ids=IDS)
def test_article_is_read_as_written(tables: Tables, expected: Expected) -> None:
    article = tables.articles[expected.key]
    published = None if article.published_at is None else article.published_at.date().isoformat()
    assert article.title == expected.data["title"]
    assert list(article.languages) == expected.data["languages"]
    assert (published or "") == expected.data["published"]
    assert (article.published_from or "none") == expected.data["published_from"]


@pytest.mark.parametrize("expected", ARTICLES, ids=IDS)
def test_furniture_stands_in_no_sentence_of_the_text(tables: Tables, expected: Expected) -> None:
    article = tables.articles[expected.key]
    told = [s for s in tables.sentences[article.article_id] if s.kind != "boilerplate"]
    for snippet in expected.texts("boilerplate"):
        assert not [s.text for s in told if snippet in s.text], snippet


@pytest.mark.parametrize("expected", [a for a in ARTICLES if a.data["processed"] is False],
                         ids=lambda a: str(a.data["id"]))  # fmt: skip
def test_other_languages_bear_no_events(tables: Tables, expected: Expected) -> None:
    assert tables.events[tables.articles[expected.key].article_id] == []


def test_garbled_text_scores_above_the_others(tables: Tables) -> None:
    scores: dict[bool, list[float]] = {True: [], False: []}
    for expected in ARTICLES:
        garbled = tables.articles[expected.key].garbled
        if garbled is not None and list(expected.data["languages"]) == ["en"]:  # type: ignore[call-overload]
            scores[bool(expected.data.get("garbled"))].append(garbled)
    assert min(scores[True]) > max(scores[False])


def test_no_event_in_furniture(found: Tables) -> None:
    kinds = {(s.article_id, s.sentence_id): s.kind for rows in found.sentences.values() for s in rows}
    events = [e for rows in found.events.values() for e in rows]
    assert [e for e in events if kinds[e.article_id, e.sentence_id] == "boilerplate"] == []


def test_triggers_and_quotes_stand_in_the_text(found: Tables) -> None:
    texts = {a.article_id: a.text for a in found.articles.values()}
    for event in (e for rows in found.events.values() for e in rows):
        assert texts[event.article_id][event.start : event.end] == event.trigger
        if event.quote is not None:
            assert texts[event.article_id][event.quote_start : event.quote_end] == event.quote


def _false_events(found: Tables) -> list[tuple[str, str, str]]:
    """Events where the samples say that there is none."""
    wrong: list[tuple[str, str, str]] = []
    for expected in ARTICLES:
        article = found.articles[expected.key]
        events = found.events[article.article_id]
        wrong += [
            (IDS[ARTICLES.index(expected)], e.type, e.trigger) for e in events if e.type in expected.texts("absent")
        ]
        for type_, snippet in expected.data.get("look_alikes", ()):  # type: ignore[attr-defined]
            at = article.text.find(snippet)
            if at < 0:
                assert snippet in (article.title or ""), f"{snippet!r} is not in {expected.path}"
                continue
            wrong += [
                (str(expected.data["id"]), e.type, snippet) for e in events
                if e.type == type_ and at <= e.start < at + len(snippet)
            ]  # fmt: skip
    return sorted(set(wrong))


def test_look_alikes_bear_no_event(engine: str, found: Tables) -> None:
    wrong = _false_events(found)
    assert len(wrong) <= FLOORS[engine]["look_alikes"]["wrong"], wrong


def _is_found(events: list[Event], taken: set[str], wanted: tuple[str, str, str]) -> bool:
    type_, trigger, status = wanted
    for event in events:
        same = event.trigger in trigger or trigger in event.trigger
        if event.event_id not in taken and event.type == type_ and event.status == status and same:
            taken.add(event.event_id)
            return True
    return False


def share_found(found: Tables) -> dict[str, float]:
    """By language, the share of must-have events found with type, trigger and status."""
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for expected in ARTICLES:
        article = found.articles[expected.key]
        taken: set[str] = set()
        for wanted in expected.must_have():
            language = article.language or ""
            total[language] += 1
            hits[language] += _is_found(found.events[article.article_id], taken, wanted)
    return {language: round(hits[language] / total[language], 3) for language in sorted(total)}


def test_must_have_events_are_found(engine: str, found: Tables) -> None:
    shares = share_found(found)
    low = {k: (shares.get(k, 0.0), v) for k, v in FLOORS[engine]["samples"].items() if shares.get(k, 0.0) < v}
    assert not low, f"found less of the samples' events than before (now, floor): {low}; {_LOWERED}"


def test_scores_on_the_public_benchmark(engine: str) -> None:
    figures = evaluate_gold(ROOT / "benchmarks/gold", config=CONFIGS[engine]).figures()
    low = {}
    for key, floor in FLOORS[engine]["gold"].items():
        entry = figures.get(key, {})
        value = entry.get("accuracy", entry.get("f1", 0.0))
        if value < floor:
            low[key] = (value, floor)
    assert not low, f"scores under their floor (now, floor): {low}; {_LOWERED}"


def _expected_events() -> Iterator[dict[str, Any]]:
    for story in SAMPLES["story"]:
        yield from story["event"]


def _changes(statuses: Iterable[str]) -> list[str]:
    """A history without its repetitions."""
    return [s for s, _ in groupby(statuses)]


def _told_of(found: Tables, expected: dict[str, Any]) -> dict[str, set[str]]:
    """Stories of the event's type and day (where both tell one), with those of its articles that tell it."""
    articles = {found.articles[path, index].article_id for _, _, path, index in expected["history"]}
    first, _, last = expected["date"].partition("/")
    answer: dict[str, set[str]] = {}
    for story in found.stories:
        if story.type != expected["type"]:
            continue
        there = {e.article_id for rows in found.events.values() for e in rows if e.story_id == story.story_id}
        day = None if story.time_start is None else story.time_start.isoformat()
        apart = bool(first) and day is not None and not first[:7] <= day[: len(first)] <= (last or first)
        if there & articles and not apart:
            answer[story.story_id] = there & articles
    return answer


def _stories_of_events(found: Tables) -> dict[str, str]:
    """The events of samples.toml that are one story, told by all their articles and with the right history:
    the event by the story's id.

    A story counts for one event: the side meeting is not right because the summit's story has its articles.
    """
    stories = {s.story_id: s for s in found.stories}
    fitting: dict[str, list[str]] = {}
    for expected in _expected_events():
        articles = {found.articles[path, index].article_id for _, _, path, index in expected["history"]}
        # An article without a date comes first in a history.
        told = sorted(expected["history"], key=lambda h: h[0])
        wanted = _changes(status for _, status, _, _ in told)
        fitting[str(expected["ev"])] = [
            story_id for story_id, there in _told_of(found, expected).items()
            if there == articles and [h.status for h in stories[story_id].status_history] == wanted
        ]  # fmt: skip
    taken: dict[str, str] = {}
    for event, fits in sorted(fitting.items(), key=lambda f: (len(f[1]), f[0])):
        story = next((s for s in fits if s not in taken), None)
        if story is not None:
            taken[story] = event
    return taken


def stories_right(found: Tables) -> list[str]:
    """The events of samples.toml that are one story, and the right one."""
    return sorted(_stories_of_events(found).values())


def further_stories(found: Tables) -> list[tuple[str, str, str]]:
    """Meetings and calls told by the articles of the story lines that are none of the events of samples.toml:
    type, a trigger, and its article."""
    right = _stories_of_events(found)
    sources = {a.article_id: a.source for a in found.articles.values()}
    lines = {path for story in SAMPLES["story"] for path in story["files"]}
    further: dict[str, tuple[str, str, str]] = {}
    for event in (e for rows in found.events.values() for e in rows):
        told = event.type != "statement" and event.story_id and event.story_id not in right
        if told and sources[event.article_id] in lines:
            further.setdefault(str(event.story_id), (event.type, event.trigger, sources[event.article_id]))
    return sorted(further.values())


def test_sample_stories_have_their_articles_and_history(engine: str, found: Tables) -> None:
    right = stories_right(found)
    floor = FLOORS[engine]["stories"]["right"]
    assert set(floor) <= set(right), f"stories lost: {sorted(set(floor) - set(right))}; {_LOWERED}"


def test_sample_articles_tell_of_no_further_meeting_or_call(engine: str, found: Tables) -> None:
    further = further_stories(found)
    assert len(further) <= FLOORS[engine]["stories"]["further"], further


def test_talks_during_a_visit_are_part_of_it(engine: str, found: Tables) -> None:
    events = {str(e["ev"]): e for e in _expected_events()}
    stories = {s.story_id: s for s in found.stories}
    for name in FLOORS[engine]["stories"]["right"]:
        outer = events[name].get("part_of")
        if outer is not None:
            frames = {stories[s].part_of for s in _told_of(found, events[name])}
            assert frames & set(_told_of(found, events[str(outer)])), f"{name} is not part of {outer}"
