"""Palette: how near the main colours of two works are, from the colours in their records."""

import numpy as np

from artrec.collection import Collection
from artrec.colour import WORDS, lab
from artrec.features import PALETTE_SHARES, listed
from artrec.question import Question

REACH = 22.0  # ΔE76 at which likeness has fallen to 1/e


class Palette:
    """A query can name colours."""

    name = "palette"
    label = "palette"

    def likeness(self, rows: np.ndarray, others: np.ndarray, collection: Collection) -> np.ndarray:
        """exp(−d / REACH), d the mean distance (CIE ΔE76) from each colour of one palette to the nearest of the other,
        in both directions, main colours counting more."""
        ours = np.ascontiguousarray(collection.features.palettes[rows].T)  # (3, 5, rows): numpy is quick along the last
        out = np.empty((len(rows), len(others)), dtype=np.float32)
        for position, palette in enumerate(collection.features.palettes[others]):
            apart = np.square(ours[:, :, None, :] - palette.T[:, None, :, None])  # (3, our colours, their colours, rows)
            distance = np.sqrt(apart[0] + apart[1] + apart[2])
            there, back = PALETTE_SHARES @ distance.min(axis=1), PALETTE_SHARES @ distance.min(axis=0)
            out[:, position] = np.exp(-(there + back) / 2 / REACH)
        return out

    def answer(self, rows: np.ndarray, question: Question, collection: Collection) -> np.ndarray | None:
        """Mean over the named colours of the likeness of the nearest colour in the palette."""
        if not question.mentions.colours:
            return None
        wanted = lab([WORDS[word] for word in question.mentions.colours])
        distance = np.linalg.norm(collection.features.palettes[rows][:, :, None, :] - wanted[None, None], axis=-1)
        return np.exp(-distance.min(axis=1) / REACH).mean(axis=1).astype(np.float32)

    def evidence(self, row: int, other: int | None, question: Question, collection: Collection) -> str:
        """Which colours."""
        if other is None:
            return f"its colours come near {listed(question.mentions.colours)}"
        return "near in colour"
