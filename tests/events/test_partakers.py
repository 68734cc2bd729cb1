"""Arabic participants: the parties of a phrase, the subject that a pronoun repeats, and references back."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Mention, Sentence
from pipeline.entities.lexicon import load_lexicon
from pipeline.events.assemble import assemble
from pipeline.events.partakers import with_partakers
from pipeline.events.parties import PartyResolver
from pipeline.events.proposals import Proposal, ProposedArgument

NAMES = ("سمير حداد", "نبيل قاسم", "ليلى منصور", "كريم زهران")


def _document(text: str) -> Document:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, "ar", ("ar",), text, "", "", None, 1)
    sentences, at = [], 0
    for number, line in enumerate(text.split("\n")):
        sentences.append(Sentence("a", number, at, at + len(line), "ar", "body", line))
        at += len(line) + 1
    mentions = []
    for nth, name in enumerate(NAMES):
        at = text.find(name)
        while at >= 0:
            line = text.count("\n", 0, at)
            mentions.append(Mention(f"m{at}", "a", line, at, at + len(name), name, "PER", "name", f"x{nth}", None, "t"))
            at = text.find(name, at + 1)
    return Document(article, tuple(sentences), tuple(sorted(mentions, key=lambda m: m.start)))


def _proposal(text: str, trigger: str, type_: str, parties: tuple[str, ...]) -> Proposal:
    """An event at the trigger; a party as "text", with "?" behind it where only a rule gives it."""
    role = "speaker" if type_ == "statement" else "participant"
    start = text.index(trigger)
    arguments = []
    for party in parties:
        word = party.rstrip("?")
        at = text.index(word)
        arguments.append(ProposedArgument(role, at, at + len(word), None if party.endswith("?") else 0.8))
    line = text.count("\n", 0, start)
    return Proposal(line, type_, start, start + len(trigger), "actual", tuple(arguments), 0.9, "model")


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        # A noun with its own parties behind it takes none from before.
        (
            "بعد ساعات من وصول كريم زهران جرى اتصال بين سمير حداد ونبيل قاسم.",
            [("اتصال", "call", ("كريم زهران", "سمير حداد", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # A light verb makes the party before it a host or a caller.
        (
            "استضاف كريم زهران محادثات بين سمير حداد ونبيل قاسم.",
            [("محادثات", "meeting", ("كريم زهران", "سمير حداد", "نبيل قاسم"))],
            ["كريم زهران", "سمير حداد", "نبيل قاسم"],
        ),
        # One party behind the noun: the other stands before.
        (
            "أجرى سمير حداد اتصالاً مع نبيل قاسم.",
            [("اتصالاً", "call", ("سمير حداد", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # "He said that he will meet": the speaker takes part, who is named with him does not.
        (
            "أبلغ سمير حداد كريم زهران أنه سيلتقي نبيل قاسم.",
            [("أبلغ", "statement", ("سمير حداد",)), ("لتقي", "meeting", ("كريم زهران", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # Another subject stands behind أن: the speaker takes no part.
        (
            "قال كريم زهران إن سمير حداد سيلتقي نبيل قاسم.",
            [("قال", "statement", ("كريم زهران",)), ("لتقي", "meeting", ("سمير حداد", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # The pronoun is a woman's, the speaker a man: nobody is added.
        (
            "قال سمير حداد إنها ستلتقي نبيل قاسم.",
            [("قال", "statement", ("سمير حداد",)), ("لتقي", "meeting", ("نبيل قاسم",))],
            ["نبيل قاسم"],
        ),
        # The verb behind "before" goes on with the subject, not with the guest.
        (
            "أجرى سمير حداد اتصالاً مع كريم زهران، قبل أن يهاتف نبيل قاسم.",
            [("اتصالاً", "call", ("سمير حداد", "كريم زهران")), ("يهاتف", "call", ("كريم زهران", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # The subject right before a verb, as headlines have it, is its own; what it does next is another's.
        (
            "سمير حداد يستقبل الوزراء ونبيل قاسم يسافر.",
            [("يستقبل", "meeting", ("سمير حداد", "الوزراء"))],
            ["سمير حداد", "الوزراء"],
        ),
        # Behind مع only one side is named.
        (
            "سمير حداد بعد مكالمتين مع نبيل قاسم وكريم زهران متفائل.",
            [("مكالمتين", "call", ("سمير حداد", "نبيل قاسم", "كريم زهران"))],
            ["سمير حداد", "نبيل قاسم", "كريم زهران"],
        ),
        # "That the envoy left and that he will return": the envoy, not who says so.
        (
            "قال كريم زهران إن سمير حداد غادر وإنه سيلتقي نبيل قاسم.",
            [("قال", "statement", ("كريم زهران",)), ("لتقي", "meeting", ("سمير حداد", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # The ministers behind a noun with an object are received.
        (
            "يعتزم سمير حداد استقبال الوزراء غداً.",
            [("استقبال", "meeting", ("سمير حداد", "الوزراء"))],
            ["سمير حداد", "الوزراء"],
        ),
        # "And" joins one more name.
        (
            "استقبل سمير حداد ضيفيه نبيل قاسم والكيني كريم زهران.",
            [("استقبل", "meeting", ("سمير حداد", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم", "كريم زهران"],
        ),
        ("التقى سمير حداد نبيل قاسم وقال كريم زهران ذلك.",
         [("التقى", "meeting", ("سمير حداد", "نبيل قاسم"))], ["سمير حداد", "نبيل قاسم"]),
        # What a rule adds from another clause goes.
        (
            "أعلن كريم زهران أن اللقاء مع سمير حداد مفيد.",
            [("أعلن", "statement", ("كريم زهران",)), ("اللقاء", "meeting", ("كريم زهران?", "سمير حداد"))],
            ["سمير حداد"],
        ),
    ],
)  # fmt: skip
def test_parties_of_arabic_meetings(text, given, expected):
    document = _document(text)
    resolver = PartyResolver(document, load_lexicon(), {})
    proposals = [_proposal(text, *one) for one in given]
    *_, last = with_partakers(document, proposals, resolver)
    assert [text[a.start : a.end] for a in last.arguments if a.role == "participant"] == expected


@pytest.mark.parametrize(
    ("second", "noun", "expected"),
    [
        ("ووصف المصدر المكالمة بأنها ودية.", "المكالمة", {"x0", "x1"}),
        ("وينتظر المصدر مكالمة أخرى.", "مكالمة", set()),
        ("وسبقت ذلك المكالمة التي أثارت الجدل.", "المكالمة", set()),
        ("وتوقع جولة من المكالمات.", "المكالمات", set()),
    ],
)
def test_a_definite_noun_refers_back(second, noun, expected):
    text = f"أجرى سمير حداد اتصالاً مع نبيل قاسم.\nوعاد كريم زهران.\n{second}"
    call = _proposal(text, "اتصالاً", "call", ("سمير حداد", "نبيل قاسم"))
    events, arguments = assemble(_document(text), [call, _proposal(text, noun, "call", ())])
    assert {a.entity_id for a in arguments if a.event_id == events[1].event_id and a.role == "participant"} == expected


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("يلتقي سمير حداد ونظيريه غداً.", "سمير حداد ونظيريه", ["سمير حداد", "نظيريه"]),
        ("يلتقي وزيرا خارجية كينيا ومالطا غداً.", "وزيرا خارجية كينيا ومالطا", ["وزيرا خارجية كينيا ومالطا"]),
        ("لم تعلق السفارة الكينية في مالطا.", "السفارة الكينية في", ["السفارة الكينية"]),
        ("لم يتصل سمير حداد به أمس.", "به", ["ه"]),
    ],
)
def test_spans_are_cut_at_the_joint(text, span, expected):
    resolver = PartyResolver(_document(text), load_lexicon(), {})
    start = text.index(span)
    settled = resolver.settled([ProposedArgument("participant", start, start + len(span))])
    assert [text[a.start : a.end] for a in settled] == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        # Who only proposed the meeting takes no part by that.
        (
            "ستعقد القمة التي اقترحها كريم زهران بين سمير حداد ونبيل قاسم.",
            [("القمة", "meeting", ("كريم زهران", "سمير حداد", "نبيل قاسم")), ("اقترحها", "statement", ("كريم زهران",))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # "Days after talks with": the subject's, not the guest's.
        (
            "هاتف سمير حداد أمس مع كريم زهران بعد يومين من محادثة مع نبيل قاسم.",
            [("هاتف", "call", ("سمير حداد", "كريم زهران")), ("محادثة", "call", ("كريم زهران?", "نبيل قاسم"))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # One side of a call is missing, and stands right behind it.
        (
            "سيجري سمير حداد اتصالاً هاتفياً بالوزير نبيل قاسم.",
            [("اتصالاً", "call", ("سمير حداد",))],
            ["سمير حداد", "نبيل قاسم"],
        ),
        # It does not where another phrase stands between.
        (
            "أجرى سمير حداد اتصالاً خلال زيارة رافقه فيها نبيل قاسم.",
            [("اتصالاً", "call", ("سمير حداد",))],
            ["سمير حداد"],
        ),
    ],
)
def test_parties_told_beside_the_word(text, given, expected):
    proposals = [_proposal(text, *one) for one in given]
    settled = with_partakers(_document(text), proposals, PartyResolver(_document(text), load_lexicon(), {}))
    last = settled[0] if given[0][0] == "القمة" else settled[-1]
    assert [text[a.start : a.end] for a in last.arguments if a.role == "participant"] == expected


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("تستضيف الدوحة محادثات بين الطرفين.", True),
        ("الدوحة تستضيف اليوم محادثات بين الطرفين.", True),
        ("أشاد بالمحادثات التي استضافتها الدوحة أمس.", True),
        ("جرت في الدوحة محادثات بين الطرفين.", False),
        ("أشاد بالمحادثات التي جرت في الدوحة أمس.", False),
    ],
)
def test_a_city_that_hosts_takes_part(text, hosts):
    document = _document(text)
    at = text.index("الدوحة")
    city = Mention("m", "a", 0, at, at + 6, "الدوحة", "GPE", "name", "Q3861", None, "t")
    document = Document(document.article, document.sentences, (city,))
    proposal = _proposal(text, "محادثات", "meeting", ())
    (settled,) = with_partakers(document, [proposal], PartyResolver(document, load_lexicon(), {}))
    assert [text[a.start : a.end] for a in settled.arguments] == (["الدوحة"] if hosts else [])


def test_a_person_is_no_place():
    text = "وعن لقاء سمير حداد قال ذلك."
    start = text.index("سمير")
    place = ProposedArgument("place", start, start + len("سمير حداد"), 0.8)
    proposal = _proposal(text, "لقاء", "meeting", ())
    proposal = Proposal(0, "meeting", proposal.start, proposal.end, "actual", (place,), 0.9, "model")
    (settled,) = with_partakers(_document(text), [proposal], PartyResolver(_document(text), load_lexicon(), {}))
    assert [a.role for a in settled.arguments] == ["participant"]
