"""Arabic speakers: the verb's gender, its place, and the subject that it leaves out."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Mention, Sentence
from pipeline.events.assemble import assemble
from pipeline.events.proposals import Proposal, ProposedArgument
from pipeline.events.subjects import with_subjects, word_gender

WOMEN = ("ليلى", "سلمى", "الوزيرة")
MEN = ("نبيل", "كريم", "المدير")


def _document(text: str, names: tuple[str, ...] = ()) -> Document:
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, "ar", ("ar",), text, "", "", None, 1)
    sentences, at = [], 0
    for number, line in enumerate(text.split("\n")):
        sentences.append(Sentence("a", number, at, at + len(line), "ar", "body", line))
        at += len(line) + 1
    mentions = [
        Mention(f"m{n}", "a", text.count("\n", 0, text.index(w)), text.index(w), text.index(w) + len(w), w, "PER",
                "name", f"x{n}", None, "test")
        for n, w in enumerate(names)
    ]  # fmt: skip
    return Document(article, tuple(sentences), tuple(sorted(mentions, key=lambda m: m.start)))


def _proposal(text: str, trigger: str, speakers: tuple[str, ...], *, score: float | None = 0.9) -> Proposal:
    """A statement at the trigger, with speakers given as "word" or "word#2" for its second place."""
    arguments = []
    for speaker in speakers:
        word, _, nth = speaker.partition("#")
        at = text.index(word)
        for _ in range(int(nth or 1) - 1):
            at = text.index(word, at + 1)
        arguments.append(ProposedArgument("speaker", at, at + len(word), score))
    start = text.index(trigger)
    line = text.count("\n", 0, start)
    return Proposal(line, "statement", start, start + len(trigger), "actual", tuple(arguments), 0.9, "model")


def _gender(text: str):
    return lambda start, end: "f" if text[start:end] in WOMEN else "m" if text[start:end] in MEN else None


def _roles(text: str, given: list[Proposal]) -> list[list[tuple[str, str]]]:
    settled = with_subjects(_document(text), given, _gender(text))
    return [[(a.role, text[a.start : a.end]) for a in p.arguments] for p in settled]


@pytest.mark.parametrize(
    ("word", "kind", "gender"),
    [
        ("وقالت", "verb", "f"), ("قال", "verb", "m"), ("يؤكد", "verb", "m"), ("وتؤكد", "verb", "f"),
        ("أبلغته", "verb", "f"), ("أثبت", "verb", "m"), ("تحدث", "verb", "m"), ("سيعلن", "verb", "m"),
        ("يقولون", "verb", None), ("قالوا", "verb", None), ("قلت", "verb", None), ("نقول", "verb", None),
        ("مشيرةً", "participle", "f"), ("مضيفاً", "participle", "m"), ("قائلين", "participle", None),
        ("تصريح", "noun", None),
    ],
)  # fmt: skip
def test_the_form_of_a_verb_tells_its_subjects_gender(word, kind, gender):
    assert word_gender(word, kind) == gender


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        # A participle goes on with the subject of the verb before it, not with whom it speaks of.
        (
            "قال نبيل إن كريم غاضب، مشيراً إلى أن كريم غادر.",
            [("قال", ("نبيل",)), ("مشيراً", ("كريم",))],
            [[("speaker", "نبيل")], [("speaker", "نبيل")]],
        ),
        # The feminine participle passes over the man to the woman.
        (
            "ذكرت ليلى أن نبيل أكد الموعد، مضيفةً أنه قريب.",
            [("ذكرت", ("ليلى",)), ("أكد", ("نبيل",)), ("مضيفةً", ("نبيل",))],
            [[("speaker", "ليلى")], [("speaker", "نبيل")], [("speaker", "ليلى")]],
        ),
        # A verb of the other gender is not his; the nearest speaker who agrees takes it.
        (
            "أضاف نبيل أن سلمى أعربت عن شكرها وأكدت أن الرحلة آمنة.",
            [("أضاف", ("نبيل",)), ("أعربت", ("سلمى",)), ("أكدت", ("نبيل",))],
            [[("speaker", "نبيل")], [("speaker", "سلمى")], [("speaker", "سلمى")]],
        ),
        # "And she thanked the director": the object is spoken to.
        (
            "كتبت ليلى رسالة وشكرت المدير على جهده.",
            [("كتبت", ("ليلى",)), ("شكرت", ("المدير",))],
            [[("speaker", "ليلى")], [("speaker", "ليلى"), ("addressee", "المدير")]],
        ),
        # Both genders are known to agree: nothing changes, and an unknown gender excludes nobody.
        (
            "كتب نبيل رسالة وشكر كريم المدير.",
            [("كتب", ("نبيل",)), ("شكر", ("كريم",))],
            [[("speaker", "نبيل")], [("speaker", "كريم")]],
        ),
        (
            "قال نبيل إن هيلغا غادرت. وأكدت هيلغا ذلك.",
            [("قال", ("نبيل",)), ("أكدت", ("هيلغا#2",))],
            [[("speaker", "نبيل")], [("speaker", "هيلغا")]],
        ),
        # Of two who are not joined by "and", the one behind the verb speaks; joined, both do.
        ("بعد نبيل طالب مزارعون بالماء.", [("طالب", ("نبيل", "مزارعون"))], [[("speaker", "مزارعون")]]),
        ("أعلن نبيل وكريم الموعد.", [("أعلن", ("نبيل", "كريم"))], [[("speaker", "نبيل"), ("speaker", "كريم")]]),
        # What the reported clause names does not report.
        (
            "قالت ليلى إن الأمر قيد البحث ولم تؤكد ما إذا كانت سلمى ستسافر.",
            [("قالت", ("ليلى",)), ("تؤكد", ("سلمى",))],
            [[("speaker", "ليلى")], [("speaker", "ليلى")]],
        ),
        # A joined pronoun is the source of a noun of saying; a noun without one is left as it is.
        ("وعلى حد قوله، سيربح الفريق.", [("قوله", ())], [[("speaker", "ه")]]),
        ("صدر بيان أمس.", [("بيان", ())], [[]]),
    ],
)
def test_speakers_of_arabic_statements(text, given, expected):
    proposals = [_proposal(text, trigger, speakers) for trigger, speakers in given]
    assert _roles(text, proposals) == expected


def test_a_source_in_according_to_stays():
    text = "وفقاً لما ذكرته صحيفة «الفجر»، قال نبيل ذلك."
    assert _roles(text, [_proposal(text, "وفقاً", ("الفجر",))]) == [[("speaker", "الفجر")]]


def test_a_left_out_subject_agrees_with_the_line_before():
    text = "قالت ليلى منصور إن سمير حداد غاب.\nوأكد أن الأمر عابر."
    document = _document(text, ("ليلى منصور", "سمير حداد"))
    she = _proposal(text, "قالت", ("ليلى منصور",))
    he = _proposal(text, "أكد", ())
    _, arguments = assemble(document, [she, he])
    assert [a.text for a in arguments if a.role == "speaker"] == ["ليلى منصور"]
    text = text.replace("وأكد", "وأكدت")
    document = _document(text, ("ليلى منصور", "سمير حداد"))
    _, arguments = assemble(document, [_proposal(text, "قالت", ("ليلى منصور",)), _proposal(text, "أكدت", ())])
    assert [a.text for a in arguments if a.role == "speaker"] == ["ليلى منصور", "ليلى منصور"]


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        # The verb agrees with the first of several; a relative clause between does not part them from it.
        (
            "وتحدث في اللقاء، الذي نظمته بلدية المرفأ، نبيل وليلى.",
            [("تحدث", ("نبيل", "ليلى"))],
            [[("speaker", "نبيل"), ("speaker", "ليلى")]],
        ),
        # "Including" names some of them.
        (
            "يجادل مؤيدو المشروع بما في ذلك المدير نبيل بأنه مفيد.",
            [("يجادل", ("مؤيدو المشروع", "نبيل"))],
            [[("speaker", "مؤيدو المشروع"), ("speaker", "نبيل")]],
        ),
        # What a noun phrase with قول says is nobody's word, unless it is "according to" it.
        ("هذا كل ما يمكن قوله الآن.", [("قوله", ())], [[]]),
    ],
)
def test_speakers_that_stay(text, given, expected):
    assert _roles(text, [_proposal(text, trigger, speakers) for trigger, speakers in given]) == expected


@pytest.mark.parametrize(
    ("text", "speaker", "expected"),
    [
        # What only a rule adds: not whom thanks go to, not a name before a verb that goes on.
        ("وجه كريم الشكر إلى مالطا.", "مالطا", []),
        ("أكد كريم حق بلاده في مياه النيل وشكر الوسيط.", "النيل", ["كريم"]),
        ("أعلن كريم ذلك.", "كريم", ["كريم"]),
    ],
)
def test_guesses_of_a_rule(text, speaker, expected):
    trigger = next(t for t in ("الشكر", "شكر", "أعلن") if t in text)
    proposals = [_proposal(text, trigger, (speaker,), score=None)]
    if "أكد" in text:
        proposals.insert(0, _proposal(text, "أكد", ("كريم",)))
    assert [w for _, w in _roles(text, proposals)[-1]] == expected


@pytest.mark.parametrize(
    ("text", "trigger", "speaker", "expected"),
    [
        ("دعت ليلى نبيل إلى الهدوء.", "دعت", "ليلى", ["نبيل"]),
        ("دعت ليلى إلى لقاء نبيل.", "دعت", "ليلى", []),
        ("قالت ليلى نبيل غائب.", "قالت", "ليلى", []),
    ],
)
def test_the_object_behind_the_subject_is_spoken_to(text, trigger, speaker, expected):
    at = text.index("نبيل")
    name = Mention("m", "a", 0, at, at + 4, "نبيل", "PER", "name", "x1", None, "test")
    document = _document(text)
    document = Document(document.article, document.sentences, (name,))
    (settled,) = with_subjects(document, [_proposal(text, trigger, (speaker,))], _gender(text))
    assert [text[a.start : a.end] for a in settled.arguments if a.role == "addressee"] == expected
