"""All articles together: the notes of every chunk, with the people that they turn out to name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.core.store import Store
from pipeline.entities.lexicon import Lexicon
from pipeline.stories import notes
from pipeline.stories.duplicates import Sketch, find_duplicates
from pipeline.stories.entities import EntityMention
from pipeline.stories.filling import Content
from pipeline.stories.identities import UNLISTED, PersonMention, Surroundings
from pipeline.stories.matching import EventMention
from pipeline.stories.nationalities import countries
from pipeline.stories.notes import ArticleNote, EventNote, NameNote, NationNote, Notes, PartyNote
from pipeline.stories.parties import PartyReader
from pipeline.stories.reading import note_chunk
from pipeline.stories.statements import StatementMention, Wording
from pipeline.stories.table import Told
from pipeline.stories.translations import Outline

STATEMENT = "statement"
TYPES = ("meeting", "call", STATEMENT)


@dataclass(slots=True)
class Articles:
    """What the stage needs of the articles, by article_id; ``context`` holds their known entities."""

    published: dict[str, datetime | None] = field(default_factory=dict)
    languages: dict[str, str | None] = field(default_factory=dict)
    days: dict[str, date | None] = field(default_factory=dict)
    duplicates: dict[str, str] = field(default_factory=dict)
    context: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Events:
    """The events as merging needs them, and what their stories' rows show.

    ``tellers`` are all articles that tell of a meeting or a call, with their days, whichever types
    of events were asked for.
    """

    tellers: dict[str, date | None] = field(default_factory=dict)

    meetings: list[EventMention] = field(default_factory=list)
    statements: list[StatementMention] = field(default_factory=list)
    spoken: dict[str, EventMention] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What is held of a chunk while the stage works; its events are read when they are needed."""

    name: str
    key: str
    article_ids: tuple[str, ...]
    names: pa.Table
    parties: pa.Table
    nations: pa.Table
    outlines: pa.Table
    event_ids: list[str] = field(default_factory=list)
    place_ids: set[str] = field(default_factory=set)


