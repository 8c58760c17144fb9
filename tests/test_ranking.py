"""Scores are weighted means taken apart; diversity changes their order and nothing else."""

import numpy as np
import pytest
from helpers import unit
from helpers_ranking import laws
from hypothesis import given
from hypothesis import strategies as st

from artrec.channels import NAMES, Column
from artrec.ranking import POOL, Scored, by_score, diversify, score

shares = st.one_of(st.just(float("nan")), st.floats(0, 1, width=32))
tables = st.lists(st.lists(shares, min_size=len(NAMES), max_size=len(NAMES)), min_size=1, max_size=8)
weights = st.dictionaries(st.sampled_from(NAMES), st.one_of(st.just(0.0), st.floats(1e-3, 10)))


def columns_of(table: list[list[float]]) -> dict[str, Column]:
    values = np.array(table, dtype=np.float32)
    none = np.zeros((len(values), 2), dtype=np.float32)
    return {name: Column(values[:, i], none, none[:, 0]) for i, name in enumerate(NAMES)}


def random_scored(seed: int, works: int) -> tuple[Scored, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores, nothing = rng.random(works), np.zeros((works, len(NAMES)))
    return Scored(np.arange(works), scores, nothing, nothing), unit(rng.normal(size=(works, 6)))


@laws
@given(tables, weights)
def test_a_score_is_the_weighted_mean_of_the_channels_that_speak(table, weights):
    scored = score(np.arange(len(table)), columns_of(table), weights)
    for row, values in enumerate(table):
        speaking = {n: float(np.float32(v)) for n, v in zip(NAMES, values, strict=True) if v == v and weights.get(n, 0) > 0}
        total = sum(weights[name] for name in speaking)
        expected = sum(weights[name] * value for name, value in speaking.items()) / total if total else 0
        assert scored.scores[row] == pytest.approx(expected, abs=1e-9)
        assert scored.weights[row].sum() == pytest.approx(1 if total else 0, abs=1e-9)
        for position, name in enumerate(NAMES):
            if name not in speaking:
                assert scored.contributions[row, position] == scored.weights[row, position] == 0
    np.testing.assert_allclose(scored.contributions.sum(axis=1), scored.scores, atol=1e-9)
    assert ((scored.scores >= 0) & (scored.scores <= 1 + 1e-9)).all()


@laws
@given(tables, weights, st.floats(1e-3, 1e3))
def test_only_the_proportions_of_weights_matter(table, weights, factor):
    rows = np.arange(len(table))
    plain = score(rows, columns_of(table), weights)
    scaled = score(rows, columns_of(table), {name: weight * factor for name, weight in weights.items()})
    np.testing.assert_allclose(scaled.scores, plain.scores, atol=1e-9)
    np.testing.assert_allclose(scaled.contributions, plain.contributions, atol=1e-9)


@laws
@given(tables, weights, st.sampled_from(NAMES))
def test_muting_a_channel_keeps_the_others_in_proportion(table, weights, muted):
    rows = np.arange(len(table))
    weights = {**weights, muted: 1.0}
    before, after = (score(rows, columns_of(table), w) for w in (weights, {**weights, muted: 0.0}))
    others = [i for i, name in enumerate(NAMES) if name != muted]
    for a, b in zip(before.weights[:, others], after.weights[:, others], strict=True):
        np.testing.assert_allclose(b * a.sum(), a * b.sum(), atol=1e-9)
    assert not after.contributions[:, NAMES.index(muted)].any()


def test_a_negative_weight_is_no_weight():
    table = [[0.5] * len(NAMES)]
    scored = score(np.arange(1), columns_of(table), {"text": 1.0, "mood": -3.0})
    assert scored.scores[0] == pytest.approx(0.5)
    assert scored.weights[0, NAMES.index("mood")] == 0


def test_equal_scores_keep_the_catalogues_order():
    rows = np.array([4, 1, 3, 9])
    nothing = np.zeros((4, len(NAMES)))
    scored = Scored(rows, np.array([0.2, 0.5, 0.2, 0.5]), nothing, nothing)
    assert rows[by_score(scored)].tolist() == [1, 9, 3, 4]


def mmr(scores: np.ndarray, vectors: np.ndarray, trade: float, n: int) -> list[int]:
    """Carbonell and Goldstein's formula word for word: no pool, no running maximum."""
    chosen: list[int] = []
    left = list(range(len(scores)))
    while left and len(chosen) < n:
        marginal = {
            d: trade * scores[d] - (1 - trade) * max((float(vectors[d] @ vectors[e]) for e in chosen), default=0.0)
            for d in left
        }
        best = max(left, key=lambda d: (round(marginal[d], 9), scores[d]))
        chosen.append(best)
        left.remove(best)
    return chosen


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("diversity", [0.05, 0.3, 0.5, 0.9])
def test_diversity_is_maximal_marginal_relevance(seed, diversity):
    scored, vectors = random_scored(seed, 5 + 4 * seed)
    n = min(10, len(vectors))
    order = diversify(scored, vectors, n, diversity)
    assert order[:n].tolist() == mmr(scored.scores, vectors.astype(np.float64), 1 - diversity, n)


def test_the_first_is_the_best_even_at_full_diversity():
    scored, vectors = random_scored(3, 20)
    for diversity in (0.5, 0.99, 1.0):
        assert diversify(scored, vectors, 10, diversity)[0] == np.argmax(scored.scores)


@laws
@given(st.integers(0, 10_000), st.integers(0, 90), st.integers(1, 30), st.floats(0, 1))
def test_diversity_only_reorders(seed, works, n, diversity):
    scored, vectors = random_scored(seed, works)
    before = scored.scores.copy()
    order = diversify(scored, vectors, n, diversity)
    assert sorted(order.tolist()) == list(range(works))
    np.testing.assert_array_equal(scored.scores, before)
    shown = min(n, works)
    assert (np.diff(scored.scores[order[shown:]]) <= 0).all()  # by score after those chosen
    assert set(order[:shown].tolist()) <= set(by_score(scored)[: max(POOL, 5 * n)].tolist())


@laws
@given(st.integers(0, 10_000), st.integers(0, 90), st.integers(1, 30))
def test_no_diversity_is_the_order_of_the_scores(seed, works, n):
    scored, vectors = random_scored(seed, works)
    np.testing.assert_array_equal(diversify(scored, vectors, n, 0.0), np.argsort(-scored.scores, kind="stable"))


def test_a_twin_is_passed_over():
    """Two copies of the best work and something else: with diversity the copy waits."""
    vectors = unit(np.array([[1, 0], [1, 0], [0, 1]]))
    nothing = np.zeros((3, len(NAMES)))
    scored = Scored(np.arange(3), np.array([0.9, 0.89, 0.5]), nothing, nothing)
    assert diversify(scored, vectors, 3, 0.0).tolist() == [0, 1, 2]
    assert diversify(scored, vectors, 3, 0.5).tolist() == [0, 2, 1]
