"""Paintings as a table drawn from Wikidata (uclab-potsdam/artonwikidata, CC0).

Its columns: id, year, _title, _creation, _artist, _country, _depicts, _genre, _material, _movement, _museum. Several values
share a cell, with a comma between them; a comma inside a value is written "，".
"""

from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import artwork, identifier, line, nobody, number, terms
from artrec.sources.published import columns_in, table_of

COLUMNS = {"id", "year", "_title", "_artist", "_depicts", "_material", "_movement", "_museum"}


class Wikidata:
    """See the module."""

    name = "wikidata"
    label = "Wikidata paintings"
    expects = "paintings.csv"

    def recognises(self, path: Path) -> bool:
        """By the table's columns."""
        return columns_in(path, COLUMNS)

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the paintings."""
        for where, row in table_of(path, COLUMNS, "paintings.csv"):
            yield row if isinstance(row, LeftOut) else _work(where, row)


def _work(where: str, r: dict) -> Artwork | LeftOut:
    own = line(r["id"])
    year = number(r.get("_creation") or r.get("year"))
    artists, genres, movements, museums = (_values(r, f"_{field}") for field in ("artist", "genre", "movement", "museum"))
    name = "" if not artists or nobody(artists[0]) else artists[0]
    several = {"artist": artists, "genre": genres, "movement": movements, "museum": museums}
    return artwork(
        where,
        own,
        artwork_id=identifier("wikidata", own),
        title=line(r.get("_title")),
        artist=name,
        year_start=year,
        year_end=year,
        type="painting",
        movement=movements[0] if movements else "",
        medium=", ".join(_values(r, "_material")).lower(),
        genre=genres[0].lower() if genres else "",
        subjects=terms(_values(r, "_depicts")),
        country=next(iter(_values(r, "_country")), ""),
        museum=museums[0] if museums else "",
        rights="CC0 (Wikidata)",
        page_url=f"https://www.wikidata.org/wiki/{own}" if own[:1] == "Q" and own[1:].isdigit() else "",
        recorded={field: line("; ".join(values)) for field, values in several.items() if len(values) > 1},
    )


def _values(r: dict, field: str) -> list[str]:
    values = (line(part.replace("，", ",")) for part in str(r.get(field) or "").split(","))
    return [value for value in values if value]
