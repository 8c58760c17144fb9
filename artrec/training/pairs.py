"""What the encoder learns from: pairs of a text that someone might type and the passage it should find.

From a starter-like folder: visitors' queries of the train split and more of their kind written for training, titles, and the
same works' attributes in visitors' words. From museum records: keywords ↔ description. Works of the validation and test
splits never appear, on either side. Each pair says what its query names, so that other works which have all of it are not
taught to be wrong answers.
"""

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artrec.catalogue import Artwork, Catalogue
from artrec.errors import CatalogueError
from artrec.evaluation.queries import TrainingQuery, VisitorQuery
from artrec.masking import masked
from artrec.text import passage

SHORTEST = 80  # characters of a museum's description that is worth learning from
FEWEST = 3  # keywords of a museum's record
MUSEUM_TEST, MUSEUM_VALIDATION = 15, 5  # hundredths of a museum's works, by a hash of their id
PHRASES = 3  # ways of naming a work's attributes that are drawn for each work


@dataclass(frozen=True)
class Pair:
    """`query` should find `passage`, which comes from `work`. `terms`: what the query names, where that is known; any
    other work that has all of them answers it as well."""

    query: str
    passage: str
    work: str
    kind: str  # visitor, title, attribute, movement or museum
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MuseumText:
    """A museum's record, as far as it is learnt from: its id, keywords and plain description."""

    work: str
    keywords: tuple[str, ...]
    description: str


def terms_of(work: Artwork) -> frozenset[str]:
    """Everything a record says that a query could name, folded to lower case."""
    named = (*work.subjects, *work.moods, work.type, work.movement, work.culture, work.title)
    return frozenset(term.lower() for term in named if term)


def visitor_pairs(catalogue: Catalogue, queries: Sequence[VisitorQuery | TrainingQuery], works: set[str]) -> list[Pair]:
    """Each visitor's query about one of the given works with the passage of its work."""
    return [
        Pair(query.text, passage(catalogue[catalogue.row(query.artwork_id)]), query.artwork_id, "visitor")
        for query in queries
        if query.artwork_id in works
    ]


def attribute_pairs(catalogue: Catalogue, works: set[str], seed: int) -> list[Pair]:
    """Attributes of the given works as visitors would put them, PHRASES a work: subjects with a mood, a movement, a culture
    or a type with a subject."""
    random = np.random.default_rng(seed)
    pairs = []
    for work in catalogue:
        if work.artwork_id not in works or len(work.subjects) < 3 or not work.moods:
            continue
        one, two, three = (str(s) for s in random.permutation(work.subjects)[:3])
        mood, of = str(random.choice(work.moods)), work.movement or work.culture
        phrases = (
            (f"{one} and {two}, {mood}", (one, two, mood)),
            (f"{mood} {work.type} with {one}, {two} and {three}", (mood, work.type, one, two, three)),
            (f"{of} {work.type}, {one}", (of, work.type, one)),
            (f"{one} {two} {work.culture} {mood}", (one, two, work.culture, mood)),
            (f"something {mood} with {three}", (mood, three)),
        )
        for at in random.choice(len(phrases), PHRASES, replace=False):
            phrase, terms = phrases[at]
            named = frozenset(term.lower() for term in terms if term)
            pairs.append(Pair(" ".join(phrase.lower().split()), passage(work), work.artwork_id, "attribute", named))
    return pairs


def title_pairs(catalogue: Catalogue, works: set[str]) -> list[Pair]:
    """Titles of the given works, bare and with the maker's name. Visitors' queries never name a title, and without these
    the encoder unlearns them: a title's nDCG@10 for its own work fell from 0.96 to 0.65."""
    pairs = []
    for work in catalogue:
        if work.artwork_id in works:
            named = frozenset((work.title.lower(),))
            pairs.append(Pair(work.title, passage(work), work.artwork_id, "title", named))
            if work.artist:
                pairs.append(Pair(f"{work.title} {work.artist}", passage(work), work.artwork_id, "title"))
    return pairs


def movement_pairs(catalogue: Catalogue, works: set[str], seed: int) -> list[Pair]:
    """The movement of each of the given works, with its passage in which no movement and no artist is named: the encoder
    learns to see a movement in what is shown, made and when."""
    random = np.random.default_rng(seed)
    pairs = []
    for work in catalogue:
        if work.artwork_id in works and work.movement:
            phrase = str(random.choice((work.movement, f"{work.movement} {work.type}", f"a work of {work.movement}")))
            text = masked(work, catalogue, "movement")
            pairs.append(Pair(phrase, text, work.artwork_id, "movement", frozenset((work.movement.lower(),))))
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
        pairs.extend(
            Pair(query, text.description, text.work, "museum", frozenset(query.split(", "))) for query in sorted(drawn)
        )
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
