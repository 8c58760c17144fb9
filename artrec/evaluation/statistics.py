"""Intervals and paired comparisons, seeded, for measurements that come in units (works, queries)."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

SEED = 2026
RESAMPLES = 2_000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """The mean difference of one method from another, its interval and the two-sided p of a paired randomisation test."""

    difference: Estimate
    p: float


def estimate(values: np.ndarray, seed: int = SEED) -> Estimate:
    """The mean of `values` (float (n,), one a unit) with a 95 % percentile bootstrap interval (Efron 1979)."""
    values = np.asarray(values, dtype=float)
    if not len(values):
        raise ValueError("There is nothing to estimate from.")
    if np.ptp(values) == 0:
        return Estimate(float(values[0]), float(values[0]), float(values[0]))
    found = stats.bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return Estimate(float(values.mean()), float(found.low), float(found.high))


def compare(ours: np.ndarray, theirs: np.ndarray, seed: int = SEED) -> Comparison:
    """Two methods on the same units (float (n,) each): signs of the differences are flipped at random for p (Fisher 1935)."""
    difference = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    if not difference.any() or len(difference) < 2:  # no difference, or no way to tell it from chance
        return Comparison(estimate(difference, seed), 1.0)
    test = stats.permutation_test(
        (difference,), np.mean, permutation_type="samples", n_resamples=RESAMPLES, rng=np.random.default_rng(seed)
    )
    return Comparison(estimate(difference, seed), float(test.pvalue))
