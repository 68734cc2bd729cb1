"""Events by rule: triggers, realis, parties and look-alikes in three languages."""

from __future__ import annotations

import pytest

from pipeline.core.rows import Article, Document, Mention, Sentence
from pipeline.events.proposals import Proposal
from pipeline.events.rules import RuleExtractor, find_status
from pipeline.languages.triggers import find_triggers

Party = tuple[str, str, str]
"""Text, label and kind of a mention."""


def _document(text: str, language: str, parties: list[Party], *, kind: str = "body", shift: int = 7) -> Document:
    """One sentence that starts at ``shift``, its mentions at the places where they first stand."""
    full = "x" * shift + text
    article = Article("a", "a.txt", 0, None, None, None, None, None, None, language, (language,), full, "", "", None, 1)
    mentions: list[Mention] = []
    seen: dict[str, int] = {}
    for number, (name, label, form) in enumerate(parties):
        at = full.index(name, seen.get(name, 0))
        seen[name] = at + 1
        mentions.append(Mention(f"m{number}", "a", 0, at, at + len(name), name, label, form, None, None, "test"))
    mentions.sort(key=lambda m: m.start)
    sentence = Sentence("a", 0, shift, shift + len(text), language, kind, text)
    return Document(article, (sentence,), tuple(mentions))


def _events(text: str, language: str, parties: list[Party], **options: str) -> list[Proposal]:
    return RuleExtractor().extract(_document(text, language, parties, **options))  # type: ignore[arg-type]


def _short(text: str, event: Proposal, *, shift: int = 7) -> tuple[str, str, str]:
    return event.type, text[event.start - shift : event.end - shift], event.status


def _roles(text: str, event: Proposal, *, shift: int = 7) -> set[tuple[str, str]]:
    return {(a.role, text[a.start - shift : a.end - shift]) for a in event.arguments}


@pytest.mark.parametrize(
    ("language", "text", "status", "plain"),
    [
        ("en", "The ministers may soon meet.", "possible", True),
        ("en", "The ministers proposed to meet.", "possible", False),
        ("en", "The ministers will meet.", "planned", False),
        ("en", "A meeting of both ministers planned for Friday will not take place.", "cancelled", False),
        ("en", "A meeting of both ministers planned for Friday took place.", "planned", False),
        ("zh", "两位部长下月可能在利马会晤。", "possible", True),
        ("zh", "两位部长下月将在利马会晤。", "planned", False),
        ("ar", "الوزيران قد يلتقيان في الربيع.", "possible", True),
        ("ar", "الوزيران سيلتقيان في الربيع.", "planned", False),
    ],
)
def test_words_that_leave_no_doubt_of_a_status(language: str, text: str, status: str, plain: bool) -> None:
    event = next(e for e in _events(text, language, []) if e.type == "meeting")
    assert (event.status, event.plain) == (status, plain)