class Corpus:
    """The notes of a store's chunks; those that are missing are made. Raises ``WriteError``."""

    def __init__(self, store: Store, chunks: Iterable[str], lexicon: Lexicon) -> None:
        self._store, self._lexicon = store, lexicon
        self.articles = Articles()
        self._chunks: list[_Chunk] = []
        self._words: dict[str, str] = {}
        self._sketches: list[Sketch] = []
        for name in chunks:
            key = notes.key_of(store, name)
            self._chunks.append(self._take(note_chunk(store, name, key), key))

    def copies(self) -> dict[str, str]:
        """The articles that are copies, each with its original: what ``articles`` has as ``duplicates`` from
        ``take_copies`` on."""
        return find_duplicates(self._sketches)

    def take_copies(self, copies: dict[str, str]) -> None:
        """Take up what ``copies`` found, here or in another process."""
        self.articles.duplicates = copies
        self._sketches.clear()

    def _take(self, noted: Notes, key: str) -> _Chunk:
        articles = self.articles
        ids: list[str] = []
        note: ArticleNote
        for note in noted.rows(ArticleNote):
            day = None if note.published is None else note.published.date()
            ids.append(note.article_id)
            articles.published[note.article_id] = note.published
            articles.languages[note.article_id] = note.language
            articles.days[note.article_id] = day
            least, bands = (np.frombuffer(b, dtype=np.uint64) for b in (note.least, note.bands))
            self._sketches.append(Sketch(note.article_id, day, note.content_sha256, note.shingles, least, bands))
        known: dict[int, set[str]] = defaultdict(set)
        for article, entity_id in zip(*noted.columns(NameNote, "article", "entity_id"), strict=True):
            if not entity_id.startswith(UNLISTED):
                known[article].add(self._same(entity_id))
        articles.context.update({ids[n]: frozenset(found) for n, found in known.items()})
        outlines = noted.tables[ArticleNote].select(["article_id", "anchors", "lengths"])
        return _Chunk(noted.chunk, key, tuple(ids), noted.tables[NameNote], noted.tables[PartyNote],
                      noted.tables[NationNote], outlines)  # fmt: skip

    def _same(self, word: str) -> str:
        """One object for a word that stands in many notes."""
        return self._words.setdefault(word, word)

    def surroundings(self) -> dict[str, Surroundings]:
        """The articles as the joining of people looks at them."""
        return {a: Surroundings(self.articles.days[a], e) for a, e in self.articles.context.items()}

    def people(self) -> Iterator[PersonMention]:
        """The people of the articles, once an article and name."""
        for chunk in self._chunks:
            for note in Notes(chunk.name, {NameNote: chunk.names}).rows(NameNote):
                article_id = chunk.article_ids[note.article]
                if not note.entity_id.startswith(UNLISTED):
                    yield PersonMention(self._same(note.entity_id), None, article_id)
                elif note.label == "PER" and note.kind == "name":
                    yield PersonMention(self._same(note.entity_id), self._same(note.text), article_id, note.count)

    def mentions(self, joined: Mapping[str, str]) -> Iterator[EntityMention]:
        """The mentions of entities, once an article and word."""
        for chunk in self._chunks:
            for note in Notes(chunk.name, {NameNote: chunk.names}).rows(NameNote):
                entity_id = joined.get(note.entity_id) or self._same(note.entity_id)
                yield EntityMention(entity_id, note.text, note.label, note.kind, chunk.article_ids[note.article],
                                    note.count)  # fmt: skip

    def parties(self, joined: Mapping[str, str]) -> Iterator[EntityMention]:
        """The entities among the arguments of events."""
        for chunk in self._chunks:
            for note in Notes(chunk.name, {PartyNote: chunk.parties}).rows(PartyNote):
                entity_id = joined.get(note.entity_id, note.entity_id)
                yield EntityMention(entity_id, "", "", "party", chunk.article_ids[note.article])

    def nations(self, joined: Mapping[str, str]) -> Mapping[str, str]:
        """The countries of people that no table has, as the words beside their names tell them."""
        found = (
            (joined.get(note.entity_id, note.entity_id), note.country, note.count)
            for chunk in self._chunks
            for note in Notes(chunk.name, {NationNote: chunk.nations}).rows(NationNote)
        )
        return countries(vote for vote in found if vote[0] not in self._lexicon.by_id)

    def outlines(self, joined: Mapping[str, str]) -> Iterator[Outline]:
        """Each article's paragraphs by names and numbers; undated articles and empty ones are left out."""
        for chunk in self._chunks:
            columns = (chunk.outlines.column(n).to_pylist() for n in range(3))
            for article_id, lines, lengths in zip(*columns, strict=True):
                language, day = self.articles.languages[article_id], self.articles.days[article_id]
                if language is not None and day is not None and lengths:
                    anchors = tuple(frozenset(joined.get(a) or self._same(a) for a in line) for line in lines)
                    yield Outline(article_id, language, day, anchors, tuple(lengths))

    def events(self, joined: Mapping[str, str], reader: PartyReader, types: Collection[str] = TYPES) -> Events:
        """The events of the given types with their parties."""
        events, chosen = Events(), pa.array(types)
        for chunk in self._chunks:
            noted = note_chunk(self._store, chunk.name, chunk.key).tables[EventNote]
            chunk.event_ids[:] = noted.column("event_id").to_pylist()
            chunk.place_ids.update(self._same(p) for p in pc.unique(noted.column("place_entity_id")).to_pylist() if p)
            for n in pc.unique(
                noted.filter(pc.not_equal(noted.column("type"), STATEMENT)).column("article")
            ).to_pylist():
                events.tellers[chunk.article_ids[n]] = self.articles.days[chunk.article_ids[n]]
            wanted = noted.filter(pc.is_in(noted.column("type"), chosen))
            for note in Notes(chunk.name, {EventNote: wanted}).rows(EventNote):
                self._take_event(events, note, chunk.article_ids[note.article], joined, reader)
        return events

    def contents(self) -> Iterator[Content]:
        """The ids in each chunk, once ``events`` has read them."""
        for chunk in self._chunks:
            mentioned, parties = (pc.unique(t.column("entity_id")).to_pylist() for t in (chunk.names, chunk.parties))
            yield Content(chunk.name, chunk.article_ids, mentioned, chunk.event_ids, tuple(chunk.place_ids), parties)

    def _take_event(
        self, events: Events, note: EventNote, article_id: str, joined: Mapping[str, str], reader: PartyReader
    ) -> None:
        same = self._same
        who = [None if e is None else joined.get(e) or same(e) for e in note.party_ids]
        entity_ids = tuple(sorted({e for e in who if e is not None}))
        place_id = note.place_entity_id and (joined.get(note.place_entity_id) or same(note.place_entity_id))
        statement = note.type == STATEMENT
        if statement and not (note.quote and entity_ids):
            return
        weighed = [] if statement else list(zip(who, note.party_texts, note.party_trusts, strict=True))
        found = reader.parties(weighed, self.articles.context.get(article_id, frozenset())) if weighed else ()
        place = note.place and same(note.place)
        mention = EventMention(
            event_id=note.event_id,
            article_id=article_id,
            sentence_id=note.sentence_id,
            start=note.start,
            type=same(note.type),
            mode=note.mode and same(note.mode),
            status=same(note.status),
            parties=tuple(p for p, _ in found),
            time_start=note.time_start,
            time_end=note.time_end,
            published=self.articles.days[article_id],
            place=reader.place(place_id, place) if note.sure else None,
            visit=note.visit,
            ordinal=note.ordinal,
            trigger=same(note.trigger),
            trust=tuple(round(t, 3) for _, t in found),
            line=note.line,
            cue=note.cue and same(note.cue),
            verb=note.verb,
        )
        events.told[note.event_id] = Told(place, place_id, entity_ids)
        if not statement:
            events.meetings.append(mention)
            return
        events.spoken[note.event_id] = mention
        events.statements.append(
            StatementMention(
                note.event_id, article_id, note.start, entity_ids, note.quote or "", mention.published,
                same(note.language), note.line, frozenset(joined.get(a) or same(a) for a in note.anchors),
                Wording(note.bands, note.opening),
            )
        )  # fmt: skip
