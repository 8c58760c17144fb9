"""The Walters Art Museum's objects as JSON, one a line or one a file: as its API published them in 2015 (data and pictures
CC0, descriptions GNU FDL)."""

import re
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, named, number, plain, terms
from artrec.sources.dates import years
from artrec.sources.peek import first_record
from artrec.sources.reading import records

TYPES = {
    "Manuscripts & Rare Books": "manuscript", "Ceramics": "ceramic", "Metal": "metalwork", "Arms & Armor": "metalwork",
    "Gold, Silver & Jewelry": "jewellery", "Ivory & Bone": "carving", "Prints": "print", "Precious Stones & Gems": "jewellery",
    "Enamels": "metalwork", "Miniatures": "painting", "Glasswares": "glass", "Lacquer & Inlay": "lacquer",
    "Textiles": "textile", "Stained & Painted Glass": "stained glass", "Mosaics & Cosmati": "mosaic", "Furniture": "furniture",
    "Sculpture": "sculpture", "Stone": "sculpture", "Wood": "carving", "Timepieces, Clocks & Watches": "metalwork",
    "Coins & Medals": "metalwork",
}  # fmt: skip
MAKERS = ("Artist", "Painter", "Sculptor", "Calligrapher", "Manufacturer", "Metalworker", "Ceramicist", "Workshop")
_PEOPLE = re.compile(  # not a person
    r"(?:\w+[ -])?\w*(?:an|ish|ese|ench|ine|ic|eek|utch|ite|ote|ttic|esque|eastern|swiss|maya|thai|viking|moche"
    r"|colima|tairona|olmec|na[sz]ca|chavín|chimú|inca|recuay|nariño|chancay)",
    re.IGNORECASE,
)


class Walters:
    """See the module."""

    name = "walters"
    label = "The Walters Art Museum"
    expects = "objects as JSON, one a line (also .gz), or a folder or zip of such files"

    def recognises(self, path: Path) -> bool:
        """By fields that only this museum has."""
        found = first_record(path)
        return found is not None and {"ObjectID", "ObjectNumber", "Creators"} <= found.keys()

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works."""
        for where, record in records(path):
            yield record if isinstance(record, LeftOut) else _work(where, record)


def _work(where: str, r: dict) -> Artwork | LeftOut:
    if r.get("ObjectID") is None:
        return LeftOut(where, "it has no ObjectID", "Give records as the museum published them.", line(r.get("Title")))
    makers = [c for c in r.get("Creators") or () if isinstance(c, dict)]
    people = [(c, *named(str(c.get("ConcatDisplayName") or ""))) for c in makers if c.get("Role") in MAKERS]
    person = next(((c, name, lived) for c, name, lived in people if lived or c.get("Gender")), None)
    schools = [name for _, name, lived in people if not lived and _PEOPLE.fullmatch(name)]
    artist = person or next(((c, name, lived) for c, name, lived in people if name and name not in schools), None)
    begin, end = number(r.get("DateBeginYear")), number(r.get("DateEndYear"))
    if not begin and not end:  # the museum writes 0 where it does not know
        begin, end = years(str(r.get("DateText") or "")) or (None, None)
    places = [g for g in r.get("Geographies") or () if isinstance(g, dict)]
    made = next((line(g.get("GeographyTerm")) for g in places if g.get("GeoType") == "Place of Origin"), "")
    kind = line(r.get("Classification"))
    subjects = [
        *str(r.get("Keywords") or "").split(";"),
        *(g.get("GeographyTerm") for g in places if g.get("GeoType") == "Place Depicted"),
    ]
    images = sorted((i for i in r.get("Images") or () if isinstance(i, dict)), key=lambda i: not i.get("IsPrimary"))
    image = next((address((i.get("ImageURLs") or {}).get("Large")) for i in images), "")
    objects = str(r.get("ObjectName") or "").split(";")[0].strip()
    return artwork(
        where,
        r["ObjectID"],
        artwork_id=identifier("walters", r["ObjectID"]),
        title=line(r.get("Title")) or line(objects).capitalize(),
        artist=artist[1] if artist else "",
        artist_life=artist[2] if artist else None,
        artist_gender={"male": "man", "female": "woman"}.get(str(artist[0].get("Gender")), "") if artist else "",
        year_start=begin,
        year_end=end,
        date_text=line(r.get("DateText")),
        type=TYPES.get(kind) or _type(objects),
        movement=line(r.get("Style")),
        medium=line(r.get("Medium")),
        subjects=terms(subjects),
        culture=line(r.get("Culture")) or (schools[0] if schools else ""),
        country=made,
        museum="The Walters Art Museum",
        city="Baltimore",
        dimensions=line(r.get("Dimensions")),
        description=plain(r.get("Description")),
        image_url=image,
        image_credit="The Walters Art Museum, CC0" if image else "",
        credit=line(r.get("CreditLine")),
        rights="CC0",
        public_domain=True,
        page_url=address(r.get("ResourceURL")),
        recorded={
            k: v for k, v in (("type", kind), ("period", line(r.get("Period"))), ("dynasty", line(r.get("Dynasty")))) if v
        },
    )


def _type(objects: str) -> str:
    """The kind of a work in the mixed class "Painting & Drawing", and of what has no class, from what the museum calls it."""
    for words, kind in (
        (("painting", "watercolor", "icon", "panel"), "painting"), (("drawing", "sketch", "pastel"), "drawing"),
        (("woodcut", "print", "etching", "engraving", "lithograph"), "print"), (("manuscript", "book", "folio"), "manuscript"),
        (("photograph",), "photograph"), (("statue", "figurine", "sculpture", "bust"), "sculpture"), (("relief",), "relief"),
        (("vase", "bowl", "jar"), "ceramic"), (("album",), "painting"),
    ):  # fmt: skip
        if any(word in objects.lower() for word in words):
            return kind
    return ""
