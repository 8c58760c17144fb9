"""One database behind the store, SQLite or PostgreSQL: how it is reached, and one transaction at a time.

SQLite: one file in WAL mode, so that readers never wait for a writer; what is deleted is overwritten. Threads of one process
take turns in the order in which they came; processes take turns by SQLite's own lock.
"""

import contextlib
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError

from artrec import config
from artrec.community.failures import StoreError, failures
from artrec.community.migrations import SCHEMA, migrate
from artrec.community.turns import Turns

VARIABLE = "ARTREC_DATABASE_URL"
FILE = "community.sqlite"
PATIENCE = 5.0  # seconds to wait for a lock, a server or a free connection
SEATS = 8  # connections at most
_SQLITE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",  # a killed program loses nothing; a power cut may lose the last moments, never the file
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)


def address(url: str | None = None) -> str | Path:
    """Where the store is: PostgreSQL's address, or a file. Raises `StoreError` where it is neither."""
    given = url or os.environ.get(VARIABLE) or ""
    if not given:
        return config.home() / FILE
    if config.is_address(given):
        return given
    path = given.removeprefix("sqlite:///")
    if path == given or not path or path == ":memory:":
        raise StoreError(
            f"The address in {VARIABLE} is neither SQLite's nor PostgreSQL's.",
            "Write sqlite:///path/to/file.sqlite or postgresql://user@host:5432/name.",
        )
    return Path(path).expanduser()


def identity(place: str | Path) -> int:
    """What tells a file from another of the same name: its inode; 0 for a server. Makes an empty file that only this user may
    read where there is none. Raises `StoreError` where that cannot be done."""
    if not isinstance(place, Path):
        return 0
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):  # never opened where it exists: closing it would drop SQLite's locks
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return place.stat().st_ino
    except OSError as error:
        raise StoreError(
            f"The database {place} cannot be made ({error.strerror}).", "Set ARTREC_HOME to a folder that can be written to."
        ) from None


class Database:
    """A migrated database. `patience`: seconds to wait where somebody else is writing."""

    def __init__(self, url: str | None = None, patience: float = PATIENCE):
        """Raises `StoreError` where it cannot be used."""
        self.place = address(url)
        self._patience = patience
        if isinstance(self.place, Path):
            self.where, self._address = self.place.name, ""
            self._engine = _sqlite(self.place, patience)
            self._readers, self._writers, self._one = Turns(SEATS), Turns(1), self._engine
        else:
            from artrec.engines.database import masked

            self.where, self._address = masked(self.place), self.place
            self._engine = _postgres(self.place, patience)
            self._readers = self._writers = Turns(SEATS)
            self._one = self._engine.execution_options(isolation_level="AUTOCOMMIT")  # one round trip, not three
        try:
            with self.writing() as connection:
                migrate(connection, self.where)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self, many: bool = False) -> Iterator[Connection]:
        """A connection to ask one question, or with `many` several, or to read a long answer in pieces, which then see one
        moment of the database. Raises `StoreError`."""
        engine = self._engine if many else self._one
        with self._turn(self._readers), engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, one: bool = False) -> Iterator[Connection]:
        """A transaction that is kept whole where the block ends well, and not at all otherwise; with `one` it is a single
        statement. Raises `StoreError`, and SQLAlchemy's `IntegrityError` where a rule of the tables is broken."""
        engine = self._one if one else self._engine
        with self._turn(self._writers), engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _turn(self, turns: Turns) -> Iterator[None]:
        if not turns.acquire(self._patience):
            raise StoreError(f"The database {self.where} is busy.", "Try again.")
        try:
            with failures(self.where, self._address):
                yield
        finally:
            turns.release()

    def scrub(self) -> None:
        """Leave no copy of what was deleted in SQLite's log beside the file; as far as other readers let us."""
        if not self._address:
            with failures(self.where), self._engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # the log is emptied outside a transaction
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
                connection.exec_driver_sql("BEGIN")

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _sqlite(file: Path, patience: float) -> Engine:
    identity(file)
    engine = create_engine(
        URL.create("sqlite", database=str(file)), connect_args={"timeout": patience, "check_same_thread": False},
        pool_size=SEATS, max_overflow=2, pool_timeout=patience,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _(connection, record) -> None:
        connection.isolation_level = None  # transactions are begun below, as sqlite3 would begin them too late
        for setting in _SQLITE:
            connection.execute(setting)

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(address: str, patience: float) -> Engine:
    import psycopg

    wait = round(1000 * patience)

    def connect() -> psycopg.Connection:
        connection = psycopg.connect(
            address, connect_timeout=max(2, round(patience)), application_name="artrec", prepare_threshold=None
        )
        connection.execute(f"SET lock_timeout = {wait}")
        connection.commit()
        return connection

    engine = create_engine("postgresql+psycopg://", creator=connect, pool_size=SEATS, max_overflow=0, pool_timeout=patience)

    @event.listens_for(engine, "checkout")
    def _(connection, record, proxy) -> None:
        watched = select.poll()
        watched.register(connection.fileno(), select.POLLIN)
        if watched.poll(
            0
        ):  # nothing was asked, so what there is to read is the server's farewell; no round trip, unlike a ping
            raise DisconnectionError

    return engine.execution_options(schema_translate_map={None: SCHEMA})