@pytest.mark.parametrize(
    ("language", "text", "parties", "expected"),
    [
        ("en", "Nadia Rais met Omar Lund in Bergen.", [("Nadia Rais", "PER", "name"), ("Omar Lund", "PER", "name"), ("Bergen", "GPE", "name")],
         [("meeting", "met", "actual")]),
        ("en", "Rais will meet Lund on Friday.", [("Rais", "PER", "name"), ("Lund", "PER", "name")], [("meeting", "meet", "planned")]),
        ("en", "Peru and Chile to meet over the border", [("Peru", "GPE", "name"), ("Chile", "GPE", "name")], [("meeting", "meet", "planned")]),
        ("en", "Rais did not meet Lund.", [("Rais", "PER", "name"), ("Lund", "PER", "name")], [("meeting", "meet", "negated")]),
        ("en", "Rais may meet Lund.", [("Rais", "PER", "name"), ("Lund", "PER", "name")], [("meeting", "meet", "possible")]),
        ("en", "The summit was called off.", [], [("meeting", "summit", "cancelled")]),
        ("en", "Rais spoke by telephone with Lund.", [("Rais", "PER", "name"), ("Lund", "PER", "name")], [("call", "spoke", "actual")]),
        ("en", "Rais and Lund did speak on the telephone.", [("Rais", "PER", "name"), ("Lund", "PER", "name")], [("call", "speak", "actual")]),
        ("en", "The port denied that the crane fell.", [("port", "ORG", "nominal")], [("statement", "denied", "actual")]),
        ("en", "Nobody told Lund.", [("Lund", "PER", "name")], [("statement", "told", "negated")]),
        ("ar", "التقى الوزير نظيره في عمّان.", [("الوزير", "PER", "nominal"), ("نظيره", "PER", "nominal"), ("عمّان", "GPE", "name")],
         [("meeting", "التقى", "actual")]),
        ("ar", "تأجيل لقاء الوزيرين بسبب العاصفة", [("الوزيرين", "PER", "nominal")], [("meeting", "لقاء", "cancelled")]),
        ("ar", "الرئيسان قد يلتقيان الشهر المقبل.", [("الرئيسان", "PER", "nominal")], [("meeting", "يلتقيان", "possible")]),
        ("ar", "ولم ترد الوزارة على السؤال.", [("الوزارة", "ORG", "nominal")], [("statement", "ترد", "negated")]),
        ("ar", "أفادت الشركة قائلة إن الميناء مغلق.", [("الشركة", "ORG", "nominal")], [("statement", "أفادت", "actual")]),
        ("zh", "外长会见了大使。", [("外长", "PER", "nominal"), ("大使", "PER", "nominal")], [("meeting", "会见", "actual")]),
        ("zh", "会谈将于周五举行。", [], [("meeting", "会谈", "planned")]),
        ("zh", "总统与首相通电话，请求他再考虑。", [("总统", "PER", "nominal"), ("首相", "PER", "nominal"), ("他", "PER", "pronoun")],
         [("call", "通电话", "actual"), ("statement", "请求", "actual")]),
        ("zh", "该国不会出席下月的茶叶峰会。", [("该国", "GPE", "nominal")], [("meeting", "峰会", "planned")]),
        ("zh", "据港务局通报，渡轮停航。", [("港务局", "ORG", "nominal")], [("statement", "据", "actual")]),
    ],
)  # fmt: skip
def test_events_of_a_sentence(
    language: str, text: str, parties: list[Party], expected: list[tuple[str, str, str]]
) -> None:
    assert [_short(text, e) for e in _events(text, language, parties)] == expected


@pytest.mark.parametrize(
    ("language", "text", "type_"),
    [
        ("en", "The yard failed to meet its own timetable.", "meeting"),
        ("en", "Sales met with relief in the markets.", "meeting"),
        ("en", "The crew called it a day.", "call"),
        ("en", "She works at a call centre.", "call"),
        ("en", "The so-called ferry never sailed.", "call"),
        ("en", "He received two letters.", "meeting"),
        ("en", "Qatar hosted the tournament.", "meeting"),
        ("ar", "يقام لقاء الفريق الوطني مساء الأحد.", "meeting"),
        ("ar", "وصل المتسلقون إلى قمة الجبل.", "meeting"),
        ("ar", "غرق القارب في عرض البحر.", "statement"),
        ("zh", "会议室的灯亮着。", "meeting"),
        ("zh", "请留下电话号码。", "call"),
        ("zh", "他在写小说。", "statement"),
    ],
)
def test_look_alikes(language: str, text: str, type_: str) -> None:
    assert [e for e in _events(text, language, []) if e.type == type_] == []


def test_a_match_report_bears_no_meeting() -> None:
    text = "Bodo met Agadir in the stadium and the referee saw two goals before half-time."
    events = _events(text, "en", [("Bodo", "GPE", "name"), ("Agadir", "GPE", "name")])
    assert [e.type for e in events] == []


