"""Notes: what a person wrote that they want more of, or less."""

import numpy as np

from artrec.channels.base import Column
from artrec.collection import Collection
from artrec.colour import WORDS, lab
from artrec.features import listed
from artrec.profile import Leaning, Taste

NEAR = 30.0  # CIELAB distance within which a palette shows a colour


class Notes:
    """Wishes read in notes. A work has as much of it as of what was wished for, and lacks what was wished away."""

    name = "notes"
    label = "your notes"

    def speaks(self, taste: Taste) -> bool:
        """Where a note said something that the records know."""
        return bool(taste.leanings)

    def column(self, rows: np.ndarray, taste: Taste, collection: Collection) -> Column:
        """Σ |amount| · (has it, or lacks it) / Σ |amount|, over the wishes that the work's record can answer."""
        met, known = np.zeros(len(rows)), np.zeros(len(rows))
        for leaning in taste.leanings:
            has = shows(leaning, rows, collection)
            amount = abs(leaning.amount) * ~np.isnan(has)
            met += amount * np.nan_to_num(has if leaning.amount > 0 else 1 - has)
            known += amount
        values = np.divide(met, known, out=np.full(len(rows), np.nan), where=known > 0).astype(np.float32)
        nothing = np.zeros((len(rows), 2 + len(taste.likes)), dtype=np.float32)
        return Column(values, nothing, np.ones(len(rows), dtype=np.float32), np.nan_to_num(values))

    def evidence(self, row: int, taste: Taste, collection: Collection) -> str:
        """Which wishes it meets."""
        at = np.array([row])
        more, less = [], []
        for leaning in sorted(taste.leanings, key=lambda wish: -abs(wish.amount)):
            has = shows(leaning, at, collection)[0]
            if leaning.amount > 0 and has >= 0.5:
                more.append(leaning.value)
            elif leaning.amount < 0 and has < 0.5:
                less.append(leaning.value)
        said = [listed(more[:2])] if more else []
        if less and len(more) < 2:
            said.append(f"not {less[0]}")
        return f"{', '.join(said)} (your notes)" if said else "not what your notes ask for"


def shows(leaning: Leaning, rows: np.ndarray, collection: Collection) -> np.ndarray:
    """How far works show what a wish is about: float32 (r,) in [0, 1], NaN where their records do not tell."""
    if leaning.field == "colour":
        nearest = np.linalg.norm(collection.features.palettes[rows] - lab([WORDS[leaning.value]])[0], axis=2)
        known = ~np.isnan(nearest).all(axis=1)
        near = np.nanmean(nearest < NEAR, axis=1) if len(rows) else np.zeros(0)
        return np.where(known, np.minimum(1, 2 * near), np.nan).astype(np.float32)
    column = collection.features.column(leaning.field)
    several = leaning.field in ("moods", "subjects")
    wanted = leaning.value.lower()
    has = np.array(
        [
            np.nan if not value else float(wanted in map(str.lower, value) if several else value.lower() == wanted)
            for value in column.values
        ],
        dtype=np.float32,
    )
    return has[column.codes[rows]]
