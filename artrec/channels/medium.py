"""Medium: what it is and what it is made of."""

import numpy as np

from artrec.channels.base import named
from artrec.collection import Collection
from artrec.features import listed, medium_words
from artrec.question import Question


class Medium:
    """What it is and what it is made of."""

    name = "medium"
    label = "medium"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """Weighted Jaccard of the words of the medium and the type of work."""
        return collection.features.media.overlap(rows, others)

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Types of work that the query names."""
        return named("type", question.mentions.types, rows, collection)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """The shared materials, or the type."""
        work = collection.catalogue[row]
        if other is None:
            return f"it is {'an' if work.type[:1] in 'aeiou' else 'a'} {work.type}, as you asked"
        liked = collection.catalogue[other]
        shared = medium_words(work.medium, work.type) & medium_words(liked.medium, liked.type)
        stuff = sorted(word for word in shared if not word.startswith("type "))[:3]
        kind = f"the same type ({work.type})" if f"type {work.type}" in shared else ""
        return ", ".join(filter(None, (kind, stuff and "both " + listed(stuff)))) or "other materials"
