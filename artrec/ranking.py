"""Weights × columns → scores and contributions; diversity → order, never the score."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from artrec.channels import Column

POOL = 60  # best-scored works among which diversity chooses, at least; 5 n where that is more


@dataclass(frozen=True, eq=False)
class Scored:
    """`scores`: float64 (r,). `contributions`: float64 (r, channels), rows summing to the scores, channels in the order of
    the columns they were made from. `weights`: the same shape, what each channel weighed in that row after normalising over
    the channels that speak there."""

    rows: np.ndarray
    scores: np.ndarray
    contributions: np.ndarray
    weights: np.ndarray


def score(rows: np.ndarray, columns: Mapping[str, Column], weights: Mapping[str, float]) -> Scored:
    """A work's score is the mean of the channels that speak for it, weighted: Σ w·x / Σ w, in [0, 1].

    A channel that abstains (NaN) or weighs 0 contributes 0 and leaves the others' weights as they are to each other.
    """
    values = np.stack([own.values for own in columns.values()], axis=1).astype(np.float64)
    raw = np.array([max(0.0, float(weights.get(name, 0.0))) for name in columns])
    speaking = np.where(np.isnan(values), 0.0, raw)
    total = speaking.sum(axis=1, keepdims=True)
    shares = np.divide(speaking, total, out=np.zeros_like(speaking), where=total > 0)
    contributions = shares * np.nan_to_num(values)
    return Scored(rows, contributions.sum(axis=1), contributions, shares)


def by_score(scored: Scored) -> np.ndarray:
    """Positions from best to worst score; equal scores keep the catalogue's order (int64)."""
    return np.lexsort((scored.rows, -scored.scores))


def diversify(scored: Scored, vectors: np.ndarray, n: int, diversity: float) -> np.ndarray:
    """Positions in the order they are shown: maximal marginal relevance for the first n, by score after them.

    Carbonell and Goldstein (1998): argmax over the rest of λ·Sim₁(d, q) − (1 − λ)·max over the chosen of Sim₂(d, d′),
    here with λ = 1 − diversity, Sim₁ the score and Sim₂ the cosine of the works' vectors (float32 (r, d), unit rows).
    """
    order = by_score(scored)
    if diversity <= 0 or len(order) < 3:
        return order
    trade = 1.0 - min(diversity, 1.0)
    pool = [at for at in order[: max(POOL, 5 * n)] if scored.scores[at] > 0]  # what nothing speaks for is never chosen
    if not pool:
        return order
    alike = vectors[pool] @ vectors[pool].T
    gain = trade * scored.scores[pool]
    nearest = np.zeros(len(pool))
    left = np.ones(len(pool), dtype=bool)
    chosen: list[int] = []
    for _ in range(min(n, len(pool))):
        marginal = np.where(left, gain - (1 - trade) * nearest, -np.inf)
        best = int(np.argmax(marginal))
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, alike[best]) if len(chosen) > 1 else alike[best].astype(np.float64)
    first = np.array([pool[i] for i in chosen])
    return np.concatenate([first, order[~np.isin(order, first)]])
