"""Works that may be one work: the same name and maker, one work under two names, or nearly the same description."""

from collections import defaultdict
from collections.abc import Iterator

from artrec.catalogue import Artwork, Catalogue
from artrec.text import fold, passage

SAME_TEXT = 0.5  # Jaccard of three-word shingles from which two descriptions count as one text
SAME_TITLE = 90  # rapidfuzz's token-set ratio, 0 to 100
SHINGLE = 3
SHORTEST = 12  # words a description needs before its likeness to another says anything


def duplicates(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """(artwork_id, an earlier work's id, why) for each work that may stand there already, each work once."""
    twins: dict[str, tuple[str, str]] = {}
    for first, second, why in (*_same_name(catalogue), *_other_name(catalogue), *_same_text(catalogue)):
        twins.setdefault(second.artwork_id, (first.artwork_id, why))
    return [(later, earlier, why) for later, (earlier, why) in twins.items()]


def _same_name(catalogue: Catalogue) -> Iterator[tuple[Artwork, Artwork, str]]:
    groups: dict[tuple, list[Artwork]] = defaultdict(list)
    for work in catalogue:
        if work.artist:
            groups["name", fold(work.title), fold(work.artist)].append(work)
        groups["passage", passage(work)].append(work)
    for works in groups.values():
        yield from ((works[0], other, "looks like") for other in works[1:])


def _other_name(catalogue: Catalogue) -> Iterator[tuple[Artwork, Artwork, str]]:
    """Works of one maker, museum and time whose titles hold one another, or whose Chinese titles are equal."""
    from rapidfuzz import fuzz

    groups: dict[tuple, list[Artwork]] = defaultdict(list)
    for work in catalogue:
        maker = work.artist or work.culture
        if maker and work.museum and work.year is not None:
            groups[fold(maker), fold(work.museum)].append(work)
    for works in groups.values():
        for at, second in enumerate(works):
            for first in works[:at]:
                if not _overlap(first, second) or first.type != second.type:
                    continue
                alike = fuzz.token_set_ratio(fold(first.title), fold(second.title)) >= SAME_TITLE
                if alike or (first.title_zh and first.title_zh == second.title_zh):
                    yield first, second, "may be another name of"


def _overlap(first: Artwork, second: Artwork) -> bool:
    spans = [[y for y in (w.year_start, w.year_end) if y is not None] for w in (first, second)]
    return min(spans[0]) <= max(spans[1]) and min(spans[1]) <= max(spans[0])


def _same_text(catalogue: Catalogue) -> Iterator[tuple[Artwork, Artwork, str]]:
    """Near-equal descriptions, by MinHash (Broder 1997) over shingles of three words and locality-sensitive hashing."""
    from datasketch import MinHash, MinHashLSH

    texts: dict[str, tuple[Artwork, set[bytes]]] = {}
    for work in catalogue:
        words = fold(work.description).split()
        if len(words) >= SHORTEST:
            shingles = {" ".join(words[i : i + SHINGLE]).encode() for i in range(len(words) - SHINGLE + 1)}
            texts[work.artwork_id] = work, shingles
    near = MinHashLSH(threshold=SAME_TEXT, num_perm=64)
    hashed = MinHash.bulk([shingles for _, shingles in texts.values()], num_perm=64) if texts else []
    for (artwork_id, (work, shingles)), sketch in zip(texts.items(), hashed, strict=True):
        for other in sorted(near.query(sketch), key=catalogue.row):
            first, theirs = texts[other]
            if len(shingles & theirs) >= SAME_TEXT * len(shingles | theirs):
                yield first, work, "is described almost as"
        near.insert(artwork_id, sketch)
