"""Letterbox bars and plain frames around a picture: found and cut away before anything is measured.

A frame is a run of even lines from an edge inwards that ends in a straight step: most of the next line has another colour.
Paper around a drawn figure has no such step, so it stays: empty space is part of a composition. Pure black bars of equal
width on opposite sides are padding even beside a picture that is itself dark.
"""

import numpy as np

EVEN = 12  # largest difference from the frame's colour, 0–255: compression leaves as much
STRAY = 0.01  # the share of a line's pixels that may differ more
STEP = 0.5  # the share of the line after the frame that must differ
BLACK = 6  # the brightest padding, 0–255
SMALLEST_SHARE = 0.15  # of the side that must be left
ROUNDS = 3  # a black bar around a white frame around a mount


def crop_frames(picture: np.ndarray) -> np.ndarray:
    """The part of a picture (uint8 (h, w, 3)) inside its bars and plain frames: a view, the whole where there are none."""
    for _ in range(ROUNDS):
        top, bottom = _ends(picture)
        left, right = _ends(picture.transpose(1, 0, 2))
        if not (top or bottom or left or right):
            break
        picture = picture[top : len(picture) - bottom, left : picture.shape[1] - right]
    return picture


def _ends(lines: np.ndarray) -> tuple[int, int]:
    """How many lines to cut off at the beginning and at the end of (n, width, 3)."""
    first, last = _run(lines), _run(lines[::-1])
    n = len(lines)
    padded = min(first.even, last.even) if first.black and last.black and abs(first.even - last.even) <= max(2, n // 50) else 0
    cut = [run.even + run.blurred if run.stepped else padded for run in (first, last)]
    if cut[0] + cut[1] > n * (1 - SMALLEST_SHARE) or n - cut[0] - cut[1] < 8:
        return 0, 0
    return cut[0], cut[1]


class _run:
    """The even lines from the first one on: `even` their number, `black` whether they are padding, `stepped` whether a
    straight edge follows, `blurred` how many lines that edge takes (compression smears it)."""

    def __init__(self, lines: np.ndarray):
        n = len(lines)
        colour = np.median(lines[0].reshape(-1, 3), axis=0).astype(np.int16)
        self.even = self.blurred = 0
        self.black, self.stepped = bool(colour.max() <= BLACK), False
        while self.even < n:
            block = lines[self.even : self.even + 32].astype(np.int16)
            apart = np.abs(block - colour).max(axis=2) > EVEN
            ends = np.flatnonzero(apart.mean(axis=1) > STRAY)
            if len(ends):
                self.even += int(ends[0])
                break
            self.even += len(block)
        if not self.even or self.even >= n:
            self.even = 0 if self.even >= n else self.even
            return
        after = (np.abs(lines[self.even : self.even + 4].astype(np.int16) - colour).max(axis=2) > EVEN).mean(axis=1)
        steps = np.flatnonzero(after >= STEP)
        self.stepped = bool(len(steps))
        self.blurred = int(steps[0]) if self.stepped else 0
