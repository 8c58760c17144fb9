"""What the order of a catalogue tells where it is the order in which works came into it.

Two habits of people are learned as densities over signed distances in that order, in bins that double in width:

- `Freshness`: how far a liked work lies behind the newest work that anyone has liked by then;
- `Leafing`: how far it lies from the work that the same person liked last, within one visit.

A work's score is the logarithm of its density: counts of its bin over the number of works in it. Where the order means
nothing, the densities are flat and so are the scores.
"""

from dataclasses import dataclass

import numpy as np

from artrec.community.base import NotApplicable, need_likes, need_times, silence
from artrec.community.content import SESSION
from artrec.community.interactions import History, Interactions
from artrec.community.works import Works

BINS = 65  # −2³² … 0 … 2³², by powers of two
PRIOR = 0.5  # likes that each bin has before any is seen


def distance_bins(distance: np.ndarray) -> np.ndarray:
    """Signed distances (int64, any shape) → bins 0 … 64: 32 for 0, one more for each doubling, downwards for negative ones."""
    return 32 + np.sign(distance) * np.minimum(np.frexp(np.abs(distance))[1], 32)


def log_density(distance: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """ln of the density at each work (distances int64 (n_works,)), from the bins of likes (int, (m,)): float64 (n_works,)."""
    bins = distance_bins(distance)
    sizes = np.bincount(bins, minlength=BINS)
    counts = np.bincount(seen, minlength=BINS) + PRIOR
    here = sizes > 0
    return np.log(counts / counts[here].sum() / np.maximum(sizes, 1))[bins]


def _arrivals(interactions: Interactions, works: Works | None) -> tuple[Interactions, np.ndarray]:
    if works is None:
        raise NotApplicable("It needs the catalogue of the works.", "Give one with --catalogue.")
    return need_likes(need_times(interactions)), works.arrival


@dataclass(frozen=True, eq=False)
class Freshness:
    """See above. `frontier`: the newest place liked up to and with each like, int64 (m,); `bins`: of each like's distance
    behind the frontier before it, int64 (m,)."""

    places: np.ndarray
    times: np.ndarray
    frontier: np.ndarray
    bins: np.ndarray
    name: str = "freshness"
    rates: bool = False
    live: bool = True

    @classmethod
    def fit(cls, interactions: Interactions, works: Works | None) -> "Freshness":
        likes, places = _arrivals(interactions, works)
        at = places[likes.works]
        frontier = np.maximum.accumulate(at)
        return cls(places, likes.times, frontier, distance_bins(np.r_[0, frontier[:-1]] - at))

    def score(self, history: History) -> np.ndarray:
        until = np.searchsorted(self.times, history.now)
        if until == 0:
            return silence(len(self.places))
        newest = max(self.frontier[until - 1], self.places[history.works].max(initial=0))
        return log_density(newest - self.places, self.bins[:until])


@dataclass(frozen=True, eq=False)
class Leafing:
    """See above. `bins`: of the steps between likes of one person within one visit, int64 (m,); `times`: of the later one."""

    places: np.ndarray
    times: np.ndarray
    bins: np.ndarray
    name: str = "leafing"
    rates: bool = False
    live: bool = True

    @classmethod
    def fit(cls, interactions: Interactions, works: Works | None) -> "Leafing":
        likes, places = _arrivals(interactions, works)
        order = np.lexsort((np.arange(len(likes)), likes.users))  # by person, oldest first
        users, times, at = likes.users[order], likes.times[order], places[likes.works[order]]
        inside = (np.diff(users) == 0) & (np.diff(times) <= SESSION)
        if not inside.any():
            raise NotApplicable("No one has liked two works within an hour.", "Collect more likes first.")
        steps, ended = np.diff(at)[inside], times[1:][inside]
        sooner = np.argsort(ended, kind="stable")
        return cls(places, ended[sooner], distance_bins(steps[sooner]))

    def score(self, history: History) -> np.ndarray:
        if not len(history) or not history.now - history.times[-1] <= SESSION:
            return silence(len(self.places))
        until = np.searchsorted(self.times, history.now)
        return log_density(self.places - self.places[history.works[-1]], self.bins[:until])
