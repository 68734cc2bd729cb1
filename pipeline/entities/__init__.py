"""Stage 3: names and what stands for them, each linked to an entity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.core.config import Entities
from pipeline.core.rows import Document, Mention, Sentence
from pipeline.entities.coreference import ArticleReferences
from pipeline.entities.glosses import find_glosses
from pipeline.entities.lexicon import Lexicon, load_lexicon, tables_fingerprint
from pipeline.entities.linking import ArticleLinker, Resolved, is_full_name
from pipeline.entities.nominals import Nominal, find_nominals
from pipeline.entities.offices import Named, Offices
from pipeline.entities.repeated import with_repeated_people
from pipeline.entities.separate import separated, with_places_as_places, with_repeated, with_surnames_as_people
from pipeline.entities.spans import Found, NameEngine, NameSpan

VERSION = "3"
TOPICS = ("parties", "titles", "gender", "references")


def model_fingerprint(config: Entities) -> str:
    """Hash of what the names engine and the entity tables hold."""
    from pipeline.entities.engines import registry

    return f"{registry.engine_fingerprint(config)}/{tables_fingerprint()}"


class EntitiesStage:
    """Finds names with the configured engine, nouns and pronouns by word list, and links them."""

    def __init__(self, config: Entities) -> None:
        from pipeline.entities.engines import registry

        self._engine: NameEngine = registry.build_engine(config)
        self._lexicon = load_lexicon()

    def run(self, documents: Sequence[Document]) -> list[Document]:
        """Fill ``mentions``; boilerplate has none."""
        found = self._engine.find(documents)
        return _linked(documents, found, self._lexicon)


def _linked(documents: Sequence[Document], found: Sequence[Found], lexicon: Lexicon) -> list[Document]:
    """The documents with their mentions; names that no table has are looked up together."""
    names = [_names(d, f, lexicon) for d, f in zip(documents, found, strict=True)]
    lexicon.listen(
        written
        for document, ordered in zip(documents, names, strict=True)
        for n in ordered
        if is_full_name(written := document.article.text[n.start : n.end], n.label) and not lexicon.named(written)
    )
    return [
        replace(_mentions(d, ordered, lexicon), analysis=f.analysis)
        for d, ordered, f in zip(documents, names, found, strict=True)
    ]


def _names(document: Document, found: Found, lexicon: Lexicon) -> list[NameSpan]:
    """The names of an article in text order: those that the engine found, parted and repeated."""
    text = document.article.text
    ordered = with_repeated(list(separated(found.names, text, lexicon)), document, lexicon)
    ordered = with_places_as_places(with_repeated_people(ordered, document, lexicon), text, lexicon)
    return with_surnames_as_people(ordered, text, lexicon)


def _mentions(document: Document, ordered: Sequence[NameSpan], lexicon: Lexicon) -> Document:
    article = document.article
    day: date | None = article.published_at.date() if article.published_at else None
    sentences = [s for s in document.sentences if s.kind != "boilerplate"]
    names: list[tuple[NameSpan, Sentence]] = []
    nominals: list[tuple[Nominal, Sentence]] = []
    at = 0
    for sentence in sentences:
        while at < len(ordered) and ordered[at].start < sentence.start:
            at += 1
        inside: list[NameSpan] = []
        while at < len(ordered) and ordered[at].end <= sentence.end:
            inside.append(ordered[at])
            at += 1
        names += [(n, sentence) for n in inside]
        nominals += [(n, sentence) for n in find_nominals(sentence, inside)]
    text = article.text
    written = [(text[n.start : n.end], n.label) for n, _ in names]
    starts = [s.start for s in document.sentences]
    beside = Offices(lexicon, text, (), day)
    homes: dict[str, set[str]] = {}
    for nominal, _ in nominals:
        # An envoy to a country or its ambassador elsewhere may be anyone's.
        if nominal.title_of is not None and (nominal.entry.office or "").endswith(("minister", "president")):
            titled = text[nominal.title_of.start : nominal.title_of.end]
            homes.setdefault(titled, set()).update(
                beside.countries_beside(nominal.start, nominal.end, nominal.title_of.start)
            )
    linker = ArticleLinker(lexicon, written, day, glosses=find_glosses(text, [n for n, _ in names]), homes=homes)
    rows: list[Mention] = []
    named: list[Named] = []
    for name, sentence in names:
        resolved = linker.link(text[name.start : name.end], name.label)
        label = name.label if resolved is None else _label(name.label, resolved.label)
        if resolved is not None:
            named.append(Named(name.start, name.end, label, resolved))
        rows.append(_row(article.article_id, sentence, text, name.start, name.end, label, "name",
                         resolved, name.score, name.recognizer))  # fmt: skip
    references = ArticleReferences(lexicon, text, named, [n for n, _ in nominals], day, starts)
    for nominal, sentence in nominals:
        if nominal.title_of is not None:
            continue
        who = references.resolve(nominal, sentence)
        for nth, resolved in enumerate(who or (None,)):
            rows.append(_row(article.article_id, sentence, text, nominal.start, nominal.end,
                             nominal.entry.label, nominal.entry.kind, resolved, None, "wordlist", nth))  # fmt: skip
    rows.sort(key=lambda m: (m.start, m.end, m.mention_id))
    return replace(document, mentions=tuple(rows))


def _label(found: str, linked: str) -> str:
    """The tables tell countries and cities (GPE) from rivers and regions (LOC), and a country from a person."""
    return found if linked == "PER" else linked


def _row(
    article_id: str, sentence: Sentence, text: str, start: int, end: int, label: str, kind: str,
    resolved: Resolved | None, score: float | None, recognizer: str, nth: int = 0,
) -> Mention:  # fmt: skip
    suffix = f"-{nth}" if nth else ""
    return Mention(
        mention_id=f"{article_id}-{start}-{end}{suffix}",
        article_id=article_id,
        sentence_id=sentence.sentence_id,
        start=start,
        end=end,
        text=text[start:end],
        label=label,
        kind=kind,
        entity_id=None if resolved is None else resolved.entity_id or None,
        score=score,
        recognizer=recognizer,
    )
