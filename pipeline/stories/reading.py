"""Reads the tables for the stage over all articles, with the values that the articles' own stages gave."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.core.folding import fold_string
from pipeline.core.store import Store
from pipeline.entities.lexicon import Lexicon
from pipeline.stories import series
from pipeline.stories.duplicates import ArticleText, Sketch, find_duplicates, sketch
from pipeline.stories.matching import EventMention
from pipeline.stories.nationalities import Nationalities
from pipeline.stories.parties import PartyReader
from pipeline.stories.statements import StatementMention
from pipeline.stories.table import Told
from pipeline.stories.translations import Outline, numbers
from pipeline.stories.visits import is_verb, is_visit

# What a party without a probability of its own is worth: one that rules alone found, and one that
# rules or the mention before lend to an event of the model (a third of those are right).
_RULES_TRUST, _LENT_TRUST = 0.8, 0.4
# Of "A and B spoke by phone about the talks", A and B are parties of the call.
_NEARER_ELSEWHERE = 0.6
_LEAST_TRUST = 0.3
_LEAST_PLACE = 0.5
_SHORTEST = 2
_NOT_YET = ("planned", "possible")
_TELLING_DAYS = 3


def chunks(store: Store, table: str) -> list[str]:
    """Names of a table's parts."""
    return [p.stem.removeprefix("part-") for p in store.parts(table)]


def rows(store: Store, table: str, columns: Sequence[str], chunk: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Rows of a table (or of one chunk) as tuples in the order of ``columns``, with local values."""
    for name in chunks(store, table) if chunk is None else [chunk]:
        data = store.read_local(table, name, columns)
        if data is not None:
            yield from zip(*(data.column(c).to_pylist() for c in columns), strict=True)


@dataclass(slots=True)
class Articles:
    """What the stage needs of the articles, by article_id; ``context`` holds their known entities."""

    published: dict[str, datetime | None] = field(default_factory=dict)
    languages: dict[str, str | None] = field(default_factory=dict)
    duplicates: dict[str, str] = field(default_factory=dict)
    context: dict[str, frozenset[str]] = field(default_factory=dict)

    def day(self, article_id: str) -> date | None:
        """Day of publication."""
        when = self.published.get(article_id)
        return None if when is None else when.date()


def read_articles(store: Store) -> Articles:
    """Read the articles and find the copies among them."""
    articles = Articles()
    sketches: list[Sketch] = []
    columns = ("article_id", "published_at", "language", "content_sha256", "text")
    for article_id, published, language, content, text in rows(store, "articles", columns):
        articles.published[article_id] = published
        articles.languages[article_id] = language
        day = None if published is None else published.date()
        sketches.append(sketch(ArticleText(article_id, language, day, content, text)))
    articles.duplicates = find_duplicates(sketches)
    return articles


def read_outlines(store: Store, articles: Articles, joined: Mapping[str, str]) -> Iterator[Outline]:
    """Each article's paragraphs by names and numbers; furniture and undated articles are left out."""
    for chunk in chunks(store, "articles"):
        texts = dict(rows(store, "articles", ("article_id", "text"), chunk))
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        columns = ("article_id", "start", "end", "kind")
        for article_id, start, end, kind in rows(store, "sentences", columns, chunk):
            if kind != "boilerplate":
                spans[article_id].append((start, end))
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        columns = ("article_id", "start", "entity_id", "kind")
        for article_id, start, entity_id, kind in rows(store, "mentions", columns, chunk):
            if kind == "name" and entity_id is not None:
                found[article_id].append((start, joined.get(entity_id, entity_id)))
        for article_id, text in texts.items():
            language = articles.languages[article_id]
            if language is not None and articles.published[article_id] is not None and article_id in spans:
                yield _outline(article_id, language, articles.day(article_id), text,
                               spans[article_id], found[article_id])  # fmt: skip


def read_nationalities(store: Store, joined: Mapping[str, str], lexicon: Lexicon) -> Mapping[str, str]:
    """The countries of people that no table has, as the words beside their names tell them."""

    def country(word: str) -> str | None:
        code = lexicon.demonyms.get(word)
        return code or next((k.country for k in lexicon.named(word) if k.kind == "country"), None)

    found = Nationalities(country)
    for chunk in chunks(store, "mentions"):
        sentences = {
            (a, n): (start, language, text)
            for a, n, start, language, text in rows(
                store, "sentences", ("article_id", "sentence_id", "start", "language", "text"), chunk
            )
        }
        people: dict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
        columns = ("article_id", "sentence_id", "start", "end", "entity_id", "label", "kind")
        for article_id, number, start, end, entity_id, label, kind in rows(store, "mentions", columns, chunk):
            if label == "PER" and kind == "name" and entity_id is not None:
                people[article_id, number].append((start, end, joined.get(entity_id, entity_id)))
        for key, there in people.items():
            begins, language, text = sentences.get(key, (0, "", ""))
            edges = [edge - begins for start, end, _ in there for edge in (start, end)]
            for start, end, entity_id in there:
                if entity_id not in lexicon.by_id:
                    others = [e for e in edges if e not in (start - begins, end - begins)]
                    found.add(entity_id, text, start - begins, end - begins, language, others)
    return found.answer()


def _outline(
    article_id: str, language: str, day: date | None, text: str, spans: Sequence[tuple[int, int]],
    found: Sequence[tuple[int, str]],
) -> Outline:  # fmt: skip
    anchors: list[set[str]] = []
    lengths: list[int] = []
    starts = paragraph_starts(text, (start for start, _ in spans))
    for start, end in spans:
        line = bisect.bisect_right(starts, start) - 1
        while len(anchors) <= line:
            anchors.append(set())
            lengths.append(0)
        lengths[line] += end - start
        anchors[line] |= numbers(text[start:end])
    for start, entity_id in found:
        line = bisect.bisect_right(starts, start) - 1
        if 0 <= line < len(anchors):
            anchors[line].add(entity_id)
    return Outline(article_id, language, day, tuple(frozenset(a) for a in anchors), tuple(lengths))


def paragraph_starts(text: str, sentence_starts: Iterator[int]) -> list[int]:
    """Where each paragraph begins: the sentences before which the text breaks the line."""
    starts: list[int] = []
    last = 0
    for start in sorted(sentence_starts):
        if not starts or "\n" in text[last:start]:
            starts.append(start)
        last = start
    return starts


@dataclass(slots=True)
class Events:
    """The events as merging needs them, and what their stories' rows show."""

    meetings: list[EventMention] = field(default_factory=list)
    statements: list[StatementMention] = field(default_factory=list)
    spoken: dict[str, EventMention] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)


