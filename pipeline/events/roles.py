"""The parties and the place of a trigger, by word order and the words that bind a party to it.

English and Chinese put the subject before the verb, Arabic after it; that, the words that bind a
party to a trigger ("with", "between", 与, مع) and the direction of each trigger are what differs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.core.rows import Mention, Sentence
from pipeline.events.proposals import ProposedArgument
from pipeline.languages.phrases import phrase
from pipeline.languages.triggers import Hit

_QUOTE = re.compile(r"[\"”’'」]\s*$")


class RoleFinder:
    """Finds the roles of each trigger of one sentence, left to right.

    A verb without a subject of its own ("and added", 并称, مضيفاً) shares that of the verb before
    it, so the order of calls matters.
    """

    def __init__(self, sentence: Sentence, mentions: Sequence[Mention], hits: Sequence[Hit]) -> None:
        self.sentence, self.text, self.base, self.language = sentence, sentence.text, sentence.start, sentence.language
        dateline = phrase(sentence.language, "dateline").match(sentence.text)
        floor = self.base + (dateline.end() if dateline else 0)
        self.mentions = [m for m in mentions if m.start >= floor]
        self.hits = hits
        self._subject: Mention | None = None

    def statement(self, hit: Hit) -> list[ProposedArgument]:
        """Speaker, addressee and place of a statement."""
        speakers = self._speakers(hit)
        found = [_argument("speaker", m) for m in speakers]
        addressee = self._addressee(hit, speakers)
        if addressee is not None:
            found.append(_argument("addressee", addressee))
        taken = {a.start for a in found}
        found += [_argument("place", m) for m in self._place_left(self._left(hit)) if m.start not in taken]
        found += [
            _argument("place", m) for m in self._right(hit)[:2]
            if m.label in ("GPE", "LOC") and m.start not in taken and self._before(m, "place_before")
            and m.start - self.base - hit.end <= 40 and not self._stops(hit.end, m.start - self.base)
        ][:1]  # fmt: skip
        if speakers:
            self._subject = speakers[0]
        return found

    def gathering(self, hit: Hit) -> list[ProposedArgument]:
        """Participants and place of a meeting or call."""
        left, right = self._subjects(hit), self._objects(hit)
        visit = hit.entry.mode == "visit"
        found: list[ProposedArgument] = []
        for mention in left + right:
            if mention.kind == "pronoun" and mention.text.lower() == "it":
                continue
            if mention.label in ("GPE", "LOC") and (
                self._before(mention, "place_before") or (visit and mention in right) or self._names_venue(mention, hit)
            ):
                role = "place"
            elif self._is_oblique_party(mention):
                continue
            else:
                role = "participant"
            found.append(_argument(role, mention))
        if visit:
            found += [
                ProposedArgument("participant", m.start, m.end, invites=True)
                for m in self.mentions if self._invites(m, hit)
            ]  # fmt: skip
        parties = [m for m in left + right if ProposedArgument("participant", m.start, m.end) in found]
        if parties:
            self._subject = parties[0]
        return sorted(set(found), key=lambda a: (a.start, a.role))

    def _names_venue(self, mention: Mention, hit: Hit) -> bool:
        """Whether a city stands right before the noun: "the Luanda talks", 奈良会谈."""
        gap = self.text[mention.end - self.base : hit.start]
        alone = not any(
            m is not mention and m.end <= mention.start and mention.start - m.end <= 6 for m in self.mentions
        )
        return (
            hit.entry.pos == "noun"
            and alone
            and gap == (" " if self.language == "en" else "")
            and self.language != "ar"
        )

    def _invites(self, mention: Mention, hit: Hit) -> bool:
        """Whether a person has the visitor come: وتوجَّه إلى فلوريدا بدعوة من ترامب."""
        if mention.label != "PER" or mention.kind != "name" or mention.start - self.base < hit.end:
            return False
        return phrase(self.language, "invited").search(self.text[hit.end : mention.start - self.base]) is not None

    def _is_oblique_party(self, mention: Mention) -> bool:
        before = self.text[: mention.start - self.base][-24:]
        return phrase(self.language, "no_party").search(before) is not None

    # Speakers

    def _speakers(self, hit: Hit) -> list[Mention]:
        if hit.entry.pos == "preposition":
            right = self._right(hit)
            return right[:1] if right and right[0].start - self.base - hit.end <= 60 else []
        finder = {"en": self._speakers_en, "ar": self._speakers_ar, "zh": self._speakers_zh}[self.language]
        return finder(hit)

    def _speakers_en(self, hit: Hit) -> list[Mention]:
        before, right = self.text[: hit.start], self._right(hit)
        if hit.entry.pos == "noun":
            if right and phrase("en", "by_speaker").match(
                self.text[hit.end : right[0].start - self.base],
            ):
                return right[:1]
            left = self._left(hit)
            if left and phrase("en", "possessive_gap").fullmatch(self.text[left[-1].end - self.base : hit.start]):
                return left[-1:]
            return []
        # "…," said X: after a mere comma only where X ends the clause.
        quoted = _QUOTE.search(before) is not None
        inverted = quoted or before.rstrip().endswith(",")
        if (
            right
            and inverted
            and (quoted or phrase("en", "ends_after_speaker").match(self.text[right[0].end - self.base :]))
        ):
            gap = self.text[hit.end : right[0].start - self.base]
            if (
                len(gap) <= 45
                and not phrase("en", "other_speaker").search(gap)
                and not phrase("en", "to_or_in").search(gap)
            ):
                return self._with_coordinated(right)
        if phrase("en", "passive").search(before):
            return [m for m in right[:1] if phrase("en", "by_agent").match(self.text[hit.end : m.start - self.base])]
        if phrase("en", "shared_subject").search(before) and self._subject is not None:
            return [self._subject]
        left = self._left(hit)
        if left and phrase("en", "relative").match(self.text[left[-1].end - self.base : hit.start]):
            return left[-1:]
        subjects = [
            m for m in self._left(hit)
            if not self._before(m, "oblique_before") and not self._attributive(m)
        ]  # fmt: skip
        if not subjects or hit.start - (subjects[-1].end - self.base) > 160:
            return []
        nearest = subjects[-1]
        if len(subjects) > 1:
            link = self.text[subjects[-2].end - self.base : nearest.start - self.base]
            tail = self.text[nearest.end - self.base : hit.start]
            # "Lee, the minister of trade, said": the name, not the office in apposition.
            if (
                nearest.kind == "nominal"
                and subjects[-2].kind == "name"
                and phrase("en", "apposition").match(link)
                and "," in tail
            ):
                return [subjects[-2]]
            if phrase("en", "and_subject").fullmatch(link) and not self._hit_between(subjects[-2], nearest):
                return [subjects[-2], nearest]
        return [nearest]

    def _speakers_ar(self, hit: Hit) -> list[Mention]:
        if hit.entry.pos == "participle" and self._subject is not None:
            return [self._subject]
        right = self._right(hit)
        before = self._just_before(hit)
        if before is not None and hit.entry.pos == "verb":
            return [before]
        if hit.entry.pos == "noun":
            if (
                right
                and right[0].start - self.base - hit.end <= 25
                and not self._stops(hit.end, right[0].start - self.base)
            ):
                return right[:1]
            return [self._subject] if self._subject is not None else self._left(hit)[-1:]
        reach = hit.end + 55
        for mention in right:
            at = mention.start - self.base
            if at > reach or self._stops(hit.end, at) or self._hits_in(hit.end, at):
                break
            if self._before(mention, "oblique_before"):
                continue
            return [mention]
        left = [m for m in self._left(hit) if not self._before(m, "oblique_before")]
        if self._subject is not None and (not left or left[-1].start <= self._subject.start):
            return [self._subject]
        return left[-1:]

    def _speakers_zh(self, hit: Hit) -> list[Mention]:
        start = self._clause_start(hit.start)
        left = self._left(hit)
        own = [
            m
            for m in left
            if m.start - self.base >= start and not self._before(m, "oblique_before") and not self._attributive(m)
        ]
        own = [m for m in own if not self._hit_between_point(m, hit)] or own
        if own:
            return own[-1:]
        if self._subject is not None:
            return [self._subject]
        if self.text[:start].rstrip().endswith(("”", "」", "，”")) or not left:
            right = self._right(hit)
            return right[:1] if right and not left and right[0].start - self.base - hit.end <= 8 else left[:1]
        subjects = [m for m in left if not self._before(m, "oblique_before") and not self._attributive(m)]
        return subjects[:1]

    def _with_coordinated(self, mentions: Sequence[Mention]) -> list[Mention]:
        group = list(mentions[:1])
        if len(mentions) > 1:
            gap = self.text[mentions[0].end - self.base : mentions[1].start - self.base]
            if phrase("en", "and").fullmatch(gap):
                group.append(mentions[1])
        return group

    def _addressee(self, hit: Hit, speakers: Sequence[Mention]) -> Mention | None:
        right = [m for m in self._right(hit) if m not in speakers]
        if self.language == "zh":
            start = self._clause_start(hit.start)
            for mention in reversed(self._left(hit)):
                before = self.text[: mention.start - self.base]
                if mention.start - self.base < start:
                    break
                if phrase("zh", "told").search(before) or (
                    mention.label in ("PER", "ORG") and phrase("zh", "towards").search(before)
                ):
                    return mention
            limit = 12
        elif self.language == "ar":
            for mention in right[:3]:
                at = mention.start - self.base
                if (
                    at - hit.end <= 60
                    and phrase("ar", "towards").search(self.text[:at])
                    and not self._stops(hit.end, at)
                ):
                    return mention
            right = [m for m in right if not speakers or m.start >= speakers[0].end]
            limit = 60
        else:
            limit = 40
        if not hit.entry.addressee or not right:
            return None
        at = right[0].start - self.base
        if at - hit.end > limit or self._stops(hit.end, at):
            return None
        if self.language == "en" and phrase("en", "subject_matter").search(self.text[hit.end : at]):
            return None
        return right[0]

    # Participants

    def _subjects(self, hit: Hit) -> list[Mention]:
        """The parties before the trigger that belong to it."""
        left = self._left(hit)
        if self.language == "zh":
            start = self._clause_start(hit.start)
            group = [m for m in left if m.start - self.base >= start and not self._attributive_party(m)]
            if len([m for m in group if not self._before(m, "place_before")]) < 2 and not any(
                _is_plural(m) for m in group
            ):
                group = self._shared(group)
            return group
        if self.language == "ar" and hit.entry.pos == "verb":
            before = self._just_before(hit)
            if before is None:
                return self._place_left(left)
            group = [before]
            for mention in reversed(left[: left.index(before)]):
                if not phrase("ar", "and_party").fullmatch(
                    self.text[mention.end - self.base : group[0].start - self.base]
                ):
                    break
                group.insert(0, mention)
            return group
        if (
            self.language == "en"
            and hit.entry.pos == "noun"
            and phrase("en", "between_after").match(self.text, hit.end)
        ):
            return self._place_left(left)
        if self.language == "en" and left:
            gap = self.text[left[-1].end - self.base : hit.start]
            if phrase("en", "relative").match(gap):
                return left[-1:]
            if (
                hit.entry.pos == "verb"
                and phrase("en", "shared_subject").search(self.text[: hit.start])
                and self._subject is not None
            ):
                return [self._subject]
        limit = 90
        edge = hit.start
        group = []
        for mention in reversed(left):
            gap = self.text[mention.end - self.base : edge]
            if (
                len(gap) > limit
                or phrase(self.language, "clause_end").search(gap)
                or self._hits_in(mention.end - self.base, edge)
            ):
                break
            if group and not phrase(self.language, "coordinated_party").search(gap) and mention.label != "GPE":
                break
            group.append(mention)
            edge = mention.start - self.base
            limit = 45
        group.reverse()
        if (
            self.language == "en"
            and not group
            and phrase("en", "shared_subject").search(phrase("en", "light_verb").sub("", self.text[: hit.start]))
        ):
            return self._shared(group)
        return group

    def _shared(self, group: list[Mention]) -> list[Mention]:
        return [self._subject, *group] if self._subject is not None and self._subject not in group else group

    def _place_left(self, left: Sequence[Mention]) -> list[Mention]:
        return [
            m
            for m in left[:1]
            if m.label in ("GPE", "LOC") and self._before(m, "place_before") and m.start - self.base <= 12
        ]

    def _objects(self, hit: Hit) -> list[Mention]:
        """The parties after the trigger, up to the end of its clause or the next trigger."""
        stop = min(len(self.text), hit.end + 120)
        match = phrase(self.language, "clause_end").search(self.text, hit.end)
        if match:
            stop = min(stop, match.start())
        for other in self.hits:
            if other.start >= hit.end:
                stop = min(stop, other.start)
        if self.language == "en" and (adverbial := phrase("en", "adverbial").search(self.text, hit.end)):
            stop = min(stop, adverbial.start())
        right = [m for m in self._right(hit) if m.start - self.base < stop and not self._speaks_next(m)]
        if not right:
            return []
        gap = self.text[hit.end : right[0].start - self.base]
        if (
            hit.entry.pos == "noun"
            and not self._before(right[0], "place_before")
            and not phrase(self.language, "binds").search(gap)
        ):
            return [] if self.language != "ar" or len(gap) > 14 else right
        if self.language == "zh" and len(gap) > 12:
            return []
        return right

    # Helpers

    def _speaks_next(self, mention: Mention) -> bool:
        """Whether a mention is the speaker of the verb behind it: "…, a diplomat said"."""
        if self.language != "en":
            return False
        at = mention.end - self.base
        before = self.text[: mention.start - self.base]
        return phrase("en", "next_speaker").search(before) is not None and any(
            h.entry.type == "statement" and 0 < h.start - at <= 2 for h in self.hits
        )

    def _just_before(self, hit: Hit) -> Mention | None:
        """The subject that Arabic may put before its verb, as headlines do, its complements aside."""
        left = self._left(hit)
        if not left or self._before(left[-1], "oblique_before"):
            return None
        gap = self.text[left[-1].end - self.base : hit.start]
        return left[-1] if len(gap) <= 32 and phrase("ar", "before_verb").fullmatch(gap) else None

    def _left(self, hit: Hit) -> list[Mention]:
        return [m for m in self.mentions if m.end - self.base <= hit.start]

    def _right(self, hit: Hit) -> list[Mention]:
        return [m for m in self.mentions if m.start - self.base >= hit.end]

    def _stops(self, start: int, end: int) -> bool:
        return phrase(self.language, "clause_end").search(self.text[start:end]) is not None

    def _hits_in(self, start: int, end: int) -> bool:
        return any(start <= h.start and h.end <= end for h in self.hits)

    def _hit_between(self, first: Mention, second: Mention) -> bool:
        return self._hits_in(first.end - self.base, second.start - self.base)

    def _hit_between_point(self, mention: Mention, hit: Hit) -> bool:
        return self._hits_in(mention.end - self.base, hit.start)

    def _clause_start(self, at: int) -> int:
        ends = [m.end() for m in phrase("zh", "clause_end").finditer(self.text, 0, at)]
        return ends[-1] if ends else 0

    def _attributive(self, mention: Mention) -> bool:
        return phrase(self.language, "attributive_after").match(self.text[mention.end - self.base :]) is not None

    def _attributive_party(self, mention: Mention) -> bool:
        return mention.kind == "pronoun" and phrase("zh", "of").match(self.text, mention.end - self.base) is not None

    def _before(self, mention: Mention, name: str) -> bool:
        return bool(phrase(self.language, name).search(self.text[: mention.start - self.base][-30:]))


def _is_plural(mention: Mention) -> bool:
    return mention.kind != "name" and phrase("zh", "plural").match(mention.text) is not None


def _argument(role: str, mention: Mention) -> ProposedArgument:
    return ProposedArgument(role, mention.start, mention.end)
