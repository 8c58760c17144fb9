"""A folder of pictures and a catalogue → a shelf: which picture is whose, what is in them, and a map by looks."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from artrec.catalogue import Catalogue
from artrec.errors import ArtrecError
from artrec.index import neighbours
from artrec.progress import Tell, quiet
from artrec.projection import NEIGHBOURS, SAMPLE, project, project_large, trust
from artrec.updating import index_of
from artrec.visual.encoder import load_image_encoder
from artrec.visual.shelf import Layout, Shelf
from artrec.visual.store import Visual, build, find_pictures


def listing(folder: Path) -> str:
    """SHA-256 of a folder's path and its files' names, sizes and times: another one where a picture was added or changed."""
    files = ((file, file.stat()) for file in sorted(Path(folder).rglob("*")) if file.is_file())
    found = [str(Path(folder).resolve()), *((str(file), about.st_size, about.st_mtime_ns) for file, about in files)]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def match(catalogue: Catalogue, folder: Path) -> dict[str, Path]:
    """artwork_id → its picture's file. Raises `ArtrecError` where the folder cannot be read or holds none of these works."""
    ids = catalogue.column("artwork_id")
    pictures = find_pictures(folder, ids)
    if not pictures:
        raise ArtrecError(
            f"No picture in {folder} belongs to a work of this catalogue.", f"Name each by its work's id, such as {ids[0]}.jpg."
        )
    return pictures


def shelve(catalogue: Catalogue, pictures: Mapping[str, Path], tell: Tell = quiet, atlas: bool = True) -> Shelf:
    """Read a catalogue's pictures (`match`). Movements, where they are known, help the picture model to learn. Raises
    `ArtrecError` where too few can be read."""
    ids = catalogue.column("artwork_id")
    labels = {artwork_id: movement for artwork_id, movement in zip(ids, catalogue.column("movement"), strict=True) if movement}
    visual = build(ids, pictures, load_image_encoder(), lambda stage, done, total: tell(done, total), labels=labels)
    return Shelf(len(ids), built=visual, laid_out=lay_out(visual) if atlas else None)


def lay_out(visual: Visual) -> Layout:
    """The map by looks: UMAP on the vectors of the works that have pictures; the others have no place (NaN)."""
    rows = np.flatnonzero(visual.has)
    vectors = np.ascontiguousarray(visual.vectors[rows])
    flat = project(vectors) if len(rows) <= SAMPLE else project_large(vectors)
    coordinates = np.full((len(visual), 2), np.nan, dtype=np.float32)
    kept = np.full(len(visual), np.nan, dtype=np.float32)
    near = neighbours(index_of(vectors, None), vectors, min(NEIGHBOURS, len(rows) - 1)) if len(rows) > 1 else None
    coordinates[rows], kept[rows] = flat, trust(vectors, flat, near)
    return Layout(coordinates, kept)
