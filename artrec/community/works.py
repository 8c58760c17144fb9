"""What is known of the works themselves: what models that look at content compare them by."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from artrec.catalogue import Catalogue
from artrec.features import Features

Likeness = Callable[[np.ndarray], np.ndarray]  # rows of h works → float (n_works, h), how alike every work is; NaN: not known

MOST_PAIRED = 4_000  # works of which the likeness of all pairs is kept: 64 MB for each way of comparing
BLOCK = 200  # works that are compared with all at once
FIELDS = ("movement", "genre", "type", "culture")  # single-valued attributes that are compared


@dataclass(frozen=True, eq=False)
class Works:
    """`vectors`: float32 (n_works, d), unit rows in the catalogue's order, or None where no encoder was at hand. `grouped`:
    each work's topic (int64 (n_works,)), where that is known already."""

    catalogue: Catalogue
    vectors: np.ndarray | None = None
    grouped: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.catalogue)

    @cached_property
    def features(self) -> Features:
        return Features(self.catalogue)

    @cached_property
    def rows(self) -> np.ndarray:
        return np.arange(len(self))

    @cached_property
    def arrival(self) -> np.ndarray:
        """Each work's place in the order in which works came into the catalogue (int64 (n_works,)): the order of its ids where
        all of them are numbers, as museums and markets count on; else the order of the records."""
        ids = [work.artwork_id for work in self.catalogue]
        keys = np.array([int(i) for i in ids]) if all(i.isdecimal() and len(i) < 19 for i in ids) else self.rows
        places = np.empty(len(ids), dtype=np.int64)
        places[np.argsort(keys, kind="stable")] = self.rows
        return places

    @cached_property
    def _pairs(self) -> dict[str, np.ndarray]:
        return {}

    def _kept(self, by: str, likeness: Likeness, others: np.ndarray) -> np.ndarray:
        """A symmetric likeness, from all pairs at once where there are few enough works: a model asks hundreds of times."""
        if len(self) > MOST_PAIRED:
            return likeness(others)
        if by not in self._pairs:
            whole = np.empty((len(self), len(self)), dtype=np.float32)
            for start in range(0, len(self), BLOCK):
                whole[start : start + BLOCK] = likeness(self.rows[start : start + BLOCK]).T
            self._pairs[by] = whole
        return self._pairs[by][others].T

    @cached_property
    def topics(self) -> np.ndarray | None:
        """The topic of each work (int64 (n_works,)), as `artrec.topics` finds them; None without vectors."""
        if self.vectors is None or self.grouped is not None:
            return self.grouped
        from artrec.topics import find_topics, topic_of

        return topic_of(find_topics(self.catalogue, self.vectors), len(self))

    def by_text(self, others: np.ndarray) -> np.ndarray:
        """Cosine of the texts' vectors, never below 0."""
        return self._kept("text", lambda rows: np.maximum(self.vectors @ self.vectors[rows].T, 0), others)

    def by_artist(self, others: np.ndarray) -> np.ndarray:
        """1 for the same artist."""
        return self.features.same("artist", self.rows, others)

    def by_tags(self, others: np.ndarray) -> np.ndarray:
        """Weighted Jaccard of the subjects."""
        return self._kept("tags", lambda rows: self.features.subjects.overlap(self.rows, rows), others)

    def by_attributes(self, others: np.ndarray) -> np.ndarray:
        """Mean over the attributes that two works both have: movement, genre, type, culture, subjects, moods and medium."""
        return self._kept("attributes", self._attributes, others)

    def _attributes(self, others: np.ndarray) -> np.ndarray:
        sums = np.zeros((len(self), len(others)), dtype=np.float32)
        known = np.zeros_like(sums)
        fields = [field for field in FIELDS if self.features.column(field).known.any()]
        sets = [f for f in (self.features.subjects, self.features.moods, self.features.media) if f.totals.any()]
        for part in (
            *(self.features.same(field, self.rows, others) for field in fields),
            *(feature.overlap(self.rows, others) for feature in sets),
        ):
            has = ~np.isnan(part)
            sums += np.where(has, part, 0)
            known += has
        return np.where(known > 0, sums / np.maximum(known, 1), np.nan)

    def by_topic(self, others: np.ndarray) -> np.ndarray:
        """1 for the same topic."""
        return (self.topics[:, None] == self.topics[others][None, :]).astype(np.float32)
