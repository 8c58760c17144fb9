"""Intervals that cover, tests that do not cry wolf."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.evaluation.statistics import compare, estimate


def test_a_constant_has_no_width_and_nothing_cannot_be_estimated():
    assert vars(estimate(np.full(9, 0.25))) == {"mean": 0.25, "low": 0.25, "high": 0.25}
    with pytest.raises(ValueError):
        estimate(np.array([]))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_the_interval_holds_the_mean_and_repeats(seed):
    values = np.random.default_rng(seed).random(30)
    found = estimate(values)
    assert found.low <= found.mean <= found.high and found == estimate(values)
    assert 0.6 < (found.high - found.low) / (2 * 1.96 * values.std(ddof=1) / np.sqrt(30)) < 1.4  # near the normal one


def test_about_95_of_100_intervals_cover_the_truth():
    random = np.random.default_rng(0)
    covered = sum(e.low <= 0.3 <= e.high for e in (estimate(random.random(100) < 0.3) for _ in range(100)))
    assert 88 <= covered <= 100


def test_a_difference_that_is_there_and_one_that_is_not():
    random = np.random.default_rng(1)
    base, noise = random.random(80), random.normal(0, 0.05, 80)
    better = compare(base + 0.1 + noise, base)
    assert better.p < 0.01 and better.difference.low > 0.08
    assert compare(base, base).p == compare(np.array([1.0]), np.array([0.0])).p == 1.0
    false_alarms = sum(compare(random.random(40), random.random(40)).p < 0.05 for _ in range(60))
    assert false_alarms <= 9


def test_the_comparison_is_paired():
    base = np.linspace(0, 1, 50)  # the spread between units is great, the difference small and steady
    assert compare(base + 0.01 + 1e-4 * np.sin(np.arange(50)), base).p < 0.01
