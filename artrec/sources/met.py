"""The Metropolitan Museum of Art's open access table, MetObjects.csv (metmuseum/openaccess, CC0). It has no addresses of
pictures."""

from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, lived, nobody, number, terms
from artrec.sources.kinds import kind_of
from artrec.sources.published import columns_in, table_of

COLUMNS = {"Object ID", "Object Number", "Is Public Domain", "Artist Display Name", "Object Begin Date"}


class Metropolitan:
    """See the module."""

    name = "met"
    label = "The Metropolitan Museum of Art"
    expects = "MetObjects.csv (also .gz)"

    def recognises(self, path: Path) -> bool:
        """By the table's columns."""
        return columns_in(path, COLUMNS)

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works."""
        for where, row in table_of(path, COLUMNS, "MetObjects.csv"):
            yield row if isinstance(row, LeftOut) else _work(where, row)


def _work(where: str, r: dict) -> Artwork | LeftOut:
    def first(column: str) -> str:
        """Several makers stand in one cell, with | between; the first one's value."""
        return line(str(r.get(column) or "").split("|")[0])

    said, prefix = line(r.get("Object Date")), first("Artist Prefix")
    start, end = number(r.get("Object Begin Date")), number(r.get("Object End Date"))
    if not said and (start, end) == (0, 0):
        start = end = None
    name = first("Artist Display Name")
    unknown = nobody(name)
    whose = "" if unknown or prefix else name
    gender = {"female": "woman", "male": "man"}.get(first("Artist Gender").lower(), "")
    open_access = str(r.get("Is Public Domain")).lower() == "true"
    kind = line(r.get("Classification"))
    recorded = {"type": kind, "period": line(r.get("Period")), "dynasty": line(r.get("Dynasty"))}
    if prefix or unknown:
        recorded["artist"] = f"{prefix} {name}".strip()
    return artwork(
        where,
        r["Object ID"],
        artwork_id=identifier("met", r["Object ID"]),
        title=line(r.get("Title")) or line(r.get("Object Name")),
        artist=whose,
        artist_life=lived(_year(first("Artist Begin Date")), _year(first("Artist End Date"))) if whose else None,
        artist_gender=gender if whose else "",
        year_start=start,
        year_end=end,
        date_text=said,
        type=kind_of(kind, line(r.get("Object Name")), line(r.get("Medium"))),
        medium=line(r.get("Medium")),
        subjects=terms(str(r.get("Tags") or "").split("|")),
        culture=line(r.get("Culture")) or first("Artist Nationality"),
        country=first("Country"),
        museum="The Metropolitan Museum of Art",
        city="New York",
        dimensions=line(r.get("Dimensions")),
        credit=line(r.get("Credit Line")),
        rights="CC0" if open_access else line(r.get("Rights and Reproduction")),
        public_domain=open_access,
        page_url=address(r.get("Link Resource")),
        recorded=recorded,
    )


def _year(text: str) -> int | None:
    """The year of a life; the table writes 9999 for the living."""
    value = number(text[:5])
    return None if value in (None, 0, 9999) else value
