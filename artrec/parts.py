"""The parts of a collection's folder, each with how it is written and read. Reading a part that is damaged or of other works
raises what the library for it raises, `ValueError` most often."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from artrec.catalogue import VOCABULARY_FILE, Catalogue, load_vocabulary
from artrec.collection import Atlas
from artrec.fulltext import TEXTS_FILE, StoredTexts, write_texts
from artrec.index import HnswIndex, Index
from artrec.lexical import Lexical
from artrec.predictions import StoredPredictions, save_predictions
from artrec.progress import Tell, quiet, stretch, told
from artrec.records import RECORDS_FILE, StoredCatalogue, write_records

if TYPE_CHECKING:
    from artrec.visual.shelf import Shelf

CATALOGUE_FILE, PICTURES = "catalogue.jsonl", "pictures"
VECTORS_FILE, MAP_FILE, REGIONS_FILE, PREDICTIONS_FILE = "vectors.npy", "map.npz", "regions.json", "predictions.arrow"


def write_catalogue(catalogue: Catalogue, folder: Path, tell: Tell = quiet) -> None:
    """The records as lines of JSON, in columns and as texts, and their vocabulary."""
    n = len(catalogue)
    lines_told, records_told, texts_told = (told(catalogue, n, stretch(tell, n, at / 3, (at + 1) / 3)) for at in range(3))
    with (folder / CATALOGUE_FILE).open("w", encoding="utf-8") as lines:
        lines.writelines(work.model_dump_json(exclude_defaults=True) + "\n" for work in lines_told)
    write_records(records_told, folder / RECORDS_FILE)
    write_texts(texts_told, folder / TEXTS_FILE)
    words = {field: {w: asdict(t) for w, t in words.items()} for field, words in catalogue.vocabulary.items()}
    dump(folder / VOCABULARY_FILE, words)


def read_catalogue(folder: Path, digest: str) -> StoredCatalogue:
    """The records in columns; `digest`: the catalogue's hash."""
    return StoredCatalogue(folder / RECORDS_FILE, load_vocabulary(folder / VOCABULARY_FILE), digest)


def read_vectors(folder: Path, n: int, d: int) -> np.ndarray:
    """Float32 (n, d), mapped."""
    vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
    if vectors.shape != (n, d) or vectors.dtype != np.float32:
        raise ValueError(f"vectors are {vectors.dtype} {vectors.shape}, the manifest says float32 {(n, d)}")
    return np.asarray(vectors)


def write_index(index: Index, folder: Path) -> None:
    """The graph; an exact index needs none."""
    if isinstance(index, HnswIndex):
        index.save(folder)


def write_lexical(lexical: Lexical, folder: Path) -> None:
    """BM25, in a folder of its own."""
    (folder / "lexical").mkdir(exist_ok=True)
    lexical.save(folder / "lexical")


def read_lexical(folder: Path, n: int) -> Lexical:
    """BM25 of n works."""
    return Lexical.load(folder / "lexical", n)


def write_predictions(predicted: Iterable, folder: Path) -> None:
    """(artwork_id, field → labels) one by one."""
    predicted = iter(predicted)
    for first in predicted:  # there is no file where there are none
        save_predictions(chain([first], predicted), folder / PREDICTIONS_FILE)


def read_predictions(folder: Path, catalogue: Catalogue) -> StoredPredictions | dict:
    """The predictions, each read when it is asked for."""
    return StoredPredictions(folder / PREDICTIONS_FILE, catalogue) if (folder / PREDICTIONS_FILE).exists() else {}


def write_atlas(atlas: Atlas, folder: Path) -> None:
    """Places and trust, and the regions' names."""
    np.savez(folder / MAP_FILE, coordinates=atlas.coordinates, trust=atlas.trust)
    dump(folder / REGIONS_FILE, list(atlas.regions))


def read_atlas(folder: Path, n: int) -> Atlas | None:
    """The map of n works; None where there is none."""
    if not (folder / MAP_FILE).exists():
        return None
    with np.load(folder / MAP_FILE, allow_pickle=False) as arrays:
        regions = json.loads((folder / REGIONS_FILE).read_text("utf-8"))
        atlas = Atlas(arrays["coordinates"], arrays["trust"], tuple(regions))
    if atlas.coordinates.shape != (n, 2) or atlas.trust.shape != (n,):
        raise ValueError(f"the map holds {len(atlas.coordinates)} places for {n} works")
    return atlas


def read_texts(folder: Path, catalogue: Catalogue) -> StoredTexts | None:
    """The stored texts, where they are of these records."""
    if not isinstance(catalogue, StoredCatalogue) or not (folder / TEXTS_FILE).exists():
        return None
    texts = StoredTexts(folder / TEXTS_FILE)
    if len(texts) != len(catalogue):
        raise ValueError(f"the texts of {len(texts)} works for {len(catalogue)}")
    return texts


def write_pictures(shelf: "Shelf", folder: Path) -> None:
    """What was read in the pictures, in a folder of its own."""
    shelf.save(folder / PICTURES)


def read_pictures(folder: Path, works: int) -> "Shelf":
    """The pictures of so many works, opened when they are first asked for."""
    from artrec.visual.shelf import Shelf

    return Shelf(works, folder / PICTURES)


def dump(file: Path, value) -> None:
    """A value as indented JSON."""
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
