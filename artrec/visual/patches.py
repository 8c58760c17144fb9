"""Patch statistics: dense local descriptors of a picture, and how they differ from what is usual in the collection.

Local descriptors are RootSIFT (Lowe 2004; Arandjelović and Zisserman 2012) on a grid at several sizes, of the lightness alone
and of all of CIELAB (opponent colours, van de Sande 2010), with the mean and spread of the patch's colour. A picture is the
Fisher vector (Perronnin 2010, "improved": signed square root, unit length) of its descriptors under a Gaussian mixture learnt
on the pictures at hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from artrec.visual.loading import resize

SIDE = 224  # pixels, the longest side when patches are taken
GRID = 4  # pixels between patches
WORDS = 64  # Gaussians of the mixture
SAMPLE = 40_000  # patches the mixture is learnt from


@dataclass(frozen=True)
class Kind:
    """A kind of local descriptor. `cells`: pixels, a quarter of a patch's side, one a size; `planes`: which of L, a and b its
    gradients are taken from; `parts`: principal components kept of it."""

    cells: tuple[int, ...]
    planes: tuple[int, ...]
    parts: int

    @property
    def length(self) -> int:
        """Of a descriptor: 128 for the lightness, 32 for each plane of colour, 6 for the mean and spread of L, a and b."""
        return sum(128 if plane == 0 else 32 for plane in self.planes) + 6


KINDS = (Kind((4, 6, 9), (0,), 64), Kind((3, 5, 8), (0, 1, 2), 80))
FAINT = (4.0, 2.0, 2.0)  # of L, a, b: with less gradient than this a patch has a short descriptor, not one made of noise
LAB_UNIT = 80.0  # what mean and spread of colour are divided by, to weigh about as much as the directions


def patches(picture: np.ndarray) -> tuple[np.ndarray, ...]:
    """Dense local descriptors of a picture (uint8 (h, w, 3)): for each of `KINDS` float32 (patches, length).

    A patch is 4 × 4 cells (2 × 2 for colour) with 8 directions of gradient each. The directions are spread and blurred once a
    size over the whole picture and then looked up (as in DAISY, Tola 2010), twenty times quicker than patch by patch.
    """
    import cv2

    lab = cv2.cvtColor(resize(picture, SIDE).astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return tuple(np.concatenate([_patches(lab, kind, cell) for cell in kind.cells]) for kind in KINDS)


def _patches(lab: np.ndarray, kind: Kind, cell: int) -> np.ndarray:
    import cv2

    height, width = lab.shape[:2]
    reach = 2 * cell  # from a patch's middle to its edge
    ys, xs = (np.arange(min(reach, side // 2), max(side - reach, side // 2) + 1, GRID) for side in (height, width))
    found = []
    for plane in kind.planes:
        cells, size = (4, cell) if plane == 0 else (2, 2 * cell)
        field = cv2.blur(_directions(lab[..., plane], cell), (size, size), borderType=cv2.BORDER_REPLICATE)
        steps = ((np.arange(cells) - (cells - 1) / 2) * size).round().astype(int)
        rows = np.clip(ys[:, None] + steps, 0, height - 1)  # (patches down, cells)
        columns = np.clip(xs[:, None] + steps, 0, width - 1)
        local = field[rows[:, None, :, None], columns[None, :, None, :]].reshape(len(ys) * len(xs), -1)
        local = np.maximum(local, 0)  # running sums leave a trace below 0
        local = np.minimum(local, 0.2 * np.linalg.norm(local, axis=1, keepdims=True) + 1e-6)  # Lowe's cap on one strong edge
        found.append(np.sqrt(local / (local.sum(axis=1, keepdims=True) + FAINT[plane])))
    mean = cv2.blur(lab, (2 * reach, 2 * reach))
    spread = np.sqrt(np.maximum(cv2.blur(lab * lab, (2 * reach, 2 * reach)) - mean * mean, 0))
    at = np.ix_(ys, xs)
    found.append(np.concatenate([mean[at], spread[at]], axis=2).reshape(-1, 6) / np.float32(LAB_UNIT))
    return np.concatenate(found, axis=1).astype(np.float32)


def _directions(light: np.ndarray, cell: int) -> np.ndarray:
    """The gradient's strength in each of 8 directions: float32 (h, w, 8), each pixel shared between the two nearest."""
    import cv2

    smooth = cv2.GaussianBlur(np.ascontiguousarray(light), (0, 0), cell / 6)
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


def learn_words(pictures: Iterable[np.ndarray], count: int, seed: int = 0) -> tuple[Words, ...]:
    """A mixture for each of `KINDS`, from `count` pictures (uint8 (h, w, 3) each), one held at a time."""
    random = np.random.default_rng(seed)
    each = max(1, SAMPLE // max(count, 1))
    chosen: list[list[np.ndarray]] = [[] for _ in KINDS]
    for picture in pictures:
        for kept, part in zip(chosen, patches(picture), strict=True):
            kept.append(part[random.permutation(len(part))[:each]])
    return tuple(fit_words(np.concatenate(kept), kind.parts, seed) for kept, kind in zip(chosen, KINDS, strict=True))


def fit_words(chosen: np.ndarray, parts: int, seed: int = 0) -> Words:
    """Learn the reduction and the mixture (by expectation–maximisation) from patches (float32 (patches, d))."""
    import warnings

    from sklearn.mixture import GaussianMixture

    mean = chosen.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(chosen - mean, rowvar=False))
    axes = vectors[:, ::-1][:, :parts]
    words = min(WORDS, max(1, len(chosen) // 20))
    mixture = GaussianMixture(
        words, covariance_type="diag", reg_covar=1e-5, max_iter=30, random_state=seed, init_params="k-means++"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # thirty rounds are enough for words; they need not have settled
        mixture.fit((chosen - mean) @ axes)
    found = (mean, axes, mixture.weights_, mixture.means_, np.sqrt(mixture.covariances_))
    return Words(*(np.asarray(array, dtype=np.float32) for array in found))


def signature(local: tuple[np.ndarray, ...], words: tuple[Words, ...]) -> np.ndarray:
    """The patch statistics of a picture, its kinds side by side with the same weight: float32 (s,), unit length."""
    found = [statistics(part, usual) for part, usual in zip(local, words, strict=True)]
    return np.concatenate(found) / np.float32(np.sqrt(len(found)))


def signature_of(picture: np.ndarray, words: tuple[Words, ...]) -> np.ndarray:
    """`signature` of a picture (uint8 (h, w, 3)): float32 (s,)."""
    return signature(patches(picture), words)


def signature_length(words: tuple[Words, ...]) -> int:
    """How long a signature is under these words."""
    return sum(2 * usual.means.size for usual in words)


def statistics(local: np.ndarray, words: Words) -> np.ndarray:
    """The improved Fisher vector of local descriptors of one kind: float32 (2 · k · parts,), unit length."""
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
