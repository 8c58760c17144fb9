"""Pure: what training and evaluation wrote down → plotly figures, for the Lab page."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from artrec.catalogue import Catalogue
from artrec.collection import Atlas
from artrec.figures import COLOURS, Overlay, map_figure

BLUE, ORANGE, GREEN, PINK, RED, SKY = COLOURS[:6]
SCORES = {
    "score": "queries, titles and fused, which decides",
    "queries": "visitors' queries",
    "titles": "titles",
    "fused": "visitors' queries with words beside",
    "museum": "a museum's keywords",
}
DASHES = ("solid", "dot", "dash", "longdash", "dashdot")
FONT = {"size": 13, "family": '"Source Sans", sans-serif'}  # the app's own
BAR = {
    "title": {"text": "ten nearest kept", "side": "top"}, "orientation": "h", "thickness": 8, "len": 0.5, "x": 0, "y": 1,
    "xanchor": "left", "yanchor": "bottom", "tickformat": ".0%", "ticklabelposition": "outside bottom",
}  # fmt: skip
ROW = 27  # pixels that a method takes in the figure of results


def training_figure(
    losses: Sequence[Mapping[str, float]], passes: Sequence[Mapping[str, float]], *, dark: bool = False
) -> go.Figure:
    """Two panels over the same steps: the loss, {"step", "loss"}, and the validation scores (nDCG@10) after each pass,
    {"step", "score", …} with any of `SCORES`. The pass that was kept, the best by "score", carries a ring."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.09, row_heights=[0.42, 0.58])
    grey = "#a8a49b" if dark else "#6f6a61"
    figure.add_trace(
        go.Scatter(
            x=[each["step"] for each in losses], y=[each["loss"] for each in losses], mode="lines", name="loss",
            line={"color": grey, "width": 1.5}, showlegend=False, hovertemplate="step %{x}: loss %{y:.3f}<extra></extra>",
        ),
        row=1, col=1,
    )  # fmt: skip
    colours = (SKY if dark else BLUE, ORANGE, GREEN, RED, PINK)
    for (key, name), colour, dash in zip(SCORES.items(), colours, DASHES, strict=True):
        told = [each for each in passes if key in each]
        if told:
            figure.add_trace(
                go.Scatter(
                    x=[each["step"] for each in told], y=[each[key] for each in told], mode="lines+markers", name=name,
                    line={"color": colour, "width": 2.5 if key == "score" else 1.5, "dash": dash}, marker={"size": 6},
                    hovertemplate="step %{x}: %{y:.3f}<extra>" + name + "</extra>",
                ),
                row=2, col=1,
            )  # fmt: skip
    if passes:
        best = max(passes, key=lambda each: each["score"])
        ring = {"size": 14, "symbol": "circle-open", "color": _ink(dark), "line": {"width": 2}}
        figure.add_trace(
            go.Scatter(x=[best["step"]], y=[best["score"]], mode="markers", name="kept", marker=ring, hoverinfo="skip"),
            row=2, col=1,
        )  # fmt: skip
    figure.update_yaxes(title={"text": "loss", "standoff": 12}, row=1, col=1)
    figure.update_yaxes(title={"text": "nDCG@10", "standoff": 12}, row=2, col=1)
    figure.update_xaxes(title={"text": "step", "standoff": 6}, row=2, col=1)
    figure.update_layout(legend={"orientation": "h", "y": -0.2, "x": 0})
    return styled(figure, 480, dark)


def reliability_figure(points: Sequence[Mapping[str, float]], *, dark: bool = False) -> go.Figure:
    """How far probabilities can be believed: {"confidence", "accuracy", "works"} a bin, both in [0, 1]. On the diagonal a
    head is right as often as it says; under it, it is too sure (Guo et al. 2017)."""
    works = np.array([point["works"] for point in points], dtype=float)
    sizes = 5 + 10 * np.sqrt(works / works.max()) if len(works) and works.max() > 0 else works
    colour = SKY if dark else BLUE
    figure = go.Figure()
    diagonal = {"color": _ink(dark), "width": 1, "dash": "dash"}
    figure.add_trace(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="right as often as it says", line=diagonal, hoverinfo="skip")
    )
    figure.add_trace(
        go.Scatter(
            x=[point["confidence"] for point in points], y=[point["accuracy"] for point in points], mode="lines+markers",
            name="the head", line={"color": colour, "width": 1}, marker={"size": sizes, "color": colour, "opacity": 0.85},
            customdata=[[int(point["works"])] for point in points],
            hovertemplate="says %{x:.0%}, right %{y:.0%} of %{customdata[0]:,}<extra></extra>",
        )
    )  # fmt: skip
    share = {"range": [-0.04, 1.04], "tickformat": ".0%", "dtick": 0.25}
    figure.update_xaxes(title={"text": "says", "standoff": 6}, **share)
    figure.update_yaxes(title={"text": "is right", "standoff": 12}, **share)
    figure.update_layout(legend={"orientation": "h", "y": -0.22, "x": 0})
    return styled(figure, 380, dark)