_EVENT_COLUMNS = (
    "event_id", "article_id", "sentence_id", "start", "end", "type", "mode", "status", "trigger", "time_start",
    "time_end", "time_source", "place", "place_entity_id", "quote", "quote_start", "quote_end", "method",
)  # fmt: skip
_ARGUMENT_COLUMNS = ("event_id", "role", "start", "end", "entity_id", "text", "score", "entity_name")


@dataclass(frozen=True, slots=True)
class _Said:
    """An argument row as read; ``entity_id`` after the joining of people."""

    role: str
    start: int | None
    end: int | None
    entity_id: str | None
    text: str
    score: float | None


@dataclass(frozen=True, slots=True)
class _Where:
    """The sentence of an event."""

    start: int
    language: str
    text: str
    line: int


def read_events(store: Store, articles: Articles, joined: Mapping[str, str], reader: PartyReader) -> Events:
    """Read the events with their parties, chunk by chunk."""
    events = Events()
    for chunk in chunks(store, "events"):
        sentences = _sentences(store, chunk)
        arguments: dict[str, list[_Said]] = defaultdict(list)
        for event_id, role, start, end, entity_id, text, score, name in rows(
            store, "arguments", _ARGUMENT_COLUMNS, chunk
        ):
            who = joined.get(entity_id, entity_id) or None
            # "The two delegations" may be named for what they stand for where no entity is.
            arguments[event_id].append(_Said(role, start, end, who, name if name and who is None else text, score))
        by_sentence: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for values in rows(store, "events", _EVENT_COLUMNS, chunk):
            row = dict(zip(_EVENT_COLUMNS, values, strict=True))
            by_sentence[row["article_id"], row["sentence_id"]].append(row)
        names = _names(store, chunk, joined)
        for key, there in by_sentence.items():
            where = sentences.get(key, _Where(0, "en", "", 0))
            for row in (r for r in there if r["type"] == "statement"):
                row["anchors"] = _anchors(row, names.get(key[0], ()))
            for row in there:
                _take_event(events, row, there, arguments, articles, joined, reader, where)
    return events


def _names(store: Store, chunk: str, joined: Mapping[str, str]) -> dict[str, list[tuple[int, str]]]:
    """Where the articles' names begin and whose they are, in order."""
    names: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for article_id, start, entity_id, kind in rows(
        store, "mentions", ("article_id", "start", "entity_id", "kind"), chunk
    ):
        if kind == "name" and entity_id is not None:
            names[article_id].append((start, joined.get(entity_id, entity_id)))
    return {article_id: sorted(found) for article_id, found in names.items()}


def _anchors(row: Mapping[str, Any], names: Sequence[tuple[int, str]]) -> frozenset[str]:
    """The names and numbers of a quote."""
    if not row["quote"] or row["quote_start"] is None:
        return frozenset()
    low, high = (bisect.bisect_left(names, (at, "")) for at in (row["quote_start"], row["quote_end"]))
    return numbers(row["quote"]) | {entity_id for _, entity_id in names[low:high]}


