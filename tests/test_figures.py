"""Figures carry ids, draw every row once, and escape what museums write."""

from collections import Counter

import numpy as np
import pytest
from helpers import catalogue_of, toy_catalogue

from artrec.catalogue import Artwork
from artrec.collection import Atlas
from artrec.figures import COLOURS, OTHER, OTHER_NAME, Overlay, largest_groups, map_figure

HOSTILE = "<script>alert(1)</script>&\"'<img src=x onerror=1>"


def atlas_of(n: int, regions=()) -> Atlas:
    rng = np.random.default_rng(0)
    return Atlas(rng.normal(size=(n, 2)).astype(np.float32), rng.random(n).astype(np.float32), regions)


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return atlas_of(12, ({"name": "Seas & squares", "x": 0.1, "y": 0.2, "size": 5},))


TOY = toy_catalogue()
GROUPS = [work.movement for work in TOY]
EVERYTHING = np.arange(len(TOY))


def drawn(figure) -> list[str]:
    return [one[0] for trace in figure.data if trace.customdata is not None for one in trace.customdata]


@pytest.mark.parametrize("groups", [GROUPS, [], [OTHER_NAME] * 12, [str(i) for i in range(12)]])
@pytest.mark.parametrize("rows", [EVERYTHING, np.array([3, 8, 1]), np.array([], dtype=np.int64)])
def test_every_row_is_drawn_once_under_its_own_id(atlas, groups, rows):
    figure = map_figure(TOY, atlas, groups, rows, Overlay())
    assert Counter(drawn(figure)) == Counter(TOY[int(row)].artwork_id for row in rows)
    for trace in figure.data:
        for (artwork_id,), x, y, text in zip(trace.customdata or (), trace.x, trace.y, trace.text or (), strict=True):
            row = TOY.row(artwork_id)
            assert (x, y) == tuple(atlas.coordinates[row])
            assert TOY[row].title in text
    figure.to_json()


def test_groups_are_named_and_coloured_apart(atlas):
    figure = map_figure(TOY, atlas, [OTHER_NAME, *GROUPS[1:]], EVERYTHING, Overlay())
    assert [trace.name for trace in figure.data] == [OTHER_NAME, "Bauhaus", "Ukiyo-e"]
    colours = [trace.marker.color for trace in figure.data]
    assert colours[0] == OTHER and len(set(colours)) == 3


def test_trust_is_a_scale(atlas):
    (trace,) = map_figure(TOY, atlas, [], EVERYTHING, Overlay()).data
    np.testing.assert_array_equal(trace.marker.color, atlas.trust)
    assert (trace.marker.cmin, trace.marker.cmax) == (0, 1)


def test_what_lies_on_top(atlas):
    overlay = Overlay(query=(0.5, -0.5), likes=(1, 2), recommended=(4, 5, 6), selected=3, neighbours=(7, 8))
    figure = map_figure(TOY, atlas, GROUPS, EVERYTHING, overlay)
    traces = {trace.name: trace for trace in figure.data}
    assert [t.name for t in figure.data][2:] == ["true neighbours", "recommended", "liked", "selected", "your query"]
    for name, rows in (("recommended", (4, 5, 6)), ("liked", (1, 2)), ("selected", (3,))):
        assert [one[0] for one in traces[name].customdata] == [TOY[row].artwork_id for row in rows]
    assert (traces["your query"].x, traces["your query"].y) == ((0.5,), (-0.5,))
    lines = traces["true neighbours"]
    assert lines.x[0] == lines.x[3] == atlas.coordinates[3, 0]
    assert (lines.x[1], lines.x[4]) == tuple(atlas.coordinates[[7, 8], 0])
    assert lines.x[2] is None and len(lines.x) == len(lines.y) == 6


def test_row_zero_can_be_selected_and_liked(atlas):
    figure = map_figure(TOY, atlas, GROUPS, EVERYTHING, Overlay(likes=(0,), selected=0))
    assert {"liked", "selected"} <= {trace.name for trace in figure.data}


def test_nothing_on_top_adds_nothing(atlas):
    assert len(map_figure(TOY, atlas, GROUPS, EVERYTHING, Overlay()).data) == 2


@pytest.mark.parametrize("dark", [False, True])
def test_hostile_text_is_escaped_everywhere(dark):
    work = Artwork(artwork_id="bad", title=HOSTILE, artist=HOSTILE, date_text=HOSTILE, movement=HOSTILE)
    other = Artwork(artwork_id="worse", title=HOSTILE, culture=HOSTILE)
    atlas = atlas_of(2, ({"name": HOSTILE, "x": 0, "y": 0, "size": 2},))
    figure = map_figure(
        catalogue_of(work, other),
        atlas,
        [HOSTILE, "fine"],
        np.arange(2),
        Overlay(likes=(0,), selected=1, neighbours=(0,)),
        dark=dark,
    )
    shown = [t.name for t in figure.data] + [text for t in figure.data for text in (t.text or ())]
    shown += [a.text for a in figure.layout.annotations]
    assert any("&lt;script&gt;" in text for text in shown)
    for text in shown:
        assert "<script" not in text and "<img" not in text
    assert "&lt;script&gt;" in figure.layout.annotations[0].text
    assert all(trace.hovertemplate in (None, "%{text}<extra></extra>") for trace in figure.data)


def test_the_largest_groups_keep_their_names():
    values = ["a"] * 3 + ["b"] * 2 + ["c"] + [""] * 9
    assert largest_groups(values, 2) == ["a"] * 3 + ["b"] * 2 + [OTHER_NAME] * 10
    assert set(largest_groups([str(i) for i in range(50)])) - {OTHER_NAME} == {str(i) for i in range(len(COLOURS))}
    assert largest_groups([]) == []


def test_the_view_survives_a_rerun(atlas):
    figure = map_figure(TOY, atlas, GROUPS, EVERYTHING, Overlay())
    assert figure.layout.uirevision == "map"
    assert figure.layout.annotations[0].text == "Seas &amp; squares"
