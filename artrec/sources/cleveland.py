"""The Cleveland Museum of Art's open access data, data.csv or data.json (ClevelandMuseumArt/openaccess, CC0)."""

import re
from collections.abc import Iterator
from pathlib import Path

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut, Options
from artrec.sources.clean import address, artwork, identifier, line, lived, number, objects, plain
from artrec.sources.dates import years
from artrec.sources.kinds import kind_of
from artrec.sources.makers import maker
from artrec.sources.peek import first_record
from artrec.sources.published import columns_in, table_of
from artrec.sources.reading import records

_ROLE = re.compile(r",\s*[a-z][a-z /-]*$")  # "…, artist"
COLUMNS = {"id", "accession_number", "share_license_status", "creation_date", "technique"}


class Cleveland:
    """See the module."""

    name = "cleveland"
    label = "The Cleveland Museum of Art"
    expects = "data.csv or data.json (also .gz)"

    def recognises(self, path: Path) -> bool:
        """By the columns or fields."""
        if _json(path):
            return (first_record(path) or {}).keys() >= COLUMNS
        return columns_in(path, COLUMNS)

    def read(self, path: Path, options: Options = Options()) -> Iterator[Artwork | LeftOut]:
        """Stream the works."""
        rows = records(path) if _json(path) else table_of(path, COLUMNS, "data.csv")
        for where, row in rows:
            yield row if isinstance(row, LeftOut) else _work(where, row)


def _json(path: Path) -> bool:
    return str(path).lower().removesuffix(".gz").endswith((".json", ".zip")) or Path(path).is_dir()


def _work(where: str, r: dict) -> Artwork | LeftOut:
    if not r.get("id"):
        return LeftOut(where, "it has no id", "Give the file as published.", line(r.get("title")))
    creators = objects(r.get("creators"))
    first = next((c for c in creators if c.get("role") in ("artist", None)), creators[0] if creators else {})
    said = line(first.get("description") if creators else str(r.get("creators") or "").split(";")[0])
    said = " ".join(filter(None, (line(first.get("qualifier")), _ROLE.sub("", said))))
    made = maker(said)
    life = made.life
    if made.name and (first.get("birth_year") or first.get("death_year")):
        life = lived(number(first.get("birth_year")), number(first.get("death_year"))) or life
    dated = line(r.get("creation_date"))
    start, end = number(r.get("creation_date_earliest")), number(r.get("creation_date_latest"))
    if start is None and end is None:
        start, end = years(dated) or (None, None)
    images = r.get("images") if isinstance(r.get("images"), dict) else {}
    web = images.get("web") if isinstance(images.get("web"), dict) else {}
    image = address(web.get("url") or r.get("image_web"))
    culture = r.get("culture")
    culture = line(culture[0] if isinstance(culture, list) and culture else culture)
    told = (r.get("description") or r.get("wall_description"), r.get("did_you_know") or r.get("fun_fact"))
    status = line(r.get("share_license_status"))
    kind = line(r.get("type"))
    recorded = {"type": kind, "culture": culture, "artist": "" if made.name else said}
    return artwork(
        where,
        r["id"],
        artwork_id=identifier("cleveland", r["id"]),
        title=line(r.get("title")),
        artist=made.name,
        artist_life=life,
        year_start=start,
        year_end=end,
        date_text=dated,
        type=kind_of(kind, "", line(r.get("technique"))),
        medium=line(r.get("technique")),
        culture=culture.split(",")[0] or made.culture,
        museum="The Cleveland Museum of Art",
        city="Cleveland",
        dimensions=line(r.get("measurements")),
        description=plain(" ".join(filter(None, map(plain, told)))),
        image_url=image,
        image_credit="The Cleveland Museum of Art" if image else "",
        credit=line(r.get("creditline")),
        rights=status,
        public_domain=status == "CC0",
        page_url=address(r.get("url")),
        recorded=recorded,
    )
