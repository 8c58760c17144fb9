"""A question that is shown instead of said: colours that somebody picked, or a picture that somebody dropped here.

Such a picture is read in memory and never written anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from artrec.colour import lab
from artrec.errors import QueryError

if TYPE_CHECKING:
    from artrec.visual.encoder import ImageEncoder
    from artrec.visual.store import Visual

MOST_COLOURS = 5  # of a palette that is asked for


@dataclass(frozen=True, eq=False)
class Sight:
    """What is asked for with the eye; every part may be missing. `palette`: float32 (k, 4), CIELAB and a share that sums to 1;
    `features`: float32 (d,), standardised as the collection's; `vector`: unit float32 (m,) in the space of the collection's
    picture encoder; `picture`: uint8 (h, w, 3), to show what matched. `chosen`: the palette was picked, not measured."""

    palette: np.ndarray | None = None
    features: np.ndarray | None = None
    vector: np.ndarray | None = None
    picture: np.ndarray | None = None
    chosen: bool = False

    def with_colours(self, other: "Sight | None") -> "Sight":
        """This picture, but in the colours that were picked."""
        return self if other is None else replace(self, palette=other.palette, chosen=True)


def see(picture: np.ndarray, visual: "Visual | None", encoder: "ImageEncoder | None" = None) -> Sight:
    """A picture (uint8 (h, w, 3), sRGB) read as those of a collection were. Without a `visual` its colours alone are read;
    without an encoder that fits the collection's, no vector."""
    from artrec.visual.features import read
    from artrec.visual.palette import dominant

    palette = dominant(picture)
    if visual is None:
        return Sight(palette, picture=picture)
    features = visual.place(read(picture))
    fits = encoder is not None and encoder.fingerprint == visual.encoder
    vector = np.asarray(encoder.encode_pictures([picture])[0], dtype=np.float32) if fits else None
    return Sight(palette, features, vector, picture)


def colours(chosen: Sequence[tuple[str, float]]) -> Sight:
    """`(#rrggbb, share)` pairs as a question. Shares count against each other; what has none is left out. Raises `QueryError`
    where there are no colours, or too many."""
    told = [(colour, float(share)) for colour, share in chosen if share > 0]
    if not 1 <= len(told) <= MOST_COLOURS:
        raise QueryError(f"{len(told)} colours were given.", f"Give 1 to {MOST_COLOURS}, each with a share.")
    shares = np.array([share for _, share in told], dtype=np.float32)
    palette = np.column_stack([lab([colour for colour, _ in told]), shares / shares.sum()])
    order = np.argsort(-palette[:, 3], kind="stable")
    return Sight(palette=palette[order].astype(np.float32), chosen=True)
