"""The Walters Art Museum's objects as JSON, one a line or one a file: as its API published them in 2015
(WaltersArtMuseum/api-thewalters-org; data and pictures CC0, descriptions GNU FDL)."""

from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, number, objects, plain, terms
from artrec.sources.dates import agreed, undated
from artrec.sources.makers import Maker, maker
from artrec.sources.peek import first_record
from artrec.sources.reading import records
from artrec.sources.tgn import NATIONS

TYPES = {
    "Manuscripts & Rare Books": "manuscript", "Ceramics": "ceramic", "Metal": "metalwork", "Arms & Armor": "metalwork",
    "Gold, Silver & Jewelry": "jewellery", "Ivory & Bone": "carving", "Prints": "print", "Precious Stones & Gems": "jewellery",
    "Enamels": "metalwork", "Miniatures": "painting", "Glasswares": "glass", "Lacquer & Inlay": "lacquer",
    "Textiles": "textile", "Stained & Painted Glass": "stained glass", "Mosaics & Cosmati": "mosaic", "Furniture": "furniture",
    "Sculpture": "sculpture", "Stone": "sculpture", "Wood": "carving", "Timepieces, Clocks & Watches": "metalwork",
    "Coins & Medals": "metalwork", "Niello": "metalwork",
}  # fmt: skip
OBJECTS = (  # what the mixed classes hold, by what the museum calls each object
    (("watercolor", "painting", "icon", "panel", "kakemono", "emakimono", "scroll", "altarpiece", "tondi", "triptych", "screen",
      "album", "fusuma", "predella", "portrait"), "painting"),
    (("fresco", "mural"), "mural"), (("drawing", "sketch", "pastel", "studies"), "drawing"),
    (("woodcut", "print", "etching", "engraving", "lithograph"), "print"), (("manuscript", "book", "folio"), "manuscript"),
    (("photograph",), "photograph"), (("statu", "figurine", "sculpture", "bust"), "sculpture"), (("relief",), "relief"),
    (("vase", "bowl", "jar"), "ceramic"),
)  # fmt: skip
FIGURES = ("statu", "figurine", "sculpture", "busts", "heads (representations)")
MIXED = {"", "Painting & Drawing", "Leather", "Pearl, Horn, Coral & Shell", "Resin, Wax & Composite", "Mummies & Cartonnage"}
MAKERS = {
    "Artist", "Painter", "Sculptor", "Calligrapher", "Manufacturer", "Metalworker", "Ceramicist", "Workshop", "Jeweler",
    "Clockmaker",
    "Silversmith", "Goldsmith", "Enameler", "Potter", "Cabinetmaker", "Engraver", "Illuminator", "Designer", "Decorator",
}  # fmt: skip
MOVEMENTS = {  # periods that are styles too
    "renaissance", "early renaissance", "high renaissance", "late renaissance", "baroque", "rococo", "neoclassical",
    "romanesque",
    "gothic", "hellenistic", "carolingian", "ottonian", "safavid", "qajar", "timurid", "ottoman", "mamluk", "abbasid",
    "fatimid",
}  # fmt: skip
NO_SUBJECT = {"walters art museum", "art"}


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
    own = line(r.get("ObjectID"))
    if not own:
        return LeftOut(where, "it has no ObjectID", "Give records as the museum published them.", line(r.get("Title")))
    creators = objects(r.get("Creators"))
    artist, gender, people = _artist(creators)
    told = "; ".join(f"{line(c.get('ConcatDisplayName'))} ({line(c.get('Role')).lower()})" for c in creators)
    said = line(r.get("DateText"))
    begin, end = (
        number(r.get(key)) or None for key in ("DateBeginYear", "DateEndYear")
    )  # the museum writes 0 where it does not know
    start, end = agreed(said, begin, end) if begin and end else agreed(said, None, None)
    country, places, depicted = _places(r.get("Geographies"))
    kind, called = line(r.get("Classification")), line(r.get("ObjectName"))
    style, period = line(r.get("Style")), line(r.get("Period"))
    images = sorted(objects(r.get("Images")), key=lambda i: not i.get("IsPrimary"))
    image = next((address(i["ImageURLs"].get("Large")) for i in images if isinstance(i.get("ImageURLs"), dict)), "")
    return artwork(
        where,
        own,
        artwork_id=identifier("walters", own),
        title=line(r.get("Title")) or called.split(";")[0].strip().capitalize(),
        artist=artist.name,
        artist_life=artist.life,
        artist_gender=gender,
        year_start=start,
        year_end=end,
        date_text="" if undated(said) else said,
        type=_type(kind, called.lower()),
        movement=_movement(style, period),
        medium=line(r.get("Medium")),
        subjects=terms(_subjects(r.get("Keywords"), depicted)),
        culture=line(r.get("Culture")).replace(";", ",") or people,
        country=country,
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
            "type": kind, "object": called, "period": period, "style": style, "dynasty": line(r.get("Dynasty")),
            "reign": line(r.get("Reign")), "artist": line(told) if len(creators) > 1 or not artist.name else "",
        } | places,
    )  # fmt: skip


def _artist(creators: list[dict]) -> tuple[Maker, str, str]:
    """The first maker of the work who is a person or a workshop, their gender, and the people it is of; authors, scribes and
    publishers made something else."""
    known = [(c, maker(line(c.get("ConcatDisplayName")))) for c in creators if c.get("Role") in MAKERS]
    named = [(c, found) for c, found in known if found.name]
    first, artist = next(((c, m) for c, m in named if m.life or c.get("Gender")), named[0] if named else ({}, Maker()))
    people = next((m.culture for _, m in known if m.culture), "")
    return artist, {"male": "man", "female": "woman"}.get(str(first.get("Gender")), ""), artist.culture or people


def _places(places: object) -> tuple[str, dict[str, str], list[str]]:
    """(country of origin, the museum's words for it and for the place, places depicted), by the hierarchy of the Getty
    Thesaurus of Geographic Names."""
    country = vernacular = place = ""
    depicted = []
    for each in objects(places):
        term, way = line(each.get("GeographyTerm")), line(each.get("GeoHierarchy")).split("\\")
        if each.get("GeoType") == "Place Depicted":
            depicted.append(NATIONS.get(term, term))
        elif each.get("GeoType") == "Place of Origin" and not country:
            nation = [*way[way.index("nations") + 1 :], term] if "nations" in way else []
            vernacular = next(filter(None, nation), "")
            country, place = NATIONS.get(vernacular, vernacular), place or term
    recorded = {"country": vernacular if vernacular != country else "", "place": place if place != vernacular else ""}
    return country, recorded, depicted


def _type(kind: str, called: str) -> str:
    if kind not in MIXED:
        figure = kind in ("Metal", "Ivory & Bone", "Stone", "Wood", "Ceramics") and any(word in called for word in FIGURES)
        return "sculpture" if figure else TYPES.get(kind, "")
    return next((found for words, found in OBJECTS if any(word in called for word in words)), "")


def _movement(style: str, period: str) -> str:
    style = style.split("~")[0].strip()
    if style.endswith(" ware") or style.lower().startswith("famille "):  # of pottery
        style = ""
    return style or (period if period.lower() in MOVEMENTS else "")


def _subjects(keywords: object, depicted: list[str]) -> Iterator[str]:
    for word in line(keywords).split(";"):
        for part in word.strip(" *").split(" -- "):
            if part.lower() not in NO_SUBJECT:
                yield part
    yield from depicted
