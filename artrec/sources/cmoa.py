"""The Carnegie Museum of Art's collection as JSON (cmoa/collection, 2017, CC0): objects and the photographs of Charles
"Teenie" Harris, one a line or one a file."""

import re
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, inches, line, lived, nobody, objects, plain, turned
from artrec.sources.dates import EARLIEST, LATEST, undated, years
from artrec.sources.kinds import kind_of
from artrec.sources.makers import UNSURE
from artrec.sources.peek import first_record
from artrec.sources.peoples import is_people
from artrec.sources.reading import records

TYPES = {
    "prints": "print", "drawings and watercolors": "drawing", "photographs": "photograph", "ceramics": "ceramic",
    "paintings": "painting", "metals": "metalwork", "sculpture": "sculpture", "glass": "glass", "textiles": "textile",
    "furniture": "furniture", "video": "video", "video art": "video", "films": "video", "costume": "textile",
    "architectural drawings": "drawing", "architectural models": "architecture", "architectural elements": "architecture",
    "installations": "installation", "photographic negative": "photograph", "photographic print": "photograph",
    "jewelry": "jewellery", "posters": "poster", "performance": "performance", "digital images": "photograph",
    "textile art": "textile",
}  # fmt: skip
BY_MEDIUM = {
    "containers",
    "lighting devices",
    "crèches",
    "tools and equipment",
    "weapons and ammunition",
    "recreational artifacts",
}
FURNITURE = re.compile(
    r"chair|stool|table\b|cabinet|desk|chest\b|couch|sofa|settee|bench|bed\b|sideboard|bookcase|cupboard|rocker", re.IGNORECASE
)
ASIDE = {
    "after",
    "publisher",
    "publishers",
    "publisher?",
    "editor and publisher",
    "retailer",
    "printer",
    "commissioner",
    "editor",
}


class Carnegie:
    """See the module."""

    name = "cmoa"
    label = "Carnegie Museum of Art"
    expects = "objects as JSON, one a line (also .gz), or a folder or zip of such files"

    def recognises(self, path: Path) -> bool:
        """By the form of its ids."""
        found = first_record(path)
        return found is not None and str(found.get("id", "")).startswith("cmoa:")

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works."""
        for where, record in records(path):
            yield record if isinstance(record, LeftOut) else _work(where, record)


def _work(where: str, r: dict) -> Artwork | LeftOut:
    own = line(r.get("id")).removeprefix("cmoa:things/")
    if not own:
        return LeftOut(where, "it has no id", "Give records as the museum published them.", line(r.get("title")))
    people = objects(r.get("creator"))
    maker = _maker(people)
    name = line(maker.get("full_name") or maker.get("cited_name")).replace(" ,", ",")
    name = "" if nobody(name) or is_people(name.split(",")[0]) else turned(name)
    told = "; ".join(
        line(p.get("full_name")) + (f" ({line(p.get('role')).lower()})" if p.get("role") and len(people) == 1 else "")
        for p in people
    )
    nationality = line((maker or (people[0] if people else {})).get("nationality"))
    said = line(r.get("creation_date"))
    start, end = _years(said, *(_year(r.get(f"creation_date_{key}")) for key in ("earliest", "latest")))
    born, died = (_year(maker.get(key)) for key in ("birth_date", "death_date"))
    kind, title, medium = line(r.get("classification")), line(r.get("title")), line(r.get("medium"))
    images = [address(i.get("image_url")) for i in objects(r.get("images"))]
    diameter = inches(r.get("item_diameter"))
    size = inches(r.get("item_height"), r.get("item_width"), r.get("item_depth"))
    return artwork(
        where,
        own,
        artwork_id=identifier("cmoa", own),
        title=title or (f"Untitled ({kind.lower()})" if kind else ""),
        artist=name,
        artist_life=lived(born, died) if name and maker.get("party_type") == "Person" else None,
        artist_gender="group" if name and maker.get("party_type") == "Collaboration" else "",
        year_start=start,
        year_end=end,
        date_text="" if undated(said) else said,
        type=_type(kind.lower(), title, medium),
        medium=medium,
        culture="" if nationality.lower() == "undetermined" else nationality,
        museum="Carnegie Museum of Art",
        city="Pittsburgh",
        dimensions=", ".join(filter(None, (size, diameter and f"diameter {diameter}"))),
        description=plain(r.get("description")),
        image_url=next(filter(None, images), ""),
        image_credit="Carnegie Museum of Art" if any(images) else "",
        credit=line(r.get("credit_line")),
        page_url=address(r.get("web_url")),
        recorded={"type": kind, "artist": line(told) if len(people) > 1 or not name or maker.get("role") else ""},
    )


def _year(day: object) -> int | None:
    """The year of "1883-01-01"."""
    found = re.match(r"-?\d{1,6}(?=-|$)", str(day))
    return int(found[0]) if found else None


def _maker(people: list[dict]) -> dict:
    """The first who surely made the work. The museum's export lost the empty roles of several creators, so that the others
    moved up: where the last has none, "after" and "publisher" are said of a later one, and the first made it."""
    roles = [line(p.get("role")).lower() for p in people]
    moved = len(people) > 1 and not roles[-1]
    for person, role in zip(people, roles, strict=True):
        if not UNSURE.match(role) and role not in ASIDE or moved and role in ASIDE:
            return person
    return {}


def _years(said: str, first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """The years of the date's wording, its open end closed by those beside it; those alone where nothing is worded, since they
    are often a maker's working life."""
    first, last = (y if y is not None and EARLIEST <= y <= LATEST else None for y in (first, last))
    told = years(said) if said else None
    if told is None:
        return first, last
    start, end = told
    if start is None and first is not None and first <= end:
        start = first
    if end is None and last is not None and last >= start:
        end = last
    return start, end


def _type(kind: str, title: str, medium: str) -> str:
    if kind == "wood":
        return "furniture" if FURNITURE.search(title) else ""
    return kind_of(medium) if kind in BY_MEDIUM else TYPES.get(kind, "")
