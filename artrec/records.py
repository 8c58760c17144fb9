"""A built collection's records on disk: an Arrow file, memory-mapped, from which works and columns are read when asked for.

A hundred thousand records as objects take seconds to make and most of a gigabyte; here opening costs nothing, a work costs a
third of a millisecond once, and a column comes as a plain list.
"""

import json
import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from threading import Lock

from artrec.catalogue import Artwork, Catalogue, Digest, Vocabulary, read_works, vocabulary_of
from artrec.progress import TELL_EVERY, Meter, Tell, metered, quiet

RECORDS_FILE = "records.arrow"
BATCH = 4_096  # records written at a time
KEPT = 4_096  # works that stay made
_TUPLES = ("subjects", "moods", "palette", "content_notes")


def write_records(works: Iterable[Artwork], file: Path) -> None:
    """Write works as an Arrow file, a batch at a time."""
    import pyarrow as pa

    schema = _schema()
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        batch: list[dict] = []
        for work in works:
            batch.append(_plain(work))
            if len(batch) == BATCH:
                writer.write_batch(pa.RecordBatch.from_pylist(batch, schema))
                batch = []
        if batch:
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema))


def store(path: str | Path, file: Path, tell: Tell = quiet) -> "StoredCatalogue":
    """The catalogue of a `.jsonl` file or a folder of them, validated and written as an Arrow file a batch at a time: it
    never lies in memory. `tell`: done, and how many there are as far as can be told. Raises what `load_catalogue` does, and
    `OSError`; then there is no file."""
    vocabulary = vocabulary_of(path)
    digest = Digest(vocabulary)

    def checked(meter: Meter) -> Iterator[Artwork]:
        for done, work in enumerate(read_works(path, vocabulary), start=1):
            digest.add(work)
            yield work
            if done % TELL_EVERY == 0:
                tell(done, meter.total(done))

    part = file.with_name(file.name + ".part")
    try:
        with metered([Path(path)]) as meter:
            write_records(checked(meter), part)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
    return StoredCatalogue(file, vocabulary, digest.value)


def _schema():
    import pyarrow as pa

    kinds = {"year_start": pa.int32(), "year_end": pa.int32(), "public_domain": pa.bool_()}
    kinds |= {"artist_life": pa.list_(pa.int32())} | dict.fromkeys(_TUPLES, pa.list_(pa.string()))
    return pa.schema([pa.field(name, kinds.get(name, pa.string())) for name in Artwork.model_fields])


def _plain(work: Artwork) -> dict:
    record = dict(work)
    record["recorded"] = json.dumps(work.recorded, ensure_ascii=False) if work.recorded else ""
    return record


def _made(record: dict) -> Artwork:
    """A record that was valid when it was written, as an artwork."""
    for name in _TUPLES:
        record[name] = tuple(record[name] or ())
    record["artist_life"] = tuple(record["artist_life"]) if record["artist_life"] is not None else None
    record["recorded"] = json.loads(record["recorded"]) if record["recorded"] else {}
    return Artwork.model_construct(**record)


@dataclass(frozen=True, eq=False)
class StoredCatalogue:
    """A `Catalogue` whose works lie in an Arrow file. Same methods; `hash` is the one that was kept when it was written."""

    file: Path
    vocabulary: Vocabulary
    hash: str
    _lock: Lock = field(default_factory=Lock, repr=False)
    _kept: OrderedDict[int, Artwork] = field(default_factory=OrderedDict, repr=False)

    @cached_property
    def _table(self):
        import pyarrow as pa

        table = pa.ipc.open_file(pa.memory_map(str(self.file))).read_all()
        if table.schema.names != list(Artwork.model_fields):
            raise ValueError(f"{self.file.name} has other fields than an artwork")
        return table

    @cached_property
    def _batches(self) -> tuple[list[int], list[dict]]:
        """Where each batch of works begins, and its columns: a work is read from these twice as fast as from the table."""
        batches = self._table.to_batches()
        starts = [0, *accumulate(batch.num_rows for batch in batches)]
        return starts[:-1], [dict(zip(batch.schema.names, batch.columns, strict=True)) for batch in batches]

    def __len__(self) -> int:
        return self._table.num_rows

    def __getitem__(self, row: int) -> Artwork:
        row = int(row)
        with self._lock:
            if (work := self._kept.get(row)) is not None:
                self._kept.move_to_end(row)
                return work
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        starts, batches = self._batches
        batch = bisect_right(starts, row % len(self)) - 1
        at = row % len(self) - starts[batch]
        work = _made({name: values[at].as_py() for name, values in batches[batch].items()})
        with self._lock:
            self._kept[row] = work
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return work

    def __iter__(self) -> Iterator[Artwork]:
        for batch in self._table.to_batches(max_chunksize=BATCH):
            yield from map(_made, batch.to_pylist())

    def column(self, name: str) -> list:
        """One field of every work, in order."""
        values = self._table.column(name).to_pylist()
        if name in _TUPLES:
            return [tuple(value or ()) for value in values]
        if name == "artist_life":
            return [tuple(value) if value is not None else None for value in values]
        return [json.loads(value) if value else {} for value in values] if name == "recorded" else values

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {artwork_id: row for row, artwork_id in enumerate(self.column("artwork_id"))}

    def __contains__(self, artwork_id: object) -> bool:
        return artwork_id in self._rows

    row = Catalogue.row
    rows = Catalogue.rows
    zh = Catalogue.zh
