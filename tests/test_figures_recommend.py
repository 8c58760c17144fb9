import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from artrec.figures_recommend import FAMILIES, cold_start_figure, front, intervals_figure, look, named, trade_off_figure

KINDS = {"a": "baselines", "b": "hybrid", "c": "content", "d": "content", "<b>": "neural"}
FOUND = {
    "b": {"mean": 0.3, "low": 0.2, "high": 0.5},
    "c": {"mean": 0.2, "low": 0.1, "high": 0.3},
    "<b>": {"mean": 0.1, "low": 0.1, "high": 0.1},
}


def test_intervals_are_drawn_as_given_and_in_order():
    figure = intervals_figure(FOUND, KINDS, measure="nDCG@20 <i>")
    dots = {trace.y[at]: at for trace in figure.data for at in range(len(trace.y))}
    assert set(dots) == {"b", "c", "&lt;b&gt;"}  # names are text
    hybrid = next(trace for trace in figure.data if trace.name == "hybrid")
    assert hybrid.x[0] == 0.3 and np.isclose(hybrid.error_x.array[0], 0.2) and np.isclose(hybrid.error_x.arrayminus[0], 0.1)
    assert figure.layout.yaxis.categoryarray == ("&lt;b&gt;", "c", "b")  # the best on top
    assert figure.layout.xaxis.title.text == "nDCG@20 &lt;i&gt;"


def test_families_differ_in_colour_and_in_shape():
    for dark in (False, True):
        assert len({look(family, dark)[0] for family in FAMILIES}) == len(FAMILIES)
        assert len({look(family, dark)[1] for family in [*FAMILIES, "unheard-of"]}) == len(FAMILIES) + 1


def test_only_the_front_is_named_and_joined():
    across, up = {"a": 0.9, "b": 0.5, "c": 0.4, "d": 0.1}, {"a": 0.1, "b": 0.3, "c": 0.2, "d": 0.3}
    figure = trade_off_figure(across, up, KINDS, across_title="coverage", up_title="nDCG@20")
    line, *families = figure.data
    assert list(line.x) == [0.5, 0.9] and list(line.y) == [0.3, 0.1]
    assert {text for trace in families for text in trace.text if text} == {"a", "b"}
    assert {name for trace in families for name in trace.customdata} == {"a", "b", "c", "d"}


@given(st.dictionaries(st.text(min_size=1), st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_nobody_stands_above_the_front_and_all_others_stand_below(points):
    across, up = {n: float(p[0]) for n, p in points.items()}, {n: float(p[1]) for n, p in points.items()}
    kept = front(across, up)

    def beaten(name):
        return any(
            across[o] >= across[name] and up[o] >= up[name] and (across[o], up[o]) != (across[name], up[name]) for o in points
        )

    assert not any(beaten(name) for name in kept)
    alike = {(across[name], up[name]) for name in kept}
    assert all(beaten(name) or (across[name], up[name]) in alike for name in points)
    assert [across[name] for name in kept] == sorted(across[name] for name in kept)


def test_front_passes_over_what_is_not_known():
    assert front({"a": float("nan"), "b": 1.0}, {"a": 1.0, "b": float("nan")}) == []


def test_curves_run_over_the_works_known_and_alike_families_differ_in_dashes():
    step = {"mean": 0.2, "low": 0.1, "high": 0.4}
    figure = cold_start_figure({"c": {20: step, 1: step}, "d": {3: step}}, KINDS, measure="spearman")
    assert list(figure.data[0].x) == ["1", "20"] and figure.layout.xaxis.categoryarray == ("1", "3", "20")
    assert figure.data[0].line.dash != figure.data[1].line.dash
    assert figure.data[0].line.color == figure.data[1].line.color
    assert np.isclose(figure.data[1].error_y.array[0], 0.2)


def test_empty_figures_are_still_figures():
    assert intervals_figure({}, {}).layout.height > 0
    assert trade_off_figure({}, {}, {}).data[0].x == ()
    assert len(cold_start_figure({}, {}).data) == 0


def test_names_as_a_phrase():
    assert [named([]), named(["a"]), named(["a", "b"]), named(["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
