"""A PostgreSQL server: its address, a pool of connections to it, and each of its failures in one sentence with the cure.

Passwords are better kept out of the address, which others may see in a list of processes: libpq reads them from `PGPASSWORD`, a
`.pgpass` file or a service file as well. Nothing here prints one.
"""

import logging
import re
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import numpy as np

from artrec.errors import ArtifactError

SEATS = 8  # connections that one app instance holds at most
PATIENCE = 5  # seconds to reach the server, and to wait for a free connection
LONGEST = 30  # seconds that one question may take
OLDEST_PGVECTOR = (0, 8)  # iterative scans came with it
EF_SEARCH = 128  # candidates that a walk through the graph keeps, as in `index.HnswConfig`
MAX_SCAN = 200_000  # works that a filtered walk may meet before it gives up; pgvector's own default is 20,000

_SETTINGS = f"""
SET statement_timeout = '{LONGEST}s';
SET jit = off; -- compiling costs more than any of these queries
SET plan_cache_mode = force_custom_plan; -- a plan that does not know LIMIT would sort the whole table
SET hnsw.ef_search = {EF_SEARCH};
SET hnsw.iterative_scan = relaxed_order; -- candidates are put in order here anyway
SET hnsw.max_scan_tuples = {MAX_SCAN};
"""
_ESCAPES = "In an address, write @ : / ? # % within a password as %40 %3A %2F %3F %23 %25."


def masked(address: str) -> str:
    """The address as it may be shown: host, port and database, never a password or what could be a piece of one."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error:
        return "postgresql://…"
    host, port, name = (str(parts.get(key) or "") for key in ("host", "port", "dbname"))
    if not (re.fullmatch(r"[\w.,:/-]*", host) and re.fullmatch(r"[\d,]*", port) and re.fullmatch(r"[\w.-]*", name)):
        return "postgresql://…"
    return f"postgresql://{host}{':' * bool(port)}{port}/{name}"


def connect(address: str, *, write: bool = False):
    """One connection, in autocommit. Raises `ArtifactError` where there is no server, or it does not let us in."""
    import psycopg

    try:
        with failures(address):
            connection = psycopg.connect(
                address, autocommit=True, connect_timeout=PATIENCE, tcp_user_timeout=LONGEST * 1000,
                prepare_threshold=None, application_name="artrec",
            )  # fmt: skip
            if not write:
                connection.execute("SET default_transaction_read_only = on")
            return connection
    except psycopg.ProgrammingError:  # libpq says what is odd about an address by quoting it, password and all
        raise ArtifactError(
            "The address of the database cannot be read.", f"Write postgresql://user@host:5432/name. {_ESCAPES}"
        ) from None


def require_pgvector(connection, address: str) -> None:
    """Raise `ArtifactError` where the database has no pgvector, or one that is too old; make its types known otherwise."""
    from pgvector.psycopg import register_vector

    with failures(address):
        found = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
        if found is None:
            raise ArtifactError(
                f"The database {masked(address)} has no pgvector.",
                "Install it on the server, and run `CREATE EXTENSION vector` in this database as its owner.",
            )
        if tuple(map(int, found[0].split(".")[:2])) < OLDEST_PGVECTOR:
            raise ArtifactError(
                f"The database {masked(address)} has pgvector {found[0]}; 0.8 or newer is needed.",
                "Update it on the server, then run `ALTER EXTENSION vector UPDATE`.",
            )
        register_vector(connection)


class Database:
    """One edition of a collection on a server, read through a pool of connections that several threads share. A connection
    that broke is replaced and its question asked again, once."""

    def __init__(self, address: str, schema: str):
        """Raises `ArtifactError` where the server cannot be used."""
        from psycopg_pool import ConnectionPool

        self.address, self.schema = address, schema
        with connect(address) as first:  # says why, where a pool would only try again
            require_pgvector(first, address)
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # what it warns of reaches the user as an error's sentence
        keywords = {
            "autocommit": True, "prepare_threshold": None, "connect_timeout": PATIENCE,
            "tcp_user_timeout": LONGEST * 1000, "application_name": "artrec",
        }  # fmt: skip
        self._pool = ConnectionPool(
            address, kwargs=keywords, min_size=1, max_size=SEATS, timeout=PATIENCE, num_workers=1, configure=_prepare, open=True
        )
        self.close = weakref.finalize(self, self._pool.close)

    def rows(self, query: str, parameters: Sequence | dict = ()) -> list[tuple]:
        """The answer to a query; `{e}` in it stands for the edition's schema. Raises `ArtifactError`."""
        import psycopg

        with failures(self.address):
            try:
                return self._ask(query, parameters)
            except psycopg.OperationalError as error:
                if error.sqlstate and not error.sqlstate.startswith(("08", "57P")):  # not about the connection
                    raise
                self._pool.check()
                return self._ask(query, parameters)

    def value(self, query: str, parameters: Sequence | dict = ()):
        """The one value of the one row that a query answers with; None where there is no row."""
        found = self.rows(query, parameters)
        return found[0][0] if found else None

    def array(self, query: str, parameters: Sequence | dict = (), dtype: str | np.dtype = ">i4") -> np.ndarray:
        """The bytes that a query answers with (`string_agg(int4send(row), '')` and the like), as a flat array of the
        processor's own byte order: a hundred thousand rows in milliseconds."""
        found = np.frombuffer(self.value(query, parameters) or b"", dtype)
        return found.astype(found.dtype.newbyteorder("="), copy=False)

    def _ask(self, query: str, parameters: Sequence | dict) -> list[tuple]:
        with self._pool.connection() as connection:
            return connection.execute(within(query, self.schema), parameters, binary=True).fetchall()


