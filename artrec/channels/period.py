"""Period: nearness in time, on a scale that stretches recent centuries and folds up deep ones."""

import numpy as np

from artrec.collection import Collection
from artrec.question import Question

NOW = 2050  # years are counted back from here
REACH = 0.2  # difference in log-age at which likeness has fallen to 1/e: about 16 years today, 130 around 1500


def log_age(years: np.ndarray) -> np.ndarray:
    """ln(NOW + 50 − year): equal steps feel equally long ago."""
    return np.log(np.maximum(NOW + 50 - years, 1))


class Period:
    """A query can name a century or a decade."""

    name = "period"
    label = "period"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """exp(−|difference in log-age| / REACH); NaN where either work is undated."""
        ours, theirs = (log_age(collection.features.years[which]) for which in (rows, others))
        return np.exp(-np.abs(ours[:, None] - theirs[None, :]) / REACH).astype(np.float32)

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """1 inside the years that the query names, falling off outside."""
        if question.mentions.years is None:
            return None
        first, last = question.mentions.years
        years = collection.features.years[rows]
        nearest = np.clip(years, first, last)
        return np.exp(-np.abs(log_age(years) - log_age(nearest)) / REACH).astype(np.float32)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """The dates."""
        when = collection.catalogue[row].when
        return f"it was made {when}" if other is None else f"near in time ({when})"
