import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.community.base import NotApplicable
from artrec.community.baselines import Means
from artrec.community.gaussian import Gaussian, GaussianConfig, _patterns
from artrec.community.interactions import History, Interactions
from artrec.evaluation.metrics import of_ratings
from artrec.evaluation.protocols import cold_users

N = 24


def study(seed: int, taste: float, people: int = 90, gaps: float = 0.0) -> Interactions:
    """Ratings 1–7 of `people`: works and people differ, and two directions of taste as strong as asked for."""
    random = np.random.default_rng(seed)
    table = 4 + random.normal(0, 0.8, N) + random.normal(0, 0.7, (people, 1)) + random.normal(0, 1, (people, N))
    table += taste * random.normal(0, 1, (people, 2)) @ random.normal(0, 1, (2, N))
    users, works = np.nonzero(random.random(table.shape) >= gaps)
    return Interactions.of(users, works, np.clip(np.rint(table), 1, 7)[users, works], n_works=N, n_users=people, scale=(1, 7))


def agreement(model, split, given: int) -> float:
    """Mean rank correlation over the cold people who have told of so many works."""
    cases = [case for case in split.cases if case.given == given]
    return float(np.nanmean([of_ratings(model.score(case.history), case, True, (1, 7))["spearman"] for case in cases]))


def test_where_tastes_differ_it_beats_the_means_and_more_when_more_is_known():
    split = cold_users(study(3, taste=1.0, people=150))
    means, gaussian = Means.fit(split.train), Gaussian.fit(split.train)
    assert agreement(gaussian, split, 5) > agreement(means, split, 5) + 0.03
    assert agreement(gaussian, split, 20) > agreement(means, split, 20) + 0.1


def test_where_tastes_do_not_differ_it_does_not_invent_any():
    split = cold_users(study(4, taste=0.0, people=150))
    means, gaussian = Means.fit(split.train), Gaussian.fit(split.train)
    for given_ in (5, 10, 20):
        assert agreement(gaussian, split, given_) > agreement(means, split, given_) - 0.02


def test_with_much_prior_weight_it_orders_works_as_the_means_do():
    data = study(5, taste=1.0)
    model = Gaussian.fit(data, GaussianConfig(weights=(1e9,), noises=(0.5,)))
    history = data.history(data.entries(0)[:6])
    unknown = np.setdiff1d(np.arange(N), history.works)
    expected = Means.fit(data).score(History.of([]))
    np.testing.assert_array_equal(np.argsort(model.score(history)[unknown]), np.argsort(expected[unknown]))


def test_gaps_are_no_hindrance():
    split = cold_users(study(6, taste=1.0, people=150, gaps=0.4))
    given_ = 10
    assert agreement(Gaussian.fit(split.train), split, given_) > agreement(Means.fit(split.train), split, given_)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, N - 1), min_size=1, max_size=8, unique=True), st.integers(0, 999))
def test_it_is_the_textbook_conditional(works, seed):
    random = np.random.default_rng(seed)
    half = random.normal(0, 1, (N, N))
    model = Gaussian(random.normal(4, 1, N), half @ half.T, 0.7, 1.0)
    values = random.normal(4, 1, len(works)).astype(np.float32)
    inner = model.covariance[np.ix_(works, works)] + 0.7 * np.eye(len(works))
    expected = model.mean + model.covariance[:, works] @ np.linalg.inv(inner) @ (values - model.mean[works])
    np.testing.assert_allclose(model.score(History.of(works, values)), expected, atol=1e-6)


def test_people_who_rated_the_same_works_are_solved_together():
    left = [
        (np.array([2, 1]), np.array([0.2, 0.1])),
        (np.array([1, 2]), np.array([0.3, 0.4])),
        (np.array([5]), np.array([1.0])),
    ]
    found = {tuple(works): values.tolist() for works, values in _patterns(left)}
    assert found == {(1, 2): [[0.1, 0.2], [0.3, 0.4]], (5,): [[1.0]]}


def test_too_many_works_are_refused():
    users, works = np.indices((10, 501)).reshape(2, -1)
    with pytest.raises(NotApplicable, match="at most 500"):
        Gaussian.fit(Interactions.of(users, works, 1 + works % 5, n_works=501, scale=(1, 5)))
