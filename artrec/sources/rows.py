"""Tables from elsewhere as a stream of rows, within limits: spreadsheets (XLSX) and Parquet. Text tables: `delimited.py`."""

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from artrec.errors import CatalogueError
from artrec.progress import holds
from artrec.sources.base import LeftOut

MAX_CELL = 1_000_000  # characters of one cell
MAX_COLUMNS = 1_000
MAX_ROWS = 1_048_576  # of a sheet, as spreadsheet programs have it
MAX_SHEETS = 200
MAX_SHEET = 2_000_000_000  # bytes that one sheet may unpack to; it is read as a stream
MAX_PART = 200_000_000  # bytes that any other part of a spreadsheet may unpack to; texts are held in memory
MAX_GROUP = 1_000_000_000  # bytes that a row group of a Parquet file may unpack to
LOOKED_AT = 200  # rows in which formulas without values are looked for
ABOVE = 20  # rows that may stand above a sheet's header, empty
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")

Row = tuple[str, dict[str, object] | LeftOut]  # where, and its cells by column


@dataclass(frozen=True)
class Table:
    """`columns` in their order, and `rows`, which can be read once."""

    columns: list[str]
    rows: Iterator[Row]


def named(header: Sequence[object], name: str) -> list[str]:
    """Columns' names from a header: stripped, filled where empty, distinct. Raises `CatalogueError` beyond `MAX_COLUMNS`."""
    if len(header) > MAX_COLUMNS:
        raise CatalogueError(f"{name} has more than {MAX_COLUMNS} columns.", "Give a table of works, one a row.")
    columns: list[str] = []
    for at, cell in enumerate(header, start=1):
        column = " ".join(str(cell if cell is not None else "").split())[:100] or f"column {at}"
        columns.append(column if column not in columns else f"{column} ({at})")
    return columns


def row_of(where: str, columns: Sequence[str], cells: Sequence[object]) -> Row:
    """Typed cells as a row: whole numbers without a point, dates as ISO 8601, what is missing as an empty text."""
    values = [_value(cell) for cell in cells]
    long = next((c for c, v in zip(columns, values, strict=False) if isinstance(v, str) and len(v) > MAX_CELL), None)
    if long is not None:
        return where, LeftOut(where, f"the cell '{long}' is longer than {MAX_CELL:,} characters", "Shorten it.")
    return where, dict(zip(columns, values, strict=False))


def _value(cell: object) -> object:
    if cell is None or cell != cell or cell in ERRORS or isinstance(cell, bytes):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def xlsx_table(path: Path) -> Table:
    """The first sheet that is not empty. Formulas are read as the values saved with them. Raises `CatalogueError`."""
    from openpyxl import load_workbook

    path = Path(path)
    again = "Save it again as .xlsx or CSV."
    try:
        _check_parts(path)
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            above = list(islice(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1, max_row=ABOVE), ABOVE))
            at = next((at for at, row in enumerate(above) if any(cell is not None for cell in row)), None)
            if at is None:
                continue
            used = max(place for place, cell in enumerate(above[at]) if cell is not None) + 1
            columns = named(above[at][:used], path.name)
            _check_formulas(path, sheet.title, at, columns)
            holds(min(sheet.max_row or 0, MAX_ROWS))
            rows = sheet.iter_rows(values_only=True, min_row=at + 2, max_col=used, max_row=MAX_ROWS)
            return Table(columns, _sheet_rows(f"{path.name}, sheet {sheet.title}", rows, columns, at + 2))
    except CatalogueError:
        raise
    except Exception as error:  # openpyxl raises many kinds
        raise CatalogueError(f"{path.name} is no spreadsheet that can be read ({type(error).__name__}).", again) from error
    raise CatalogueError(f"{path.name} is empty.", "Put the columns' names in the first row.")


