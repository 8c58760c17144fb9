"""Movement: the style or school."""

import numpy as np

from artrec.channels.base import named
from artrec.collection import Collection
from artrec.question import Question


class Movement:
    """The same movement or style."""

    name = "movement"
    label = "movement"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """1 for the same movement, else 0."""
        return collection.features.same("movement", rows, others)

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Movements that the query names."""
        return named("movement", question.mentions.movements, rows, collection)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """The movement."""
        movement = collection.catalogue[row].movement
        return f"it is {movement}, as you asked" if other is None else f"both {movement}"
