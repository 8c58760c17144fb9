"""What a model of a community is.

A model is fitted once, on interactions, and never changes; a person whom it has not seen is folded in by `score`, from
their history alone. `fit(interactions, config)` of each class raises `NotApplicable` where the data cannot carry the model.
"""

from typing import Protocol, runtime_checkable

import numpy as np

from artrec.community.interactions import History, Interactions
from artrec.errors import ArtrecError


class NotApplicable(ArtrecError):
    """A model that these data cannot carry, and why."""


@runtime_checkable
class Model(Protocol):
    """One way to recommend. `rates`: whether its scores are ratings on the scale of the data. `live`: whether it keeps, for a
    history with a `now`, to interactions before that moment; other models know whatever they were fitted on."""

    name: str
    rates: bool
    live: bool

    def score(self, history: History) -> np.ndarray:
        """Scores of all works for one person, higher is better: float64 (n_works,); NaN where the model has no opinion. Works
        that the person knows are scored like any other."""
        ...


@runtime_checkable
class Explains(Model, Protocol):
    """A model whose scores are sums."""

    def explain(self, history: History, work: int) -> np.ndarray:
        """What each known work adds to the score of one, and last what no work carries: float64 (len(history) + 1,), which sum
        to `score(history)[work]`."""
        ...


def need_likes(interactions: Interactions, people: int = 1, works: int = 1) -> Interactions:
    """The likes among the interactions. Raises `NotApplicable` where they are from fewer people or of fewer works."""
    likes = interactions.likes
    for found, needed, of_ in ((likes.people, people, "people"), (likes.known_works, works, "works")):
        if found < needed:
            raise NotApplicable(f"It needs likes of at least {needed} {of_}; there are {found}.", "Collect more likes first.")
    return likes


def need_ratings(interactions: Interactions, people: int = 2) -> Interactions:
    """The interactions. Raises `NotApplicable` where they are not ratings, all equal, or from too few people."""
    if interactions.scale is None:
        raise NotApplicable("It needs ratings; these data have likes only.", "Give a file with a column `rating`.")
    if not len(interactions) or np.ptp(interactions.values) == 0:
        raise NotApplicable(
            "All ratings are equal, so there is nothing to tell works apart by.", "Collect ratings that differ."
        )
    if interactions.people < people:
        raise NotApplicable(
            f"It needs ratings of at least {people} people; there are {interactions.people}.", "Collect more ratings first."
        )
    return interactions


def need_times(interactions: Interactions) -> Interactions:
    """The interactions. Raises `NotApplicable` where any has no time."""
    if not interactions.timed:
        raise NotApplicable("It needs the time of every interaction.", "Give a file with a column `timestamp`.")
    return interactions


def silence(n_works: int) -> np.ndarray:
    """No opinion on any work (float64 (n_works,), NaN)."""
    return np.full(n_works, np.nan)
