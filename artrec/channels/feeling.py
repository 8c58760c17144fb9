"""Feeling: how well a work suits the mood somebody is in now, or wants to be in."""

import numpy as np

from artrec.channels.base import Column
from artrec.collection import Collection
from artrec.features import listed
from artrec.profile import Taste


class Feeling:
    """The mean fit of a work's moods to the moment, by the rule in `learning/mood.py`."""

    name = "feeling"
    label = "your mood now"

    def speaks(self, taste: Taste) -> bool:
        """Where somebody said how they feel."""
        return bool(taste.feeling)

    def column(self, rows: np.ndarray, taste: Taste, collection: Collection) -> Column:
        """Mean over the moods of each record that the rule knows; NaN where it has none."""
        column = collection.features.column("moods")
        fits = [[taste.feeling[mood] for mood in moods or () if mood in taste.feeling] for moods in column.values]
        mean = np.array([np.mean(fit) if fit else np.nan for fit in fits], dtype=np.float32)
        values = mean[column.codes[rows]]
        nothing = np.zeros((len(rows), 2 + len(taste.likes)), dtype=np.float32)
        return Column(values, nothing, np.ones(len(rows), dtype=np.float32), np.nan_to_num(values))

    def evidence(self, row: int, taste: Taste, collection: Collection) -> str:
        """The moods of the work that suit the moment best."""
        moods = sorted(collection.catalogue[row].moods, key=lambda mood: -taste.feeling.get(mood, 0))
        fitting = [mood for mood in moods if taste.feeling.get(mood, 0) >= 0.5]
        return f"{listed(fitting[:2])} (your mood now)" if fitting else "not for your mood now"
