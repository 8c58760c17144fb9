"""Text tables (CSV and its kin) in any usual encoding and separator, as a stream of rows within limits.

A row that cannot be read is left out and told, with its line; the rows after it are read. The memory is bounded whatever the
file holds.
"""

import codecs
import csv
import io
import re
import zlib
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from artrec.errors import CatalogueError
from artrec.sources.base import LeftOut
from artrec.sources.reading import opened
from artrec.sources.rows import MAX_CELL, Row, Table, named

MAX_LINE = 4_000_000  # characters
SAMPLE = 200_000  # bytes by which encoding and separator are found out
TRIED = ("gb18030", "big5", "cp932", "euc_kr", "cp1251", "cp1252", "cp1250")  # encodings, beside Unicode's
LOOKED_AT = 20  # rows by which the separator is told, and whether a quote is merely not closed
csv.field_size_limit(MAX_CELL)
_BAD = re.compile("[\udc80-\udcff]")  # bytes that are not in the encoding, as surrogateescape keeps them
_SEP = re.compile(r'"?sep=(.)"?$')  # what spreadsheets write above a header


def csv_table(path: Path) -> Table:
    """A text table, plain or gzip. Raises `CatalogueError` where it is none."""
    path = Path(path)
    with opened(path) as stream:
        try:
            sample = stream.read(SAMPLE)
        except (OSError, EOFError, zlib.error) as error:
            raise CatalogueError(f"{path.name} is damaged ({error}).", "Give the file again.") from error
    encoding = encoding_of(sample)
    text = sample.decode(encoding, "replace")
    if "\0" in text:
        raise CatalogueError(f"{path.name} is not text.", "Give a CSV file, or choose the format it has.")
    rows = text.lstrip("\r\n \ufeff")
    if not rows.strip():
        raise CatalogueError(f"{path.name} is empty.", "Give a table with a header and rows.")
    told = _SEP.match(rows.splitlines()[0])
    separator = told[1] if told else separator_of(rows)
    try:
        lines = csv.reader(io.StringIO(rows, newline=""), delimiter=separator)
        header = next(islice(lines, int(told is not None), None))
    except (csv.Error, StopIteration) as error:
        fact = f"{path.name} has no header that can be read ({str(error)[:80] or 'it has one line'})."
        raise CatalogueError(fact, "Put the columns' names in the first line.") from error
    above = text[: len(text) - len(rows)].count("\n") + lines.line_num
    columns = named(header, path.name)
    return Table(columns, _rows(path, sample, separator, columns, above))


