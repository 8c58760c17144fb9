import numpy as np
import pytest
from helpers_community import DAY
from hypothesis import given
from hypothesis import strategies as st

from artrec.catalogue import Artwork, Catalogue
from artrec.community.arrival import Freshness, Leafing, distance_bins, log_density
from artrec.community.base import NotApplicable
from artrec.community.interactions import History, Interactions
from artrec.community.works import Works

N = 60


def numbered(ids=range(N)) -> Works:
    return Works(Catalogue(tuple(Artwork(artwork_id=str(i), title=f"Work {i}") for i in ids), {}))


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1))
def test_bins_are_ordered_symmetric_and_within_bounds(distances):
    values = np.sort(np.array(distances))
    bins = distance_bins(values)
    assert (np.diff(bins) >= 0).all() and bins.min() >= 0 and bins.max() <= 64
    np.testing.assert_array_equal(64 - bins, distance_bins(-values))


@given(st.lists(st.integers(0, 64), max_size=30), st.integers(-40, 40))
def test_densities_sum_to_one_over_the_works(seen, shift):
    density = np.exp(log_density(np.arange(N) - shift, np.array(seen, dtype=np.int64)))
    assert density.sum() == pytest.approx(1)


def test_ids_that_are_numbers_tell_the_order_and_others_leave_it():
    assert numbered([30, 4, 200]).arrival.tolist() == [1, 0, 2]
    named = Works(Catalogue(tuple(Artwork(artwork_id=i, title=i) for i in ("b", "a", "7")), {}))
    assert named.arrival.tolist() == [0, 1, 2]


def test_people_who_like_what_is_new_are_shown_what_is_new():
    rows = np.arange(40)  # each work is liked on the day it comes
    data = Interactions.of(rows % 5, rows, None, rows * DAY, n_works=N)
    scores = Freshness.fit(data, numbered()).score(History.of([], now=30 * DAY))
    assert np.argsort(-scores)[:2].tolist() == [30, 29]  # the next to come, and the newest
    assert np.isnan(Freshness.fit(data, numbered()).score(History.of([], now=-1))).all()


def test_people_who_leaf_on_are_shown_the_next():
    rows = np.arange(40)
    data = Interactions.of(rows // 10, rows, None, rows // 10 * DAY + rows * 60, n_works=N)
    model = Leafing.fit(data, numbered())
    now = 10 * DAY
    assert model.score(History.of([20], None, [now - 60], now)).argmax() == 21
    assert np.isnan(model.score(History.of([20], None, [now - DAY], now))).all()  # the visit is over
    assert np.isnan(model.score(History.of([20]))).all()


def test_without_order_or_time_they_say_so():
    data = Interactions.of([0, 1], [1, 2], None, [0, DAY], n_works=N)
    for fit in (Freshness.fit, Leafing.fit):
        with pytest.raises(NotApplicable, match="catalogue"):
            fit(data, None)
        with pytest.raises(NotApplicable, match="time"):
            fit(data.untimed(), numbered())
    with pytest.raises(NotApplicable, match="hour"):
        Leafing.fit(data, numbered())
