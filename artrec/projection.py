"""Vectors → the map: two coordinates a work, how far to trust them, and names for its regions. Imports umap lazily."""

import math
import re
from functools import partial

import numpy as np

from artrec.catalogue import Catalogue
from artrec.collection import Atlas
from artrec.index import ExactIndex, Index, neighbours
from artrec.progress import Tell, quiet, stretch
from artrec.topics import name_groups, weigh_terms

NEIGHBOURS = 10  # that must be near on the map too, for trust
SEED = 20
SAMPLE = 20_000  # works that UMAP lays out; in larger collections the others are placed among them
BLOCK = 1_024  # works placed or compared at a time
COMPARED = 16_000_000  # pairs of works that are compared at a time
PLACED_AS_ONE = 10  # works that are placed in the time in which UMAP lays out one
PLACED_BY = 5  # sampled works that place another


def project(vectors: np.ndarray, tell: Tell = quiet) -> np.ndarray:
    """UMAP (McInnes et al. 2018) with the cosine, seeded, scaled into [-1, 1] (float32 (n, 2)). Tiny collections, which
    UMAP cannot lay out, get their first two principal components."""
    n = len(vectors)
    if n < 8:
        centred = vectors - vectors.mean(axis=0)
        basis = np.linalg.svd(centred, full_matrices=False)[2][:2]
        flat = np.zeros((n, 2), dtype=np.float32)
        flat[:, : len(basis)] = centred @ basis.T
    else:
        import umap

        epochs = {"disable": False, "file": _Epochs(tell), "bar_format": "{n_fmt} {total_fmt}", "mininterval": 0.5}
        reducer = umap.UMAP(
            n_neighbors=min(10, n - 1), min_dist=0.1, metric="cosine", random_state=SEED, n_jobs=1, tqdm_kwds=epochs
        )
        flat = reducer.fit_transform(vectors)
    middle, span = (flat.max(axis=0) + flat.min(axis=0)) / 2, np.ptp(flat, axis=0).max()
    return ((flat - middle) / max(float(span) / 2, 1e-9)).astype(np.float32)


class _Epochs:
    """What UMAP writes its progress to."""

    def __init__(self, tell: Tell):
        self._tell = tell

    def write(self, text: str) -> None:
        if found := re.fullmatch(r"\s*(\d+) (\d+)\s*", text):
            self._tell(int(found[1]), int(found[2]))

    def flush(self) -> None:
        pass


def project_large(vectors: np.ndarray, tell: Tell = quiet) -> np.ndarray:
    """The layout of many works: UMAP on SAMPLE of them, drawn by seed, and the others among those (`place_among`)."""
    sample = np.sort(np.random.default_rng(SEED).choice(len(vectors), SAMPLE, replace=False))
    share = SAMPLE / (SAMPLE + len(vectors) / PLACED_AS_ONE)
    part = partial(stretch, tell, len(vectors))
    places = project(np.ascontiguousarray(vectors[sample], dtype=np.float32), part(0.0, share))
    return place_among(vectors, sample, places, part(share, 1.0))


