"""The tables of a published collection, and how a work becomes their rows.

    artrec.editions            a line for each whole edition: manifest, vocabulary, map regions, topics; the newest is in use
    artrec_<edition>.works     the record as jsonb, its folded text, and what the heads read into its empty fields
                    .facts     as columns what filters and channels read, narrow enough to be scanned
                    .vectors   halfvec, with an HNSW index (cosine) in collections of `index.EXACT_BELOW` works and more
                    .words     tsvector of `lexical.tokens` and Chinese names, with a GIN index
                    .lexemes   each word, and in how many works it stands
                    .terms     the distinct values of the fields that queries filter by, folded as names are compared
                    .map       coordinates, trust, topic

`row` is a work's number, the same in every table and in a folder of files.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from artrec.catalogue import Artwork, Catalogue
from artrec.fulltext import searchable
from artrec.index import HnswConfig
from artrec.lexical import artwork_tokens
from artrec.text import FIELDS, fold

FORMAT = 1
TEXTS = ("title", "artist", "artist_zh", "movement", "medium", "type", "genre", "culture", "country", "museum")
LISTS = ("subjects", "moods", "palette", "content_notes")
TERMS = (*FIELDS, "artist_zh")  # what `.terms` lists
MAX_TOKEN = 500  # bytes; a tsvector takes words under 2,048, and nobody asks for longer ones than this
MAX_POSITION = 16_383  # of a word in a tsvector

EDITIONS = """
CREATE SCHEMA IF NOT EXISTS artrec;
CREATE TABLE IF NOT EXISTS artrec.editions (
    edition int PRIMARY KEY, format int NOT NULL, published timestamptz NOT NULL DEFAULT now(),
    manifest jsonb NOT NULL, vocabulary jsonb NOT NULL, regions jsonb, topics jsonb
);
"""
_TABLES = """
CREATE TABLE {e}.works (
    "row" int PRIMARY KEY, artwork_id text COLLATE "C" NOT NULL UNIQUE, record jsonb NOT NULL,
    everything text COLLATE "C" NOT NULL, predicted jsonb
);
CREATE TABLE {e}.facts (
    "row" int PRIMARY KEY, title text, artist text COLLATE "C", artist_zh text COLLATE "C", movement text COLLATE "C",
    medium text COLLATE "C", type text COLLATE "C", genre text, culture text COLLATE "C", country text,
    museum text COLLATE "C", subjects text[], moods text[], palette text[], content_notes text[],
    year_start int, year_end int, year int, century int
);
CREATE TABLE {e}.vectors ("row" int PRIMARY KEY, embedding halfvec(DIMENSION) NOT NULL);
CREATE TABLE {e}.words ("row" int PRIMARY KEY, words tsvector NOT NULL);
CREATE TABLE {e}.lexemes (token text COLLATE "C" PRIMARY KEY, works int NOT NULL);
CREATE TABLE {e}.terms (field text NOT NULL, value text NOT NULL, folded text COLLATE "C" NOT NULL, works int NOT NULL);
CREATE TABLE {e}.map ("row" int PRIMARY KEY, x real, y real, trust real, topic int, typical int);
ALTER TABLE {e}.vectors ALTER embedding SET STORAGE PLAIN; -- beside its row: a walk reads thousands
"""
INDEXES = (
    *(f"CREATE INDEX ON {{e}}.facts USING hash ({field})" for field in TERMS),  # hash: a btree refuses long values
    *(f"CREATE INDEX ON {{e}}.facts ({field})" for field in ("year", "century")),
    "CREATE INDEX ON {e}.facts USING gin (content_notes)",
    "CREATE INDEX ON {e}.words USING gin (words)",
)
WORKS_COLUMNS = ("row", "artwork_id", "record", "everything", "predicted")
FACTS_COLUMNS = ("row", *TEXTS, *LISTS, "year_start", "year_end", "year", "century")


def tables(dimension: int) -> str:
    """The statements that make an edition's tables."""
    return _TABLES.replace("DIMENSION", str(int(dimension)))


def graph(settings: HnswConfig) -> str:
    """The statement that links the vectors' graph."""
    return (
        "CREATE INDEX ON {e}.vectors USING hnsw (embedding halfvec_cosine_ops) "
        f"WITH (m = {int(settings.m)}, ef_construction = {int(settings.ef_construction)})"
    )


def storable(value):
    """A JSON value with the replacement character in place of NUL, which PostgreSQL keeps in no text."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    return [storable(item) for item in value] if isinstance(value, list | tuple) else value


def storable_work(work: Artwork) -> Artwork:
    """The same work, without NUL characters."""
    if "\\u0000" not in work.model_dump_json(exclude_defaults=True):
        return work
    return Artwork.model_validate(storable(work.model_dump(mode="json", exclude_defaults=True)))


def works_row(row: int, work: Artwork, predicted: dict | None) -> tuple:
    """A work's line in `.works`, in the order of `WORKS_COLUMNS`."""
    from psycopg.types.json import Jsonb

    said = None if predicted is None else Jsonb(storable(predicted))
    return row, work.artwork_id, Jsonb(work.model_dump(mode="json", exclude_defaults=True)), searchable(work), said


def facts_row(row: int, work: Artwork) -> tuple:
    """A work's line in `.facts`, in the order of `FACTS_COLUMNS`."""
    lists = (list(getattr(work, field)) for field in LISTS)
    return row, *(getattr(work, field) for field in TEXTS), *lists, work.year_start, work.year_end, work.year, work.century


def tokens_of(work: Artwork, catalogue: Catalogue) -> list[str]:
    """What `Lexical.build` indexes of a work, in order, without words that no tsvector takes."""
    return [token for token in artwork_tokens(work, catalogue) if len(token.encode()) <= MAX_TOKEN]


def quoted(token: str) -> str:
    """A token as tsvector and tsquery are written."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def as_tsvector(found: Sequence[str]) -> str:
    """Tokens with their positions, as a tsvector is written."""
    positions: dict[str, list[int]] = {}
    for position, token in enumerate(found, start=1):
        positions.setdefault(token, []).append(min(position, MAX_POSITION))
    return " ".join(f"{quoted(token)}:{','.join(map(str, at))}" for token, at in positions.items())


def terms_rows(counts: Counter[tuple[str, str]]) -> Iterator[tuple]:
    """Lines of `.terms` from (field, value) → works."""
    for (field, value), works in counts.items():
        yield field, value, fold(value), works
