"""A simulated audience: invented ratings, so that community recommendations have something to rest on before real people
have rated. `python -m artrec.evaluation.audience [FOLDER]` writes `visitors.csv`: visitor_id, artwork_id, rating 1 to 5.

No person stands behind any line, and no query is read: only records, the list of best-known works, and a seed. Each
visitor has
- a taste: weights over seven channels (Dirichlet) and two to four anchor works; a work appeals by its likeness to the
  nearest anchor, channel by channel;
- a share in six circles of friends, which lean for or against works for reasons that no record shows (so that other
  people's ratings tell something that content cannot);
- a leaning towards well-known works, a generosity of their own, and noise at every rating.
What is rated is drawn by fame and taste, as people seek out what they expect to like; the five grades are cut from the
pooled appeal at fixed shares.
"""

import csv
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from artrec import config
from artrec.catalogue import Catalogue, load_catalogue
from artrec.channels import BY_NAME
from artrec.collection import palettes_of
from artrec.coverage import load_goals
from artrec.errors import CatalogueError
from artrec.features import Features

RATINGS_FILE = "visitors.csv"
HEADER = ["visitor_id", "artwork_id", "rating"]
SEED = 2026
VISITORS = 400
FEWEST, MOST, TYPICAL = 15, 60, 28  # ratings a visitor
CHANNELS = ("movement", "period", "medium", "subject", "mood", "palette", "culture")
CIRCLES = 6
GRADES = (0.06, 0.12, 0.26, 0.34, 0.22)  # shares of 1 to 5
TASTE, FAME, CIRCLE, NOISE, GENEROSITY = 0.9, 0.4, 0.7, 0.5, 0.4  # what appeal is made of, in standard deviations
SOUGHT = {"fame": 0.9, "taste": 0.8}  # what is rated at all: log-odds for a standard deviation
BEST_KNOWN = 1.6  # how far a best-known work lies above others in fame, in standard deviations of theirs
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Rating:
    """One line of the file."""

    visitor_id: str
    artwork_id: str
    rating: int


@dataclass(frozen=True)
class _Records:
    """As much of a collection as attribute channels read."""

    catalogue: Catalogue
    features: Features
    visual: None = None

    def __len__(self) -> int:
        return len(self.catalogue)

    @cached_property
    def palettes(self) -> np.ndarray:
        return palettes_of(self.features)


def simulate(
    catalogue: Catalogue, best_known: tuple[str, ...] = (), seed: int = SEED, visitors: int = VISITORS
) -> list[Rating]:
    """The whole audience's ratings, by visitor and then in catalogue order. The same arguments give the same ratings."""
    random = np.random.default_rng(seed)
    n = len(catalogue)
    likeness = _likeness(catalogue)
    known = np.isin([work.artwork_id for work in catalogue], best_known)
    fame = _standard(random.normal(0, 1, n) + BEST_KNOWN * known)
    leanings = random.normal(0, 1, (CIRCLES, n))
    rows, appeals = [], []
    for _ in range(visitors):
        weights = random.dirichlet([0.7] * len(CHANNELS))
        chances = np.exp(fame) / np.exp(fame).sum()
        anchors = random.choice(n, size=min(n, int(random.integers(2, 5))), replace=False, p=chances)
        taste = _standard(np.einsum("c,cn->n", weights, likeness[:, :, anchors].max(axis=2)))
        circles = random.dirichlet([0.3] * CIRCLES)
        count = int(np.clip(round(random.lognormal(np.log(TYPICAL), 0.4)), FEWEST, MOST))
        sought = SOUGHT["fame"] * fame + SOUGHT["taste"] * taste + random.gumbel(0, 1, n)
        seen = np.sort(np.argsort(-sought.round(6), kind="stable")[: min(count, n)])
        appeal = TASTE * taste + FAME * fame + CIRCLE * _standard(circles @ leanings)
        rows.append(seen)
        appeals.append(appeal[seen] + random.normal(0, GENEROSITY) + random.normal(0, NOISE, len(seen)))
    cuts = np.quantile(np.concatenate(appeals), np.cumsum(GRADES)[:-1])
    width = len(str(visitors))
    return [
        Rating(f"simulated-{visitor:0{width}d}", catalogue[int(row)].artwork_id, int(np.searchsorted(cuts, value)) + 1)
        for visitor, (seen, appeal) in enumerate(zip(rows, appeals, strict=True), start=1)
        for row, value in zip(seen, appeal, strict=True)
    ]


def _likeness(catalogue: Catalogue) -> np.ndarray:
    """float32 (channels, n, n) in [0, 1]; a channel that knows nothing of a pair says 0."""
    records = _Records(catalogue, Features(catalogue))
    rows = np.arange(len(catalogue))
    return np.stack([np.nan_to_num(BY_NAME[name].likeness(rows, rows, records)) for name in CHANNELS])


def _standard(values: np.ndarray) -> np.ndarray:
    """Mean 0, standard deviation 1; zeros where all are equal."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)


def write(folder: Path, seed: int = SEED) -> int:
    """Simulate over a folder of records into its `visitors.csv`. Returns the number of ratings."""
    ratings = simulate(load_catalogue(folder), load_goals(folder).best_known, seed)
    part = folder / f"{RATINGS_FILE}.part"
    with part.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(HEADER)
        lines.writerows((r.visitor_id, r.artwork_id, r.rating) for r in ratings)
    os.replace(part, folder / RATINGS_FILE)
    return len(ratings)


def load_ratings(folder: str | Path, catalogue: Catalogue) -> tuple[Rating, ...]:
    """The simulated ratings of a folder; none where it has no file. Raises `CatalogueError` with every problem."""
    file = Path(folder) / RATINGS_FILE
    if not file.is_file():
        return ()
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES:,} bytes")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = list(csv.reader(lines))
    except (OSError, ValueError, csv.Error) as error:
        raise CatalogueError(f"{file} cannot be read ({error}).", f"It must be UTF-8 CSV with {', '.join(HEADER)}.") from error
    problems = [] if table and table[0] == HEADER else [f"{file.name}, line 1: the columns must be {', '.join(HEADER)}"]
    ratings: dict[tuple[str, str], Rating] = {}
    for number, cells in enumerate(table[1:], start=2):
        where = f"{file.name}, line {number}"
        if len(cells) != len(HEADER) or cells[2] not in set("12345"):
            problems.append(f"{where}: write a visitor, an artwork's id and a rating from 1 to 5")
        elif cells[1] not in catalogue:
            problems.append(f"{where}: no artwork has the id '{cells[1][:80]}'; correct it")
        elif (cells[0], cells[1]) in ratings:
            problems.append(f"{where}: {cells[0][:40]} has rated '{cells[1]}' already; keep one of the lines")
        else:
            ratings[cells[0], cells[1]] = Rating(cells[0], cells[1], int(cells[2]))
    if problems:
        raise CatalogueError(f"{file.name}: {problems[0]}.", "Correct it, or write the file anew.", problems)
    return tuple(ratings.values())


if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else config.STARTER), "simulated ratings")
