"""Tables from elsewhere as rows of text: CSV in any usual encoding and separator, XLSX, Parquet. Read as a stream, within
limits."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from artrec.errors import CatalogueError
from artrec.sources.base import LeftOut
from artrec.sources.reading import opened

MAX_CELL = 1_000_000  # characters of one cell
MAX_COLUMNS = 1_000
MAX_SHEET = 2_000_000_000  # bytes that a spreadsheet may unpack to
SAMPLE = 200_000  # bytes by which encoding and separator are found out
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "cp1252")
csv.field_size_limit(MAX_CELL)

Row = tuple[str, dict[str, object] | LeftOut]  # where, and its cells by column


@dataclass(frozen=True)
class Table:
    """`columns` in their order, and `rows`, which can be read once."""

    columns: list[str]
    rows: Iterator[Row]


def csv_table(path: Path) -> Table:
    """A text table, plain or gzip. Raises `CatalogueError` where it is none."""
    path = Path(path)
    with opened(path) as stream:
        try:
            sample = stream.read(SAMPLE)
        except (OSError, EOFError) as error:
            raise CatalogueError(f"{path.name} is damaged ({error}).", "Give the file again.") from error
    if not sample.strip():
        raise CatalogueError(f"{path.name} is empty.", "Give a table with a header and rows.")
    encoding = encoding_of(sample)
    text = sample.decode(encoding, "replace")
    if "\0" in text:
        raise CatalogueError(f"{path.name} is not text.", "Give a CSV file, or choose the format it has.")
    separator = separator_of(text)
    try:
        header = next(csv.reader(io.StringIO(text), delimiter=separator))
    except (csv.Error, StopIteration) as error:
        raise CatalogueError(
            f"{path.name} has no header that can be read ({error}).", "Put the columns' names in the first line."
        ) from error
    columns = named(header, path.name)
    return Table(columns, _csv_rows(path, encoding, separator, columns))


def encoding_of(sample: bytes) -> str:
    """The encoding of a text by its first bytes: by its mark, UTF-8 where it is that, or what fits best."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for cut in range(4):  # the sample may end within a character
        try:
            sample[: len(sample) - cut].decode("utf-8")
            return "utf-8-sig"
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:20_000]).best()
    found = best.encoding if best is not None else "cp1252"
    return "cp1252" if found in ("ascii", "latin_1", "cp1250", "cp1258", "mac_roman") else found


def separator_of(text: str) -> str:
    """What separates the cells: of , ; tab and | the one that cuts the first lines most evenly."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    best = (0.0, ",")
    for separator in (",", ";", "\t", "|"):
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        if counts and counts[0] > 1:
            best = max(best, (sum(count == counts[0] for count in counts) / len(counts) * min(counts[0], 50) ** 0.5, separator))
    return best[1]


def named(header: list[object], name: str) -> list[str]:
    """Columns' names from a header: stripped, filled where empty, distinct."""
    if len(header) > MAX_COLUMNS:
        raise CatalogueError(f"{name} has more than {MAX_COLUMNS} columns.", "Give a table of works, one a row.")
    columns: list[str] = []
    for at, cell in enumerate(header, start=1):
        column = " ".join(str(cell if cell is not None else "").split())[:100] or f"column {at}"
        columns.append(column if column not in columns else f"{column} ({at})")
    return columns


def _csv_rows(path: Path, encoding: str, separator: str, columns: list[str]) -> Iterator[Row]:
    with opened(path) as stream:
        text = io.TextIOWrapper(stream, encoding, errors="strict", newline="")
        rows = csv.reader(text, delimiter=separator)
        seen = 0
        while True:
            where = f"{path.name}, line {rows.line_num + 1}"
            try:
                cells = next(rows)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                yield (
                    where,
                    LeftOut(where, f"from here on the file is not {encoding} ({error.reason})", "Save the file as UTF-8."),
                )
                return
            except csv.Error as error:
                yield (
                    where,
                    LeftOut(where, f"the row cannot be read ({error})", f"Keep each cell under {MAX_CELL:,} characters."),
                )
                if "limit" not in str(error):
                    return
                continue
            except (OSError, EOFError) as error:
                yield where, LeftOut(where, f"the file breaks off here ({str(error)[:80]})", "Give the file again.")
                return
            seen += 1
            if seen == 1 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                reason = f"the row has {len(cells)} cells, the header {len(columns)}"
                yield where, LeftOut(where, reason, "Put cells that hold a separator in quotes.", " ".join(cells[:3])[:200])
                continue
            yield where, dict(zip(columns, cells, strict=False))


def xlsx_table(path: Path) -> Table:
    """The first sheet with a header and rows. Formulas are read as their last values. Raises `CatalogueError`."""
    from openpyxl import load_workbook

    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_SHEET:
                raise CatalogueError(f"{path.name} unpacks to more than {MAX_SHEET // 1_000_000_000} GB.", "Save it as CSV.")
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)
            header = next(rows, None)
            if header and any(cell is not None for cell in header):
                used = max(at for at, cell in enumerate(header) if cell is not None) + 1
                columns = named(list(header[:used]), path.name)
                return Table(columns, _sheet_rows(path.name, sheet.title, rows, columns))
    except CatalogueError:
        raise
    except Exception as error:  # openpyxl raises many kinds
        raise CatalogueError(
            f"{path.name} is no spreadsheet that can be read ({type(error).__name__}).", "Save it as .xlsx or CSV."
        ) from error
    raise CatalogueError(f"{path.name} is empty.", "Put the columns' names in the first row.")


def _sheet_rows(name: str, sheet: str, rows: Iterator, columns: list[str]) -> Iterator[Row]:
    number = 1
    while True:
        number += 1
        where = f"{name}, sheet {sheet}, row {number}"
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception as error:  # a damaged sheet
            yield where, LeftOut(where, f"the sheet breaks off here ({type(error).__name__})", "Save the file again.")
            return
        if any(cell is not None for cell in cells):
            yield (
                where,
                {c: "" if v is None else v.year if hasattr(v, "year") else v for c, v in zip(columns, cells, strict=False)},
            )


def parquet_table(path: Path) -> Table:
    """A Parquet file. Raises `CatalogueError`."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    path = Path(path)
    try:
        file = ParquetFile(path)
        columns = named(list(file.schema_arrow.names), path.name)
    except (ArrowException, OSError) as error:
        raise CatalogueError(f"{path.name} is no Parquet file ({str(error)[:80]}).", "Give the file again.") from error

    def rows() -> Iterator[Row]:
        number = 0
        try:
            for batch in file.iter_batches(batch_size=1_000):
                for record in batch.to_pylist():
                    number += 1
                    yield f"{path.name}, row {number}", {c: "" if v is None else v for c, v in record.items()}
        except (ArrowException, OSError) as error:
            where = f"{path.name}, row {number + 1}"
            yield where, LeftOut(where, f"the file breaks off here ({str(error)[:80]})", "Give the file again.")

    return Table(columns, rows())
