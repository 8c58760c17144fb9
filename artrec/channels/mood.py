"""Mood: how it feels."""

import numpy as np

from artrec.collection import Collection
from artrec.features import listed
from artrec.question import Question


class Mood:
    """How it feels. A query can name moods: "hopeful", "quiet"."""

    name = "mood"
    label = "mood"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """Weighted Jaccard of the moods."""
        return collection.features.moods.overlap(rows, others)

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Share of the named moods that the work has."""
        wanted = question.mentions.moods
        if not wanted:
            return None
        column = collection.features.column("moods")
        share = np.array([len(wanted & set(m)) / len(wanted) if m else np.nan for m in column.values], dtype=np.float32)
        return share[column.codes[rows]]

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """The shared moods."""
        theirs = question.mentions.moods if other is None else collection.catalogue[other].moods
        shared = [mood for mood in collection.catalogue[row].moods if mood in theirs]
        return ("it feels " if other is None else "both feel ") + listed(shared) if shared else "another mood"
