"""The page's data and its file: size, escaping, offsets, choice, same bytes; no browser needed."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.report import ReportError, write_report
from pipeline.report.choose import choose
from pipeline.report.gather import gather
from pipeline.report.offsets import Utf16
from pipeline.report.page import as_json
from pipeline.report.tables import clean, connect
from pipeline.run import run
from tests.report.corpus import HOSTILE, WIDE, harbour

ASSETS = Path(__file__).parents[2] / "pipeline" / "report" / "assets"
WEB = ASSETS.parent / "web"


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    return harbour().write(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def page(processed, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "report.html"
    write_report(processed, out)
    return out.read_text(encoding="utf-8")


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def data_of(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.S).group(1))


def u16(text, start, end):
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_the_file_is_one_page_that_asks_for_nothing(page):
    elements = Elements(page)
    tags = [tag for tag, _ in elements.found]
    assert tags.count("script") == 3
    assert not {"img", "iframe", "object", "embed", "base", "form"} & set(tags)
    assert [a.get("href") for tag, a in elements.found if tag == "link"] == ["data:,"]
    assert all("src" not in attrs for _, attrs in elements.found)
    assert len(page.encode()) < 1_000_000


def test_the_policy_names_each_script_and_style_by_hash(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page).group(1).replace("&#39;", "'")
    assert policy.startswith("default-src 'none'")
    blocks = re.findall(r"<(style|script)>(.*?)</\1>", page, re.S)
    assert len(blocks) == 3
    for _, text in blocks:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_hostile_text_stays_text(page):
    assert "<img" not in page.split("</noscript>")[1].split("<script>")[0]
    data = data_of(page)
    hostile = next(a for a in data["articles"] if a["id"] == "a4")
    assert hostile["title"] == HOSTILE.replace("\u202e", "\ufffd")
    assert hostile["url"] is None
    assert "\u202e" not in page
    assert next(a for a in data["articles"] if a["id"] == "a1")["url"].startswith("https://")


@pytest.mark.parametrize("text", ["</script>", "<!--", "a & b", "\u2028", '"', "\\", "]]>", "نص", "\N{FISH}"])
def test_json_survives_a_script_element(text):
    safe = as_json({"t": text})
    assert not set("<>&\u2028\u2029") & set(safe)
    assert json.loads(safe) == {"t": text}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\x00b", "a\ufffdb"),
        ("\u202eabc", "\ufffdabc"),
        ("a\r\n\tb", "a\r\n\tb"),
        ("\u200fنص\u200e", "\u200fنص\u200e"),
    ],
)
def test_controls_and_overrides_become_visible_signs_of_the_same_length(text, wanted):
    assert clean(text) == wanted


@pytest.mark.parametrize("text", ["plain", "نص عربي", "中文", f"a{WIDE}b{WIDE}c", ""])
def test_utf16_offsets_cut_the_same_spans(text):
    at = Utf16.of(text)
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            assert u16(text, at(start), at(end)) == text[start:end]


def test_every_span_of_the_page_is_the_text_of_its_row(processed):
    data = gather(processed, limit=None)
    texts = [a["text"] for a in data["articles"]]
    triggers = {e.event_id: e.trigger for e in harbour().rows["events"]}
    assert len(data["events"]) == len(triggers)
    for event in data["events"]:
        assert u16(texts[event["at"]], *event["x"]) == triggers[event["id"]]
    argument = next(e for e in data["events"] if e["x"] and triggers[e["id"]] == "met")["a"][0]
    assert data["articles"][0]["id"] == "a3"
    assert u16(texts[0], *argument[1:3]) == "Ada Holm"


def test_the_network_counts_a_pair_once_a_story(processed):
    pairs = gather(processed, limit=None)["network"]
    assert pairs[0] == {"one": "x1", "other": "x2", "n": 1, "by": [["meeting", "actual", 1]]}
    assert [(p["one"], p["other"], p["by"]) for p in pairs[1:]] == [("x1", "x9", [["call", "negated", 1]])]


def test_parties_that_no_name_mentions_keep_their_names(tmp_path):
    corpus = harbour()
    corpus.rows["entities"] = [e for e in corpus.rows["entities"] if e.entity_id != "x2"]
    entities = gather(corpus.write(tmp_path / "tables"), limit=None)["entities"]
    assert entities["x2"]["name"] == "Omar Saleh"
    assert entities["x2"]["label"] is None


def test_figures_count_all_rows_whatever_the_page_holds(processed):
    whole, part = gather(processed, limit=0), gather(processed, limit=1)
    assert part["figures"] == whole["figures"]
    assert part["network"] == whole["network"]
    assert whole["figures"]["changed"] == 1
    assert whole["choice"] == {"articles": 6, "of": 6}
    assert part["choice"] == {"articles": 1, "of": 6}
    assert {e["id"].split("-")[0] for e in part["events"]} == {"a3"}
    assert [s["id"] for s in part["stories"]] == ["s1"]


def test_articles_of_changed_stories_come_first_and_copies_last(processed):
    with connect(processed) as connection:
        assert choose(connection, 0).article_ids == ("a3", "a2", "a1", "a4", "a5", "a6")
        assert choose(connection, 2).article_ids == ("a3", "a2")
        assert choose(connection, None).complete


def test_the_size_of_a_page_is_bounded_only_by_default(processed, monkeypatch):
    monkeypatch.setattr("pipeline.report.choose.BYTES", 4000)
    with connect(processed) as connection:
        assert len(choose(connection, None).article_ids) < 4
        assert choose(connection, 5).article_ids[-1] == "a5"


def test_the_same_tables_give_the_same_bytes(processed, tmp_path):
    for name in ("one.html", "other.html"):
        write_report(processed, tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "other.html").read_bytes()


def test_tables_of_a_real_run_make_a_page(raw, tmp_path, small_config):
    run(raw=raw, processed=tmp_path / "out", config=small_config, workers=1)
    result = CliRunner().invoke(
        main, ["report", "--processed", str(tmp_path / "out"), "--out", str(tmp_path / "r.html")]
    )
    assert result.exit_code == 0, result.output
    assert "3 of 3 articles" in result.output
    data = data_of((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert {a["lang"] for a in data["articles"]} == {"en", "ar", "zh"}


def test_older_parts_and_empty_tables_are_read(processed, tmp_path):
    folder = harbour().write(tmp_path / "old")
    part = folder / "stories" / "part-0.parquet"
    pq.write_table(pq.read_table(part).drop_columns(["part_of"]), part)
    (folder / "failures" / "part-0.parquet").unlink()
    data = gather(folder, limit=None)
    assert data["figures"]["failures"] == 0
    assert [s["part"] for s in data["stories"]] == [None, None]
    for path in folder.glob("*/part-0.parquet"):
        path.unlink()
    empty = gather(folder, limit=None)
    assert empty["articles"] == [] and empty["events"] == [] and empty["figures"]["articles"] == 0  # noqa: PT018


def test_missing_tables_and_places_are_one_line(tmp_path, processed):
    result = CliRunner().invoke(
        main, ["report", "--processed", str(tmp_path / "none"), "--out", str(tmp_path / "x.html")]
    )
    assert result.exit_code == 2
    assert "communique extract" in result.output
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="--out"):
        write_report(processed, tmp_path / "file" / "x.html")


def test_a_damaged_part_says_what_to_do(tmp_path):
    folder = harbour().write(tmp_path / "bad")
    (folder / "events" / "part-0.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(ReportError, match="communique extract"):
        gather(folder, limit=None)


def test_the_lock_file_names_no_host_and_the_script_carries_its_licences():
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in entry for entry in lock["packages"].values())
    script = (ASSETS / "report.js").read_text(encoding="utf-8")
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name in wanted:
        assert re.search(rf"^{name} \d", script, re.M), name
        assert re.search(rf"^{name} \d", (ASSETS / "LICENSES.txt").read_text(encoding="utf-8"), re.M), name
    assert "</script" not in script.lower()