def test_a_conversation_is_of_the_kind_told_before() -> None:
    met = "Rais met Lund. The conversation was short."
    phoned = "Rais phoned Lund. The conversation was short."
    parties = [("Rais", "PER", "name"), ("Lund", "PER", "name")]
    assert [e.type for e in _events(met, "en", parties)] == ["meeting", "meeting"]
    assert [e.type for e in _events(phoned, "en", parties)] == ["call", "call"]


def test_furniture_bears_no_event() -> None:
    assert _events("The minister said so.", "en", [("minister", "PER", "nominal")], kind="boilerplate") == []


@pytest.mark.parametrize(
    ("language", "text", "parties", "expected"),
    [
        ("en", '"We will sail," said Omar Lund.', [("We", "PER", "pronoun"), ("Omar Lund", "PER", "name")], {("speaker", "Omar Lund")}),
        ("en", "Omar Lund, the minister of trade, said the port was open.", [("Omar Lund", "PER", "name"), ("minister", "PER", "nominal"), ("port", "ORG", "nominal")],
         {("speaker", "Omar Lund")}),
        ("en", "A spokesman for Norway said it was late.", [("spokesman", "PER", "nominal"), ("Norway", "GPE", "name"), ("it", "ORG", "pronoun")],
         {("speaker", "spokesman")}),
        ("en", "Norway's minister told reporters that it was late.", [("Norway", "GPE", "name"), ("minister", "PER", "nominal"), ("reporters", "PER", "nominal")],
         {("speaker", "minister"), ("addressee", "reporters")}),
        ("en", "According to Lund, the port is open.", [("Lund", "PER", "name")], {("speaker", "Lund")}),
        ("en", "The talks between Malta and Tunisia opened in Valletta.", [("Malta", "GPE", "name"), ("Tunisia", "GPE", "name"), ("Valletta", "GPE", "name")],
         {("participant", "Malta"), ("participant", "Tunisia"), ("place", "Valletta")}),
        ("en", "Lund met his counterpart.", [("Lund", "PER", "name"), ("his", "PER", "pronoun"), ("counterpart", "PER", "nominal")],
         {("participant", "Lund"), ("participant", "counterpart")}),
        ("ar", "قال وزير الخارجية بدر سالم إن الميناء مفتوح.", [("وزير الخارجية", "PER", "nominal"), ("بدر سالم", "PER", "name")], {("speaker", "بدر سالم")}),
        ("ar", "وقال سالم للصحفيين إن الميناء مفتوح.", [("سالم", "PER", "name"), ("صحفيين", "PER", "nominal")],
         {("speaker", "سالم"), ("addressee", "صحفيين")}),
        ("ar", "وفي الدوحة، التقى سالم نظيره.", [("الدوحة", "GPE", "name"), ("سالم", "PER", "name"), ("نظيره", "PER", "nominal")],
         {("place", "الدوحة"), ("participant", "سالم"), ("participant", "نظيره")}),
        ("zh", "王平在开罗会见埃及外长萨利姆。", [("王平", "PER", "name"), ("开罗", "GPE", "name"), ("埃及", "GPE", "name"), ("萨利姆", "PER", "name")],
         {("participant", "王平"), ("place", "开罗"), ("participant", "萨利姆")}),
        ("zh", "王平应约同萨利姆通电话。", [("王平", "PER", "name"), ("萨利姆", "PER", "name")], {("participant", "王平"), ("participant", "萨利姆")}),
        ("zh", "王平对记者说，港口已开放。", [("王平", "PER", "name"), ("记者", "PER", "nominal")], {("speaker", "王平"), ("addressee", "记者")}),
    ],
)  # fmt: skip
def test_roles(language: str, text: str, parties: list[Party], expected: set[tuple[str, str]]) -> None:
    assert _roles(text, _events(text, language, parties)[0]) == expected