def change_map(
    catalogue: Catalogue, atlas: Atlas, kept: np.ndarray, rows: np.ndarray, overlay: Overlay,
    before: Sequence[int] = (), *, dark: bool = False,
) -> go.Figure:  # fmt: skip
    """The map coloured by the share of a work's ten nearest that both encoders agree on (`kept`: float32 (n,), in [0, 1]).
    `before`: rows that were near the selected work by the base, joined to it by dotted lines."""
    figure = map_figure(catalogue, replace(atlas, trust=kept), (), rows, overlay, dark=dark)
    for trace in figure.data:
        if trace.name == "true neighbours":
            trace.name = "near, fine-tuned"
        if trace.customdata is not None:
            trace.text = [_hover(catalogue, one[0], kept) for one in trace.customdata]
        if trace.name == "trust":
            trace.update(name="works", showlegend=False, marker={"colorbar": BAR})
            if dark:  # the scale begins nearly black
                trace.update(marker={"line": {"width": 0.7, "color": "rgba(236,232,225,.5)"}})
    if overlay.selected is not None and len(before):
        x0, y0 = atlas.coordinates[overlay.selected]
        xs, ys = [], []
        for row in before:
            xs += [x0, atlas.coordinates[row, 0], None]
            ys += [y0, atlas.coordinates[row, 1], None]
        dotted = {"width": 1.5, "color": ORANGE, "dash": "dot"}
        figure.add_trace(go.Scattergl(x=xs, y=ys, mode="lines", name="near, base", line=dotted, hoverinfo="skip"))
    return figure.update_layout(margin={"t": 60})


def _hover(catalogue: Catalogue, artwork_id: str, kept: np.ndarray) -> str:
    row = catalogue.row(artwork_id)
    work = catalogue[row]
    named = f"<b>{html.escape(work.title)}</b><br>{html.escape(work.artist or work.culture)}, {html.escape(work.when)}"
    return f"{named}<br>of its ten nearest kept: {kept[row]:.0%}"


def results_figure(
    found: Mapping[str, Mapping[str, Mapping[str, float]]], labels: Mapping[str, str], *, measure: str = "", dark: bool = False
) -> go.Figure:
    """Means as dots with their intervals: set of queries → method → {"mean", "low", "high"}; `labels` name the methods. One
    panel a set, on one scale. Methods of the base, of the fine-tuned encoder ("tuned …") and of neither differ in colour,
    and search by all reasons ("… fused") in shape."""
    heights = [len(methods) for methods in found.values()]
    figure = make_subplots(
        rows=max(len(found), 1), cols=1, shared_xaxes=True, row_heights=heights or None,
        vertical_spacing=min(0.07, 0.3 / max(len(found), 1)),
        subplot_titles=[html.escape(name, quote=False) for name in found],
    )  # fmt: skip
    for number, methods in enumerate(found.values(), start=1):
        figure.add_trace(_intervals(methods, labels, dark), row=number, col=1)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False, automargin=True, ticksuffix="  ")
    figure.update_annotations(x=0, xanchor="left", font={"size": 13})
    if found:
        figure.update_xaxes(title={"text": html.escape(measure, quote=False), "standoff": 10}, row=len(found), col=1)
    return styled(figure, ROW * sum(heights) + 48 * len(found) + 60, dark, top=34)


def _intervals(methods: Mapping[str, Mapping[str, float]], labels: Mapping[str, str], dark: bool) -> go.Scatter:
    each = list(methods.values())
    grey = "#a8a49b" if dark else "#6f6a61"
    hues = {"base": ORANGE, "tuned": SKY if dark else BLUE}
    return go.Scatter(
        x=[one["mean"] for one in each], y=[html.escape(labels.get(name, name), quote=False) for name in methods],
        mode="markers", showlegend=False,
        marker={
            "size": 10, "color": [hues.get(name.split(" ")[0], grey) for name in methods],
            "symbol": ["diamond" if name.endswith("fused") else "circle" for name in methods],
        },
        error_x={
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 4, "color": _ink(dark),
            "array": [one["high"] - one["mean"] for one in each], "arrayminus": [one["mean"] - one["low"] for one in each],
        },
        customdata=[[one["low"], one["high"]] for one in each],
        hovertemplate="%{y}: %{x:.3f} (%{customdata[0]:.3f}–%{customdata[1]:.3f})<extra></extra>",
    )  # fmt: skip


def _ink(dark: bool) -> str:
    return "#ece8e1" if dark else "#221f1b"


def styled(figure: go.Figure, height: int, dark: bool, top: int = 8) -> go.Figure:
    """The Lab's look: quiet grid, the app's own font, a background that shows the page's."""
    grid = "rgba(236,232,225,.14)" if dark else "rgba(34,31,27,.1)"
    figure.update_layout(
        height=height, margin={"l": 0, "r": 12, "t": top, "b": 0}, font=FONT | {"color": _ink(dark)},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", hoverlabel={"align": "left"},
    )  # fmt: skip
    figure.update_xaxes(gridcolor=grid, zeroline=False, fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor=grid, zeroline=False, fixedrange=True, automargin=True)
    return figure
