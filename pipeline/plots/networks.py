"""Who met and called whom, as a network."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from pipeline.plots.style import COLOURS, INK, columns, use_style, wrapped

_WIDTH = 11.0  # inches; one unit of the drawing is an inch, so that labels have a known size
_EDGE = 1.35
_LINE, _COLUMN, _NODE = 0.17, 0.077, 0.17
_GAP = 0.45
_MOST_LINES = 60
_SHAPES = {"PER": "o", "ORG": "s", "GPE": "D", "LOC": "D"}
_LINES = {"actual": "-", "planned": (0, (4, 2)), "possible": (0, (4, 2)), "cancelled": ":", "negated": ":"}
_CURVES = (0.0, 0.22, -0.22, 0.44, -0.44)

Places = dict[str, tuple[float, float]]
Spots = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Edge:
    a: str
    b: str
    type: str
    style: str
    count: int


def network(dyads: pd.DataFrame, *, most: int = 40, title: str | None = None) -> Figure:
    """Draw pairs of ``dyads()`` as a network: meetings and calls, each by what became of it.

    Only the ``most`` frequent pairs are drawn; the title says how many there are. Thickness and
    number: stories of the pair. Where the lines would be more than 60, each pair has one, in the
    colour and style of most of its stories. The same frame gives the same picture.
    """
    use_style()
    undirected = dyads[~dyads.directed]
    counts = undirected.groupby(["party_a", "party_b"], observed=True).size()
    top = counts.sort_values(ascending=False, kind="stable").head(most)
    edges = _edges(undirected, set(top.index))
    graph = nx.Graph()
    graph.add_nodes_from(sorted({n for e in edges for n in (e.a, e.b)}))
    graph.add_edges_from((e.a, e.b) for e in edges)
    places, width, height = _places(graph)
    figure, axes = plt.subplots(figsize=(width + 0.6, height + 1.5))
    _draw_edges(axes, edges, places)
    _draw_nodes(axes, edges, places, _labels(undirected))
    axes.set_xlim(-0.3, width + 0.3)
    axes.set_ylim(-0.2, height + 0.2)
    axes.set_aspect("equal")
    axes.axis("off")
    shown = f"{len(top)} of {len(counts)} pairs" if len(top) < len(counts) else f"{len(counts)} pairs"
    axes.set_title(title or f"Who met or called whom ({shown})")
    _legend(figure, axes, edges)
    plt.close(figure)
    return figure


def _edges(dyads: pd.DataFrame, kept: set[tuple[str, str]]) -> list[_Edge]:
    found: Counter[tuple[str, str, str, str]] = Counter()
    for a, b, kind, status in zip(dyads.party_a, dyads.party_b, dyads.type, dyads.status, strict=True):
        if (a, b) in kept:
            style = {"possible": "planned", "negated": "cancelled"}.get(status, status)
            found[a, b, kind, style] += 1
    edges = [_Edge(*key, count) for key, count in sorted(found.items())]
    return edges if len(edges) <= _MOST_LINES else _one_a_pair(edges)


def _one_a_pair(edges: list[_Edge]) -> list[_Edge]:
    pairs: dict[tuple[str, str], list[_Edge]] = {}
    for edge in edges:
        pairs.setdefault((edge.a, edge.b), []).append(edge)
    merged = []
    for (a, b), several in pairs.items():
        types: Counter[str] = Counter()
        styles: Counter[str] = Counter()
        for edge in several:
            types[edge.type] += edge.count
            styles[edge.style] += edge.count
        merged.append(_Edge(a, b, types.most_common(1)[0][0], styles.most_common(1)[0][0], types.total()))
    return merged


def _labels(dyads: pd.DataFrame) -> dict[str, str]:
    sides = [(dyads.party_a, dyads.party_a_label), (dyads.party_b, dyads.party_b_label)]
    return {
        n: label for names, labels in sides for n, label in zip(names, labels, strict=True) if isinstance(label, str)
    }


def _places(graph: nx.Graph) -> tuple[Places, float, float]:
    """Places in inches: each component laid out by springs, then on shelves, the highest first."""
    parts = [_component(_ordered(graph, part)) for part in nx.connected_components(graph)]
    shelves: list[list[float]] = []  # each: top, width taken
    places: Places = {}
    bottom = 0.0
    for inner, width, height in sorted(parts, key=lambda part: (-part[2], -part[1], min(part[0]))):
        shelf = next((s for s in shelves if s[1] + width <= _WIDTH), None)
        if shelf is None:
            shelf = [bottom, 0.0]
            shelves.append(shelf)
            bottom += height + _GAP
        for name, (left, top) in inner.items():
            places[name] = (shelf[1] + left, shelf[0] + top)
        shelf[1] += width + _GAP
    page, high = max([s[1] for s in shelves], default=0.0) - _GAP, max(bottom - _GAP, 1.0)
    return {n: (left, high - top) for n, (left, top) in places.items()}, max(page, 4.0), high


def _ordered(graph: nx.Graph, part: set[str]) -> nx.Graph:
    """A component with nodes and edges in the order of their names: sets have another order in every run."""
    ordered = nx.Graph()
    ordered.add_nodes_from(sorted(part))
    ordered.add_edges_from(sorted(tuple(sorted(edge)) for edge in graph.edges(part)))
    return ordered


def _component(graph: nx.Graph) -> tuple[Places, float, float]:
    names = list(graph)
    sizes = np.array([_size(n) for n in names])
    if len(names) == 2:
        apart = max(sizes[:, 0].mean() + 0.5, _EDGE)
        spots = np.array([[0.0, 0.0], [apart, 0.0]])
    else:
        start = nx.circular_layout(graph)
        found = nx.spring_layout(graph, pos=start, seed=1, iterations=300, k=1.6 / math.sqrt(len(names)))
        spots = np.array([found[n] for n in names])
        lengths = [float(np.linalg.norm(np.subtract(found[a], found[b]))) for a, b in graph.edges]
        # Many parties need room, and the page has more of it across than down.
        wide = np.array([1.35, 0.9]) * max(1.0, math.sqrt(len(names)) / 3) if len(names) > 6 else np.ones(2)
        spots = _lying(spots) * wide * _EDGE / max(float(np.mean(lengths)), 1e-6)
        spots = _apart(spots, sizes)
    low, high = (spots - sizes / 2).min(axis=0), (spots + sizes / 2).max(axis=0)
    width, height = (float(v) for v in high - low)
    # The label hangs under its node, so the node sits in the upper part of its box.
    return {
        n: (float(x - low[0]), float(high[1] - y - size[1] / 2 + _NODE / 2))
        for n, (x, y), size in zip(names, spots, sizes, strict=True)
    }, width, height  # fmt: skip


def _lying(spots: Spots) -> Spots:
    """Turned so that the longest extent lies across the page, where there is room; the same for the same spots."""
    centred = spots - spots.mean(axis=0)
    turned: Spots = centred @ np.linalg.svd(centred)[2].T
    return turned * np.where(turned[0] < 0, -1.0, 1.0)


def _size(name: str) -> tuple[float, float]:
    lines = wrapped(name).split("\n")
    return max(columns(line) for line in lines) * _COLUMN + 0.15, _NODE + _LINE * len(lines) + 0.1


def _apart(spots: Spots, sizes: Spots) -> Spots:
    """Move boxes that overlap away from each other, along the axis where less movement is needed."""
    spots = spots.copy()
    for _ in range(400):
        moved = False
        for i in range(len(spots)):
            for j in range(i + 1, len(spots)):
                apart = spots[j] - spots[i]
                over = (sizes[i] + sizes[j]) / 2 + 0.05 - np.abs(apart)
                if (over > 0).all():
                    axis = int(over[1] <= over[0])
                    push = over[axis] / 2 * (1 if apart[axis] >= 0 else -1)
                    spots[i][axis] -= push
                    spots[j][axis] += push
                    moved = True
        if not moved:
            break
    return spots


def _draw_edges(axes: Axes, edges: list[_Edge], places: Places) -> None:
    drawn: Counter[tuple[str, str]] = Counter()
    thickest = max((e.count for e in edges), default=1)
    for edge in sorted(edges, key=lambda e: e.count):
        curve = _CURVES[drawn[edge.a, edge.b] % len(_CURVES)]
        drawn[edge.a, edge.b] += 1
        start, end = np.array(places[edge.a]), np.array(places[edge.b])
        axes.add_patch(FancyArrowPatch(
            (float(start[0]), float(start[1])), (float(end[0]), float(end[1])), arrowstyle="-",
            connectionstyle=f"arc3,rad={curve}", color=COLOURS[edge.type], linestyle=_LINES[edge.style],
            linewidth=1.2 + min(0.7 * edge.count, 5.0 * edge.count / thickest), alpha=0.8, zorder=1, shrinkA=0, shrinkB=0,
        ))  # fmt: skip
        if edge.count > 1:
            middle = (start + end) / 2 + curve / 2 * np.array([end[1] - start[1], start[0] - end[0]])
            axes.text(
                middle[0], middle[1], str(edge.count), fontsize=8, ha="center", va="center", zorder=2,
                color=COLOURS[edge.type], bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": "none"},
            )  # fmt: skip


def _draw_nodes(axes: Axes, edges: list[_Edge], places: Places, labels: dict[str, str]) -> None:
    stories: Counter[str] = Counter()
    for edge in edges:
        stories[edge.a] += edge.count
        stories[edge.b] += edge.count
    for name, (x, y) in sorted(places.items()):
        label = labels.get(name, "PER")
        size = min(5.5 + 1.5 * math.sqrt(stories[name]), 13.0)
        axes.plot(x, y, marker=_SHAPES[label], markersize=size, color=COLOURS[label], markeredgecolor="white", zorder=3)
        axes.annotate(
            wrapped(name), (x, y), xytext=(0, -size / 2 - 2), textcoords="offset points", fontsize=9, color=INK,
            ha="center", va="top", zorder=4, linespacing=1.05,
            bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.75},
        )  # fmt: skip


def _legend(figure: Figure, axes: Axes, edges: list[_Edge]) -> None:
    grey = "#777777"
    kinds = [k for k in ("meeting", "call") if any(e.type == k for e in edges)]
    styles = [
        ("actual", "happened"), ("planned", "planned or possible"), ("cancelled", "cancelled or denied"),
    ]  # fmt: skip
    handles = [Line2D([], [], color=COLOURS[k], lw=3, label=k) for k in kinds]
    handles += [
        Line2D([], [], color=grey, lw=2, ls=_LINES[s], label=text)
        for s, text in styles if any(e.style == s for e in edges)
    ]  # fmt: skip
    handles += [
        Line2D([], [], color=COLOURS[k], marker=_SHAPES[k], ls="", label=text)
        for k, text in (("PER", "person"), ("ORG", "organisation"), ("GPE", "country or place"))
    ]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), ncols=4, fontsize=9, handlelength=2.4)
