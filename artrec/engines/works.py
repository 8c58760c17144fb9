"""Works in SQL: catalogue, filters and predictions of a published collection, by the protocols of the local files."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from pydantic import ValidationError

from artrec.catalogue import Artwork, Catalogue, Vocabulary
from artrec.engines.database import Database
from artrec.engines.schema import LISTS, TEXTS
from artrec.errors import ArtifactError, UnknownArtwork
from artrec.filters import CHINESE, Facets, FilterIndex
from artrec.fulltext import phrase_pattern
from artrec.predictions import from_json
from artrec.text import Filter, Query, fold

KEPT = 4_096  # works that stay made
BATCH = 2_048  # works read at a time
ANSWERS = 8  # answers to filters that are remembered
NEAR = 20_000  # ids among which the nearest to an unknown one are looked for


@dataclass(frozen=True, eq=False)
class PostgresCatalogue:
    """A `Catalogue` whose works lie in a database. Same methods; `hash` is the one that was published. Works are validated as
    they are read, since others may write there."""

    database: Database
    n: int
    vocabulary: Vocabulary
    hash: str
    _lock: Lock = field(default_factory=Lock, repr=False)
    _kept: OrderedDict[int, Artwork] = field(default_factory=OrderedDict, repr=False)

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, row: int) -> Artwork:
        row = int(row)
        if not -self.n <= row < self.n:
            raise IndexError(row)
        row %= self.n
        with self._lock:
            if (work := self._kept.get(row)) is not None:
                self._kept.move_to_end(row)
                return work
        return self._read([row])[row]

    def prefetch(self, rows: Iterable[int]) -> None:
        """Read works that will be asked for one by one, in one question; those that are not here yet."""
        with self._lock:
            new = [row for row in dict.fromkeys(map(int, rows)) if row not in self._kept]
        if new:
            self._read(new)

    def _read(self, rows: list[int]) -> dict[int, Artwork]:
        found = dict(self.database.rows('SELECT "row", record FROM {e}.works WHERE "row" = ANY(%s)', (rows,)))
        works = {row: _made(found.get(row), row) for row in rows}
        with self._lock:
            self._kept.update(works)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return works

    def __iter__(self) -> Iterator[Artwork]:
        for start in range(0, self.n, BATCH):
            found = self.database.rows(
                'SELECT record, "row" FROM {e}.works WHERE "row" >= %s AND "row" < %s ORDER BY "row"', (start, start + BATCH)
            )
            yield from (_made(record, row) for record, row in found)

    def column(self, name: str) -> list:
        """One field of every work, in order. Equal values are one object, so that a column takes little more than its codes."""
        if name in (*TEXTS, *LISTS, "artwork_id", "year_start", "year_end"):
            table = "works" if name == "artwork_id" else "facts"
            found = self.database.rows(f'SELECT {name} FROM {{e}}.{table} ORDER BY "row"')
            same: dict = {}
            values = (tuple(value) if name in LISTS else value for (value,) in found)
            return [same.setdefault(value, value) for value in values]
        return [getattr(work, name) for work in self]

    def __contains__(self, artwork_id: object) -> bool:
        return isinstance(artwork_id, str) and self._find(artwork_id) is not None

    def row(self, artwork_id: str) -> int:
        """The row of an artwork. Raises `UnknownArtwork`, naming the nearest ids there are."""
        found = self._find(artwork_id)
        if found is None:
            near = self.database.rows("SELECT artwork_id FROM {e}.works ORDER BY artwork_id LIMIT %s", (NEAR,))
            raise UnknownArtwork(*_unknown(artwork_id, [known for (known,) in near]))
        return found

    def _find(self, artwork_id: str) -> int | None:
        asked = artwork_id[:200].replace("\x00", " ")
        return self.database.value('SELECT "row" FROM {e}.works WHERE artwork_id = %s', (asked,))

    rows = Catalogue.rows
    zh = Catalogue.zh


def _made(record: dict | None, row: int) -> Artwork:
    try:
        return Artwork.model_validate(record)
    except ValidationError as error:
        raise ArtifactError(
            f"Record {row} of the collection in the database is damaged ({error.error_count()} faults).", "Publish it again."
        ) from None


def _unknown(artwork_id: str, known: list[str]) -> tuple[str, str]:
    """The fact and the hint of `Catalogue.row`."""
    try:
        Catalogue.row(_Ids(dict.fromkeys(known)), artwork_id)
    except UnknownArtwork as error:
        return error.fact, error.cure
    raise AssertionError(f"{artwork_id} is there")


@dataclass(frozen=True)
class _Ids:
    """What `Catalogue.row` needs of a catalogue."""

    _rows: dict[str, None]


@dataclass(frozen=True)
class PostgresFilters(FilterIndex):
    """`FilterIndex` in SQL: the conditions of a query and of facets become one WHERE, and only the rows that pass come back.
    Of `"exact words"` the server finds the texts that hold them, and whole words are told from parts here."""

    database: Database | None = None
    _recent: dict[tuple, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    def _accept(self, wanted: Filter) -> np.ndarray:
        condition, parameters = _field(wanted.field, [wanted])
        return self._passing([condition], parameters)

    def mask(self, query: Query | None, facets: Facets) -> np.ndarray | None:
        """See `FilterIndex.mask`."""
        conditions, parameters = _conditions(query, facets)
        exact = query.exact if query is not None else ()
        if not conditions and not exact:
            return None
        for words in exact:
            conditions.append('EXISTS (SELECT FROM {e}.works w WHERE w."row" = f."row" AND position(%s in everything) > 0)')
            parameters.append(_plain(fold(words)))
        found = self._passing(conditions, parameters)
        for words in exact:
            found = self._whole(fold(words), found)
        return found

    def _passing(self, conditions: list[str], parameters: list) -> np.ndarray:
        """The rows that meet all conditions (bool (n,)). An edition never changes, so the last few answers are remembered."""
        key = (*conditions, *map(repr, parameters))
        if (rows := self._recent.get(key)) is None:
            where = " AND ".join(conditions)
            question = f"SELECT string_agg(int4send(\"row\"), ''::bytea) FROM {{e}}.facts f WHERE {where}"
            rows = self.database.array(question, parameters)
            if len(self._recent) >= ANSWERS:
                self._recent.clear()
            self._recent[key] = rows
        mask = np.zeros(len(self.catalogue), dtype=bool)
        mask[rows] = True
        return mask

    def _whole(self, needle: str, among: np.ndarray) -> np.ndarray:
        """Those of the rows whose text holds the words as whole words, as `FilterIndex` tells them."""
        words, rows = phrase_pattern(needle), np.flatnonzero(among)
        mask = np.zeros(len(among), dtype=bool)
        for start in range(0, len(rows), BATCH):
            texts = self.database.rows(
                'SELECT "row", everything FROM {e}.works WHERE "row" = ANY(%s)', (rows[start : start + BATCH].tolist(),)
            )
            mask[[row for row, text in texts if words.search(text)]] = True
        return mask


def _conditions(query: Query | None, facets: Facets) -> tuple[list[str], list]:
    """Filters as SQL: several on one field widen each other, fields narrow each other."""
    conditions: list[str] = []
    parameters: list = []

    def add(condition: str, values: list) -> None:
        conditions.append(condition)
        parameters.extend(values)

    if query is not None:
        for name in Counter(f.field for f in query.filters if not f.negated):
            add(*_field(name, [f for f in query.filters if f.field == name and not f.negated]))
        for wanted in (f for f in query.filters if f.negated):
            condition, values = _field(wanted.field, [wanted])
            add(f"NOT {condition}", values)
        if query.before is not None:
            add("year < %s", [query.before])
        if query.after is not None:
            add("year > %s", [query.after])
    for name in ("movement", "type", "culture", "century"):
        if chosen := getattr(facets, name):
            add(f"{name} = ANY(%s)", [[_plain(value) if isinstance(value, str) else int(value) for value in chosen]])
    if facets.hidden_notes:
        add("NOT content_notes && %s::text[]", [list(map(_plain, facets.hidden_notes))])
    return conditions, parameters


def _field(name: str, wanted: list[Filter]) -> tuple[str, list]:
    """Works whose field holds one of the values, folded; the distinct values are looked through, not the works."""
    some = "{field} IN (SELECT value FROM {{e}}.terms WHERE field = %s AND ({any}))"
    conditions = [some.format(field=name, any=" OR ".join(["position(%s in folded) > 0"] * len(wanted)))]
    parameters: list = [name, *(_plain(fold(f.value)) for f in wanted)]
    if chinese := CHINESE.get(name):
        conditions.append(some.format(field=chinese, any=" OR ".join(["position(%s in value) > 0"] * len(wanted))))
        parameters += [chinese, *(_plain(f.value) for f in wanted)]
    return f"({' OR '.join(conditions)})", parameters


def _plain(text: str) -> str:
    return text.replace("\x00", " ")


class PostgresPredictions(Mapping):
    """What the heads read into empty fields, each work's asked for when it is needed."""

    def __init__(self, database: Database, catalogue: PostgresCatalogue):
        self._database, self._catalogue = database, catalogue

    def __getitem__(self, artwork_id: str) -> Mapping[str, tuple[tuple[str, float], ...]]:
        found = self._database.value("SELECT predicted FROM {e}.works WHERE artwork_id = %s", (artwork_id,))
        if found is None:
            raise KeyError(artwork_id)
        return from_json({artwork_id: found}, self._catalogue)[artwork_id]

    def __iter__(self) -> Iterator[str]:
        found = self._database.rows('SELECT artwork_id FROM {e}.works WHERE predicted IS NOT NULL ORDER BY "row"')
        return iter([artwork_id for (artwork_id,) in found])

    def __len__(self) -> int:
        return self._database.value("SELECT count(*) FROM {e}.works WHERE predicted IS NOT NULL")
