"""A built collection in memory: the catalogue and everything made from it, immutable and shared by all sessions."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from artrec.catalogue import Catalogue
from artrec.features import PALETTE_SHARES, Features
from artrec.filters import FilterIndex
from artrec.fulltext import Texts
from artrec.index import Index
from artrec.lexical import Lexical
from artrec.predictions import Predicted
from artrec.topics import Topic, topic_of

if TYPE_CHECKING:
    from artrec.visual.shelf import Shelf
    from artrec.visual.store import Visual

BACKGROUND = 2_000  # works that stand for the whole collection where it is larger


@dataclass(frozen=True, eq=False)
class Atlas:
    """The map: where each work lies, how far to trust that, and what the regions are called."""

    coordinates: np.ndarray  # float32 (n, 2)
    trust: np.ndarray  # float32 (n,): share of a work's true nearest neighbours that are near on the map too
    regions: tuple[dict, ...] = ()  # {"name", "x", "y", "size"}


def palettes_of(features: Features) -> np.ndarray:
    """The palettes that records tell, with shares of our own: float32 (4, 5, n), see `Collection.palettes`."""
    planes = np.empty((4, 5, len(features.palettes)), dtype=np.float32)
    planes[:3] = features.palettes.T
    planes[3] = PALETTE_SHARES[:, None]
    return planes


@dataclass(frozen=True, eq=False)
class Collection:
    """`vectors`: float32 (n, d), unit rows, in the catalogue's order. `manifest`: see `artifacts.py`. `topics`: largest first;
    None where the collection was built without. `predicted`: what the heads read into empty fields, see `predictions.py`.
    `texts`: where exact words are looked for; None reads the records. `shelf`: its pictures, opened when they are first asked
    for; None where it has none."""

    name: str
    catalogue: Catalogue
    vectors: np.ndarray
    index: Index
    lexical: Lexical
    manifest: dict
    atlas: Atlas | None = None
    topics: tuple[Topic, ...] | None = None
    predicted: Predicted = field(default_factory=dict)
    texts: Texts | None = None
    shelf: "Shelf | None" = None

    def __len__(self) -> int:
        return len(self.catalogue)

    @cached_property
    def features(self) -> Features:
        return Features(self.catalogue)

    @property
    def visual(self) -> "Visual | None":
        """What was read in its pictures; None where it has none. Raises `ArtifactError` where they are damaged."""
        return None if self.shelf is None else self.shelf.visual

    @cached_property
    def visual_atlas(self) -> Atlas | None:
        """The map by looks, NaN for works without a picture; None where there is none."""
        layout = None if self.shelf is None else self.shelf.layout
        return None if layout is None else Atlas(layout.coordinates, layout.trust)

    @cached_property
    def palettes(self) -> np.ndarray:
        """Five colours a work: float32 (4, 5, n), L, a, b and share (numpy is quick along the last). Measured where there is a
        picture, from the record otherwise, NaN where neither tells."""
        planes = palettes_of(self.features)
        if self.visual is not None:
            seen = np.flatnonzero(self.visual.has)
            planes[:, :, seen] = self.visual.palettes[seen].T
        return planes

    @cached_property
    def filters(self) -> FilterIndex:
        return FilterIndex(self.features, self.texts)

    @cached_property
    def topic_of(self) -> np.ndarray:
        """The position in `topics` of each work's topic (int64 (n,)), -1 for all where there are none."""
        return topic_of(self.topics or (), len(self))

    @cached_property
    def background(self) -> np.ndarray:
        """Rows that stand for the collection when scores are calibrated: all of them, or a fixed sample (int64)."""
        if len(self) <= BACKGROUND:
            return np.arange(len(self))
        return np.sort(np.random.default_rng(0).choice(len(self), BACKGROUND, replace=False))

    @cached_property
    def background_vectors(self) -> np.ndarray:
        return np.ascontiguousarray(self.vectors[self.background])
