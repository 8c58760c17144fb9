"""BM25 over the same passages as the encoder reads, plus the Chinese names.

English words are stemmed (Snowball). Chinese, Japanese and Korean text, which has no spaces, is cut into pairs of
characters; whole names are kept as words too, so that 梵高名画 finds 梵高. Scores are Lucene's BM25 (Kamphuis et al.
2020), divided by the most the query could reach, so that they lie in [0, 1] and add up over the query's words.
"""

import logging
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from artrec.catalogue import Artwork, Catalogue
from artrec.progress import Tell, quiet, stretch, told
from artrec.text import CJK, chinese_names, fold, passage

_LITTLE_WORDS = """
a about across after against all along also an and any are around as at be been before between but by can do does for from
had has have he her his how i if in into is it its like me more my near no not of on one or our out over she show so some
something than that the their them then there these they this through to under up us very was we were what when where which
while who will with would you your art artwork artworks work works
"""
STOPWORDS = frozenset(_LITTLE_WORDS.split())
CUTTING = 0.8  # share of the time to build that goes into cutting texts into words
REMEMBERED = 4  # questions whose scores are kept
MAX_NAME = 12  # characters; longer Chinese names are reached through their pairs of characters
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@contextmanager
def _without_numba():
    """bm25s loads numba where it finds it, half a second and 60 MB that numpy's path does without."""
    hide = "numba" not in sys.modules and "bm25s" not in sys.modules
    if hide:
        sys.modules["numba"] = None
    try:
        yield
    finally:
        if hide:
            del sys.modules["numba"]


@cache
def _stemmer():
    import Stemmer

    return Stemmer.Stemmer("english")


def stem(word: str) -> str:
    """The Snowball stem of one folded word: `storms` → `storm`."""
    return _stemmer().stemWord(word)


def tokens(text: str) -> list[str]:
    """Words of any text, in order: English stemmed and without stop words, CJK runs as pairs of characters."""
    found = []
    for word in _WORD.findall(fold(text)):
        if CJK.search(word):
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif word not in STOPWORDS:
            found.append(stem(word.replace("’", "'").removesuffix("'s")))
    return found


def _name_tokens(names: Iterable[str]) -> list[str]:
    """Chinese names as whole words, besides their pairs: 文森特·梵高 gives 文森特 and 梵高."""
    return [f"={part}" for name in names for part in re.split(r"[·•・.\s]+", name) if 2 <= len(part) <= MAX_NAME]


def artwork_tokens(work: Artwork, catalogue: Catalogue) -> list[str]:
    """What is indexed of a work: its passage, place names and Chinese names, cut into tokens."""
    names = chinese_names(work, catalogue)
    text = " ".join((passage(work), work.museum, work.city, work.country, *names))
    return tokens(text) + _name_tokens(names)


