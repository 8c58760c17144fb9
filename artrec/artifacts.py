"""Build, save, load: one folder a collection, one `manifest.json`, arrays without pickle.

    manifest.json    what it was made from and with: catalogue hash, encoder fingerprint, dimension, counts, noise
    vectors.npy      float32 (n, d)
    hnsw.bin         the graph, in collections of EXACT_BELOW works and more
    lexical/         BM25
    map.npz          coordinates, trust;  regions.json their names
    predictions.arrow  what the heads read into empty fields, with probabilities (optional)
    topics.json      names and terms;  topics.npz their works (both optional: older collections have none)
    catalogue.jsonl, vocabulary.json      the records (the starter collection's lie in data/starter instead)
    records.arrow    the same, to be read a work or a column at a time;  texts.arrow  their words, to be searched
    pictures/        what was read in its pictures (optional; `visual/store.py`)
    left_out.jsonl, import.json, health.json   of a collection that was imported

`build_folder` makes it in stages on the disk, so that a build that stops goes on where it was and memory holds no more than the
collection takes when it is opened; `build` makes the same in memory, for `save`. Either way the folder is put in place whole,
and the old one can be used until then. The vectors are kept by content as well (`vectors.py`): an update encodes what is new.
"""

import hashlib
import json
import logging
import math
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache as once
from functools import partial
from pathlib import Path

from artrec import config, parts
from artrec.catalogue import Catalogue, load_catalogue
from artrec.collection import Atlas, Collection
from artrec.encoder import Encoder
from artrec.errors import ArtifactError
from artrec.index import open_index
from artrec.lexical import Lexical
from artrec.predictions import heads_for, stream_predictions
from artrec.progress import Progress, Tell, quiet, stretch
from artrec.projection import make_atlas, nearest
from artrec.records import RECORDS_FILE, StoredCatalogue, store
from artrec.relevance import measure_noise
from artrec.staging import InMemory, OnDisk, building, put_in_place, refuse_foreign
from artrec.text import passage
from artrec.topics import find_topics, load_topics, save_topics
from artrec.updating import before, index_of
from artrec.vectors import gather, stream_vectors, write_vectors

logger = logging.getLogger(__name__)
FORMAT = 1


def build(
    catalogue: Catalogue,
    encoder: Encoder,
    *,
    name: str = "collection",
    atlas: bool = True,
    progress: Progress | None = None,
    cache: Path | None = None,
    previous: Path | None = None,
    stages: InMemory | None = None,
    pictures: Path | None = None,
) -> Collection:
    """Make everything from a catalogue. `cache`: where vectors by content are kept. `previous`: the folder of an older edition,
    whose map and graph are kept where little has changed (`updating.py`). `stages`: where the stages are kept (memory).
    `pictures`: a folder of the works' pictures."""
    tell = progress or quiet
    if pictures is not None:
        from artrec.visual.shelving import match, shelve

        files = match(catalogue, pictures)
    n, d, stages = len(catalogue), encoder.dimension, stages or InMemory()

    def made(stage, make, write, read, whole=lambda value: value):
        tell(stage, 0, n)
        value = stages.made(stage, partial(make, partial(tell, stage)), write, read, whole)
        tell(stage, n, n)
        return value

    @once
    def old():
        return None if previous is None else before(previous, catalogue, vectors, encoder.fingerprint)

    def drawn(tell: Tell) -> Atlas:
        kept = old()
        known = (kept.known, kept.places) if kept and kept.places is not None else ()
        near = nearest(index(), vectors, stretch(tell, n, 0.0, 0.15))
        return make_atlas(catalogue, vectors, near, *known, tell=stretch(tell, n, 0.15, 1.0))

    vectors = made(
        "encode",
        lambda tell: stream_vectors(encoder, map(passage, catalogue), n, cache, tell),
        lambda windows, at: write_vectors(windows, n, d, at / parts.VECTORS_FILE),
        lambda at: parts.read_vectors(at, n, d),
        lambda windows: gather(windows, n, d),
    )
    opened = partial(open_index, vectors)
    index = made("index", lambda tell: index_of(vectors, old(), tell), parts.write_index, opened)
    kind, index = index.kind, stages.lent(index, opened)  # the graph holds the vectors once more, and is needed only later
    lexical = made(
        "words", lambda tell: Lexical.build(catalogue, tell), parts.write_lexical, lambda at: parts.read_lexical(at, n)
    )
    topics = made("topics", lambda tell: find_topics(catalogue, vectors, tell=tell), save_topics, lambda at: load_topics(at, n))
    predicted = made(
        "predict",
        lambda tell: stream_predictions(catalogue, vectors, encoder, heads_for(encoder), cache, tell),
        parts.write_predictions,
        lambda at: parts.read_predictions(at, catalogue),
        dict,
    )
    placed = made("map", drawn, parts.write_atlas, lambda at: parts.read_atlas(at, n)) if atlas else None
    shelf = None
    if pictures is not None:
        shelf = made(
            "pictures",
            lambda tell: shelve(catalogue, files, stretch(tell, n, 0.0, 1.0), atlas),
            parts.write_pictures,
            lambda at: parts.read_pictures(at, n),
        )
    manifest = {
        "format": FORMAT,
        "name": name,
        "works": n,
        "catalogue": catalogue.hash,
        "encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dimension": d},
        "index": kind,
        "noise": measure_noise(vectors, lexical, encoder).as_dict(),
        "map_trust": None if placed is None else round(float(placed.trust.mean()), 4),
    }
    if shelf is not None:
        manifest["pictures"] = {"works": int(shelf.visual.has.sum()), "encoder": shelf.visual.encoder}
    return Collection(name, catalogue, vectors, index(), lexical, manifest, placed, topics, predicted, shelf=shelf)


