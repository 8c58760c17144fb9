"""The Art Institute of Chicago (art-institute-of-chicago/api-data): works or lists of works from its API, or its data dump's
`json/artworks/` with one file a work (metadata CC0, descriptions CC BY 4.0)."""

import re
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.places import region
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, life, line, nobody, number, plain, terms
from artrec.sources.dates import agreed, undated
from artrec.sources.makers import UNSURE, maker
from artrec.sources.peek import first_record
from artrec.sources.peoples import is_people
from artrec.sources.reading import records

IMAGES = "https://www.artic.edu/iiif/2/{}/full/843,/0/default.jpg"
TYPES = {
    "painting": "painting", "print": "print", "drawing and watercolor": "drawing", "photograph": "photograph",
    "sculpture": "sculpture", "textile": "textile", "ceramics": "ceramic", "metalwork": "metalwork", "glass": "glass",
    "jewelry": "jewellery", "furniture": "furniture", "architectural drawing": "drawing", "film, video, new media": "video",
    "installation": "installation", "mask": "mask", "mosaic": "mosaic", "costume and accessories": "textile",
    "arms": "metalwork", "armor": "metalwork", "coin": "metalwork", "vessel": "ceramic", "basketry": "basketry",
    "performance arts": "performance", "miniature room": "furniture", "graphic design": "poster", "book": "manuscript",
}  # fmt: skip
WITHIN = dict.fromkeys(("England", "Scotland", "Wales", "Northern Ireland", "Great Britain"), "United Kingdom") | {
    "Holland": "Netherlands"
}


class ArtInstitute:
    """See the module."""

    name = "artic"
    label = "Art Institute of Chicago"
    expects = "works as the API gives them (one a file, a list, or lines), or the dump's json/artworks/ folder or zip"

    def recognises(self, path: Path) -> bool:
        """By fields that only this museum has."""
        found = first_record(path)
        return found is not None and {"main_reference_number", "artist_display"} <= found.keys()

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works."""
        for where, record in records(path):
            if isinstance(record, LeftOut):
                yield record
            elif "artist_display" in record and record.get("id"):
                yield _work(where, record)
            else:
                yield LeftOut(
                    where, "it is no record of a work", "Give the files of artworks alone.", line(record.get("title"))
                )


def _work(where: str, r: dict) -> Artwork | LeftOut:
    own = line(r["id"])
    display = str(r.get("artist_display") or "").split("\n")
    name, culture = _artist(r, display)
    origin = line(r.get("place_of_origin"))
    country = WITHIN.get(origin, origin if region(origin) else "")
    picture = r.get("image_id")
    image = address(IMAGES.format(picture)) if isinstance(picture, str) and re.fullmatch(r"[0-9a-f-]{20,60}", picture) else ""
    kind, style = line(r.get("artwork_type_title")), line(r.get("style_title"))
    seen = plain(r["thumbnail"].get("alt_text")) if isinstance(r.get("thumbnail"), dict) else ""
    described = plain(r.get("description") or r.get("short_description"))
    said = line(r.get("date_display"))
    start, end = agreed(said, number(r.get("date_start")), number(r.get("date_end")))
    free = r.get("is_public_domain") is True
    return artwork(
        where,
        own,
        artwork_id=identifier("artic", own),
        title=line(r.get("title")),
        artist=name,
        artist_life=next(filter(None, map(life, map(line, display[:2]))), None) if name else None,
        year_start=start,
        year_end=end,
        date_text="" if undated(said) else said,
        type=TYPES.get(kind.lower(), ""),
        movement="" if re.search(r"centur|\d", style) else style,
        medium=line(r.get("medium_display")),
        subjects=terms([*_list(r.get("subject_titles")), *_list(r.get("theme_titles"))]),
        culture=culture,
        country=country,
        museum="Art Institute of Chicago",
        city="Chicago",
        dimensions=line(r.get("dimensions")),
        description=plain(" ".join(filter(None, (described, "" if seen.lower().startswith("a work made of") else seen)))),
        image_url=image,
        image_credit="Art Institute of Chicago" + (", CC0" if free else "") if image else "",
        credit=line(r.get("credit_line")),
        rights="CC0" if free else line(r.get("copyright_notice")),
        public_domain=free,
        page_url=f"https://www.artic.edu/artworks/{own}" if own.isdigit() else "",
        recorded={
            "type": kind,
            "artist": line(", ".join(display)),
            "country": origin if origin != country else "",
            "style": style,
        },
    )


def _artist(r: dict, display: list[str]) -> tuple[str, str]:
    """(name, culture) from the artist's title and the lines printed for it: "Walter Shirlaw" over "American, 1838–1909"."""
    title = line(r.get("artist_title")) or next(map(line, _list(r.get("artist_titles"))), "")
    first = line(display[0])
    told = next(
        (line(each) for each in re.findall(r"[\n(]\s*([^,;()\n]+)(?:,|\))", "\n".join(display[:2]) + ",") if is_people(each)),
        "",
    )
    if is_people(title) or nobody(title.split(" (")[0]) or title.lower().startswith("artist unknown"):
        return "", told or maker(first).culture or (first if first and not nobody(first) else "")
    return ("" if UNSURE.match(first) else title), told


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
