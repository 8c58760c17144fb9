"""The Art Institute of Chicago: single works or lists from its API, or its data dump's `json/artworks/` (metadata CC0,
descriptions CC BY 4.0)."""

import re
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, life, line, plain, terms
from artrec.sources.peek import first_record
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
            elif "title" in record and "id" in record:
                yield _work(where, record)
            else:
                yield LeftOut(where, "it is no record of a work", "Give the files of artworks alone.")


def _work(where: str, r: dict) -> Artwork | LeftOut:
    display = str(r.get("artist_display") or "")
    makers = [line(a) for a in r.get("artist_titles") or () if a]
    artist = line(r.get("artist_title")) or (makers[0] if makers else "")
    nationality = re.search(r"[\n(]\s*([A-Z][\w-]+(?:[ -][A-Z][\w-]+)?),\s", display)
    known_maker = artist and artist.split(" (")[0].lower() not in ("unknown", "artist unknown", "unknown maker")
    culture = line(nationality.group(1)) if nationality else ""
    if not known_maker and not culture:
        culture = line(display.split("\n")[0])
    picture = r.get("image_id")
    image = address(IMAGES.format(picture)) if isinstance(picture, str) and re.fullmatch(r"[0-9a-f-]{20,60}", picture) else ""
    kind = line(r.get("artwork_type_title"))
    about = line((r.get("thumbnail") or {}).get("alt_text")) if isinstance(r.get("thumbnail"), dict) else ""
    start, end = r.get("date_start"), r.get("date_end")
    words = [*(r.get("subject_titles") or ()), *(r.get("theme_titles") or ())]
    return artwork(
        where,
        r["id"],
        artwork_id=identifier("artic", r["id"]),
        title=line(r.get("title")),
        artist=artist if known_maker else "",
        artist_life=life(display.split("\n")[-1]) if known_maker else None,
        year_start=start if isinstance(start, int) else None,
        year_end=end if isinstance(end, int) else None,
        date_text=line(r.get("date_display")),
        type=TYPES.get(kind.lower(), ""),
        movement=line(r.get("style_title")),
        medium=line(r.get("medium_display")),
        subjects=terms(words),
        culture=culture,
        country=line(r.get("place_of_origin")),
        museum="Art Institute of Chicago",
        city="Chicago",
        dimensions=line(r.get("dimensions")),
        description=plain(r.get("description") or r.get("short_description")),
        look_for="" if about.lower().startswith("a work made of") else about,
        image_url=image,
        image_credit="Art Institute of Chicago" if image else "",
        credit=line(r.get("credit_line")),
        rights="Public domain (CC0)" if r.get("is_public_domain") else line(r.get("copyright_notice")),
        public_domain=bool(r.get("is_public_domain")),
        page_url=f"https://www.artic.edu/artworks/{r['id']}" if isinstance(r["id"], int) else "",
        recorded={k: v for k, v in (("type", kind), ("artist", line(display.replace(chr(10), ", ")))) if v},
    )
