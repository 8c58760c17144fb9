"""The toy world with pictures: hers of the sea are dark blue bands with a moon, hers of squares red squares on yellow."""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from helpers import SEAS, SQUARES, HashingEncoder, toy_catalogue
from PIL import Image

from artrec import artifacts
from artrec.collection import Atlas, Collection
from artrec.visual.shelf import Layout

_KEPT = tempfile.TemporaryDirectory(prefix="artrec-pictures-")  # until the tests end
WITHOUT = "winkel-chess"  # the one work that has no picture


def sea(seed: int) -> np.ndarray:
    """Dark blue level bands with a pale moon: uint8 (90, 120, 3)."""
    rng = np.random.default_rng(seed)
    rows = np.linspace(30, 90, 90)[:, None] + 8 * np.sin(np.arange(90)[:, None] / 3 + seed)
    picture = np.stack([rows * 0.3, rows * 0.6, rows * 1.5], axis=-1) * np.ones((1, 120, 1))
    picture[10:24, 80:94] = (200, 205, 190)
    return np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def square(seed: int) -> np.ndarray:
    """Bright yellow ground with red squares: uint8 (120, 90, 3)."""
    rng = np.random.default_rng(100 + seed)
    picture = np.full((120, 90, 3), (240, 205, 70), dtype=np.float64)
    for _ in range(9):
        top, left = rng.integers(0, 90), rng.integers(0, 64)
        picture[top : top + 24, left : left + 24] = (200 + rng.integers(0, 40), 40, 30)
    return np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


@cache
def picture_folder() -> Path:
    """A folder with a picture of every work but one, and one of nobody's."""
    folder = Path(_KEPT.name)
    for seed, artwork_id in enumerate((*SEAS, *SQUARES)):
        if artwork_id != WITHOUT:
            Image.fromarray(sea(seed) if artwork_id in SEAS else square(seed)).save(folder / f"{artwork_id}.png")
    Image.fromarray(square(99)).save(folder / "nobody.png")
    return folder


@cache
def seen_collection() -> Collection:
    """The toy world with its pictures, and maps on which the works lie in a ring: UMAP is not what is tested."""
    built = artifacts.build(toy_catalogue(), HashingEncoder(), name="seen", atlas=False, pictures=picture_folder())
    turns = np.linspace(0, 2 * np.pi, len(built), endpoint=False)
    ring = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    trust = np.linspace(0, 1, len(built), dtype=np.float32)
    has = built.visual.has
    built.shelf.laid_out = Layout(np.where(has[:, None], -ring, np.nan), np.where(has, trust, np.nan))
    return replace(built, atlas=Atlas(ring, trust))
