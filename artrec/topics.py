"""What a collection is about: clusters of its vectors, and names for groups of works that people understand.

Names come from class-based TF-IDF (Grootendorst 2022): a term tells of a group where many of its works have it and few
others do. A record with attributes speaks by them; one with few or none, as museums publish them, by the keywords of its
title and description as well.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np

from artrec.catalogue import Artwork, Catalogue
from artrec.files import write_json
from artrec.keywords import keywords, names_a_thing, phrase_stems
from artrec.progress import Tell, quiet, stretch
from artrec.text import fold

NAMES_FILE, ROWS_FILE = "topics.json", "topics.npz"
SEED = 20
LARGE = 20_000  # works from which k-means goes in batches
CLUSTERING = 0.5  # share of the time that finding the groups takes; naming them takes the rest
JUDGED = 2_000  # works on which the number of topics is chosen
MOST = 20  # topics; more names than that nobody surveys
ENOUGH = 3  # attributes with which a record speaks for itself
READ = 60  # works of a group whose texts are read: 250 texts a second, so 100,000 works take seconds too
KEYWORDS = 12  # of each of them
LEAST_SHARE = 0.15  # of a group's works that must have an attribute, weighed, before the group is named by it
LEAST_IN_TEXTS = 0.1  # the same of a word in texts, which seldom say the same thing in the same word
TERMS = 8  # kept of each topic
ATTRIBUTES = {"subjects": 0.6, "type": 0.8, "genre": 1.0, "culture": 1.1, "movement": 1.2}  # how much each tells about a group
COMMON, PROPER = 0.5, 0.51  # the same of a text's common words and names
STANDS_OUT = 1.2  # times the whole collection's share, from which a word of texts tells of a group
WHOLE = 0.6  # share of a word's works that have a longer phrase with it, from which the phrase stands for the word

Key = frozenset[str]  # the stems of a term: "Boats" and "boat" are one


@dataclass(frozen=True)
class Term:
    """A term of a group of works: `weight` in (0, 1] against the group's most telling one; `kind`: what kind it is of;
    `usual`: whether enough of the works have it to be named by it."""

    text: str
    weight: float
    kind: float
    key: Key
    usual: bool


@dataclass(frozen=True, eq=False)
class Topic:
    """Works with much in common. `terms`: (term, weight in (0, 1]), most telling first. `rows`: int64, most typical first."""

    name: str
    terms: tuple[tuple[str, float], ...]
    rows: np.ndarray


def find_topics(catalogue: Catalogue, vectors: np.ndarray, seed: int = SEED, tell: Tell = quiet) -> tuple[Topic, ...]:
    """Topics of a collection, largest first; every work has exactly one, and no two share a name. `vectors`: float32
    (n, d), unit rows in the catalogue's order."""
    part = partial(stretch, tell, len(catalogue))
    labels, centres = _cluster(vectors, seed, part(0.0, CLUSTERING))
    groups = []
    for label in np.argsort(-np.bincount(labels), kind="stable"):
        rows = np.flatnonzero(labels == label)
        groups.append(rows[np.argsort(-(vectors[rows] @ centres[label]), kind="stable")])
    weighed = weigh_terms(catalogue, groups, part(CLUSTERING, 1.0))
    topics, names = [], set()
    for rows, terms, plain in zip(groups, weighed, name_groups(weighed), strict=True):
        name = plain = plain or f"Like “{catalogue[int(rows[0])].title[:60]}”"
        for number in range(2, len(groups) + 2):
            if name not in names:
                break
            name = f"{plain} ({number})"
        names.add(name)
        topics.append(Topic(name, tuple((term.text, term.weight) for term in terms[:TERMS]), rows))
    return tuple(topics)


def topic_of(topics: Sequence[Topic], works: int) -> np.ndarray:
    """For each row the position of its topic (int64 (works,)), -1 where it has none."""
    labels = np.full(works, -1, dtype=np.int64)
    for position, topic in enumerate(topics):
        labels[topic.rows] = position
    return labels


def _cluster(vectors: np.ndarray, seed: int, tell: Tell) -> tuple[np.ndarray, np.ndarray]:
    """k-means on unit vectors, so by the cosine: labels int64 (n,) without gaps, centres float32 (k, d)."""
    from sklearn.cluster import KMeans, MiniBatchKMeans

    n = len(vectors)
    k = _how_many(vectors, seed)
    tell(1, 2)
    if k == 1:
        return np.zeros(n, dtype=np.int64), vectors.mean(axis=0, keepdims=True)
    if n > LARGE:
        model = MiniBatchKMeans(k, n_init=3, max_iter=20, batch_size=4_096, random_state=seed)
    else:
        model = KMeans(k, n_init=4, random_state=seed)
    labels = model.fit_predict(vectors)
    tell(2, 2)
    used, labels = np.unique(labels, return_inverse=True)
    return labels.astype(np.int64), model.cluster_centers_[used].astype(np.float32)


