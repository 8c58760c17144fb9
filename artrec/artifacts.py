"""Build, save, load: one folder a collection, one `manifest.json`, arrays without pickle.

    manifest.json    what it was made from and with: catalogue hash, encoder fingerprint, dimension, counts, noise
    vectors.npy      float32 (n, d)
    hnsw.bin         the graph, in collections of EXACT_BELOW works and more
    lexical/         BM25
    map.npz          coordinates, trust;  regions.json their names
    predictions.arrow  what the heads read into empty fields, with probabilities (optional)
    topics.json      names and terms;  topics.npz their works (both optional: older collections have none)
    catalogue.jsonl, vocabulary.json      the records (the starter collection's lie in data/starter instead)
    records.arrow    the same, to be read a work or a column at a time
    pictures/        what was read in its pictures (optional; `visual/store.py`)
    left_out.jsonl, import.json, health.json   of a collection that was imported

A folder is written whole under another name and then put in place, so a build that stops leaves the old one usable. What takes
longest, the vectors, is kept by content as it is made (`vectors.py`): a build that was stopped goes on from there. Two builds
into one folder at once are refused.
"""

import hashlib
import json
import logging
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np

from artrec import config
from artrec.catalogue import VOCABULARY_FILE, Catalogue, load_catalogue, load_vocabulary
from artrec.collection import Atlas, Collection
from artrec.encoder import Encoder
from artrec.errors import ArtifactError
from artrec.index import HnswIndex, open_index
from artrec.lexical import Lexical
from artrec.predictions import StoredPredictions, heads_for, predict, save_predictions
from artrec.projection import make_atlas
from artrec.records import RECORDS_FILE, StoredCatalogue, write_records
from artrec.relevance import measure_noise
from artrec.text import passage
from artrec.topics import find_topics, load_topics, save_topics
from artrec.updating import before, index_of
from artrec.vectors import encode_cached

logger = logging.getLogger(__name__)
FORMAT = 1
PREDICTIONS_FILE, PICTURES = "predictions.arrow", "pictures"
Progress = Callable[[str, int, int], None]  # stage, done, total


def build(
    catalogue: Catalogue,
    encoder: Encoder,
    *,
    name: str = "collection",
    atlas: bool = True,
    progress: Progress | None = None,
    cache: Path | None = None,
    previous: Path | None = None,
    pictures: Path | None = None,
) -> Collection:
    """Make everything from a catalogue, in memory. `cache`: where vectors by content are kept. `previous`: the folder of an
    older edition, whose map and graph are kept where little has changed (`updating.py`). `pictures`: a folder of the works'
    pictures."""
    tell = progress or (lambda stage, done, total: None)
    if pictures is not None:
        from artrec.visual.shelving import match, shelve

        files = match(catalogue, pictures)
    vectors = encode_cached(encoder, [passage(w) for w in catalogue], cache, lambda done, total: tell("encode", done, total))
    tell("index", 0, len(catalogue))
    old = before(previous, catalogue, vectors, encoder.fingerprint) if previous is not None else None
    index = index_of(vectors, old)
    lexical = Lexical.build(catalogue)
    tell("topics", 0, len(catalogue))
    topics = find_topics(catalogue, vectors)
    predicted = predict(catalogue, vectors, encoder, heads_for(encoder), cache)
    tell("map", 0, len(catalogue))
    known = (old.known, old.places) if old is not None and old.places is not None else ()
    drawn = make_atlas(catalogue, vectors, index, *known) if atlas else None
    manifest = {
        "format": FORMAT,
        "name": name,
        "works": len(catalogue),
        "catalogue": catalogue.hash,
        "encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dimension": encoder.dimension},
        "index": index.kind,
        "noise": measure_noise(vectors, lexical, encoder).as_dict(),
        "map_trust": None if drawn is None else round(float(drawn.trust.mean()), 4),
    }
    shelf = None
    if pictures is not None:
        shelf = shelve(catalogue, files, tell, atlas)
        manifest["pictures"] = {"works": int(shelf.visual.has.sum()), "encoder": shelf.visual.encoder}
    return Collection(name, catalogue, vectors, index, lexical, manifest, drawn, topics, predicted, shelf)


def refuse_foreign(folder: Path) -> None:
    """Raise `ArtifactError` where `save` would write over something that is no collection."""
    cure = "Choose an empty or new folder for --out."
    if folder.exists() and not folder.is_dir():
        raise ArtifactError(f"{folder} is a file.", cure)
    if folder.exists() and any(folder.iterdir()) and not (folder / "manifest.json").exists():
        raise ArtifactError(f"{folder} holds other files than a collection.", cure)