@lru_cache(maxsize=256)
def within(query: str, schema: str):
    """A query with `{e}` replaced by a schema's quoted name."""
    from psycopg import sql

    return sql.SQL(query).format(e=sql.Identifier(schema))


def _prepare(connection) -> None:
    """What every connection of a pool is told once."""
    from pgvector.psycopg import register_vector

    register_vector(connection)
    connection.execute(_SETTINGS + "SET default_transaction_read_only = on;")


@contextmanager
def failures(address: str) -> Iterator[None]:
    """Turn what psycopg raises into an `ArtifactError`: the fact and the cure, without the server's own words, which may quote
    a piece of the address."""
    import psycopg
    from psycopg import errors

    try:
        yield
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        raise ArtifactError(
            f"The collection in {masked(address)} was replaced by newer ones since it was opened.", "Open it again."
        ) from None
    except errors.InsufficientPrivilege:
        raise ArtifactError(
            f"This user may not do that in {masked(address)}.",
            "Publish as the database's owner, with --reader NAME for each user who shall read.",
        ) from None
    except errors.QueryCanceled:
        raise ArtifactError(
            f"The database {masked(address)} took longer than {LONGEST} s to answer.", "Narrow the question, or try again."
        ) from None
    except errors.DiskFull:
        raise ArtifactError(
            f"The server of {masked(address)} has no space left.",
            "Free some; in a container, the shared memory (--shm-size) counts too. The edition before stays in use.",
        ) from None
    except psycopg.OperationalError as error:
        raise ArtifactError(*_unreachable(str(error), address)) from None
    except psycopg.ProgrammingError as error:
        if error.sqlstate is None:  # raised by the client: an address that cannot be read
            raise
        raise _strange(error, address) from None
    except psycopg.Error as error:
        raise _strange(error, address) from None


def _strange(error, address: str) -> ArtifactError:
    return ArtifactError(
        f"The database {masked(address)} answered with an error ({type(error).__name__}, {error.sqlstate}).",
        "Its log says more.",
    )


def _unreachable(said: str, address: str) -> tuple[str, str]:
    """Fact and cure for a connection that was not made, or was lost."""
    where = masked(address)
    if "password" in said:
        return (
            f"The database {where} does not accept this user's password.",
            f"Give the right one, e.g. in PGPASSWORD. {_ESCAPES}",
        )
    if "role" in said and "does not exist" in said:
        return f"The database {where} does not know this user.", "Check the name before the @ of the address."
    if "database" in said and "does not exist" in said:
        return f"There is no database {where}.", "Create it (`createdb NAME`), or correct the address."
    if "pg_hba" in said or "SSL" in said:
        return (
            f"The server of {where} does not admit this computer.",
            "Add ?sslmode=require to the address, or ask who runs it.",
        )
    return f"The database {where} cannot be reached.", "Check the address, and that the server runs and listens there."
