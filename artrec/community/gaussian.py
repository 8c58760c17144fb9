"""Ratings as one Gaussian: a person's ratings of all works are a draw from N(μ, Σ + σ²I), and folding in is conditioning.

μ + Σ·o (Σoo + σ²I)⁻¹ (r − μo) is the best linear prediction of all works from the rated ones o, whatever the distribution. Σ is
learned by EM over people with gaps (Dempster, Laird and Rubin 1977; Little and Rubin 2002, ch. 11) under an inverse-Wishart
prior centred on b·11ᵀ + a·I: "people differ in how generous they are, and works in nothing". With much prior weight the
prediction is that of the damped means; how much is right is chosen on people of the training data (`validation`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from threadpoolctl import threadpool_limits

from artrec.community.base import NotApplicable, need_ratings
from artrec.community.baselines import Means
from artrec.community.interactions import History, Interactions
from artrec.community.validation import choose

MOST_WORKS = 500


@dataclass(frozen=True)
class GaussianConfig:
    """`weights`: prior weights to choose from, in people; `noises`: σ² as shares of the variance that means leave."""

    weights: Sequence[float] = (10.0, 30.0, 100.0, 300.0, 3_000.0)
    noises: Sequence[float] = (0.3, 0.6)
    iterations: int = 6
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Gaussian:
    """`mean`: μ, float64 (n_works,); `covariance`: Σ, float64 (n_works, n_works); `noise`: σ²; `weight`: the prior's."""

    mean: np.ndarray
    covariance: np.ndarray
    noise: float
    weight: float
    name: str = "gaussian"
    rates: bool = True
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, config: GaussianConfig | None = None) -> "Gaussian":
        config = config or GaussianConfig()
        ratings = need_ratings(interactions, people=8)
        if ratings.n_works > MOST_WORKS:
            raise NotApplicable(
                f"It compares every pair of works, of at most {MOST_WORKS:,}; there are {ratings.n_works:,}.", "Use biased-mf."
            )
        grid = [(weight, noise) for noise in config.noises for weight in config.weights]
        with threadpool_limits(1, user_api="blas"):  # thousands of small equations, each too small to share
            chosen = choose(ratings, grid, lambda data, setting: cls._learn(data, *setting, config.iterations), config.seed)
            return cls._learn(ratings, *chosen, config.iterations)

    @classmethod
    def _learn(cls, ratings: Interactions, weight: float, noise: float, iterations: int) -> "Gaussian":
        means = Means.fit(ratings)
        mean, n = means.mean + means.offsets, ratings.n_works
        left = [
            (ratings.works[at], ratings.values[at] - mean[ratings.works[at]])
            for at in map(ratings.entries, range(ratings.n_users))
            if len(at)
        ]
        generosity = np.array([values.mean() for _, values in left])
        within = np.concatenate([values - values.mean() for _, values in left])
        variance = max(float(within @ within) / max(len(within) - len(left), 1), 1e-6)
        spread = max(float(generosity.var()) - variance * float(np.mean([1 / len(v) for _, v in left])), 0.05 * variance)
        sigma = noise * variance
        prior = spread * np.ones((n, n)) + (variance - sigma) * np.eye(n)
        patterns = _patterns(left)
        covariance = prior
        for _ in range(iterations):
            halves, found = zip(*(_condition(covariance, sigma, works, values) for works, values in patterns), strict=True)
            taken, expected = np.vstack(halves), np.vstack(found)
            total = expected.T @ expected - taken.T @ taken + len(left) * covariance
            covariance = (weight * prior + total) / (weight + len(left))
        return cls(mean, covariance, sigma, weight)

    def score(self, history: History) -> np.ndarray:
        return self.mean + self._gain(history.works) @ (history.values - self.mean[history.works])

    def explain(self, history: History, work: int) -> np.ndarray:
        gain = self._gain(history.works)[work]
        return np.r_[gain * (history.values - self.mean[history.works]), self.mean[work]]

    def _gain(self, works: np.ndarray) -> np.ndarray:
        """Σ·o (Σoo + σ²I)⁻¹: float64 (n_works, h)."""
        known = self.covariance[np.ix_(works, works)] + self.noise * np.eye(len(works))
        return cho_solve(cho_factor(known), self.covariance[works]).T


def _patterns(left: list[tuple[np.ndarray, np.ndarray]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """People who rated the same works go together: works (h,), and what each left of the means (float64 (people, h))."""
    together: dict[bytes, list[np.ndarray]] = {}
    works_of: dict[bytes, np.ndarray] = {}
    for works, values in left:
        order = np.argsort(works)
        key = works[order].tobytes()
        works_of[key] = works[order]
        together.setdefault(key, []).append(values[order])
    return [(works_of[key], np.array(values)) for key, values in together.items()]


def _condition(covariance: np.ndarray, noise: float, works: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """√people · L⁻¹Σo· with LLᵀ = Σoo + σ²I (float64 (h, n)), whose square is what knowing o takes from Σ, summed over the
    people, and the expectations (people, n)."""
    factor = np.linalg.cholesky(covariance[np.ix_(works, works)] + noise * np.eye(len(works)))
    half = solve_triangular(factor, covariance[works], lower=True)
    return np.sqrt(len(values)) * half, solve_triangular(factor, values.T, lower=True).T @ half
