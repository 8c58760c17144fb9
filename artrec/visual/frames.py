"""Letterbox bars and plain frames around a picture: found and cut away before anything is measured.

A frame is a run of even lines from an edge inwards that ends in a straight step: most of the next line has another colour.
Paper around a drawn figure has no such step, so it stays: empty space is part of a composition. Padding has the
same width on opposite sides: where a black bar ends in a step on one side, as much is cut on the other, dark picture or not.
"""

import numpy as np

EVEN = 12  # largest difference from the frame's colour, 0–255: compression leaves as much
DRIFT = 4  # of a line's median from the frame's colour, 0–255
STRAY = 0.01  # the share of a line's pixels that may differ more
STEP = 0.5  # the share of the line after the frame that must differ
SMEAR = 10  # lines that JPEG's blocks of 8 smear beside a black bar
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
    alike = abs(first.even - last.even) <= max(2, n // 50)
    padded = min(first.even, last.even) if first.black and last.black and (alike or first.stepped or last.stepped) else 0
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
            apart = np.abs(block - colour)
            drift = np.abs(np.median(block, axis=1) - colour).max(axis=1) > DRIFT  # a sky that darkens is not a frame
            ends = np.flatnonzero(((apart.max(axis=2) > EVEN).mean(axis=1) > STRAY) | drift)
            if len(ends):
                self.even += int(ends[0])
                break
            self.even += len(block)
        if not self.even or self.even >= n:
            self.even = 0 if self.even >= n else self.even
            return
        near = lines[max(self.even - 2, 0) : self.even + (SMEAR if self.black else 4)].astype(np.int16)
        after = near[min(self.even, 2) :]
        rise = after - near[: len(after)]  # against the line two before: a bar's edge is blurred over one
        steps = np.flatnonzero((_differ(after - colour) >= STEP) & (_differ(rise) >= STEP))
        self.stepped = bool(len(steps))
        self.blurred = int(steps[0]) if self.stepped else 0


def _differ(difference: np.ndarray) -> np.ndarray:
    """The share of each line's pixels that is clearly different: float (lines,)."""
    return (np.abs(difference).max(axis=2) > EVEN).mean(axis=1)
