"""Meaning: nearness of passages in the encoder's space, measured against the rest of the collection."""

import numpy as np

from artrec.collection import Collection
from artrec.question import Question

SPREAD = 8.0  # standard deviations above the collection's mean cosine that count as 1


def standing(cosines: np.ndarray, background: np.ndarray, spread: float = SPREAD) -> np.ndarray:
    """How far cosines stand out from a background of cosines: (x − mean) / (spread · deviation), cut to [0, 1].
    `background` is (b,) or (b, queries), the cosines (r,) or (r, queries)."""
    deviation = np.maximum(background.std(axis=0), 1e-3)
    return np.clip((cosines - background.mean(axis=0)) / (spread * deviation), 0, 1).astype(np.float32)


def cosines(rows: np.ndarray, targets: np.ndarray, collection: Collection) -> tuple[np.ndarray, np.ndarray]:
    """Cosines of rows and of the background with unit vectors (float32, (d,) or (d, queries)). Most rows lie in the
    background; the others alone are gathered."""
    background = collection.background_vectors @ targets
    place = np.minimum(np.searchsorted(collection.background, rows), len(collection.background) - 1)
    out = background[place]
    other = np.flatnonzero(collection.background[place] != rows)
    if len(other):
        out[other] = collection.vectors[rows[other]] @ targets
    return out, background


class Text:
    """Cosines of one query differ from another's in level and spread; their standing is comparable."""

    name = "text"
    label = "meaning"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """Standing of each row among the collection as seen from each other work."""
        return standing(*cosines(rows, collection.vectors[others].T, collection))

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Standing of each row among the collection as seen from the query."""
        if question.vector is None:
            return None
        return standing(*cosines(rows, question.vector, collection))

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """Whose description it resembles."""
        return "its description is close to your words" if other is None else "close in meaning"
