"""Tate's collection as JSON, one file a work (tategallery/collection, 2014, CC0): `artworks/<letter>/<nnn>/<acno>-<id>.json`,
and `artists/<letter>/<name>-<id>.json` beside it, which tells a movement where the work's own record has none."""

from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, life, line, lived, nobody, number, objects, terms, turned
from artrec.sources.dates import agreed, undated
from artrec.sources.makers import UNSURE
from artrec.sources.peek import first_record
from artrec.sources.reading import records

MIDDLES = {  # of the second level of subjects, those that say something by themselves, and how
    name.partition(" = ")[0]: name.partition(" = ")[2] or name
    for name in (
        "landscape", "seascapes and coasts", "water: inland = inland water", "trees", "ruins", "bridges and viaducts",
        "military", "nudes", "portraits", "self-portraits", "weather", "natural phenomena", "times of the day",
        "birth to death", "death", "social comment", "still life", "interiors", "animals: mammals = mammals",
        "animals: birds = birds", "animals: fish and aquatic life = fish and aquatic life", "animals: insects = insects",
        "animals: fantastic = fantastic animals", "plants and flowers", "Judaeo-Christian imagery",
        "Bible: Old Testament = Old Testament", "Bible: New Testament = New Testament", "universal religious imagery",
        "classical myths: gods and heroes = classical gods and heroes", "literature (not Shakespeare) = literature",
        "Shakespeare", "mysticism", "magic and occultism", "agriculture and fishing", "agriculture, gardening & fishing",
        "crime and punishment", "education, science and learning", "family", "food and drink", "furnishings",
        "government and politics", "medical", "music and entertainment", "music and performing arts", "sex and relationships",
        "sport", "weapons", "transport: water = water transport", "transport: land = land transport",
        "transport: air = air transport", "military: World War I = World War I", "military: World War II = World War II",
        "astronomy", "children", "monuments", "toys and models", "heating and lighting", "fine arts and music",
        "garden structures", "clothing and personal effects",
    )
}  # fmt: skip
EMPTY = {
    "irregular forms", "printed text", "title/s", "inscriptions", "individuals: male", "individuals: female", "male", "female",
    "man-made", "periods and styles", "figure", "colour", "group", "artist's notes",
}  # fmt: skip
KINDS = ("animal", "artist", "bird", "dog", "fish", "flower", "fruit", "insect", "instrument", "tree")
POINTS = ("East", "West", "North", "South")
PRINTED = ("engraving", "etching", "lithograph", "mezzotint", "aquatint", "screenprint", "woodcut")
TYPES = {
    "painting": "painting", "sculpture": "sculpture", "installation": "installation", "relief": "relief",
    "time-based media": "video", "on paper, photograph": "photograph", "on paper, print": "print",
}  # fmt: skip


class Tate:
    """See the module."""

    name = "tate"
    label = "Tate"
    expects = "the folder with artworks/ and artists/, or a zip of it"

    def recognises(self, path: Path) -> bool:
        """By fields that only this museum has."""
        found = first_record(path)
        return found is not None and ({"acno", "catalogueGroup"} <= found.keys() or {"mda", "totalWorks"} <= found.keys())

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works. Artists come before artworks in the order of names; of them only their movements are kept."""
        movements: dict[int, str] = {}
        for where, record in records(path):
            if isinstance(record, LeftOut):
                yield record
            elif record.get("acno"):
                yield _work(where, record, movements)
            elif "mda" in record and "totalWorks" in record:
                known = _names(record.get("movements"))
                if len(known) == 1 and isinstance(record.get("id"), int):
                    movements[record["id"]] = known[0]
            else:
                yield LeftOut(where, "it is no record of a work", "Give the museum's own files.", line(record.get("title")))


def _work(where: str, r: dict, movements: dict[int, str]) -> Artwork | LeftOut:
    own = line(r["acno"])
    people = objects(r.get("contributors"))
    roles = [line(p.get("role")) for p in people]
    maker = next((p for p, role in zip(people, roles, strict=True) if not UNSURE.match(role)), {})
    name = line(maker.get("fc")) or turned(line(maker.get("mda")))
    name = "" if nobody(name) else name
    told = "; ".join(
        " ".join(filter(None, (role.removesuffix("artist"), line(p.get("fc"))))) for p, role in zip(people, roles, strict=True)
    )
    span = life(line(maker.get("date")))
    said = line(r.get("dateText"))
    dated = r["dateRange"] if isinstance(r.get("dateRange"), dict) else {}
    start, end = agreed(said, number(dated.get("startYear")), number(dated.get("endYear")))
    own_movements = _names(r.get("movements"))
    artists_own = movements.get(maker["id"], "") if isinstance(maker.get("id"), int) else ""
    kind, medium = line(r.get("classification")), line(r.get("medium"))
    image, rights, group = address(r.get("thumbnailUrl")), line(r.get("thumbnailCopyright")), line(r.get("groupTitle"))
    return artwork(
        where,
        own,
        artwork_id=identifier("tate", own),
        title=line(r.get("title")),
        artist=name,
        artist_life=(span or lived(number(maker.get("birthYear")), None)) if name else None,
        artist_gender={"Male": "man", "Female": "woman"}.get(str(maker.get("gender")), "") if name else "",
        year_start=start,
        year_end=end,
        date_text="" if undated(said) else said,
        type=_type(kind, medium.lower()),
        movement=own_movements[0] if own_movements else artists_own,
        medium=medium,
        subjects=terms(_subjects(r.get("subjects"))),
        museum="Tate",
        city="London",
        dimensions=line(r.get("dimensions")),
        description=f"From {group.rstrip('.')}." if group else "",
        image_url=image,
        image_credit=rights or ("Tate" if image else ""),
        credit=line(r.get("creditLine")),
        rights=rights,
        page_url=address(r.get("url")),
        recorded={
            "type": kind, "title": line(r.get("foreignTitle")), "artist": line(told) if len(people) > 1 or not name else "",
            "movement": "; ".join(own_movements) or (f"{artists_own} (of the artist)" if artists_own else ""),
        },
    )  # fmt: skip


def _names(movements: object) -> list[str]:
    return [name for each in objects(movements) if (name := line(each.get("name")))]


def _subjects(tree: object, depth: int = 0) -> Iterator[str]:
    """The leaves of the tree of subjects, and the middles that say something by themselves; its first level is too wide."""
    if not isinstance(tree, dict) or depth > 6:
        return
    children = objects(tree.get("children"))
    name = line(tree.get("name"))
    for child in children:
        yield from _subjects(child, depth + 1)
    if children and name in MIDDLES:
        yield MIDDLES[name]
    elif not children and depth and name and name not in EMPTY:
        yield from _said(name)


def _said(name: str) -> Iterator[str]:
    """ "man, old" → "old man"; "instrument, lyre" → "lyre"; "Sussex, East" → "East Sussex"; "head / face" → both."""
    name = name.removesuffix(" - non-specific")
    if " / " in name:
        yield from name.split(" / ")
        return
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and parts[0] in KINDS:
        yield parts[1]
    elif (
        len(parts) == 2
        and parts[1]
        and (parts[1] in POINTS or parts[0][:1].islower() and parts[1][:1].islower() and " and " not in name)
    ):
        yield f"{parts[1]} {parts[0]}"
    else:
        yield name


def _type(kind: str, medium: str) -> str:
    if kind == "on paper, unique":
        if "photograph" in medium or "gelatin silver" in medium:
            return "photograph"
        return "print" if any(word in medium for word in PRINTED) else "drawing"
    return TYPES.get(kind, "")
