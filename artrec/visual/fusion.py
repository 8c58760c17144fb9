"""Text and picture together: late (two likenesses added) or early (one space for both, by canonical correlation)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SHARED = 32  # dimensions of the joint space
SHRINK = 0.3  # of each view's covariance towards a multiple of the identity: there are few works to learn from
LATE = 0.5  # weight of the picture where likenesses are added


@dataclass(frozen=True, eq=False)
class Joint:
    """A space in which a work's text and its picture lie together. Float32: `text_mean` (t,), `text_axes` (t, k), and the same
    of pictures."""

    text_mean: np.ndarray
    text_axes: np.ndarray
    picture_mean: np.ndarray
    picture_axes: np.ndarray

    @classmethod
    def fit(cls, texts: np.ndarray, pictures: np.ndarray, shared: int = SHARED, shrink: float = SHRINK) -> "Joint":
        """Regularised canonical correlation (Hotelling 1936; Vinod 1976) between text vectors (n, t) and picture vectors (n, m)
        of the same works: the singular vectors of the whitened cross-covariance, each weighted by its correlation."""
        text, picture = (np.asarray(view, dtype=np.float64) for view in (texts, pictures))
        text_mean, picture_mean = text.mean(axis=0), picture.mean(axis=0)
        text, picture = text - text_mean, picture - picture_mean
        white_text, white_picture = _whitening(text, shrink), _whitening(picture, shrink)
        u, found, v = np.linalg.svd(white_text.T @ (text.T @ picture / len(text)) @ white_picture, full_matrices=False)
        k = min(shared, len(found))
        weights = np.sqrt(np.maximum(found[:k], 0))
        return cls(*(np.asarray(a, dtype=np.float32) for a in (
            text_mean, white_text @ u[:, :k] * weights, picture_mean, white_picture @ v[:k].T * weights,
        )))  # fmt: skip

    def texts(self, vectors: np.ndarray) -> np.ndarray:
        """Text vectors in the joint space: float32 (n, k), unit rows."""
        return _unit((vectors - self.text_mean) @ self.text_axes)

    def pictures(self, vectors: np.ndarray) -> np.ndarray:
        """Picture vectors in the joint space: float32 (n, k), unit rows."""
        return _unit((vectors - self.picture_mean) @ self.picture_axes)

    def both(self, texts: np.ndarray, pictures: np.ndarray) -> np.ndarray:
        """Works by both: float32 (n, k), unit rows."""
        return _unit(self.texts(texts) + self.pictures(pictures))


def likeness(way: str, texts: np.ndarray, pictures: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """How alike test works are to training works, float (test, train), by "text", "picture", "late" or "early"; what is learnt,
    is learnt from the training works."""
    if way in ("text", "picture"):
        view = _unit((texts if way == "text" else pictures) - (texts if way == "text" else pictures)[train].mean(axis=0))
        return view[test] @ view[train].T
    if way == "late":
        both = [likeness(one, texts, pictures, train, test) for one in ("text", "picture")]
        sizes = [max(float(one.std()), 1e-9) for one in both]
        return (1 - LATE) * both[0] / sizes[0] + LATE * both[1] / sizes[1]
    joint = Joint.fit(texts[train], pictures[train])
    view = joint.both(texts, pictures)
    return view[test] @ view[train].T


def compare_fusions(
    texts: np.ndarray,
    pictures: np.ndarray,
    labels: np.ndarray,
    k: int = 5,
    folds: int = 5,
    seed: int = 2026,
    tell: Callable[[int, int], None] | None = None,
) -> dict:
    """Neighbours that share a label (movement, style): precision@k of each way over the same folds, with intervals; and how
    well each text finds its own picture in the joint space (recall@10 among the test works)."""
    from sklearn.model_selection import KFold

    from artrec.evaluation.statistics import estimate

    shares = {way: np.zeros(len(labels)) for way in ("text", "picture", "late", "early")}
    own = np.zeros(len(labels))
    cut = list(KFold(folds, shuffle=True, random_state=seed).split(labels))
    for at, (train, test) in enumerate(cut):
        for way, found in shares.items():
            alike = likeness(way, texts, pictures, train, test)
            nearest = np.argsort(-alike, axis=1, kind="stable")[:, :k]
            found[test] = (labels[train][nearest] == labels[test, None]).mean(axis=1)
        joint = Joint.fit(texts[train], pictures[train])
        across = joint.texts(texts[test]) @ joint.pictures(pictures[test]).T
        own[test] = (across > np.diag(across)[:, None]).sum(axis=1) < 10
        if tell:
            tell(at + 1, len(cut))
    report = {}
    for way, found in shares.items():
        measured = estimate(found)
        report[way] = {f"precision@{k}": measured.mean, "low": measured.low, "high": measured.high}
    finds = estimate(own)
    chance = float(np.mean([min(10 / len(test), 1) for _, test in cut]))
    report["text finds its picture"] = {"recall@10": finds.mean, "low": finds.low, "high": finds.high, "by_chance": chance}
    return report


def _whitening(rows: np.ndarray, shrink: float) -> np.ndarray:
    covariance = rows.T @ rows / len(rows)
    covariance = (1 - shrink) * covariance + shrink * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    values, vectors = np.linalg.eigh(covariance)
    return vectors / np.sqrt(np.maximum(values, 1e-12))


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)).astype(np.float32)
