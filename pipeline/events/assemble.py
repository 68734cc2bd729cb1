"""From proposals to rows: entities of the arguments, time, place, mode, topic, quote and codes."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.core.rows import Argument, Document, Event, Mention, Sentence
from pipeline.entities.coreference import Context, is_first_person
from pipeline.entities.lexicon import Lexicon, load_lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.offices import identity
from pipeline.entities.pinyin import pinyin_name
from pipeline.entities.sound_keys import script_of
from pipeline.events.antecedents import Antecedents
from pipeline.events.codes import find_codes
from pipeline.events.modes import find_mode
from pipeline.events.partakers import with_partakers
from pipeline.events.parties import PARTY_ROLES, PartyResolver
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.events.quotes import find_quote
from pipeline.events.subjects import verb_agrees, with_subjects
from pipeline.events.times import Interval, TimeExpression, find_anchor, find_times, resolve_time
from pipeline.events.topics import find_topic
from pipeline.languages.phrases import phrase, phrase_anywhere

_ANCHOR_REACH = 600
_UNSAID_LINES = {"statement": 1, "meeting": 0, "call": 0}
_LETTER = {"meeting": "m", "call": "c", "statement": "s"}


def assemble(
    document: Document, proposals: Sequence[Proposal], *, min_score: float = 0.0
) -> tuple[tuple[Event, ...], tuple[Argument, ...]]:
    """Complete the proposals of one document.

    Proposals whose score lies under ``min_score`` are dropped; those without a score (rules) stay.
    """
    lexicon = load_lexicon()
    resolver = PartyResolver(document, lexicon, _best_names(document.mentions, lexicon))
    ordered = sorted(proposals, key=lambda p: (p.start, p.end, p.type))
    ordered = with_partakers(document, with_subjects(document, ordered, resolver.gender), resolver)
    context = _Context(document, ordered, resolver)
    events: list[Event] = []
    arguments: list[Argument] = []
    for proposal in ordered:
        if proposal.score is not None and proposal.score < min_score:
            continue
        event, rows = context.complete(proposal)
        events.append(event)
        arguments += rows
    return tuple(events), tuple(arguments)


class _Context:
    """What the events of one document share."""

    def __init__(self, document: Document, proposals: Sequence[Proposal], resolver: PartyResolver) -> None:
        self.document, self.resolver = document, resolver
        self._statements = sorted((p for p in proposals if p.type == "statement"), key=lambda p: p.start)
        self._said_at = [p.start for p in self._statements]
        self.article = document.article
        self.text = document.article.text
        self.day: date | None = self.article.published_at.date() if self.article.published_at else None
        self.sentences = {s.sentence_id: s for s in document.sentences}
        self.told = Context()
        self._called: tuple[Resolved, ...] = ()
        self.antecedents = Antecedents(self.text)
        self._last_parties: dict[str, list[tuple[int, tuple[ProposedArgument, ...]]]] = {}
        self._pronouns: dict[tuple[int, int], tuple[Resolved, ...]] = {}
        self._times: dict[int, tuple[TimeExpression, ...]] = {}

    def complete(self, proposal: Proposal) -> tuple[Event, list[Argument]]:
        """The event row of a proposal and its argument rows."""
        sentence = self.sentences[proposal.sentence_id]
        article_id = self.article.article_id
        event_id = f"{article_id}-{_LETTER[proposal.type]}{proposal.start}"
        time, interval = self._time(proposal, sentence)
        parties = self.resolver.settled([a for a in proposal.arguments if a.role != "time"])
        if time is not None and not any(a.start < time.end and time.start < a.end for a in parties):
            parties.append(ProposedArgument("time", time.start, time.end))
        if not proposal.refers_back:
            parties += self._unsaid(proposal, sentence, parties)
        rows: list[Argument] = []
        found = self._parties(proposal, parties)
        if proposal.refers_back:
            found = self.antecedents.completed(proposal, found, replacing=sentence.language != "ar")
            parties = list(found)
        for argument in sorted(found, key=lambda a: (a.start, a.end, a.role)):
            rows += self._arguments(event_id, argument, found[argument])
        self._remember(proposal, found)
        self.antecedents.remember(proposal, found, self.resolver.is_pronoun, self.resolver.is_plural)
        main = tuple(a for a in parties if a.role in ("speaker", "participant"))
        several = max(len(main), len({identity(r) for a in main for r in found[a]}))
        if main and several >= (1 if proposal.type == "statement" else 2):
            self._last_parties.setdefault(proposal.type, []).append((proposal.start, main))
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
        if proposal.type != "statement" and proposal.status == "actual":
            # "The talks, put off from March 10, ran for five hours" were not on that day.
            former = phrase(sentence.language, "former_day")
            expressions = tuple(e for e in expressions if not former.search(self.text, sentence.start, e.start))
            if proposed is not None and former.search(self.text, sentence.start, proposed.start):
                proposed = None
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
            before = self.text[max(0, chosen.start - _ANCHOR_REACH) : chosen.start]
            anchor = find_anchor(before, sentence.language, day=self.day, status=proposal.status)
            return chosen, resolve_time(words, sentence.language, day=self.day, status=proposal.status, anchor=anchor)
        if proposal.status == "actual" and self.day is not None:
            return None, Interval(self.day, self.day, "day", "publication")
        return None, None

    def _parties(
        self, proposal: Proposal, arguments: Sequence[ProposedArgument]
    ) -> dict[ProposedArgument, tuple[Resolved, ...]]:
        """The entities of each argument. Names come first: a pronoun means none of the event's other
        parties ("Paz told him" is not told to Paz), and the speaker's is settled before the others."""
        order = {"speaker": 1, "participant": 1, "addressee": 2}
        found: dict[ProposedArgument, tuple[Resolved, ...]] = {}
        for argument in sorted(arguments, key=lambda a: (self._is_open(a) * order.get(a.role, 0), a.start, a.end)):
            others = frozenset(identity(r) for a, who in found.items() if a.role in PARTY_ROLES for r in who)
            if argument.role == "time":
                found[argument] = ()
            elif argument.role == "participant" and (all_of_them := self._named_beside(argument, found)):
                found[argument] = all_of_them
            else:
                found[argument] = self._who(proposal, argument, others)
        return found

    def _named_beside(
        self, argument: ProposedArgument, found: Mapping[ProposedArgument, tuple[Resolved, ...]]
    ) -> tuple[Resolved, ...]:
        """The event's two named parties, where a plural of two beside them stands for them ("both sides")."""
        if phrase_anywhere("both").match(self.text, argument.start, argument.end) is None:
            return ()
        named = dict.fromkeys(r for a, who in found.items() if a.role == "participant" for r in who)
        return tuple(named) if len(named) == 2 else ()

    def _is_open(self, argument: ProposedArgument) -> bool:
        """Whether what an argument stands for depends on the parties beside it."""
        return argument.role in PARTY_ROLES and not self.resolver.is_name(argument.start, argument.end)

    def _who(self, proposal: Proposal, argument: ProposedArgument, others: frozenset[str]) -> tuple[Resolved, ...]:
        """The entities of an argument; "I" and "we" in a quotation are its speaker."""
        written = self.text[argument.start : argument.end]
        told = replace(self.told, others=others, role=argument.role)
        recalled = proposal.type == "call" and proposal.status not in ("planned", "possible")
        if recalled and argument.role == "participant" and self._is_call_noun(proposal):
            # "The call between the two ministers": those who called, whomever one of them met since.
            told = replace(told, parties=self._called or told.parties)
        if not is_first_person(written):
            # One "he" with two verbs is one person.
            span = (argument.start, argument.end)
            again = self._pronouns.get(span)
            if again is not None and not others & {identity(r) for r in again}:
                return again
            who = self.resolver.resolve(*span, self._quoted(proposal, argument, told))
            if self.resolver.is_pronoun(*span):
                self._pronouns[span] = who
            return who
        nearest = self._speaker_of(proposal, argument)
        if nearest is not None:
            return self.resolver.resolve(nearest.start, nearest.end, replace(told, others=frozenset(), role="speaker"))
        return (self.told.speaker,) if self.told.speaker is not None else ()

    def _is_call_noun(self, proposal: Proposal) -> bool:
        return phrase_anywhere("call_noun").search(self.text[proposal.start : proposal.end]) is not None

    def _quoted(self, proposal: Proposal, argument: ProposedArgument, told: Context) -> Context:
        """The context of an argument within a quotation: its "he" is not who speaks, and its "president"
        is the president of the speaker's country."""
        if not self.resolver.in_quote(argument.start):
            return told
        source = self._speaker_of(proposal, argument)
        if source is None or self.resolver.in_quote(source.start):
            return told
        voices = self.resolver.resolve(source.start, source.end, replace(self.told, role="speaker"))
        if len(voices) != 1:
            return told
        return replace(told, voice=voices[0], others=told.others | {identity(voices[0])})

    def _speaker_of(self, proposal: Proposal, argument: ProposedArgument) -> ProposedArgument | None:
        """The speaker of the statement of the same line that stands nearest to an argument."""
        line = (self.text.rfind("\n", 0, argument.start), self.text.find("\n", argument.start) % (len(self.text) + 1))
        speakers = [
            (abs(p.start - argument.start), a)
            for p in self._statements[
                bisect.bisect_right(self._said_at, line[0]) : bisect.bisect_left(self._said_at, line[1])
            ]
            if p is not proposal
            for a in p.arguments
            if a.role == "speaker" and not is_first_person(self.text[a.start : a.end])
        ]
        return min(speakers, key=lambda s: (s[0], s[1].start))[1] if speakers else None

    def _unsaid(
        self, proposal: Proposal, sentence: Sentence, parties: Sequence[ProposedArgument]
    ) -> tuple[ProposedArgument, ...]:
        """The parties of the mention before, where this one leaves them out.

        Arabic and Chinese drop the subject of a statement (وأضاف أن ..., 并称...); "the talks" and
        المكالمة refer back to a meeting or call whose parties stand in the same line.
        """
        role = "speaker" if proposal.type == "statement" else "participant"
        if any(a.role == role for a in parties) or (role == "speaker" and sentence.language == "en"):
            return ()
        reach = _UNSAID_LINES[proposal.type]
        for at, told in reversed(self._last_parties.get(proposal.type, ())):
            if self.text.count("\n", at, proposal.start) > reach:
                break
            if self._may_be_left_out(proposal, sentence, told):
                return tuple(replace(a, score=None) for a in told)
        return ()

    def _may_be_left_out(self, proposal: Proposal, sentence: Sentence, parties: Sequence[ProposedArgument]) -> bool:
        """Whether the verb agrees with the speakers of an earlier statement; only Arabic verbs tell."""
        return (
            proposal.type != "statement"
            or sentence.language != "ar"
            or all(
                verb_agrees(self.document, proposal, sentence, (a.start, a.end), self.resolver.gender) for a in parties
            )
        )

    def _remember(self, proposal: Proposal, found: Mapping[ProposedArgument, Sequence[Resolved]]) -> None:
        """Keep the speaker or the parties for the pronouns and plurals that follow.

        A speaker without an entity ("a spokesman") is kept by its words: a "he" behind it is no one else.
        """
        if proposal.type == "statement":
            if proposal.status not in ("actual", "negated"):
                return  # "to confirm the list": nobody has spoken
            speakers = {identity(r): r for a, who in found.items() if a.role == "speaker" for r in who}
            unknown = [a for a, who in found.items() if a.role == "speaker" and not who]
            if len(speakers) == 2 and all(r.label == "PER" for r in speakers.values()):
                # "Biden and the emir stressed": the two leaders of the next line.
                self.told = replace(self.told, parties=tuple(speakers.values()), parties_at=proposal.start)
            if len(speakers) == 1 and not unknown:
                self.told = replace(self.told, speaker=next(iter(speakers.values())), speaker_at=proposal.start)
            elif len(unknown) == 1 and not speakers and self._is_somebody(unknown[0]):
                described = Resolved(
                    "",
                    self.text[unknown[0].start : unknown[0].end],
                    self.resolver.label(unknown[0].start, unknown[0].end),
                )
                self.told = replace(self.told, speaker=described, speaker_at=proposal.start)
        else:
            parties = tuple(
                {identity(r): r for a, who in found.items() if a.role == "participant" for r in who}.values()
            )
            if len(parties) == 2 and proposal.type == "call":
                self._called = parties
            if len(parties) >= 2:
                self.told = replace(self.told, parties=parties, parties_at=proposal.start)

    def _is_somebody(self, argument: ProposedArgument) -> bool:
        words = self.text[argument.start : argument.end].lower().split()
        return (
            bool(words)
            and not phrase("en", "nobody").fullmatch(words[0])
            and not self.resolver.is_pronoun(argument.start, argument.end)
        )

    def _arguments(self, event_id: str, argument: ProposedArgument, who: Sequence[Resolved]) -> list[Argument]:
        """One row for each entity that the span stands for; one without entity where none is known."""
        base = (event_id, self.article.article_id, argument.role, argument.start, argument.end,
                self.text[argument.start : argument.end])  # fmt: skip
        if not who:
            # "Officials", 记者: nobody in particular, but the best name there is.
            named = argument.role != "time" and not self.resolver.is_pronoun(argument.start, argument.end)
            return [Argument(*base, None, base[-1] if named else None, argument.score)]
        return [Argument(*base, r.entity_id or None, r.name, argument.score) for r in dict.fromkeys(who)]


