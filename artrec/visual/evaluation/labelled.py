"""Pictures with a style each, from a folder of folders, and the folds in which they are measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artrec.errors import ArtrecError
from artrec.visual.finding import SUFFIXES

FOLDS = 5
MOST = 4_000  # pictures measured: a kernel between all of them is held in memory
SEED = 2026


@dataclass(frozen=True, eq=False)
class Labelled:
    """`files` and `styles` (str (n,)), in order of style and name; `left_out`: how many there were beyond `MOST`."""

    files: tuple[Path, ...]
    styles: np.ndarray
    left_out: int

    def folds(self, seed: int = SEED) -> list[tuple[np.ndarray, np.ndarray]]:
        """Five times (rows to learn from, rows to be measured on), each style in equal parts."""
        from sklearn.model_selection import StratifiedKFold

        cut = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        return list(cut.split(np.zeros(len(self.styles)), self.styles))


def labelled(folder: Path, most: int = MOST, seed: int = SEED) -> Labelled:
    """The pictures in `folder/<style>/`. Raises `ArtrecError` where there are not two styles of five pictures or more."""
    root = Path(folder)
    if not root.is_dir():
        raise ArtrecError(f"There is no folder {folder}.", "Give one with a folder of pictures for each style.")
    found = {
        inner.name: sorted(file for file in inner.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
        for inner in sorted(root.iterdir())
        if inner.is_dir()
    }
    found = {style: files for style, files in found.items() if len(files) >= FOLDS}
    if len(found) < 2:
        raise ArtrecError(
            f"{folder} does not hold two styles with {FOLDS} pictures each.", "Give a folder with one folder for each style."
        )
    total, random = sum(map(len, found.values())), np.random.default_rng(seed)
    if total > most:
        found = {
            style: [files[at] for at in np.sort(random.permutation(len(files))[: max(FOLDS, most * len(files) // total)])]
            for style, files in found.items()
        }
    files = tuple(file for style in found.values() for file in style)
    return Labelled(files, np.array([style for style, inside in found.items() for _ in inside]), total - len(files))
