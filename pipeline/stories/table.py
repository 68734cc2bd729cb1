"""The `stories` table: one row a real event, with its history, from the mentions merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pipeline.core.rows import StatusChange, Story
from pipeline.stories.duplicates import first_of
from pipeline.stories.matching import EventMention, Place, fit_places
from pipeline.stories.merge import Merged, story_id

_WEIGHT = {"cancelled": 4, "actual": 3, "planned": 2, "negated": 1, "possible": 0}
_MULTILATERAL = "multilateral"
_SLACK = timedelta(days=1)
_LONGEST_VISIT = 5
_NOT_HELD = ("cancelled", "negated")
# Of two states that an article tells, one of fewer of its mentions is an aside or a slip.
_ASIDE = 0.22


@dataclass(frozen=True, slots=True)
class Told:
    """What a story's row needs besides the mention: place as printed and the parties' entity ids."""

    place_text: str | None
    place_id: str | None
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of the articles and entities: days, languages, copies, and names to show."""

    published: Mapping[str, datetime | None]
    languages: Mapping[str, str | None]
    duplicates: Mapping[str, str]
    names: Mapping[str, str]


def build_story(merged: Merged, told: Mapping[str, Told], sources: Sources) -> Story:
    """Build the row of one story.

    A copy of an article counts with the article of which it is one. The time is that of the last
    article that tells one; the place that of most mentions.
    """
    members = merged.members
    timed = [m for m in members if m.time_start is not None]
    last = _latest(timed)
    placed = Counter((t.place_text, t.place_id) for m in members if (t := told[m.event_id]).place_text or t.place_id)
    place = min(placed, key=lambda k: (-placed[k], k[1] is None, str(k))) if placed else (None, None)
    modes = Counter(m.mode for m in members if m.mode)
    parties = Counter(p for m in members for p in told[m.event_id].parties)
    history = build_history(members, sources)
    days = sorted(d for m in members if (d := sources.published.get(m.article_id)) is not None)
    return Story(
        story_id=story_id(members[0].event_id),
        type=members[0].type,
        mode=min(modes, key=lambda k: (-modes[k], k)) if modes else None,
        status=history[-1].status,
        status_history=history,
        time_start=last.time_start if last else None,
        time_end=last.time_end if last else None,
        place=place[0],
        place_entity_id=place[1],
        participants=tuple(sorted(dict.fromkeys(sources.names.get(p, p) for p in parties))),
        n_mentions=len(members),
        n_articles=len({first_of(m.article_id, sources.duplicates) for m in members}),
        languages=tuple(sorted({lang for m in members if (lang := sources.languages.get(m.article_id))})),
        first_published=days[0] if days else None,
        last_published=days[-1] if days else None,
        supersedes=tuple(dict.fromkeys(story_id(f.event_id) for f in merged.founders if f is not members[0])),
    )


def _latest(timed: Sequence[EventMention]) -> EventMention | None:
    """The telling whose time holds: the most exact of the last article's, of what is not called off."""
    standing = [m for m in timed if m.status != "cancelled"] or list(timed)
    if not standing:
        return None
    newest = max(m.published or date.min for m in standing)
    final = [m for m in standing if (m.published or date.min) == newest]
    counts = Counter((m.time_start, m.time_end) for m in final)
    return min(
        final,
        key=lambda m: (_width(m), -counts[m.time_start, m.time_end], m.article_id, m.start),
    )


def _width(event: EventMention) -> int:
    assert event.time_start is not None
    return ((event.time_end or event.time_start) - event.time_start).days


def build_history(members: Iterable[EventMention], sources: Sources) -> tuple[StatusChange, ...]:
    """Each article's status of the event, in order of publication, where it differs from the last.

    An article that calls one day off and names another tells both, in that order; otherwise the
    status counts that most of its mentions tell, the headline twice. A copy counts with its
    original. Articles without a date come first: they cannot tell what became of it.
    """
    told: dict[str, Counter[str]] = defaultdict(Counter)
    shown: dict[str, str] = {}
    for member in members:
        counted = first_of(member.article_id, sources.duplicates)
        told[counted][member.status] += 2 if member.sentence_id == 0 else 1
        shown[counted] = counted if member.article_id == counted else shown.get(counted, member.article_id)
    changes: list[StatusChange] = []
    for counted in sorted(told, key=lambda a: (sources.published.get(shown[a]) or datetime.min, shown[a])):
        article = shown[counted]
        for status in _told_by(told[counted]):
            if not changes or changes[-1].status != status:
                changes.append(StatusChange(sources.published.get(article), status, article))
    return tuple(changes)


