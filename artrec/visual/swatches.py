"""Two palettes side by side: which of their colours match, and what those are called."""

from dataclasses import dataclass

import numpy as np

from artrec.colour import hexes, lab, names

NEAR = 18.0  # ΔE76 below which two colours pass for the same at a glance
TELLING = 0.08  # share of a picture from which a colour is worth a word
SAID = 3


@dataclass(frozen=True)
class Match:
    """A colour of one palette and the nearest of the other: `#rrggbb`, shares in [0, 1], distance in CIE ΔE76."""

    colour: str
    other: str
    share: float
    other_share: float
    distance: float

    @property
    def near(self) -> bool:
        """Whether they pass for the same."""
        return self.distance <= NEAR


def matches(palette: np.ndarray, other: np.ndarray) -> tuple[Match, ...]:
    """Each colour of a palette, float32 (k, 4), largest share first, with the nearest of another."""
    distance = np.linalg.norm(palette[:, None, :3] - other[None, :, :3], axis=-1)
    nearest = distance.argmin(axis=1)
    ours, theirs = hexes(palette[:, :3]), hexes(other[:, :3])
    found = [
        Match(ours[at], theirs[to], float(palette[at, 3]), float(other[to, 3]), float(distance[at, to]))
        for at, to in enumerate(nearest)
        if palette[at, 3] > 0
    ]
    return tuple(sorted(found, key=lambda match: -match.share))


def names_of(palette: np.ndarray, other: np.ndarray) -> list[str]:
    """What the colours are called that take a good share of both palettes, the largest first."""
    shared = [m for m in matches(palette, other) if m.near and min(m.share, m.other_share) >= TELLING]
    if not shared:
        return []
    said = names(lab([m.colour for m in shared]))
    return list(dict.fromkeys(said))[:SAID]
