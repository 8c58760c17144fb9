"""Unit vectors → an index; a vector → candidates. Exact and HNSW behind one protocol.

Similarity is the cosine, higher is nearer; hnswlib's distance (1 − cosine) stays inside this module.
"""

import errno
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from artrec.errors import ArtifactError
from artrec.progress import Tell, quiet

EXACT_BELOW = 5_000  # works; under this, exact search is as quick as HNSW and needs no graph
EXACT_SHARE = 0.08  # of the works kept by a filter; under this, exact search on the subset beats a filtered walk
HNSW_FILE, NODES_FILE = "hnsw.bin", "nodes.npy"
BLOCK = 4_096  # works that are linked, or whose neighbours are looked up, at a time


@dataclass(frozen=True)
class Candidates:
    """Rows (int64) and their cosines (float32), nearest first, both of shape (k,) or shorter where fewer exist."""

    rows: np.ndarray
    similarities: np.ndarray


@dataclass(frozen=True)
class HnswConfig:
    """Parameters of the graph (Malkov and Yashunin 2018)."""

    m: int = 16  # links of a node in each upper layer, twice that in the lowest; memory ≈ 4 · 2m bytes a work
    ef_construction: int = 200  # candidates kept while linking a node; build time grows linearly with it
    ef: int = 128  # candidates kept while searching; hnswlib raises it to k where k is larger
    seed: int = 7


class Index(Protocol):
    """Immutable, and safe to search from many threads at once."""

    kind: str

    def __len__(self) -> int: ...

    def search(self, vector: np.ndarray, k: int, keep: np.ndarray | None = None) -> Candidates:
        """The k nearest rows to a unit vector (float32, (d,)), among those where the mask `keep` (bool, (n,)) is true."""
        ...


def _check(vectors: np.ndarray, vector: np.ndarray) -> None:
    if vector.shape != (vectors.shape[1],):
        raise ArtifactError(
            f"The query's vector has {vector.size} dimensions, the index {vectors.shape[1]}.",
            "Use the model the collection was built with, or build the collection again.",
        )


@dataclass(frozen=True)
class ExactIndex:
    """Every cosine, by one matrix product."""

    vectors: np.ndarray  # float32, (n, d), unit rows
    kind = "exact"

    def __len__(self) -> int:
        return len(self.vectors)

    def search(self, vector: np.ndarray, k: int, keep: np.ndarray | None = None) -> Candidates:
        """See `Index.search`."""
        _check(self.vectors, vector)
        rows = np.arange(len(self.vectors)) if keep is None else np.flatnonzero(keep)
        similarities = (self.vectors if keep is None else self.vectors[rows]) @ vector
        k = min(k, len(rows))
        if k < len(rows):
            top = np.argpartition(-similarities, k)[:k]
            rows, similarities = rows[top], similarities[top]
        order = np.lexsort((rows, -similarities))
        return Candidates(rows[order], similarities[order].astype(np.float32))


