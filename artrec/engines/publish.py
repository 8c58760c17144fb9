"""A built collection → a database: loaded and indexed as a new edition beside the one in use, then in its place.

Whoever has the edition before open goes on reading it; it is dropped when the edition after the next is published. One that
was stopped leaves tables that no edition names, and the next one clears them away.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import islice

import numpy as np

from artrec.collection import Collection
from artrec.engines.database import Database, connect, failures, masked, require_pgvector, within
from artrec.engines.schema import (
    EDITIONS,
    FACTS_COLUMNS,
    FORMAT,
    INDEXES,
    TERMS,
    WORKS_COLUMNS,
    as_tsvector,
    facts_row,
    graph,
    storable,
    storable_work,
    tables,
    terms_rows,
    tokens_of,
    works_row,
)
from artrec.engines.words import PostgresLexical, noise_of_words
from artrec.errors import ArtifactError
from artrec.index import EXACT_BELOW, HnswConfig
from artrec.predictions import as_json

BATCH = 2_048  # works in memory at a time
LOCK = 0x617274726563  # "artrec": held while somebody publishes into the database
KEPT = 2  # editions that stay: the newest, and the one that may still be open
LEAST_MEMORY, MOST_MEMORY = 64, 2_048  # MB for building the graph, unless the server is set to more
BUILDERS = 7  # processes that link the graph beside the first, as far as the server has them to spare

Progress = Callable[[str, int, int], None]  # stage, done, total


def publish(
    collection: Collection,
    address: str,
    *,
    readers: Sequence[str] = (),
    progress: Progress | None = None,
    exact_below: int = EXACT_BELOW,
    settings: HnswConfig | None = None,
) -> int:
    """Write a collection into a database and return the number of its edition.

    `readers`: users of the database who may read it. Collections of fewer than `exact_below` works get no graph. Raises
    `ArtifactError` where the server, its pgvector, its space or this user's rights do not allow it, or where somebody else is
    publishing; the edition in use is untouched then.
    """
    tell = progress or (lambda stage, done, total: None)
    with connect(address, write=True) as server, failures(address):
        _make_room(server, address, readers)
        edition = max(_editions(server), default=0) + 1
        schema = f"artrec_{edition}"
        server.execute(within("CREATE SCHEMA {e}", schema))
        server.execute(within(tables(collection.vectors.shape[1]), schema))
        _load(server, schema, collection, tell)
        tell("index", 0, len(collection))
        for statement in INDEXES:
            server.execute(within(statement, schema))
        if len(collection) >= exact_below:
            server.execute(
                "SELECT set_config(name, greatest(setting::int, %s)::text, false) FROM pg_settings WHERE name = %s",
                (_graph_memory(collection.vectors.shape) * 1024, "maintenance_work_mem"),  # kB; what the server has if more
            )
            server.execute(f"SET max_parallel_maintenance_workers = {BUILDERS}")
            server.execute(within(graph(settings or HnswConfig()), schema))
        for table in ("works", "facts", "vectors", "words", "lexemes", "terms", "map"):
            server.execute(within(f"VACUUM (ANALYZE) {{e}}.{table}", schema))
        manifest = _manifest(collection, address, schema)
        _put_in_use(server, edition, schema, collection, manifest, readers)
        tell("index", len(collection), len(collection))
        return edition


def _make_room(server, address: str, readers: Sequence[str]) -> None:
    """The extension, the table of editions, and the lock that keeps a second publication out."""
    from psycopg import errors

    if not server.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()[0]:
        raise ArtifactError(f"Somebody else is publishing into {masked(address)}.", "Wait for it to end, then publish again.")
    with suppress(errors.InsufficientPrivilege, errors.UndefinedFile, errors.FeatureNotSupported):
        server.execute("CREATE EXTENSION IF NOT EXISTS vector")  # where it is not ours to install, the next line says so
    require_pgvector(server, address)
    for reader in readers:
        if server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (reader,)).fetchone() is None:
            raise ArtifactError(f"The database has no user '{reader[:60]}'.", f"Make one: CREATE ROLE {reader[:60]} LOGIN.")
    server.execute(EDITIONS)
    for old in _schemas(server) - set(_editions(server)):
        server.execute(within("DROP SCHEMA {e} CASCADE", f"artrec_{old}"))


def _editions(server) -> list[int]:
    return [edition for (edition,) in server.execute("SELECT edition FROM artrec.editions ORDER BY edition DESC")]


def _schemas(server) -> set[int]:
    found = server.execute("SELECT substr(nspname, 8)::int FROM pg_namespace WHERE nspname ~ '^artrec_[0-9]{1,9}$'")
    return {number for (number,) in found}


def _graph_memory(shape: tuple[int, int]) -> int:
    """MB that hold the whole graph while it is built: pgvector is several times slower once it spills. An element takes its
    vector twice over, links of 2m in the lowest layer, and their bookkeeping: about 2 kB at 384 dimensions."""
    return int(np.clip(shape[0] * (4 * shape[1] + 700) / 1e6, LEAST_MEMORY, MOST_MEMORY))


def _load(server, schema: str, collection: Collection, tell: Progress) -> None:
    """Copy works, vectors, words and map, a batch at a time, and the lists that were counted on the way."""
    predicted = collection.predicted or {}
    lexemes: Counter[str] = Counter()
    terms: Counter[tuple[str, str]] = Counter()
    works = iter(collection.catalogue)
    for start in range(0, len(collection), BATCH):
        batch = [storable_work(work) for work in islice(works, BATCH)]
        rows = range(start, start + len(batch))
        read = [tokens_of(work, collection.catalogue) for work in batch]
        for work, found in zip(batch, read, strict=True):
            lexemes.update(set(found))
            terms.update((field, value) for field in TERMS if (value := getattr(work, field)))
        said = (
            as_json({w.artwork_id: predicted[w.artwork_id]})[w.artwork_id] if w.artwork_id in predicted else None for w in batch
        )
        with server.transaction():
            _copy(server, schema, "works", WORKS_COLUMNS, map(works_row, rows, batch, said))
            _copy(server, schema, "facts", FACTS_COLUMNS, map(facts_row, rows, batch))
            _copy_vectors(server, schema, rows, np.asarray(collection.vectors[start : start + len(batch)], dtype=np.float32))
            _copy(server, schema, "words", ("row", "words"), zip(rows, map(as_tsvector, read), strict=True))
            _copy(server, schema, "map", ("row", "x", "y", "trust", "topic", "typical"), _places(collection, rows))
        tell("publish", start + len(batch), len(collection))
    _copy(server, schema, "lexemes", ("token", "works"), lexemes.items())
    _copy(server, schema, "terms", ("field", "value", "folded", "works"), terms_rows(terms))


def _copy(server, schema: str, table: str, columns: Sequence[str], lines) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with server.cursor().copy(within(f"COPY {{e}}.{table} ({names}) FROM STDIN", schema)) as copy:
        for line in lines:
            copy.write_row(line)


def _copy_vectors(server, schema: str, rows: Sequence[int], vectors: np.ndarray) -> None:
    from pgvector import HalfVector

    with server.cursor().copy(within("COPY {e}.vectors FROM STDIN (FORMAT binary)", schema)) as copy:
        copy.set_types(["int4", "halfvec"])
        for row, vector in zip(rows, vectors, strict=True):
            copy.write_row((row, HalfVector(vector)))


def _places(collection: Collection, rows: Sequence[int]) -> Iterator[tuple]:
    """A work's place on the map and among its topic's works, most typical first."""
    atlas = collection.atlas
    standing: dict[int, tuple[int, int]] = {}
    for topic, about in enumerate(collection.topics or ()):
        near = np.flatnonzero((about.rows >= rows[0]) & (about.rows <= rows[-1]))
        standing.update((int(about.rows[at]), (topic, int(at))) for at in near)
    for row in rows:
        x, y, trust = (None, None, None) if atlas is None else (*map(float, atlas.coordinates[row]), float(atlas.trust[row]))
        yield row, x, y, trust, *standing.get(row, (None, None))


def _manifest(collection: Collection, address: str, schema: str) -> dict:
    """The collection's manifest, with what its words reach for questions that have no answer measured anew: the database
    scores words by another formula than BM25, so "no good match" is decided by another law."""
    manifest = collection.manifest | {"name": collection.name}
    if manifest.get("noise") is not None:
        database = Database(address, schema)
        try:
            words = noise_of_words(PostgresLexical(database, len(collection)))
        finally:
            database.close()
        manifest["noise"] = manifest["noise"] | {"words": list(words)}
    return manifest


def _put_in_use(server, edition: int, schema: str, collection: Collection, manifest: dict, readers: Sequence[str]) -> None:
    """Make the edition the newest, let the readers in, and drop what nobody should have open any more."""
    from psycopg import sql
    from psycopg.types.json import Jsonb

    vocabulary = {
        field: {word: asdict(term) for word, term in words.items()} for field, words in collection.catalogue.vocabulary.items()
    }
    regions = None if collection.atlas is None else Jsonb(storable(list(collection.atlas.regions)))
    topics = (
        None
        if collection.topics is None
        else Jsonb(storable([{"name": t.name, "terms": list(t.terms)} for t in collection.topics]))
    )
    with server.transaction():
        server.execute(
            """INSERT INTO artrec.editions (edition, format, manifest, vocabulary, regions, topics)
            VALUES (%s, %s, %s, %s, %s, %s)""",
            (edition, FORMAT, Jsonb(storable(manifest)), Jsonb(storable(vocabulary)), regions, topics),
        )
        for reader in readers:
            for grant in (
                "GRANT USAGE ON SCHEMA artrec, {e} TO {reader}",
                "GRANT SELECT ON ALL TABLES IN SCHEMA artrec, {e} TO {reader}",
            ):
                server.execute(sql.SQL(grant).format(e=sql.Identifier(schema), reader=sql.Identifier(reader)))
        for old in _editions(server)[KEPT:]:
            server.execute("DELETE FROM artrec.editions WHERE edition = %s", (old,))
            server.execute(within("DROP SCHEMA {e} CASCADE", f"artrec_{old}"))
