"""Empty databases for the store, SQLite and a real PostgreSQL server."""

import itertools

import pytest
from helpers_postgres import serving

from artrec.community.store import open_store

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def people_server():
    with serving() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'community.sqlite'}"
    server, name = request.getfixturevalue("people_server"), f"people{next(_NUMBERS)}"
    server.run(f"CREATE DATABASE {name} STRATEGY file_copy")
    return server.address(name)


@pytest.fixture
def store(url):
    found = open_store(url)
    yield found
    found.close()
