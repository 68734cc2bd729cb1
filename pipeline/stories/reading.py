"""Reads a chunk's tables for the stage over all articles, with the values that the articles' own stages
gave, and notes what the stage needs of each article (``notes``)."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.core.folding import fold_string
from pipeline.core.store import Store
from pipeline.entities.lexicon import Lexicon, load_lexicon
from pipeline.stories import notes, series
from pipeline.stories.duplicates import ArticleText, sketch
from pipeline.stories.nationalities import Nationalities
from pipeline.stories.notes import ArticleNote, EventNote, NameNote, NationNote, Notes, PartyNote
from pipeline.stories.statements import Wording, wording_of
from pipeline.stories.translations import numbers
from pipeline.stories.visits import is_verb, is_visit

# What a party without a probability of its own is worth: one that rules alone found, and one that
# rules or the mention before lend to an event of the model (a third of those are right).
_RULES_TRUST, _LENT_TRUST = 0.8, 0.4
# Of "A and B spoke by phone about the talks", A and B are parties of the call.
_NEARER_ELSEWHERE = 0.6
# Of "A, who telephoned B on Sunday and spoke to C", B is the object of the verb before.
_OF_THE_ONE_BEFORE = 0.4
_LEAST_TRUST = 0.3
_LEAST_PLACE = 0.5
_SHORTEST = 2
_NOT_YET = ("planned", "possible")
_TELLING_DAYS = 3


def note_chunk(store: Store, chunk: str, key: str | None = None) -> Notes:
    """Give the notes of a chunk: those that are kept, or new ones, which are kept from then on.

    ``key`` is ``notes.key_of`` where that is known. Raises ``WriteError``.
    """
    key = key or notes.key_of(store, chunk)
    found = notes.read(store, chunk, key)
    if found is None:
        found = notes.collect(chunk, _Chunk(store, chunk, load_lexicon()).notes())
        notes.write(store, found, key)
    return found


class _Chunk:
    """The rows of a chunk."""

    def __init__(self, store: Store, chunk: str, lexicon: Lexicon) -> None:
        self._store, self._chunk, self._lexicon = store, chunk, lexicon
        self._articles = list(self._rows("articles", _ARTICLE_COLUMNS))
        self._number = {row[0]: n for n, row in enumerate(self._articles)}
        self._texts: dict[str, str] = {row[0]: row[4] for row in self._articles}
        self._sentences = list(self._rows("sentences", _SENTENCE_COLUMNS))
        mentions = self._rows("mentions", _MENTION_COLUMNS)
        self._mentions = [m for m in mentions if m[0] in self._number and m[4] is not None]

    def _rows(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        data = self._store.read_local(table, self._chunk, columns)
        if data is not None:
            yield from zip(*(data.column(c).to_pylist() for c in columns), strict=True)

    def notes(self) -> Iterator[Any]:
        """All that is to be noted."""
        yield from self._note_articles()
        yield from self._note_names()
        yield from self._note_nations()
        yield from self._note_events()

    def _note_articles(self) -> Iterator[ArticleNote]:
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for article_id, _, start, end, _, _, kind in self._sentences:
            if kind != "boilerplate":
                spans[article_id].append((start, end))
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for article_id, _, start, _, entity_id, _, _, kind in self._mentions:
            if kind == "name":
                found[article_id].append((start, entity_id))
        for article_id, published, language, content, text in self._articles:
            made = sketch(ArticleText(article_id, language, None, content, text))
            anchors, lengths = _outline(text, spans[article_id], found[article_id])
            yield ArticleNote(article_id, published, language, content, made.size, made.least.tobytes(),
                              made.bands.tobytes(), anchors, lengths)  # fmt: skip

    def _note_names(self) -> Iterator[NameNote | PartyNote]:
        counts = Counter((self._number[m[0]], m[4], m[5], m[6], m[7]) for m in self._mentions)
        yield from (NameNote(*key, count) for key, count in counts.items())
        parties = dict.fromkeys(
            (self._number[a], e) for a, e in self._rows("arguments", ("article_id", "entity_id"))
            if e is not None and a in self._number
        )  # fmt: skip
        yield from (PartyNote(*key) for key in parties)

    def _note_nations(self) -> Iterator[NationNote]:
        """The countries of people that no table has, as the words beside their names tell them."""

        def country(word: str) -> str | None:
            code = self._lexicon.demonyms.get(word)
            return code or next((k.country for k in self._lexicon.named(word) if k.kind == "country"), None)

        nations = Nationalities(country)
        sentences = {(a, n): (start, language, text) for a, n, start, _, language, text, _ in self._sentences}
        people: dict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
        for article_id, number, start, end, entity_id, _, label, kind in self._mentions:
            if label == "PER" and kind == "name":
                people[article_id, number].append((start, end, entity_id))
        for key, there in people.items():
            begins, language, text = sentences.get(key, (0, "", ""))
            edges = [edge - begins for start, end, _ in there for edge in (start, end)]
            for start, end, entity_id in there:
                if entity_id not in self._lexicon.by_id:
                    others = [e for e in edges if e not in (start - begins, end - begins)]
                    nations.add(entity_id, text, start - begins, end - begins, language, others)
        yield from (NationNote(*vote) for vote in nations.votes())

    def _note_events(self) -> Iterator[EventNote]:
        sentences = self._where()
        arguments: dict[str, list[_Said]] = defaultdict(list)
        for event_id, role, start, end, entity_id, text, score, name in self._rows("arguments", _ARGUMENT_COLUMNS):
            # "The two delegations" may be named for what they stand for where no entity is.
            shown = name if name and not entity_id else text
            arguments[event_id].append(_Said(role, start, end, entity_id or None, shown, score))
        by_sentence: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for values in self._rows("events", _EVENT_COLUMNS):
            row = dict(zip(_EVENT_COLUMNS, values, strict=True))
            if row["article_id"] in self._number:
                by_sentence[row["article_id"], row["sentence_id"]].append(row)
        names: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for article_id, _, start, _, entity_id, _, _, kind in self._mentions:
            if kind == "name":
                names[article_id].append((start, entity_id))
        names = {article_id: sorted(found) for article_id, found in names.items()}
        for key, there in by_sentence.items():
            where = sentences.get(key, _Where(0, "en", "", 0))
            number = self._number[key[0]]
            published: datetime | None = self._articles[number][1]
            for row in there:
                row["article"] = number
                row["anchors"] = _anchors(row, names.get(key[0], ())) if row["type"] == "statement" else ()
                yield _note_event(row, there, arguments, None if published is None else published.date(), where)

    def _where(self) -> dict[tuple[str, int], _Where]:
        found: dict[str, list[tuple[int, int, str, str, str]]] = defaultdict(list)
        for article_id, number, start, _, language, text, kind in self._sentences:
            found[article_id].append((number, start, language, text, kind))
        answer: dict[tuple[str, int], _Where] = {}
        for article_id, said in found.items():
            counted = (s for _, s, _, _, kind in said if kind != "boilerplate")
            starts = paragraph_starts(self._texts.get(article_id, ""), counted)
            for number, start, language, text, _ in said:
                line = max(0, bisect.bisect_right(starts, start) - 1)
                answer[article_id, number] = _Where(start, language, text, line)
        return answer


def _outline(
    text: str, spans: Sequence[tuple[int, int]], found: Sequence[tuple[int, str]]
) -> tuple[list[list[str]], list[int]]:
    """An article's paragraphs by names and numbers, and their lengths."""
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
    return [sorted(a) for a in anchors], lengths


