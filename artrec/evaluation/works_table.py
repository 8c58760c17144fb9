"""A catalogue for the laboratory: in ArtRec's schema, or a CSV file of works made into one on the fly."""

import csv
import re
from pathlib import Path

from pydantic import ValidationError

from artrec.catalogue import Artwork, Catalogue, load_catalogue
from artrec.errors import ArtrecError, CatalogueError

MAX_BYTES = 200_000_000
NAMES = {
    "artwork_id": ("artwork_id", "work_id", "item_id", "id"),
    "title": ("title", "name"),
    "artist": ("artist", "creator", "creator_id", "artist_id"),
    "description": ("description", "text"),
    "subjects": ("subjects", "tags", "keywords"),
}


def open_catalogue(path: str | Path) -> Catalogue:
    """A `.jsonl` file or folder of them, or a `.csv` file with an id and, where it has them, title, artist, description and
    tags (divided by `;` or `|`). Raises `CatalogueError`."""
    path = Path(path)
    return _read_csv(path) if path.suffix.lower() == ".csv" else load_catalogue(path)


def _read_csv(path: Path) -> Catalogue:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ArtrecError(f"{path.name} is larger than {MAX_BYTES // 10**6} MB.", "Give a part of it.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogueError(f"{path} cannot be read ({error}).", "Give works as CSV in UTF-8.") from error
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    at = {field: header.index(name) for field, names in NAMES.items() for name in reversed(names) if name in header}
    if "artwork_id" not in at:
        raise CatalogueError(f"{path.name} has no column work_id.", "Its first line must name the columns: work_id,title,…")
    works, problems, seen = [], [], set()
    for number, line in enumerate(lines[1:], start=2):
        cells = {field: line[i].strip() if i < len(line) else "" for field, i in at.items()}
        if not any(cells.values()):
            continue
        tags = dict.fromkeys(tag.strip()[:1_000] for tag in re.split(r"[;|]", cells.pop("subjects", "")) if tag.strip())
        cells["title"] = cells.get("title", "")[:1_000].strip() or "Untitled"
        cells["description"] = cells.get("description", "")[:20_000]
        try:
            work = Artwork(**cells, subjects=tuple(tags)[:64])
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            problems.append(f"{path.name}, line {number}, {fault['loc'][0]}: {fault['msg']}")
            continue
        if work.artwork_id in seen:
            problems.append(f"{path.name}, line {number}: '{work.artwork_id}' is used before; give each work an id of its own")
            continue
        seen.add(work.artwork_id)
        works.append(work)
    if problems:
        raise CatalogueError(
            f"{path.name} has {len(problems)} problem{'s' * (len(problems) > 1)}: {problems[0]}.", "Correct it.", problems
        )
    if not works:
        raise CatalogueError(f"{path.name} holds no works.", "Put one work on each line.")
    return Catalogue(tuple(works), {})
