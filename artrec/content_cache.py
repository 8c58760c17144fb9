"""Arrays that can be made again, kept on disk by the content they were made from: one SQLite file, one table.

A cache that cannot be used costs time and nothing else: a warning is logged, and everything is made anew.
"""

import logging
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np

logger = logging.getLogger(__name__)


class ContentCache:
    """Digest → float32 array. `table` and `column` name where they lie; `what` is called by that name in warnings."""

    def __init__(self, file: Path | None, table: str, column: str, what: str):
        """Open a file, made where it is missing. None, or a file that cannot be used: in memory, for as long as it is open."""
        self._table, self._column, self._what = table, column, what
        try:
            self._store = self._made(file)
        except (OSError, sqlite3.Error) as error:
            logger.warning("The cache %s cannot be used (%s); %s are made without it.", file, error, what)
            self._store = self._made(None)

    def _made(self, file: Path | None) -> sqlite3.Connection:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        store = _connect(file)
        store.execute(
            f"CREATE TABLE IF NOT EXISTS {self._table} (key BLOB PRIMARY KEY, {self._column} BLOB NOT NULL) WITHOUT ROWID"
        )
        return store

    def get(self, key: bytes, length: int) -> np.ndarray | None:
        """The array of `length` numbers under a digest; None where there is none, or it is damaged."""
        try:
            found = self._store.execute(f"SELECT {self._column} FROM {self._table} WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:  # a damaged page
            logger.warning("What was kept of %s cannot be read (%s); it is made again.", self._what, error)
            return None
        return np.frombuffer(found[0], dtype=np.float32) if found and len(found[0]) == 4 * length else None

    def put(self, found: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep arrays, as (digest, float32 bytes), all or none of them."""
        try:
            with self._store:
                self._store.executemany(f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?)", found)
        except sqlite3.Error as error:
            logger.warning(
                "%s are not cached (%s); set ARTREC_HOME to a folder with space that can be written to.",
                self._what.capitalize(), error,
            )  # fmt: skip

    def close(self) -> None:
        """Let the file go."""
        self._store.close()


def _connect(file: Path | None) -> sqlite3.Connection:
    return sqlite3.connect(file or ":memory:", timeout=30)
