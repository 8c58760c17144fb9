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
CELLS = (4, 6, 9)  # pixels, a quarter of a patch's side
FAINT = 4.0  # units of L: patches with less gradient than this have a short descriptor instead of one made of noise
WORDS = 64  # Gaussians of the mixture
PARTS = 64  # principal components kept of a local descriptor
SAMPLE = 40_000  # patches the mixture is learnt from


def patches(picture: np.ndarray) -> np.ndarray:
    """Dense local descriptors of a picture (uint8 (h, w, 3)): float32 (patches, 128 + 6), RootSIFT, CIELAB mean and spread.

    A patch is 4 × 4 cells with 8 directions of gradient each. The directions are spread and blurred once a size over the whole
    picture and then looked up (as in DAISY, Tola 2010), which is twenty times quicker than patch by patch.
    """
    import cv2

    small = resize(picture, SIDE)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    height, width = lab.shape[:2]
    found = []
    for cell in CELLS:
        reach = 2 * cell  # from a patch's middle to its edge
        ys, xs = (np.arange(min(reach, side // 2), max(side - reach, side // 2) + 1, GRID) for side in (height, width))
        fields = cv2.blur(_directions(lab[..., 0], cell), (cell, cell), borderType=cv2.BORDER_REPLICATE)
        steps = ((np.arange(4) - 1.5) * cell).round().astype(int)
        rows = np.clip(ys[:, None] + steps, 0, height - 1)  # (patches down, 4)
        columns = np.clip(xs[:, None] + steps, 0, width - 1)
        local = fields[rows[:, None, :, None], columns[None, :, None, :]].reshape(len(ys) * len(xs), -1)
        local = np.maximum(local, 0)  # running sums leave a trace below 0
        local = np.minimum(local, 0.2 * np.linalg.norm(local, axis=1, keepdims=True) + 1e-6)  # Lowe's cap on one strong edge
        local = np.sqrt(local / (local.sum(axis=1, keepdims=True) + FAINT))
        mean = cv2.blur(lab, (2 * reach, 2 * reach))
        spread = np.sqrt(np.maximum(cv2.blur(lab * lab, (2 * reach, 2 * reach)) - mean * mean, 0))
        at = np.ix_(ys, xs)
        colour = np.concatenate([mean[at], spread[at]], axis=2).reshape(-1, 6)
        found.append(np.concatenate([local, colour / np.float32(100)], axis=1))
    return np.concatenate(found).astype(np.float32)


def _directions(light: np.ndarray, cell: int) -> np.ndarray:
    """The gradient's strength in each of 8 directions: float32 (h, w, 8), each pixel shared between the two nearest."""
    import cv2

    smooth = cv2.GaussianBlur(light, (0, 0), cell / 6)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    strength = np.hypot(dx, dy)
    place = np.arctan2(dy, dx) * (8 / (2 * np.pi)) % 8
    return strength[..., None] * np.maximum(1 - np.abs((place[..., None] - np.arange(8, dtype=np.float32) + 4) % 8 - 4), 0)


@dataclass(frozen=True, eq=False)
class Words:
    """What is usual among patches: a Gaussian mixture with diagonal covariances over reduced local descriptors. Float32:
    `mean` (d,) and `axes` (d, parts) reduce a descriptor; `weights` (k,), `means` and `spreads` (k, parts) are the mixture."""

    mean: np.ndarray
    axes: np.ndarray
    weights: np.ndarray
    means: np.ndarray
    spreads: np.ndarray


def sample(local: Sequence[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """At most `SAMPLE` patches, as many from each picture."""
    each = max(1, SAMPLE // max(len(local), 1))
    return np.concatenate([part[random.permutation(len(part))[:each]] for part in local])


def fit_words(chosen: np.ndarray, seed: int = 0) -> Words:
    """Learn the reduction and the mixture (by expectation–maximisation) from patches (float32 (patches, d))."""
    import warnings

    from sklearn.mixture import GaussianMixture

    mean = chosen.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(chosen - mean, rowvar=False))
    axes = vectors[:, ::-1][:, :PARTS]
    words = min(WORDS, max(1, len(chosen) // 20))
    mixture = GaussianMixture(
        words, covariance_type="diag", reg_covar=1e-5, max_iter=30, random_state=seed, init_params="k-means++"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # thirty rounds are enough for words; they need not have settled
        mixture.fit((chosen - mean) @ axes)
    found = (mean, axes, mixture.weights_, mixture.means_, np.sqrt(mixture.covariances_))
    return Words(*(np.asarray(array, dtype=np.float32) for array in found))


def statistics(local: np.ndarray, words: Words) -> np.ndarray:
    """The improved Fisher vector of a picture's local descriptors: float32 (2 · k · parts,), unit length."""
    x = (local - words.mean) @ words.axes
    inverse = 1 / words.spreads**2
    log = -0.5 * (x**2 @ inverse.T - 2 * x @ (words.means * inverse).T + (words.means**2 * inverse).sum(axis=1))
    log += np.log(np.maximum(words.weights, 1e-12)) - np.log(words.spreads).sum(axis=1)
    share = np.exp(log - log.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    n, zero = len(x), share.sum(axis=0)[:, None]
    first, second = share.T @ x, share.T @ x**2
    weights = np.maximum(words.weights, 1e-12)[:, None]
    up = (first - zero * words.means) / words.spreads / (n * np.sqrt(weights))
    across = ((second - 2 * first * words.means + zero * words.means**2) * inverse - zero) / (n * np.sqrt(2 * weights))
    found = np.concatenate([up.ravel(), across.ravel()])
    found = np.sign(found) * np.sqrt(np.abs(found))
    return (found / max(float(np.linalg.norm(found)), 1e-12)).astype(np.float32)
