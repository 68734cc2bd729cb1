"""Plots draw three scripts without a missing letter, Arabic joined and from right to left, alike in every run."""

import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline import plots
from pipeline.plots import networks, pictures
from pipeline.plots.charts import _every
from pipeline.plots.style import columns, joined, shortened, use_style, wrapped
from tests.load.conftest import write_tables

NAMES = ["Ingrid Solvang", "إدريس لحلو", "玛琳·泽拉法", "總統 Sol", "Malta", "سلمى بن يوسف"]


@pytest.fixture
def dyads():
    pairs = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (0, 1), (4, 5)]
    n = len(pairs)
    return pd.DataFrame({
        "party_a": [NAMES[a] for a, _ in pairs], "party_b": [NAMES[b] for _, b in pairs],
        "party_a_label": ["PER"] * n, "party_b_label": ["PER", "ORG", "GPE", "PER", None, "PER", "LOC"],
        "type": ["meeting", "call", "meeting", "meeting", "call", "call", "statement"],
        "status": ["actual", "planned", "cancelled", "negated", "possible", "actual", "actual"],
        "date": pd.to_datetime(["2026-03-01"] * 4 + ["2026-03-09", "2026-03-01", None]),
        "directed": [False] * (n - 1) + [True],
    })  # fmt: skip


@pytest.fixture
def events():
    return pd.DataFrame({
        "story_id": "s1", "article_id": ["a", "a", "b"], "source": ["a", "a", "b"], "source_index": 0, "start": [1, 9, 1],
        "type": "meeting", "status": ["planned", "cancelled", "actual"], "score": [0.3, 0.99, np.nan],
        "published_at": pd.to_datetime(["2026-03-01", "2026-03-01", "2026-03-04"]), "language": ["ar", "ar", "zh"],
        "title": ["تأجيل لقاء الوزيرتين", "تأجيل لقاء الوزيرتين", "部长会晤推迟"], "date": pd.to_datetime("2026-03-03"),
    })  # fmt: skip


STORY = pd.Series({
    "story_id": "s1", "type": "meeting", "participants": NAMES[:3], "date": pd.Timestamp("2026-03-03"),
    "time_start": pd.Timestamp("2026-03-03"), "time_end": pd.Timestamp("2026-03-03"),
})  # fmt: skip


def drawn(figure):
    """The figure's pixels; fails on any warning: a letter that no font has is one."""
    canvas = FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


@pytest.mark.parametrize("plot", [plots.network, plots.pairs_over_time, plots.who_to_whom, plots.over_time])
def test_plots_of_pairs(plot, dyads):
    assert (drawn(plot(dyads)) < 255).any()
    assert np.array_equal(drawn(plot(dyads)), drawn(plot(dyads.sample(frac=1, random_state=1).sort_index())))


@pytest.mark.parametrize("plot", [plots.network, plots.pairs_over_time, plots.who_to_whom, plots.over_time])
def test_plots_of_nothing(plot, dyads):
    drawn(plot(dyads.head(0)))


def test_plots_of_events(events):
    drawn(plots.story_life(STORY, events))
    drawn(plots.story_life(STORY.drop(["time_start"]).reindex([*STORY.index]), events))
    drawn(plots.scores(events))
    drawn(plots.scores(events.head(0)))
    drawn(plots.shares(events.head(0), "type", "status"))
    drawn(plots.shares(events, "title", "status"))


def test_the_richest_story_is_told_in_most_languages():
    stories = pd.DataFrame({
        "story_id": ["a", "b", "c"], "languages": [["en"], ["ar", "en"], ["en", "zh"]],
        "status_history": [[1, 2, 3], [1], [1, 2]],
    })  # fmt: skip
    assert plots.richest(stories).story_id == "c"
    with pytest.raises(ValueError, match="no stories"):
        plots.richest(stories.head(0))


def ink(text):
    """The columns of pixels that a text darkens."""
    use_style()
    figure = Figure(figsize=(6, 1))
    figure.text(0, 0.4, text, fontsize=24)
    return np.where((drawn(figure) < 128).any(axis=(0, 2)))[0]


def test_arabic_letters_are_joined():
    joined_letters, apart = ink("لحلو"), ink("ل\u200cح\u200cل\u200cو")
    assert np.ptp(joined_letters) < 0.9 * np.ptp(apart)


def test_arabic_runs_from_right_to_left():
    darkened = ink("ب ا")  # a wide letter, then a thin one: the wide one stands on the right
    middle = (darkened.min() + darkened.max()) / 2
    assert (darkened > middle).sum() > 2 * (darkened < middle).sum()


def test_no_chinese_font_is_a_clear_warning(monkeypatch):
    monkeypatch.setattr(
        font_manager.fontManager, "ttflist", [f for f in font_manager.fontManager.ttflist if "DejaVu" in f.name]
    )
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    with pytest.warns(UserWarning, match="pip install noto-cjk-sans-otc"):
        use_style()


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("Malta", 9, "Malta"), ("Ingrid Solvang", 8, "Ingrid…"), ("斯里兰卡取消峰会", 7, "斯里兰…"), ("لحلو", 4, "لحلو")],
)
def test_shortened(text, most, short):
    assert shortened(text, most) == short
    assert columns(short) <= most


def test_long_names_take_two_lines_and_keep_their_direction():
    assert wrapped("Nimali Wickremaratne-Jayasuriya").count("\n") == 1
    assert "\n" not in wrapped("尼马莉·维克拉马")
    assert joined(["a", "ب"]) == "\u200e\u2068a\u2069 – \u2068ب\u2069"


def test_many_stories_make_one_line_a_pair(dyads):
    many = pd.concat([dyads.assign(party_a=dyads.party_a + str(i)) for i in range(15)])
    edges = networks._edges(many[~many.directed], set(zip(many.party_a, many.party_b, strict=True)))
    assert len(edges) == len({(e.a, e.b) for e in edges})
    drawn(plots.network(many))


def test_labels_of_one_component_do_not_overlap(dyads):
    star = pd.concat([dyads.head(1).assign(party_b=f"Minister number {i}") for i in range(25)])
    graph = networks.nx.Graph(list(zip(star.party_a, star.party_b, strict=True)))
    places, _, _ = networks._places(graph)
    boxes = [(x, y, *networks._size(name)) for name, (x, y) in places.items()]
    for i, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[i + 1 :]:
            assert abs(x - x2) >= (w + w2) / 2 or abs(y - y2) >= (h + h2) / 2


@pytest.mark.parametrize(("days", "every"), [(3, "D"), (100, "W"), (900, "MS"), (4000, "YS")])
def test_bars_are_as_fine_as_the_time_allows(days, every):
    first = pd.Timestamp("2020-01-01")
    assert _every(pd.Series([first, first + pd.Timedelta(days=days)])) == every


def test_pictures_are_the_same_bytes_each_time(tmp_path):
    write_tables(tmp_path / "tables")
    first = pictures.draw(tmp_path / "tables", tmp_path / "one")
    second = pictures.draw(tmp_path / "tables", tmp_path / "two")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    result = CliRunner().invoke(pictures.main, ["--processed", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "run make extract first" in result.output
