"""Works like those a person liked: VisRank's rule (Messina et al. 2018, doi:10.1007/s11257-018-9206-9; there on pictures) over
any way of comparing works.

A work's score is the mean of its `top` largest likenesses to the liked works: with `top=1` the nearest liked work decides;
with `top=None` all count alike.
"""

from dataclasses import dataclass

import numpy as np

from artrec.community.base import NotApplicable, silence
from artrec.community.interactions import History, Interactions
from artrec.community.works import Likeness, Works

SESSION = 3_600.0  # seconds without a like after which a visit is over


@dataclass(frozen=True)
class ContentConfig:
    """`top`: see above; `last`: how many of the newest likes count (None: all); `within`: seconds before `now` in which the
    newest of them must have been given, or the model says nothing (None: any time)."""

    top: int | None = 1
    last: int | None = None
    within: float | None = None


@dataclass(frozen=True, eq=False)
class Content:
    """Nearest to the liked works."""

    likeness: Likeness
    n_works: int
    threshold: float
    config: ContentConfig
    name: str
    rates: bool = False
    live: bool = True

    @classmethod
    def fit(
        cls, interactions: Interactions, works: Works | None, by: str, config: ContentConfig | None = None, name: str = ""
    ) -> "Content":
        """`by`: text, artist, tags, attributes or topic. Raises `NotApplicable` where the catalogue does not tell."""
        config = config or ContentConfig()
        if works is None:
            raise NotApplicable("It needs the catalogue of the works.", "Give one with --catalogue.")
        if by in ("text", "topic") and works.vectors is None:
            raise NotApplicable("It needs vectors of the works' texts.", "Run `python -m artrec prepare` and try again.")
        if by == "artist" and len(set(works.features.column("artist").codes[works.features.column("artist").known])) < 2:
            raise NotApplicable("The catalogue names fewer than two artists.", "Add the artists to its records.")
        if by == "tags" and not works.features.subjects.totals.any():
            raise NotApplicable("The catalogue has no subjects or tags.", "Add them to its records.")
        if by == "attributes" and np.isnan(works.by_attributes(works.rows[:200])).all():
            raise NotApplicable("The catalogue has no attributes.", "Add movements, types, subjects or moods to its records.")
        if config.within is not None and not interactions.timed:
            raise NotApplicable("It needs the time of every interaction.", "Give a file with a column `timestamp`.")
        likeness = getattr(works, f"by_{by}")
        return cls(likeness, interactions.n_works, interactions.threshold, config, name or by)

    def _counted(self, history: History) -> np.ndarray:
        """Positions in the history of the likes that count, oldest first."""
        liked = np.flatnonzero(history.values >= self.threshold)[-(self.config.last or len(history)) or None :]
        if self.config.within is not None and len(liked):
            since = history.now - history.times[liked[-1]]
            liked = liked if since <= self.config.within else liked[:0]
        return liked

    def _parts(self, likeness: np.ndarray) -> np.ndarray:
        """Likenesses (rows, h) → what each liked work adds to each row, float64 (rows, h)."""
        filled = np.where(np.isnan(likeness), 0.0, likeness).astype(np.float64)
        h = filled.shape[1]
        top = min(self.config.top or h, h)
        if top == h:
            return filled / h
        chosen = np.argpartition(-filled, top - 1, axis=1)[:, :top]
        parts = np.zeros_like(filled)
        np.put_along_axis(parts, chosen, np.take_along_axis(filled, chosen, axis=1) / top, axis=1)
        return parts

    def score(self, history: History) -> np.ndarray:
        counted = self._counted(history)
        if not len(counted):
            return silence(self.n_works)
        likeness = self.likeness(history.works[counted])
        silent = np.isnan(likeness)
        filled = np.where(silent, 0, likeness)
        top = min(self.config.top or len(counted), len(counted))
        if 1 < top < len(counted):
            filled = np.partition(filled, -top, axis=1)[:, -top:]
        found = filled.max(axis=1) if top == 1 else filled.mean(axis=1, dtype=np.float64)
        return np.where(silent.all(axis=1), np.nan, found.astype(np.float64))

    def explain(self, history: History, work: int) -> np.ndarray:
        counted = self._counted(history)
        shares = np.zeros(len(history) + 1)
        if len(counted):
            shares[counted] = self._parts(self.likeness(history.works[counted])[[work]])[0]
        return shares
