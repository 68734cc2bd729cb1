"""The tables: every column with its Arrow type and what it means. The one place for schemas.

The README's column tables and ``docs/schema.md`` are printed from here (``make docs``) and a test
holds them to it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipeline.core import rows

TIMESTAMP = pa.timestamp("ms")
STRINGS = pa.list_(pa.string())
STATUS_HISTORY = pa.list_(
    pa.struct(
        [
            pa.field("published_at", TIMESTAMP),
            pa.field("status", pa.string()),
            pa.field("article_id", pa.string()),
        ]
    )
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, Arrow type, whether it may be null, and one line on what it holds."""

    name: str
    type: pa.DataType
    doc: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what one row is, the row class, and the columns in order."""

    name: str
    row: type
    doc: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, each field with its description as metadata."""
        return pa.schema(pa.field(c.name, c.type, nullable=c.nullable, metadata={"doc": c.doc}) for c in self.columns)

    def to_arrow(self, items: Iterable[Any]) -> pa.Table:
        """Turn row objects into an Arrow table, in the order given."""
        items = list(items)
        arrays = [pa.array([_plain(getattr(item, c.name)) for item in items], type=c.type) for c in self.columns]
        return pa.Table.from_arrays(arrays, schema=self.schema)

    def from_arrow(self, table: pa.Table) -> list[Any]:
        """Turn an Arrow table of this schema back into row objects."""
        names = [c.name for c in self.columns]
        return [
            self.row(*(_tuples(v, n) for v, n in zip(values, names, strict=True)))
            for values in zip(*(table.column(n).to_pylist() for n in names), strict=True)
        ]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [dataclasses.asdict(v) if dataclasses.is_dataclass(v) and not isinstance(v, type) else v for v in value]
    return value


def _tuples(value: Any, name: str) -> Any:
    if name == "status_history":
        return tuple(rows.StatusChange(**item) for item in value)
    return tuple(value) if isinstance(value, list) else value


def _must(name: str, type_: pa.DataType, doc: str) -> Column:
    return Column(name, type_, doc, nullable=False)


_ARTICLE_ID = _must("article_id", pa.string(), "the article, as in `articles`")

ARTICLES = Table("articles", rows.Article, "an article", (
    _must("article_id", pa.string(), "16 hex digits, made from `source` and the record's id or number; stays while the input stays at its place"),
    _must("source", pa.string(), "file under the raw folder, with `/`"),
    _must("source_index", pa.int64(), "row of the file for JSON lines, CSV and Parquet, record of a WARC, article of an archive; 0 for a file with one article"),
    Column("url", pa.string(), "address of the article, where the input gives it"),
    Column("title", pa.string(), "headline from front matter, HTML metadata, the record or the text's first line"),
    Column("author", pa.string(), "author, as printed"),
    Column("publisher", pa.string(), "newspaper, agency or site, as printed"),
    Column("published_at", TIMESTAMP, "when it was published, on the publisher's clock, no zone conversion; midnight where only the day is known"),
    Column("published_from", pa.string(), "where that was read: front_matter, html_metadata, record, text, warc_date, file_name, file_time"),
    Column("language", pa.string(), "main language, ISO code"),
    _must("languages", STRINGS, "languages of its paragraphs, in order of appearance"),
    _must("text", pa.string(), "the text that every offset points into; markup removed, nothing else changed"),
    _must("raw_sha256", pa.string(), "hash of the input's bytes"),
    _must("content_sha256", pa.string(), "hash of `text`"),
    Column("garbled", pa.float64(), "0 clean to 1 broken: signs of machine translation or corruption"),
    _must("n_sentences", pa.int64(), "rows in `sentences`"),
    Column("duplicate_of", pa.string(), "the earlier article of which this is a copy or a light rewrite; copies count once in `stories`"),
))  # fmt: skip

