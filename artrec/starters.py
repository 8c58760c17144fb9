"""For somebody of whom nothing is known: works that differ in every way, and queries that this collection can answer."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from artrec.catalogue import Catalogue, century_of, middle
from artrec.collection import Collection
from artrec.places import region

DRAWN_FROM = 2_000  # works looked at where there are more
UNKNOWN = 0.5  # how alike two works count whose value of a field is not known
FEWEST = 4  # works that a mood or a theme needs to be worth a query
CHOICE = 40  # themes, and lessons, that the seed draws from
COMMON = 0.035  # the share of works from which a subject is no theme: "woman" tells little


@dataclass(frozen=True)
class Idea:
    """A query to begin with, and the words on its button."""

    kind: Literal["mood", "theme", "lesson"]
    label: str
    query: str


def works_apart(collection: Collection, rows: np.ndarray, n: int, seed: int) -> np.ndarray:
    """n of `rows` (int64) that differ in region of the world, century, type and mood as far as they can, ties broken by
    distance in meaning. Greedy: always the work that repeats least of what is there. The seed chooses where to begin."""
    if not len(rows):
        return rows
    random = np.random.default_rng(seed)
    rows = np.sort(random.choice(rows, min(len(rows), DRAWN_FROM, max(n * 20, len(rows) // 2)), replace=False))
    features, own = collection.features, collection.vectors[rows].astype(np.float32)
    columns = [features.regions, features.column("century"), features.column("type")]
    moods = (features.moods.matrix[rows] > 0).astype(np.float32)
    moods = moods.multiply(1 / np.maximum(moods.sum(axis=1), 1)).tocsr()
    repeats, nearest = np.zeros(len(rows)), np.zeros(len(rows), dtype=np.float32)
    chosen = [int(random.integers(len(rows)))]
    while len(chosen) < min(n, len(rows)):
        latest = chosen[-1]
        for column in columns:
            codes, known = column.codes[rows], column.known[rows]
            repeats += np.where(known & known[latest], codes == codes[latest], UNKNOWN)
        repeats += (moods @ moods[latest].T).toarray().ravel()
        nearest = np.maximum(nearest, own @ own[latest])
        repeats[latest] = np.inf
        chosen.append(int(np.lexsort((nearest, repeats.round(6)))[0]))
    return rows[chosen]


def ideas(catalogue: Catalogue, seed: int = 0, each: int = 3) -> tuple[Idea, ...]:
    """Moods that many works have, themes found across the world, and lessons that compare a theme over the centuries.

    All of them come from the records, so each has works to show; none where the records name no moods or subjects.
    """
    random = np.random.default_rng(seed)
    moods = Counter(mood for moods in catalogue.column("moods") for mood in moods)
    held = [mood for mood, count in moods.most_common() if count >= FEWEST]
    found: list[Idea] = [Idea("mood", f"something {mood}", mood) for mood in _draw(held, each, random)]
    holders: dict[str, list] = defaultdict(list)
    for row, subjects in enumerate(catalogue.column("subjects")):
        for subject in dict.fromkeys(s.lower() for s in subjects):
            holders[subject].append(row)
    regions = [region(country) for country in catalogue.column("country")]
    types = catalogue.column("type")
    ends = zip(catalogue.column("year_start"), catalogue.column("year_end"), strict=True)
    spans = [century_of(middle(start, end)) for start, end in ends]
    spread = {
        subject: (len({regions[row] for row in rows} - {""}), len({types[row] for row in rows}), len(rows))
        for subject, rows in holders.items()
        if FEWEST <= len(rows) <= max(FEWEST, COMMON * len(catalogue))
    }
    widest = sorted(spread, key=lambda subject: (*(-size for size in spread[subject]), subject))
    themes = _draw(widest[:CHOICE], each, random)
    found += [Idea("theme", subject, subject) for subject in themes]
    centuries = {s: len({spans[row] for row in holders[s]} - {None}) for s in widest if s not in themes}
    lasting = sorted(centuries, key=lambda subject: (-centuries[subject], subject))[:CHOICE]
    found += [Idea("lesson", f"{s} through {centuries[s]} centuries", s) for s in _draw(lasting, each, random)]
    return tuple(found)


def _draw(words: list[str], k: int, random: np.random.Generator) -> list[str]:
    return [words[at] for at in sorted(random.choice(len(words), min(k, len(words)), replace=False))]