def _how_many(vectors: np.ndarray, seed: int) -> int:
    """The number of topics: between the fourth root of the works and twice that, by the silhouette (Rousseeuw 1987).

    The size alone decides how many names a reader can use; the silhouette of sentence vectors is too flat for that (0.07 for
    2 to 10 topics of the shipped collection) and would leave two. Inside the band it finds the seams there are.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    n = len(vectors)
    sample = vectors if n <= JUDGED else vectors[np.random.default_rng(seed).choice(n, JUDGED, replace=False)]
    distinct = len(np.unique(sample.round(5), axis=0))
    low = min(MOST // 2, max(2, round(n**0.25)))
    high = min(2 * low, n // 3, distinct - 1)
    if high < low:
        return 1 if high < 2 else high
    best, most = low, -1.0
    for k in np.unique(np.linspace(low, high, 6).round().astype(int)):
        labels = KMeans(int(k), n_init=2, random_state=seed).fit_predict(sample)
        score = silhouette_score(sample, labels, metric="cosine") if len(set(labels)) > 1 else -1.0
        if score > most:
            best, most = int(k), score
    return best


def weigh_terms(catalogue: Catalogue, groups: Sequence[np.ndarray], tell: Tell = quiet) -> list[list[Term]]:
    """For each group of rows its terms by class-based TF-IDF, most telling first. A term counts once a work, by how much its
    kind tells; texts are read of `READ` rows of a group, evenly from its first to its last, which stand for the rest."""
    forms: dict[Key, Counter[str]] = defaultdict(Counter)  # how a term is written
    kinds: dict[Key, float] = {}  # of attributes
    inside: list[Counter[Key]] = []  # by group: works that have a term, each counting by how much the term's kind tells
    attributes = _attributes(catalogue)
    for number, rows in enumerate(groups, start=1):
        counts: Counter[Key] = Counter()
        read = set(np.linspace(0, len(rows) - 1, min(READ, len(rows))).round().astype(int).tolist())
        for position, row in enumerate(rows.tolist()):
            terms = {key: (text, kind) for key, text, kind in attributes[row]}
            for key, (text, kind) in terms.items():
                kinds[key] = max(kind, kinds.get(key, 0.0))
                forms[key][text] += 1
                counts[key] += kind
            if position in read and len(terms) < ENOUGH:
                for key, text in {phrase_stems(text): text for text in sorted(_text_terms(catalogue[row]))}.items():
                    if key not in terms:
                        forms[key][text] += 1
                        counts[key] += COMMON * max(1.0, len(rows) / READ)
        inside.append(counts)
        tell(number, len(groups))
    total: Counter[Key] = Counter()
    for counts in inside:
        total.update(counts)
    # Among texts a term must stand out from the other groups, not only from the other works: a museum's standing phrases
    # ("Walters manuscript") are everywhere. An attribute tells something even where it is frequent.
    n, elsewhere = len(catalogue), len(catalogue) / len(groups)
    rarity = {key: math.log(1 + (n if key in kinds else elsewhere) / count) for key, count in total.items() if key}
    weighed = []
    for counts, rows in zip(inside, groups, strict=True):
        if len(groups) > 1:
            usual = {key: STANDS_OUT * total[key] / n * len(rows) for key in counts.keys() - kinds.keys()}
            counts = Counter({key: count for key, count in counts.items() if count >= usual.get(key, 0.0)})
        weighed.append(_sorted_terms(counts, len(rows), rarity, kinds, forms))
    return weighed


def _sorted_terms(
    counts: Counter[Key], size: int, rarity: dict[Key, float], kinds: dict[Key, float], forms: dict[Key, Counter[str]]
) -> list[Term]:
    """One group's terms: those that at least two works have, and half as many as a name needs."""
    needed = {key: LEAST_SHARE if key in kinds else COMMON * LEAST_IN_TEXTS for key in counts}
    kept = {key for key in counts if key and counts[key] >= max(2 * kinds.get(key, COMMON), needed[key] * size / 2)}
    kept -= {key for key in kept if any(key < other and counts[other] >= WHOLE * counts[key] for other in kept)}
    raw = {key: kinds.get(key, COMMON) * counts[key] / size * rarity[key] for key in kept}
    most = max(raw.values(), default=1.0)
    terms = []
    for key, weight in raw.items():
        text = _shown(forms[key])
        kind = kinds.get(key) or (PROPER if text[:1].isupper() else COMMON)
        terms.append(Term(text, weight / most, kind, key, counts[key] >= needed[key] * size))
    return sorted(terms, key=lambda term: (-term.weight, term.text))


