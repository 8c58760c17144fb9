"""Exact words in records: which works hold a phrase. In a built collection the folded text of every work lies in an Arrow file
that is scanned whole, 100,000 works in a twentieth of a second; records in memory are read one by one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from artrec.catalogue import Artwork
from artrec.text import CJK, fold, passage

TEXTS_FILE = "texts.arrow"
BATCH = 4_096  # works written at a time


class Texts(Protocol):
    """The texts of a collection's works, by row."""

    def holding(self, phrase: str, among: np.ndarray | None = None) -> np.ndarray:
        """The rows (bool, (n,)) that hold a folded phrase as whole words, of those that the mask `among` keeps; as any part of
        the text where the phrase is Chinese, Japanese or Korean, which has no spaces."""
        ...


def searchable(work: Artwork) -> str:
    """All texts of a record that a phrase is looked for in, folded."""
    return fold(" ".join((passage(work), work.title_zh, work.artist_zh, work.museum, work.city, work.country)))


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Finds a folded phrase as whole words; as any part of a text where it is Chinese, Japanese or Korean (no spaces)."""
    return re.compile(re.escape(phrase) if CJK.search(phrase) else rf"(?<!\w){re.escape(phrase)}(?!\w)")


@dataclass(frozen=True)
class RecordTexts:
    """Texts made from records when they are looked through."""

    works: Sequence[Artwork]

    def holding(self, phrase: str, among: np.ndarray | None = None) -> np.ndarray:
        """See `Texts.holding`."""
        pattern, found = phrase_pattern(phrase), np.zeros(len(self.works), dtype=bool)
        for row in range(len(self.works)) if among is None else np.flatnonzero(among):
            found[row] = bool(pattern.search(searchable(self.works[row])))
        return found


@dataclass(frozen=True)
class StoredTexts:
    """Texts in an Arrow file, memory-mapped."""

    file: Path

    @cached_property
    def _texts(self):
        import pyarrow as pa

        return pa.ipc.open_file(pa.memory_map(str(self.file))).read_all().column("text")

    def __len__(self) -> int:
        return len(self._texts)

    def holding(self, phrase: str, among: np.ndarray | None = None) -> np.ndarray:
        """See `Texts.holding`. Only texts that hold the phrase at all are looked at for where its words end."""
        import pyarrow.compute as pc

        found = pc.match_substring(self._texts, phrase).to_numpy(zero_copy_only=False)
        if among is not None:
            found = found & among
        if not CJK.search(phrase):
            pattern = phrase_pattern(phrase)
            rows = np.flatnonzero(found)
            found[rows] = [bool(pattern.search(text)) for text in self._texts.take(rows).to_pylist()]
        return found


def write_texts(works: Iterable[Artwork], file: Path) -> None:
    """Write the texts of works, a batch at a time."""
    import pyarrow as pa

    schema = pa.schema([("text", pa.large_string())])
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in _batches(works):
            writer.write_batch(pa.record_batch([pa.array(batch, pa.large_string())], schema=schema))


def _batches(works: Iterable[Artwork]) -> Iterator[list[str]]:
    batch: list[str] = []
    for work in works:
        batch.append(searchable(work))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
