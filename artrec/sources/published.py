"""Tables whose columns a museum has published: known by them, and refused where one is missing."""

from collections.abc import Iterator
from pathlib import Path

from artrec.errors import ArtrecError, CatalogueError
from artrec.sources.base import LeftOut
from artrec.sources.delimited import csv_table
from artrec.sources.rows import Row


def columns_in(path: Path, columns: set[str]) -> bool:
    """Whether a file is a table with these columns. Never raises."""
    path = Path(path)
    if not path.is_file() or not path.name.lower().removesuffix(".gz").endswith((".csv", ".txt", ".tsv")):
        return False
    try:
        return columns <= set(csv_table(path).columns)
    except (ArtrecError, OSError):
        return False


def table_of(path: Path, columns: set[str], called: str) -> Iterator[Row]:
    """The rows of a published table; a row without its id is left out. Raises `CatalogueError`."""
    path = Path(path)
    if path.is_dir():
        path = path / called
    table = csv_table(path)
    missing = sorted(columns - set(table.columns))
    if missing:
        cure = f"Give {called} as the museum published it, or import the table as csv."
        raise CatalogueError(f"{path.name} has no column '{missing[0]}'.", cure)
    ids = (column for column in table.columns if column in columns and column.lower().replace(" ", "") in ("id", "objectid"))
    own = next(ids, None)
    for where, row in table.rows:
        if own and isinstance(row, dict) and not str(row.get(own) or "").strip():
            row = LeftOut(where, f"it has no {own}", "Give the table as published.")
        yield where, row