def place_among(vectors: np.ndarray, known: np.ndarray, places: np.ndarray, tell: Tell = quiet) -> np.ndarray:
    """Coordinates of all works (float32 (n, 2)), where those of the rows `known` (int64) are `places`: every other work lies at
    the mean of its nearest known works' places, weighted by how near they are (as UMAP begins with a new point)."""
    coordinates = np.empty((len(vectors), 2), dtype=np.float32)
    coordinates[known] = places
    fixed = np.ascontiguousarray(vectors[known], dtype=np.float32)
    others = np.setdiff1d(np.arange(len(vectors)), known)
    k = min(PLACED_BY, len(known))
    block = int(np.clip(COMPARED // len(known), 1, BLOCK))
    for start in range(0, len(others), block):
        rows = others[start : start + block]
        tell(start, len(others))
        alike = np.asarray(vectors[rows], dtype=np.float32) @ fixed.T
        near = np.argpartition(-alike, k - 1, axis=1)[:, :k]
        close = np.take_along_axis(alike, near, axis=1)
        weights = np.exp((close - close.max(axis=1, keepdims=True)) / 0.05)
        weights /= weights.sum(axis=1, keepdims=True)
        coordinates[rows] = (weights[:, :, None] * places[near]).sum(axis=1)
    return coordinates


def trust(vectors: np.ndarray, coordinates: np.ndarray, near: np.ndarray | None = None, tell: Tell = quiet) -> np.ndarray:
    """For each work the share of its true NEIGHBOURS nearest works that are among its 2·NEIGHBOURS nearest on the map
    (float32 (n,), in [0, 1]): local neighbourhood preservation, as in Venna and Kaski (2006), forgiving order. `near`: each
    work's nearest others (int64 (n, NEIGHBOURS), or as many as there are); looked for exactly where not given."""
    from scipy.spatial import cKDTree

    n = len(vectors)
    k, wide = min(NEIGHBOURS, n - 1), min(2 * NEIGHBOURS, n - 1)
    if k < 1:
        return np.ones(n, dtype=np.float32)
    truth = neighbours(ExactIndex(vectors), vectors, k) if near is None else near[:, :k]
    on_map = cKDTree(coordinates)
    kept = np.empty(n, dtype=np.float32)
    for start in range(0, n, BLOCK):
        rows = slice(start, start + BLOCK)
        tell(start, n)
        close = on_map.query(coordinates[rows], k=wide + 1)[1]
        kept[rows] = (truth[rows, :, None] == close[:, None, :]).any(axis=2).mean(axis=1)
    return kept


def name_regions(catalogue: Catalogue, coordinates: np.ndarray) -> tuple[dict, ...]:
    """Cut the map into regions (k-means) and name each by what is most its own (class-based TF-IDF, see `topics.py`):
    {"name", "x", "y", "size"}, largest first. A region that has nothing of its own has no entry."""
    from sklearn.cluster import KMeans

    n = len(catalogue)
    k = int(np.clip(round(math.sqrt(n) * 0.75), 1, 24))
    some = slice(None) if n <= SAMPLE else np.random.default_rng(SEED).choice(n, SAMPLE, replace=False)
    places = coordinates.astype(np.float64)
    labels = KMeans(k, n_init=10, random_state=SEED).fit(places[some]).predict(places)
    groups, middles = [], []
    for label in np.argsort([-np.count_nonzero(labels == c) for c in range(k)], kind="stable"):
        members = np.flatnonzero(labels == label)
        if len(members):
            middles.append(np.median(coordinates[members], axis=0))
            groups.append(members[np.argsort(np.linalg.norm(coordinates[members] - middles[-1], axis=1), kind="stable")])
    names = name_groups(weigh_terms(catalogue, groups), in_turn=True)
    return tuple(
        {"name": name, "x": round(float(x), 4), "y": round(float(y), 4), "size": len(members)}
        for name, (x, y), members in zip(names, middles, groups, strict=True)
        if name
    )


def place(vector: np.ndarray, vectors: np.ndarray, index: Index, coordinates: np.ndarray, k: int = 5) -> tuple[float, float]:
    """Where a query lies on the fixed map: the mean of its k nearest works' places, weighted by how near they are."""
    near = index.search(vector, k)
    weights = np.exp((near.similarities - near.similarities.max()) / 0.05)
    x, y = weights @ coordinates[near.rows] / weights.sum()
    return float(x), float(y)


def nearest(index: Index, vectors: np.ndarray, tell: Tell = quiet) -> np.ndarray | None:
    """Each work's nearest others, as `trust` takes them; None where there is one work alone."""
    k = min(NEIGHBOURS, len(vectors) - 1)
    return neighbours(index, vectors, k, tell) if k else None


def make_atlas(
    catalogue: Catalogue,
    vectors: np.ndarray,
    near: np.ndarray | None = None,
    known: np.ndarray | None = None,
    places: np.ndarray | None = None,
    tell: Tell = quiet,
) -> Atlas:
    """Lay out, measure and name. `near`: as for `trust`. `known` and `places`: rows that lie somewhere already, and where; they
    stay there."""
    n, part = len(vectors), partial(stretch, tell, len(vectors))
    if known is not None and places is not None:
        coordinates = place_among(vectors, known, places, part(0.0, 0.8))
    else:
        coordinates = (project if n <= SAMPLE else project_large)(vectors, part(0.0, 0.8))
    sure = trust(vectors, coordinates, near, part(0.8, 0.9))
    return Atlas(coordinates, sure, name_regions(catalogue, coordinates))
