"""What the encoder learns from: pairs of a text that someone might type and the passage it should find.

From a starter-like folder: visitors' queries of the train split, and the same works' attributes in visitors' words. From
museum records: keywords ↔ description. Works of the validation and test splits never appear, on either side.
"""

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artrec.catalogue import Catalogue
from artrec.errors import CatalogueError
from artrec.evaluation.queries import VisitorQuery
from artrec.text import passage

SHORTEST = 80  # characters of a museum's description that is worth learning from
FEWEST = 3  # keywords of a museum's record
MUSEUM_TEST, MUSEUM_VALIDATION = 15, 5  # hundredths of a museum's works, by a hash of their id


@dataclass(frozen=True)
class Pair:
    """`query` should find `passage`. `work`: where it comes from, so that one work is never its own negative."""

    query: str
    passage: str
    work: str


@dataclass(frozen=True)
class MuseumText:
    """A museum's record, as far as it is learnt from: its id, keywords and plain description."""

    work: str
    keywords: tuple[str, ...]
    description: str


def visitor_pairs(catalogue: Catalogue, queries: tuple[VisitorQuery, ...], split: str) -> list[Pair]:
    """Each visitor's query of a split with the passage of its work."""
    return [
        Pair(query.text, passage(catalogue[catalogue.row(query.artwork_id)]), query.artwork_id)
        for query in queries
        if query.split == split
    ]


def attribute_pairs(catalogue: Catalogue, works: set[str], seed: int) -> list[Pair]:
    """Attributes of the given works as visitors would put them, one phrase a work: two or three subjects with a mood,
    or a movement, a culture or a type with a subject."""
    random = np.random.default_rng(seed)
    pairs = []
    for work in catalogue:
        if work.artwork_id not in works or len(work.subjects) < 3 or not work.moods:
            continue
        shown = [str(s) for s in random.permutation(work.subjects)]
        mood = str(random.choice(work.moods))
        phrases = (
            f"{shown[0]} and {shown[1]}, {mood}",
            f"{mood} {work.type} with {shown[0]}, {shown[1]} and {shown[2]}",
            f"{work.movement or work.culture} {work.type}, {shown[0]}",
            f"{shown[0]} {shown[1]} {work.culture} {mood}",
        )
        pairs.append(Pair(str(random.choice(phrases)).lower(), passage(work), work.artwork_id))
    return pairs


def title_pairs(catalogue: Catalogue, works: set[str], seed: int) -> list[Pair]:
    """Titles of the given works, every third with its maker's name. Visitors' queries never name a title, and without these
    the encoder unlearns them: a title's nDCG@10 for its own work fell from 0.96 to 0.65."""
    random = np.random.default_rng(seed)
    pairs = []
    for work in catalogue:
        if work.artwork_id in works:
            named = bool(work.artist) and random.random() < 1 / 3
            pairs.append(Pair(f"{work.title} {work.artist}" if named else work.title, passage(work), work.artwork_id))
    return pairs


def museum_pairs(texts: list[MuseumText], seed: int, each: int = 1) -> list[Pair]:
    """`each` times three to six of a record's keywords with its description."""
    random = np.random.default_rng(seed)
    pairs = []
    for text in texts:
        drawn = set()
        for _ in range(each):
            k = min(len(text.keywords), int(random.integers(FEWEST, 7)))
            chosen = random.choice(len(text.keywords), k, replace=False)
            drawn.add(", ".join(text.keywords[at] for at in chosen).lower())
        pairs.extend(Pair(query, text.description, text.work) for query in sorted(drawn))
    return pairs


def read_museum(path: Path, split: str) -> list[MuseumText]:
    """Records of the Walters' published layout (JSON lines, plain or gzip) that fall into a split: train, validation or test.

    Equal descriptions are kept once, in the first work's split, so that no text stands on both sides.
    """
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            found = list(_museum_texts(lines))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(
            f"{path} cannot be read as museum records ({error}).", "Give JSON lines as the museum published them."
        ) from error
    return [text for text in found if museum_split(text.work) == split]


def museum_split(work: str) -> str:
    """The split of a museum's work: by a hash of its id, so that it never changes."""
    place = int(hashlib.sha256(work.encode()).hexdigest(), 16) % 100
    return "test" if place < MUSEUM_TEST else "validation" if place < MUSEUM_TEST + MUSEUM_VALIDATION else "train"


def _museum_texts(lines: Iterator[str]) -> Iterator[MuseumText]:
    seen: set[str] = set()
    for line in lines:
        record = json.loads(line)
        description = _plain(record.get("Description") or "")
        keywords = tuple(dict.fromkeys(k.strip() for k in (record.get("Keywords") or "").split(";") if k.strip()))
        key = description.casefold()
        if len(description) >= SHORTEST and len(keywords) >= FEWEST and key not in seen:
            seen.add(key)
            yield MuseumText(f"walters-{record['ObjectID']}", keywords, description)


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
