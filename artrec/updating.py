"""A collection built again after a few works came to it: the old ones stay where they were on the map, and the index grows.

That holds where at least `SAME` of the works are old ones with the same vector and none has gone; otherwise all is laid out and
linked anew. Vectors are kept by content anyway (`vectors.py`), so only new texts are encoded in either case.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artrec.catalogue import Catalogue
from artrec.index import EXACT_BELOW, ExactIndex, HnswIndex, Index
from artrec.progress import Tell, quiet

SAME = 0.9  # share of works that must be old ones
BLOCK = 4_096  # works compared at a time


@dataclass(frozen=True, eq=False)
class Before:
    """What an older edition gives to a new one. `known`: rows of the new edition that were in the old (int64); `places`: where
    they lay on the map (float32 (known, 2)), None without a map; `folder`: the old edition, where its graph may simply grow."""

    known: np.ndarray
    places: np.ndarray | None
    folder: Path | None


def before(folder: Path, catalogue: Catalogue, vectors: np.ndarray, fingerprint: str) -> Before | None:
    """What the collection in a folder, if there is one, has for a new edition; None where too much has changed."""
    from artrec.artifacts import load
    from artrec.errors import ArtrecError

    if not (Path(folder) / "manifest.json").exists():
        return None
    try:
        old = load(Path(folder))
    except ArtrecError:  # damaged, or of another format: then all is made anew
        return None
    if old.manifest["encoder"]["fingerprint"] != fingerprint:
        return None
    ids = catalogue.column("artwork_id")
    row_of = {artwork_id: row for row, artwork_id in enumerate(old.catalogue.column("artwork_id"))}
    if not set(row_of) <= set(ids):
        return None
    old_rows = np.array([row_of.get(artwork_id, -1) for artwork_id in ids], dtype=np.int64)
    known = np.flatnonzero(old_rows >= 0)
    same = np.concatenate([_unchanged(old.vectors, old_rows, vectors, rows) for rows in _blocks(known)])
    if len(same) < SAME * len(ids):
        return None
    places = None if old.atlas is None else old.atlas.coordinates[old_rows[same]]
    first = np.arange(len(old))
    grows = isinstance(old.index, HnswIndex) and np.array_equal(old_rows[: len(old)], first) and len(same) == len(old)
    return Before(same, places, Path(folder) if grows else None)


def _blocks(rows: np.ndarray) -> list[np.ndarray]:
    return np.array_split(rows, len(rows) // BLOCK + 1)  # vectors are mapped, and need not be in memory all at once


def _unchanged(old: np.ndarray, old_rows: np.ndarray, vectors: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Those of the rows whose vector is the one that the old edition has for the work."""
    return rows[(old[old_rows[rows]] == vectors[rows]).all(axis=1)]


def index_of(vectors: np.ndarray, found: Before | None, tell: Tell = quiet) -> Index:
    """The index of a new edition: exact for few works, the old graph with the new works linked into it, or a new one."""
    if len(vectors) < EXACT_BELOW:
        return ExactIndex(vectors)
    if found is not None and found.folder is not None:
        return HnswIndex.grown(found.folder, vectors, len(found.known), tell=tell)
    return HnswIndex.build(vectors, tell=tell)