def _check_parts(path: Path) -> None:
    """Refuse what unpacks to more than it should, before anything is unpacked."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        sheets = [part for part in parts if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", part.filename, re.IGNORECASE)]
        if len(sheets) > MAX_SHEETS or len(parts) > 50 * MAX_SHEETS:
            raise CatalogueError(f"{path.name} has more than {MAX_SHEETS} sheets.", "Save the sheet with the works by itself.")
        for part in parts:
            limit = MAX_SHEET if part in sheets else MAX_PART
            if part.file_size > limit and part.filename.lower().endswith((".xml", ".rels")):
                fact = f"{path.name} unpacks to more than {limit // 1_000_000:,} MB ({part.filename[:60]})."
                raise CatalogueError(fact, "Save it as CSV.")


def _check_formulas(path: Path, title: str, at: int, columns: Sequence[str]) -> None:
    """Refuse a sheet whose formulas have no values: they would be read as empty."""
    from openpyxl import load_workbook

    size = {"values_only": True, "min_row": at + 2, "max_row": at + 1 + LOOKED_AT, "max_col": len(columns)}
    both = [
        load_workbook(path, read_only=True, data_only=values, keep_links=False)[title].iter_rows(**size)
        for values in (False, True)
    ]
    for told, values in zip(*both, strict=False):
        for column, formula, value in zip(columns, told, values, strict=False):
            if value is None and isinstance(formula, str) and formula.startswith("="):
                cure = "Open it in a spreadsheet program and save it again, or save it as CSV."
                raise CatalogueError(f"{path.name} has formulas without values in the column '{column}'.", cure)


def _sheet_rows(name: str, rows: Iterator, columns: list[str], number: int) -> Iterator[Row]:
    while True:
        where = f"{name}, row {number}"
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception as error:  # a damaged sheet
            yield where, LeftOut(where, f"the sheet breaks off here ({type(error).__name__})", "Save the file again.")
            return
        number += 1
        if any(cell is not None for cell in cells):
            yield row_of(where, columns, cells)


def parquet_table(path: Path) -> Table:
    """The columns of a Parquet file that hold text, numbers, dates, or lists of them. Raises `CatalogueError`."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    path = Path(path)
    try:
        file = ParquetFile(path)
        kept = [field.name for field in file.schema_arrow if _is_readable(field)]
        columns = named(kept, path.name)
        for group in range(file.metadata.num_row_groups):
            about = file.metadata.row_group(group)
            parts = [about.column(at) for at in range(about.num_columns)]
            size = sum(part.total_uncompressed_size for part in parts if part.path_in_schema.split(".")[0] in kept)
            if size > MAX_GROUP:
                fact = f"{path.name} has a row group of more than {MAX_GROUP // 1_000_000:,} MB."
                raise CatalogueError(fact, "Write it with smaller row groups.")
    except (ArrowException, OSError) as error:
        raise CatalogueError(f"{path.name} is no Parquet file ({str(error)[:80]}).", "Give the file again.") from error

    def rows() -> Iterator[Row]:
        number = 0
        holds(file.metadata.num_rows)
        try:
            for batch in file.iter_batches(batch_size=1_000, columns=kept):
                for record in batch.to_pylist():
                    number += 1
                    yield row_of(f"{path.name}, row {number}", columns, [record[name] for name in kept])
        except (ArrowException, OSError, ValueError) as error:
            where = f"{path.name}, row {number + 1}"
            yield where, LeftOut(where, f"the file breaks off here ({str(error)[:80]})", "Give the file again.")

    return Table(columns, rows())


def _is_readable(field) -> bool:
    from pyarrow import types

    def plain(kind) -> bool:
        if types.is_dictionary(kind):
            kind = kind.value_type
        return any(
            test(kind)
            for test in (types.is_string, types.is_large_string, types.is_string_view, types.is_integer, types.is_floating,
                         types.is_decimal, types.is_boolean, types.is_date, types.is_timestamp)
        )  # fmt: skip

    listed = types.is_list(field.type) or types.is_large_list(field.type)
    return not field.name.startswith("__index_level_") and plain(field.type.value_type if listed else field.type)
