"""What ArtRec's view must beat: a colour histogram, and descriptors as libraries give them."""

import numpy as np

from artrec.visual.loading import resize

BINS = 8  # of each of L, a and b
SIDE = 128  # pixels, the square on which stock descriptors are taken


def colour_histogram(picture: np.ndarray) -> np.ndarray:
    """Shares of 8 × 8 × 8 cells of CIELAB: float32 (512,)."""
    from skimage.color import rgb2lab

    lab = rgb2lab(picture).reshape(-1, 3)
    place = np.clip((lab + (0, 60, 60)) / (100, 120, 120) * BINS, 0, BINS - 1e-6).astype(int)
    counts = np.bincount((place[:, 0] * BINS + place[:, 1]) * BINS + place[:, 2], minlength=BINS**3)
    return (counts / len(lab)).astype(np.float32)


def stock(picture: np.ndarray) -> np.ndarray:
    """Moments and histograms of CIELAB, histograms of oriented gradients (Dalal and Triggs 2005), local binary patterns and
    grey-level co-occurrence, with scikit-image's settings: float32 (d,)."""
    from skimage.color import rgb2gray, rgb2lab
    from skimage.feature import graycomatrix, graycoprops, hog, local_binary_pattern
    from skimage.transform import resize as to_square

    lab = rgb2lab(picture)
    flat = lab.reshape(-1, 3)
    colour = [flat.mean(axis=0), flat.std(axis=0)]
    for channel, ends in enumerate(((0, 100), (-60, 60), (-60, 60))):
        colour.append(np.histogram(flat[:, channel], bins=16, range=ends)[0] / len(flat))
    grey = rgb2gray(to_square(picture, (SIDE, SIDE), anti_aliasing=True))
    gradients = hog(grey, orientations=9, pixels_per_cell=(32, 32), cells_per_block=(2, 2))
    levels = (grey * 255).astype(np.uint8)
    patterns = np.histogram(local_binary_pattern(levels, 8, 1, "uniform"), bins=10, range=(0, 10), density=True)[0]
    table = graycomatrix(levels // 8, [1, 3], [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4], 32, symmetric=True, normed=True)
    measured = [graycoprops(table, name).ravel() for name in ("contrast", "homogeneity", "energy", "correlation")]
    return np.concatenate([*colour, gradients, patterns, *measured]).astype(np.float32)


def both(picture: np.ndarray) -> np.ndarray:
    """`colour_histogram` and `stock` in one row: float32 (512 + d,)."""
    small = resize(picture, 224)
    return np.concatenate([colour_histogram(small), stock(small)])


def length() -> int:
    """How long `both` is."""
    return len(both(np.zeros((32, 32, 3), dtype=np.uint8)))
