"""Pure: data → plotly figures. The artwork's id travels in `customdata`, never a trace's index."""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from artrec.catalogue import Catalogue
from artrec.collection import Atlas

# Okabe and Ito (2008), and neighbours that colour-blind eyes tell apart as well
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8C6D46", "#5D4E8C", "#B8A800")
OTHER = "#b9b4aa"
OTHER_NAME = "other"
LABELLED = 14  # regions, the largest, that carry their name: more collide on a narrow screen


@dataclass(frozen=True)
class Overlay:
    """What lies on top of the map: the query's place, and rows."""

    query: tuple[float, float] | None = None
    likes: tuple[int, ...] = ()
    recommended: tuple[int, ...] = ()
    selected: int | None = None
    neighbours: tuple[int, ...] = ()


def map_figure(
    catalogue: Catalogue,
    atlas: Atlas,
    groups: Sequence[str],
    rows: np.ndarray,
    overlay: Overlay,
    *,
    in_order: Sequence[str] = (),
    dark: bool = False,
) -> go.Figure:
    """The map (WebGL scatter). `groups`: a label for each work, or empty to colour by trust. `rows`: the works drawn.
    `in_order`: the labels, where they have an order that colours should follow."""
    figure = go.Figure()
    if groups:
        _add_groups(figure, catalogue, atlas, groups, rows, in_order, dark)
    else:
        shown = atlas.trust[rows]
        bar = {"title": {"text": "neighbours kept"}, "thickness": 10, "tickformat": ".0%"}
        marker = {"size": 9, "color": shown, "colorscale": "Cividis", "cmin": 0, "cmax": 1, "colorbar": bar}
        figure.add_trace(points(catalogue, atlas, rows, "trust", marker))
    add_regions(figure, atlas, dark)
    add_overlay(figure, catalogue, atlas, overlay, dark)
    lay_out(figure)
    return figure


def _ink(dark: bool) -> str:
    return "#ece8e1" if dark else "#221f1b"


def add_regions(figure: go.Figure, atlas: Atlas, dark: bool) -> None:
    """The names of the largest regions."""
    veil = "rgba(21,22,26,.55)" if dark else "rgba(251,250,247,.55)"
    for region in atlas.regions[:LABELLED]:
        name = html.escape(str(region["name"])).replace(" · ", "<br>")
        figure.add_annotation(
            x=region["x"], y=region["y"], text=name, showarrow=False, opacity=0.75,
            font={"size": 11, "color": _ink(dark)}, bgcolor=veil, borderpad=1, captureevents=False,
        )  # fmt: skip


def lay_out(figure: go.Figure) -> None:
    """What every map has in common: no axes, a legend below, selection by click."""
    figure.update_layout(
        height=640, margin={"l": 0, "r": 0, "t": 8, "b": 0}, dragmode="pan", hoverlabel={"align": "left"},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", uirevision="map", clickmode="event+select",
        legend={"orientation": "h", "y": -0.02, "x": 0, "font": {"size": 12}},
        xaxis={"visible": False}, yaxis={"visible": False},
    )  # fmt: skip


def colours_of(counts: Mapping[str, int], in_order: Sequence[str], dark: bool) -> dict[str, str]:
    """Group → colour: a scale where groups have an order, else the palette, the largest group first."""
    if in_order:
        steps = np.linspace(0, 1, max(len(in_order), 2))[::-1]
        return dict(zip(in_order, sample_colorscale("Viridis", (0.25 + 0.75 * steps) if dark else 0.92 * steps), strict=False))
    names = [name for name, _ in Counter(counts).most_common() if name != OTHER_NAME]
    return {name: COLOURS[position % len(COLOURS)] for position, name in enumerate(names)}