def _nearest_time(expressions: Sequence[TimeExpression], proposal: Proposal, text: str) -> TimeExpression | None:
    """The time expression nearest to the trigger, within 80 code points and its part of the sentence."""
    near = [
        (gap, e) for e in expressions
        if (gap := max(proposal.start - e.end, e.start - proposal.end, 0)) <= 80
        and not set("\"“”«»;；。") & set(text[min(e.end, proposal.end) : max(e.start, proposal.start)])
    ]  # fmt: skip
    return min(near, key=lambda p: p[0])[1] if near else None


def _rank(name: str) -> tuple[bool, int]:
    return script_of(name) == "latin" and bool(name), len(name)


def _best_names(mentions: Sequence[Mention], lexicon: Lexicon) -> dict[str, str]:
    """The name to show for each entity: the tables' English name, else the longest in the article, one
    in Latin letters before others."""
    best: dict[str, str] = {}
    for mention in mentions:
        if mention.entity_id is None:
            continue
        known = lexicon.by_id.get(mention.entity_id)
        if known is not None:
            best[mention.entity_id] = known.shown
        elif mention.kind == "name" and _rank(mention.text) > _rank(best.get(mention.entity_id, "")):
            best[mention.entity_id] = mention.text
    # A Chinese name in the Latin letters that English news has for it.
    return {key: (key.startswith("x") and pinyin_name(name)) or name for key, name in best.items()}
