"""Anybody's table as a source: CSV, JSON lines, XLSX or Parquet, with a column mapping (`mapping.py`)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.errors import CatalogueError
from artrec.sources import mapping as columns_of
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, life, line, plain, terms
from artrec.sources.dates import years
from artrec.sources.delimited import csv_table
from artrec.sources.makers import maker
from artrec.sources.reading import records
from artrec.sources.rows import MAX_COLUMNS, Row, Table, parquet_table, xlsx_table

LOOKED_AT = 200  # rows by which columns are guessed
SEPARATORS = (";", "|", "\n", ",")
_FREE = re.compile(r"cc0|public domain|no known copyright|https?://creativecommons\.org/publicdomain/", re.IGNORECASE)


def json_table(path: Path) -> Table:
    """JSON lines, or an array of objects; nested lists stay lists."""
    found = records(Path(path))
    first = list(islice(found, LOOKED_AT))
    columns = list(dict.fromkeys(key for _, record in first if isinstance(record, dict) for key in record))
    if len(columns) > MAX_COLUMNS:
        raise CatalogueError(f"{Path(path).name} has more than {MAX_COLUMNS} fields.", "Give records of works alone.")
    if not columns:
        reason = next((f"{each.where}: {each.reason}" for _, each in first if isinstance(each, LeftOut)), "it holds no records")
        raise CatalogueError(f"{Path(path).name} cannot be read ({reason}).", "Put one JSON object on each line.")
    return Table(columns, chain(first, found))


@dataclass(frozen=True)
class AnyTable:
    """A kind of table file; see the module."""

    name: str
    label: str
    expects: str
    suffixes: tuple[str, ...]
    table: Callable[[Path], Table]

    def recognises(self, path: Path) -> bool:
        """By the end of its name: any content may be in a table."""
        return Path(path).is_file() and Path(path).name.lower().removesuffix(".gz").endswith(self.suffixes)

    def look(self, path: Path) -> tuple[list[str], list[dict]]:
        """The columns and the first rows, to guess and show a mapping. Raises `CatalogueError`."""
        table = self.table(Path(path))
        return table.columns, [row for _, row in islice(table.rows, LOOKED_AT) if isinstance(row, dict)]

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works. Raises `CatalogueError` where the table cannot be read or has no title."""
        table = self.table(Path(path))
        first: list[Row] = list(islice(table.rows, LOOKED_AT))
        fields = columns_of.complete(options.mapping, table.columns, [row for _, row in first if isinstance(row, dict)])
        for number, (where, row) in enumerate(chain(first, table.rows), start=1):
            yield row if isinstance(row, LeftOut) else work_of(self.name, where, number, row, fields)


def work_of(source: str, where: str, number: int, row: dict, fields: dict[str, str]) -> Artwork | LeftOut:
    """One row as an artwork. Without a column for ids its number in the table is its id."""
    told = {field: row.get(column) for field, column in fields.items()}
    said = line(told.get("date"))
    span = years(said) if said else None
    said_artist = line(told.get("artist"))
    made = maker(said_artist)
    lived = (life(line(told.get("artist_life"))) or made.life) if made.name else None
    return artwork(
        where,
        told.get("id") or told.get("title"),
        artwork_id=identifier(source, line(told.get("id")) or number),
        title=line(told.get("title")),
        artist=made.name,
        artist_life=lived,
        year_start=span[0] if span else None,
        year_end=span[1] if span else None,
        date_text=said,
        subjects=terms(_list(told.get("subjects"))),
        description=plain(told.get("description")),
        image_url=address(told.get("image_url")),
        page_url=address(told.get("page_url")),
        **{
            field: line(told.get(field))
            for field in ("type", "movement", "medium", "genre", "country", "museum", "city", "dimensions",
                          "image_credit", "credit", "rights", "wikipedia")
        },
        culture=line(told.get("culture")) or made.culture,
        public_domain=bool(_FREE.match(line(told.get("rights")))),
        recorded={} if made.sure else {"artist": said_artist},
    )  # fmt: skip


def _list(value: object) -> list[object]:
    if isinstance(value, (list, tuple)):
        return list(value)
    text = str(value if value is not None else "")
    separator = next((s for s in SEPARATORS if s in text), None)
    return text.split(separator) if separator else [text]


TABLES = (
    AnyTable("csv", "A table as CSV", "a .csv or .tsv file, in any usual encoding", (".csv", ".tsv", ".txt"), csv_table),
    AnyTable(
        "jsonl",
        "A table as JSON",
        "a .jsonl file with one object a line, or a .json array",
        (".jsonl", ".json", ".ndjson"),
        json_table,
    ),
    AnyTable("xlsx", "A spreadsheet", "an .xlsx file", (".xlsx",), xlsx_table),
    AnyTable("parquet", "A table as Parquet", "a .parquet file", (".parquet",), parquet_table),
)
