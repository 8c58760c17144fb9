"""The offline learned view: a compact vector a picture, learnt from the pictures at hand.

Patch statistics (Fisher vectors over dense local descriptors, in `patches.py`) and the features with names are each reduced by
principal components and put side by side; with style labels a linear discriminant then turns the space so that works of one
style lie together. Small, seeded, kept without pickle.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from artrec.errors import ArtifactError
from artrec.visual.features import FEATURES, read
from artrec.visual.patches import Words, fit_words, patches, statistics

DIMENSION = 64
SAMPLE = 1_500  # pictures it is learnt from at most
TAUGHT = 0.6  # the share of what the labels taught in the vectors' length
PARTS = 192  # principal components kept of the patch statistics


@dataclass(frozen=True, eq=False)
class Descriptor:
    """Everything as arrays. `center`, `scale`: of the features; `words*`: the mixture that patches are measured against;
    `mean`, `axes`: the principal components of the patch statistics; `turn`: (parts, dimension) to the final vector."""

    center: np.ndarray
    scale: np.ndarray
    words: np.ndarray
    mean: np.ndarray
    axes: np.ndarray
    middle: np.ndarray
    turn: np.ndarray

    @classmethod
    def fit(
        cls,
        pictures: Sequence[np.ndarray],
        features: np.ndarray | None = None,
        labels: Sequence[str] | None = None,
        seed: int = 0,
    ) -> "Descriptor":
        """Learn from pictures (uint8 (h, w, 3) each), at most 1,500 of them, drawn with `seed`. `features`: float32 (n, d) from
        `features.read`, read now where not given. `labels`: a style each, "" for unknown; without, or with one style alone,
        nothing but the pictures is learnt from."""
        with threadpool_limits(1, "blas"):  # products this small only wait for a second thread
            return cls._fit(pictures, features, labels, seed)

    @classmethod
    def _fit(cls, pictures, features, labels, seed) -> "Descriptor":
        random = np.random.default_rng(seed)
        if len(pictures) < 2:
            raise ArtifactError("A picture model cannot be learnt from one picture.", "Give at least two.")
        rows = np.arange(len(pictures))
        if len(rows) > SAMPLE:
            rows = np.sort(random.choice(rows, SAMPLE, replace=False))
        chosen = [pictures[row] for row in rows]
        raw = np.stack([read(p) for p in chosen]) if features is None else np.asarray(features, dtype=np.float32)[rows]
        center = np.median(raw, axis=0)
        spread = np.subtract(*np.percentile(raw, [75, 25], axis=0)) / 1.349
        scale = np.where(spread > 1e-6, spread, np.maximum(raw.std(axis=0), 1e-6)).astype(np.float32)
        local = [patches(p) for p in chosen]
        words = fit_words(local, seed)
        signatures = np.stack([statistics(part, words) for part in local])
        mean = signatures.mean(axis=0)
        axes = _components(signatures - mean, PARTS)
        joined = _join(np.clip((raw - center) / scale, -4, 4), (signatures - mean) @ axes)
        known = None if labels is None else np.array([str(labels[row]) for row in rows])
        middle = joined.mean(axis=0)
        turn = _turn(joined - middle, known)
        return cls(*(np.asarray(a, dtype=np.float32) for a in (center, scale, words.table, mean, axes, middle, turn)))

    @property
    def dimension(self) -> int:
        """The length of its vectors."""
        return self.turn.shape[1]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything learnt."""
        digest = hashlib.sha256(f"{len(FEATURES)}".encode())
        for field in fields(self):
            digest.update(np.ascontiguousarray(getattr(self, field.name)).tobytes())
        return digest.hexdigest()

    def encode(self, pictures: Sequence[np.ndarray], features: np.ndarray | None = None) -> np.ndarray:
        """Vectors of pictures: float32 (n, dimension), rows of unit length. `features` as in `fit`."""
        if not len(pictures):
            return np.empty((0, self.dimension), dtype=np.float32)
        raw = np.stack([read(p) for p in pictures]) if features is None else np.asarray(features, dtype=np.float32)
        words = Words(self.words)
        with threadpool_limits(1, "blas"):
            signatures = np.stack([statistics(patches(p), words) for p in pictures])
        joined = _join(np.clip((raw - self.center) / self.scale, -4, 4), (signatures - self.mean) @ self.axes)
        return _unit((joined - self.middle) @ self.turn)

    def save(self, file: Path) -> None:
        """Write one .npz, whole or not at all."""
        part = file.with_name(file.name + ".part")
        with part.open("wb") as stream:
            np.savez(stream, **{field.name: getattr(self, field.name) for field in fields(self)})
        part.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Descriptor":
        """Read what `save` wrote. Raises `ArtifactError`."""
        try:
            with np.load(file, allow_pickle=False) as found:
                arrays = {field.name: found[field.name].astype(np.float32) for field in fields(cls)}
            if len(arrays["center"]) != len(FEATURES):
                raise ValueError("other features")
        except Exception as error:  # numpy and zipfile raise many kinds on a damaged file
            raise ArtifactError(
                f"The picture model {file} cannot be read.", "Build the collection's pictures again."
            ) from error
        return cls(**arrays)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def _join(features: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Both views side by side, each with about the same weight."""
    return np.concatenate([features / np.sqrt(features.shape[1]), parts / np.sqrt(0.5)], axis=1).astype(np.float32)


def _components(rows: np.ndarray, k: int) -> np.ndarray:
    """The first principal axes of centred rows: float (d, ≤ k). Through the smaller of the two products."""
    k = min(k, len(rows) - 1, rows.shape[1])
    values, vectors = np.linalg.eigh((rows @ rows.T).astype(np.float64))
    order = np.argsort(-values)[:k]
    order = order[values[order] > 1e-9 * max(values.max(), 1e-30)]
    axes = rows.T @ vectors[:, order] / np.sqrt(values[order])
    return axes * np.where(np.abs(axes).max(axis=0) == axes.max(axis=0), 1, -1)  # a sign that does not depend on the library


def _turn(rows: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    """Centred rows → the final space: their principal components and, with labels, the discriminant directions (Fisher 1936,
    shrunk as Ledoit and Wolf 2004) beside them, `TAUGHT` of the squared length."""
    axes = _components(rows, DIMENSION)
    if labels is None or len(set(labels[labels != ""])) < 2:
        return axes
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    known = labels != ""
    model = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(rows[known], labels[known])
    turn = model.scalings_[:, : min(len(model.classes_) - 1, DIMENSION // 2)]
    axes = axes[:, : DIMENSION - turn.shape[1]]
    taught, plain = (np.sqrt(((rows @ part) ** 2).sum(axis=1).mean()) for part in (turn, axes))
    return np.concatenate([turn * np.sqrt(TAUGHT) / max(taught, 1e-9), axes * np.sqrt(1 - TAUGHT) / max(plain, 1e-9)], axis=1)
