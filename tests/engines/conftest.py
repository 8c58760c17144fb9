"""A real PostgreSQL server with pgvector for as long as the tests of this folder run."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from helpers_postgres import Server, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as started:
        yield started


@pytest.fixture(scope="session")
def fresh(server) -> Callable[[], str]:
    """Makes an empty database and gives its address."""
    numbers = itertools.count()

    def make() -> str:
        name = f"test{next(numbers)}"
        server.run(f"CREATE DATABASE {name} STRATEGY file_copy")
        return server.address(name)

    return make
