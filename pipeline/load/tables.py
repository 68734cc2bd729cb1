"""The frames: each public function of ``Tables`` gives one, in the same order for the same tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.core import schemas
from pipeline.core.views import TablesError, open_views
from pipeline.events.codes import find_codes
from pipeline.load import queries
from pipeline.load.errors import LoadError
from pipeline.load.filters import NAME_LANGUAGES, ROLES, STATUSES, TYPES, Conditions, Day, One, choices
from pipeline.load.parties import Party, find_party

_LABELS = ("PER", "ORG", "GPE", "LOC")

CATEGORIES: dict[str, tuple[str, ...] | None] = {
    "type": TYPES, "status": STATUSES, "role": ROLES, "label": _LABELS, "party_a_label": _LABELS,
    "party_b_label": _LABELS, "mode": None, "language": None, "article_language": None, "kind": None, "method": None, "quote_kind": None,
    "time_precision": None, "time_source": None, "date_source": None, "published_from": None, "recognizer": None,
    "stage": None,
}  # fmt: skip
"""Columns that are categoricals; None takes the values that occur, in order."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article: its row and text, and the frames of what was found in it, in the order of the text."""

    row: pd.Series[Any]
    text: str
    sentences: pd.DataFrame
    mentions: pd.DataFrame
    events: pd.DataFrame
    arguments: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Tables:
    """A folder of tables; ``names`` is the language in which parties and places are named (en, ar, zh).

    A party that has no name in that language keeps its usual one, an unresolved one its words as
    printed. All frames: text as pandas ``string``, days and times as ``datetime64[ms]``, whole
    numbers that may be missing as ``Int64``, scores as ``float64`` (NaN: a rule found it), closed
    lists of values as categoricals, lists as Python lists (empty, never null).
    """

    folder: Path
    names: Literal["en", "ar", "zh"] = "en"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open DuckDB with every table as a view of its name, for SQL of your own.

        Raises ``LoadError`` where a table is missing.
        """
        try:
            connection = open_views(self.folder)
        except TablesError as error:
            raise LoadError(str(error)) from error
        shown = f"coalesce(name_{self.names}, name)"
        connection.execute(
            f"CREATE VIEW names AS SELECT entity_id, {shown} AS shown, name AS usual, label, country FROM entities"
        )
        return connection

    def articles(
        self, *, text: bool = False, language: One = None, since: Day = None, until: Day = None
    ) -> pd.DataFrame:
        """Give the articles, one row each, by publication date and source.

        Columns as in the schema; ``text`` only when asked for, for it is by far the largest.
        ``language`` is the main one; ``since`` and ``until`` are days of publication, "2025",
        "2025-01" or "2025-01-31", both included.
        """
        conditions = Conditions()
        conditions.among("language", language, None, option="language")
        conditions.between("CAST(published_at AS DATE)", "CAST(published_at AS DATE)", since, until)
        columns = ", ".join(c.name for c in schemas.ARTICLES.columns if text or c.name != "text")
        order = "ORDER BY published_at, source, source_index"
        return self._frame(f"SELECT {columns} FROM articles {conditions.where} {order}", conditions)

    def events(
        self,
        *,
        type: One = None,
        status: One = None,
        party: One = None,
        since: Day = None,
        until: Day = None,
        language: One = None,
        columns: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Give the events, one row a mention of a meeting, call or statement, by date and place in the text.

        To the schema's columns come:

        - ``date``: ``time_start``, else the day of publication; ``date_source`` says which
          (explicit, relative, publication).
        - ``participants``, ``speakers``, ``addressees``: lists of names in the order of the text;
          ``who`` and ``to_whom``: the same as text; ``party_ids``: ids of the resolved ones;
          ``n_unresolved``: parties without an entity.
        - ``place_name``: the resolved place's name, else the words printed.
        - ``sentence`` and ``sentence_start``: the trigger begins at ``start - sentence_start`` of it.
        - ``language``: of the sentence; ``article_language``, ``title``, ``url``, ``publisher``,
          ``source``, ``published_at``, ``duplicate_of``: of the article.

        ``party`` is a name in any of the three languages, or an entity id; of several, all must
        take part. ``since`` and ``until`` are days, months or years; an event counts whose span
        touches them. ``columns`` keeps only those named, which reads less. Raises ``LoadError``.
        """
        connection = self.connect()
        conditions = _what_and_when(type, status, since, until)
        conditions.among("language", language, None, option="language")
        self._take_part("event_id", party, conditions, connection)
        return self._frame(queries.events(conditions.where), conditions, connection, columns=columns)

    def arguments(self, *, type: One = None, status: One = None, role: One = None, party: One = None) -> pd.DataFrame:
        """Give the arguments, one row a party, addressee, place or time of an event, in text order.

        To the schema's columns come ``name`` (as in ``names``, else as printed), ``label`` and
        ``country`` of the entity, and the event's ``type`` and ``status``. ``party`` keeps the rows
        of that party, not those of the others who met it.
        """
        connection = self.connect()
        conditions = Conditions()
        conditions.among("e.type", type, TYPES, option="type")
        conditions.among("e.status", status, STATUSES, option="status")
        conditions.among("p.role", role, ROLES, option="role")
        for at, found in enumerate(self._parties(party, connection)):
            conditions.add(queries.is_party(at, "p.entity_id", "p.entity_name"), **found.parameters(at))
        return self._frame(queries.arguments(conditions.where), conditions, connection)

    def stories(
        self,
        *,
        type: One = None,
        status: One = None,
        party: One = None,
        since: Day = None,
        until: Day = None,
        language: One = None,
    ) -> pd.DataFrame:
        """Give the stories, one row a real-world meeting, call or statement, by date.

        To the schema's columns come ``date`` (``time_start``, else the day of the first article) with
        ``date_source`` (story, publication), ``place_name``, ``party_ids``, and in each record of
        ``status_history`` the ``source``, ``title`` and ``language`` of the article that told it.
        ``status`` is the last told. ``language``: told in that language, perhaps among others.
        The other options are as in ``events``.
        """
        connection = self.connect()
        conditions = _what_and_when(type, status, since, until)
        _told_in(language, conditions)
        self._take_part("story_id", party, conditions, connection)
        return self._frame(queries.stories(conditions.where), conditions, connection)

    def dyads(
        self,
        *,
        type: One = None,
        status: One = None,
        party: One = None,
        since: Day = None,
        until: Day = None,
        language: One = None,
        resolved: bool = True,
    ) -> pd.DataFrame:
        """Give the pairs of parties, by date: who met or called whom, who said something to whom.

        A meeting or call: one row a pair and story, for parties that one event names together. The
        order of the two means nothing and is always the same (``directed`` is False). A statement:
        one row a speaker, addressee and event (``directed`` is True). Left out are a party paired
        with itself and a country paired with its own people or bodies, who stand on one side.

        Columns: ``party_a``, ``party_b`` and their ``..._id``, ``..._label``, ``..._country``;
        ``type``, ``mode``, ``status`` (the story's, as last told; the event's for statements),
        ``date`` and ``date_source``, ``place_name``, ``n_mentions``, ``n_articles`` (copies once),
        ``languages``, ``first_published``, ``last_published``, ``story_id``, ``event_id`` (null for
        stories), ``cameo``, ``plover``. ``resolved=False`` adds parties that are only described
        ("the two ministers"), with no id. The other options are as in ``events``.
        """
        connection = self.connect()
        conditions = _what_and_when(type, status, since, until)
        _told_in(language, conditions)
        for at, found in enumerate(self._parties(party, connection)):
            sides = (queries.is_party(at, f"{side}_id", side) for side in ("party_a", "party_b"))
            conditions.add(" OR ".join(sides), **found.parameters(at))
        connection.register("codes", _codes())
        return self._frame(queries.dyads(conditions.where, resolved=resolved), conditions, connection)

    def entities(self, *, label: One = None, party: One = None) -> pd.DataFrame:
        """Give the people, organisations, countries and places, the most often named first.

        ``shown`` is the name in the language of ``names``. ``party`` keeps those that the name may
        mean: the way to see whom ``events(party=...)`` takes.
        """
        connection = self.connect()
        conditions = Conditions()
        conditions.among("label", label, _LABELS, option="label")
        for at, found in enumerate(self._parties(party, connection)):
            conditions.add(queries.is_entity(at, "entity_id"), **found.parameters(at))
        query = f"SELECT *, coalesce(name_{self.names}, name) AS shown FROM entities {conditions.where}"
        # An entity's role is its office, one of many; an argument's is one of five.
        return self._frame(f"{query} ORDER BY n_mentions DESC, entity_id", conditions, connection, plain=("role",))

    def failures(self) -> pd.DataFrame:
        """Give the inputs that could not be read or processed, by source."""
        return self._frame("SELECT * FROM failures ORDER BY source, source_index, stage", Conditions())

    def sentences(self, *, kind: One = None, language: One = None) -> pd.DataFrame:
        """Give the sentences in text order; ``kind`` is title, body, caption or boilerplate."""
        conditions = Conditions()
        conditions.among("kind", kind, None, option="kind")
        conditions.among("language", language, None, option="language")
        return self._frame(f"SELECT * FROM sentences {conditions.where} ORDER BY article_id, start", conditions)

    def mentions(self, *, kind: One = None, label: One = None) -> pd.DataFrame:
        """Give the mentions in text order, with the ``name`` that each stands for; null unresolved."""
        conditions = Conditions()
        conditions.among("m.kind", kind, ("name", "nominal", "pronoun"), option="kind")
        conditions.among("m.label", label, _LABELS, option="label")
        query = "SELECT m.*, n.shown AS name FROM mentions m LEFT JOIN names n USING (entity_id)"
        return self._frame(f"{query} {conditions.where} ORDER BY m.article_id, m.start, m.mention_id", conditions)

    def article(self, wanted: str) -> ArticleView:
        """Give one article with what was found in it.

        ``wanted`` is an id, the beginning of one, or part of its source or title. Raises
        ``LoadError`` where none or several answer.
        """
        connection = self.connect()
        row = self._frame(
            "SELECT * FROM articles WHERE article_id = $id",
            Conditions(), connection, {"id": _article_id(wanted, connection)},
        ).iloc[0]  # fmt: skip
        frame = partial(self._frame, conditions=Conditions(), connection=connection, extra={"id": row.article_id})
        return ArticleView(
            row=row,
            text=row.text,
            sentences=frame("SELECT * FROM sentences WHERE article_id = $id ORDER BY start"),
            mentions=frame(
                "SELECT m.*, n.shown AS name FROM mentions m LEFT JOIN names n USING (entity_id) "
                "WHERE article_id = $id ORDER BY start, mention_id"
            ),
            events=frame(queries.events("WHERE article_id = $id", order="start, event_id")),
            arguments=frame(queries.arguments("WHERE p.article_id = $id")),
        )

    def _frame(
        self,
        query: str,
        conditions: Conditions,
        connection: duckdb.DuckDBPyConnection | None = None,
        extra: dict[str, Any] | None = None,
        *,
        columns: Iterable[str] | None = None,
        plain: tuple[str, ...] = (),
    ) -> pd.DataFrame:
        connection = connection or self.connect()
        if columns is not None:
            chosen = list(columns)
            allowed = tuple(connection.execute(f"DESCRIBE {query}", conditions.parameters).fetchdf().column_name)
            choices(chosen, allowed, option="columns")
            query = f"SELECT {', '.join(chosen)} FROM ({query})"
        return typed(_arrow(connection, query, conditions.parameters | (extra or {})), plain=plain)

    def _parties(self, party: One, connection: duckdb.DuckDBPyConnection) -> list[Party]:
        return [find_party(name, connection) for name in choices(party, None, option="party") or []]

    def _take_part(self, key: str, party: One, conditions: Conditions, connection: duckdb.DuckDBPyConnection) -> None:
        """Keep events, or the stories of events, in which every one of the parties acts."""
        for at, found in enumerate(self._parties(party, connection)):
            events = queries.events_of_party(at)
            if key == "story_id":
                events = f"SELECT story_id FROM events WHERE event_id IN ({events})"
            conditions.add(f"{key} IN ({events})", **found.parameters(at))


