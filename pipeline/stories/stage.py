"""The stage over all articles: `entities`, `stories`, and what they put into the other tables.

It reads the rows as the articles' own stages made them (``Store.read_local``), works out who is who
and which events are one, and writes the ids back: `articles.duplicate_of`, `mentions.entity_id`,
`arguments.entity_id` and `entity_name`, `events.place_entity_id` and `story_id`. The values that it
replaces stay in the parts' footers, so a rerun starts from the same rows as a run from nothing, and
both give the same bytes.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pipeline.core import schemas
from pipeline.core.beside import Beside
from pipeline.core.rows import Entity, Story
from pipeline.core.store import Batch, Store
from pipeline.entities.lexicon import Lexicon, load_lexicon, tables_fingerprint
from pipeline.languages import fingerprint_topics
from pipeline.stories import filling, notes
from pipeline.stories.alignments import Alignments
from pipeline.stories.corpus import Articles, Corpus, Events
from pipeline.stories.entities import build_entities
from pipeline.stories.filling import Answers
from pipeline.stories.identities import UNLISTED, join_people
from pipeline.stories.matching import EventMention
from pipeline.stories.merge import Merged, merge_events, story_id
from pipeline.stories.name_pairs import Likenesses
from pipeline.stories.parties import PartyReader
from pipeline.stories.replay import Replay
from pipeline.stories.statements import merge_statements
from pipeline.stories.table import Sources, Told, add_parts, build_story
from pipeline.stories.translations import Translation, find_translations

VERSION = "10"
PART = "all"
# Under so many articles a second process costs more than it saves.
_MANY = 1_000

_MEETINGS, _CALLS, _ALIGNED = "meetings.merged", "calls.merged", "translations.aligned"


@dataclass(frozen=True, slots=True)
class _Built:
    """Stories of some types, the story of each of their mentions, and what merging notes for the next run."""

    stories: list[Story]
    story_of: dict[str, str]
    replay: bytes


def update(store: Store, *, before: str, workers: int = 1) -> str:
    """Bring `entities`, `stories` and the columns that they fill up to date with the other tables.

    ``before`` is the signature that the last call returned; where it still holds and the parts are
    there, nothing is done. The parts that change are moved in together, at the end. With more than
    one of ``workers`` a second process shares the work, where there is much. Returns the signature
    of what is there then.
    """
    if not is_current(store, before):
        with _no_search_for_cycles():
            _bring_up_to_date(store, workers)
    return _signature(store)


def _bring_up_to_date(store: Store, workers: int) -> None:
    chunks = _chunks(store, "articles")
    notes.keep_only(store, chunks)
    corpus = Corpus(store, chunks, load_lexicon())
    with store.together() as batch:
        likenesses = notes.read_likenesses(store)
        filled, found = _update(batch, corpus, likenesses, apart=workers > 1)
    notes.write_likenesses(store, likenesses)
    filling.remember(store, filled)
    for name, content in found.items():
        notes.keep(store, name, content)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Hold Python's search for cycles of objects: the stage makes millions of objects that live to its end,
    and going through them all again and again takes a seventh of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _chunks(store: Store, table: str) -> list[str]:
    return [p.stem.removeprefix("part-") for p in store.parts(table)]


def _update(
    store: Batch, corpus: Corpus, likenesses: Likenesses, *, apart: bool
) -> tuple[dict[str, dict[str, str]], dict[str, bytes]]:
    """Give what was filled in, and what merging and aligning note for the next run, by their names."""
    lexicon = load_lexicon()
    articles = corpus.articles
    apart = apart and len(articles.published) >= _MANY
    with Beside(corpus.copies, apart=apart) as beside_people:
        joined = join_people(corpus.people(), corpus.surroundings(), lexicon, likenesses)
        corpus.take_copies(beside_people.result())

    def translate() -> tuple[dict[str, Translation], bytes]:
        aligned = Alignments(notes.settings(), notes.kept(store, _ALIGNED))
        return find_translations(corpus.outlines(joined), aligned.of), aligned.content()

    with Beside(translate, apart=apart) as beside:
        entities = _write_entities(store, corpus, joined, lexicon)
        # A party that a plural or an office stands for ("the two presidents") has no mention of its own.
        names = {e.entity_id: e.name_en for e in lexicon.by_id.values()} | {e.entity_id: e.name for e in entities}
        unlisted = {e.entity_id: (e.name, e.label) for e in entities if e.entity_id.startswith(UNLISTED)}
        reader = PartyReader(lexicon, unlisted, corpus.nations(joined))
        met = corpus.events(joined, reader, ("meeting",))
        translations, aligned = beside.result()

    def build(name: str, events: Events) -> _Built:
        replay = Replay(articles.context, notes.settings(), notes.kept(store, name))
        stories, story_of = _build_stories(events, articles, names, translations, replay)
        return _Built(stories, story_of, replay.content())

    # Events of two types never meet, and only meetings are parts of each other.
    with Beside(
        lambda: build(_CALLS, corpus.events(joined, reader, ("call", "statement"))), apart=apart
    ) as beside_meetings:
        meetings = build(_MEETINGS, met)
        calls = beside_meetings.result()
    answers = Answers(articles.duplicates, joined, names, {**meetings.story_of, **calls.story_of})

    def write_stories(batch: Batch) -> None:
        stories = sorted([*meetings.stories, *calls.stories], key=lambda s: s.story_id)
        batch.write(schemas.STORIES, PART, stories, {})

    filled = filling.fill(store, corpus.contents(), answers, write_stories, apart=apart)
    return filled, {_ALIGNED: aligned, _MEETINGS: meetings.replay, _CALLS: calls.replay}


def is_current(store: Store, before: str) -> bool:
    """Whether `entities` and `stories` fit the other tables; ``before`` is what ``update`` returned last."""
    return _signature(store) == before and all(store.part(t, PART).is_file() for t in ("entities", "stories"))


def _signature(store: Store) -> str:
    digest = hashlib.sha256(
        f"{VERSION}\0{notes.VERSION}\0{tables_fingerprint()}\0{fingerprint_topics(*notes.TOPICS)}".encode()
    )
    for table in ("articles", "sentences", "mentions", "events", "arguments", "entities", "stories"):
        for path in store.parts(table):
            stat = path.stat()
            digest.update(f"{table}/{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _write_entities(store: Store, corpus: Corpus, joined: Mapping[str, str], lexicon: Lexicon) -> list[Entity]:
    published = corpus.articles.published
    entities = build_entities(corpus.mentions(joined), published, lexicon)
    # "The two presidents" are parties whom no mention names: they have a row, too, with no mentions.
    named = {e.entity_id for e in entities}
    parties = (p for p in corpus.parties(joined) if p.entity_id not in named)
    unnamed = [replace(e, n_mentions=0) for e in build_entities(parties, published, lexicon)]
    entities = sorted([*entities, *unnamed], key=lambda e: e.entity_id)
    store.write(schemas.ENTITIES, PART, entities, {})
    return entities


def _tells(event: EventMention, told: Told) -> bool:
    """Whether a party, a place or a day is known: "and they did not meet" stays an event, and is nobody's story."""
    return bool(event.parties or told.parties or told.place_text or event.time_start)


def _build_stories(
    events: Events,
    articles: Articles,
    names: Mapping[str, str],
    translations: Mapping[str, Translation],
    replay: Replay,
) -> tuple[list[Story], dict[str, str]]:
    sources = Sources(articles.published, articles.languages, articles.duplicates, names)
    merged = merge_events(events.meetings, articles.context, translations, events.tellers, replay)
    # A statement that one article alone reports is an event, not yet a story of its own.
    for group in merge_statements(events.statements, translations):
        if len({s.article_id for s in group}) > 1:
            said = [events.spoken[s.event_id] for s in group]
            merged.append(Merged(said, said))
    merged = [m for m in merged if any(_tells(e, events.told[e.event_id]) for e in m.members)]
    members = {story_id(m.members[0].event_id): m.members for m in merged}
    stories = [build_story(m, events.told, sources) for m in merged]
    story_of = {m.event_id: sid for sid, group in members.items() for m in group}
    return add_parts(stories, members, events.told), story_of
