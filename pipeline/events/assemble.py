"""From proposals to rows: entities of the arguments, time, place, mode, topic, quote and codes."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from datetime import date

from pipeline.core.rows import Argument, Document, Event, Mention, Sentence
from pipeline.entities.lexicon import load_lexicon
from pipeline.events.codes import find_codes
from pipeline.events.modes import find_mode
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.events.quotes import find_quote
from pipeline.events.times import Interval, TimeExpression, find_times, resolve_time
from pipeline.events.topics import find_topic

_LETTER = {"meeting": "m", "call": "c", "statement": "s"}


def assemble(
    document: Document, proposals: Sequence[Proposal], *, min_score: float = 0.0
) -> tuple[tuple[Event, ...], tuple[Argument, ...]]:
    """Complete the proposals of one document.

    Proposals whose score lies under ``min_score`` are dropped; those without a score (rules) stay.
    """
    context = _Context(document)
    events: list[Event] = []
    arguments: list[Argument] = []
    for proposal in sorted(proposals, key=lambda p: (p.start, p.end, p.type)):
        if proposal.score is not None and proposal.score < min_score:
            continue
        event, rows = context.complete(proposal)
        events.append(event)
        arguments += rows
    return tuple(events), tuple(arguments)


class _Context:
    """What the events of one document share."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.article = document.article
        self.text = document.article.text
        self.day: date | None = self.article.published_at.date() if self.article.published_at else None
        self.sentences = {s.sentence_id: s for s in document.sentences}
        self.mentions = list(document.mentions)
        self._starts = [m.start for m in self.mentions]
        self.names = _best_names(document.mentions)
        self._times: dict[int, tuple[TimeExpression, ...]] = {}

    def complete(self, proposal: Proposal) -> tuple[Event, list[Argument]]:
        """The event row of a proposal and its argument rows."""
        sentence = self.sentences[proposal.sentence_id]
        article_id = self.article.article_id
        event_id = f"{article_id}-{_LETTER[proposal.type]}{proposal.start}"
        time, interval = self._time(proposal, sentence)
        parties = [a for a in proposal.arguments if a.role != "time"]
        if time is not None and not any(a.start < time.end and time.start < a.end for a in parties):
            parties.append(ProposedArgument("time", time.start, time.end))
        rows: list[Argument] = []
        for argument in sorted(parties, key=lambda a: (a.start, a.end, a.role)):
            rows += self._arguments(event_id, argument)
        place = next((r for r in rows if r.role == "place"), None)
        mode = proposal.mode or find_mode(proposal, sentence, rows, self.text)
        quote = find_quote(sentence, proposal.start, proposal.end) if proposal.type == "statement" else None
        cameo, plover = find_codes(proposal.type, mode, proposal.status)
        event = Event(
            event_id=event_id,
            article_id=article_id,
            sentence_id=proposal.sentence_id,
            type=proposal.type,
            mode=mode,
            status=proposal.status,
            trigger=self.text[proposal.start : proposal.end],
            start=proposal.start,
            end=proposal.end,
            time_text=None if time is None else self.text[time.start : time.end],
            time_start=None if interval is None else interval.start,
            time_end=None if interval is None else interval.end,
            time_precision=None if interval is None else interval.precision,
            time_source=None if interval is None else interval.source,
            place=None if place is None else place.text,
            place_entity_id=None if place is None else place.entity_id,
            topic=find_topic(sentence),
            quote=None if quote is None else self.text[quote.start : quote.end],
            quote_start=None if quote is None else quote.start,
            quote_end=None if quote is None else quote.end,
            quote_kind=None if quote is None else quote.kind,
            score=proposal.score,
            method=proposal.method,
            story_id=None,
            cameo=cameo,
            plover=plover,
        )
        return event, rows

    def _time(self, proposal: Proposal, sentence: Sentence) -> tuple[TimeExpression | None, Interval | None]:
        """The proposal's time argument, else the time expression that its clause holds; else the
        day of publication for what the text tells as having happened."""
        if sentence.sentence_id not in self._times:
            self._times[sentence.sentence_id] = find_times(sentence)
        expressions = self._times[sentence.sentence_id]
        proposed = next((a for a in proposal.arguments if a.role == "time"), None)
        chosen: TimeExpression | None = None
        if proposed is not None:
            chosen = max(
                (e for e in expressions if e.start < proposed.end and proposed.start < e.end),
                key=lambda e: min(e.end, proposed.end) - max(e.start, proposed.start),
                default=TimeExpression(proposed.start, proposed.end),
            )
        elif proposal.method == "rules":
            chosen = _nearest_time(expressions, proposal, self.text)
        if chosen is not None:
            words = self.text[chosen.start : chosen.end]
            return chosen, resolve_time(words, sentence.language, day=self.day, status=proposal.status)
        if proposal.status == "actual" and self.day is not None:
            return None, Interval(self.day, self.day, "day", "publication")
        return None, None

    def _arguments(self, event_id: str, argument: ProposedArgument) -> list[Argument]:
        """One row for each entity that the span stands for; one without entity where none is known."""
        base = (event_id, self.article.article_id, argument.role, argument.start, argument.end,
                self.text[argument.start : argument.end])  # fmt: skip
        if argument.role == "time":
            return [Argument(*base, None, None)]
        mentions = self._covered(argument)
        if not mentions:
            return [Argument(*base, None, None)]
        rows: dict[str, Argument] = {}
        for mention in mentions:
            name = self.names.get(mention.entity_id or "", None)
            rows.setdefault(mention.entity_id or "", Argument(*base, mention.entity_id, name))
        return list(rows.values())

    def _covered(self, argument: ProposedArgument) -> list[Mention]:
        """The mentions that best fit a span: the same span, else the longest name inside, else
        any that overlaps."""
        low = bisect.bisect_left(self._starts, argument.start - 120)
        high = bisect.bisect_right(self._starts, argument.end)
        near = [m for m in self.mentions[low:high] if m.start < argument.end and argument.start < m.end]
        exact = [m for m in near if (m.start, m.end) == (argument.start, argument.end)]
        if exact:
            return exact
        names = [m for m in near if m.kind == "name"]
        best = max(names or near, key=lambda m: (min(m.end, argument.end) - max(m.start, argument.start)), default=None)
        if best is None:
            return []
        return [m for m in near if (m.start, m.end) == (best.start, best.end)]


def _nearest_time(
    expressions: Sequence[TimeExpression], proposal: Proposal, text: str
) -> TimeExpression | None:
    """The time expression nearest to the trigger, within 80 code points and its part of the sentence."""
    near = [
        (gap, e) for e in expressions
        if (gap := max(proposal.start - e.end, e.start - proposal.end, 0)) <= 80
        and not set("\"“”«»;；。") & set(text[min(e.end, proposal.end) : max(e.start, proposal.start)])
    ]  # fmt: skip
    return min(near, key=lambda p: p[0])[1] if near else None


def _best_names(mentions: Sequence[Mention]) -> dict[str, str]:
    """The name to show for each entity: the tables' English name, else the longest in the article."""
    lexicon = load_lexicon()
    best: dict[str, str] = {}
    for mention in mentions:
        if mention.entity_id is None:
            continue
        known = lexicon.by_id.get(mention.entity_id)
        if known is not None:
            best[mention.entity_id] = known.name_en
        elif mention.kind == "name" and len(mention.text) > len(best.get(mention.entity_id, "")):
            best[mention.entity_id] = mention.text
    return best
