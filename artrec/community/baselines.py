"""What every other model must beat: chance, popularity, and the means of works and people."""

from dataclasses import dataclass

import numpy as np

from artrec.community.base import need_likes, need_ratings, need_times
from artrec.community.interactions import History, Interactions


@dataclass(frozen=True, eq=False)
class Random:
    """An order by chance, which for one history is always the same."""

    n_works: int
    seed: int
    name: str = "random"
    rates: bool = False
    live: bool = True

    @classmethod
    def fit(cls, interactions: Interactions, seed: int = 0) -> "Random":
        return cls(interactions.n_works, seed)

    def score(self, history: History) -> np.ndarray:
        return np.random.default_rng([self.seed, *history.works.tolist()]).random(self.n_works)


@dataclass(frozen=True, eq=False)
class Popularity:
    """How many people like a work, as ln((likes + damping) / damping); where the times are known, before `now`."""

    works: np.ndarray
    times: np.ndarray
    n_works: int
    damping: float
    name: str = "popularity"
    rates: bool = False
    live: bool = True

    @classmethod
    def fit(cls, interactions: Interactions, damping: float = 1.0) -> "Popularity":
        likes = need_likes(interactions)
        return cls(likes.works, likes.times, likes.n_works, damping)

    def score(self, history: History) -> np.ndarray:
        until = np.searchsorted(np.nan_to_num(self.times, nan=-np.inf), history.now)
        return np.log1p(np.bincount(self.works[:until], minlength=self.n_works) / self.damping)


@dataclass(frozen=True, eq=False)
class Trend:
    """Popularity of the moment: ln(1 + Σ exp(−age / span)) over the likes of a work, `span` in seconds."""

    works: np.ndarray
    times: np.ndarray
    n_works: int
    span: float
    name: str = "trend"
    rates: bool = False
    live: bool = True

    @classmethod
    def fit(cls, interactions: Interactions, span: float = 86_400.0) -> "Trend":
        likes = need_likes(need_times(interactions))
        return cls(likes.works, likes.times, likes.n_works, span)

    def score(self, history: History) -> np.ndarray:
        now = history.now if np.isfinite(history.now) else self.times[-1]
        first, until = np.searchsorted(self.times, [now - 20 * self.span, history.now])  # exp(−20) is nothing
        weights = np.exp((self.times[first:until] - now) / self.span)
        return np.log1p(np.bincount(self.works[first:until], weights, minlength=self.n_works))


@dataclass(frozen=True, eq=False)
class Means:
    """Damped means (Koren 2008): μ + bᵢ + bᵤ, where bᵢ = Σ (r − μ) / (n + damping) over a work's ratings and bᵤ the same
    over a person's, of what is left. `offsets`: bᵢ, float64 (n_works,)."""

    mean: float
    offsets: np.ndarray
    user_damping: float
    name: str = "means"
    rates: bool = True
    live: bool = False

    @classmethod
    def fit(
        cls, interactions: Interactions, damping: float = 2.0, user_damping: float = 2.0, *, people: bool = True
    ) -> "Means":
        """With `people=False` the means of works alone."""
        ratings = need_ratings(interactions)
        mean = float(ratings.values.mean())
        sums = np.bincount(ratings.works, ratings.values - mean, minlength=ratings.n_works)
        offsets = sums / (ratings.counts + damping)
        return cls(mean, offsets, user_damping if people else np.inf, "means" if people else "work-means")

    def offset(self, history: History) -> float:
        """A person's bᵤ."""
        left = history.values - self.mean - self.offsets[history.works]
        return float(left.sum()) / (len(history) + self.user_damping) if len(history) else 0.0

    def score(self, history: History) -> np.ndarray:
        return self.mean + self.offsets + self.offset(history)
