"""Intervals and comparisons for many measures of many algorithms on the same people."""

from collections.abc import Mapping

import numpy as np
from scipy.stats import false_discovery_control

from artrec.evaluation.statistics import CONFIDENCE, RESAMPLES, SEED, compare


def by_person(values: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Cases → people, the units: the mean of each person's cases that have a value (float64 (people,)), NaN for none."""
    numbers = np.unique(people, return_inverse=True)[1]
    has = ~np.isnan(values)
    counts = np.bincount(numbers, has)
    sums = np.bincount(numbers, np.where(has, values, 0))
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def intervals(values: Mapping[str, np.ndarray], seed: int = SEED) -> dict[str, dict[str, float]]:
    """Measure → mean with a percentile bootstrap interval (Efron 1979) over people. `values`: measure → float64 (people,);
    people without a value (NaN) are left out, and a measure that nobody has is not in the answer."""
    found: dict[str, dict[str, float]] = {}
    groups: dict[bytes, list[str]] = {}
    for name, column in values.items():
        groups.setdefault(np.isnan(column).tobytes(), []).append(name)
    for names in groups.values():  # measures of the same people share the resamples
        table = np.stack([values[name] for name in names], axis=1)
        table = table[~np.isnan(table).any(axis=1)]
        n = len(table)
        if not n:
            continue
        draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES) / n
        low, high = np.quantile(draws @ table, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
        for at, name in enumerate(names):
            mean = float(table[:, at].mean())
            found[name] = {"mean": mean, "low": min(float(low[at]), mean), "high": max(float(high[at]), mean), "people": n}
    return found


def compare_with(reference: str, values: Mapping[str, np.ndarray], seed: int = SEED) -> list[dict]:
    """One algorithm against each other on one measure (algorithm → float64 (people,)): paired differences over the people whom
    both have, two-sided p of a randomisation test, and p corrected for their number (Benjamini and Hochberg 1995)."""
    rows = []
    for name, theirs in values.items():
        both = ~np.isnan(values[reference]) & ~np.isnan(theirs)
        if name == reference or both.sum() < 2:
            continue
        found = compare(values[reference][both], theirs[both], seed)
        difference = found.difference
        rows.append(
            {"of": reference, "with": name, "difference": difference.mean, "low": difference.low, "high": difference.high,
             "p": found.p, "people": int(both.sum())}
        )  # fmt: skip
    if rows:
        for row, corrected in zip(rows, false_discovery_control([row["p"] for row in rows]), strict=True):
            row["p_corrected"] = float(corrected)
    return rows
