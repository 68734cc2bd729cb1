"""The generated articles: always the same, never two alike, readable."""

from pathlib import Path

from benchmarks.templates import LANGUAGES, make, make_many, write_files, write_jsonl
from pipeline.articles import read_articles
from pipeline.core.config import Reading
from pipeline.core.rows import Article


def test_the_same_number_gives_the_same_article():
    assert [make(n) for n in range(30)] == [make(n) for n in range(30)]
    assert make(5) != make(5, seed=8)


def test_no_two_texts_are_alike_and_no_slot_stays_open():
    texts = [m.text for m in make_many(0, 3000)]
    assert len(set(texts)) == len(texts)
    assert not any("{" in t or "}" in t for t in texts)


def test_about_sixty_words_in_each_language():
    for language in LANGUAGES:
        texts = [m.text for m in make_many(0, 300, language=language)]
        sizes = [len(t) * 0.6 if language == "zh" else len(t.split()) for t in texts]
        assert 50 <= sum(sizes) / len(sizes) <= 90, language


def test_both_layouts_are_read(tmp_path: Path):
    write_files(tmp_path / "files", 998, 1004)
    write_jsonl(tmp_path / "lines", 998, 1004)
    assert sorted(p.parent.name for p in (tmp_path / "files").rglob("*.txt")) == ["0000"] * 2 + ["0001"] * 4
    for folder, count in (("files", 6), ("lines", 2)):
        paths = [p for p in sorted((tmp_path / folder).rglob("*.*")) if p.is_file()]
        assert len(paths) == count
        rows = [r for p in paths for r in read_articles(p, source=p.name, config=Reading())]
        assert len(rows) == 6
        assert all(isinstance(r, Article) and r.published_at is not None for r in rows)
