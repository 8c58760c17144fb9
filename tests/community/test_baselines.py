import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.community.base import NotApplicable
from artrec.community.baselines import Means, Popularity, Random, Trend
from artrec.community.interactions import History, Interactions

DAY = 86_400.0


def test_popularity_counts_people_until_now_and_no_further():
    data = Interactions.of([0, 1, 2, 0], [1, 1, 2, 2], None, [10, 20, 30, 40], n_works=4)
    model = Popularity.fit(data)
    np.testing.assert_allclose(np.expm1(model.score(History.of([]))), [0, 2, 2, 0])
    np.testing.assert_allclose(np.expm1(model.score(History.of([], now=30))), [0, 2, 0, 0])
    assert Popularity.fit(data, damping=10).score(History.of([]))[1] == pytest.approx(np.log(1.2))


def test_a_trend_halves_when_it_should():
    data = Interactions.of([0, 1], [0, 1], None, [0, DAY], n_works=2)
    scores = np.expm1(Trend.fit(data, DAY).score(History.of([], now=2 * DAY)))
    np.testing.assert_allclose(scores, [np.exp(-2), np.exp(-1)])
    with pytest.raises(NotApplicable, match="time"):
        Trend.fit(data.untimed())


def test_chance_is_the_same_for_the_same_person_and_another_for_others():
    model = Random.fit(Interactions.of([0], [0], n_works=50))
    one, same, other = (model.score(History.of(works)) for works in ([1, 2], [1, 2], [2, 3]))
    assert (one == same).all() and (one != other).any()


def test_means_by_hand():
    # μ = 3; work 0 has 5 and 4: b = 3 / (2 + 2); work 1 has 1 and 2: b = −3 / 4
    data = Interactions.of([0, 0, 1, 1], [0, 1, 0, 1], [5, 1, 4, 2], n_works=3, scale=(1, 5))
    model = Means.fit(data)
    np.testing.assert_allclose(model.score(History.of([])), [3.75, 2.25, 3.0])
    generous = model.score(History.of([0], [5]))  # 1.25 above the work's, damped by two: 1.25 / 3
    np.testing.assert_allclose(generous, np.array([3.75, 2.25, 3.0]) + 1.25 / 3)
    works = Means.fit(data, people=False)
    np.testing.assert_allclose(works.score(History.of([0], [5])), [3.75, 2.25, 3.0])


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_a_person_moves_all_works_alike(values):
    data = Interactions.of([0, 0, 1, 1], [0, 1, 0, 1], [5, 1, 4, 2], n_works=8, scale=(1, 5))
    model = Means.fit(data)
    moved = model.score(History.of(range(len(values)), values)) - model.score(History.of([]))
    np.testing.assert_allclose(moved, moved[0])
