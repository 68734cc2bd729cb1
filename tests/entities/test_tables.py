"""The entity tables: their columns, scripts, names and offices."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from importlib import resources

import pytest

from pipeline.core.folding import fold_string
from pipeline.entities.lexicon import FILES, load_lexicon

COLUMNS = [
    "entity_id", "label", "name_en", "name_ar", "name_zh", "aliases_en", "aliases_ar", "aliases_zh",
    "country", "role", "start", "end", "wikidata_id", "checked", "ambiguous",
]  # fmt: skip
KINDS = {
    "countries.csv": {"country", "territory"},
    "organisations.csv": {
        "government", "ministry", "parliament", "party", "armed_group", "international", "agency",
        "court", "central_bank", "media", "company", "alliance",
    },
    "places.csv": {"capital", "city", "region", "venue", "water", "continent"},
}  # fmt: skip
LABELS = {
    "countries.csv": {"GPE"},
    "organisations.csv": {"ORG"},
    "people.csv": {"PER"},
    "places.csv": {"GPE", "LOC"},
}
SCRIPTS = {
    "latin": re.compile(r"[A-Za-z]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "han": re.compile(r"[\u4e00-\u9fff]"),
}
DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

Row = dict[str, str]


def read(file: str) -> list[Row]:
    path = resources.files("pipeline.entities").joinpath("tables", file)
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


TABLES: dict[str, list[Row]] = {file: read(file) for file in FILES}
DEMONYMS = read("demonyms.csv")


def split(value: str) -> list[str]:
    return [part for part in value.split("|") if part]


def names(row: Row, language: str) -> Iterator[str]:
    yield row[f"name_{language}"]
    yield from split(row[f"aliases_{language}"])


def all_names(row: Row) -> Iterator[str]:
    for language in ("en", "ar", "zh"):
        yield from names(row, language)


def scripts(name: str) -> set[str]:
    return {label for label, letter in SCRIPTS.items() if letter.search(name)}


def terms(row: Row) -> list[tuple[str, str, str]]:
    if not row["role"]:
        return []
    return list(zip(row["role"].split("|"), row["start"].split("|"), row["end"].split("|"), strict=True))


def certain_span(start: str, end: str) -> tuple[date, date] | None:
    """The days surely within a term whose ends may be given by month or year only."""

    def bound(value: str, *, last: bool) -> date:
        parts = [int(part) for part in value.split("-")]
        if len(parts) == 3:
            return date(*parts)
        month = parts[1] if len(parts) == 2 else (12 if last else 1)
        return date(parts[0], month, 28 if last else 1)

    if not start and not end:
        return None
    first = bound(start, last=True) if start else date.min
    last = bound(end, last=False) if end else date.max
    return (first, last) if first < last else None


@pytest.mark.parametrize("file", FILES)
def test_columns_and_closed_values(file: str) -> None:
    rows = TABLES[file]
    assert list(rows[0]) == COLUMNS
    for row in rows:
        assert set(row) == set(COLUMNS), row["name_en"]
        assert None not in row.values(), row["name_en"]
        assert row["label"] in LABELS[file], row["name_en"]
        assert row["checked"] in {"source", "second_reading", "not_yet"}, row["name_en"]
        assert re.fullmatch(r"([A-Z]{2})?", row["country"]), row["name_en"]
        if file in KINDS:
            assert row["role"] in KINDS[file], row["name_en"]
            assert row["start"] == "", row["name_en"]
            assert row["end"] == "", row["name_en"]


def test_sizes() -> None:
    assert len(TABLES["countries.csv"]) == 250
    assert len(TABLES["organisations.csv"]) >= 400
    assert len(TABLES["people.csv"]) >= 1500
    assert len(TABLES["places.csv"]) >= 1000


def test_ids_are_unique_and_made_by_the_rule() -> None:
    seen: set[str] = set()
    for rows in TABLES.values():
        for row in rows:
            assert row["entity_id"] not in seen, row["entity_id"]
            seen.add(row["entity_id"])
            if row["wikidata_id"]:
                assert re.fullmatch(r"Q[1-9]\d*", row["wikidata_id"])
                assert row["entity_id"] == row["wikidata_id"]
            else:
                assert re.fullmatch(r"c-[a-z0-9]+(-[a-z0-9]+)*", row["entity_id"]), row["entity_id"]


@pytest.mark.parametrize("file", FILES)
def test_names_are_in_the_right_script(file: str) -> None:
    for row in TABLES[file]:
        for name in names(row, "en"):
            assert scripts(name) == {"latin"}, name
        for name in names(row, "ar"):
            assert scripts(name) == {"arabic"}, name
        for name in names(row, "zh"):
            # "G7" and the like stand in Chinese text as they are.
            assert "han" in scripts(name) or re.fullmatch(r"[A-Z0-9]{2,}", name), name
            assert "arabic" not in scripts(name), name


@pytest.mark.parametrize("file", FILES)
def test_aliases_repeat_nothing_and_are_clean(file: str) -> None:
    for row in TABLES[file]:
        for language in ("en", "ar", "zh"):
            folded = [fold_string(name) for name in names(row, language)]
            assert len(folded) == len(set(folded)), row["name_en"]
        for name in all_names(row):
            assert name == " ".join(name.split()), repr(name)


def test_no_two_people_share_a_full_name() -> None:
    bearers: dict[str, set[str]] = defaultdict(set)
    for row in TABLES["people.csv"]:
        for language in ("en", "ar", "zh"):
            bearers[fold_string(row[f"name_{language}"])].add(row["entity_id"])
    shared = {name: ids for name, ids in bearers.items() if len(ids) > 1}
    assert not shared


def test_every_name_is_unique_or_marked_ambiguous() -> None:
    bearers: dict[str, list[Row]] = defaultdict(list)
    for rows in TABLES.values():
        for row in rows:
            for folded in {fold_string(name) for name in all_names(row)}:
                bearers[folded].append(row)
    for folded, rows in bearers.items():
        if len(rows) > 1:
            for row in rows:
                marked = {fold_string(name) for name in split(row["ambiguous"])}
                assert folded in marked, (folded, row["name_en"])


def test_only_own_names_are_marked_ambiguous() -> None:
    for rows in TABLES.values():
        for row in rows:
            assert set(split(row["ambiguous"])) <= set(all_names(row)), row["name_en"]


def test_terms_are_parallel_lists_of_days_in_order() -> None:
    for row in TABLES["people.csv"]:
        for office, start, end in terms(row):
            assert re.search(r"\w (of|to|for) ", office), office
            for value in (start, end):
                assert not value or DAY.fullmatch(value), (row["name_en"], value)
            if start and end:
                assert start[: len(end)] <= end[: len(start)], row["name_en"]


def test_offices_of_one_title_and_country_do_not_overlap_without_reason() -> None:
    reasons = {row["office"]: row["reason"] for row in read("shared_offices.csv")}
    assert all(reasons.values())
    held: dict[str, list[tuple[date, date, str]]] = defaultdict(list)
    for row in TABLES["people.csv"]:
        for office, start, end in terms(row):
            span = certain_span(start, end)
            if span is not None:
                held[office].append((*span, row["name_en"]))
    for office, spans in held.items():
        if office in reasons:
            continue
        for i, (first, last, name) in enumerate(spans):
            for other_first, other_last, other in spans[i + 1 :]:
                common = min(last, other_last) - max(first, other_first)
                # A hand-over may take days; a month in common is a mistake.
                assert name == other or common.days <= 31, (office, name, other)


def test_every_country_of_the_other_tables_is_a_country() -> None:
    codes = {row["country"] for row in TABLES["countries.csv"]}
    assert len(codes) == 250
    for rows in TABLES.values():
        for row in rows:
            assert not row["country"] or row["country"] in codes, row["name_en"]


def test_a_demonym_names_one_country() -> None:
    codes = {row["country"] for row in TABLES["countries.csv"]}
    country_of: dict[str, str] = {}
    for row in DEMONYMS:
        assert row["iso2"] in codes
        for language in ("en", "ar", "zh"):
            for word in split(row[language]):
                folded = fold_string(word)
                assert country_of.setdefault(folded, row["iso2"]) == row["iso2"], word
    assert len(DEMONYMS) >= 220


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Netanyahu", "Benjamin Netanyahu"),
        ("نتنياهو", "Benjamin Netanyahu"),
        ("内塔尼亚胡", "Benjamin Netanyahu"),
        ("أردوغان", "Recep Tayyip Erdoğan"),
        ("川普", "Donald Trump"),
        ("澤倫斯基", "Volodymyr Zelensky"),
        ("الولايات المتحدة", "United States"),
        ("أمريكا", "United States"),
        ("UAE", "United Arab Emirates"),
        ("Britain", "United Kingdom"),
        ("Russian Federation", "Russia"),
        ("حماس", "Hamas"),
        ("真主党", "Hezbollah"),
        ("华盛顿", "Washington"),
        ("شرم الشيخ", "Sharm el-Sheikh"),
        ("克里姆林宫", "Kremlin"),
    ],
)
def test_known_names_lead_to_one_entity(name: str, english: str) -> None:
    found = load_lexicon().named(name)
    assert [known.name_en for known in found] == [english]


@pytest.mark.parametrize("name", ["Xyzzy", "مجهولوف", "某某某"])
def test_unknown_names_lead_nowhere(name: str) -> None:
    assert load_lexicon().named(name) == ()


@pytest.mark.parametrize(
    ("country", "office", "day", "holder"),
    [
        ("IL", "prime minister", date(2024, 7, 26), "Benjamin Netanyahu"),
        ("IL", "prime minister", date(2022, 3, 1), "Naftali Bennett"),
        ("US", "president", date(2024, 7, 26), "Joe Biden"),
        ("US", "president", date(2025, 2, 4), "Donald Trump"),
        ("US", "foreign minister", date(2024, 7, 26), "Antony Blinken"),
        ("EG", "president", date(2024, 7, 26), "Abdel Fattah al-Sisi"),
        ("QA", "emir", date(2024, 7, 26), "Tamim bin Hamad Al Thani"),
        ("FR", "president", date(2016, 1, 1), "François Hollande"),
        ("CN", "foreign minister", date(2023, 5, 1), "Qin Gang"),
    ],
)
def test_offices_resolve_at_their_date(country: str, office: str, day: date, holder: str) -> None:
    assert [known.name_en for known in load_lexicon().holders(country, office, day)] == [holder]
