"""Visual: nearness of whole pictures in the space of the collection's picture encoder."""

import numpy as np

from artrec.channels.text import standing
from artrec.collection import Collection
from artrec.question import Question

SPREAD = 4.0  # standard deviations above the mean cosine that count as 1: a space of few dimensions has no long tail


class Visual:
    """Cosines of vectors, by their standing among the collection's pictures. Abstains where there is no picture."""

    name = "visual"
    label = "look"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """Standing of each row among the collection's pictures as seen from each other work."""
        visual = collection.visual
        if visual is None:
            return np.full((len(rows), len(others)), np.nan, dtype=np.float32)
        near = self._standing(rows, visual.vectors[others].T, collection)
        return np.where(visual.has[others][None, :], near, np.float32(np.nan))

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Standing of each row as seen from a picture that is shown, or from words that the encoder reads."""
        if question.sight is None or question.sight.vector is None or collection.visual is None:
            return None
        return self._standing(rows, question.sight.vector, collection)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """Whose picture it resembles."""
        if other is not None:
            return "looks alike as a whole"
        return "looks like your picture" if question.sight.picture is not None else "its picture looks like your words"

    def _standing(self, rows: np.ndarray, targets: np.ndarray, collection: Collection) -> np.ndarray:
        visual = collection.visual
        among = collection.background[visual.has[collection.background]]
        if not len(among):
            among = np.flatnonzero(visual.has)
        near = standing(visual.vectors[rows] @ targets, visual.vectors[among] @ targets, SPREAD)
        has = visual.has[rows]
        return np.where(has if near.ndim == 1 else has[:, None], near, np.float32(np.nan))
