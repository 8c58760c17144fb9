"""What the channels that read a group of picture features have in common."""

import numpy as np

from artrec.collection import Collection
from artrec.question import Question
from artrec.visual.words import columns_of, shared_words

FAR = 3.0  # standardised features are cut here: a picture that is odd in one thing is not unlike in all
REACH = 0.7  # mean difference of standardised features at which likeness has fallen to 1/e


class Pictured:
    """Likeness by `groups` of features, standardised over the collection's pictures. Abstains where there is no picture."""

    name = ""
    label = ""
    groups: tuple[str, ...] = ()

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """exp(−d / REACH), d the mean absolute difference of the group's features; NaN where either has no picture."""
        out = np.full((len(rows), len(others)), np.nan, dtype=np.float32)
        if collection.visual is not None:
            from artrec.visual.words import columns_of

            theirs = collection.visual.features[others][:, columns_of(self.groups)]
            for position in np.flatnonzero(collection.visual.has[others]):
                out[:, position] = self._near(rows, theirs[position], collection)
        return out

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Likeness to a picture that is shown."""
        if question.sight is None or question.sight.features is None or collection.visual is None:
            return None

        return self._near(rows, question.sight.features[columns_of(self.groups)], collection)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """What of it is the same in both, in the words of the features."""

        visual = collection.visual
        theirs = question.sight.features if other is None else visual.features[other]
        shared = shared_words(visual.features[row], theirs, self.groups)
        if other is None:
            return f"{shared}, as in your picture" if shared else f"like your picture in {self.label}"
        return f"{shared}, in both" if shared else f"alike in {self.label}"

    def _near(self, rows: np.ndarray, wanted: np.ndarray, collection: Collection) -> np.ndarray:

        ours = collection.visual.features[rows][:, columns_of(self.groups)]
        distance = np.abs(np.clip(ours, -FAR, FAR) - np.clip(wanted, -FAR, FAR)).mean(axis=1)
        return np.where(collection.visual.has[rows], np.exp(-distance / REACH), np.nan).astype(np.float32)
