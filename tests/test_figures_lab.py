"""The Lab's figures: what they draw is what they were given, ids travel along, and names are escaped."""

import numpy as np
import pytest
from helpers import catalogue_of, toy_catalogue

from artrec.catalogue import Artwork
from artrec.collection import Atlas
from artrec.figures import Overlay
from artrec.figures_lab import change_map, reliability_figure, results_figure, training_figure

HOSTILE = "<script>alert(1)</script><img src=x onerror=1>"
LOSSES = [{"step": 5, "loss": 2.5}, {"step": 10, "loss": 1.5}]
PASSES = [
    {"step": 4, "seconds": 60, "score": 0.5, "queries": 0.4, "titles": 0.6},
    {"step": 8, "seconds": 120, "score": 0.7, "queries": 0.6, "titles": 0.8},
    {"step": 12, "seconds": 180, "score": 0.6, "queries": 0.5, "titles": 0.7},
]
TOY = toy_catalogue()
ATLAS = Atlas(np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32), np.ones(12, dtype=np.float32))
KEPT = np.linspace(0, 1, 12, dtype=np.float32)


def named(figure) -> dict:
    return {trace.name: trace for trace in figure.data}


@pytest.mark.parametrize("dark", [False, True])
def test_losses_and_scores_stand_over_the_same_steps(dark):
    figure = training_figure(LOSSES, PASSES, dark=dark)
    traces = named(figure)
    assert traces["loss"].x == (5, 10) and traces["loss"].y == (2.5, 1.5) and traces["loss"].yaxis == "y"
    score = traces["queries, titles and fused, which decides"]
    assert score.x == (4, 8, 12) and score.y == (0.5, 0.7, 0.6) and score.yaxis == "y2"
    assert traces["visitors' queries"].y == (0.4, 0.6, 0.5) and traces["titles"].y == (0.6, 0.8, 0.7)
    assert "a museum's keywords" not in traces
    assert (traces["kept"].x, traces["kept"].y) == ((8,), (0.7,))
    assert figure.layout.xaxis.matches == "x2"
    figure.to_json()


def test_a_museum_is_drawn_where_it_was_asked():
    traces = named(training_figure(LOSSES, [PASSES[0] | {"museum": 0.3}, PASSES[1]]))
    assert traces["a museum's keywords"].x == (4,) and traces["a museum's keywords"].y == (0.3,)


def test_a_run_without_a_pass_is_its_losses():
    assert set(named(training_figure(LOSSES, []))) == {"loss"}


def test_reliability_lies_beside_the_diagonal_and_grows_with_the_works():
    points = [{"confidence": 0.2, "accuracy": 0.1, "works": 4}, {"confidence": 0.8, "accuracy": 0.9, "works": 16}]
    diagonal, head = reliability_figure(points).data
    assert diagonal.x == diagonal.y == (0, 1)
    assert head.x == (0.2, 0.8) and head.y == (0.1, 0.9)
    small, large = head.marker.size
    assert 0 < small < large
    assert [one[0] for one in head.customdata] == [4, 16]
    reliability_figure([], dark=True).to_json()


@pytest.mark.parametrize("rows", [np.arange(12), np.array([3, 8, 1])])
@pytest.mark.parametrize("dark", [False, True])
def test_the_change_map_colours_by_what_was_kept(rows, dark):
    (works,) = change_map(TOY, ATLAS, KEPT, rows, Overlay(), dark=dark).data
    assert [one[0] for one in works.customdata] == [TOY[int(row)].artwork_id for row in rows]
    np.testing.assert_array_equal(works.marker.color, KEPT[rows])
    assert (works.marker.cmin, works.marker.cmax) == (0, 1) and "kept" in works.marker.colorbar.title.text
    assert works.text[0].endswith(f"kept: {KEPT[rows[0]]:.0%}") and TOY[int(rows[0])].title in works.text[0]
    assert not any("on the map" in text for text in works.text)


def test_old_and_new_neighbours_are_joined_to_the_chosen_work():
    traces = named(change_map(TOY, ATLAS, KEPT, np.arange(12), Overlay(selected=2, neighbours=(5,)), before=(7, 9)))
    assert set(traces) == {"works", "near, fine-tuned", "selected", "near, base"}
    assert traces["near, base"].x == (
        *ATLAS.coordinates[[2, 7], 0], None, *ATLAS.coordinates[[2, 9], 0], None,
    )  # fmt: skip
    assert traces["near, fine-tuned"].x[1] == ATLAS.coordinates[5, 0]
    assert traces["near, base"].line.dash == "dot"
    assert [one[0] for one in traces["selected"].customdata] == [TOY[2].artwork_id]


def test_titles_on_the_change_map_are_text():
    catalogue = catalogue_of(Artwork(artwork_id="evil", title=HOSTILE, artist=HOSTILE), TOY[0])
    atlas = Atlas(ATLAS.coordinates[:2], ATLAS.trust[:2])
    figure = change_map(catalogue, atlas, KEPT[:2], np.arange(2), Overlay(selected=0, neighbours=(1,)), before=(1,))
    texts = [text for trace in figure.data for text in (trace.text or ())]
    assert any("&lt;script&gt;" in text for text in texts)
    assert not any("<script" in text or "<img" in text for text in texts)


def test_results_are_dots_with_their_intervals():
    found = {
        "one": {
            "lexical": {"mean": 0.5, "low": 0.4, "high": 0.7},
            "base dense": {"mean": 0.4, "low": 0.3, "high": 0.5},
            "tuned fused": {"mean": 0.8, "low": 0.7, "high": 0.9},
        },
        "two": {"base": {"mean": 0.9, "low": 0.8, "high": 0.95}},
    }
    figure = results_figure(found, {"lexical": "words"}, measure="nDCG@10")
    one, two = figure.data
    assert one.x == (0.5, 0.4, 0.8) and one.y == ("words", "base dense", "tuned fused")
    np.testing.assert_allclose(one.error_x.array, [0.2, 0.1, 0.1])
    np.testing.assert_allclose(one.error_x.arrayminus, [0.1, 0.1, 0.1])
    assert len(set(one.marker.color)) == 3 and one.marker.symbol == ("circle", "circle", "diamond")
    assert two.marker.color == (one.marker.color[1],)
    assert [a.text for a in figure.layout.annotations] == ["one", "two"]
    assert figure.layout.xaxis.matches == "x2" and figure.layout.xaxis2.title.text == "nDCG@10"


def test_names_in_results_are_text_and_nothing_is_a_figure_too():
    figure = results_figure({HOSTILE: {HOSTILE: {"mean": 0.5, "low": 0.4, "high": 0.6}}}, {}, measure=HOSTILE, dark=True)
    assert "<script" not in figure.layout.annotations[0].text + figure.data[0].y[0] + figure.layout.xaxis.title.text
    assert len(results_figure({}, {}).data) == 0
