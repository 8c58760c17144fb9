"""Two pictures side by side: the part of each that is most like a part of the other."""

from dataclasses import dataclass

import numpy as np

from artrec.visual.overlays import lab_of

SIZES = (0.36, 0.55)  # sides of the square parts, as shares of a picture's shorter side
TURNS = 8  # directions of edges that are told apart
SCALES = np.concatenate([np.full(3, 18.0), np.full(3, 10.0), [6.0], np.full(TURNS, 0.12)])  # a difference that is plain to see


@dataclass(frozen=True)
class Crop:
    """A square part of a picture, in pixels."""

    left: int
    top: int
    side: int

    def of(self, picture: np.ndarray) -> np.ndarray:
        """The part itself, uint8 (side, side, 3)."""
        return picture[self.top : self.top + self.side, self.left : self.left + self.side]


@dataclass(frozen=True)
class Pair:
    """The parts that match best, and by how much they differ: 0 is the same, about 1 plain to see."""

    one: Crop
    other: Crop
    difference: float


def best_pair(one: np.ndarray, other: np.ndarray) -> Pair:
    """The two parts, one of each picture (uint8 (h, w, 3)), that are most alike in colour, contrast and the direction of their
    edges. Of parts that match equally well, those with more in them are taken: two patches of empty sky say little."""
    crops, told = zip(*(_parts(picture) for picture in (one, other)), strict=True)
    difference = np.sqrt(np.square((told[0][:, None] - told[1][None]) / SCALES).mean(axis=-1))
    full = np.minimum(_interest(told[0])[:, None], _interest(told[1])[None])
    at, to = np.unravel_index(np.argmin((difference + 0.1) / (0.25 + full)), difference.shape)
    return Pair(crops[0][at], crops[1][to], float(difference[at, to]))


def _parts(picture: np.ndarray) -> tuple[list[Crop], np.ndarray]:
    """Overlapping square parts and what describes each (float64 (parts, 7 + TURNS)): means and deviations of L, a, b, mean
    strength of edges, and the share of each direction in them (as in Dalal and Triggs 2005)."""
    lab = lab_of(picture).astype(np.float64)
    down, across = np.gradient(lab[..., 0])
    strength = np.hypot(down, across)
    turn = np.floor((np.arctan2(down, across) % np.pi) / np.pi * TURNS).astype(int) % TURNS
    crops, told = [], []
    for share in SIZES:
        h, w = picture.shape[:2]
        side = max(2, round(share * min(h, w)))
        for top in _starts(h, side):
            for left in _starts(w, side):
                box = (slice(top, top + side), slice(left, left + side))
                pixels, weight = lab[box].reshape(-1, 3), strength[box].ravel()
                turns = np.bincount(turn[box].ravel(), weights=weight, minlength=TURNS) / max(float(weight.sum()), 1e-9)
                crops.append(Crop(int(left), int(top), side))
                told.append(np.concatenate([pixels.mean(axis=0), pixels.std(axis=0), [weight.mean()], turns]))
    return crops, np.array(told)


def _starts(length: int, side: int) -> np.ndarray:
    """Evenly spaced beginnings of parts that overlap by half."""
    count = max(1, int(np.ceil((length - side) / (side / 2))) + 1) if length > side else 1
    return np.unique(np.linspace(0, max(0, length - side), count).round().astype(int))


def _interest(told: np.ndarray) -> np.ndarray:
    """How much there is in each part, in [0, 1]."""
    return np.clip((told[:, 3] / 20 + told[:, 6] / 8) / 2, 0, 1)
