"""The map of a large collection: a picture of how densely works lie (datashader), with a sparse trace of points on it.

Beyond `MOST_POINTS` works a browser is slow to draw points, and a lasso over them sends more back than a message can hold. So
the picture shows every work, `SPARSE` points can be pointed at, and what is inside a lasso is found here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.colors import unlabel_rgb

from artrec.catalogue import Catalogue
from artrec.collection import Atlas
from artrec.figures import OTHER, OTHER_NAME, Overlay, add_overlay, add_regions, colours_of, lay_out, points

MOST_POINTS = 20_000  # works that are drawn as points
SPARSE = 2_000  # points on top of the picture
WIDTH, HEIGHT = 1_100, 760  # pixels of the picture

View = tuple[float, float, float, float]  # x from, x to, y from, y to


def whole_view(coordinates: np.ndarray) -> View:
    """The range that holds every work, with a little air."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    air = 0.03 * np.maximum(high - low, 1e-6)
    return float(low[0] - air[0]), float(high[0] + air[0]), float(low[1] - air[1]), float(high[1] + air[1])


def within(coordinates: np.ndarray, rows: np.ndarray, view: View) -> np.ndarray:
    """The rows that lie in a view."""
    x, y = coordinates[rows].T
    return rows[(x >= view[0]) & (x <= view[1]) & (y >= view[2]) & (y <= view[3])]


def inside(coordinates: np.ndarray, xs: Sequence[float], ys: Sequence[float]) -> np.ndarray:
    """Which places (float (n, 2)) lie in a polygon (bool (n,)): those from which a ray crosses its edges an odd number of
    times (Shimrat 1962)."""
    x, y = np.asarray(coordinates, dtype=np.float64).T
    found = np.zeros(len(x), dtype=bool)
    edges = np.column_stack([xs, ys]).astype(np.float64)
    for (x0, y0), (x1, y1) in zip(edges, np.roll(edges, -1, axis=0), strict=True):
        if y0 != y1:
            crosses = ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
            found ^= crosses
    return found


def selected(coordinates: np.ndarray, rows: np.ndarray, selection: Mapping) -> np.ndarray:
    """The rows inside the lassos and boxes of a chart's selection."""
    found = np.zeros(len(rows), dtype=bool)
    for shape in selection.get("lasso") or ():
        if len(shape.get("x") or ()) >= 3:
            found |= inside(coordinates[rows], shape["x"], shape["y"])
    for shape in selection.get("box") or ():
        if len(shape.get("x") or ()) == 2:
            (x0, x1), (y0, y1) = sorted(shape["x"]), sorted(shape["y"])
            x, y = coordinates[rows].T
            found |= (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    return rows[found]


def density_picture(coordinates: np.ndarray, groups: Sequence[str], colours: Mapping[str, str], view: View):
    """A picture (PIL) of the places in a view, each pixel in the mix of its groups' colours, brighter where more works lie."""
    import datashader as ds
    import pandas as pd
    from datashader import transfer_functions as tf

    names = sorted(set(groups))
    table = pd.DataFrame({"x": coordinates[:, 0], "y": coordinates[:, 1], "group": pd.Categorical(groups, categories=names)})
    canvas = ds.Canvas(WIDTH, HEIGHT, x_range=view[:2], y_range=view[2:])
    counted = canvas.points(table, "x", "y", ds.count_cat("group"))
    key = [_hex(colours.get(name, OTHER)) for name in names]
    shaded = tf.shade(counted, color_key=key, how="eq_hist", min_alpha=150)
    return tf.dynspread(shaded, threshold=0.9, max_px=4).to_pil()


def _hex(colour: str) -> str:
    """A colour as datashader reads it: plotly's scales give "rgb(33, 150, 138)"."""
    return "#" + "".join(f"{round(part):02x}" for part in unlabel_rgb(colour)) if colour.startswith("rgb") else colour


def density_figure(
    catalogue: Catalogue,
    atlas: Atlas,
    groups: Sequence[str],
    rows: np.ndarray,
    overlay: Overlay,
    *,
    in_order: Sequence[str] = (),
    dark: bool = False,
    view: View | None = None,
) -> go.Figure:
    """The map of many works, in a view (default: all of it). `groups` as for `map_figure`; without them the trust is shown
    in steps."""
    view = view or whole_view(atlas.coordinates)
    shown = within(atlas.coordinates, rows, view)
    if not len(groups):
        in_order = tuple(f"{step * 25}–{step * 25 + 25} % kept" for step in range(4))
        groups = [in_order[min(int(share * 4), 3)] for share in atlas.trust]
    labels = [groups[row] for row in shown]
    counts = Counter(labels)
    colours = colours_of(counts, in_order, dark)
    figure = go.Figure()
    if len(shown):
        picture = density_picture(atlas.coordinates[shown], labels, colours, view)
        figure.add_layout_image(
            source=picture, xref="x", yref="y", x=view[0], y=view[3], sizex=view[1] - view[0], sizey=view[3] - view[2],
            sizing="stretch", layer="below",
        )  # fmt: skip
    order = [name for name in in_order if name in counts] or [name for name, _ in counts.most_common() if name != OTHER_NAME]
    for name in [*([OTHER_NAME] if OTHER_NAME in counts and OTHER_NAME not in order else []), *order]:
        figure.add_trace(
            go.Scattergl(x=[None], y=[None], mode="markers", name=name, marker={"size": 9, "color": colours.get(name, OTHER)})
        )
    some = shown if len(shown) <= SPARSE else np.sort(np.random.default_rng(0).choice(shown, SPARSE, replace=False))
    unseen = {"size": 9, "color": "rgba(128,128,128,.01)"}  # the picture shows them; these answer the pointer
    figure.add_trace(points(catalogue, atlas, some, "works", unseen, showlegend=False))
    add_regions(figure, atlas, dark)
    add_overlay(figure, catalogue, atlas, overlay, dark)
    lay_out(figure)
    figure.update_xaxes(range=view[:2])
    figure.update_yaxes(range=view[2:])
    figure.update_layout(uirevision=str(view))
    return figure
