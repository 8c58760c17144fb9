"""Works that may be one work: the same name and maker, one work under two names, or nearly the same description.

What museums hold by the dozen under one name and do not describe, such as the sheets of a sketchbook, is a series and not told
here.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from artrec.catalogue import Catalogue
from artrec.progress import Tell, quiet, told
from artrec.text import fold

SAME_TEXT = 0.5  # Jaccard of three-word shingles from which two descriptions count as one text
SAME_WORD = 85  # rapidfuzz's ratio, 0 to 100, from which words are one word in two spellings
SHINGLE = 3
SHORTEST = 12  # words a text needs before its likeness to another says anything
FEW = 4  # works of one name, without a description, that may be one work; more are a series
BLOCK = 60  # works of one maker, museum and type whose titles are compared pair by pair; a larger block is a series anyway
PERMUTATIONS = 64
HELD = 2_048  # texts whose shingles are in memory

Pair = tuple[int, int, str]  # the later row, the earlier one, why


def duplicates(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """(artwork_id, an earlier work's id, why) for each work that may stand there already, each work once.

    Near-linear in the works: equal keys first, near-equal descriptions by locality-sensitive hashing, and titles pair by pair
    in small blocks alone.
    """
    names = _Names(catalogue)
    twins: dict[int, tuple[int, str]] = {}
    for later, earlier, why in (*names.same(), *names.other_title(), *near_texts(catalogue.column("description"))):
        twins.setdefault(later, (earlier, why))
    ids = catalogue.column("artwork_id")
    return [(ids[later], ids[earlier], why) for later, (earlier, why) in twins.items()]


class _Names:
    """The columns by which works are compared, folded."""

    def __init__(self, catalogue: Catalogue):
        self.columns = catalogue.column
        self.titles = _folded(catalogue.column("title"))
        self.artists = _folded(catalogue.column("artist"))
        cultures = _folded(catalogue.column("culture"))
        self.makers = [artist or culture for artist, culture in zip(self.artists, cultures, strict=True)]
        self.sizes, self.descriptions = catalogue.column("dimensions"), catalogue.column("description")
        self.spans = [
            (known[0], known[-1]) if (known := [y for y in years if y is not None]) else None
            for years in zip(catalogue.column("year_start"), catalogue.column("year_end"), strict=True)
        ]

    def same(self) -> Iterator[Pair]:
        """Works of one title and artist, or with the same passage, each with the first that it may be."""
        keys = zip(self.titles, self.artists, strict=True)
        told = ("title", "artist", "type", "medium", "movement", "culture", "date_text", "genre", "subjects", "moods",
                "look_for", "description")  # fmt: skip
        passages = zip(*(self.columns(name) for name in told), strict=True)
        for group in (*_groups(key if key[1] else None for key in keys), *_groups(passages)):
            many = len(group) > FEW and not self.descriptions[group[0]]
            for at, later in enumerate(() if many else group):
                earlier = next((row for row in group[:at] if self._may_be(row, later)), None)
                if earlier is not None:
                    yield later, earlier, "looks like"

    def _may_be(self, first: int, second: int) -> bool:
        """Whether neither date nor size speaks against two works being one."""
        one, other = self.spans[first], self.spans[second]
        if one and other and not (one[0] <= other[1] and other[0] <= one[1]):
            return False
        return not (self.sizes[first] and self.sizes[second] and self.sizes[first] != self.sizes[second])

    def other_title(self) -> Iterator[Pair]:
        """Works of one maker, museum, type and time whose titles hold one another, or whose Chinese titles are equal."""
        museums, types, chinese = _folded(self.columns("museum")), self.columns("type"), self.columns("title_zh")
        keys = zip(self.makers, museums, types, strict=True)
        told = (key if key[0] and key[1] and span else None for key, span in zip(keys, self.spans, strict=True))
        for group in _groups(told):
            for at, later in enumerate(group if len(group) <= BLOCK else ()):
                for first in group[:at]:
                    if not self._may_be(first, later):
                        continue
                    if _alike(self.titles[first], self.titles[later]) or (chinese[first] and chinese[first] == chinese[later]):
                        yield later, first, "may be another name of"


def _alike(one: str, other: str) -> bool:
    """Whether one title, of two words and more, holds the other, spelling aside. Equal ones are told before, and works that are
    numbered differ."""
    from rapidfuzz import fuzz

    if (
        one == other
        or one.count(" ") == 0
        or other.count(" ") == 0
        or set(re.findall(r"\d+", one)) != set(re.findall(r"\d+", other))
    ):
        return False
    ours, theirs = set(re.findall(r"\w+", one)), set(re.findall(r"\w+", other))
    left, right = (" ".join(sorted(words)) for words in (ours - theirs, theirs - ours))
    return len(ours & theirs) > 1 and (not left or not right or fuzz.ratio(left, right) >= SAME_WORD)


def _folded(values: Iterable[str]) -> list[str]:
    return [value.lower() if value.isascii() else fold(value) for value in values]


def _groups(keys: Iterable) -> Iterator[list[int]]:
    """Rows of equal keys, two and more, in order; None is no key."""
    groups: dict[object, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if key is not None:
            groups[key].append(row)
    yield from (rows for rows in groups.values() if len(rows) > 1)


def near_texts(texts: Sequence[str], tell: Tell = quiet) -> Iterator[Pair]:
    """Texts that are equal or nearly equal to an earlier one, by MinHash (Broder 1997) over shingles of three words and
    locality-sensitive hashing; texts of a few words are left out. Of many texts only the sketches are held in memory."""
    from datasketch import MinHash, MinHashLSH

    first: dict[bytes, int] = {}
    shingles = lru_cache(HELD)(lambda row: _shingles(texts[row]))
    index = MinHashLSH(threshold=SAME_TEXT, num_perm=PERMUTATIONS)
    for row, text in told(enumerate(texts), len(texts), tell):
        if len(text.split()) < SHORTEST:
            continue
        digest = blake2b(_folded([text])[0].encode("utf-8", "replace"), digest_size=12).digest()
        if (earlier := first.setdefault(digest, row)) != row:
            yield row, earlier, "is described as"
            continue
        ours = shingles(row)
        sketch = MinHash.bulk([ours], num_perm=PERMUTATIONS, hashfunc=zlib.crc32)[0]
        for other in sorted(index.query(sketch)):
            if len(ours & shingles(other)) >= SAME_TEXT * len(ours | shingles(other)):
                yield row, other, "is described almost as"
                break
        index.insert(row, sketch, check_duplication=False)


def _shingles(text: str) -> set[bytes]:
    words = _folded([text])[0].split()
    return {" ".join(words[at : at + SHINGLE]).encode("utf-8", "replace") for at in range(len(words) - SHINGLE + 1)}
