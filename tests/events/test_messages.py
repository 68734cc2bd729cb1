"""To whom a message is that a sentence begins with."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Mention, Sentence
from pipeline.events.messages import with_addressees
from pipeline.events.proposals import Proposal, ProposedArgument


@pytest.mark.parametrize(
    ("language", "line", "name", "trigger", "expected"),
    [
        ("en", "In a pointed letter to Ms Rais, he added: so be it.", "Rais", "added", "Rais"),
        ("en", "In an email to Nadia Rais on Monday, he said so.", "Nadia Rais", "said", "Nadia Rais"),
        ("en", "In a letter about Rais, he added: so be it.", "Rais", "added", None),
        ("en", "He sent a letter to Rais. Later he said so.", "Rais", "said", None),
        ("en", "On a visit to Rais, he said so.", "Rais", "said", None),
        ("zh", "在给市长安娜的一封信中，他补充道：好。", "安娜", "补充", "安娜"),
        ("zh", "在写给安娜的邮件里，他说好。", "安娜", "说", "安娜"),
        ("zh", "在安娜的一封信中，他补充道：好。", "安娜", "补充", None),
    ],
)
def test_addressee(language: str, line: str, name: str, trigger: str, expected: str | None) -> None:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, language, (language,), line, "", "", None, 1)
    at, start = line.index(name), line.rindex(trigger)
    mention = Mention("m", "a", 0, at, at + len(name), name, "PER", "name", None, None, "test")
    document = Document(article, (Sentence("a", 0, 0, len(line), language, "body", line),), (mention,))
    proposal = Proposal(0, "statement", start, start + len(trigger), "actual", (), 0.9, "model")
    (settled,) = with_addressees([proposal], document)
    found = [line[a.start : a.end] for a in settled.arguments if a.role == "addressee"]
    assert found == ([] if expected is None else [expected])


def test_an_addressee_that_is_known_stays() -> None:
    line = "In a letter to Rais, he told Lund so."
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, "en", ("en",), line, "", "", None, 1)
    mention = Mention("m", "a", 0, 15, 19, "Rais", "PER", "name", None, None, "test")
    document = Document(article, (Sentence("a", 0, 0, len(line), "en", "body", line),), (mention,))
    lund = ProposedArgument("addressee", 29, 33)
    proposal = Proposal(0, "statement", 24, 28, "actual", (lund,), 0.9, "model")
    assert with_addressees([proposal], document)[0].arguments == (lund,)