@dataclass(frozen=True)
class Lexical:
    """An immutable BM25 index over a catalogue's rows."""

    _bm25: object
    _frequencies: np.ndarray  # float32, the inverse document frequency of each word of the vocabulary
    n_rows: int
    _recent: dict = field(default_factory=dict, repr=False, compare=False)  # the last few questions' scores

    @classmethod
    def build(cls, catalogue: Catalogue, tell: Tell = quiet) -> "Lexical":
        """Index every artwork's passage, place names and Chinese names."""
        cut = stretch(tell, len(catalogue), 0.0, CUTTING)
        return cls.of(artwork_tokens(work, catalogue) for work in told(catalogue, len(catalogue), cut))

    @classmethod
    def of(cls, corpus: Iterable[list[str]]) -> "Lexical":
        """Index texts that are cut into tokens already. They are held as numbers, a tenth of what the words take."""
        codes: dict[str, int] = {}
        held = [[codes.setdefault(token, len(codes)) for token in text] for text in corpus]
        if not codes:
            held[0] = [codes.setdefault("=", 0)]  # BM25 wants a word; no query has this one
        with _without_numba():
            import bm25s
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells users what it does
        model = bm25s.BM25(method="lucene", k1=1.2, b=0.75, backend="numpy")
        model.index((held, codes), show_progress=False)
        return cls._whole(model, len(held))

    @classmethod
    def _whole(cls, model, n_rows: int) -> "Lexical":
        """Compute idf from the postings: Lucene's ln(1 + (N − df + ½) / (df + ½))."""
        df = np.diff(model.scores["indptr"]).astype(np.float64)
        return cls(model, np.log1p((n_rows - df + 0.5) / (df + 0.5)).astype(np.float32), n_rows)

    def save(self, folder: Path) -> None:
        """Write the index into a folder (arrays and JSON)."""
        self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, n_rows: int) -> "Lexical":
        """Read an index written by `save`; the postings stay on disk until used."""
        with _without_numba():
            import bm25s
        model = bm25s.BM25.load(str(folder), mmap=True, backend="numpy")
        if model.scores["num_docs"] != n_rows:
            raise ValueError(f"the words of {model.scores['num_docs']} works for {n_rows}")
        for part in ("data", "indices", "indptr"):  # still mapped, but without numpy.memmap's slow slices
            model.scores[part] = np.asarray(model.scores[part])
        return cls._whole(model, n_rows)

    def query_tokens(self, text: str) -> list[str]:
        """The distinct tokens of a query, with every known Chinese name found inside it as a whole word."""
        found = tokens(text)
        names = [
            f"={run[start:end]}"
            for run in re.findall(CJK.pattern + "+", text)
            for start in range(len(run))
            for end in range(start + 2, min(len(run), start + MAX_NAME) + 1)
            if self.knows(f"={run[start:end]}")
        ]
        if names:  # the pairs that straddle a name and its neighbours are no words of anybody's
            found = [token for token in found if self.knows(token) or not CJK.search(token)]
        return list(dict.fromkeys(found + names))

    def knows(self, token: str) -> bool:
        """Whether any artwork holds the token."""
        return token in self._bm25.vocab_dict

    def scores(self, query_tokens: Sequence[str]) -> np.ndarray:
        """BM25 of every row for the tokens together, as a share of the most they could reach (float32, (n,), in [0, 1]).
        Read-only: one question asks for the same scores several times."""
        key = tuple(query_tokens)
        if (found := self._recent.get(key)) is None:
            found = self._scores(key)
            found.flags.writeable = False
            if len(self._recent) >= REMEMBERED:
                self._recent.clear()
            self._recent[key] = found
        return found

    def _scores(self, query_tokens: Sequence[str]) -> np.ndarray:
        ids = [self._bm25.vocab_dict[t] for t in query_tokens if t in self._bm25.vocab_dict]
        most = self._most(query_tokens)
        if not ids or most == 0:
            return np.zeros(self.n_rows, dtype=np.float32)
        return (self._bm25.get_scores_from_ids(ids) / most).astype(np.float32, copy=False)

    def parts(self, query_tokens: Sequence[str], row: int) -> dict[str, float]:
        """One row's score taken apart: token → amount. The amounts sum to `scores(query_tokens)[row]`."""
        most = self._most(query_tokens)
        postings = self._bm25.scores
        amounts = {}
        for token in query_tokens:
            if (code := self._bm25.vocab_dict.get(token)) is None or most == 0:
                continue
            span = slice(postings["indptr"][code], postings["indptr"][code + 1])
            hit = np.flatnonzero(np.asarray(postings["indices"][span]) == row)
            if len(hit):
                amounts[token] = float(postings["data"][span][hit[0]] / most)
        return amounts

    def _most(self, query_tokens: Sequence[str]) -> float:
        """The bound of Lucene's BM25: the sum of idf. A word that no artwork holds counts as the rarest."""
        unknown = float(np.log1p((self.n_rows + 0.5) / 0.5))
        vocabulary = self._bm25.vocab_dict
        return sum(float(self._frequencies[vocabulary[t]]) if t in vocabulary else unknown for t in query_tokens)
