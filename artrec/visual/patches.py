"""Patch statistics: dense local descriptors of a picture, and how they differ from what is usual in the collection.

Local descriptors are RootSIFT (Lowe 2004; Arandjelović and Zisserman 2012) on a grid at several sizes, with the mean and spread
of the patch's colour; a picture is the Fisher vector (Perronnin 2010, "improved": signed square root, unit length) of its
descriptors under a Gaussian mixture learnt on the pictures at hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from artrec.visual.loading import resize

SIDE = 224  # pixels, the longest side when patches are taken
GRID = 8  # pixels between patches
SIZES = (8.0, 16.0, 24.0)  # keypoint diameters, pixels
WORDS = 16  # Gaussians of the mixture
PARTS = 40  # principal components kept of a local descriptor
SAMPLE = 60_000  # patches the mixture is learnt from


def patches(picture: np.ndarray) -> np.ndarray:
    """Dense local descriptors of a picture (uint8 (h, w, 3)): float32 (patches, 128 + 6), RootSIFT, CIELAB mean and spread."""
    import cv2

    small = resize(picture, SIDE)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    xs, ys = (np.arange(GRID / 2, side, GRID) for side in (width, height))
    sift = cv2.SIFT_create()
    found = []
    for size in SIZES:
        points = [cv2.KeyPoint(float(x), float(y), size, 0.0) for y in ys for x in xs]
        _, local = sift.compute(grey, points)
        mean = cv2.blur(lab, (int(size), int(size)))
        spread = np.sqrt(np.maximum(cv2.blur(lab * lab, (int(size), int(size))) - mean * mean, 0))
        at = (ys.astype(int)[:, None], xs.astype(int)[None])
        colour = np.concatenate([mean[at], spread[at]], axis=2).reshape(-1, 6)
        local = np.sqrt(local / np.maximum(local.sum(axis=1, keepdims=True), 1e-6))
        found.append(np.concatenate([local, colour / np.float32(100)], axis=1))
    return np.concatenate(found).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Words:
    """A Gaussian mixture with diagonal covariances over reduced local descriptors, packed in one `table` (float32): see
    `fit_words`."""

    table: np.ndarray


def fit_words(local: Sequence[np.ndarray], seed: int = 0) -> Words:
    """Learn the reduction and the mixture from local descriptors (float32 (patches, d) a picture)."""
    from sklearn.mixture import GaussianMixture

    random = np.random.default_rng(seed)
    each = max(1, SAMPLE // len(local))
    sample = np.concatenate([part[random.permutation(len(part))[:each]] for part in local])
    mean = sample.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(sample - mean, rowvar=False))
    axes = vectors[:, ::-1][:, :PARTS]
    reduced = (sample - mean) @ axes
    mixture = GaussianMixture(
        WORDS, covariance_type="diag", reg_covar=1e-5, max_iter=30, random_state=seed, init_params="k-means++"
    )
    mixture.fit(reduced)
    weights = np.zeros((1, sample.shape[1]))
    weights[0, :WORDS] = mixture.weights_
    pad = lambda rows: np.pad(rows, ((0, 0), (0, sample.shape[1] - rows.shape[1])))  # noqa: E731
    return Words(
        np.concatenate([mean[None], axes.T, weights, pad(mixture.means_), pad(mixture.covariances_)]).astype(np.float32)
    )


def statistics(local: np.ndarray, words: Words) -> np.ndarray:
    """The improved Fisher vector of a picture's local descriptors: float32 (2 · WORDS · PARTS,), unit length."""
    table = words.table
    mean, axes, weights = table[0], table[1 : 1 + PARTS].T, table[1 + PARTS, :WORDS]
    means = table[2 + PARTS : 2 + PARTS + WORDS, :PARTS]
    spread = np.sqrt(table[2 + PARTS + WORDS :, :PARTS])
    x = (local - mean) @ axes
    inverse = 1 / spread**2
    log = -0.5 * (x**2 @ inverse.T - 2 * x @ (means * inverse).T + (means**2 * inverse).sum(axis=1)) - np.log(spread).sum(
        axis=1
    )
    log += np.log(np.maximum(weights, 1e-12))
    share = np.exp(log - log.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    n, zero = len(x), share.sum(axis=0)
    first, second = share.T @ x, share.T @ x**2
    up = (first - zero[:, None] * means) / spread / (n * np.sqrt(weights)[:, None])
    across = (second - 2 * first * means + zero[:, None] * means**2) / spread**2 - zero[:, None]
    across /= n * np.sqrt(2 * weights)[:, None]
    found = np.concatenate([up.ravel(), across.ravel()])
    found = np.sign(found) * np.sqrt(np.abs(found))
    return (found / max(float(np.linalg.norm(found)), 1e-12)).astype(np.float32)
