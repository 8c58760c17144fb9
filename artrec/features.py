"""Catalogue → the arrays that channels read: made once, shared by every question.

A set feature (subjects, moods, medium) is a sparse one-hot matrix whose columns weigh by rarity, so that sharing
"astrolabe" says more than sharing "man".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from artrec.catalogue import Catalogue, century_of, middle
from artrec.colour import lab
from artrec.places import region
from artrec.text import fold

PALETTE_SHARES = np.array([0.3, 0.25, 0.2, 0.15, 0.1], dtype=np.float32)  # a palette lists its main colour first
MEDIUM_NOISE = {"on", "and", "of", "with", "in", "the", "a", "over", "from", "by", "for", "or"}


@dataclass(frozen=True)
class Column:
    """One field over the catalogue: the distinct values and, for each row, the position of its value (int32)."""

    values: tuple
    codes: np.ndarray

    @classmethod
    def of(cls, raw: list) -> "Column":
        values = tuple(dict.fromkeys(raw))
        position = {value: code for code, value in enumerate(values)}
        return cls(values, np.fromiter((position[v] for v in raw), np.int32, len(raw)))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The values as names are compared; for fields of text."""
        return tuple(map(fold, self.values))

    @cached_property
    def known(self) -> np.ndarray:
        """Boolean mask of the rows that have a value."""
        return self.where(bool)

    def where(self, accept) -> np.ndarray:
        """Boolean mask of the rows whose value `accept` takes; it is asked once for each distinct value."""
        return np.fromiter((bool(accept(v)) for v in self.values), bool, len(self.values))[self.codes]

    def holding(self, needle: str) -> np.ndarray:
        """Boolean mask of the rows whose folded value holds a folded text."""
        return np.fromiter((needle in v for v in self.folded), bool, len(self.folded))[self.codes]


@dataclass(frozen=True)
class SetFeature:
    """One set of words a work. `matrix`: float32 CSR (n, words), √weight where the work has the word."""

    matrix: sp.csr_matrix
    totals: np.ndarray  # float32 (n,): summed weight of each work's words; 0 where it has none

    @classmethod
    def of(cls, sets: list[frozenset[str]]) -> "SetFeature":
        position: dict[str, int] = {}
        indices, indptr = [], [0]
        for words in sets:
            indices.extend(position.setdefault(word, len(position)) for word in sorted(words))
            indptr.append(len(indices))
        ones = sp.csr_matrix(
            (np.ones(len(indices), dtype=np.float32), indices, indptr), shape=(len(sets), max(1, len(position)))
        )
        frequency = np.asarray(ones.sum(axis=0)).ravel()
        rarity = np.log1p(len(sets) / np.maximum(frequency, 1)).astype(np.float32)
        matrix = ones.multiply(np.sqrt(rarity)).tocsr()
        return cls(matrix, np.asarray(ones @ rarity, dtype=np.float32))

    def overlap(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Weighted Jaccard of every pair: float32 (len(rows), len(others)) in [0, 1]; NaN where either has no words."""
        shared = (self.matrix[rows] @ self.matrix[others].T).toarray()
        either = self.totals[rows][:, None] + self.totals[others][None, :] - shared
        known = (self.totals[rows] > 0)[:, None] & (self.totals[others] > 0)[None, :]
        return np.where(known, np.clip(shared / np.maximum(either, 1e-9), 0, 1), np.nan).astype(np.float32)


@dataclass(frozen=True)
class Features:
    """Arrays over the catalogue's rows, each made when it is first needed."""

    catalogue: Catalogue

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {}

    def _values(self, field: str) -> list:
        if field == "century":
            ends = zip(self.catalogue.column("year_start"), self.catalogue.column("year_end"), strict=True)
            return [century_of(middle(start, end)) for start, end in ends]
        return self.catalogue.column(field)

    def column(self, field: str) -> Column:
        """A single-valued field as values and codes."""
        if field not in self._columns:
            self._columns[field] = Column.of(self._values(field))
        return self._columns[field]

    @cached_property
    def regions(self) -> Column:
        """The region of the world that each work comes from, as `places.region` names it."""
        return Column.of([region(country) for country in self.catalogue.column("country")])

    def same(self, field: str, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """1 where two works share a field's value, 0 where not, NaN where either is unknown (float32, (r, o))."""
        column = self.column(field)
        a, b = column.codes[rows][:, None], column.codes[others][None, :]
        known = column.known[rows][:, None] & column.known[others][None, :]
        return np.where(known, a == b, np.float32(np.nan)).astype(np.float32, copy=False)

    @cached_property
    def subjects(self) -> SetFeature:
        return SetFeature.of([frozenset(s.lower() for s in subjects) for subjects in self.catalogue.column("subjects")])

    @cached_property
    def moods(self) -> SetFeature:
        return SetFeature.of([frozenset(moods) for moods in self.catalogue.column("moods")])

    @cached_property
    def media(self) -> SetFeature:
        return SetFeature.of([medium_words(m, t) for m, t in zip(*map(self.catalogue.column, ("medium", "type")), strict=True)])

    @cached_property
    def years(self) -> np.ndarray:
        """Middle year of each work (float32 (n,), NaN where undated)."""
        ends = zip(self.catalogue.column("year_start"), self.catalogue.column("year_end"), strict=True)
        years = (middle(start, end) for start, end in ends)
        return np.array([np.nan if year is None else year for year in years], dtype=np.float32)

    @cached_property
    def palettes(self) -> np.ndarray:
        """CIELAB of five colours a work (float32 (n, 5, 3), NaN where the record has no palette)."""
        palettes = self.catalogue.column("palette")
        distinct = list(dict.fromkeys(colour for palette in palettes for colour in palette))
        at = {colour: position for position, colour in enumerate(distinct)}
        colours = np.vstack([lab(distinct), np.full((1, 3), np.nan, dtype=np.float32)])
        picked = np.full((len(self.catalogue), 5), len(distinct))
        for row, palette in enumerate(palettes):
            if palette:
                picked[row] = [at[palette[i % len(palette)]] for i in range(5)]
        return colours[picked]


def medium_words(medium: str, kind: str) -> frozenset[str]:
    """The words of a medium, with the type of work as one more: `oil on canvas` → {oil, canvas, type painting}."""
    words = set(re.findall(r"\w+", medium.lower())) - MEDIUM_NOISE
    return frozenset(words | ({f"type {kind}"} if kind else set()))


def listed(words: Iterable[str]) -> str:
    """`["a", "b", "c"]` → `a, b and c`."""
    words = list(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""