def encoding_of(sample: bytes) -> str:
    """The encoding of a text by its first bytes: by its mark, Unicode where it is that, or what fits best."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample[:1_000]:  # UTF-16 without its mark: most text has a zero in every other byte
        zeros = [sample[:1_000][odd::2].count(0) for odd in (0, 1)]
        return "utf-16-le" if zeros[1] > 4 * zeros[0] else "utf-16-be" if zeros[0] > 4 * zeros[1] else "utf-8-sig"
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)  # the sample may end within a character
    wrong = text.count("\ufffd")
    if wrong == 0 or sum(not sign.isascii() for sign in text) > 2 * wrong:  # some rows may be wrong in a file that is UTF-8
        return "utf-8-sig"
    from charset_normalizer import from_bytes

    best = from_bytes(_around(sample, 20_000), cp_isolation=list(TRIED)).best()
    return best.encoding if best is not None and best.encoding != "cp1250" else "cp1252"


def _around(sample: bytes, size: int) -> bytes:
    """A part of a sample with its first byte that is not ASCII near the beginning."""
    at = re.search(rb"[\x80-\xff]", sample)
    return sample[max(at.start() - 1_000, 0) if at else 0 :][:size]


def separator_of(text: str) -> str:
    """What separates the cells: of , ; tab and | the one that cuts the first rows most evenly."""
    best = (0.0, ",")
    for separator in (",", ";", "\t", "|"):
        try:
            rows = islice(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=separator)), LOOKED_AT)
            counts = [len(row) for row in rows]
        except csv.Error:
            continue
        if counts and counts[0] > 1:
            best = max(best, (sum(count == counts[0] for count in counts) / len(counts) * min(counts[0], 50) ** 0.5, separator))
    return best[1]


def _rows(path: Path, sample: bytes, separator: str, columns: list[str], above: int) -> Iterator[Row]:
    """The rows below the header, which ends in line `above`."""
    encoding = _encoding_throughout(path, sample)
    with opened(path) as stream:
        lines = _Lines(io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline=""))
        rows = csv.reader(lines, delimiter=separator)
        while True:
            lines.begin()
            where = f"{path.name}, line {lines.number + 1}"
            try:
                if lines.number < above:
                    next(lines)
                    continue
                cells = next(rows)
            except StopIteration:
                return
            except (_TooLong, csv.Error) as error:
                yield where, lines.recover(where, separator, len(columns), error)
                continue
            except (OSError, EOFError, zlib.error, UnicodeError) as error:
                yield where, LeftOut(where, f"the file breaks off here ({str(error)[:80]})", "Give the file again.")
                return
            if not any(cell.strip() for cell in cells):
                continue
            if any(not line.isascii() and _BAD.search(line) for line in lines.row):
                reason = f"the row is not {encoding.removesuffix('-sig')}, as what is before it"
                yield where, LeftOut(where, reason, "Save the file as UTF-8.", _BAD.sub("?", " ".join(cells[:3]))[:200])
            elif len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                reason = f"the row has {len(cells)} cells, the header {len(columns)}"
                yield where, LeftOut(where, reason, "Put cells that hold a separator in quotes.", " ".join(cells[:3])[:200])
            else:
                yield where, dict(zip(columns, cells, strict=False))


def _encoding_throughout(path: Path, sample: bytes) -> str:
    """The encoding of a file whose beginning may have told nothing: ASCII is in all of them."""
    if not sample.isascii() or b"\0" in sample:
        return encoding_of(sample)
    with opened(path) as stream:
        try:
            while (sample := stream.read(1_000_000)) and sample.isascii():
                pass
            return encoding_of(_around(sample + stream.read(SAMPLE), SAMPLE))
        except (OSError, EOFError, zlib.error):  # told with its line where the rows are read
            return encoding_of(sample)


class _TooLong(Exception):
    """A line beyond `MAX_LINE`."""


class _Lines:
    """The lines of a table for `csv.reader`: counted, bounded, and kept until the row is read."""

    def __init__(self, text: TextIO):
        self.number = 0  # of lines given
        self.row: list[str] = []  # those of the present row
        self._text, self._back = text, deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.row.append(line)
        if len(line) >= MAX_LINE and not line.endswith(("\n", "\r")):
            raise _TooLong(f"a line is longer than {MAX_LINE:,} characters")
        return line

    def begin(self) -> None:
        """A new row."""
        self.row = []

    def recover(self, where: str, separator: str, width: int, error: Exception) -> LeftOut:
        """Get past a row that cannot be read: past its first line where the next ones look like rows, else to where its quote
        is closed."""
        after = self.row[1:]
        looked_at = csv.reader(after[:LOOKED_AT], delimiter=separator)
        if not isinstance(error, _TooLong) and len(after) > 1 and _alike(looked_at, width):
            self._back.extendleft(reversed(after))
            self.number -= len(after)
            return LeftOut(where, "a quote is opened and never closed", "Close it, or remove it.", self.row[0][:200])
        last, is_open = self.row[-1], sum(line.count('"') for line in self.row) % 2 == 1
        while last and (is_open or not last.endswith(("\n", "\r"))):
            whole = last.endswith(("\n", "\r"))
            last = self._back.popleft() if self._back else self._text.readline(MAX_CELL)
            self.number += whole and bool(last)
            is_open ^= last.count('"') % 2 == 1
        cure = f"Keep each cell under {MAX_CELL:,} characters."
        return LeftOut(where, f"the row cannot be read ({error}); it was passed over to line {self.number}", cure)


def _alike(rows: Iterator[list[str]], width: int) -> bool:
    """Whether most rows have a width above 1."""
    try:
        widths = [len(row) for row in rows]
    except csv.Error:
        return False
    return width > 1 and sum(found == width for found in widths) > len(widths) / 2
