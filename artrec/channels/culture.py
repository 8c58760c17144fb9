"""Culture: the people, or by half the country, that a work comes from."""

import numpy as np

from artrec.channels.base import named
from artrec.collection import Collection
from artrec.question import Question


class Culture:
    """The same culture, or by half the same country."""

    name = "culture"
    label = "culture"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """1 for the same culture, ½ for another culture of the same country, else 0."""
        culture = collection.features.same("culture", rows, others)
        country = np.nan_to_num(collection.features.same("country", rows, others)) / 2
        return np.where(np.isnan(culture), np.nan, np.maximum(culture, country)).astype(np.float32)

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Cultures that the query names."""
        return named("culture", question.mentions.cultures, rows, collection)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """The culture or the country."""
        work = collection.catalogue[row]
        if other is None:
            return f"it is {work.culture}, as you asked"
        same = work.culture == collection.catalogue[other].culture
        return f"both {work.culture}" if same else f"both from {work.country}"
