"""Choosing a setting on people of the training data: some are held back, folded in from a part of their ratings, and asked
about the rest."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from scipy.stats import rankdata

from artrec.community.base import Model
from artrec.community.interactions import Interactions

FOLDS = 4
GIVEN = 20  # ratings that a held-back person shows, or half of them where they have fewer than twice that
LEAST = 6  # ratings of a person from which an order of the rest means something

Setting = TypeVar("Setting")


def choose(
    ratings: Interactions, settings: Sequence[Setting], learn: Callable[[Interactions, Setting], Model], seed: int
) -> Setting:
    """The setting with the best mean rank correlation over people held back, in four folds; the last one given where nobody can
    be held back, or where none orders anything."""
    fold = np.random.default_rng(seed).permutation(ratings.n_users) % FOLDS
    found = np.zeros(len(settings))
    for part in range(FOLDS):
        learned = ratings.keep(fold[ratings.users] != part)
        tried = [ratings.entries(int(user)) for user in np.flatnonzero(fold == part)]
        tried = [entries for entries in tried if len(entries) >= LEAST]
        if not tried or not len(learned) or np.ptp(learned.values) == 0:
            continue
        for at, setting in enumerate(settings):
            model = learn(learned, setting)
            found[at] += sum(agreement(model, ratings, entries, seed) for entries in tried)
    return settings[int(np.argmax(found))] if found.any() else settings[-1]


def agreement(model: Model, ratings: Interactions, entries: np.ndarray, seed: int) -> float:
    """Spearman's rank correlation on the ratings of one person that a fold-in has not seen; 0 where they are all equal."""
    shuffled = np.random.default_rng([seed, int(entries[0])]).permutation(entries)
    given = min(GIVEN, len(entries) // 2)
    works, values = ratings.works[shuffled[given:]], ratings.values[shuffled[given:]]
    if np.ptp(values) == 0:
        return 0.0
    found = rankdata(model.score(ratings.history(shuffled[:given]))[works])
    return float(np.corrcoef(found, rankdata(values))[0, 1]) if np.ptp(found) else 0.0