def paragraph_starts(text: str, sentence_starts: Iterator[int]) -> list[int]:
    """Where each paragraph begins: the sentences before which the text breaks the line."""
    starts: list[int] = []
    last = 0
    for start in sorted(sentence_starts):
        if not starts or "\n" in text[last:start]:
            starts.append(start)
        last = start
    return starts


_ARTICLE_COLUMNS = ("article_id", "published_at", "language", "content_sha256", "text")
_SENTENCE_COLUMNS = ("article_id", "sentence_id", "start", "end", "language", "text", "kind")
_MENTION_COLUMNS = ("article_id", "sentence_id", "start", "end", "entity_id", "text", "label", "kind")
_EVENT_COLUMNS = (
    "event_id", "article_id", "sentence_id", "start", "end", "type", "mode", "status", "trigger", "time_start",
    "time_end", "time_source", "place", "place_entity_id", "quote", "quote_start", "quote_end", "method",
)  # fmt: skip
_ARGUMENT_COLUMNS = ("event_id", "role", "start", "end", "entity_id", "text", "score", "entity_name")


@dataclass(frozen=True, slots=True)
class _Said:
    """An argument row as read."""

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


def _anchors(row: Mapping[str, Any], names: Sequence[tuple[int, str]]) -> frozenset[str]:
    """The names and numbers of a quote."""
    if not row["quote"] or row["quote_start"] is None:
        return frozenset()
    low, high = (bisect.bisect_left(names, (at, "")) for at in (row["quote_start"], row["quote_end"]))
    return numbers(row["quote"]) | {entity_id for _, entity_id in names[low:high]}


