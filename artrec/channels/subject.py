"""Subject: what is shown. Rare subjects in common count more."""

import numpy as np

from artrec.collection import Collection
from artrec.features import listed
from artrec.question import Question


class Subject:
    """What is shown."""

    name = "subject"
    label = "subject"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """Weighted Jaccard of the subjects."""
        return collection.features.subjects.overlap(rows, others)

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> None:
        """A query's nouns are heard through meaning and words."""
        return None

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """The shared subjects."""
        theirs = set() if other is None else {s.lower() for s in collection.catalogue[other].subjects}
        shared = [s for s in collection.catalogue[row].subjects if s.lower() in theirs]
        return "both show " + listed(shared[:3]) if shared else "no subject in common"
