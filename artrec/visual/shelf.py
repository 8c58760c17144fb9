"""The pictures of a collection: what was read in them (`store.py`), opened when it is first asked for, and the files
themselves, which stay in the folder they came from.

    pictures/        beside the collection's arrays: what `store.save` writes, and
    map.npz          where each picture lies on a map by looks, and how far to trust that
"""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from artrec.errors import ArtifactError, ArtrecError
from artrec.visual.encoder import ImageEncoder, load_image_encoder
from artrec.visual.loading import load as load_picture
from artrec.visual.store import Visual
from artrec.visual.store import load as load_visual
from artrec.visual.store import save as save_visual
from artrec.visual.thumbnails import thumbnail

MAP_FILE = "map.npz"


@dataclass(frozen=True)
class Layout:
    """`coordinates`: float32 (n, 2), NaN for works without a picture; `trust`: float32 (n,), see `projection.trust`."""

    coordinates: np.ndarray
    trust: np.ndarray


@dataclass(eq=False)
class Shelf:
    """Pictures of `works` works, in a `folder` or, just built, in memory (`visual`, `layout`). Sessions share it."""

    works: int
    folder: Path | None = None
    built: Visual | None = None
    laid_out: Layout | None = None
    _thumbnails: dict[tuple[str, str], Path | None] = field(default_factory=dict)

    @cached_property
    def visual(self) -> Visual:
        """What was read in the pictures. Raises `ArtifactError` where it is missing, damaged or another collection's."""
        if self.built is not None:
            return self.built
        found = load_visual(self.folder)
        if len(found) != self.works:
            raise ArtifactError(
                f"The pictures in {self.folder} are of {len(found):,} works, the collection holds {self.works:,}.",
                "Build the collection again with --pictures.",
            )
        return found

    @cached_property
    def layout(self) -> Layout | None:
        """The map by looks; None where none was made. Raises `ArtifactError` where it is damaged."""
        if self.folder is None or not (self.folder / MAP_FILE).exists():
            return self.laid_out
        try:
            with np.load(self.folder / MAP_FILE, allow_pickle=False) as arrays:
                found = Layout(arrays["coordinates"], arrays["trust"])
            if found.coordinates.shape != (self.works, 2) or found.trust.shape != (self.works,):
                raise ValueError(f"{len(found.trust)} places for {self.works} works")
        except Exception as error:  # numpy raises many kinds on damaged files
            raise ArtifactError(
                f"The map in {self.folder} is damaged ({str(error)[:100]}).", "Build the collection again with --pictures."
            ) from error
        return found

    @cached_property
    def encoder(self) -> ImageEncoder | None:
        """The encoder that made the vectors; None where it is another model than `ARTREC_PICTURE_MODEL` names now."""
        learnt = self.visual.image_encoder()
        if learnt is not None:
            return learnt
        with suppress(ArtrecError):  # a model that went away: the pictures can still be compared with each other
            chosen = load_image_encoder()
            return chosen if chosen is not None and chosen.fingerprint == self.visual.encoder else None
        return None

    def vector_of_words(self, text: str) -> np.ndarray | None:
        """The unit vector of a text in the pictures' space (float32 (m,)); None where the encoder reads no words."""
        if self.encoder is None or not self.encoder.reads_text:
            return None
        return np.asarray(self.encoder.encode_texts([text])[0], dtype=np.float32)

    def thumbnail(self, artwork_id: str, size: str = "large") -> Path | None:
        """A work's thumbnail as a WebP file; None where it has no picture, or the file has gone."""
        key = (artwork_id, size)
        if key not in self._thumbnails or (self._thumbnails[key] is not None and not self._thumbnails[key].is_file()):
            self._thumbnails[key] = self._made(artwork_id, size)
        return self._thumbnails[key]

    def picture(self, artwork_id: str) -> np.ndarray | None:
        """A work's picture, uint8 (h, w, 3), longest side ≤ 512; None where there is none, or the file has gone."""
        file = self.visual.files.get(artwork_id)
        if file is not None:
            with suppress(ArtrecError):
                return load_picture(file)
        return None

    def save(self, folder: Path) -> None:
        """Write all into a folder."""
        save_visual(self.visual, folder)
        if self.layout is not None:
            np.savez(folder / MAP_FILE, coordinates=self.layout.coordinates, trust=self.layout.trust)

    def _made(self, artwork_id: str, size: str) -> Path | None:
        file = self.visual.files.get(artwork_id)
        if file is not None:
            with suppress(ArtrecError, OSError):
                return thumbnail(file, size)
        return None
