"""Palette: how near the main colours of two works are. Measured in their pictures where there are any, from the colours in
their records otherwise; the reason says which."""

import numpy as np

from artrec.collection import Collection
from artrec.colour import WORDS, lab
from artrec.features import listed
from artrec.question import Question
from artrec.visual.swatches import names_of

REACH = 22.0  # ΔE76 at which likeness has fallen to 1/e
MEASURED_REACH = 12.0  # the same where pictures are measured: their main colours are mixtures, and lie nearer to each other
ENOUGH = 0.1  # share of a picture from which a colour that is named counts in full
BLOCK = 8_192  # works compared at a time: their planes stay in the processor's cache


class Palette:
    """A query can name colours, or show them."""

    name = "palette"
    label = "palette"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """exp(−d / reach), d the mean distance (CIE ΔE76) from each colour of one palette to the nearest of the other,
        in both directions, each colour counting by its share."""
        ours = _planes(rows, collection)
        out = np.empty((len(rows), len(others)), dtype=np.float32)
        for position, other in enumerate(others):
            out[:, position] = np.exp(-apart(ours, collection.palettes[:, :, other].T) / _reach(collection))
        return out

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Likeness to the colours that are shown; else the mean over the named colours of the likeness of the nearest colour
        in the palette, less where that is but a speck."""
        if question.sight is not None and question.sight.palette is not None:
            return np.exp(-apart(_planes(rows, collection), question.sight.palette) / _reach(collection))
        if not question.mentions.colours:
            return None
        wanted = lab([WORDS[word] for word in question.mentions.colours])
        palettes = _planes(rows, collection)
        distance = np.linalg.norm(palettes[:3, :, :, None] - wanted.T[:, None, None, :], axis=0)  # (5, rows, named)
        near = np.exp(-distance / REACH) * np.minimum(palettes[3] / ENOUGH, 1)[:, :, None]
        return near.max(axis=0).mean(axis=1).astype(np.float32)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """Which colours, and whether they were measured or noted down."""
        source = "" if collection.visual is None else f" ({_source(row, other, collection)})"
        if other is None and question.sight is not None and question.sight.palette is not None:
            whose = "the ones you chose" if question.sight.chosen else "those of your picture"
            return f"its colours come near {whose}{source}"
        if other is None:
            return f"its colours come near {listed(question.mentions.colours)}{source}"
        if collection.visual is None:
            return "near in colour"
        shared = names_of(collection.palettes[:, :, row].T, collection.palettes[:, :, other].T)
        return (f"both have {listed(shared)}" if shared else "near in colour") + source


def apart(planes: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Distance (mean CIE ΔE76, both ways, by share) of palettes from one: float32 (n,), NaN where a palette is not known.

    `planes`: float32 (4, 5, n), L, a, b and share of five colours a work; `palette`: float32 (k, 4)."""
    n, wanted = planes.shape[2], palette[:, :3].astype(np.float64)
    # |a − b|² = |a|² − 2ab + |b|² as one product; in double precision, since near colours cancel
    turned = np.column_stack([-2 * wanted, np.ones(len(wanted)), (wanted**2).sum(axis=1)])
    out = np.empty(n, dtype=np.float32)
    for start in range(0, n, BLOCK):
        part = planes[:, :, start : start + BLOCK]
        ours = np.ones((5, part.shape[2]))
        there = np.empty(part.shape[1:])
        back = np.full((len(wanted), part.shape[2]), np.inf)
        for at in range(part.shape[1]):
            ours[:3] = part[:3, at]
            np.einsum("ij,ij->j", ours[:3], ours[:3], out=ours[3])
            squared = turned @ ours
            squared.min(axis=0, out=there[at])
            np.minimum(back, squared, out=back)
        whole = (np.sqrt(np.maximum(there, 0)) * part[3]).sum(axis=0) + palette[:, 3] @ np.sqrt(np.maximum(back, 0))
        out[start : start + BLOCK] = whole / 2
    return out


def _planes(rows: np.ndarray, collection: Collection) -> np.ndarray:
    """The palettes of some rows, (4, 5, r); without a copy where all are asked for in order."""
    if len(rows) == len(collection) and (np.diff(rows) == 1).all():
        return collection.palettes
    return collection.palettes[:, :, rows]


def _reach(collection: Collection) -> float:
    return REACH if collection.visual is None else MEASURED_REACH


def _source(row: int, other: int | None, collection: Collection) -> str:
    measured = [bool(collection.visual.has[at]) for at in (row, other) if at is not None]
    if all(measured):
        return "measured in its picture" if other is None else "measured in both pictures"
    if not any(measured):
        return "from its record" if other is None else "from their records"
    return "one measured in its picture, the other from its record"