SENTENCES = Table("sentences", rows.Sentence, "a sentence", (
    _ARTICLE_ID,
    _must("sentence_id", pa.int64(), "0, 1, 2 ... in the article"),
    _must("start", pa.int64(), "first code point in `articles.text`"),
    _must("end", pa.int64(), "one past the last code point"),
    _must("language", pa.string(), "ISO code; only en, ar and zh are processed further"),
    _must("kind", pa.string(), "title, body, caption or boilerplate (page furniture, bears no events)"),
    _must("text", pa.string(), "`articles.text[start:end]`"),
))  # fmt: skip

MENTIONS = Table("mentions", rows.Mention, "a name, or a noun or pronoun that stands for one", (
    _must("mention_id", pa.string(), "article_id and offsets"),
    _ARTICLE_ID,
    _must("sentence_id", pa.int64(), "the sentence, as in `sentences`"),
    _must("start", pa.int64(), "first code point in `articles.text`"),
    _must("end", pa.int64(), "one past the last code point"),
    _must("text", pa.string(), "`articles.text[start:end]`"),
    _must("label", pa.string(), "PER, ORG, GPE (country, city as an actor or place with a government) or LOC"),
    _must("kind", pa.string(), "name, nominal (\"the prime minister\") or pronoun"),
    Column("entity_id", pa.string(), "as in `entities`; null where it is not resolved"),
    Column("score", pa.float64(), "the model's probability; null for rules and word lists"),
    _must("recognizer", pa.string(), "engine that found it"),
))  # fmt: skip

EVENTS = Table("events", rows.Event, "one mention of a meeting, call or statement", (
    _must("event_id", pa.string(), "article_id, type and offset of the trigger"),
    _ARTICLE_ID,
    _must("sentence_id", pa.int64(), "the sentence, as in `sentences`"),
    _must("type", pa.string(), "meeting, call or statement"),
    Column("mode", pa.string(), "meeting: visit, host, third_place, multilateral, mediation, negotiation; call: phone, video; statement: spoken, written, joint; null unknown"),
    _must("status", pa.string(), "actual, planned, cancelled, negated or possible"),
    _must("trigger", pa.string(), "the word that carries the event, `articles.text[start:end]`"),
    _must("start", pa.int64(), "first code point of the trigger"),
    _must("end", pa.int64(), "one past its last code point"),
    Column("time_text", pa.string(), "the time expression, as printed"),
    Column("time_start", pa.date32(), "first day of the event's time"),
    Column("time_end", pa.date32(), "last day of it"),
    Column("time_precision", pa.string(), "day, days, week, month, season or year"),
    Column("time_source", pa.string(), "explicit, relative (worked out from the publication date) or publication (no time told: the day of publication)"),
    Column("place", pa.string(), "where it takes place, as printed"),
    Column("place_entity_id", pa.string(), "the place, as in `entities`"),
    Column("topic", pa.string(), "what it is about: the matching topic of the topic list"),
    Column("quote", pa.string(), "the words quoted or reported, `articles.text[quote_start:quote_end]`"),
    Column("quote_start", pa.int64(), "first code point of the quote"),
    Column("quote_end", pa.int64(), "one past its last code point"),
    Column("quote_kind", pa.string(), "direct, indirect or mixed"),
    Column("score", pa.float64(), "the model's probability; null for rules"),
    _must("method", pa.string(), "model, rules, or model+rules where both found it"),
    Column("story_id", pa.string(), "the real-world event, as in `stories`"),
    Column("cameo", pa.string(), "CAMEO code that fits type, mode and status (docs/codes.md)"),
    Column("plover", pa.string(), "PLOVER event type and mode (docs/codes.md)"),
))  # fmt: skip

ARGUMENTS = Table("arguments", rows.Argument, "one party, addressee, place or time of an event", (
    _must("event_id", pa.string(), "the event, as in `events`"),
    _ARTICLE_ID,
    _must("role", pa.string(), "participant, speaker, addressee, place or time"),
    Column("start", pa.int64(), "first code point in `articles.text`"),
    Column("end", pa.int64(), "one past the last code point"),
    _must("text", pa.string(), "`articles.text[start:end]`"),
    Column("entity_id", pa.string(), "as in `entities`; null where it is not resolved"),
    Column("entity_name", pa.string(), "the resolved party's usual English name; where it is not resolved, its description as printed; null for pronouns and times; a plural (\"the two leaders\") gives a row a party"),
    Column("score", pa.float64(), "probability of the role; null where rules or the mention before give the argument"),
))  # fmt: skip

