"""Filters → a boolean mask over rows, made before the search so that the search itself honours them."""

import difflib
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from artrec.catalogue import Catalogue
from artrec.features import Features
from artrec.fulltext import RecordTexts, Texts
from artrec.text import Filter, Query, fold

CHINESE = {"artist": "artist_zh"}


@dataclass(frozen=True)
class Facets:
    """Choices made in the interface; an empty tuple keeps everything. `hidden_notes`: content notes to leave out."""

    movement: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    culture: tuple[str, ...] = ()
    century: tuple[int, ...] = ()
    hidden_notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.movement, self.type, self.culture, self.century, self.hidden_notes))


@dataclass(frozen=True)
class FilterIndex:
    """Masks from the columns of `Features`, so that one over 100,000 works takes a millisecond. `texts`: where exact words are
    looked for; None reads the records."""

    features: Features
    texts: Texts | None = None

    @property
    def catalogue(self) -> Catalogue:
        return self.features.catalogue

    def resolve(self, query: Query) -> Query:
        """Turn filters and ids that the catalogue does not know into notes and plain text, with the nearest value named."""
        filters, notes, text = [], list(query.notes), [query.text]
        for wanted in query.filters:
            if self._accept(wanted).any():
                filters.append(wanted)
                continue
            names = [v for v in self.features.column(wanted.field).values if v]
            near = difflib.get_close_matches(fold(wanted.value), [fold(n) for n in names], n=1, cutoff=0.6)
            hint = f" (did you mean {next(n for n in names if fold(n) == near[0])}?)" if near else ""
            read = "left out" if wanted.negated else "read as plain text"
            notes.append(f"No {wanted.field} here is called '{wanted.value}'{hint}, so it is {read}.")
            text.append("" if wanted.negated else wanted.value)
        known: dict[str, tuple[str, ...]] = {}
        for key in ("likes", "dislikes"):
            known[key] = tuple(i for i in getattr(query, key) if i in self.catalogue)
            notes.extend(
                f"No artwork has the id '{i}', so like:{i} is left out." for i in getattr(query, key) if i not in known[key]
            )
        return replace(query, filters=tuple(filters), notes=tuple(notes), text=" ".join(filter(None, text)), **known)

    def _accept(self, wanted: Filter) -> np.ndarray:
        mask = self.features.column(wanted.field).holding(fold(wanted.value))
        if wanted.field in CHINESE:
            mask |= self.features.column(CHINESE[wanted.field]).where(lambda value: wanted.value in value)
        return mask

    def mask(self, query: Query | None, facets: Facets) -> np.ndarray | None:
        """Rows that pass every filter (bool, shape (n,)), or None where there is nothing to filter by.

        Several filters on one field widen each other (`type:print type:drawing` keeps both); fields narrow each other.
        """
        masks = []
        if query is not None:
            kept = Counter(f.field for f in query.filters if not f.negated)
            for name in kept:
                masks.append(
                    np.logical_or.reduce([self._accept(f) for f in query.filters if f.field == name and not f.negated])
                )
            masks.extend(~self._accept(f) for f in query.filters if f.negated)
            if query.before is not None:
                masks.append(self.features.years < query.before)
            if query.after is not None:
                masks.append(self.features.years > query.after)
            for words in query.exact:
                among = np.logical_and.reduce(masks) if masks else None
                masks.append((self.texts or RecordTexts(self.catalogue)).holding(fold(words), among))
        for name in ("movement", "type", "culture", "century"):
            if chosen := set(getattr(facets, name)):
                masks.append(self.features.column(name).where(chosen.__contains__))
        if hidden := set(facets.hidden_notes):
            masks.append(self.features.column("content_notes").where(lambda notes: not hidden.intersection(notes)))
        return np.logical_and.reduce(masks) if masks else None