@dataclass(frozen=True)
class HnswIndex:
    """hnswlib over the distinct vectors; equal ones share a node, because duplicates spoil the graph."""

    vectors: np.ndarray  # float32, (n, d), unit rows
    _graph: object
    _node_of: np.ndarray  # int64, (n,): the row that stands for each row's vector
    _config: HnswConfig
    kind = "hnsw"

    def __len__(self) -> int:
        return len(self.vectors)

    @classmethod
    def build(cls, vectors: np.ndarray, settings: HnswConfig | None = None, tell: Tell = quiet) -> "HnswIndex":
        """Link every distinct vector. Deterministic only with one thread; recall is the same with several."""
        import hnswlib

        settings = settings or HnswConfig()
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        node_of = _representatives(vectors)
        nodes = np.unique(node_of)
        graph = hnswlib.Index(space="cosine", dim=vectors.shape[1])
        graph.init_index(len(nodes), M=settings.m, ef_construction=settings.ef_construction, random_seed=settings.seed)
        _add(graph, vectors, nodes, tell)
        graph.set_ef(settings.ef)
        return cls(vectors, graph, node_of, settings)

    def save(self, folder: Path) -> None:
        """Write the graph; the vectors are the caller's to keep. Raises `OSError` where the disk is full."""
        file = folder / HNSW_FILE
        self._graph.save_index(str(file))
        if file.stat().st_size != self._graph.index_file_size():  # hnswlib does not look whether its writing succeeded
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        np.save(folder / NODES_FILE, self._node_of, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, vectors: np.ndarray, settings: HnswConfig | None = None) -> "HnswIndex":
        """Read a graph written by `save` over the same vectors. Raises `ArtifactError` where it does not fit them."""
        import hnswlib

        saved = folder / NODES_FILE  # so that opening need not read every vector
        graph = hnswlib.Index(space="cosine", dim=vectors.shape[1])
        try:
            node_of = np.load(saved, allow_pickle=False) if saved.exists() else _representatives(vectors)
            graph.load_index(str(folder / HNSW_FILE))
        except (RuntimeError, ValueError, EOFError) as error:
            raise ArtifactError(f"The index in {folder} cannot be read ({error}).", "Build the collection again.") from error
        if len(node_of) != len(vectors) or not np.array_equal(np.sort(graph.get_ids_list()), np.unique(node_of)):
            raise ArtifactError(
                f"The index in {folder} holds {graph.get_current_count():,} vectors, "
                f"the collection {len(np.unique(_representatives(vectors))):,}.",
                "Build the collection again.",
            )
        settings = settings or HnswConfig()
        graph.set_ef(settings.ef)  # once: setting it for each search would reach into searches on other threads
        return cls(vectors, graph, node_of, settings)

    @classmethod
    def grown(
        cls, folder: Path, vectors: np.ndarray, old: int, settings: HnswConfig | None = None, tell: Tell = quiet
    ) -> "HnswIndex":
        """The graph saved in a folder over the first `old` vectors, with the others linked into it. The file stays as it is.
        Raises `ArtifactError` where it does not fit."""
        import hnswlib

        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        before = cls.load(folder, vectors[:old], settings)
        node_of = _representatives(vectors)
        nodes = np.unique(node_of)
        graph = hnswlib.Index(space="cosine", dim=vectors.shape[1])
        graph.load_index(str(folder / HNSW_FILE), max_elements=len(nodes))
        _add(graph, vectors, nodes[nodes >= old], tell)
        graph.set_ef(before._config.ef)
        return cls(vectors, graph, node_of, before._config)

    def search(self, vector: np.ndarray, k: int, keep: np.ndarray | None = None) -> Candidates:
        """See `Index.search`. Exact where the filter leaves few, or where the walk finds fewer than k."""
        _check(self.vectors, vector)
        k = min(k, len(self) if keep is None else int(np.count_nonzero(keep)))
        exact = ExactIndex(self.vectors)
        if k == 0 or (keep is not None and np.count_nonzero(keep) < EXACT_SHARE * len(self)):
            return exact.search(vector, k, keep)
        kept_nodes = None
        if keep is not None:
            kept_nodes = np.zeros(len(self), dtype=bool)
            kept_nodes[self._node_of[keep]] = True
        try:
            nodes, _ = self._graph.knn_query(
                vector,
                k=min(k, self._graph.get_current_count()),
                num_threads=1,
                filter=None if kept_nodes is None else kept_nodes.__getitem__,
            )
        except RuntimeError:  # hnswlib raises where its walk meets fewer than k
            return exact.search(vector, k, keep)
        reached = np.zeros(len(self), dtype=bool)
        reached[nodes[0].astype(np.int64)] = True
        found = reached[self._node_of]  # every row whose vector was met, duplicates included
        return exact.search(vector, k, found if keep is None else found & keep)

    def others(self, k: int, tell: Tell = quiet) -> np.ndarray:
        """For each row its k nearest other rows (int64 (n, k)), nearest first, on all cores: see `neighbours`."""
        nodes = np.unique(self._node_of)
        members = np.argsort(self._node_of, kind="stable")
        sizes = np.bincount(self._node_of, minlength=len(self))
        starts = np.cumsum(sizes) - sizes
        wanted = min(k + 1, len(nodes))
        out = np.empty((len(self), k), dtype=np.int64)
        for start in range(0, len(nodes), BLOCK):
            some = nodes[start : start + BLOCK]
            labels, _ = self._graph.knn_query(np.ascontiguousarray(self.vectors[some]), k=wanted)
            labels = labels.astype(np.int64)
            for node, near in zip(some, labels, strict=True):
                near = np.concatenate(([node], near[near != node]))  # its duplicates lie nearest
                if sizes[near].max() > 1:
                    near = np.concatenate([members[starts[n] : starts[n] + sizes[n]] for n in near])
                for row in members[starts[node] : starts[node] + sizes[node]]:
                    out[row] = near[near != row][:k]
            tell(start + len(some), len(nodes))
        return out


def _add(graph, vectors: np.ndarray, nodes: np.ndarray, tell: Tell) -> None:
    """Link the vectors of the rows `nodes`, a block at a time, so that no copy of all of them is made."""
    for start in range(0, len(nodes), BLOCK):
        some = nodes[start : start + BLOCK]
        graph.add_items(vectors[some], some)
        tell(start + len(some), len(nodes))


def neighbours(index: Index, vectors: np.ndarray, k: int, tell: Tell = quiet) -> np.ndarray:
    """For each row the k nearest other rows (int64 (n, k)), nearest first; as near as the index finds them. k < n."""
    if isinstance(index, HnswIndex):
        return index.others(k, tell)
    out = np.empty((len(vectors), k), dtype=np.int64)
    for row in range(len(vectors)):
        near = index.search(np.ascontiguousarray(vectors[row]), k + 1).rows
        out[row] = near[near != row][:k]
        if row % BLOCK == 0:
            tell(row, len(vectors))
    return out


def _representatives(vectors: np.ndarray) -> np.ndarray:
    """For each row the first row with the same vector, bit for bit (int64, (n,))."""
    first: dict[bytes, int] = {}
    digests = (hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in vectors)
    return np.fromiter((first.setdefault(digest, i) for i, digest in enumerate(digests)), np.int64, len(vectors))


def open_index(vectors: np.ndarray, folder: Path | None = None) -> Index:
    """The right index for a collection: the saved graph where there is one, exact search otherwise."""
    if folder is not None and (folder / HNSW_FILE).exists():
        return HnswIndex.load(folder, vectors)
    return ExactIndex(vectors)


def recall(found: Candidates, truth: Candidates) -> float:
    """Share of the true neighbours that were found, ties at the last place counted as found."""
    if not len(truth.rows):
        return 1.0
    return float(np.count_nonzero(found.similarities >= truth.similarities[-1] - 1e-6) / len(truth.rows))
