"""Features of a picture in words that a class understands: what a low and a high value look like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from artrec.visual.features import COLUMNS, FEATURES

CLEAR = 0.6  # standardised value from which a feature is worth a word
SAID = 2
UNTOLD = ("spread of a", "spread of b", "spectral bend", "hue entropy")  # features that have no plain words


@dataclass(frozen=True)
class Telling:
    """One thing that stands out in a picture: its words, the feature's name, and how far from the collection's middle it lies
    (in its spread; below 0 for a low value)."""

    words: str
    feature: str
    far: float


def columns_of(groups: Sequence[str]) -> np.ndarray:
    """Positions in `FEATURES` of the features of some groups (int64)."""
    return np.concatenate([COLUMNS[group] for group in groups])


def telling(features: np.ndarray, groups: Sequence[str], most: int = 3) -> tuple[Telling, ...]:
    """What stands out in a picture (standardised features, float32 (d,)), most telling first."""
    found = [
        Telling(FEATURES[at].words[int(features[at] > 0)], FEATURES[at].name, float(features[at]))
        for at in columns_of(groups)
        if abs(features[at]) >= CLEAR and not _untold(at)
    ]
    return tuple(sorted(found, key=lambda telling: -abs(telling.far))[:most])


def shared_words(one: np.ndarray, other: np.ndarray, groups: Sequence[str]) -> str:
    """What two pictures clearly have in common; "" where nothing stands out in both."""
    said = {}
    for at in columns_of(groups):
        both = min(abs(one[at]), abs(other[at]))
        if one[at] * other[at] > 0 and both >= CLEAR and not _untold(at):
            said[FEATURES[at].words[int(one[at] > 0)]] = both
    return " and ".join(sorted(said, key=lambda words: -said[words])[:SAID])


def _untold(at: int) -> bool:
    """Whether a feature has no words that stand for themselves ("many such spots")."""
    return FEATURES[at].name in UNTOLD or any(" such " in words for words in FEATURES[at].words)
