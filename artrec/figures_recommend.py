"""Pure: what recommenders were measured to do → plotly figures, for the Lab page and its report. Estimates are
{"mean", "low", "high"}; `families` tells each algorithm's family."""

import html
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from artrec.figures import COLOURS
from artrec.figures_lab import styled

BLUE, ORANGE, GREEN, PINK, RED, SKY, BROWN, VIOLET, OLIVE = COLOURS
FAMILIES = {  # colour on light, on dark, and a shape that tells them apart without colours
    "baselines": ("#6f6a61", "#b9b4aa", "circle"),
    "neighbourhood": (GREEN, "#35c79d", "square"),
    "factorisation": (ORANGE, ORANGE, "triangle-up"),
    "linear": (BROWN, "#c9a583", "triangle-down"),
    "neural": (PINK, PINK, "cross"),
    "content": (BLUE, SKY, "diamond"),
    "hybrid": (RED, "#ff8a4f", "star"),
}
ROW = 25  # pixels that an algorithm takes
DASHES = ("solid", "dash", "dot", "longdash", "dashdot")


def intervals_figure(
    found: Mapping[str, Mapping[str, float]], families: Mapping[str, str], *, measure: str = "", dark: bool = False
) -> go.Figure:
    """One line an algorithm, in the order given: its mean as a dot with its interval. The best is the first."""
    figure = go.Figure()
    names = [_text(name) for name in found]
    for family in _present(found, families):
        mine = [name for name in found if families[name] == family]
        each = [found[name] for name in mine]
        colour, symbol = look(family, dark)
        figure.add_trace(
            go.Scatter(
                x=[one["mean"] for one in each], y=[_text(name) for name in mine], mode="markers", name=_text(family),
                marker={"size": 11 if family == "hybrid" else 9, "color": colour, "symbol": symbol},
                error_x={
                    "type": "data", "symmetric": False, "thickness": 1.5, "width": 4, "color": colour,
                    "array": [one["high"] - one["mean"] for one in each],
                    "arrayminus": [one["mean"] - one["low"] for one in each],
                },
                customdata=[[one["low"], one["high"]] for one in each],
                hovertemplate="%{y}: %{x:.3f} (%{customdata[0]:.3f}–%{customdata[1]:.3f})<extra></extra>",
            )
        )  # fmt: skip
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=names[::-1], showgrid=False, ticksuffix="  ",
        range=[-0.6, max(len(names), 1) - 0.4],
    )  # fmt: skip
    figure.update_xaxes(title={"text": _text(measure), "standoff": 8}, rangemode="tozero", side="top")
    figure.update_layout(legend={"orientation": "h", "y": -8 / (ROW * max(len(names), 4)), "yanchor": "top", "x": 0})
    return styled(figure, ROW * max(len(names), 2) + 120, dark, top=44)


def trade_off_figure(
    across: Mapping[str, float], up: Mapping[str, float], families: Mapping[str, str], *,
    across_title: str = "", up_title: str = "", dark: bool = False,
) -> go.Figure:  # fmt: skip
    """Two measures of each algorithm, more of both being better. A dashed line joins those that no other one surpasses in both
    (the Pareto front); they carry their names."""
    figure = go.Figure()
    names = [name for name in across if name in up]
    best = front({name: across[name] for name in names}, {name: up[name] for name in names})
    figure.add_trace(
        go.Scatter(
            x=[across[name] for name in best], y=[up[name] for name in best], mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": "#a8a49b", "width": 1.2, "dash": "dash"},
        )
    )  # fmt: skip
    places = _places(best, across, up)
    for family in _present(names, families):
        mine = [name for name in names if families[name] == family]
        colour, symbol = look(family, dark)
        figure.add_trace(
            go.Scatter(
                x=[across[name] for name in mine], y=[up[name] for name in mine], mode="markers+text", name=_text(family),
                text=[_text(name) if name in best else "" for name in mine],
                textposition=[places.get(name, "top center") for name in mine],
                marker={"size": 13 if family == "hybrid" else 11, "color": colour, "symbol": symbol, "opacity": 0.9},
                customdata=[_text(name) for name in mine],
                hovertemplate="%{customdata}: %{x:.3f}, %{y:.3f}<extra></extra>", cliponaxis=False,
            )
        )  # fmt: skip
    figure.update_xaxes(title={"text": _text(across_title), "standoff": 8})
    figure.update_yaxes(title={"text": _text(up_title), "standoff": 18}, rangemode="tozero")
    figure.update_layout(legend={"orientation": "h", "y": -0.2, "x": 0})
    return styled(figure, 430, dark, top=16)