def build_folder(
    records: Catalogue | Path,
    encoder: Encoder,
    folder: Path,
    *,
    fresh: bool = False,
    with_records: bool = True,
    beside: Sequence[Path] = (),
    **options,
) -> Collection:
    """Build a collection's folder in stages, going on with a build of the same that was stopped, and open it. `records`: a
    catalogue, or where one lies (then it is validated and never wholly in memory). An older edition there, unless `fresh`,
    lends what has not changed. `with_records`, `beside`: as for `save`; `options`: name, atlas, progress, cache of `build`.
    Raises `ArtifactError` where another build holds the folder or the disk says no, and what `load_catalogue` does."""
    folder = Path(folder).resolve()
    try:
        refuse_foreign(folder)
        with building(folder), _opened(records, folder, options.get("progress")) as catalogue:
            previous = None if fresh or not (folder / "manifest.json").exists() else folder
            kept = OnDisk(folder, _made_from(catalogue, encoder, previous, options))
            if with_records:
                catalogue = _kept_records(catalogue, kept, options.get("progress"))
            made = build(catalogue, encoder, previous=previous, stages=kept, **options)
            _finish(made.manifest, catalogue, kept.work, with_records, beside)
            kept.finish()
    except OSError as error:
        raise _disk_says_no(folder, error, "The same build then goes on where it stopped") from error
    return load(folder) if with_records else made


@contextmanager
def _opened(records: Catalogue | Path, folder: Path, progress: Progress | None) -> Iterator[Catalogue]:
    """A catalogue, where there is only a path, by way of a file beside the folder."""
    if not isinstance(records, str | Path):
        yield records
        return
    read = folder.with_name(f".{folder.name}.records")
    try:
        read.mkdir(parents=True, exist_ok=True)
        catalogue = store(records, read / RECORDS_FILE, partial(progress or quiet, "check"))
        yield catalogue
    finally:
        shutil.rmtree(read, ignore_errors=True)


def _kept_records(records: Catalogue, kept: OnDisk, progress: Progress | None) -> StoredCatalogue:
    """The first stage: the records as the folder keeps them."""
    tell, n = partial(progress or quiet, "records"), len(records)
    tell(0, n)
    write = partial(parts.write_catalogue, tell=tell)
    found = kept.made("records", lambda: records, write, lambda at: parts.read_catalogue(at, records.hash))
    tell(n, n)
    return found


def _made_from(catalogue: Catalogue, encoder: Encoder, previous: Path | None, options: dict) -> dict:
    """What tells one build from another."""
    from artrec.visual.shelving import listing

    pictures = options.get("pictures")
    old = None if previous is None else hashlib.sha256((previous / "manifest.json").read_bytes()).hexdigest()
    return {
        "format": FORMAT, "catalogue": catalogue.hash, "encoder": encoder.fingerprint, "dimension": encoder.dimension,
        "atlas": options.get("atlas", True), "previous": old, "pictures": None if pictures is None else listing(pictures),
    }  # fmt: skip


def _disk_says_no(folder: Path, error: OSError, then: str = "") -> ArtifactError:
    cure = "Free some space, or choose a folder that can be written to; what was there before is untouched."
    fact = f"The collection cannot be written to {folder} ({error.strerror or error})."
    return ArtifactError(fact, f"{cure} {then}." if then else cure)


