"""Tate's collection as JSON, one file a work (tategallery/collection, 2014, CC0): `artworks/<letter>/<nnn>/….json`, and
`artists/<letter>/….json` beside it, from which movements and lives are taken."""

from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.errors import ArtrecError
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, lived, number, plain, terms, turned
from artrec.sources.dates import years
from artrec.sources.peek import first_record
from artrec.sources.reading import records

ASIDE = ("after", "attributed to", "formerly attributed to", "manner of", "follower of", "circle of", "school of")
TOO_WIDE = {
    "actions: postures and motions", "actions: expressive", "adults", "body", "groups", "townscapes, man-made features",
    "universal concepts", "emotions and human qualities", "from recognisable sources", "non-representational",
    "inscriptions", "named individuals", "printed text", "caption", "formal qualities", "irregular forms",
}  # fmt: skip


class Tate:
    """See the module."""

    name = "tate"
    label = "Tate"
    expects = "the folder with artworks/ and artists/, or a zip of it"

    def recognises(self, path: Path) -> bool:
        """By fields that only this museum has."""
        found = first_record(path / "artworks" if (path / "artworks").is_dir() else path)
        return found is not None and {"acno", "catalogueGroup"} <= found.keys()

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works; artists are read first, where they are there."""
        path = Path(path)
        folder = path / "artworks"
        artists: dict[int, dict] = {}
        beside = path / "artists" if folder.is_dir() else path.parent / "artists"
        if beside.is_dir():
            try:
                found = (record for _, record in records(beside) if isinstance(record, dict))
                artists = {record["id"]: record for record in found if isinstance(record.get("id"), int)}
            except ArtrecError:  # works can be read without them
                artists = {}
        for where, record in records(folder if folder.is_dir() else path):
            if isinstance(record, LeftOut):
                yield record
            elif "acno" in record:
                yield _work(where, record, artists)
            elif "mda" in record and "totalWorks" in record:  # an artist, where all lies in one zip
                continue
            else:
                yield LeftOut(where, "it is no record of a work", "Give the museum's own files.", line(record.get("title")))


def _work(where: str, r: dict, artists: dict[int, dict]) -> Artwork | LeftOut:
    people = [p for p in r.get("contributors") or () if isinstance(p, dict)]
    maker = next((p for p in people if p.get("role") == "artist"), people[0] if people else {})
    about = artists.get(maker.get("id"), {}) if isinstance(maker.get("id"), int) else {}
    role = line(maker.get("role"))
    said = line(r.get("dateText"))
    dated = r.get("dateRange") if isinstance(r.get("dateRange"), dict) else {}
    start, end = number(dated.get("startYear")), number(dated.get("endYear"))
    if start is None and end is None:
        start, end = years(said) or (None, None)
    movements = [m.get("name") for m in r.get("movements") or about.get("movements") or () if isinstance(m, dict)]
    died = (about.get("death") or {}).get("time") if isinstance(about.get("death"), dict) else None
    died = number(died.get("startYear")) if isinstance(died, dict) else None
    born = number(maker.get("birthYear"))
    if died is None and "–" in str(maker.get("date")):
        died = number(str(maker["date"]).rsplit("–", 1)[1])
    name = line(maker.get("fc")) or turned(line(maker.get("mda")))
    kind = line(r.get("classification"))
    image = address(r.get("thumbnailUrl"))
    group = line(r.get("groupTitle"))
    return artwork(
        where,
        r["acno"],
        artwork_id=identifier("tate", r["acno"]),
        title=line(r.get("title")),
        artist="" if role in ASIDE else name,
        artist_life=None if role in ASIDE else lived(born, died),
        artist_gender={"Male": "man", "Female": "woman"}.get(str(maker.get("gender")), "") if role not in ASIDE else "",
        year_start=start,
        year_end=end,
        date_text=said if said.lower() != "date not known" else "",
        type=_type(kind, line(r.get("medium"))),
        movement=line(movements[0]) if len(movements) == 1 else "",
        medium=line(r.get("medium")),
        subjects=terms(_subjects(r.get("subjects"))),
        culture="",
        museum="Tate",
        city="London",
        dimensions=line(r.get("dimensions")),
        description=plain(f"From {group}." if group else ""),
        image_url=image,
        image_credit=line(r.get("thumbnailCopyright")) or ("Tate" if image else ""),
        credit=line(r.get("creditLine")),
        rights=line(r.get("thumbnailCopyright")),
        page_url=address(r.get("url")),
        recorded={
            k: v
            for k, v in (
                ("type", kind),
                ("title", line(r.get("foreignTitle"))),
                ("movement", "; ".join(map(line, movements))),
                ("artist", f"{role} {name}" if role in ASIDE else ""),
                ("artist role", role if role != "artist" else ""),
            )
            if v
        },
    )


def _subjects(tree: object, depth: int = 0) -> Iterator[str]:
    """The leaves of the tree of subjects, and the middles that say something by themselves; its first level is too wide."""
    if not isinstance(tree, dict) or depth > 6:
        return
    children = [child for child in tree.get("children") or () if isinstance(child, dict)]
    name = line(tree.get("name"))
    for child in children:
        yield from _subjects(child, depth + 1)
    if name and (not children or depth == 2) and name not in TOO_WIDE:
        yield _said(name)


def _said(name: str) -> str:
    """ "man, old" → "old man"; "instrument, lyre" → "lyre"; "UK, London" stays, since it is a place."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and parts[0] and parts[0][0].islower():
        return (
            parts[1]
            if parts[0] in ("instrument", "bird", "animal", "dog", "tree", "fruit", "flower", "fish", "insect")
            else f"{parts[1]} {parts[0]}"
        )
    return name


def _type(kind: str, medium: str) -> str:
    medium = medium.lower()
    if kind == "on paper, print" or (
        kind == "on paper, unique" and any(w in medium for w in ("engraving", "etching", "lithograph", "mezzotint"))
    ):
        return "print"
    if kind == "on paper, unique":
        return "photograph" if "photograph" in medium else "drawing"
    return {"painting": "painting", "sculpture": "sculpture", "installation": "installation", "relief": "relief",
            "time-based media": "video", "on paper, photograph": "photograph"}.get(kind, "")  # fmt: skip
