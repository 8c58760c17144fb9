"""Invented collections of any size: clusters of unit vectors, and records whose words follow them."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from artrec.catalogue import Artwork, Catalogue

SPREAD = 0.7  # length of the noise on a unit cluster centre: works of one cluster have a cosine of about 0.67
BLOCK = 10_000  # works invented at a time

TYPES = ("painting", "drawing", "print", "sculpture", "photograph", "textile", "ceramic", "metalwork", "poster", "mosaic")
MOODS = ("calm", "joyful", "melancholy", "eerie", "mysterious", "hopeful", "lonely", "dramatic", "tender", "festive")
CULTURES = ("French", "Dutch", "Japanese", "Chinese", "Mexican", "Yoruba", "Persian", "Indian", "Greek", "Egyptian")
MATERIALS = ("oil on canvas", "ink on paper", "bronze", "marble", "silk", "clay", "glass", "oak", "gold", "tempera on panel")
COLOURS = ("#c9a875", "#a98653", "#e4d0a4", "#7c6244", "#9fb8cf", "#224488", "#aa2222", "#336633", "#111111", "#f4f0e6")
_PARTS = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]
WORDS = np.array(["".join(parts) for parts in product(_PARTS[::3], _PARTS[::4], _PARTS[1::5])])  # 6,048 of them
MOVEMENTS = tuple(f"{word}kism" for word in WORDS[::60][:100])


def make_synthetic(n: int, d: int = 384, clusters: int = 200, seed: int = 0) -> tuple[Catalogue, np.ndarray]:
    """An invented catalogue and its vectors (float32 (n, d), unit rows) around random centres. Works of a cluster share
    some words of their descriptions; each type keeps a tenth of the works, each movement a hundredth."""
    works, vectors = [], np.empty((n, d), dtype=np.float32)
    for some, near in stream_synthetic(n, d, clusters, seed):
        vectors[len(works) : len(works) + len(some)] = near
        works.extend(some)
    return Catalogue(tuple(works), {}), vectors


def stream_synthetic(n: int, d: int = 384, clusters: int = 200, seed: int = 0) -> Iterator[tuple[list[Artwork], np.ndarray]]:
    """The same, BLOCK works and their vectors at a time."""
    rng = np.random.default_rng(seed)
    centres = unit(rng.standard_normal((clusters, d), dtype=np.float32))
    themes = rng.integers(len(WORDS), size=(clusters, 40))
    for first in range(0, n, BLOCK):
        size = min(BLOCK, n - first)
        cluster = rng.integers(clusters, size=size)
        noise = rng.standard_normal((size, d), dtype=np.float32) * np.float32(SPREAD / d**0.5)
        yield _works(rng, first, n, themes[cluster]), unit(centres[cluster] + noise)


def _works(rng: np.random.Generator, first: int, n: int, themes: np.ndarray) -> list[Artwork]:
    """Works `first` and on, of n in all; `themes`: the words of each one's cluster (int64 (size, 40))."""
    size = len(themes)
    frequency = 1 / (np.arange(len(WORDS)) + 10.0)  # Zipf's law, flattened at its head
    plain = rng.choice(len(WORDS), size=(size, 14), p=frequency / frequency.sum())
    own = np.take_along_axis(themes, rng.integers(themes.shape[1], size=(size, 8)), axis=1)
    words = WORDS[np.concatenate([plain, own], axis=1)]
    some, years = rng.integers(10, size=(size, 10)), rng.integers(1200, 2000, size=size).tolist()
    movements, artists = rng.integers(len(MOVEMENTS), size=size), rng.integers(max(1, n // 10), size=size)
    return [
        Artwork(
            artwork_id=f"w{first + i}", title=" ".join(words[i, -2:]), artist=f"{WORDS[artists[i] % len(WORDS)]} {artists[i]}",
            year_start=years[i], year_end=years[i] + 4, type=TYPES[some[i, 0]], movement=MOVEMENTS[movements[i]],
            culture=CULTURES[some[i, 1]], medium=MATERIALS[some[i, 2]], subjects=tuple(dict.fromkeys(words[i, -4:].tolist())),
            moods=tuple(dict.fromkeys(MOODS[m] for m in some[i, 3:5])), palette=tuple(COLOURS[c] for c in some[i, 5:]),
            description=" ".join(words[i]),
        )
        for i in range(size)
    ]  # fmt: skip


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1."""
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