def save(collection: Collection, folder: Path, *, with_records: bool = True, beside: Sequence[Path] = ()) -> None:
    """Write a collection's folder, whole or not at all, with copies of the files `beside`. Raises `ArtifactError` where the
    disk says no."""
    folder = Path(folder).resolve()
    workshop = None
    try:
        refuse_foreign(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        _write(collection, workshop)
        if with_records:
            parts.write_catalogue(collection.catalogue, workshop)
        _finish(collection.manifest, collection.catalogue, workshop, with_records, beside)
        os.chmod(workshop, 0o755)
        put_in_place(workshop, folder)
    except OSError as error:
        raise _disk_says_no(folder, error) from error
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)


def _write(collection: Collection, folder: Path) -> None:
    write_vectors([collection.vectors], *collection.vectors.shape, folder / parts.VECTORS_FILE)
    parts.write_index(collection.index, folder)
    parts.write_lexical(collection.lexical, folder)
    if collection.topics is not None:
        save_topics(collection.topics, folder)
    if collection.predicted:
        parts.write_predictions(collection.predicted.items(), folder)
    if collection.atlas is not None:
        parts.write_atlas(collection.atlas, folder)
    if collection.shelf is not None:
        parts.write_pictures(collection.shelf, folder)


def _finish(manifest: dict, catalogue: Catalogue, folder: Path, with_records: bool, beside: Sequence[Path]) -> None:
    """What comes last: files from elsewhere, and the manifest, without which a folder is no collection."""
    for file in beside:
        shutil.copyfile(file, folder / file.name)
    if with_records:
        manifest = manifest | {"records": _digest(folder / parts.CATALOGUE_FILE, catalogue.hash)}
    parts.dump(folder / "manifest.json", manifest)


def load(folder: Path, records: Path | None = None) -> Collection:
    """Read a collection's folder. `records`: where its catalogue lies, if not in the folder itself.

    Raises `ArtifactError` where something is missing, damaged, or made from another catalogue.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    catalogue = _stored(folder, manifest) if records is None else None
    catalogue = catalogue or load_catalogue(records or folder / parts.CATALOGUE_FILE)
    if catalogue.hash != manifest["catalogue"]:
        raise ArtifactError(
            f"{folder} was built from another catalogue ({manifest['works']} works, {manifest['catalogue'][:8]}…) "
            f"than the one at {records or folder} ({len(catalogue)} works, {catalogue.hash[:8]}…).",
            f"Build it again: {_rebuild(folder, records)}.",
        )
    n = len(catalogue)
    try:
        if n != manifest["works"]:
            raise ValueError(f"{n} works, the manifest says {manifest['works']}")
        vectors = parts.read_vectors(folder, n, manifest["encoder"]["dimension"])
        index, lexical = open_index(vectors, folder), parts.read_lexical(folder, n)
        atlas, topics = parts.read_atlas(folder, n), load_topics(folder, n)
        predicted, texts = parts.read_predictions(folder, catalogue), parts.read_texts(folder, catalogue)
    except ArtifactError:
        raise
    except Exception as error:  # numpy, JSON and bm25s raise many kinds on damaged files
        raise ArtifactError(
            f"The collection in {folder} is damaged ({type(error).__name__}: {str(error)[:150]}).",
            f"Build it again: {_rebuild(folder, records)}.",
        ) from error
    name = manifest.get("name") or folder.name
    shelf = parts.read_pictures(folder, len(catalogue)) if manifest.get("pictures") else None
    return Collection(name, catalogue, vectors, index, lexical, manifest, atlas, topics, predicted, texts, shelf)


def _stored(folder: Path, manifest: dict) -> StoredCatalogue | None:
    """The records as they were written; None where they were changed since, or are of an older version: then they are read
    and checked one by one."""
    source = folder / parts.CATALOGUE_FILE
    if (
        not (folder / RECORDS_FILE).exists()
        or not source.exists()
        or manifest.get("records") != _digest(source, manifest["catalogue"])
    ):
        return None
    try:
        catalogue = parts.read_catalogue(folder, manifest["catalogue"])
        return catalogue if len(catalogue) == manifest["works"] else None
    except (OSError, ValueError):  # damaged; Arrow's errors are among these
        return None


def _digest(file: Path, catalogue: str) -> str:
    """SHA-256 that ties a file's bytes to the hash of the catalogue in it."""
    with file.open("rb") as stream:
        return hashlib.sha256(hashlib.file_digest(stream, "sha256").digest() + catalogue.encode()).hexdigest()


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
    shipped = chosen.resolve() == config.STARTER_ASSETS and not (chosen / parts.CATALOGUE_FILE).exists()
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
