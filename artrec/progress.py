"""How far long work is, so that whoever waits can be told how long it still takes.

A stage tells (stage, done, total) in works, from (…, 0, total) to (…, total, total). Where a stage has parts that take unlike
time for a work, each part has its stretch of the stage. An import does not know how many records are to come: it tells by how
many bytes of its files were read.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO, TypeVar

Progress = Callable[[str, int, int], None]  # stage, done, total (0: not known)
Tell = Callable[[int, int], None]  # done, total
TELL_EVERY = 500  # works between two calls
T = TypeVar("T")


def quiet(*_: object) -> None:
    """Tells nobody."""


def told(items: Iterable[T], total: int, tell: Tell) -> Iterator[T]:
    """The items, telling now and then how many went by."""
    for done, item in enumerate(items, start=1):
        yield item
        if done % TELL_EVERY == 0 or done == total:
            tell(done, total)


def stretch(tell: Tell, works: int, first: float, last: float) -> Tell:
    """`tell` for a part of a stage of so many works: the part's own 0 to all is the stage's share `first` to `last`."""

    def part(done: int, total: int) -> None:
        share = done / total if total else 1.0
        tell(round(works * (first + (last - first) * share)), works)

    return part


class Meter:
    """How much of some files and folders, read one after another, was read."""

    def __init__(self, paths: Sequence[Path]):
        self._sizes = [_size(path) for path in paths]
        self._part, self._first, self._expected = 0, 0, 0
        self._before, self._file, self._stream, self._length = 0, None, None, 0

    def begin(self, part: int, done: int) -> None:
        """The path at position `part` is read from now on; `done` records came before it."""
        self._part, self._first, self._expected = part, done, 0
        self._before, self._file, self._stream, self._length = 0, None, None, 0

    def opened(self, file: Path, stream: BinaryIO) -> None:
        """A file of the part is read from now on."""
        if file != self._file:
            self._before += self._length
            self._file, self._length = file, os.fstat(stream.fileno()).st_size
        self._stream = stream

    def expect(self, records: int) -> None:
        """The part holds so many records."""
        self._expected = records

    def total(self, done: int) -> int:
        """How many records there are, as far as can be told when `done` were read; 0 where it cannot."""
        size = self._sizes[self._part]
        if self._expected:
            share = min((done - self._first) / self._expected, 1.0)
        elif self._stream is not None and size:
            read = self._length if self._stream.closed else self._stream.tell()
            share = min((self._before + read) / size, 1.0)
        else:
            return 0
        read = sum(self._sizes[: self._part]) + share * size
        return max(done, round(done * sum(self._sizes) / read)) if read else 0


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 1 where it cannot be told."""
    try:
        if not path.is_dir():
            return max(path.stat().st_size, 1)
        return max(sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(path) for name in names), 1)
    except OSError:
        return 1


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(paths: Sequence[Path]) -> Iterator[Meter]:
    """A meter that is told of what `reading.opened` opens within the block."""
    meter = Meter(paths)
    token = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(token)


def is_read(file: Path, stream: BinaryIO) -> None:
    """Tell the meter, where there is one, that a file is read from now on."""
    if (meter := _meter.get()) is not None:
        meter.opened(file, stream)


def holds(records: int) -> None:
    """Tell the meter, where there is one, how many records the file holds."""
    if (meter := _meter.get()) is not None:
        meter.expect(records)
