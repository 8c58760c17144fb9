"""What can go wrong between us and the store's database, each in one sentence with the cure. The database's own words are never
repeated: they may quote a piece of an address or of somebody's note."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from artrec.errors import ArtrecError

_SQLITE = {  # primary result code → what it means
    sqlite3.SQLITE_FULL: ("There is no space left for the database {where}.", "Free some; what was stored before is kept."),
    sqlite3.SQLITE_BUSY: ("The database {where} is locked by another program.", "Close what works on it, then try again."),
    sqlite3.SQLITE_LOCKED: ("The database {where} is locked by another program.", "Close what works on it, then try again."),
    sqlite3.SQLITE_READONLY: ("The database {where} cannot be written to.", "Give this user the right to write the file."),
    sqlite3.SQLITE_CANTOPEN: ("The database {where} cannot be opened.", "Check that its folder exists and may be written to."),
    sqlite3.SQLITE_IOERR: ("The disk failed while the database {where} was used.", "Check the disk, or use another folder."),
    sqlite3.SQLITE_CORRUPT: ("The database {where} is damaged.", "Put back a copy of it, or move the file away to begin anew."),
    sqlite3.SQLITE_NOTADB: ("{where} is not a database of ArtRec.", "Name another in ARTREC_DATABASE_URL, or move it away."),
}
_POSTGRES = {  # SQLSTATE → what it means
    "53100": ("The server of {where} has no space left.", "Free some; what was stored before is kept."),
    "55P03": ("The database {where} is locked by another program.", "Wait until it is done, then try again."),
    "57014": ("The database {where} took too long to answer.", "Try again."),
    "42P01": ("This user may not see the store in {where}.", "Use the database's owner, or let the owner grant the right."),
    "3F000": ("This user may not see the store in {where}.", "Use the database's owner, or let the owner grant the right."),
    "42501": ("This user may not do that in {where}.", "Use the database's owner, or let the owner grant the right."),
    "25006": ("The database {where} can only be read.", "Use one that can be written to."),
}


class StoreError(ArtrecError):
    """The store of the community cannot do what was asked of it."""


class UnknownProfile(StoreError):
    """A profile that is not in the store, or no longer."""

    def __init__(self):
        super().__init__("There is no such profile.", "Choose one on the People page; it may have been deleted.")


class UnknownRoom(StoreError):
    """A join code that opens no room."""

    def __init__(self, code: str):
        super().__init__(f"No room has the join code “{code[:20]}”.", "Check it with whoever made the room.")


@contextmanager
def failures(where: str, address: str = "") -> Iterator[None]:
    """Turn what SQLAlchemy raises into a `StoreError`. `where`: the database as it may be shown; `address`: PostgreSQL's own,
    for what is said where it cannot be reached."""
    from sqlalchemy.exc import DBAPIError, IntegrityError

    try:
        yield
    except IntegrityError:
        raise  # a rule of ours that was broken: whoever wrote knows which one
    except DBAPIError as error:
        raise _said(error.orig, where, address) from None


def _said(error, where: str, address: str) -> ArtrecError:
    if isinstance(error, sqlite3.Error):
        found = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    else:
        found = _POSTGRES.get(getattr(error, "sqlstate", None) or "")
        lost = (getattr(error, "sqlstate", None) or "08").startswith(("08", "28", "3D", "57P", "53"))
        if found is None and lost:
            return _unreachable(error, address)
    if found is None:
        return StoreError(
            f"The database {where} answered with an error ({type(error).__name__}).", "Try again; its log says more."
        )
    return StoreError(found[0].format(where=where), found[1])


def _unreachable(error, address: str) -> ArtrecError:
    from artrec.engines import database

    try:
        with database.failures(address):
            raise error
    except ArtrecError as said:
        return StoreError(said.fact, said.cure)
    except Exception:  # an address that libpq cannot read; its own words quote it
        return StoreError("The address of the database cannot be read.", "Write postgresql://user@host:5432/name.")