def save(collection: Collection, folder: Path, *, with_records: bool = True, beside: Sequence[Path] = ()) -> None:
    """Write a collection's folder, whole or not at all, with copies of the files `beside`. Raises `ArtifactError` where the
    disk says no."""
    folder = Path(folder).resolve()
    workshop = None
    try:
        refuse_foreign(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        _write(collection, workshop, with_records, beside)
        os.chmod(workshop, 0o755)
        _put_in_place(workshop, folder)
    except OSError as error:
        raise ArtifactError(
            f"The collection cannot be written to {folder} ({error.strerror or error}).",
            "Free some space, or choose a folder that can be written to; what was there before is untouched.",
        ) from error
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)


def _put_in_place(made: Path, folder: Path) -> None:
    """Swap a new folder for the old one, which comes back where that fails."""
    old = made.with_name(made.name + "-old")
    try:
        if folder.exists():
            os.replace(folder, old)
        os.replace(made, folder)
    except BaseException:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write(collection: Collection, folder: Path, with_records: bool, beside: Sequence[Path]) -> None:
    manifest = dict(collection.manifest)
    np.save(folder / "vectors.npy", collection.vectors, allow_pickle=False)
    if isinstance(collection.index, HnswIndex):
        collection.index.save(folder)
    (folder / "lexical").mkdir()
    collection.lexical.save(folder / "lexical")
    if collection.atlas is not None:
        np.savez(folder / "map.npz", coordinates=collection.atlas.coordinates, trust=collection.atlas.trust)
        _dump(folder / "regions.json", list(collection.atlas.regions))
    if collection.predicted:
        save_predictions(collection.predicted, folder / PREDICTIONS_FILE)
    if collection.topics is not None:
        save_topics(collection.topics, folder)
    if collection.shelf is not None:
        collection.shelf.save(folder / PICTURES)
    if with_records:
        with (folder / "catalogue.jsonl").open("w", encoding="utf-8") as lines:
            for work in collection.catalogue:
                lines.write(work.model_dump_json(exclude_defaults=True) + "\n")
        write_records(collection.catalogue, folder / RECORDS_FILE)
        manifest["records"] = _digest(folder / "catalogue.jsonl", manifest["catalogue"])
        vocabulary = {
            field: {w: asdict(t) for w, t in words.items()} for field, words in collection.catalogue.vocabulary.items()
        }
        _dump(folder / VOCABULARY_FILE, vocabulary)
    for file in beside:
        shutil.copyfile(file, folder / file.name)
    _dump(folder / "manifest.json", manifest)