def open_tables(processed: str | Path = "data/processed", *, names: Literal["en", "ar", "zh"] = "en") -> Tables:
    """Open the folder that ``make extract`` wrote; ``names`` is the language to name parties in.

    Raises ``LoadError`` where there are no tables.
    """
    choices(names, NAME_LANGUAGES, option="names")
    folder = Path(processed)
    if not (folder / "events").is_dir():
        raise LoadError(
            f"there are no tables in {folder}; run make extract first, or: communique extract --processed {folder}"
        )
    return Tables(folder, names)


def _what_and_when(type_: One, status: One, since: Day, until: Day) -> Conditions:
    """What events, stories and dyads are asked for alike."""
    conditions = Conditions()
    conditions.among("type", type_, TYPES, option="type")
    conditions.among("status", status, STATUSES, option="status")
    conditions.between("date", "coalesce(time_end, date)", since, until)
    return conditions


def _told_in(language: One, conditions: Conditions) -> None:
    chosen = choices(language, None, option="language")
    if chosen is not None:
        conditions.add("list_has_any(languages, $any_language)", any_language=chosen)


def typed(table: pa.Table, *, plain: tuple[str, ...] = ()) -> pd.DataFrame:
    """An Arrow table as a pandas frame with the types that ``Tables`` promises.

    The columns named in ``plain`` are no categoricals here.
    """
    names = table.column_names
    return pd.DataFrame(
        {n: _column(c, n not in plain and n in CATEGORIES, n) for n, c in zip(names, table.columns, strict=True)}
    )


