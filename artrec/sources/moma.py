"""The Museum of Modern Art's collection, Artworks.csv or Artworks.json (MuseumofModernArt/collection, CC0)."""

import re
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, lived, nobody, number
from artrec.sources.dates import years
from artrec.sources.kinds import kind_of
from artrec.sources.peek import first_record
from artrec.sources.published import columns_in, table_of
from artrec.sources.reading import records

COLUMNS = {"Title", "Artist", "ConstituentID", "ArtistBio", "BeginDate", "AccessionNumber", "ObjectID"}


class ModernArt:
    """See the module."""

    name = "moma"
    label = "The Museum of Modern Art"
    expects = "Artworks.csv or Artworks.json (also .gz)"

    def recognises(self, path: Path) -> bool:
        """By the columns or fields."""
        if _json(path):
            return (first_record(path) or {}).keys() >= COLUMNS
        return columns_in(path, COLUMNS)

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works."""
        rows = records(path) if _json(path) else table_of(path, COLUMNS, "Artworks.csv")
        for where, row in rows:
            yield row if isinstance(row, LeftOut) else _work(where, row)


def _json(path: Path) -> bool:
    return str(path).lower().removesuffix(".gz").endswith((".json", ".zip")) or Path(path).is_dir()


def _first(value: object) -> str:
    """The first maker's value: JSON has lists, CSV has "(American) (French)"."""
    if isinstance(value, list):
        return line(value[0]) if value else ""
    found = re.match(r"\s*\(([^)]*)\)", str(value or ""))
    return line(found.group(1) if found else value)


def _work(where: str, r: dict) -> Artwork | LeftOut:
    if not r.get("ObjectID"):
        return LeftOut(where, "it has no ObjectID", "Give the file as published.", line(r.get("Title")))
    makers = r.get("Artist")
    several = len(makers) > 1 if isinstance(makers, list) else str(r.get("Gender") or "").count("(") > 1
    name = line(", ".join(map(str, makers)) if isinstance(makers, list) else makers)
    unknown = nobody(name)
    nation = _first(r.get("Nationality"))
    said = line(r.get("Date"))
    span = years(said) or (None, None)
    gender = {"male": "man", "female": "woman", "non-binary": "nonbinary"}.get(_first(r.get("Gender")).lower(), "")
    born, died = (number(_first(r.get(key))) or None for key in ("BeginDate", "EndDate"))
    kind = line(r.get("Classification"))
    image = address(r.get("ImageURL") or r.get("ThumbnailURL"))
    recorded = {"type": kind, "artist": name if unknown else "", "artist life": line(_first(r.get("ArtistBio")))}
    return artwork(
        where,
        r["ObjectID"],
        artwork_id=identifier("moma", r["ObjectID"]),
        title=line(r.get("Title")),
        artist="" if unknown else name,
        artist_life=None if several or unknown else lived(born, died),
        artist_gender="group" if several else gender,
        year_start=span[0],
        year_end=span[1],
        date_text=said,
        type=kind_of(kind, "", line(r.get("Medium"))),
        medium=line(r.get("Medium")),
        culture="" if "unknown" in nation.lower() else nation,
        museum="The Museum of Modern Art",
        city="New York",
        dimensions=line(r.get("Dimensions")),
        image_url=image,
        image_credit="The Museum of Modern Art" if image else "",
        credit=line(r.get("CreditLine")),
        page_url=address(r.get("URL")),
        recorded=recorded,
    )