def _dump(file: Path, value) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def load(folder: Path, records: Path | None = None) -> Collection:
    """Read a collection's folder. `records`: where its catalogue lies, if not in the folder itself.

    Raises `ArtifactError` where something is missing, damaged, or made from another catalogue.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    catalogue = _stored(folder, manifest) if records is None else None
    catalogue = catalogue or load_catalogue(records or folder / "catalogue.jsonl")
    if catalogue.hash != manifest["catalogue"]:
        raise ArtifactError(
            f"{folder} was built from another catalogue ({manifest['works']} works, {manifest['catalogue'][:8]}…) "
            f"than the one at {records or folder} ({len(catalogue)} works, {catalogue.hash[:8]}…).",
            f"Build it again: {_rebuild(folder, records)}.",
        )
    try:
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        expected = (manifest["works"], manifest["encoder"]["dimension"])
        if vectors.shape != expected or vectors.dtype != np.float32:
            raise ValueError(f"vectors are {vectors.dtype} {vectors.shape}, the manifest says float32 {expected}")
        vectors = np.asarray(vectors)
        lexical = Lexical.load(folder / "lexical", len(catalogue))
        atlas = None
        if (folder / "map.npz").exists():
            with np.load(folder / "map.npz", allow_pickle=False) as arrays:
                atlas = Atlas(
                    arrays["coordinates"], arrays["trust"], tuple(json.loads((folder / "regions.json").read_text("utf-8")))
                )
            if atlas.coordinates.shape != (len(catalogue), 2) or atlas.trust.shape != (len(catalogue),):
                raise ValueError(f"the map holds {len(atlas.coordinates)} places for {len(catalogue)} works")
        topics = load_topics(folder, len(catalogue))
        predicted = {}
        if (folder / PREDICTIONS_FILE).exists():
            predicted = StoredPredictions(folder / PREDICTIONS_FILE, catalogue)
        index = open_index(vectors, folder)
    except ArtifactError:
        raise
    except Exception as error:  # numpy, JSON and bm25s raise many kinds on damaged files
        raise ArtifactError(
            f"The collection in {folder} is damaged ({type(error).__name__}: {str(error)[:150]}).",
            f"Build it again: {_rebuild(folder, records)}.",
        ) from error
    name = manifest.get("name") or folder.name
    shelf = None
    if manifest.get("pictures"):
        from artrec.visual.shelf import Shelf

        shelf = Shelf(len(catalogue), folder / PICTURES)
    return Collection(name, catalogue, vectors, index, lexical, manifest, atlas, topics, predicted, shelf)


def _stored(folder: Path, manifest: dict) -> StoredCatalogue | None:
    """The records as they were written; None where they were changed since, or are of an older version: then they are read
    and checked one by one."""
    source = folder / "catalogue.jsonl"
    if (
        not (folder / RECORDS_FILE).exists()
        or not source.exists()
        or manifest.get("records") != _digest(source, manifest["catalogue"])
    ):
        return None
    try:
        catalogue = StoredCatalogue(folder / RECORDS_FILE, load_vocabulary(folder / VOCABULARY_FILE), manifest["catalogue"])
        return catalogue if len(catalogue) == manifest["works"] else None
    except (OSError, ValueError):  # damaged; Arrow's errors are among these
        return None


def _digest(file: Path, catalogue: str) -> str:
    """SHA-256 that ties a file's bytes to the hash of the catalogue in it."""
    with file.open("rb") as stream:
        return hashlib.sha256(hashlib.file_digest(stream, "sha256").digest() + catalogue.encode()).hexdigest()


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold a folder while a collection is built into it. Raises `ArtifactError` where another build holds it. The hold ends
    with the process, however that ends."""
    from filelock import FileLock, Timeout

    folder = Path(folder).resolve()
    locks = config.home() / "locks"
    try:
        locks.mkdir(parents=True, exist_ok=True)
        lock = FileLock(locks / f"{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}.lock", timeout=0)
        with lock:
            yield
    except Timeout:
        raise ArtifactError(
            f"Another build is writing to {folder}.", "Wait for it to end, or choose another folder for --out."
        ) from None
    except OSError as error:
        cure = "Set ARTREC_HOME to a folder that can be written to."
        raise ArtifactError(f"{locks} cannot be written to ({error.strerror or error}).", cure) from error


def read_manifest(folder: Path) -> dict:
    """The manifest of a collection's folder, checked for what every reader needs of it."""
    file = Path(folder) / "manifest.json"
    try:
        manifest = json.loads(file.read_text("utf-8"))
        encoder, noise = manifest["encoder"], manifest.get("noise")
        complete = isinstance(manifest["catalogue"], str) and manifest["works"] > 0 and encoder["dimension"] > 0
        named = isinstance(encoder["fingerprint"], str) and isinstance(encoder["name"], str)
        if not complete or not named or manifest["format"] != FORMAT:
            raise ValueError(f"format {manifest.get('format')!r}")
        if noise is not None:
            for location, scale in (noise["cosine"], noise["words"]):
                if not (math.isfinite(location) and scale > 0):
                    raise ValueError(f"noise {noise!r}")
    except FileNotFoundError:
        raise ArtifactError(
            f"There is no built collection in {folder}.", f"Build one: python -m artrec build CATALOGUE --out {folder}."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArtifactError(
            f"{file} cannot be used ({type(error).__name__}: {str(error)[:100]}).",
            f"Build it again: python -m artrec build CATALOGUE --out {folder}.",
        ) from error
    return manifest


def _rebuild(folder: Path, records: Path | None) -> str:
    return f"python -m artrec build {records or folder / 'catalogue.jsonl'} --out {folder}"


def open_collection(folder: Path | str | None = None) -> Collection:
    """The collection in use, or the one in a folder or database; the shipped one finds its records in `data/starter`.

    Where `ARTREC_ADAPTER` or `ARTREC_MODEL` asks for another encoder, the shipped collection is built for that one, once,
    and kept in `ARTREC_HOME`.
    """
    chosen = folder or config.collection()
    if config.is_address(chosen):
        from artrec.engines.postgres import open_database

        return open_database(str(chosen))
    chosen = Path(chosen).expanduser()
    shipped = chosen.resolve() == config.STARTER_ASSETS and not (chosen / "catalogue.jsonl").exists()
    if shipped and any(os.environ.get(name) for name in ("ARTREC_ADAPTER", "ARTREC_MODEL")):
        return _for_another_encoder()
    return load(chosen, config.STARTER if shipped else None)


def _for_another_encoder() -> Collection:
    from artrec.encoder import load_encoder

    encoder, manifest = load_encoder(), read_manifest(config.STARTER_ASSETS)
    if encoder.fingerprint == manifest["encoder"]["fingerprint"]:
        return load(config.STARTER_ASSETS, config.STARTER)
    kept = config.home() / "collections" / encoder.fingerprint[:16]
    catalogue = load_catalogue(config.STARTER)
    if not (kept / "manifest.json").exists() or read_manifest(kept)["catalogue"] != catalogue.hash:
        logger.warning("Building the collection for %s, once; this takes about a minute.", encoder.name)
        save(build(catalogue, encoder, name=f"{manifest['name']} ({encoder.name})"), kept)
    return load(kept)
