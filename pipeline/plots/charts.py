"""Charts over time, who speaks to whom, a story's life, and quality control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pipeline.load.acts import ACTS
from pipeline.load.filters import STATUSES, TYPES
from pipeline.plots.style import COLOURS, CYCLE, FAINT, INK, isolated, joined, shortened, use_style

_MARKERS = {"meeting": "o", "call": "D", "statement": "s"}
_PERIODS = {"D": "day", "W": "week", "MS": "month", "YS": "year"}
_STEPS = {
    "D": pd.DateOffset(days=1), "W": pd.DateOffset(weeks=1), "MS": pd.DateOffset(months=1), "YS": pd.DateOffset(years=1),
}  # fmt: skip
_ROW = 0.36


def shares(
    frame: pd.DataFrame, rows: str, of: str, *, most: int = 12, title: str | None = None, label: str = "events"
) -> Figure:
    """Draw stacked bars: for each value of the column ``rows``, how many of each value of ``of``.

    The ``most`` frequent rows are drawn, the longest bar on top; null counts as "unknown".
    """
    use_style()
    if frame.empty:
        return _nothing(title or f"{of.replace('_', ' ').capitalize()} by {rows.replace('_', ' ')}")
    known = frame.assign(**{c: frame[c].astype("object").fillna("unknown").astype(str) for c in (rows, of)})
    table = known.groupby([rows, of]).size().unstack(fill_value=0)
    order = table.sum(axis=1).sort_values(ascending=False, kind="stable").head(most).index
    table = table.loc[order, _ordered(table.columns)]
    figure, axes = plt.subplots(figsize=(8.5, _ROW * len(table) + 1.6))
    left = np.zeros(len(table))
    for at, value in enumerate(table.columns):
        counts = table[value].to_numpy()
        colour = COLOURS.get(value, "#BBBBBB" if value == "unknown" else CYCLE[at % len(CYCLE)])
        bars = axes.barh(range(len(table)), counts, left=left, color=colour, label=value, height=0.72)
        wide = table.sum(axis=1).max() * 0.035
        axes.bar_label(
            bars, [str(c) if c > wide else "" for c in counts], label_type="center", fontsize=8, color=_on(colour)
        )
        left += counts
    _rows(axes, [isolated(shortened(str(v).replace("_", " "), 34)) for v in table.index])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(label)
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), title=of.replace("_", " "), alignment="left", reverse=False
    )
    axes.set_title(title or f"{of.replace('_', ' ').capitalize()} by {rows.replace('_', ' ')}")
    return _closed(figure)


def over_time(
    frame: pd.DataFrame,
    *,
    every: str | None = None,
    by: str = "status",
    title: str | None = None,
    label: str = "stories",
) -> Figure:
    """Draw how many rows of ``frame`` fall into each day, week, month or year of its ``date``.

    ``every`` is D, W, MS or YS; by default the finest that gives at most 60 bars. ``by`` colours
    the bars. Rows without a date are told in the title.
    """
    use_style()
    dated = frame[frame.date.notna()]
    every = every or _every(dated.date)
    figure, axes = plt.subplots(figsize=(9, 3.6))
    if len(dated):
        table = dated.groupby([pd.Grouper(key="date", freq=every), dated[by].astype(str)]).size().unstack(fill_value=0)
        table = table.asfreq(every, fill_value=0)[_ordered(table.columns)]
        step = _STEPS[every]
        begin = pd.DatetimeIndex(table.index) - pd.Timedelta(days=6) if every == "W" else pd.DatetimeIndex(table.index)
        widths = np.array([(day + step - day).days for day in begin]) * 0.86
        bottom = np.zeros(len(table))
        for at, value in enumerate(table.columns):
            colour = COLOURS.get(value, CYCLE[at % len(CYCLE)])
            axes.bar(begin, table[value], widths, bottom=bottom, color=colour, label=value, align="edge")
            bottom += table[value].to_numpy()
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), title=by, alignment="left")
    _dates(axes)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(f"{label} a {_PERIODS[every]}")
    missing = len(frame) - len(dated)
    axes.set_title(
        (title or f"{label.capitalize()} over time") + (f" ({missing} without a date left out)" if missing else "")
    )
    return _closed(figure)


def pairs_over_time(dyads: pd.DataFrame, *, most: int = 15, title: str | None = None) -> Figure:
    """Draw a line a pair with a mark for each meeting, call or statement, coloured by its status.

    The ``most`` frequent pairs, in the order in which they first appear.
    """
    use_style()
    dated = dyads[dyads.date.notna()]
    pair = dated.groupby(["party_a", "party_b"], observed=True).date
    counts = pair.size().sort_values(ascending=False, kind="stable").head(most)
    order = pair.min().loc[counts.index].sort_values(kind="stable", ascending=False).index.tolist()
    figure, axes = plt.subplots(figsize=(9.5, _ROW * len(order) + 1.6))
    row = {key: at for at, key in enumerate(order)}
    for key, days in pair:
        if key in row:
            axes.plot([days.min(), days.max()], [row[key]] * 2, color=FAINT, lw=2, zorder=1)
    kept = [pair in row for pair in zip(dated.party_a, dated.party_b, strict=True)]
    chosen = dated[np.array(kept, dtype=bool)]
    same_day = chosen.groupby(["party_a", "party_b", "date"], observed=True)
    crowds, nths = same_day.date.transform("size"), same_day.cumcount()
    for item, crowd, nth in zip(chosen.to_dict("records"), crowds, nths, strict=True):
        # Marks of one day stand above each other within the row, so that none hides another.
        beside = (nth - (crowd - 1) / 2) * min(0.3, 0.8 / crowd)
        axes.plot(
            item["date"], row[item["party_a"], item["party_b"]] + beside, marker=_MARKERS[item["type"]],
            markersize=7.5, color=COLOURS[item["status"]], markeredgecolor="white", zorder=2,
        )  # fmt: skip
    names = [
        joined((shortened(a, 22), shortened(b, 22)), " → " if directed else " – ")
        for (a, b), directed in zip(order, _directed(dated, order), strict=True)
    ]
    _rows(axes, names, reverse=False)
    _dates(axes)
    handles = [
        Line2D([], [], marker=_MARKERS[t], ls="", color="#777777", label=t) for t in TYPES if (dated.type == t).any()
    ]
    handles += [
        Line2D([], [], marker="o", ls="", color=COLOURS[s], label=s) for s in STATUSES if (dated.status == s).any()
    ]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    axes.set_title(title or "Pairs over time")
    return _closed(figure)


def who_to_whom(dyads: pd.DataFrame, *, most: int = 12, title: str | None = None) -> Figure:
    """Draw a matrix of statements: rows speak, columns are spoken to; the ``most`` frequent of each."""
    use_style()
    said = dyads[dyads.directed]
    if said.empty:
        return _nothing(title or "Who says something to whom")
    table = said.groupby(["party_a", "party_b"], observed=True).size().unstack(fill_value=0)
    speakers = table.sum(axis=1).sort_values(ascending=False, kind="stable").head(most).index
    table = table.loc[speakers]
    heard = table.sum(axis=0).sort_values(ascending=False, kind="stable")
    table = table[heard[heard > 0].head(most).index]
    figure, axes = plt.subplots(figsize=(3.2 + 0.55 * len(table.columns), 2.6 + 0.42 * len(table)))
    values = table.to_numpy(dtype=float)
    deepest = max(values.max(initial=1.0) * 1.2, 2.0)
    axes.imshow(np.where(values > 0, values, np.nan), cmap="Blues", vmin=0, vmax=deepest)
    for (y, x), value in np.ndenumerate(values):
        if value:
            axes.text(
                x,
                y,
                f"{value:.0f}",
                ha="center",
                va="center",
                fontsize=9,
                color="white" if value > 0.7 * deepest else INK,
            )
    axes.set_xticks(
        range(len(table.columns)),
        [isolated(shortened(n, 24)) for n in table.columns],
        rotation=40,
        ha="right",
        rotation_mode="anchor",
    )
    axes.set_yticks(range(len(table)), [isolated(shortened(n, 28)) for n in table.index])
    axes.set_xticks(np.arange(-0.5, len(table.columns)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(table)), minor=True)
    axes.grid(which="minor", color=FAINT)
    axes.tick_params(which="both", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_ylabel("speaks")
    axes.set_title(title or "Who says something to whom")
    axes.set_xlabel("is spoken to")
    return _closed(figure)


def richest(stories: pd.DataFrame) -> pd.Series[Any]:
    """The story told in the most languages; of those the one whose status changed most, then the first.

    Raises ``ValueError`` where there is no story.
    """
    if stories.empty:
        raise ValueError("there are no stories; run make extract on articles that tell of meetings or calls")
    order = pd.DataFrame({"languages": stories.languages.map(len), "changes": stories.status_history.map(len)})
    at = stories.index.get_loc(order.sort_values(["languages", "changes"], ascending=False, kind="stable").index[0])
    return stories.iloc[int(at)]  # type: ignore[arg-type]


def story_life(story: pd.Series[Any], events: pd.DataFrame, *, most: int = 25, title: str | None = None) -> Figure:
    """Draw when each article told a story, in which language, with which status and under which headline.

    ``story`` is a row of ``stories()``, ``events`` its rows of ``events()``. Articles from the
    earliest on top; an article that gives two statuses has two marks.
    """
    use_style()
    told = events[(events.story_id == story.story_id) & events.published_at.notna()]
    told = told.sort_values(["published_at", "source", "source_index", "start"], kind="stable")
    articles = told.drop_duplicates("article_id").head(most)
    row = {article: at for at, article in enumerate(articles.article_id)}
    figure, axes = plt.subplots(figsize=(5.2, _ROW * 1.15 * len(row) + 1.5))
    if pd.notna(story.time_start):
        axes.axvspan(story.time_start, story.time_end + pd.Timedelta(days=1), color="#FFF3C4", zorder=0)
    for (article, _), group in told.groupby(["article_id", "status"], observed=True, sort=True):
        if article in row:
            first = group.iloc[0]
            beside = list(dict.fromkeys(told[told.article_id == article].status)).index(first.status)
            axes.plot(
                first.published_at, row[article] + 0.2 * beside, marker="o", ms=9, color=COLOURS[str(first.status)],
                markeredgecolor="white", zorder=3,
            )  # fmt: skip
    for item in articles.itertuples():
        axes.axhline(row[item.article_id], color=FAINT, lw=0.8, zorder=0)
        axes.text(
            1.03, row[item.article_id], isolated(shortened(str(item.title), 66)), transform=axes.get_yaxis_transform(),
            va="center", ha="left", fontsize=10,
        )  # fmt: skip
    _rows(axes, [f"{a.published_at.day} {a.published_at:%b}  {a.language}" for a in articles.itertuples()])
    first, last = told.published_at.min(), told.published_at.max()
    axes.set_xlim(min(first, story.date) - pd.Timedelta(days=1), max(last, story.date) + pd.Timedelta(days=2))
    _dates(axes)
    handles = [
        Line2D([], [], marker="o", ls="", ms=8, color=COLOURS[s], label=s) for s in STATUSES if (told.status == s).any()
    ]
    if pd.notna(story.time_start):
        handles.append(Line2D([], [], marker="s", ls="", ms=9, color="#FFE38A", label="when it takes place"))
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(-0.02, -0.55 / (_ROW * 1.15 * len(row))), ncols=4, fontsize=9
    )
    names = joined([shortened(n, 24) for n in story.participants[:3]])
    axes.set_title(title or f"{str(story.type).capitalize()}: {names}")
    return _closed(figure)


def scores(events: pd.DataFrame, *, title: str | None = None) -> Figure:
    """Draw how sure the model was, a panel a type; the dashed line and number: events under 0.5."""
    use_style()
    kinds = [t for t in TYPES if (events.type == t).any()]
    figure, panels = plt.subplots(
        1, max(len(kinds), 1), figsize=(3.1 * max(len(kinds), 1), 2.9), sharex=True, squeeze=False
    )
    for axes, kind in zip(panels[0], kinds, strict=False):
        values = events[events.type == kind].score
        axes.hist(values.dropna(), bins=np.linspace(0, 1, 21), color=COLOURS[kind], log=bool(values.notna().any()))
        axes.axvline(0.5, color=INK, ls="--", lw=1)
        axes.set_title(f"{kind}: {int((values < 0.5).sum())} of {len(values)}", fontsize=10, fontweight="normal")
        axes.set_xlabel("score")
        axes.yaxis.set_major_formatter("{x:.0f}")
    panels[0][0].set_ylabel("events")
    figure.suptitle(
        title or "How sure the model was: events under 0.5", x=0.02, ha="left", fontsize=13, fontweight="bold"
    )
    figure.tight_layout()
    return _closed(figure)


def _ordered(values: Sequence[Any] | pd.Index[Any]) -> list[Any]:
    """Statuses, types and acts in their own order, other values by name, "unknown" last."""
    closed = {value: at for at, value in enumerate((*STATUSES, *TYPES, *ACTS))}
    return sorted(values, key=lambda v: (v == "unknown", closed.get(v, len(closed)), str(v)))


def _directed(dyads: pd.DataFrame, order: list[tuple[str, str]]) -> list[bool]:
    said = set(zip(dyads.party_a[dyads.directed], dyads.party_b[dyads.directed], strict=True))
    met = set(zip(dyads.party_a[~dyads.directed], dyads.party_b[~dyads.directed], strict=True))
    return [pair in said and pair not in met for pair in order]


def _every(dates: pd.Series[Any]) -> str:
    days = (dates.max() - dates.min()).days if len(dates) else 0
    return "D" if days <= 60 else "W" if days <= 7 * 60 else "MS" if days <= 30 * 60 else "YS"


def _rows(axes: Axes, names: list[str], *, reverse: bool = True) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-0.6, len(names) - 0.4)
    if reverse:
        axes.invert_yaxis()


def _dates(axes: Axes) -> None:
    locator = mdates.AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _on(colour: str) -> str:
    """Black or white, whichever reads better on a colour (relative luminance, WCAG 2)."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return "white" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.4 else INK


def _nothing(title: str) -> Figure:
    figure, axes = plt.subplots(figsize=(6, 1.2))
    axes.axis("off")
    axes.set_title(title)
    axes.text(0, 0.6, "no rows to draw", transform=axes.transAxes, color="#777777")
    return _closed(figure)


def _closed(figure: Figure) -> Figure:
    plt.close(figure)
    return figure