def _shown(forms: Counter[str]) -> str:
    """A term as most texts write it; titles' capitals give way to a lower case that is used at all."""
    lower = Counter({text: count for text, count in forms.items() if text[:1].islower()})
    chosen = lower if lower.total() >= 0.2 * forms.total() else forms
    return max(chosen, key=lambda text: (chosen[text], text))


def name_groups(weighed: Sequence[Sequence[Term]], *, in_turn: bool = False) -> list[str]:
    """For each group one or two terms, "Hunting scenes · Persian": the most telling one that is left, and the next of another
    kind that does not repeat it ("Dutch", "Dutch Golden Age"). No term names two groups; a group without terms has the name "".

    All first terms are given before any second; with `in_turn` each group has both before the next, so that the largest is
    named best, as on a map, where the smallest go without a label.
    """
    taken: set[Key] = set()
    names: list[list[Term]] = [[] for _ in weighed]
    turns = [(group, place) for place in (0, 1) for group in range(len(names))]
    for group, place in sorted(turns) if in_turn else turns:
        first = names[group]
        if len(first) < place:
            continue
        for term in weighed[group]:
            repeats = any(term.kind == said.kind or term.key & said.key for said in first)
            if term.usual and term.key not in taken and not repeats:
                names[group].append(term)
                taken.add(term.key)
                break
    return [" · ".join(term.text[0].upper() + term.text[1:] for term in name) for name in names]


def _attributes(catalogue: Catalogue) -> list[list[tuple[Key, str, float]]]:
    """Of each work its attributes: (stems, text, how much their kind tells). Read column by column, which is quick from a disk;
    what many works have is held once."""
    found: list[list[tuple[Key, str, float]]] = [[] for _ in range(len(catalogue))]
    for name, kind in ATTRIBUTES.items():
        held: dict[str, tuple[Key, str, float]] = {}
        for terms, value in zip(found, catalogue.column(name), strict=True):
            for text in (value,) if isinstance(value, str) else value:
                if text and text not in held:
                    held[text] = phrase_stems(text), text, kind
                if text:
                    terms.append(held[text])
    return found


def _text_terms(work: Artwork) -> set[str]:
    """What title and description name: their keywords, and of each the names in it and the noun it ends in; never a piece
    of the artist's name."""
    found = set()
    for phrase, _ in keywords(f"{work.title}. {work.description}", KEYWORDS):
        words = phrase.split()
        names = [" ".join(run) for capital, run in groupby(words, key=lambda word: word[0].isupper()) if capital]
        found.update(names, (word for name in names for word in name.split()), words[-1:])
        if len(words) < 3:
            found.add(phrase)
    artist = {word.strip(".,()") for word in fold(work.artist).split()}
    found = {text for text in found if not set(fold(text).split()) & artist}
    return {text for text in found if names_a_thing(text) and names_a_thing(text.lower())}  # no "Illuminated" of a title


def save_topics(topics: Sequence[Topic], folder: Path) -> None:
    """Write names and terms as JSON, works as an array: row numbers topic by topic, most typical first."""
    table = [{"name": t.name, "works": len(t.rows), "terms": [[text, round(w, 4)] for text, w in t.terms]} for t in topics]
    write_json(folder / NAMES_FILE, {"topics": table})
    np.savez(folder / ROWS_FILE, rows=np.concatenate([t.rows for t in topics]))


def load_topics(folder: Path, works: int) -> tuple[Topic, ...] | None:
    """The topics of a collection's folder; None where it has none. Raises `ValueError` or `KeyError` where they are damaged
    or do not give each of the `works` exactly one topic."""
    if not (folder / NAMES_FILE).exists():
        return None
    table = json.loads((folder / NAMES_FILE).read_text("utf-8"))["topics"]
    with np.load(folder / ROWS_FILE, allow_pickle=False) as arrays:
        rows = arrays["rows"].astype(np.int64)
    sizes = [int(about["works"]) for about in table]
    if sum(sizes) != works or min(sizes, default=0) < 1 or not np.array_equal(np.sort(rows), np.arange(works)):
        raise ValueError(f"topics for {len(rows)} works instead of {works}")
    return tuple(
        Topic(str(about["name"]), tuple((str(text), float(w)) for text, w in about["terms"]), part)
        for about, part in zip(table, np.split(rows, np.cumsum(sizes)[:-1]), strict=True)
    )
