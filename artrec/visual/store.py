"""What is known of a collection's pictures, as arrays in the catalogue's row order, and as a folder with a manifest."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from artrec.errors import ArtifactError
from artrec.files import write_json
from artrec.visual import batch, palette
from artrec.visual.descriptor import SAMPLE, Descriptor
from artrec.visual.encoder import ImageEncoder, OfflineEncoder
from artrec.visual.features import FEATURES, read
from artrec.visual.finding import find_pictures
from artrec.visual.loading import load as load_picture
from artrec.visual.loading import shrink
from artrec.visual.patches import SIDE as PATCH_SIDE

__all__ = ["Visual", "build", "find_pictures", "load", "save"]
COLOURS = palette.COLOURS
VERSION = "2"  # of the reading: raised when a feature's meaning changes, so that nothing read before is used again
ARRAYS = ("has", "raw", "palettes", "vectors", "center", "scale")
MANIFEST, DESCRIPTOR, FILES = "manifest.json", "descriptor.npz", "files.json"
Progress = Callable[[str, int, int], None]  # stage, done, total
READ = batch.Job(
    "artrec.visual.store", "read_one", len(FEATURES) + COLOURS * 4, VERSION + "|".join(f"{f.name}:{f.unit}" for f in FEATURES)
)


@dataclass(frozen=True, eq=False)
class Visual:
    """A row a work; works without a picture have False in `has` and NaN elsewhere.

    `has` bool (n,). `raw` float32 (n, d): the features with names, in their units. `features` float32 (n, d):
    (raw − `center`) / `scale`, median and interquartile range (÷ 1.349: 1 is about a standard deviation), clipped to ±4.
    `palettes` float32 (n, 5, 4): L, a, b, share, largest first. `vectors` float32 (n, m): unit rows of the encoder whose
    fingerprint is `encoder`; `descriptor` is that encoder where it was learnt here. `files`: artwork_id → the picture's path.
    `problems`: artwork_id → why its picture could not be read.
    """

    has: np.ndarray
    raw: np.ndarray
    palettes: np.ndarray
    vectors: np.ndarray
    center: np.ndarray
    scale: np.ndarray
    encoder: str
    descriptor: Descriptor | None = None
    files: Mapping[str, Path] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "features", self.place(self.raw))

    def __len__(self) -> int:
        return len(self.has)

    def place(self, raw: np.ndarray) -> np.ndarray:
        """Features of pictures (raw, float32 (…, d)) in the collection's standardised space: float32, same shape."""
        return np.clip((raw - self.center) / self.scale, -4, 4).astype(np.float32)

    def image_encoder(self) -> ImageEncoder | None:
        """The encoder learnt here; None where the vectors are another model's (`encoder.load_image_encoder` loads it)."""
        return OfflineEncoder(self.descriptor) if self.descriptor is not None else None


def build(
    catalogue_ids: Sequence[str],
    pictures: Mapping[str, Path],
    encoder: ImageEncoder | None = None,
    progress: Progress | None = None,
    folder: Path | None = None,
    labels: Mapping[str, str] | None = None,
    processes: int = batch.PROCESSES,
) -> Visual:
    """Read the pictures of a catalogue (artwork_id → file), in two processes; a run that was stopped goes on where it was.

    Without an `encoder` a descriptor is learnt from these pictures, with `labels` (artwork_id → style) where there are any.
    `folder`: where to save it as well. `progress(stage, done, total)`. Files that are no pictures are listed in `problems`.
    Raises `ArtifactError` where fewer than two pictures can be read.
    """
    tell = progress or (lambda stage, done, total: None)
    rows = [(row, work) for row, work in enumerate(catalogue_ids) if work in pictures]
    files = [Path(pictures[work]) for _, work in rows]
    outcome = batch.read_all(files, READ, lambda done, total: tell("reading pictures", done, total), processes)
    good = np.flatnonzero(~np.isnan(outcome.values[:, 0])) if len(files) else np.empty(0, dtype=int)
    if len(good) < 2:
        raise ArtifactError(
            f"{len(good)} of {len(files)} pictures could be read; two at least are needed.",
            next(iter(outcome.problems.values()), "Check the folder: a picture's name is its work's id."),
        )
    raw = outcome.values[good, : len(FEATURES)]
    descriptor = None
    if encoder is None:
        descriptor = _learn([files[at] for at in good], raw, [(labels or {}).get(rows[at][1], "") for at in good], tell)
        encoder = OfflineEncoder(descriptor)
    vectors = _vectors([files[at] for at in good], encoder, tell, processes)
    center, scale = robust(raw)
    n, at = len(catalogue_ids), np.array([rows[g][0] for g in good])
    visual = Visual(
        has=_scatter(n, at, np.ones(len(at), dtype=bool), False),
        raw=_scatter(n, at, raw),
        palettes=_scatter(n, at, outcome.values[good, len(FEATURES) :].reshape(-1, COLOURS, 4)),
        vectors=_scatter(n, at, vectors),
        center=center,
        scale=scale,
        encoder=encoder.fingerprint,
        descriptor=descriptor,
        files={rows[g][1]: files[g] for g in good},
        problems={
            work: outcome.problems[file] for (_, work), file in zip(rows, files, strict=True) if file in outcome.problems
        },
    )
    if folder is not None:
        save(visual, folder)
    return visual


