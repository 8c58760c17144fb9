"""Passages → vectors, cached on disk by content: keyed on (model, passage), so a changed work re-encodes alone.

Passages come as a stream and are held a window at a time, so memory does not grow with their number. Within a window they are
encoded in order of length, which pads little (`batching.py`), and equal passages once.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from artrec import config
from artrec.content_cache import ContentCache
from artrec.encoder import Encoder

SHARD = 512  # passages encoded between two commits: what a kill can lose, about three seconds' work
WINDOW = 8_192  # passages held at a time
Tell = Callable[[int, int], None]  # done, total


def encode_cached(
    encoder: Encoder,
    passages: Iterable[str],
    folder: Path | None = None,
    progress: Tell | None = None,
    total: int | None = None,
) -> np.ndarray:
    """Vectors of the passages (float32, (n, dimension), unit rows); only those not seen before are encoded. `total`: how many
    there are, where they have no length. See `stream_vectors`."""
    total = len(passages) if total is None else total
    return gather(stream_vectors(encoder, passages, total, folder, progress), total, encoder.dimension)


def gather(windows: Iterable[np.ndarray], total: int, dimension: int) -> np.ndarray:
    """A stream of vectors as one array (float32 (total, dimension))."""
    vectors = np.empty((total, dimension), dtype=np.float32)
    first = 0
    for window in windows:
        vectors[first : first + len(window)] = window
        first += len(window)
    return vectors


def stream_vectors(
    encoder: Encoder,
    passages: Iterable[str],
    total: int,
    folder: Path | None = None,
    progress: Tell | None = None,
    window: int | None = None,
) -> Iterator[np.ndarray]:
    """The vectors in order, float32 (`window` or fewer, dimension) at a time; WINDOW where not said.

    `folder` holds one SQLite file a model (default: in `ARTREC_HOME`). Where it cannot be written, a warning is logged
    and everything is encoded. `progress(done, total)` is called after each shard.
    """
    stream, first = iter(passages), 0
    file = (folder or config.home() / "vectors") / f"{encoder.fingerprint[:16]}.sqlite"
    with closing(ContentCache(file, "vectors", "vector", "vectors")) as store:
        while some := list(islice(stream, window or WINDOW)):
            yield _window(store, encoder, some, lambda done: progress and progress(first + done, total))  # noqa: B023
            first += len(some)


def write_vectors(windows: Iterable[np.ndarray], total: int, dimension: int, file: Path) -> None:
    """Write a stream of vectors as one `.npy` file (float32 (total, dimension)). Raises `OSError` where the disk is full,
    which a mapped file would meet as a crash."""
    about = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.float32)), "fortran_order": False, "shape": (total, dimension)}
    with file.open("wb") as out:
        np.lib.format.write_array_header_1_0(out, about)
        for window in windows:
            out.write(np.ascontiguousarray(window, dtype=np.float32).data)


def _window(store: ContentCache, encoder: Encoder, passages: list[str], tell: Callable[[int], None]) -> np.ndarray:
    vectors = np.empty((len(passages), encoder.dimension), dtype=np.float32)
    rows_of: dict[bytes, list[int]] = {}
    for row, passage in enumerate(passages):
        rows_of.setdefault(hashlib.sha256(passage.encode("utf-8", "replace")).digest(), []).append(row)
    missing = []
    for key, rows in rows_of.items():
        found = store.get(key, encoder.dimension)
        if found is None:
            missing.append(key)
        else:
            vectors[rows] = found
    missing.sort(key=lambda key: len(passages[rows_of[key][0]]))  # a kill leaves the shards after it as they would have been
    left = sum(len(rows_of[key]) for key in missing)
    if not left:
        tell(len(passages))
    for start in range(0, len(missing), SHARD):
        keys = missing[start : start + SHARD]
        for key, vector in zip(keys, encoder.encode([passages[rows_of[key][0]] for key in keys]), strict=True):
            vectors[rows_of[key]] = vector
        store.put([(key, vectors[rows_of[key][0]].tobytes()) for key in keys])
        left -= sum(len(rows_of[key]) for key in keys)
        tell(len(passages) - left)
    return vectors
