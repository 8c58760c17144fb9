"""Factor models. For likes: ALS (Hu, Koren and Volinsky 2008) and BPR (Rendle et al. 2009), both as `implicit` has them. For
ratings: biased matrix factorisation (Koren 2008), fitted by alternating least squares.

A new person is folded in by the least squares that ALS itself solves for a person, with the works' factors held.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from threadpoolctl import threadpool_limits

from artrec.community.base import need_likes, need_ratings
from artrec.community.baselines import Means
from artrec.community.interactions import History, Interactions
from artrec.community.validation import choose


@dataclass(frozen=True)
class FactorConfig:
    """`factors`: at most a quarter of the people and of the works are used, since more would learn every like by heart;
    `alpha`: confidence in a like over no like; `seed` makes a fit repeat. The defaults of ALS were chosen on the simulated
    visitors of the starter collection."""

    factors: int = 32
    regularisation: float = 5.0
    alpha: float = 2.0
    iterations: int = 15
    learning_rate: float = 0.05  # BPR alone
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Factors:
    """Works' factors Y (float32 (n_works, f)); `gram`: YᵀY + regularisation · I, float64 (f, f)."""

    items: np.ndarray
    gram: np.ndarray
    alpha: float
    threshold: float
    name: str
    rates: bool = False
    live: bool = False

    def _solve(self, history: History) -> tuple[np.ndarray, np.ndarray]:
        """Which known works count, and for each work of those (YᵀCY + λI)⁻¹ yᵢ · cᵢ: float64 (f, liked)."""
        liked = history.values >= self.threshold
        known = self.items[history.works[liked]].astype(np.float64)
        solved = cho_solve(cho_factor(self.gram + (self.alpha - 1) * known.T @ known), self.alpha * known.T)
        return liked, solved

    def score(self, history: History) -> np.ndarray:
        _, solved = self._solve(history)
        return (self.items @ solved.sum(axis=1).astype(np.float32)).astype(np.float64)

    def explain(self, history: History, work: int) -> np.ndarray:
        """After Hu et al. (2008), section 5."""
        liked, solved = self._solve(history)
        shares = np.zeros(len(history) + 1)
        shares[:-1][liked] = self.items[work].astype(np.float64) @ solved
        return shares


def fit_als(interactions: Interactions, config: FactorConfig | None = None) -> Factors:
    """Weighted ALS on likes."""
    from implicit.cpu.als import AlternatingLeastSquares

    config = config or FactorConfig()
    likes = need_likes(interactions, people=2, works=2)
    with threadpool_limits(1, user_api="blas"):  # its own threads are enough
        model = AlternatingLeastSquares(
            factors=_factor_count(likes, config), regularization=config.regularisation, alpha=config.alpha,
            iterations=config.iterations, random_state=config.seed,
        )  # fmt: skip
        model.fit(likes.matrix, show_progress=False)
    return _factors(model.item_factors, config.regularisation, config.alpha, interactions.threshold, "als")


def fit_bpr(interactions: Interactions, config: FactorConfig | None = None) -> Factors:
    """Bayesian personalised ranking on likes; one thread, so that a seed repeats."""
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    config = config or FactorConfig(iterations=100, regularisation=0.05, alpha=10.0)
    likes = need_likes(interactions, people=2, works=2)
    model = BayesianPersonalizedRanking(
        factors=_factor_count(likes, config), regularization=config.regularisation, learning_rate=config.learning_rate,
        iterations=config.iterations, num_threads=1, random_state=config.seed,
    )  # fmt: skip
    model.fit(likes.matrix, show_progress=False)
    return _factors(model.item_factors, 1.0, config.alpha, interactions.threshold, "bpr")


