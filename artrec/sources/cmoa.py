"""The Carnegie Museum of Art's collection as JSON (cmoa/collection, 2017, CC0): objects and the photographs of Charles
"Teenie" Harris, one a line or one a file."""

from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, inches, line, lived, number, plain, terms, turned
from artrec.sources.dates import years
from artrec.sources.peek import first_record
from artrec.sources.reading import records

TYPES = {
    "prints": "print", "drawings and watercolors": "drawing", "photographs": "photograph", "ceramics": "ceramic",
    "paintings": "painting", "metals": "metalwork", "containers": "metalwork", "sculpture": "sculpture", "glass": "glass",
    "wood": "carving", "textiles": "textile", "lighting devices": "metalwork", "furniture": "furniture", "video": "video",
    "films": "video", "books": "manuscript", "costume": "textile", "architectural drawings": "drawing",
    "architectural models": "architecture", "architectural elements": "architecture", "installations": "installation",
    "photographic negative": "photograph", "photographic print": "photograph", "jewelry": "jewellery", "posters": "poster",
    "performance": "performance", "digital images": "photograph", "collages": "drawing",
}  # fmt: skip
ASIDE = ("after", "publisher", "publishers", "manufacturer", "retailer", "printer")


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
    own = str(r.get("id") or "").removeprefix("cmoa:things/")
    if not own:
        return LeftOut(where, "it has no id", "Give records as the museum published them.", line(r.get("title")))
    people = [p for p in r.get("creator") or () if isinstance(p, dict)]
    maker = next((p for p in people if str(p.get("role") or "").lower() not in ASIDE), people[0] if people else {})
    name = turned(line(maker.get("full_name") or maker.get("cited_name")))
    unknown = name.lower().startswith(("unknown", "unidentified", "anonymous"))
    said = line(r.get("creation_date"))
    span = years(said) if said else None
    if span is None:
        found = [years(str(r.get(key) or "")) for key in ("creation_date_earliest", "creation_date_latest")]
        span = tuple(None if f is None else f[0] for f in found)
    kind = line(r.get("classification"))
    role = line(maker.get("role"))
    images = [address(i.get("image_url")) for i in r.get("images") or () if isinstance(i, dict)]
    born, died = (number(str(maker.get(key) or "")[:4]) for key in ("birth_date", "death_date"))
    nationality = line(maker.get("nationality"))
    return artwork(
        where,
        own,
        artwork_id=identifier("cmoa", own),
        title=line(r.get("title")) or (f"Untitled ({kind.lower()})" if kind else ""),
        artist="" if unknown else name,
        artist_life=None if unknown or maker.get("party_type") != "Person" else lived(born, died),
        artist_gender="group" if maker.get("party_type") == "Collaboration" else "",
        year_start=span[0],
        year_end=span[1],
        date_text=said,
        type=TYPES.get(kind.lower(), ""),
        medium=line(r.get("medium")),
        subjects=terms([kind.lower()] if kind else ()),
        culture="" if nationality.lower() == "undetermined" else nationality,
        museum="Carnegie Museum of Art",
        city="Pittsburgh",
        dimensions=inches(r.get("item_height"), r.get("item_width"), r.get("item_depth")),
        description=plain(r.get("description")),
        image_url=next(filter(None, images), ""),
        image_credit="Carnegie Museum of Art" if any(images) else "",
        credit=line(r.get("credit_line")),
        rights="",
        page_url=address(r.get("web_url")),
        recorded={k: v for k, v in (("type", kind), ("artist role", role), ("artist", name if unknown else "")) if v},
    )
