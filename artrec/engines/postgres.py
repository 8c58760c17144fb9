"""A collection in PostgreSQL with pgvector, opened: the protocols of the local files, asked of the server.

What an app instance holds in memory, and what it asks for:

- at opening: manifest, vocabulary, topics, and the map's coordinates (20 bytes a work); nothing else grows with the collection.
- when first needed: the columns that channels compare by, as codes and sparse sets (`features.py`), and the vectors of the
  background sample (3 MB).
- with every question: the nearest works (HNSW), the works that hold its words (GIN), the rows that pass its filters (WHERE),
  the candidates' vectors and the records that are shown. The last few thousand of each are remembered. Masks and word scores
  are arrays of the collection's length while a question lasts, 1 and 4 bytes a work.

Full records, vectors, graph and words, which are most of a collection, stay on the server, and any number of instances read
one database. They read only. An edition that was opened stays what it was until two newer ones are published;
`is_newest` tells an app that there is a newer one.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from artrec.catalogue import Term
from artrec.collection import Atlas, Collection
from artrec.engines.database import Database, connect, failures, masked
from artrec.engines.schema import FORMAT
from artrec.engines.vectors import PostgresIndex, StoredVectors
from artrec.engines.words import PostgresLexical
from artrec.engines.works import PostgresCatalogue, PostgresFilters, PostgresPredictions
from artrec.errors import ArtifactError
from artrec.topics import Topic

__all__ = ["DatabaseCollection", "current_edition", "open_database"]
_PLACES = np.dtype([("x", ">f4"), ("y", ">f4"), ("trust", ">f4")])
_TOPICS = np.dtype([("topic", ">i4"), ("row", ">i4")])


@dataclass(frozen=True, eq=False)
class DatabaseCollection(Collection):
    """A `Collection` whose filters are asked of a database. `edition`: which of the published ones it is."""

    database: Database | None = None
    edition: int = 0

    def is_newest(self) -> bool:
        """Whether nothing newer was published since it was opened; one short question."""
        return self.database.value("SELECT max(edition) FROM artrec.editions") == self.edition

    @cached_property
    def filters(self) -> PostgresFilters:
        return PostgresFilters(self.features, database=self.database)


def current_edition(address: str) -> int:
    """The number of the newest whole edition in a database. Raises `ArtifactError` where there is none."""
    with connect(address) as server:
        return _newest(server, address)[0]


def open_database(address: str) -> DatabaseCollection:
    """The newest collection published in a database. Raises `ArtifactError` where the server cannot be used, or holds none that
    this version reads. Whether the encoder fits is told by `encoder.LazyEncoder`, as for a folder."""
    with connect(address) as server:
        edition, form, manifest, vocabulary, regions, topics, graph = _newest(server, address)
    if form != FORMAT:
        raise ArtifactError(
            f"The collection in {masked(address)} has format {form}, this version of ArtRec reads {FORMAT}.",
            "Publish it again with this version: python -m artrec publish DIR ADDRESS.",
        )
    database = Database(address, f"artrec_{edition}")
    n, dimension = int(manifest["works"]), int(manifest["encoder"]["dimension"])
    held = database.value("SELECT count(*) FROM {e}.vectors")
    if held != n:
        raise ArtifactError(
            f"The collection in {masked(address)} is damaged: {held:,} vectors for {n:,} works.", "Publish it again."
        )
    terms = {field: {word: Term(**term) for word, term in words.items()} for field, words in vocabulary.items()}
    catalogue = PostgresCatalogue(database, n, terms, manifest["catalogue"])
    vectors = StoredVectors(database, n, dimension)
    return DatabaseCollection(
        name=manifest["name"], catalogue=catalogue, vectors=vectors, index=PostgresIndex(vectors, graph),
        lexical=PostgresLexical(database, n), manifest=manifest, atlas=_atlas(database, regions),
        topics=_topics(database, topics), predicted=PostgresPredictions(database, catalogue),
        database=database, edition=edition,
    )  # fmt: skip


def _newest(server, address: str) -> tuple:
    """Edition, format, manifest, vocabulary, regions and topics of the newest edition, and whether its vectors have a graph."""
    with failures(address):
        if server.execute("SELECT to_regclass('artrec.editions')").fetchone()[0] is not None:
            found = server.execute(
                """SELECT edition, format, manifest, vocabulary, regions, topics,
                EXISTS (SELECT FROM pg_indexes WHERE schemaname = 'artrec_' || edition AND indexdef LIKE '%USING hnsw%')
                FROM artrec.editions ORDER BY edition DESC LIMIT 1"""
            ).fetchone()
            if found is not None:
                return found
    raise ArtifactError(f"There is no collection in {masked(address)}.", "Put one there: python -m artrec publish DIR ADDRESS.")


def _atlas(database: Database, regions: list | None) -> Atlas | None:
    if regions is None:
        return None
    found = database.array(
        "SELECT string_agg(float4send(x) || float4send(y) || float4send(trust), ''::bytea ORDER BY \"row\") FROM {e}.map",
        dtype=_PLACES,
    )
    return Atlas(np.stack([found["x"], found["y"]], axis=1), found["trust"].copy(), tuple(regions))


def _topics(database: Database, topics: list | None) -> tuple[Topic, ...] | None:
    if topics is None:
        return None
    found = database.array(
        """SELECT string_agg(int4send(topic) || int4send("row"), ''::bytea ORDER BY topic, typical)
        FROM {e}.map WHERE topic IS NOT NULL""",
        dtype=_TOPICS,
    )
    return tuple(
        Topic(
            about["name"],
            tuple((term, weight) for term, weight in about["terms"]),
            found["row"][found["topic"] == number].astype(np.int64),
        )
        for number, about in enumerate(topics)
    )
