"""The offline learned view: a compact vector a picture, learnt from the pictures at hand.

The features with names and the patch statistics (Fisher vectors, `patches.py`) are put side by side; their principal components
are the space. With style labels, ridge regression onto the styles (Hoerl and Kennard 1970; with indicator targets it finds the
directions of the linear discriminant) adds directions in which works of one style lie together. Small, seeded, without pickle.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from artrec.errors import ArtifactError
from artrec.visual.features import FEATURES, read
from artrec.visual.patches import KINDS, Words, learn_words, patches, signature

DIMENSION = 64
SAMPLE = 1_000  # pictures it is learnt from at most
TEACHERS = 300  # pictures that words are learnt from at most
NAMED = 0.5  # weight of the features with names beside 1 for the patch statistics
TAUGHT = 0.6  # the share of what the labels taught in the vectors' squared length
RIDGE = 0.3  # against over-fitting, in units of the mean squared length of a picture's statistics
CLIP = 4.0  # standardised features are cut here


@dataclass(frozen=True, eq=False)
class Descriptor:
    """All float32. `center`, `scale` (d,): of the features with names; `words`: what patches are measured against; `middle`
    (m,): the mean of both views side by side; `turn` (m, dimension): from there to the final space."""

    center: np.ndarray
    scale: np.ndarray
    words: tuple[Words, ...]
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
        """Learn from pictures (uint8 (h, w, 3) each), at most 1,000 of them, drawn with `seed`. `features`: float32 (n, d) from
        `features.read`, read now where not given. `labels`: a style each, "" for unknown; without, or with one style alone,
        nothing but the pictures is learnt from. Raises `ArtifactError` on fewer than two pictures."""
        if len(pictures) < 2:
            raise ArtifactError("A picture model cannot be learnt from one picture.", "Give at least two.")
        random, rows = np.random.default_rng(seed), np.arange(len(pictures))
        if len(rows) > SAMPLE:
            rows = np.sort(random.choice(rows, SAMPLE, replace=False))
        chosen = [pictures[row] for row in rows]
        raw = np.stack([read(p) for p in chosen]) if features is None else np.asarray(features, dtype=np.float32)[rows]
        known = None if labels is None else np.array([str(labels[row]) for row in rows])
        with threadpool_limits(1, "blas"):  # products this small only wait for a second thread
            some = random.permutation(len(chosen))[:TEACHERS]  # patches are taken twice rather than held: memory
            words = learn_words((chosen[at] for at in np.sort(some)), len(some), seed)
            return cls.turned(raw, np.stack([signature(patches(p), words) for p in chosen]), words, known)

    @classmethod
    def turned(
        cls, raw: np.ndarray, signatures: np.ndarray, words: tuple[Words, ...], labels: np.ndarray | None
    ) -> "Descriptor":
        """The last step of `fit`: from features (n, d) and patch statistics (n, s) to the final space."""
        center, scale = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-6)
        joined = _join(raw, signatures, center, scale)
        middle = joined.mean(axis=0)
        return cls(*(np.asarray(a, dtype=np.float32) for a in (center, scale)), words, middle, _turn(joined - middle, labels))

    @property
    def dimension(self) -> int:
        """The length of its vectors."""
        return self.turn.shape[1]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything learnt."""
        digest = hashlib.sha256(f"{len(FEATURES)}".encode())
        for name, array in self._arrays().items():
            digest.update(name.encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def encode(self, pictures: Sequence[np.ndarray], features: np.ndarray | None = None) -> np.ndarray:
        """Vectors of pictures: float32 (n, dimension), rows of unit length. `features` as in `fit`."""
        if not len(pictures):
            return np.empty((0, self.dimension), dtype=np.float32)
        raw = np.stack([read(p) for p in pictures]) if features is None else np.asarray(features, dtype=np.float32)
        with threadpool_limits(1, "blas"):
            return self.project(raw, np.stack([signature(patches(p), self.words) for p in pictures]))

    def project(self, raw: np.ndarray, signatures: np.ndarray) -> np.ndarray:
        """`encode` from features (n, d) and patch statistics (n, s)."""
        found = (_join(raw, signatures, self.center, self.scale) - self.middle) @ self.turn
        return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)).astype(np.float32)

    def save(self, file: Path) -> None:
        """Write one .npz, whole or not at all."""
        part = file.with_name(file.name + ".part")
        with part.open("wb") as stream:
            np.savez(stream, **self._arrays())
        part.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Descriptor":
        """Read what `save` wrote. Raises `ArtifactError`."""
        try:
            with np.load(file, allow_pickle=False) as found:
                words = tuple(Words(*(found[f"{name.name}_{at}"] for name in fields(Words))) for at in range(len(KINDS)))
                read_in = cls(words=words, **{name: found[name] for name in ("center", "scale", "middle", "turn")})
            if len(read_in.center) != len(FEATURES) or len(read_in.middle) != len(read_in.turn):
                raise ValueError("other features")
        except Exception as error:  # numpy and zipfile raise many kinds on a damaged file
            raise ArtifactError(
                f"The picture model {file} cannot be read.", "Build the collection's pictures again."
            ) from error
        return read_in

    def _arrays(self) -> dict[str, np.ndarray]:
        words = {f"{name.name}_{at}": getattr(kind, name.name) for at, kind in enumerate(self.words) for name in fields(Words)}
        return {"center": self.center, "scale": self.scale, "middle": self.middle, "turn": self.turn} | words


def _join(raw: np.ndarray, signatures: np.ndarray, center: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Both views side by side: standardised features in rows of squared length about `NAMED`, and statistics of length 1."""
    features = np.clip((raw - center) / scale, -CLIP, CLIP) * np.sqrt(NAMED / raw.shape[1])
    return np.concatenate([features, signatures], axis=1).astype(np.float32)


def _turn(rows: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    """Centred rows (n, m) → the final space (m, dimension). All in the span of the rows, through their products (n, n)."""
    products = (rows @ rows.T).astype(np.float64)
    values, vectors = np.linalg.eigh(products)
    order = np.argsort(-values)[:DIMENSION]
    order = order[values[order] > 1e-9 * max(values.max(), 1e-30)]
    axes = rows.T @ (vectors[:, order] / np.sqrt(values[order]))
    if not len(order):  # all pictures are the same
        axes = np.eye(rows.shape[1], 1)
    axes = axes * np.where(np.abs(axes).max(axis=0) == axes.max(axis=0), 1, -1)  # a sign that no library decides
    if labels is None or len(set(labels[labels != ""])) < 2:
        return axes.astype(np.float32)
    known = np.flatnonzero(labels != "")
    styles = np.unique(labels[known])[: DIMENSION // 2 + 1]
    targets = (labels[known, None] == styles).astype(float)
    targets -= targets.mean(axis=0)
    inner = products[np.ix_(known, known)]
    weights = np.linalg.solve(inner + RIDGE * inner.trace() / len(known) * np.eye(len(known)), targets)
    taught = rows[known].T @ weights
    axes = axes[:, : DIMENSION - taught.shape[1]]
    return np.concatenate([_sized(taught, rows, TAUGHT), _sized(axes, rows, 1 - TAUGHT)], axis=1).astype(np.float32)


def _sized(axes: np.ndarray, rows: np.ndarray, share: float) -> np.ndarray:
    """Axes scaled so that the rows' mean squared length along them is `share`."""
    return axes * np.sqrt(share / max(float(((rows @ axes) ** 2).sum(axis=1).mean()), 1e-12))
