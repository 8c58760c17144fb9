import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.community.base import NotApplicable
from artrec.community.interactions import History, Interactions
from artrec.community.linear import Ease


def _reference(matrix: np.ndarray, regularisation: float) -> np.ndarray:
    """B as Steck (2019) writes it."""
    inverse = np.linalg.inv(matrix.T @ matrix + regularisation * np.eye(matrix.shape[1]))
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([(8, 30), (30, 8), (12, 12)]))
def test_it_is_the_closed_form_whichever_side_is_smaller(seed, shape):
    matrix = (np.random.default_rng(seed).random(shape) < 0.3).astype(float)
    matrix[0, 0] = matrix[1, 1] = 1  # two people and two works at least
    users, works = np.nonzero(matrix)
    model = Ease.fit(Interactions.of(users, works, n_works=shape[1], n_users=shape[0]), 3.0)
    assert (model.weights is None) == (len(np.unique(users)) < shape[1])
    known = np.flatnonzero(np.random.default_rng(seed + 1).random(shape[1]) < 0.4)
    expected = _reference(matrix, 3.0)[known].sum(axis=0)
    np.testing.assert_allclose(model.score(History.of(known)), expected, atol=2e-5)


def test_no_work_explains_itself():
    data = Interactions.of([0, 0, 1, 1, 2], [0, 1, 1, 2, 0], n_works=3)
    assert Ease.fit(data).explain(History.of([1, 2]), 1)[0] == 0


def test_too_many_works_are_refused_before_memory_is(monkeypatch):
    monkeypatch.setattr("artrec.community.linear.MOST_WORKS", 2)
    with pytest.raises(NotApplicable, match="at most 2"):
        Ease.fit(Interactions.of([0, 1, 2], [0, 1, 2], n_works=3))