def cold_start_figure(
    curves: Mapping[str, Mapping[int, Mapping[str, float]]], families: Mapping[str, str], *, measure: str = "",
    dark: bool = False,
) -> go.Figure:  # fmt: skip
    """How good each algorithm is for a new person, by how many works they have told of: algorithm → works → estimate."""
    figure = go.Figure()
    places = sorted({works for curve in curves.values() for works in curve})
    used: dict[str, int] = {}
    for name, curve in curves.items():
        colour, symbol = look(families[name], dark)
        again = used[families[name]] = used.get(families[name], -1) + 1
        steps = sorted(curve)
        each = [curve[works] for works in steps]
        figure.add_trace(
            go.Scatter(
                x=[str(works) for works in steps], y=[one["mean"] for one in each], mode="lines+markers", name=_text(name),
                line={"color": colour, "width": 2, "dash": DASHES[again % len(DASHES)]},
                marker={"size": 8, "symbol": symbol, "color": colour},
                error_y={
                    "type": "data", "symmetric": False, "thickness": 1, "width": 0, "color": _faint(colour),
                    "array": [one["high"] - one["mean"] for one in each],
                    "arrayminus": [one["mean"] - one["low"] for one in each],
                },
                hovertemplate="%{x} works known: %{y:.3f}<extra>" + _text(name) + "</extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(
        type="category", categoryorder="array", categoryarray=[str(works) for works in places],
        title={"text": "works that the new person has told of", "standoff": 8},
    )  # fmt: skip
    figure.update_yaxes(title={"text": _text(measure), "standoff": 18})
    figure.update_layout(legend={"orientation": "h", "y": -0.2, "x": 0})
    return styled(figure, 430, dark, top=12)


def look(family: str, dark: bool) -> tuple[str, str]:
    """A family's colour and symbol; families that are not known share one."""
    light, night, symbol = FAMILIES.get(family, (VIOLET, "#a99be0", "hexagon"))
    return night if dark else light, symbol


def front(across: Mapping[str, float], up: Mapping[str, float]) -> list[str]:
    """Names that no other surpasses in one measure without falling behind in the other, from left to right."""
    names = [name for name in across if np.isfinite(across[name]) and np.isfinite(up[name])]
    kept: list[str] = []
    highest = -np.inf
    for name in sorted(names, key=lambda n: (-across[n], -up[n])):
        if up[name] > highest:
            kept.append(name)
            highest = up[name]
    return kept[::-1]


def _places(names: Sequence[str], across: Mapping[str, float], up: Mapping[str, float]) -> dict[str, str]:
    """Where the name of each point of the front stands (from left to right), so that neighbours do not cover one another."""
    wide = max((across[name] for name in names), default=0) - min((across[name] for name in names), default=0)
    highest = max((up[name] for name in names), default=0)
    found: dict[str, str] = {}
    for before, name in zip([None, *names], names, strict=False):
        near = before is not None and across[name] - across[before] < 0.12 * wide
        below = up[name] > 0.9 * highest or (near and found[before] == "top center")
        found[name] = "bottom center" if below else "top center"
    return found


def _present(names: Iterable[str], families: Mapping[str, str]) -> list[str]:
    """The families of some algorithms, always in the same order."""
    there = {families[name] for name in names}
    return [family for family in FAMILIES if family in there] + sorted(there - set(FAMILIES))


def _faint(colour: str) -> str:
    """A colour (#rrggbb) of which little is seen: where many intervals cross, their middles still tell."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},.4)"


def _text(text: str) -> str:
    return html.escape(text, quote=False)


def named(names: Sequence[str]) -> str:
    """Names as one phrase, for alternative texts: a, b and c."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
