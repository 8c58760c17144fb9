"""Paintings as a table drawn from Wikidata (uclab-potsdam/artonwikidata, CC0): the columns id, year, _title, _creation,
_artist, _country, _depicts, _genre, _material, _movement, _museum."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.errors import CatalogueError
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import artwork, identifier, line, number, terms
from artrec.sources.reading import opened

COLUMNS = {"id", "year", "_title", "_artist", "_depicts", "_material", "_movement", "_museum"}


class Wikidata:
    """See the module."""

    name = "wikidata"
    label = "Wikidata paintings"
    expects = "paintings.csv"

    def recognises(self, path: Path) -> bool:
        """By the table's columns."""
        try:
            with opened(path) as stream:
                return set(stream.read(2_000).decode("utf-8-sig", "replace").split("\n")[0].strip().split(",")) >= COLUMNS
        except (CatalogueError, OSError, EOFError):
            return False

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the paintings."""
        with opened(Path(path)) as stream:
            rows = csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", errors="strict", newline=""))
            try:
                missing = COLUMNS - set(rows.fieldnames or ())
                if missing:
                    raise CatalogueError(
                        f"{path} has no column {sorted(missing)[0]}.", "Give the table as published, or import it as csv."
                    )
                for row in rows:
                    yield _work(f"{Path(path).name}, line {rows.line_num}", row)
            except (UnicodeDecodeError, csv.Error, EOFError, OSError) as error:
                where = f"{Path(path).name}, line {rows.line_num + 1}"
                yield LeftOut(
                    where, f"the table breaks off here ({str(error)[:80]})", "Download it again, or save it as UTF-8."
                )


def _work(where: str, r: dict) -> Artwork | LeftOut:
    if None in r or not r.get("id"):
        return LeftOut(
            where, "the row has another number of cells than the header", "Mend the row.", str(r.get("_title"))[:200]
        )
    year = number(r.get("_creation") or r.get("year"))
    title = line(r.get("_title"))

    def split(field: str) -> list[str]:
        """A cell's values; the table writes a comma inside a name as "，"."""
        return [part.replace("，", ",").strip() for part in str(r.get(field) or "").split(",")]

    return artwork(
        where,
        r["id"],
        artwork_id=identifier("wikidata", r["id"]),
        title=title,
        artist=line(r.get("_artist")),
        year_start=year,
        year_end=year,
        type="painting",
        movement=line(split("_movement")[0]),
        medium=", ".join(filter(None, split("_material"))).lower(),
        genre=line(split("_genre")[0]).lower(),
        subjects=terms(split("_depicts")),
        country=line(r.get("_country")),
        museum=line(r.get("_museum")),
        rights="CC0 (Wikidata)",
        page_url=f"https://www.wikidata.org/wiki/{r['id']}" if str(r["id"]).startswith("Q") else "",
    )