ENTITIES = Table("entities", rows.Entity, "a person, organisation, country or place, over all articles", (
    _must("entity_id", pa.string(), "Wikidata id where known, else made from the name, the same from run to run"),
    _must("name", pa.string(), "usual English name, or the best name seen"),
    Column("name_en", pa.string(), "name in English"),
    Column("name_ar", pa.string(), "name in Arabic"),
    Column("name_zh", pa.string(), "name in Chinese"),
    _must("label", pa.string(), "PER, ORG, GPE or LOC"),
    Column("wikidata_id", pa.string(), "Wikidata id"),
    Column("country", pa.string(), "ISO code of the country that it belongs to"),
    Column("role", pa.string(), "office, for people; kind of body, for organisations"),
    _must("n_mentions", pa.int64(), "rows in `mentions`"),
    _must("n_articles", pa.int64(), "articles that mention it"),
    Column("first_seen", TIMESTAMP, "earliest publication date"),
    Column("last_seen", TIMESTAMP, "latest publication date"),
))  # fmt: skip

STORIES = Table("stories", rows.Story, "one real-world meeting or call (or one statement reported by several) over all articles and languages", (
    _must("story_id", pa.string(), "made from its earliest mention"),
    _must("type", pa.string(), "meeting, call or statement"),
    Column("mode", pa.string(), "the most frequent mode of its mentions"),
    _must("status", pa.string(), "as last told"),
    _must("status_history", STATUS_HISTORY, "each change of status with the date and article that told it"),
    Column("time_start", pa.date32(), "first day"),
    Column("time_end", pa.date32(), "last day"),
    Column("place", pa.string(), "place"),
    Column("place_entity_id", pa.string(), "place, as in `entities`"),
    _must("participants", STRINGS, "names of the parties"),
    _must("n_mentions", pa.int64(), "events that speak of it"),
    _must("n_articles", pa.int64(), "articles that speak of it; copies of one count once"),
    _must("languages", STRINGS, "languages in which it was told"),
    Column("first_published", TIMESTAMP, "earliest article"),
    Column("last_published", TIMESTAMP, "latest article"),
    Column("part_of", pa.string(), "the visit or summit during which it took place, a `story_id`"),
    _must("supersedes", STRINGS, "ids that an earlier run may have given to what is now this story: look an old id up here"),
))  # fmt: skip

FAILURES = Table("failures", rows.Failure, "an input that could not be read or processed", (
    _must("source", pa.string(), "file under the raw folder"),
    Column("source_index", pa.int64(), "row of the file; null where the whole file failed"),
    _must("stage", pa.string(), "stage that gave up"),
    _must("error", pa.string(), "kind of error"),
    _must("message", pa.string(), "what happened, in a line"),
))  # fmt: skip

TABLES: tuple[Table, ...] = (
    ARTICLES, SENTENCES, MENTIONS, EVENTS, ARGUMENTS, ENTITIES, STORIES, FAILURES,
)  # fmt: skip


def by_name(name: str) -> Table:
    """The table of that name; raises ``KeyError``."""
    return {t.name: t for t in TABLES}[name]


def overview(tables: Sequence[Table] = TABLES) -> str:
    """Print the tables by name, as README.md shows them."""
    return "\n".join(["| table | one row is |", "|---|---|", *(f"| `{t.name}` | {t.doc} |" for t in tables)]) + "\n"


def markdown(tables: Sequence[Table] = TABLES) -> str:
    """Print the tables' columns as Markdown, as docs/schema.md shows them."""
    parts = []
    for table in tables:
        lines = [f"### `{table.name}`: one row is {table.doc}", "", "| column | type | holds |", "|---|---|---|"]
        lines += [
            f"| `{c.name}` | {c.type if c.type != STATUS_HISTORY else 'list<struct>'} | {c.doc} |"
            for c in table.columns
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