def _factor_count(likes: Interactions, config: FactorConfig) -> int:
    return max(1, min(config.factors, likes.people // 4, likes.known_works // 4))


def _factors(items: np.ndarray, regularisation: float, alpha: float, threshold: float, name: str) -> Factors:
    wide = items.astype(np.float64)
    return Factors(items, wide.T @ wide + regularisation * np.eye(items.shape[1]), alpha, threshold, name)


@dataclass(frozen=True)
class BiasedMfConfig:
    """`regularisations` count in ratings: that many ratings of 0 pull each of a person's factors, and a tenth of it each of a
    work's. One is chosen on people held back (`validation`); with more than `most` ratings the second is taken."""

    factors: int = 8
    regularisations: tuple[float, ...] = (5.0, 15.0, 50.0, 200.0)
    most: int = 100_000
    iterations: int = 12
    seed: int = 0


@dataclass(frozen=True, eq=False)
class BiasedMf:
    """r ≈ μ + bᵢ + bᵤ + pᵤ·qᵢ. `items`: qᵢ, float64 (n_works, f). Folding in solves bᵤ and pᵤ together: a ridge on (1, qᵢ)."""

    means: Means
    items: np.ndarray
    regularisation: float
    name: str = "biased-mf"
    rates: bool = True
    live: bool = False

    @classmethod
    def fit(cls, interactions: Interactions, config: BiasedMfConfig | None = None) -> "BiasedMf":
        config = config or BiasedMfConfig()
        ratings = need_ratings(interactions)
        if len(ratings) > config.most:
            return cls._learn(ratings, config.regularisations[1], config)
        with threadpool_limits(1, user_api="blas"):
            chosen = choose(ratings, config.regularisations, lambda data, r: cls._learn(data, r, config), config.seed)
            return cls._learn(ratings, chosen, config)

    @classmethod
    def _learn(cls, ratings: Interactions, regularisation: float, config: BiasedMfConfig) -> "BiasedMf":
        means = Means.fit(ratings)
        random = np.random.default_rng(config.seed)
        items = np.column_stack([np.ones(ratings.n_works), random.normal(0, 0.1, (ratings.n_works, config.factors))])
        people = np.zeros((ratings.n_users, config.factors + 1))
        left = ratings.values - means.mean - means.offsets[ratings.works]
        penalty = _penalty(config.factors, regularisation, means)
        by_user, by_work = _grouped(ratings.users, ratings.n_users), _grouped(ratings.works, ratings.n_works)
        for _ in range(config.iterations):
            for user, at in by_user:
                known = items[ratings.works[at]]
                people[user] = np.linalg.solve(known.T @ known + penalty, known.T @ left[at])
            for work, at in by_work:  # of the works only the factors move: their offset is in `means`
                known = people[ratings.users[at], 1:]
                target = left[at] - people[ratings.users[at], 0]
                gram = known.T @ known + regularisation / 10 * np.eye(config.factors)
                items[work, 1:] = np.linalg.solve(gram, known.T @ target)
        return cls(means, items[:, 1:], regularisation)

    def _solve(self, history: History) -> np.ndarray:
        """(KᵀK + Λ)⁻¹Kᵀ with K the known works' (1, q): float64 (f + 1, h)."""
        known = np.column_stack([np.ones(len(history)), self.items[history.works]])
        return np.linalg.solve(known.T @ known + _penalty(self.items.shape[1], self.regularisation, self.means), known.T)

    def score(self, history: History) -> np.ndarray:
        left = history.values - self.means.mean - self.means.offsets[history.works]
        person = self._solve(history) @ left
        return self.means.mean + self.means.offsets + person[0] + self.items @ person[1:]

    def explain(self, history: History, work: int) -> np.ndarray:
        left = history.values - self.means.mean - self.means.offsets[history.works]
        parts = np.r_[1.0, self.items[work]] @ self._solve(history) * left
        return np.r_[parts, self.means.mean + self.means.offsets[work]]


def _penalty(factors: int, regularisation: float, means: Means) -> np.ndarray:
    return np.diag(np.r_[means.user_damping, np.full(factors, regularisation)])


def _grouped(groups: np.ndarray, n: int) -> list[tuple[int, np.ndarray]]:
    """(group, positions of its entries) for each group that has any."""
    order = np.argsort(groups, kind="stable")
    parts = np.split(order, np.searchsorted(groups[order], np.arange(1, n)))
    return [(group, at) for group, at in enumerate(parts) if len(at)]
