"""The National Gallery of Art's open data (NationalGalleryOfArt/opendata, CC0): a folder with objects.csv, and beside it
objects_terms.csv, published_images.csv, objects_constituents.csv and constituents.csv where they are there."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from artrec.catalogue import Artwork
from artrec.places import region
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, lived, nobody, number, plain, terms
from artrec.sources.kinds import kind_of
from artrec.sources.makers import maker
from artrec.sources.published import columns_in, table_of

COLUMNS = {"objectid", "accessionnum", "title", "displaydate", "beginyear", "attribution"}


TERMS = ("Style", "School", "Theme", "Keyword", "Place Executed")  # of objects_terms.csv, those that are used
PERSON = ("forwarddisplayname", "beginyear", "endyear", "nationality", "constituenttype")  # what is kept of each maker


class Image(NamedTuple):
    """A work's picture: whether it shows the whole work, its address, whether it is in the public domain, what it shows."""

    primary: bool
    url: str
    opened: bool
    about: str


class NationalGallery:
    """See the module."""

    name = "nga"
    label = "National Gallery of Art"
    expects = "the folder with objects.csv and the tables beside it"

    def recognises(self, path: Path) -> bool:
        """By the columns of objects.csv."""
        return columns_in(_objects(path), COLUMNS)

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works; the tables beside are read first, as far as they are there."""
        objects = _objects(Path(path))
        folder = objects.parent
        words: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in _beside(folder / "objects_terms.csv", {"objectid", "termtype", "term"}):
            if row["termtype"] in TERMS:
                words[str(row["objectid"])][str(row["termtype"])].append(line(row["term"]))
        images: dict[str, Image] = {}
        for row in _beside(folder / "published_images.csv", {"depictstmsobjectid", "iiifthumburl"}):
            own, primary = str(row["depictstmsobjectid"]), row.get("viewtype") == "primary"
            if own not in images or (primary and not images[own].primary):
                base = address(row.get("iiifurl"))
                url = f"{base.rstrip('/')}/full/!600,600/0/default.jpg" if base else address(row["iiifthumburl"])
                images[own] = Image(primary, url, str(row.get("openaccess")) == "1", plain(row.get("assistivetext")))
        people = {
            str(row["constituentid"]): {field: row.get(field) for field in PERSON}
            for row in _beside(folder / "constituents.csv", {"constituentid"})
        }
        makers: dict[str, tuple[bool, int, str]] = {}  # of each work the first, those it is after behind the others
        for row in _beside(folder / "objects_constituents.csv", {"objectid", "constituentid", "roletype"}):
            if row["roletype"] == "artist":
                place = ("after" in str(row.get("role")), number(row.get("displayorder")) or 0, str(row["constituentid"]))
                own = str(row["objectid"])
                makers[own] = min(makers.get(own, place), place)
        for where, row in table_of(objects, COLUMNS, "objects.csv"):
            if isinstance(row, LeftOut):
                yield row
                continue
            own = str(row["objectid"])
            person = people.get(makers[own][2], {}) if own in makers else {}
            yield _work(where, row, words.get(own, {}), images.get(own), person)


def _objects(path: Path) -> Path:
    return Path(path) / "objects.csv" if Path(path).is_dir() else Path(path)


def _beside(file: Path, columns: set[str]) -> Iterator[dict]:
    if file.exists():
        yield from (row for _, row in table_of(file, columns, file.name) if isinstance(row, dict))


def _work(where: str, r: dict, words: dict, image: Image | None, person: dict) -> Artwork | LeftOut:
    if str(r.get("isvirtual")) == "1":
        return LeftOut(where, "it stands for a group of works and is none", "Nothing needs to be done.", line(r.get("title")))
    attribution, school = line(r.get("attribution")), "; ".join(words.get("School", ()))
    made = maker(attribution)
    name = line(person.get("forwarddisplayname")) or made.name
    sure = made.sure and not nobody(name) and person.get("constituenttype") != "anonymous"
    kind, opened = line(r.get("classification")), image is not None and image.opened
    places = words.get("Place Executed", ())
    recorded = {"type": kind, "artist": attribution, "school": school, "place": "; ".join(places)}
    return artwork(
        where,
        r["objectid"],
        artwork_id=identifier("nga", r["objectid"]),
        title=line(r.get("title")),
        artist=name if sure else "",
        artist_life=lived(number(person.get("beginyear")), number(person.get("endyear"))) if sure else None,
        year_start=number(r.get("beginyear")),
        year_end=number(r.get("endyear")),
        date_text=line(r.get("displaydate")),
        type=kind_of(kind, line(r.get("subclassification")), line(r.get("medium"))),
        movement=next(iter(words.get("Style", ())), ""),
        medium=line(r.get("medium")),
        subjects=terms([*words.get("Theme", ()), *words.get("Keyword", ())]),
        culture=line(person.get("nationality")) or made.culture or school.split(";")[0],
        country=next((place for place in places if region(place)), ""),
        museum="National Gallery of Art",
        city="Washington, DC",
        dimensions=line(r.get("dimensions")),
        description=image.about if image else "",
        image_url=image.url if image else "",
        image_credit="National Gallery of Art" if image and image.url else "",
        credit=line(r.get("creditline")),
        rights="CC0" if opened else "",
        public_domain=opened,
        page_url=f"https://www.nga.gov/artworks/{r['objectid']}" if str(r["objectid"]).isdecimal() else "",
        recorded=recorded,
    )
