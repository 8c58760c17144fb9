"""Vectors and their index in SQL: pgvector's HNSW over half-precision vectors.

Vectors are stored as halfvec, in half the space: rounding moves a cosine by about 1e-4. They are read as float32, brought back
to unit length, and cosines are computed from the stored numbers in float32 on either side: index and explanation agree.
"""

from collections.abc import Iterator
from threading import Lock

import numpy as np

from artrec.engines.database import Database
from artrec.index import Candidates, _check

REMEMBERED = 8_192  # vectors that stay here: 13 MB at 384 dimensions
SPARE = 16  # candidates beyond k: the server goes by rounded vectors, here they are put in order by the exact query
AT_ONCE = 20_000  # vectors read at a time
BY_NUMBER = 50_000  # kept rows up to which a mask travels as numbers; beyond as bits
FAVOUR = 2.0  # how much dearer an exact search among the kept may be than a filtered walk, which can miss some


class StoredVectors:
    """The vectors of a published collection, as far as they are asked for: `vectors[row]`, `vectors[rows]` and slices are
    float32 arrays of unit rows. The last few thousand rows are remembered. `np.asarray(vectors)` fetches everything."""

    dtype = np.dtype(np.float32)
    ndim = 2

    def __init__(self, database: Database, n: int, dimension: int):
        self.shape = (n, dimension)
        self._database = database
        self._known: dict[int, np.ndarray] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, which) -> np.ndarray:
        if isinstance(which, int | np.integer):
            return self._some(np.array([which]))[0]
        if isinstance(which, slice):
            return self._some(np.arange(len(self))[which])
        rows = np.asarray(which)
        return self._some(np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64))

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self._fetch(np.arange(len(self))).astype(dtype or self.dtype, copy=False)

    def __matmul__(self, other: np.ndarray) -> np.ndarray:
        return np.concatenate([part @ other for part in self._blocks()])

    def astype(self, dtype, copy: bool = True) -> np.ndarray:
        """All vectors as an array of another type."""
        return self.__array__(dtype)

    def _blocks(self) -> Iterator[np.ndarray]:
        for start in range(0, len(self), AT_ONCE):
            yield self._fetch(np.arange(start, min(start + AT_ONCE, len(self))))

    def keep(self, rows: np.ndarray, vectors: np.ndarray) -> None:
        """Remember vectors that were read on another way: float32 (r, d), unit rows."""
        with self._lock:
            if len(self._known) + len(rows) > REMEMBERED:
                self._known = {}
            if len(rows) <= REMEMBERED:
                self._known.update((row, vector.copy()) for row, vector in zip(rows.tolist(), vectors, strict=True))

    def _some(self, rows: np.ndarray) -> np.ndarray:
        if len(rows) and not (-len(self) <= rows.min() and rows.max() < len(self)):
            raise IndexError(f"row {rows.min()} or {rows.max()} of {len(self)}")
        rows = rows % len(self)
        with self._lock:
            known = {row: self._known[row] for row in rows.tolist() if row in self._known}
        new = np.array([row for row in dict.fromkeys(rows.tolist()) if row not in known], dtype=np.int64)
        if len(new):
            fetched = self._fetch(new)
            self.keep(new, fetched)
            known.update(zip(new.tolist(), fetched, strict=True))
        return np.stack([known[row] for row in rows.tolist()]) if len(rows) else np.empty((0, self.shape[1]), np.float32)

    def _fetch(self, rows: np.ndarray) -> np.ndarray:
        out = np.empty((len(rows), self.shape[1]), dtype=np.float32)
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            found = self.read('SELECT "row", embedding FROM {e}.vectors WHERE "row" = ANY(%(rows)s)', {"rows": some.tolist()})
            place = np.argsort(found[0])
            out[start : start + len(some)] = found[1][place[np.searchsorted(found[0][place], some)]]
        return out

    def read(self, query: str, parameters: dict) -> tuple[np.ndarray, np.ndarray]:
        """The rows (int64 (r,)) and vectors (float32 (r, d), brought to unit length) of a query for "row" and embedding."""
        kind = np.dtype([("row", ">i4"), ("vector", ">f2", self.shape[1])])
        packed = f"""SELECT string_agg(int4send("row") || substr(halfvec_send(embedding), 5), ''::bytea)
        FROM ({query}) AS found("row", embedding)"""
        found = self._database.array(packed, parameters, kind)
        vectors = found["vector"].astype(np.float32)
        return found["row"].astype(np.int64), vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


class PostgresIndex:
    """`Index` over a published collection. `graph`: whether its vectors have one; exact search is the server's too. The vectors
    of what is found come along: they are what is asked for next."""

    def __init__(self, vectors: StoredVectors, graph: bool):
        self.kind = "pgvector-hnsw" if graph else "pgvector-exact"
        self._vectors, self._graph = vectors, graph

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, vector: np.ndarray, k: int, keep: np.ndarray | None = None) -> Candidates:
        """See `Index.search`. Exact where there is no graph, the filter leaves few, or the walk finds fewer than k."""
        _check(self._vectors, vector)
        kept = len(self) if keep is None else int(np.count_nonzero(keep))
        k = min(k, kept)
        if k <= 0:
            return Candidates(np.empty(0, np.int64), np.empty(0, np.float32))
        mask = None if kept == len(self) else keep
        walks = self._graph and (mask is None or self._walk_is_quicker(kept, k))
        rows, vectors = self._nearest(vector, k, mask, walks)
        if walks and len(rows) < k:
            rows, vectors = self._nearest(vector, k, mask, False)
        self._vectors.keep(rows, vectors)
        similarities = vectors @ vector / np.linalg.norm(vector)
        order = np.lexsort((rows, -similarities))[:k]
        return Candidates(rows[order], similarities[order].astype(np.float32))

    def _walk_is_quicker(self, kept: int, k: int) -> bool:
        """A walk meets about k·n/kept works until k of them are kept; an exact search reads all the kept."""
        return kept * kept > FAVOUR * (k + SPARE) * len(self)

    def _nearest(self, vector: np.ndarray, k: int, keep: np.ndarray | None, walks: bool) -> tuple[np.ndarray, np.ndarray]:
        """By the graph, with a filter as far as it takes to meet enough of the kept (pgvector's iterative scan); or by all
        cosines: `+ 0` keeps the planner from the graph. In a mask's bits `<> 0` and not `= 1`, which the planner takes for so
        rare that it would sort the table rather than walk."""
        from pgvector import HalfVector

        where, parameters = "", {"query": HalfVector(vector), "k": k + SPARE}
        if keep is not None and not walks and np.count_nonzero(keep) <= BY_NUMBER:
            where, parameters["rows"] = 'WHERE "row" = ANY(%(rows)s)', np.flatnonzero(keep).tolist()
        elif keep is not None:
            bits = np.packbits(keep, bitorder="little").tobytes()
            where, parameters["bits"] = 'WHERE get_bit(%(bits)s, "row") <> 0', bits
        order = "embedding <=> %(query)s" if walks else '(embedding <=> %(query)s) + 0, "row"'
        return self._vectors.read(
            f'SELECT "row", embedding FROM {{e}}.vectors {where} ORDER BY {order} LIMIT %(k)s', parameters
        )