def bars_figure(counts: Mapping[str, int], *, dark: bool = False, upright: bool = False) -> go.Figure:
    """Works by a field's values: bars that lie, largest first as given, or (`upright`) stand in the order of time."""
    ink = "#ece8e1" if dark else "#221f1b"
    colour = "#e08a6d" if dark else "#a4412a"
    names, values = [html.escape(name, quote=False) for name in counts], list(counts.values())
    hover = "%{x}: %{y} works<extra></extra>" if upright else "%{y}: %{x} works<extra></extra>"
    bars = go.Bar(
        x=names if upright else values, y=values if upright else names, orientation="v" if upright else "h",
        marker={"color": colour, "line": {"width": 0}}, text=None if upright else values, textposition="outside",
        cliponaxis=False, hovertemplate=hover, constraintext="none", textangle=0,
    )  # fmt: skip
    quiet = {"visible": False, "fixedrange": True}
    named = {"type": "category", "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True}
    figure = go.Figure(bars)
    figure.update_layout(
        height=240 if upright else 28 * max(len(names), 3) + 24, bargap=0.25,
        margin={"l": 0, "r": 28, "t": 20 if upright else 4, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font={"size": 12, "color": ink},
        xaxis=named if upright else quiet, yaxis=quiet if upright else named | {"autorange": "reversed", "ticksuffix": "  "},
    )  # fmt: skip
    return figure


def largest_groups(values: Sequence[str], limit: int = len(COLOURS)) -> list[str]:
    """Labels for colouring: the `limit` most frequent values keep their name, the rest become "other"."""
    top = {value for value, _ in Counter(v for v in values if v).most_common(limit)}
    return [value if value in top else OTHER_NAME for value in values]


def _add_groups(
    figure: go.Figure,
    catalogue: Catalogue,
    atlas: Atlas,
    groups: Sequence[str],
    rows: np.ndarray,
    in_order: Sequence[str],
    dark: bool,
) -> None:
    counts = Counter(groups[row] for row in rows)
    colours = colours_of(counts, in_order, dark)
    names = [name for name in in_order or [name for name, _ in counts.most_common() if name != OTHER_NAME] if name in counts]
    for name in [*([OTHER_NAME] if OTHER_NAME in counts else []), *names]:
        members = np.array([row for row in rows if groups[row] == name])
        colour = colours.get(name, OTHER)
        figure.add_trace(points(catalogue, atlas, members, name, {"size": 9, "color": colour, "opacity": 0.85}))


def points(catalogue: Catalogue, atlas: Atlas, rows: np.ndarray, name: str, marker: dict, **more) -> go.Scattergl:
    """Works as points that can be pointed at and selected."""
    works = [catalogue[int(row)] for row in rows]
    return go.Scattergl(
        x=atlas.coordinates[rows, 0] if len(rows) else [],
        y=atlas.coordinates[rows, 1] if len(rows) else [],
        mode="markers",
        name=html.escape(name),
        marker=marker,
        customdata=[[work.artwork_id] for work in works],
        text=[
            f"<b>{html.escape(w.title)}</b><br>{html.escape(w.artist or w.culture)}, {html.escape(w.when)}"
            f"<br>neighbours kept on the map: {trust:.0%}"
            for w, trust in zip(works, atlas.trust[rows] if len(rows) else [], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
        **more,
    )


def add_overlay(figure: go.Figure, catalogue: Catalogue, atlas: Atlas, overlay: Overlay, dark: bool) -> None:
    """The query, likes, recommendations and the selected work on top of a map."""
    ink = _ink(dark)
    if overlay.selected is not None:
        x0, y0 = atlas.coordinates[overlay.selected]
        xs, ys = [], []
        for row in overlay.neighbours:
            xs += [x0, atlas.coordinates[row, 0], None]
            ys += [y0, atlas.coordinates[row, 1], None]
        lines = {"width": 1.5, "color": ink}
        figure.add_trace(go.Scattergl(x=xs, y=ys, mode="lines", name="true neighbours", line=lines, hoverinfo="skip"))
    ring = {"size": 15, "color": "rgba(0,0,0,0)", "line": {"width": 2}}
    for name, rows, symbol in (
        ("recommended", overlay.recommended, "diamond-open"),
        ("liked", overlay.likes, "circle-open"),
        ("selected", () if overlay.selected is None else (overlay.selected,), "square-open"),
    ):
        if rows:
            marker = ring | {"symbol": symbol, "color": ink, "size": 19 if name == "selected" else 15}
            figure.add_trace(points(catalogue, atlas, np.array(rows), name, marker))
    if overlay.query is not None:
        star = {"size": 20, "symbol": "star", "color": "#D55E00", "line": {"width": 1.5, "color": ink}}
        x, y = overlay.query
        figure.add_trace(go.Scattergl(x=[x], y=[y], mode="markers", name="your query", marker=star, hoverinfo="name"))
