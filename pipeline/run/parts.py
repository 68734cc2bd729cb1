"""A chunk's earlier parts, source by source, and new parts put together from pieces of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from pipeline.core import schemas
from pipeline.core.rows import Article, Document, Failure
from pipeline.core.store import Part, Store, canonical
from pipeline.run.stages import PER_ARTICLE, WRITES

FAILURES = "failures"
ROW_TABLES = ("articles", "sentences", "mentions", "events", "arguments")
CHUNK_TABLES = (*ROW_TABLES, FAILURES)
_Range = tuple[int, int]


class Earlier:
    """The parts that a chunk has on disk, read when they are first asked for."""

    def __init__(self, store: Store, chunk_id: str) -> None:
        self._store, self._chunk_id = store, chunk_id
        self._parts: dict[str, Part | None] = {}
        self._ranges: dict[str, dict[str, _Range]] = {}
        self._made: dict[str, pa.Table] = {}
        self._of: dict[str, str] | None = None

    def part(self, table: str) -> Part | None:
        """A part with its footer, or None."""
        if table not in self._parts:
            self._parts[table] = self._store.read_part(table, self._chunk_id)
        return self._parts[table]

    def has(self, source: str) -> bool:
        """Whether there are articles, or at least an answer, for a source."""
        part = self.part("articles")
        return part is not None and source in part.fingerprints

    def prints(self, table: str, source: str) -> dict[str, str]:
        """The fingerprints of a source's rows in a table."""
        part = self.part(table)
        return {} if part is None else part.fingerprints.get(source, {})

    def depth(self, source: str, prints: dict[str, str]) -> int:
        """How many stages, from the first on, hold for a source in all the tables that they write."""
        depth = 0
        for stage in PER_ARTICLE:
            for table in (*WRITES[stage], FAILURES):
                if self.prints(table, source).get(stage) != prints[stage] or self._range(table, source) is None:
                    return depth
            depth += 1
        return depth

    def add_to(self, pieces: Pieces, source: str) -> None:
        """Add a source's rows as they are."""
        part, rows = self.part(pieces.table), self._range(pieces.table, source)
        if part is not None and rows is not None:
            pieces.add(part.data, rows, part)

    def documents(self, source: str, depth: int) -> Iterator[Document]:
        """A source's articles with the rows of its first ``depth`` stages, as these made them."""
        sentences = self._by_article("sentences", source) if depth > 1 else {}
        mentions = self._by_article("mentions", source) if depth > 2 else {}
        article: Article
        for article in self._rows("articles", source):
            if depth < 2:
                article = replace(article, language=None, languages=(), garbled=None, n_sentences=0)
            aid = article.article_id
            article = replace(article, duplicate_of=None)
            yield Document(article, tuple(sentences.get(aid, ())), tuple(mentions.get(aid, ())))

    def failures(self, source: str) -> list[Failure]:
        """A source's failures."""
        return self._rows(FAILURES, source)

    def _by_article(self, table: str, source: str) -> dict[str, list[Any]]:
        answer: dict[str, list[Any]] = {}
        for row in self._rows(table, source):
            answer.setdefault(row.article_id, []).append(row)
        return answer

    def _rows(self, table: str, source: str) -> list[Any]:
        part, rows = self.part(table), self._range(table, source)
        if part is None or rows is None:
            return []
        if table not in self._made:
            self._made[table] = canonical(table, part.as_made())
        return schemas.by_name(table).from_arrow(self._made[table].slice(rows[0], rows[1] - rows[0]))

    def _range(self, table: str, source: str) -> _Range | None:
        """Where a source's rows lie in a part; None where they cannot be told."""
        if table not in self._ranges:
            part = self.part(table)
            self._ranges[table] = {} if part is None else self._find(table, part)
        answer = self._ranges[table].get(source)
        if answer is None and self.part(table) is not None:
            return (0, 0)
        return answer

    def _find(self, table: str, part: Part) -> dict[str, _Range]:
        if table in ("articles", FAILURES):
            owners: list[str | None] = part.data.column("source").to_pylist()
        else:
            of = self._sources()
            owners = [of.get(a) for a in part.data.column("article_id").to_pylist()]
        ranges: dict[str, _Range] = {}
        start = 0
        for at in range(1, len(owners) + 1):
            if at == len(owners) or owners[at] != owners[start]:
                owner = owners[start]
                if owner is not None:
                    if owner in ranges:
                        # No run writes a source's rows apart: the part is not one of ours.
                        self._parts[table] = None
                        return {}
                    ranges[owner] = (start, at)
                start = at
        return ranges

    def _sources(self) -> dict[str, str]:
        if self._of is None:
            part = self.part("articles")
            self._of = {}
            if part is not None:
                ids, sources = (part.data.column(c).to_pylist() for c in ("article_id", "source"))
                self._of = dict(zip(ids, sources, strict=True))
        return self._of


class Pieces:
    """A part's rows to be, collected piece by piece in their order."""

    def __init__(self, table: str) -> None:
        self.table = table
        self._pieces: list[tuple[pa.Table, int, int, Part | None]] = []

    def add(self, data: pa.Table, rows: _Range | None = None, part: Part | None = None) -> None:
        """Add rows; those of a part bring along what its footer says of them."""
        start, stop = rows or (0, len(data))
        if start == stop:
            return
        if self._pieces:
            before, first, last, owner = self._pieces[-1]
            if before is data and last == start:
                self._pieces[-1] = (data, first, stop, owner)
                return
        self._pieces.append((data, start, stop, part))

    def add_rows(self, rows: Sequence[Any]) -> None:
        """Add row objects."""
        if rows:
            self.add(schemas.by_name(self.table).to_arrow(rows))

    def put_together(self) -> tuple[pa.Table, dict[str, dict[str, list[int]]]]:
        """The rows in one table, and the local values of those that have some."""
        schema = schemas.by_name(self.table).schema
        local: dict[str, dict[str, list[int]]] = {}
        offset = 0
        for _, start, stop, part in self._pieces:
            for column, values in part.local.items() if part is not None else ():
                for value, rows in values.items():
                    here = [row - start + offset for row in rows if start <= row < stop]
                    if here:
                        local.setdefault(column, {}).setdefault(value, []).extend(here)
            offset += stop - start
        tables = [data.slice(start, stop - start) for data, start, stop, _ in self._pieces]
        if not tables:
            return schema.empty_table(), {}
        return pa.concat_tables(tables).combine_chunks(), local