def read_one(picture: np.ndarray) -> np.ndarray:
    """Features and palette of one picture in one row: float32 (d + 20,)."""
    return np.concatenate([read(picture), palette.dominant(picture, COLOURS).ravel()])


def robust(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median and interquartile range ÷ 1.349 of each column, float32 (d,) each; a column where half the works agree falls back
    to its standard deviation, one where all agree to 1."""
    center = np.median(raw, axis=0)
    scale = np.subtract(*np.percentile(raw, [75, 25], axis=0)) / 1.349
    deviation = raw.std(axis=0)
    scale = np.where(scale > 0.2 * deviation, scale, deviation)  # a spike in the middle with long tails has no useful range
    return center.astype(np.float32), np.where(scale > 1e-6, scale, 1).astype(np.float32)


def _learn(files: list[Path], raw: np.ndarray, labels: list[str], tell: Progress) -> Descriptor:
    chosen = np.arange(len(files))
    if len(chosen) > SAMPLE:  # drawn here, so that only these are opened
        chosen = np.sort(np.random.default_rng(0).choice(chosen, SAMPLE, replace=False))
    tell("learning to see", 0, 1)
    pictures = [shrink(load_picture(files[row]), PATCH_SIDE) for row in chosen]  # no larger than what is learnt from: memory
    descriptor = Descriptor.fit(pictures, raw[chosen], [labels[row] for row in chosen])
    tell("learning to see", 1, 1)
    return descriptor


def _vectors(files: list[Path], encoder: ImageEncoder, tell: Progress, processes: int) -> np.ndarray:
    """The encoder's vectors: our own in processes, a neural one here (it has threads of its own), both kept by content."""
    job = batch.Job("artrec.visual.store", "encode_one", encoder.dimension, encoder.fingerprint, (encoder,))
    if not isinstance(encoder, OfflineEncoder):
        processes = 1
    outcome = batch.read_all(files, job, lambda done, total: tell("encoding pictures", done, total), processes)
    if outcome.problems:  # it could be read a moment ago
        raise ArtifactError(next(iter(outcome.problems.values())), "Leave the pictures in place while they are read.")
    return outcome.values


def encode_one(picture: np.ndarray, encoder: ImageEncoder) -> np.ndarray:
    """The vector of one picture: float32 (dimension,)."""
    return encoder.encode_pictures([picture])[0]


def _scatter(n: int, rows: np.ndarray, values: np.ndarray, fill: object = np.nan) -> np.ndarray:
    out = np.full((n, *values.shape[1:]), fill, dtype=values.dtype)
    out[rows] = values
    return out


def save(visual: Visual, folder: Path) -> None:
    """Write `manifest.json`, one .npy an array and the descriptor; the manifest last, with a hash of each file, so
    that a folder that was cut short does not open."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in ARRAYS:
        part = folder / f"{name}.npy.part"
        with part.open("wb") as stream:
            np.save(stream, getattr(visual, name), allow_pickle=False)
        part.replace(folder / f"{name}.npy")
    names = [f"{name}.npy" for name in ARRAYS] + [FILES]
    write_json(folder / FILES, {"files": {k: str(v) for k, v in visual.files.items()}, "problems": dict(visual.problems)})
    if visual.descriptor is not None:
        visual.descriptor.save(folder / DESCRIPTOR)
        names.append(DESCRIPTOR)
    else:
        (folder / DESCRIPTOR).unlink(missing_ok=True)
    write_json(
        folder / MANIFEST,
        {
            "works": len(visual),
            "pictures": int(visual.has.sum()),
            "features": [feature.name for feature in FEATURES],
            "encoder": visual.encoder,
            "files": {name: _digest(folder / name) for name in names},
        },
    )


def load(folder: Path) -> Visual:
    """Read what `save` wrote, arrays mapped from the disk. Raises `ArtifactError` where it is missing, damaged, or has other
    features than this version reads."""
    cure = "Build the collection's pictures again."
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["features"] != [feature.name for feature in FEATURES]:
            raise ArtifactError(f"The pictures in {folder} were read by another version of ArtRec.", cure)
        for name, digest in manifest["files"].items():
            if Path(name).name != name or _digest(folder / name) != digest:
                raise ArtifactError(f"{name} in {folder} is damaged.", cure)
        arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in ARRAYS}
        told = json.loads((folder / FILES).read_text("utf-8"))
        descriptor = Descriptor.load(folder / DESCRIPTOR) if DESCRIPTOR in manifest["files"] else None
        visual = Visual(
            **arrays, encoder=str(manifest["encoder"]), descriptor=descriptor,
            files={work: Path(path) for work, path in told["files"].items()}, problems=told["problems"],
        )  # fmt: skip
        n, d = len(visual), len(FEATURES)
        if n != manifest["works"] or visual.raw.shape != (n, d) or visual.palettes.shape != (n, COLOURS, 4):
            raise ArtifactError(f"The arrays in {folder} do not fit each other.", cure)
    except ArtifactError:
        raise
    except FileNotFoundError as error:
        raise ArtifactError(f"There are no pictures in {folder} ({Path(error.filename).name} is missing).", cure) from error
    except Exception as error:  # JSON and numpy raise many kinds on damaged files
        raise ArtifactError(f"The pictures in {folder} cannot be read ({type(error).__name__}).", cure) from error
    return visual


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
