"""The base encoder against the one in use, on the collection at hand: what each finds for a query, and how far the
neighbourhoods of the works have changed. Everything here is exact."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from artrec.collection import Collection
from artrec.encoder import Encoder
from artrec.errors import ArtifactError, ArtrecError, QueryError
from artrec.filters import Facets
from artrec.index import ExactIndex
from artrec.question import embed, parts_of
from artrec.text import parse_query, passage
from artrec.vectors import encode_cached

NEIGHBOURS = 10
BLOCK = 4_000_000  # cosines of each space held at once: about 100 MB with what sorting them needs
TIE = 1e-6  # cosines nearer than this are equal


class NothingToCompare(ArtrecError):
    """The collection was built with the base model itself."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A collection seen by two encoders. `vectors`: the base's, float32 (n, d), unit rows; the other's are the
    collection's own."""

    collection: Collection
    base: Encoder
    tuned: Encoder
    vectors: np.ndarray

    @cached_property
    def kept(self) -> np.ndarray:
        """The share of each work's ten nearest by the base that are still among its ten nearest (float32 (n,))."""
        return kept_neighbours(self.vectors, self.collection.vectors, NEIGHBOURS)


@dataclass(frozen=True, eq=False)
class Nearest:
    """Rows (int64 (k,)), nearest first, their cosines (float32 (k,)), and `elsewhere` (int64 (k,)): each row's place, from
    1, in the other encoder's order of the same works."""

    rows: np.ndarray
    similarities: np.ndarray
    elsewhere: np.ndarray


def compare(
    collection: Collection, tuned: Encoder, base: Encoder, progress: Callable[[int, int], None] | None = None
) -> Comparison:
    """Encode the collection with the base (cached by content, so once) and set it beside the collection's own vectors.
    `tuned`: the encoder that the collection was built with. Raises `NothingToCompare` where that is the base itself."""
    if base.fingerprint == collection.manifest["encoder"]["fingerprint"]:
        raise NothingToCompare(
            f"This collection was built with the base model itself ({base.name}), so there is nothing to compare.",
            "Unset ARTREC_ADAPTER, or point it to a fine-tuned adapter, and start again.",
        )
    vectors = encode_cached(base, [passage(work) for work in collection.catalogue], progress=progress)
    return Comparison(collection, base, tuned, vectors)


def kept_neighbours(a: np.ndarray, b: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """The share of each work's `k` nearest in space `a` that are among its `k` nearest in space `b` (float32 (n,), in
    [0, 1]); ties at the last place in `b` count as kept. `a`: float32 (n, d), `b`: float32 (n, e), unit rows of the same
    works. Where there are no `k` other works, all others are neighbours. Raises `ArtifactError` where the works differ."""
    a, b = np.asarray(a), np.asarray(b)  # those of a database are fetched here, once
    n = len(a)
    if len(b) != n:
        raise ArtifactError(f"One space holds {n:,} works, the other {len(b):,}.", "Compare vectors of the same works.")
    k = min(k, n - 1)
    if k < 1:
        return np.ones(n, dtype=np.float32)
    kept = np.empty(n, dtype=np.float32)
    step = max(1, BLOCK // n)
    for start in range(0, n, step):
        rows = np.arange(start, min(start + step, n))
        here, there = _cosines(a, rows), _cosines(b, rows)
        nearest = np.argpartition(here, n - k, axis=1)[:, n - k :]
        last = np.partition(there, n - k, axis=1)[:, n - k, None]
        kept[rows] = (np.take_along_axis(there, nearest, axis=1) >= last - TIE).mean(axis=1)
    return kept


def _cosines(vectors: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Cosines of some rows with all (float32 (rows, n)); a work is no neighbour of its own."""
    cosines = vectors[rows] @ vectors.T
    cosines[np.arange(len(rows)), rows] = -2
    return cosines


def nearest(comparison: Comparison, query: str, n: int = NEIGHBOURS, facets: Facets = Facets()) -> tuple[Nearest, Nearest]:
    """The `n` works nearest to a query by meaning alone, for the base and for the encoder in use. Words to weigh towards
    or away from and filters are read as everywhere; `facets` narrow further. Raises `QueryError` where the query is empty,
    or where there is nothing in it that the encoders can read."""
    filters = comparison.collection.filters
    asked = filters.resolve(parse_query(query))
    base, tuned = (embed(parts_of(asked), encoder) for encoder in (comparison.base, comparison.tuned))
    if base is None or tuned is None:
        raise QueryError("There is nothing in the query that the encoders can read.", "Type some words in English.")
    return _both(comparison, base, tuned, n, filters.mask(asked, facets))


def neighbours(
    comparison: Comparison, row: int, n: int = NEIGHBOURS, keep: np.ndarray | None = None
) -> tuple[Nearest, Nearest]:
    """The `n` works nearest to the work at `row`, itself left out, for the base and for the encoder in use."""
    others = np.ones(len(comparison.collection), dtype=bool) if keep is None else keep.copy()
    others[row] = False
    base, tuned = (np.ascontiguousarray(space[row]) for space in (comparison.vectors, comparison.collection.vectors))
    return _both(comparison, base, tuned, n, others)


def _both(
    comparison: Comparison, base: np.ndarray, tuned: np.ndarray, n: int, keep: np.ndarray | None
) -> tuple[Nearest, Nearest]:
    """Both whole orders, each cut to its first `n`, with the places in the other."""
    size = len(comparison.collection)
    orders = [
        ExactIndex(vectors).search(vector, size, keep)
        for vectors, vector in ((comparison.vectors, base), (np.asarray(comparison.collection.vectors), tuned))
    ]
    places = []
    for order in orders:
        place = np.zeros(size, dtype=np.int64)
        place[order.rows] = np.arange(1, len(order.rows) + 1)
        places.append(place)
    first, second = (
        Nearest(order.rows[:n], order.similarities[:n], other[order.rows[:n]])
        for order, other in zip(orders, reversed(places), strict=True)
    )
    return first, second
