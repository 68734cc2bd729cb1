"""Which parties belong to a trigger, which nouns refer back, and to which meeting or call."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Mention, Sentence
from pipeline.entities.linking import Resolved
from pipeline.events.antecedents import Antecedents
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.events.scope import scoped

Spans = list[tuple[str, str]]


def _document(lines: list[str], language: str, names: Spans, kind: str) -> Document:
    text = " ".join(lines) if kind == "body" else lines[0]
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, language, (language,), text, "", "", None, 1)
    sentences, at = [], 0
    for number, line in enumerate(lines):
        at = text.index(line, at)
        sentences.append(Sentence("a", number, at, at + len(line), language, kind, line))
        at += len(line)
    mentions = [
        Mention(f"m{n}", "a", 0, at, at + len(name), name, label, "name", None, None, "test")
        for name, label in names
        for n, at in enumerate([text.index(name)])
    ]
    return Document(article, tuple(sentences), tuple(sorted(mentions, key=lambda m: m.start)))


def _nth(text: str, key: str) -> tuple[int, int]:
    """Where a string stands; "met#2" is the second one."""
    word, _, number = key.partition("#")
    at = -1
    for _ in range(int(number or 1)):
        at = text.index(word, at + 1)
    return at, at + len(word)


def _proposals(document: Document, events: list[tuple[str, str, list[str]]]) -> list[Proposal]:
    text, answer = document.article.text, []
    for type_, trigger, parties in events:
        start, end = _nth(text, trigger)
        role = "speaker" if type_ == "statement" else "participant"
        spans = tuple(ProposedArgument(role, *_nth(text, p), 0.9) for p in parties)
        sentence = next(s.sentence_id for s in document.sentences if s.start <= start < s.end)
        answer.append(Proposal(sentence, type_, start, end, "actual", spans, 0.9, "model"))
    return answer


def _settled(lines: list[str], language: str, events: list[tuple[str, str, list[str]]], names: Spans = (), kind: str = "body") -> list[Proposal]:  # type: ignore[assignment]  # fmt: skip
    document = _document(lines, language, list(names), kind)
    return scoped(_proposals(document, events), document)


def _parties(lines: list[str], proposal: Proposal) -> list[str]:
    text = " ".join(lines)
    return [text[a.start : a.end] for a in proposal.arguments]


@pytest.mark.parametrize(
    ("language", "lines", "events", "expected"),
    [
        ("en", ["Lund met Rais.", "Ruiz stayed away."], [("meeting", "met", ["Lund", "Rais", "Ruiz"])], ["Lund", "Rais"]),
        ("en", ["Lund met envoys.", "They met again."], [("meeting", "met#2", ["Lund"])], ["Lund"]),
        ("zh", ["甲市长同乙市长通电话。", "丙市长没有参加。"], [("call", "通电话", ["甲市长", "乙市长", "丙市长"])], ["甲市长", "乙市长"]),
        ("en", ["Lund telephoned Rais on Sunday and spoke to Ruiz by phone."],
         [("call", "telephoned", ["Lund", "Rais", "Ruiz"]), ("call", "spoke", ["Lund", "Rais", "Ruiz"])], ["Lund", "Rais"]),
        ("en", ["Lund and Rais are to meet to prepare a visit by port engineers."],
         [("meeting", "visit", ["Lund", "Rais"]), ("meeting", "meet", ["Lund", "Rais"])], []),
        ("en", ["Lund prepared a visit by then."], [("meeting", "visit", ["Lund"])], ["Lund"]),
        ("en", ["Their meeting comes amid strikes, with Keller, the harbour's pilot, calling for calm."],
         [("meeting", "meeting", ["Their", "Keller"])], ["Their"]),
        ("en", ["Lund and Rais held a meeting, with Keller attending."],
         [("meeting", "meeting", ["Lund", "Rais", "Keller"])], ["Lund", "Rais", "Keller"]),
        ("en", ["A meeting was held, with Keller calling for calm."], [("meeting", "meeting", ["Keller"])], ["Keller"]),
        ("en", ["According to the port, the two mayors met."],
         [("meeting", "met", ["the port", "the two mayors"]), ("statement", "According to", ["the port"])], ["the two mayors"]),
        ("en", ["Two mayors met ahead of ferry talks with pilots."],
         [("meeting", "talks", ["Two mayors", "pilots"]), ("meeting", "met", ["Two mayors"])], ["pilots"]),
        ("en", ["Two mayors met for talks with pilots."],
         [("meeting", "talks", ["Two mayors", "pilots"]), ("meeting", "met", ["Two mayors"])], ["Two mayors", "pilots"]),
        ("en", ["Norway's Aune met Rais."], [("meeting", "met", ["Norway's", "Aune", "Rais"])], ["Aune", "Rais"]),
        ("zh", ["甲市长与乙市长通话，随后又同丙市长通了电话。"],
         [("call", "通了电话", ["甲市长", "乙市长", "丙市长"]), ("call", "通话", ["甲市长", "乙市长"])], ["甲市长", "丙市长"]),
        ("zh", ["甲国与乙国还会谈判，但要进行商讨很难。"],
         [("meeting", "商讨", ["甲国", "乙国"]), ("meeting", "谈判", ["甲国", "乙国"])], ["甲国", "乙国"]),
        ("zh", ["甲市长将同乙市长举行三方视频通话。"], [("call", "视频通话", ["甲市长", "乙市长", "三方"])], ["甲市长", "乙市长"]),
        ("zh", ["三方视频通话已结束。"], [("call", "视频通话", ["三方"])], ["三方"]),
    ],
)  # fmt: skip
def test_whose_parties(
    language: str, lines: list[str], events: list[tuple[str, str, list[str]]], expected: list[str]
) -> None:
    assert _parties(lines, _settled(lines, language, events)[0]) == expected


@pytest.mark.parametrize(
    ("language", "line", "events", "expected"),
    [
        ("en", "Mayors meet over ferry; Ruiz phones Okafor", [("meeting", "meet", ["Mayors", "Ruiz"])], ["Mayors"]),
        ("en", "Mayors to meet; Ruiz hosts talks", [("meeting", "talks", ["Mayors"])], ["Mayors"]),
        (
            "zh",
            "市长代表团结束会谈 部长同大使通话",
            [("meeting", "会谈", ["市长代表团", "部长", "大使"])],
            ["市长代表团"],
        ),
        ("zh", "两市市长通电话 商定举行三方视频通话", [("call", "视频通话", ["两市市长", "三方"])], ["两市市长"]),
    ],
)
def test_a_headline_of_two_halves(
    language: str, line: str, events: list[tuple[str, str, list[str]]], expected: list[str]
) -> None:
    assert _parties([line], _settled([line], language, events, kind="title")[0]) == expected


@pytest.mark.parametrize(
    ("language", "line", "trigger", "names", "back"),
    [
        ("en", "The talks will go on, Lund said.", "talks", [], True),
        ("en", "He was tired after the two-hour meeting.", "meeting", [], True),
        ("en", "That meeting ended late.", "meeting", [], True),
        ("en", "The meeting between Lund and Rais ended late.", "meeting", [], False),
        ("en", "They held the talks in Bergen.", "talks", [], False),
        ("en", "Lund said that talks would go on.", "talks", [], False),
        ("en", "She denied that a meeting was planned.", "meeting", [], False),
        ("en", "Lund offered talks.", "talks", [], False),
        ("zh", "部长向市长通报会谈成果。", "会谈", [], True),
        ("zh", "发言人欢迎奈良会谈取得的进展。", "会谈", [("奈良", "GPE")], True),
        ("zh", "他否认这一通话。", "通话", [], True),
        ("zh", "部长在通话中感谢市长。", "通话", [], True),
        ("zh", "挪威与秘鲁的会谈已结束。", "会谈", [("挪威", "GPE"), ("秘鲁", "GPE")], False),
        ("zh", "双方将举行会谈。", "会谈", [], False),
        ("zh", "部长与市长通话。", "通话", [], False),
    ],
)
def test_nouns_that_refer_back(language: str, line: str, trigger: str, names: Spans, back: bool) -> None:
    type_ = "call" if trigger == "通话" else "meeting"
    parties = ["市长"] if line.startswith("部长与") else []
    (proposal,) = _settled([line], language, [(type_, trigger, parties)], names)
    assert proposal.refers_back is back


@pytest.mark.parametrize(
    ("line", "speaker", "names", "expected"),
    [
        ("Lund to miss the ferry, says Harbour Board", "Lund", [("Harbour Board", "ORG")], ["Harbour Board"]),
        ("Lund will miss it, said the Harbour Board.", "Lund", [("Harbour Board", "ORG")], ["Harbour Board"]),
        ("Lund, said Rais, was late.", "Rais", [("Lund", "PER"), ("Rais", "PER")], ["Rais"]),
        ("Lund, who was late, says Rais slept.", "Lund", [("Lund", "PER"), ("Rais", "PER")], ["Lund"]),
        ("Lund says the Harbour Board slept.", "Lund", [("Lund", "PER"), ("Harbour Board", "ORG")], ["Lund"]),
    ],
)
def test_the_speaker_behind_the_verb(line: str, speaker: str, names: Spans, expected: list[str]) -> None:
    verb = "said" if "said" in line else "says"
    (proposal,) = _settled([line], "en", [("statement", verb, [speaker])], names)
    assert _parties([line], proposal) == expected


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Lund called Rais's answer late.", False),
        ("Lund told Rais so.", True),
        ("Lund urged Norway's government.", True),
    ],
)
def test_nobody_is_addressed_by_what_is_theirs(line: str, kept: bool) -> None:
    document = _document([line], "en", [], "body")
    verb, whom = line.split()[1], line.split()[2].split("'")[0]
    start, end = _nth(line, verb)
    addressee = ProposedArgument("addressee", *_nth(line, whom), 0.9)
    proposal = Proposal(0, "statement", start, end, "actual", (addressee,), 0.9, "model")
    (settled,) = scoped([proposal], document)
    assert (addressee in settled.arguments) is kept


def _who(name: str) -> tuple[Resolved, ...]:
    return (Resolved(f"x-{name}", name, "PER"),)


def _found(text: str, proposal: Proposal) -> dict[ProposedArgument, tuple[Resolved, ...]]:
    return {a: _who(text[a.start : a.end]) for a in proposal.arguments}


TEXT = "Lund met Rais. Ruiz held talks with Okafor. After the talks Ruiz slept. The call Lund made"


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (("meeting", "talks#2", []), {"Ruiz", "Okafor"}),
        (("meeting", "talks#2", ["Ruiz"]), {"Ruiz", "Okafor"}),
        (("meeting", "talks#2", ["Lund"]), {"Ruiz", "Okafor"}),
        (("meeting", "talks#2", ["Lund", "Rais"]), {"Lund", "Rais"}),
        (("call", "call", ["Lund"]), {"Lund"}),
    ],
)
def test_the_parties_of_the_antecedent(back: tuple[str, str, list[str]], expected: set[str]) -> None:
    document = _document([TEXT], "en", [], "body")
    *told, noun = _proposals(
        document, [("meeting", "met", ["Lund", "Rais"]), ("meeting", "talks", ["Ruiz", "Okafor"]), back]
    )
    antecedents = Antecedents(TEXT)
    for proposal in told:
        antecedents.remember(proposal, _found(TEXT, proposal), lambda start, end: False)
    parties = antecedents.completed(noun, _found(TEXT, noun))
    assert {r.name for who in parties.values() for r in who} == expected


@pytest.mark.parametrize(
    ("line", "parties", "expected"),
    [
        ("Lund briefed Rais on his meeting with Ruiz.", ["Lund", "Rais", "Ruiz"], ["his", "Ruiz"]),
        ("Lund briefed Rais before his first meeting with Ruiz.", ["Lund", "his", "Ruiz"], ["his", "Ruiz"]),
        ("Lund briefed Rais on the meeting with Ruiz.", ["Lund", "Rais", "Ruiz"], ["Lund", "Rais", "Ruiz"]),
        ("Lund and Rais left his meeting on time.", ["Lund", "Rais"], ["Lund", "Rais"]),
    ],
)
def test_whose_meeting_it_is(line: str, parties: list[str], expected: list[str]) -> None:
    (found,) = _settled([line], "en", [("meeting", "meeting", parties)])
    assert _parties([line], found) == expected