def _column(column: pa.ChunkedArray, categorical: bool, name: str) -> Any:
    kind = column.type
    if pa.types.is_list(kind):
        return pd.Series([value or [] for value in column.to_pylist()], dtype=object)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("ms")).to_pandas()
    if categorical:
        return _categorical(column.cast(pa.string()), CATEGORIES[name] or ())
    if pa.types.is_integer(kind) and column.null_count:
        return column.cast(pa.int64()).to_pandas(types_mapper=lambda _: pd.Int64Dtype())
    if pa.types.is_string(kind) or pa.types.is_null(kind):
        return column.cast(pa.string()).to_pandas(types_mapper=lambda _: pd.StringDtype("pyarrow"))
    return column.to_pandas()


def _categorical(column: pa.ChunkedArray, closed: tuple[str, ...]) -> Any:
    """A categorical with the closed values first; others that a later version may write are kept, not lost."""
    coded = column.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    found = coded.dictionary.to_pylist()
    values = [*closed, *sorted(set(found) - set(closed))]
    place = np.array([values.index(value) for value in found] + [-1])
    codes = coded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(place[codes], categories=pd.Index(values))


def _arrow(connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any]) -> pa.Table:
    used = {key: value for key, value in parameters.items() if f"${key}" in query}
    return connection.sql(query, params=used).to_arrow_table()


def _article_id(wanted: str, connection: duckdb.DuckDBPyConnection) -> str:
    keys = connection.execute("SELECT article_id, source, title FROM articles ORDER BY source, source_index").fetchall()
    part = wanted.casefold()
    found = [k for k in keys if wanted and k[0].startswith(wanted)] or [
        k for k in keys if part in k[1].casefold() or part in (k[2] or "").casefold()
    ]
    if not found:
        raise LoadError(f"no article has {wanted!r} in its id, source or title; articles() lists them")
    if len(found) > 1:
        names = "; ".join(f"{k[0]} {k[1]}" for k in found[:5])
        raise LoadError(f"{len(found)} articles answer to {wanted!r}, name one: {names}")
    return str(found[0][0])


def _codes() -> pa.Table:
    modes = (None, "visit", "host", "third_place", "multilateral", "mediation", "negotiation", "phone", "video",
             "spoken", "written", "joint")  # fmt: skip
    rows = [
        (kind, mode, status, *find_codes(kind, mode, status)) for kind in TYPES for mode in modes for status in STATUSES
    ]
    names = ["type", "mode", "status", "cameo", "plover"]
    return pa.table({n: pa.array([r[i] for r in rows], pa.string()) for i, n in enumerate(names)})
