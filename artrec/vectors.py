"""Passages → vectors, cached on disk by content: keyed on (model, passage), so a changed work re-encodes alone."""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from artrec import config
from artrec.encoder import Encoder

logger = logging.getLogger(__name__)
SHARD = 256  # passages encoded between two commits: what a kill can lose


def encode_cached(
    encoder: Encoder,
    passages: Sequence[str],
    folder: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Vectors of the passages (float32, (n, dimension), unit rows); only those not seen before are encoded.

    `folder` holds one SQLite file a model (default: in `ARTREC_HOME`). Where it cannot be written, a warning is logged
    and everything is encoded. `progress(done, total)` is called after each shard.
    """
    vectors = np.empty((len(passages), encoder.dimension), dtype=np.float32)
    keys = [hashlib.sha256(passage.encode("utf-8", "replace")).digest() for passage in passages]
    store = _open((folder or config.home() / "vectors") / f"{encoder.fingerprint[:16]}.sqlite")
    with closing(store):
        missing = []
        for row, key in enumerate(keys):
            try:
                found = store.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            except sqlite3.Error as error:  # a damaged page
                logger.warning("A cached vector cannot be read (%s); encoding it again.", error)
                found = None
            if found and len(found[0]) == encoder.dimension * 4:
                vectors[row] = np.frombuffer(found[0], dtype=np.float32)
            else:
                missing.append(row)
        missing.sort(key=lambda row: len(passages[row]))
        for start in range(0, len(missing), SHARD):
            rows = missing[start : start + SHARD]
            vectors[rows] = encoder.encode([passages[row] for row in rows])
            try:
                with store:
                    store.executemany(
                        "INSERT OR REPLACE INTO vectors VALUES (?, ?)", [(keys[r], vectors[r].tobytes()) for r in rows]
                    )
            except sqlite3.Error as error:
                logger.warning(
                    "Vectors are not cached (%s); set ARTREC_HOME to a folder with space that can be written to.", error
                )
            if progress:
                progress(len(passages) - len(missing) + start + len(rows), len(passages))
    return vectors


def _open(file: Path) -> sqlite3.Connection:
    table = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(file, timeout=30)
        store.execute(table)
    except (OSError, sqlite3.Error) as error:
        logger.warning("The vector cache %s cannot be used (%s); encoding without it.", file, error)
        store = sqlite3.connect(":memory:")
        store.execute(table)
    return store