def _sentences(store: Store, chunk: str) -> dict[tuple[str, int], _Where]:
    texts = dict(rows(store, "articles", ("article_id", "text"), chunk))
    found: dict[str, list[tuple[int, int, str, str, str]]] = defaultdict(list)
    columns = ("article_id", "sentence_id", "start", "language", "text", "kind")
    for article_id, number, start, language, text, kind in rows(store, "sentences", columns, chunk):
        found[article_id].append((number, start, language, text, kind))
    answer: dict[tuple[str, int], _Where] = {}
    for article_id, said in found.items():
        starts = paragraph_starts(texts.get(article_id, ""), (s for _, s, _, _, kind in said if kind != "boilerplate"))
        for number, start, language, text, _ in said:
            line = max(0, bisect.bisect_right(starts, start) - 1)
            answer[article_id, number] = _Where(start, language, text, line)
    return answer


def _take_event(
    events: Events, row: Mapping[str, Any], there: Sequence[Mapping[str, Any]],
    arguments: Mapping[str, Sequence[_Said]], articles: Articles, joined: Mapping[str, str], reader: PartyReader,
    where: _Where,
) -> None:  # fmt: skip
    event_id, statement = row["event_id"], row["type"] == "statement"
    said = [a for a in arguments.get(event_id, ()) if a.role in ("participant", "speaker")]
    entity_ids = tuple(sorted({a.entity_id for a in said if a.entity_id is not None}))
    place_id = joined.get(row["place_entity_id"], row["place_entity_id"])
    time_start, time_end, status = _time_and_status(row, articles.day(row["article_id"]))
    parties: Mapping[str, Any] = {}
    if not statement:
        weighed = [(a.entity_id, a.text, _trust(a, row, there, arguments)) for a in said]
        found = reader.parties(weighed, articles.context.get(row["article_id"], frozenset()))
        parties = {"parties": tuple(p for p, _ in found), "trust": tuple(round(t, 3) for _, t in found)}
    begins, ends = row["start"] - where.start, row["end"] - where.start
    sure = all(a.score is None or a.score >= _LEAST_PLACE for a in arguments.get(event_id, ()) if a.role == "place")
    mention = EventMention(
        event_id=event_id,
        article_id=row["article_id"],
        sentence_id=row["sentence_id"],
        start=row["start"],
        type=row["type"],
        mode=row["mode"],
        status=status,
        time_start=time_start,
        time_end=time_end,
        published=articles.day(row["article_id"]),
        place=reader.place(place_id, row["place"]) if sure else None,
        visit=row["type"] == "meeting" and is_visit(row["trigger"], where.language),
        ordinal=None if statement else series.find_round(where.text, begins, ends, where.language),
        trigger=fold_string(row["trigger"]),
        verb=is_verb(row["trigger"], where.language),
        line=where.line,
        cue=None if statement else series.find_cue(where.text, begins, ends, where.language),
        **({"parties": ()} | dict(parties)),
    )
    if not statement:
        events.meetings.append(mention)
    elif row["quote"] and entity_ids:
        events.statements.append(
            StatementMention(
                event_id,
                row["article_id"],
                row["start"],
                entity_ids,
                row["quote"],
                mention.published,
                where.language,
                where.line,
                row["anchors"],
            )
        )
        events.spoken[event_id] = mention
    else:
        return
    events.told[event_id] = Told(row["place"], place_id, entity_ids)


def _time_and_status(row: Mapping[str, Any], published: date | None) -> tuple[date | None, date | None, str]:
    """The time that the text tells and the status, where the two can both be right.

    What lies ahead of the day of publication is not done. "The summit was called off on Saturday",
    "officials said on Sunday that they would meet": a day before publication is not that of a
    meeting called off or still to come, but of the telling.
    """
    start, end, status = row["time_start"], row["time_end"], row["status"]
    if row["time_source"] not in ("explicit", "relative") or start is None:
        return None, None, status
    if published is None or row["type"] == "statement":
        return start, end, status
    if status == "actual" and start > published:
        return start, end, "planned"
    if status in _NOT_YET and (end or start) < published and (published - start).days <= _TELLING_DAYS:
        return None, None, status
    if status == "cancelled" and (end or start) == start == published:
        return None, None, status
    return start, end, status


def _trust(
    said: _Said, row: Mapping[str, Any], there: Sequence[Mapping[str, Any]], arguments: Mapping[str, Sequence[_Said]]
) -> float:
    """How sure it is that an argument is a party of its event."""
    if len(said.text) < _SHORTEST and said.entity_id is None:
        return 0.0
    trust = said.score
    if trust is None:
        trust = _RULES_TRUST if row["method"] == "rules" else _LENT_TRUST
    if said.start is None or said.end is None:
        return trust
    mine = _gap(said, row)
    elsewhere = any(
        other is not row and other["type"] != "statement" and _gap(said, other) < mine
        and any(a.role == "participant" and a.start == said.start for a in arguments.get(other["event_id"], ()))
        for other in there
    )  # fmt: skip
    trust = trust * _NEARER_ELSEWHERE if elsewhere else trust
    return trust if trust >= _LEAST_TRUST else 0.0


def _gap(said: _Said, row: Mapping[str, Any]) -> int:
    assert said.start is not None
    assert said.end is not None
    return max(said.start - int(row["end"]), int(row["start"]) - said.end, 0)