def _note_event(
    row: Mapping[str, Any], there: Sequence[Mapping[str, Any]], arguments: Mapping[str, Sequence[_Said]],
    published: date | None, where: _Where,
) -> EventNote:  # fmt: skip
    event_id, statement = row["event_id"], row["type"] == "statement"
    said = [a for a in arguments.get(event_id, ()) if a.role in ("participant", "speaker")]
    time_start, time_end, status = _time_and_status(row, published)
    begins, ends = row["start"] - where.start, row["end"] - where.start
    ordinal = None if statement else series.find_round(where.text, begins, ends, where.language)
    wording = wording_of(row["quote"]) if statement and row["quote"] else Wording()
    return EventNote(
        event_id=event_id,
        article=row["article"],
        sentence_id=row["sentence_id"],
        start=row["start"],
        type=row["type"],
        mode=row["mode"],
        status=status,
        time_start=time_start,
        time_end=time_end,
        place=row["place"],
        place_entity_id=row["place_entity_id"],
        sure=all(a.score is None or a.score >= _LEAST_PLACE for a in arguments.get(event_id, ()) if a.role == "place"),
        # جولة is a tour, and a round of talks where it has a number.
        visit=row["type"] == "meeting" and ordinal is None and is_visit(row["trigger"], where.language),
        ordinal=ordinal,
        trigger=fold_string(row["trigger"]),
        verb=not statement and is_verb(where.text, begins, ends, where.language),
        line=where.line,
        cue=None if statement else series.find_cue(where.text, begins, ends, where.language),
        party_ids=[a.entity_id for a in said],
        party_texts=[a.text for a in said],
        party_trusts=[] if statement else [_trust(a, row, there, arguments) for a in said],
        quote=row["quote"] if statement else None,
        language=where.language,
        anchors=sorted(row["anchors"]),
        bands=wording.bands,
        opening=wording.opening,
    )


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
    claims = [
        other for other in there
        if other is not row and other["type"] != "statement"
        and any(a.role == "participant" and a.start == said.start for a in arguments.get(other["event_id"], ()))
    ]  # fmt: skip
    if any(other["end"] <= said.start and said.end <= row["start"] for other in claims):
        trust *= _OF_THE_ONE_BEFORE
    elif any(_gap(said, other) < mine for other in claims):
        trust *= _NEARER_ELSEWHERE
    return trust if trust >= _LEAST_TRUST else 0.0


def _gap(said: _Said, row: Mapping[str, Any]) -> int:
    assert said.start is not None
    assert said.end is not None
    return max(said.start - int(row["end"]), int(row["start"]) - said.end, 0)
