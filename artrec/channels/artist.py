"""Artist: who made it."""

import numpy as np

from artrec.collection import Collection
from artrec.question import Question


class Artist:
    """The same artist. A work by nobody known is not by the artists you like: 0. Without named artists it abstains."""

    name = "artist"
    label = "artist"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """1 for the same artist, else 0; NaN where the liked work's artist is unknown."""
        column = collection.features.column("artist")
        same = column.codes[rows][:, None] == column.codes[others][None, :]
        return np.where(column.known[others][None, :], same, np.nan).astype(np.float32)

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> None:
        """Names in a query are words; `artist:` filters."""
        return None

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """Who made both."""
        return f"also by {collection.catalogue[row].artist}"
