"""Argument spans as a reader would mark them, from the pieces that the model marks.

The model labels pieces of words one by one, so that an argument may begin or end within a name
("Farage" in "NIGEL FARAGE", روزنشتا of روزنشتاين), break in two, or be a lone "the".
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.rows import Mention
from pipeline.events.proposals import ProposedArgument
from pipeline.languages import load_topic

_PARTIES = frozenset({"participant", "speaker", "addressee"})


def tidied(
    arguments: Sequence[ProposedArgument],
    *,
    text: str,
    names: Sequence[Mention],
    language: str,
    within: tuple[int, int] | None = None,
) -> tuple[ProposedArgument, ...]:
    """Grow argument spans to whole words and names, join the parts of one phrase, drop fragments.

    ``text`` is the article's text, ``names`` the names of the sentence in text order, ``language``
    the sentence's. Of arguments with one role that then overlap, one is left, with the widest span
    and the best score; of places and times the most probable one, of those ``within`` the trigger's
    sentence where there are any. Returns them in text order.
    """
    fragments, suffixes = _words(language)
    kept: list[ProposedArgument] = []
    for argument in sorted(arguments, key=lambda a: (a.start, a.end)):
        if argument.role == "time":
            kept.append(argument)
            continue
        start, end = _whole(text, argument.start, argument.end, language, suffixes)
        for name in names:
            if (
                name.start < end
                and start < name.end
                and not (name.start <= start and end <= name.end and end - start < 2)
            ):
                start, end = min(start, name.start), max(end, name.end)
        if text[start:end].strip().lower() in fragments:
            continue
        grown = replace(argument, start=start, end=end)
        last = kept[-1] if kept else None
        if last is not None and last.role == grown.role and _one_phrase(last, grown, text, names, language):
            best = max((s for s in (last.score, grown.score) if s is not None), default=None)
            kept[-1] = replace(last, end=max(last.end, grown.end), score=best)
        else:
            kept.append(grown)
    return tuple(_one_each(kept, within))


def _one_each(arguments: Sequence[ProposedArgument], within: tuple[int, int] | None) -> Iterator[ProposedArgument]:
    """Leave one place and one time, the most probable: an event happens once.

    "Told a gathering in Asuncion that the teams had met in Iquique" names two places, one for each. "The
    ship stays in Arica. They are to meet in Lima": what the trigger's own sentence names goes first.
    """
    for argument in arguments:
        rivals = [a for a in arguments if a.role == argument.role]
        if within is not None:
            rivals = [a for a in rivals if within[0] <= a.start < within[1]] or rivals
        if argument.role in _PARTIES or argument is max(rivals, key=lambda a: a.score or 0.0):
            yield argument


def _one_phrase(a: ProposedArgument, b: ProposedArgument, text: str, names: Sequence[Mention], language: str) -> bool:
    """Whether two arguments in a row are parts of one: overlapping, or a title beside its name.

    "President" and "Biden" are; 中 and 美 in 中美, two names, are not. In Arabic the subject and the
    object of a verb stand beside each other with nothing between them.
    """
    if b.start < a.end:
        return True
    if language == "ar" or text[a.end : b.start].strip() or "\n" in text[a.end : b.start]:
        return False
    return not (_named(a, names) and _named(b, names))


def _named(argument: ProposedArgument, names: Sequence[Mention]) -> bool:
    return any(n.start < argument.end and argument.start < n.end for n in names)


def _whole(text: str, start: int, end: int, language: str, suffixes: frozenset[str]) -> tuple[int, int]:
    """A span grown to whole words; in Arabic to the word's end, unless what follows is a pronoun.

    Arabic joins prepositions before a word and pronouns behind it, both of them words of their own.
    """
    if language == "zh":
        return start, end
    first, stop = whole_words(text, start, end)
    if language == "en":
        return first, stop
    return start, end if text[end:stop] in suffixes else stop


def whole_words(text: str | None, start: int, end: int) -> tuple[int, int]:
    """A span grown to whole words of ``text``; as it is where ``text`` is None.

    The model works on pieces of words ("negoti" in "negotiating"); in English no trigger and no
    party is less than a word. Arabic joins words, Chinese has no spaces: there pieces are right.
    """
    if text is None:
        return start, end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
        end += 1
    return start, end


def _in_word(char: str) -> bool:
    """Whether a character is a letter, a digit or a vowel sign, as in إيطالياً."""
    return char.isalnum() or "\u064b" <= char <= "\u0652"


@functools.cache
def _words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    entry = load_topic(language, "fragments")
    return frozenset(entry["fragments"]["words"].split()), frozenset(entry["suffixes"]["words"].split())
