"""The National Gallery of Art's open data (NationalGalleryOfArt/opendata, CC0): a folder with objects.csv, and beside it
objects_terms.csv, published_images.csv, objects_constituents.csv and constituents.csv where they are there."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, lived, number, terms, turned
from artrec.sources.kinds import kind_of
from artrec.sources.published import columns_in, table_of

COLUMNS = {"objectid", "accessionnum", "title", "displaydate", "beginyear", "attribution"}


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
            words[str(row["objectid"])][line(row["termtype"])].append(line(row["term"]))
        images: dict[str, tuple[bool, str, bool]] = {}
        for row in _beside(folder / "published_images.csv", {"depictstmsobjectid", "iiifthumburl"}):
            own, primary = str(row["depictstmsobjectid"]), row.get("viewtype") == "primary"
            if own not in images or (primary and not images[own][0]):
                images[own] = (primary, address(row["iiifthumburl"]), str(row.get("openaccess")) == "1")
        people = {str(row["constituentid"]): row for row in _beside(folder / "constituents.csv", {"constituentid"})}
        makers: dict[str, str] = {}
        for row in _beside(folder / "objects_constituents.csv", {"objectid", "constituentid", "roletype"}):
            if row["roletype"] == "artist":
                makers.setdefault(str(row["objectid"]), str(row["constituentid"]))
        for where, row in table_of(objects, COLUMNS, "objects.csv"):
            if isinstance(row, LeftOut):
                yield row
                continue
            own = str(row["objectid"])
            yield _work(where, row, words.get(own, {}), images.get(own), people.get(makers.get(own, ""), {}))


def _objects(path: Path) -> Path:
    return Path(path) / "objects.csv" if Path(path).is_dir() else Path(path)


def _beside(file: Path, columns: set[str]) -> Iterator[dict]:
    if file.exists():
        yield from (row for _, row in table_of(file, columns, file.name) if isinstance(row, dict))


def _work(where: str, r: dict, words: dict, image: tuple[bool, str, bool] | None, maker: dict) -> Artwork | LeftOut:
    if str(r.get("isvirtual")) == "1":
        return LeftOut(where, "it stands for a group of works and is none", "Nothing needs to be done.", line(r.get("title")))
    name = turned(line(maker.get("forwarddisplayname"))) or line(r.get("attribution"))
    unknown = name.lower().startswith(("unknown", "anonymous", "artist unknown"))
    kind, opened = line(r.get("classification")), image is not None and image[2]
    recorded = {"type": kind, "artist": line(r.get("attribution")), "school": "; ".join(words.get("School", ()))}
    return artwork(
        where,
        r["objectid"],
        artwork_id=identifier("nga", r["objectid"]),
        title=line(r.get("title")),
        artist="" if unknown else name,
        artist_life=lived(number(maker.get("beginyear")), number(maker.get("endyear"))),
        year_start=number(r.get("beginyear")),
        year_end=number(r.get("endyear")),
        date_text=line(r.get("displaydate")),
        type=kind_of(kind, line(r.get("subclassification")), line(r.get("medium"))),
        movement=next(iter(words.get("Style", ())), ""),
        medium=line(r.get("medium")),
        subjects=terms([*words.get("Theme", ()), *words.get("Keyword", ())]),
        culture=line(maker.get("nationality")),
        country=next(iter(words.get("Place Executed", ())), ""),
        museum="National Gallery of Art",
        city="Washington, DC",
        dimensions=line(r.get("dimensions")),
        image_url=image[1] if image else "",
        image_credit="National Gallery of Art" if image and image[1] else "",
        credit=line(r.get("creditline")),
        rights="CC0" if opened else "",
        public_domain=opened,
        page_url=f"https://www.nga.gov/artworks/{r['objectid']}" if str(r["objectid"]).isdecimal() else "",
        recorded={field: value for field, value in recorded.items() if value},
    )
