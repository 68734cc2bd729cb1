"""Pronouns and descriptions: whom they stand for, and where they stay open."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.core.rows import Sentence
from pipeline.entities.coreference import ArticleReferences, Context, is_first_person
from pipeline.entities.lexicon import load_lexicon
from pipeline.entities.linking import Resolved
from pipeline.entities.nominals import Nominal, find_nominals
from pipeline.entities.offices import Named
from pipeline.entities.spans import NameSpan

LUND = Resolved("x1", "Omar Lund", "PER")
RAIS = Resolved("x2", "Nadia Rais", "PER")
PORT = Resolved("x3", "Harbour Board", "ORG")


class _Article:
    """One line of text with its names, and the references in it."""

    def __init__(self, text: str, language: str, names: list[tuple[str, Resolved]], day: date | None = None) -> None:
        self.text = text
        self.sentence = Sentence("a", 0, 0, len(text), language, "body", text)
        spans: list[NameSpan] = []
        named: list[Named] = []
        for name, resolved in names:
            at = text.index(name, max((s.start + 1 for s in spans if text[s.start : s.end] == name), default=0))
            spans.append(NameSpan(at, at + len(name), resolved.label, None, "test"))
            named.append(Named(at, at + len(name), resolved.label, resolved))
        self.nominals = list(find_nominals(self.sentence, spans))
        self.references = ArticleReferences(load_lexicon(), text, named, self.nominals, day)

    def nominal(self, written: str) -> Nominal:
        """The last noun or pronoun of that form."""
        return [n for n in self.nominals if self.text[n.start : n.end] == written][-1]

    def resolve(self, written: str, context: Context | None = None) -> tuple[str, ...]:
        """Names of the entities that it stands for."""
        return tuple(r.name for r in self.references.resolve(self.nominal(written), self.sentence, context))


@pytest.mark.parametrize(
    ("language", "text", "names", "written", "expected"),
    [
        ("en", "Omar Lund said he would sail.", [("Omar Lund", LUND)], "he", ("Omar Lund",)),
        ("zh", "奥马尔说，他会出海。", [("奥马尔", LUND)], "他", ("Omar Lund",)),
        ("en", "The Harbour Board said it was closed.", [("Harbour Board", PORT)], "it", ("Harbour Board",)),
        ("en", "Prime Minister Omar Lund spoke. The prime minister left.", [("Omar Lund", LUND)], "prime minister", ("Omar Lund",)),
        ("en", "Omar Lund met Nadia Rais. The two leaders ate.", [("Omar Lund", LUND), ("Nadia Rais", RAIS)], "two leaders",
         ("Omar Lund", "Nadia Rais")),
        ("zh", "奥马尔会见纳迪娅。双方交换意见。", [("奥马尔", LUND), ("纳迪娅", RAIS)], "双方", ("Omar Lund", "Nadia Rais")),
    ],
)  # fmt: skip
def test_reference(
    language: str, text: str, names: list[tuple[str, Resolved]], written: str, expected: tuple[str, ...]
) -> None:
    assert _Article(text, language, names).resolve(written) == expected


@pytest.mark.parametrize(
    ("text", "names", "written"),
    [
        ("Omar Lund arrived. A former prime minister stayed.", [("Omar Lund", LUND)], "prime minister"),
        ("Nadia Rais met Omar Lund. Several officials left.", [("Nadia Rais", RAIS), ("Omar Lund", LUND)], "officials"),
        ("It was late when he arrived.", [], "he"),
    ],
)
def test_what_stays_open(text: str, names: list[tuple[str, Resolved]], written: str) -> None:
    assert _Article(text, "en", names).resolve(written) == ()


def test_first_person_is_the_speaker() -> None:
    article = _Article('"I will sail," he said.', "en", [])
    assert article.resolve("I", Context(speaker=LUND)) == ("Omar Lund",)
    assert article.resolve("I") == ()
    assert is_first_person("We")
    assert not is_first_person("they")


def test_a_plural_takes_the_parties_of_the_last_meeting() -> None:
    article = _Article("Both sides left early.", "en", [])
    assert article.resolve("Both sides", Context(parties=(LUND, RAIS))) == ("Omar Lund", "Nadia Rais")


@pytest.mark.parametrize(("day", "name"), [(date(2024, 7, 25), "Keir Starmer"), (date(2023, 7, 25), "Rishi Sunak")])
def test_an_office_is_held_by_who_holds_it_that_day(day: date, name: str) -> None:
    article = _Article("The British prime minister spoke.", "en", [], day)
    assert article.resolve("prime minister") == (name,)


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("挪威与秘鲁谈判。秘方没有回应。", "秘方", ("Peru",)),
        ("中国与挪威谈判。中方没有回应。", "中方", ("China",)),
        ("挪威与秘鲁谈判。对方没有回应。", "对方", ()),
        ("挪威与秘鲁谈判。智方没有回应。", "智方", ()),
    ],
)
def test_a_chinese_side_is_a_country_of_the_article(text: str, written: str, expected: tuple[str, ...]) -> None:
    references = ArticleReferences(load_lexicon(), text, [], [], None)
    assert tuple(r.name for r in references.side(written)) == expected


def test_a_president_elect_is_not_yet_president() -> None:
    article = _Article("挪威总统奥马尔与当选总统纳迪娅见面。总统先离开。", "zh", [("奥马尔", LUND), ("纳迪娅", RAIS)])
    assert [t.resolved for t in article.references.titled] == [LUND]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        # "The two of them" are the dual noun's before it in the sentence,
        (
            "سيقيم وفدا كينيا ومالطا منفصلين، والوفدان تجمع بينهما قاعة.",
            [],
            ("Kenyan delegation", "Maltese delegation"),
        ),
        # but two people whom it names behind that noun are nearer.
        (
            "غاب الطرفان، ثم وصل عمر لوند ونادية رايس وجرى نقاش بينهما.",
            [("عمر لوند", LUND), ("نادية رايس", RAIS)],
            ("Omar Lund", "Nadia Rais"),
        ),
    ],
)
def test_the_two_of_them(text: str, names: list[tuple[str, Resolved]], expected: tuple[str, ...]) -> None:
    article = _Article(text, "ar", names)
    start = text.index("هما")
    found = article.references.pronoun(start, start + 3, article.sentence, Context())
    assert tuple(r.name for r in found) == expected


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("التقى ممثلين لكينيا ومالطا.", "ممثلين", ("Kenya", "Malta")),
        ("التقى ممثلين عن عائلات البحارة.", "ممثلين", ()),
        ("التقى ممثلين عن كينيا وحدها.", "ممثلين", ()),
    ],
)
def test_representatives_stand_for_the_states_listed_behind_them(
    text: str, written: str, expected: tuple[str, ...]
) -> None:
    article = _Article(text, "ar", [])
    nominal = next(n for n in article.nominals if text[n.start : n.end].startswith(written))
    assert tuple(r.name for r in article.references.resolve(nominal, article.sentence)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Peru and Chile talk. Peru and Chile row. Brazil, Brazil, Brazil.", ("CL", "PE")),
        ("en", "Peruvian pilots and Chilean police met.\n\nBrazil waits. Brazil helps.", ("CL", "PE")),
        ("en", "Brazil waits.\nPeru helps.\nChile too.\nPeru and Chile talk.", ()),
        ("en", "Peru, Chile and Brazil talk.", ()),
        ("ar", "بيرو وتشيلي تتحدثان. بيرو وتشيلي تختلفان.", ("CL", "PE")),
        ("zh", "秘鲁与智利会谈。", ("CL", "PE")),
        ("zh", "秘鲁、智利和巴西会谈。", ()),
    ],
)
def test_the_two_countries_that_an_article_couples(language: str, text: str, expected: tuple[str, ...]) -> None:
    assert _Article(text, language, []).references._plurals._coupled_countries() == expected


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("Peru and Chile talk. Delegations from the two countries met.", "Delegations", ("Peruvian delegation", "Chilean delegation")),
        ("Peru and Chile talk. Delegations from several countries met.", "Delegations", ()),
    ],
)  # fmt: skip
def test_a_plural_of_the_two_countries(text: str, written: str, expected: tuple[str, ...]) -> None:
    assert set(_Article(text, "en", []).resolve(written)) == set(expected)


@pytest.mark.parametrize(
    ("others", "expected"),
    # Both leaders are parties of the event in hand; or one of them, or none: the countries that the article couples.
    [({"x1", "x2"}, ("PE", "NO")), ({"x1"}, ("CL", "FR")), (set(), ("CL", "FR"))],
)
def test_the_two_countries_are_those_of_the_events_two_sides(others: set[str], expected: tuple[str, ...]) -> None:
    text = "Chile and France talk. Peruvian President Omar Lund and Norwegian President Nadia Rais praise the two countries."
    article = _Article(text, "en", [("Omar Lund", LUND), ("Nadia Rais", RAIS)])
    context = Context(parties=(LUND, RAIS), others=frozenset(others))
    assert set(article.references._plurals.country_pair(len(text) - 14, context)) == set(expected)


def test_the_president_in_a_quotation_is_the_speakers() -> None:
    text = "Peruvian President Omar Lund met Chilean President Nadia Rais. The president is late."
    article = _Article(text, "en", [("Omar Lund", LUND), ("Nadia Rais", RAIS)])
    nominal = [n for n in article.nominals if n.title_of is None][-1]
    minister = Resolved(article.references.lexicon.country_entity["PE"].entity_id, "Peru", "GPE")
    told = article.references.resolve(nominal, article.sentence, Context(voice=minister))
    assert [r.name for r in told] == ["Omar Lund"]


@pytest.mark.parametrize(("written", "held"), [("رئيسة وزراء", False), ("رئيس وزراء", True)])
def test_a_womans_office_is_not_held_by_a_man(written: str, held: bool) -> None:
    article = _Article(f"تحدثت {written} بريطانيا.", "ar", [], date(2020, 5, 2))
    assert bool(article.resolve(written)) == held


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Omar Lund spoke.\nAshridge is dead.\nHer Ashridge plan failed, he said.", ("Omar Lund",)),
        ("Omar Lund spoke.\nAshridge came.\nIt is late, he said.", ("Ashridge",)),
    ],
)
def test_a_plan_named_like_a_person_is_nobody(text: str, expected: tuple[str, ...]) -> None:
    plan = Resolved("x9", "Ashridge", "PER")
    assert _Article(text, "en", [("Omar Lund", LUND), ("Ashridge", plan)]).resolve("he") == expected


def test_a_prime_minister_named_without_a_country_holds_the_office_asked_for() -> None:
    text = "秘鲁承认首相曾访问挪威。首相奥马尔说，会谈顺利。"
    article = _Article(text, "zh", [("奥马尔", LUND)])
    holder = article.references.holder("PE", frozenset({"prime minister"}))
    assert holder == LUND
    assert article.references.holder("PE", frozenset({"president"})) != LUND


def test_envoys_of_two_countries_are_those_whom_the_article_names() -> None:
    text = "Kenyan envoy Omar Lund and Maltese envoy Nadia Rais came. Envoys of Kenya and Malta talked."
    article = _Article(text, "en", [("Omar Lund", LUND), ("Nadia Rais", RAIS)])
    assert article.resolve("Envoys") == ("Omar Lund", "Nadia Rais")
    alone = _Article("Kenyan envoy Omar Lund came. Envoys of Kenya and Malta talked.", "en", [("Omar Lund", LUND)])
    assert "Omar Lund" not in alone.resolve("Envoys")


@pytest.mark.parametrize(
    ("language", "text", "written", "expected"),
    [
        ("en", "British Foreign Minister Omar Lund met his Russian and Ukrainian counterparts.", "counterparts",
         ("Sergey Lavrov", "Andrii Sybiha")),
        ("en", "British Foreign Minister Omar Lund met his Russian and Atlantean counterparts.", "counterparts", ()),
        ("ar", "التقى وزير الخارجية البريطاني عمر لوند نظيريه الروسي والأوكراني.", "نظيريه",
         ("Sergey Lavrov", "Andrii Sybiha")),
    ],
)  # fmt: skip
def test_counterparts_of_several_countries(language: str, text: str, written: str, expected: tuple[str, ...]) -> None:
    name = "Omar Lund" if language == "en" else "عمر لوند"
    article = _Article(text, language, [(name, LUND)], date(2026, 6, 8))
    assert article.resolve(written, Context(others=frozenset({"x1"}))) == expected


def test_three_ministers_are_not_the_two_who_met_last() -> None:
    vance = Resolved("x4", "Elia Vance", "PER")
    text = (
        "British Foreign Minister Omar Lund phoned Maltese Foreign Minister Nadia Rais. "
        "Kenyan Foreign Minister Elia Vance wrote. The three foreign ministers last met in March."
    )
    article = _Article(text, "en", [("Omar Lund", LUND), ("Nadia Rais", RAIS), ("Elia Vance", vance)])
    found = article.resolve("foreign ministers", Context(parties=(LUND, RAIS)))
    assert set(found) == {"Omar Lund", "Nadia Rais", "Elia Vance"}
