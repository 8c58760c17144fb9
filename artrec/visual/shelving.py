"""A folder of pictures and a catalogue → a shelf: which picture is whose, what is in them, and a map by looks."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from artrec.catalogue import Catalogue
from artrec.errors import ArtrecError
from artrec.projection import SAMPLE, project, project_large, trust
from artrec.updating import index_of
from artrec.visual.encoder import load_image_encoder
from artrec.visual.shelf import Layout, Shelf
from artrec.visual.store import Visual, build, find_pictures

Progress = Callable[[str, int, int], None]  # stage, done, total


def match(catalogue: Catalogue, folder: Path) -> dict[str, Path]:
    """artwork_id → its picture's file. Raises `ArtrecError` where the folder cannot be read or holds none of these works."""
    ids = catalogue.column("artwork_id")
    pictures = find_pictures(folder, ids)
    if not pictures:
        raise ArtrecError(
            f"No picture in {folder} belongs to a work of this catalogue.", f"Name each by its work's id, such as {ids[0]}.jpg."
        )
    return pictures


def shelve(catalogue: Catalogue, pictures: Mapping[str, Path], progress: Progress | None = None, atlas: bool = True) -> Shelf:
    """Read a catalogue's pictures (`match`). Movements, where they are known, help the picture model to learn. Raises
    `ArtrecError` where too few can be read."""
    ids = catalogue.column("artwork_id")
    labels = {artwork_id: movement for artwork_id, movement in zip(ids, catalogue.column("movement"), strict=True) if movement}
    visual = build(ids, pictures, load_image_encoder(), progress, labels=labels)
    return Shelf(len(ids), built=visual, laid_out=lay_out(visual) if atlas else None)


def lay_out(visual: Visual) -> Layout:
    """The map by looks: UMAP on the vectors of the works that have pictures; the others have no place (NaN)."""
    rows = np.flatnonzero(visual.has)
    vectors = np.ascontiguousarray(visual.vectors[rows])
    flat = project(vectors) if len(rows) <= SAMPLE else project_large(vectors)
    coordinates = np.full((len(visual), 2), np.nan, dtype=np.float32)
    kept = np.full(len(visual), np.nan, dtype=np.float32)
    coordinates[rows], kept[rows] = flat, trust(vectors, flat, index_of(vectors, None))
    return Layout(coordinates, kept)
