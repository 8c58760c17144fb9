"""The map of a large collection: what lies in a lasso, and a picture of where works are."""

import numpy as np
import pytest
from helpers import toy_catalogue
from hypothesis import given
from hypothesis import strategies as st

from artrec.collection import Atlas
from artrec.figures import Overlay
from artrec.figures_density import density_figure, density_picture, inside, selected, whole_view, within

SQUARE = ([0, 1, 1, 0], [0, 0, 1, 1])


def test_inside_a_square_and_a_star():
    places = np.array([[0.5, 0.5], [1.5, 0.5], [-0.1, 0.9], [0.99, 0.01]])
    assert inside(places, *SQUARE).tolist() == [True, False, False, True]
    arrow = ([0, 2, 0, 1], [0, 1, 2, 1])  # a dent on the left
    assert inside(np.array([[0.5, 1.0], [1.5, 1.0], [0.2, 0.2]]), *arrow).tolist() == [False, True, True]


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=1, max_size=20), st.integers(0, 3))
def test_a_polygon_holds_the_same_wherever_it_begins(places, turn):
    xs, ys = (np.roll(side, turn) for side in SQUARE)
    assert np.array_equal(inside(np.array(places), xs, ys), inside(np.array(places), *SQUARE))


def test_lassos_and_boxes_together():
    coordinates = np.array([[0.5, 0.5], [5, 5], [9, 9], [0.2, 5]])
    chart = {"lasso": [{"x": SQUARE[0], "y": SQUARE[1]}], "box": [{"x": [6, 4], "y": [4, 6]}]}
    assert selected(coordinates, np.arange(4), chart).tolist() == [0, 1]
    assert selected(coordinates, np.array([1, 3]), chart).tolist() == [1]
    assert selected(coordinates, np.arange(4), {"lasso": [{"x": [1], "y": [1]}], "box": [{}]}).tolist() == []
    assert within(coordinates, np.arange(4), (0, 1, 0, 9)).tolist() == [0, 3]


def test_the_picture_has_colour_where_works_are():
    places = np.vstack([np.full((50, 2), 0.25), np.full((50, 2), 0.75)])
    picture = np.asarray(
        density_picture(places, ["a"] * 50 + ["b"] * 50, {"a": "#ff0000", "b": "rgb(0, 0, 255)"}, (0, 1, 0, 1))
    )
    height, width = picture.shape[:2]
    red, blue = picture[height * 3 // 4, width // 4], picture[height // 4, width * 3 // 4]
    assert red[0] > 200 > red[2] and red[3] > 0 and blue[2] > 200 > blue[0] and picture[5, 5, 3] == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("groups", [True, False])
def test_the_figure_holds_picture_legend_and_a_few_points(dark, groups, monkeypatch):
    monkeypatch.setattr("artrec.figures_density.SPARSE", 4)
    toy = toy_catalogue()
    n = len(toy)
    places = np.random.default_rng(0).uniform(-1, 1, (n, 2)).astype(np.float32)
    atlas = Atlas(places, np.linspace(0, 1, n).astype(np.float32), ({"name": "Sea", "x": 0.0, "y": 0.0, "size": 3},))
    names = ["old" if row % 2 else "new" for row in range(n)] if groups else []
    figure = density_figure(toy, atlas, names, np.arange(n), Overlay(likes=(1,), selected=2, neighbours=(3,)), dark=dark)
    assert len(figure.layout.images) == 1 and figure.layout.annotations[0].text == "Sea"
    legend = {trace.name for trace in figure.data}
    assert ({"old", "new"} if groups else {"0–25 % kept", "75–100 % kept"}) <= legend
    pointed = next(trace for trace in figure.data if trace.name == "works")
    assert len(pointed.customdata) == 4 and {"liked", "selected", "true neighbours"} <= legend
    view = whole_view(places)
    assert tuple(figure.layout.xaxis.range) == view[:2] and view[0] < places[:, 0].min() and view[3] > places[:, 1].max()
    nothing = density_figure(toy, atlas, names, np.arange(n), Overlay(), view=(5, 6, 5, 6))
    assert not nothing.layout.images
