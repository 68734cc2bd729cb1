"""Chinese clauses that go on with the subject before them, and nouns that a clause only mentions."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Mention, Sentence
from pipeline.events.chinese import with_chinese_clauses
from pipeline.events.proposals import Proposal, ProposedArgument

Event = tuple[str, str, list[str], list[str]]
"""Type, trigger, parties of the model, parties of the rules."""


def _parties(line: str, events: list[Event], language: str = "zh") -> list[list[str]]:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, language, (language,), line, "", "", None, 1)
    document = Document(article, (Sentence("a", 0, 0, len(line), language, "body", line),))
    proposals = []
    for type_, trigger, model, rules in events:
        at = line.index(trigger)
        role = "speaker" if type_ == "statement" else "participant"
        spans = [ProposedArgument(role, line.index(p), line.index(p) + len(p), 0.9) for p in model]
        spans += [ProposedArgument(role, line.index(p), line.index(p) + len(p)) for p in rules]
        proposals.append(Proposal(0, type_, at, at + len(trigger), "actual", tuple(spans), 0.9, "model"))
    settled = with_chinese_clauses(proposals, document)
    return [[line[a.start : a.end] for a in p.arguments] for p in settled]


@pytest.mark.parametrize(
    ("line", "events", "expected"),
    [
        ("甲局长证实，乙部长曾来电，但拒绝透露内容。",
         [("statement", "证实", ["甲局长"], []), ("statement", "透露", ["乙部长"], [])], ["甲局长"]),
        ("甲局长警告说，水位上升，并要求乙部长道歉。",
         [("statement", "警告", ["甲局长"], []), ("statement", "要求", [], [])], ["甲局长"]),
        ("甲局长证实此事，乙部长拒绝透露内容。",
         [("statement", "证实", ["甲局长"], []), ("statement", "透露", ["乙部长"], [])], ["乙部长"]),
        ("甲局长会见乙部长，并将于下周访问丙城。",
         [("meeting", "会见", ["甲局长", "乙部长"], []), ("meeting", "访问", [], ["乙部长"])], ["甲局长"]),
        ("甲局长同乙部长会谈，丙市长将访问丁城。",
         [("meeting", "会谈", ["甲局长", "乙部长"], []), ("meeting", "访问", [], ["丙市长"])], ["丙市长"]),
        ("甲局长应该负责与乙国的谈判。", [("meeting", "谈判", ["乙国"], ["甲局长"])], ["乙国"]),
        ("甲局长将与乙国举行谈判。", [("meeting", "谈判", ["乙国"], ["甲局长"])], ["乙国", "甲局长"]),
        # Who is said to spoil a meeting, or thanked beside it, is not told to take part in it.
        ("甲局长否认丙市想破坏会议，并感谢丁市的款待。", [("meeting", "会议", ["丙市", "丁市"], ["甲局长"])], []),
        ("丙市阻挠了甲国与乙国的谈判。", [("meeting", "谈判", ["丙市", "甲国", "乙国"], [])], ["甲国", "乙国"]),
        ("丙市破坏了渔网，甲国与乙国举行会谈。", [("meeting", "会谈", ["甲国", "乙国"], [])], ["甲国", "乙国"]),
        ("丙市想促成会议，并感谢丁市。", [("meeting", "会议", ["丙市", "丁市"], [])], ["丙市", "丁市"]),
        ("公报称，双方讨论了水位。", [("meeting", "讨论", ["双方"], ["公报"])], ["双方"]),
    ],
)  # fmt: skip
def test_parties_of_the_last_verb(line: str, events: list[Event], expected: list[str]) -> None:
    assert _parties(line, events)[-1] == expected


def test_other_languages_stay() -> None:
    line = "Lund confirmed it, but would not say more."
    events: list[Event] = [("statement", "confirmed", ["Lund"], []), ("statement", "say", [], [])]
    assert _parties(line, events, "en") == [["Lund"], []]


@pytest.mark.parametrize(
    ("line", "people", "model", "expected"),
    [
        ("甲部长上周出访期间，没有同丙国渔业秘书乙会面。", ["甲", "乙"], ["丙国", "乙"], ["甲", "乙"]),
        ("甲出席活动后，与乙会面。", ["甲", "乙"], ["乙"], ["甲", "乙"]),
        # Another verb between country and name, a speaker's clause, a clause of two people.
        ("丙国邀请乙会面。", ["乙"], ["丙国", "乙"], ["丙国", "乙"]),
        ("甲表示，将与乙会面。", ["甲", "乙"], ["乙"], ["乙"]),
        ("甲见到丁之后，与乙会面。", ["甲", "丁", "乙"], ["乙"], ["乙"]),
    ],
)
def test_office_and_subject_of_a_clause(line: str, people: list[str], model: list[str], expected: list[str]) -> None:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, "zh", ("zh",), line, "", "", None, 1)
    named = [(p, "PER") for p in people] + ([("丙国", "GPE")] if "丙国" in line else [])
    mentions = tuple(
        Mention(f"m{at}", "a", 0, at, at + len(n), n, label, "name", None, None, "test")
        for n, label in named
        for at in [line.index(n)]
    )
    document = Document(article, (Sentence("a", 0, 0, len(line), "zh", "body", line),), mentions)
    at = line.index("会面")
    spans = tuple(ProposedArgument("participant", line.index(p), line.index(p) + len(p), 0.9) for p in model)
    (found,) = with_chinese_clauses([Proposal(0, "meeting", at, at + 2, "actual", spans, 0.9, "model")], document)
    assert [line[a.start : a.end] for a in found.arguments] == expected