def _told_by(votes: Counter[str]) -> list[str]:
    # "They met at last, in a meeting put off by a week": of as many tellings, that it was held is the later one.
    first = max(votes, key=lambda s: (votes[s], s == "actual", _WEIGHT.get(s, 0)))
    both = min(votes["cancelled"], votes["planned"]) >= _ASIDE * votes.total()
    if both and first in ("cancelled", "planned"):
        return ["cancelled", "planned"]
    return [first]


@dataclass(frozen=True, slots=True)
class _Frame:
    """A visit or summit during which others may take place, with its days."""

    story: Story
    parties: frozenset[str]
    visit: bool
    places: tuple[Place, ...]
    begins: date
    ends: date


def add_parts(
    stories: Sequence[Story], members: Mapping[str, Sequence[EventMention]], told: Mapping[str, Told]
) -> list[Story]:
    """Fill ``part_of``: the visit or summit in whose days, place and company a meeting was held.

    The visitor takes part in the talks, and nothing sets them elsewhere; of a summit's side meeting
    all parties are the summit's, and both name the place. Where several fit the shortest is taken.
    """
    frames: dict[tuple[str, str], list[_Frame]] = defaultdict(list)
    for story in stories:
        frame = _frame(story, members[story.story_id], told)
        for party in sorted(frame.parties) if frame else ():
            for month in _months(frame.begins, frame.ends):  # type: ignore[union-attr]
                frames[party, month].append(frame)  # type: ignore[arg-type]
    answer: list[Story] = []
    for story in stories:
        mentions = members[story.story_id]
        if story.type != "meeting" or story.time_start is None or _is_visit(mentions):
            answer.append(story)
            continue
        parties = _party_ids(mentions, told)
        begins, ends = story.time_start, story.time_end or story.time_start
        fits = {
            f.story.story_id: f for p in sorted(parties) for month in _months(begins, ends) for f in frames[p, month]
            if _holds(f, story, parties, _places(mentions))
        }  # fmt: skip
        best = min(fits.values(), key=lambda f: (f.ends - f.begins, f.story.story_id), default=None)
        answer.append(story if best is None else replace(story, part_of=best.story.story_id))
    return answer


def _frame(story: Story, mentions: Sequence[EventMention], told: Mapping[str, Told]) -> _Frame | None:
    visit = _is_visit(mentions)
    holds = story.type == "meeting" and story.status not in _NOT_HELD and (visit or story.mode == _MULTILATERAL)
    if not holds or story.time_start is None:
        return None
    begins, ends = story.time_start, story.time_end or story.time_start
    if visit:
        # One report tells the arrival, another the last day.
        days = [
            (m.time_start, m.time_end or m.time_start) for m in mentions if m.time_start and m.status != "cancelled"
        ]
        near = [d for d in days if abs((d[0] - begins).days) <= _LONGEST_VISIT]
        begins, ends = min((d[0] for d in near), default=begins), max((d[1] for d in near), default=ends)
    return _Frame(story, _party_ids(mentions, told), visit, _places(mentions), begins, ends)


def _is_visit(mentions: Sequence[EventMention]) -> bool:
    return 2 * sum(m.visit for m in mentions) > len(mentions)


def _party_ids(mentions: Sequence[EventMention], told: Mapping[str, Told]) -> frozenset[str]:
    return frozenset(p for m in mentions for p in told[m.event_id].parties)


def _places(mentions: Sequence[EventMention]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(m.place for m in mentions if m.place is not None))


def _months(begins: date, ends: date) -> list[str]:
    return sorted({f"{d:%Y-%m}" for d in (begins, ends)})


def _holds(frame: _Frame, story: Story, parties: frozenset[str], places: Sequence[Place]) -> bool:
    outer = frame.story
    if outer.story_id == story.story_id or len(parties) < 2:
        return False
    assert story.time_start is not None
    begins, ends = frame.begins - _SLACK, frame.ends + _SLACK
    if story.time_start < begins or (story.time_end or story.time_start) > ends:
        return False
    fit = fit_places(frame.places, places)
    if frame.visit:
        known = all(any(p.nation for p in there) for there in (frame.places, places))
        return (fit > 0 or not known) and bool(frame.parties & parties)
    return fit > 0 and parties < frame.parties