@pytest.mark.parametrize(
    ("language", "text", "parties", "speaker"),
    [
        ("en", "Lund praised the envoy and added that talks go on.", [("Lund", "PER", "name"), ("envoy", "PER", "nominal")], "Lund"),
        ("ar", "أكد سالم موقف مصر، مضيفاً أن الميناء مفتوح.", [("سالم", "PER", "name"), ("مصر", "GPE", "name")], "سالم"),
        ("zh", "王平批评港口，并称渡轮太旧。", [("王平", "PER", "name")], "王平"),
    ],
)  # fmt: skip
def test_a_second_verb_shares_the_speaker(language: str, text: str, parties: list[Party], speaker: str) -> None:
    statements = [e for e in _events(text, language, parties) if e.type == "statement"]
    assert len(statements) == 2
    assert all(("speaker", speaker) in _roles(text, e) for e in statements)


def test_a_chinese_name_that_ran_into_its_verb_gives_way() -> None:
    text = "约瑟夫·韦坎亚否认此事。"
    (event,) = _events(text, "zh", [("约瑟夫·韦坎亚否认", "PER", "name")])
    assert _short(text, event) == ("statement", "否认", "actual")
    assert _roles(text, event) == {("speaker", "约瑟夫·韦坎亚")}


def test_a_word_inside_a_name_is_no_trigger() -> None:
    assert _events("The Summit Hotel opened.", "en", [("Summit Hotel", "ORG", "name")]) == []


def test_a_cue_stays_in_its_clause() -> None:
    text = "It will rain; the ministers met."
    sentence = Sentence("a", 0, 0, len(text), "en", "body", text)
    at = text.index("met")
    assert find_status(sentence, at, at + 3, "meeting") == "actual"


@pytest.mark.parametrize(
    ("language", "text", "statuses"),
    [
        ("ar", "التقت الوزيرة نظيرتها في برغن، في اجتماع تأجل أسبوعاً.", ["actual", "actual"]),
        ("ar", "التقت الوزيرة نظيرتها في اجتماع تأجل أسبوعاً.", ["actual", "actual"]),
        ("ar", "اجتمع الوزيران خلال لقاء كان قد أُرجئ مرتين.", ["actual", "actual"]),
        ("ar", "عقدت الوزيرتان اجتماعاً تأجل أسبوعاً.", ["actual"]),
        ("ar", "عقد الوزيران اجتماعاً تأجل أسبوعاً.", ["actual"]),
        ("ar", "التقى الوزيران قبل زيارة ألغيت.", ["actual", "cancelled"]),
        ("ar", "اللقاء تأجل أسبوعاً.", ["cancelled"]),
        ("ar", "كان من المقرر أن تلتقي الوزيرة نظيرتها في اجتماع تأجل أسبوعاً.", ["cancelled", "cancelled"]),
        ("ar", "سيلتقي الوزيران في اجتماع تأجل أسبوعاً.", ["cancelled", "cancelled"]),
        ("ar", "لم تلتق الوزيرة نظيرتها في اجتماع ألغي أمس.", ["cancelled", "cancelled"]),
        ("ar", "التقت الوزيرة السفير للمشاركة في اجتماع تأجل أسبوعاً.", ["actual", "cancelled"]),
        ("ar", "عقدت الوزيرة مؤتمراً قبل اجتماع تأجل أسبوعاً.", ["cancelled"]),
        ("en", "Lund met Rais in talks that had been postponed twice.", ["actual", "actual"]),
        ("en", "They held talks that had been postponed by a week.", ["actual"]),
        ("en", "They would have held talks that were postponed.", ["cancelled"]),
        ("en", "Lund was to meet Rais in talks that were postponed.", ["cancelled", "cancelled"]),
        ("en", "Lund met Rais, and the summit was called off.", ["actual", "cancelled"]),
    ],
)  # fmt: skip
def test_a_meeting_put_off_and_then_held_took_place(language: str, text: str, statuses: list[str]) -> None:
    sentence = Sentence("a", 0, 0, len(text), language, "body", text)
    hits = [h for h in find_triggers(sentence) if h.entry.type != "statement"]
    assert [find_status(sentence, h.start, h.end, h.entry.type) for h in hits] == statuses
