"""What the heads are given to read, and what they read: movement, genre, type, moods, subjects of a text or a record;
sentiment of a note.

Features (float32 (n, d)), by the name in `Head.reads`:
- "text": the unit vector of a text;
- "record": the vector of a work's passage, the vector of its facts in single words, and its date as places on a scale of eras;
- "words": the vector of a text, its scores by a lexicon of feelings (VADER, Hutto and Gilbert 2014), and its words, hashed;
- "note": the vector of a note, the same scores for the whole, and for its first, last, worst and best part (what comes after
  "but" counts), its length and signs, its words and pairs of words, and its short runs of letters, both hashed, because
  sentiment often hangs on one small word.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from artrec import config
from artrec.encoder import Encoder
from artrec.errors import QueryError
from artrec.heads import Head, load_heads

# Years that a date is near to or not; denser where movements followed one another faster
ERAS = np.array(
    [-20000, -3000, -1000, 0, 500, 1000, 1300, 1400, 1450, 1500, 1550, 1600, 1650, 1700, 1750, 1800, 1830, 1860, 1880,
     1900, 1920, 1940, 1960, 1980, 2000, 2020], dtype=np.float64,
)  # fmt: skip
WIDTHS = np.maximum(np.gradient(ERAS), 20.0)
HASHED = 1 << 13  # places for words and runs of letters
_TURNS = re.compile(r"[.!?;,]| but | though | yet ")
FIELDS = ("movement", "genre", "type", "moods", "subjects")
MOST = 5  # labels of one kind that are told
LEAST = 0.25  # probability of the surest label of a kind, under which nothing of that kind is told
LONGEST = 20_000  # characters of a text that are read


def eras(years: Sequence[int | None]) -> np.ndarray:
    """How near each year lies to each of `ERAS` (float32 (n, 26), in [0, 1]); zeros where it is not known."""
    dates = np.array([np.nan if year is None else year for year in years], dtype=np.float64)
    return np.nan_to_num(np.exp(-0.5 * ((dates[:, None] - ERAS) / WIDTHS) ** 2)).astype(np.float32)


def record_features(passages: np.ndarray, facts: np.ndarray, years: Sequence[int | None]) -> np.ndarray:
    """Features of records from the vectors of passages and facts (float32 (n, d) each) and the years."""
    return np.hstack([passages, facts, eras(years)]).astype(np.float32)


def word_features(texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Features "words" of texts and their unit vectors (float32 (n, d))."""
    words = _hashed(texts, HASHED // 2, analyzer="word", ngram_range=(1, 1))
    return np.hstack([vectors, _scores(texts), 0.5 * words]).astype(np.float32)


def note_features(texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Features "note" of notes and their unit vectors (float32 (n, d))."""
    parts = np.array([_parts(text) for text in texts]).reshape(-1, 7)
    letters = _hashed(texts, HASHED, analyzer="char_wb", ngram_range=(2, 5))
    words = _hashed(texts, HASHED, analyzer="word", ngram_range=(1, 2))
    return np.hstack([vectors, _scores(texts), 0.5 * parts, letters, words]).astype(np.float32)


def _hashed(texts: Sequence[str], places: int, **what) -> np.ndarray:
    from sklearn.feature_extraction.text import HashingVectorizer

    if not len(texts):
        return np.empty((0, places))
    return HashingVectorizer(n_features=places, alternate_sign=False, **what).transform(texts).toarray()


def _scores(texts: Sequence[str]) -> np.ndarray:
    found = [_lexicon().polarity_scores(text) for text in texts]
    return np.array([[each[part] for part in ("pos", "neg", "neu", "compound")] for each in found]).reshape(-1, 4)


def _parts(text: str) -> list[float]:
    """Feeling along a note: compound scores of its first, last, worst and best part; then length and signs."""
    parts = [part for part in _TURNS.split(text) if part.strip()] or [text]
    felt = [_lexicon().polarity_scores(part)["compound"] for part in parts]
    return [felt[0], felt[-1], min(felt), max(felt), min(len(text) / 200, 5), min(text.count("!"), 5), min(text.count("?"), 5)]


@lru_cache(maxsize=1)
def _lexicon():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def lexicon_sentiment(text: str) -> str:
    """VADER's verdict on a text alone, by its authors' thresholds: positive, neutral or negative."""
    compound = _lexicon().polarity_scores(text)["compound"]
    return "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"


def read_text(text: str, encoder: Encoder) -> dict[str, list[tuple[str, float]]]:
    """What any text says: movement, genre, type, moods, subjects, sentiment, strength and keywords, each as (label,
    probability), likeliest first. One label wins for movement, genre, type and sentiment: then the next likely ones are
    told too, or none of a kind where even the surest is a bare guess. Raises `QueryError` for an empty text,
    `ArtifactError` where the heads are damaged or of another encoder."""
    from artrec.keywords import keywords

    text = " ".join(text.split())
    if not text:
        raise QueryError("There is no text to read.", "Type or paste some words.")
    text = text[:LONGEST]
    heads = load_heads(config.ADAPTER, encoder.fingerprint)
    if not heads:
        raise QueryError("There are no heads to read with.", "Run `python -m artrec train heads`.")
    vectors = np.asarray(encoder.encode([text]), dtype=np.float32)
    found = {}
    for field in FIELDS:
        if head := heads.get(f"{field} in text") or heads.get(field):
            told = _told(head, word_features([text], vectors) if head.reads == "words" else vectors)
            found[field] = told if head.several or told[0][1] >= LEAST else []
    if "sentiment" in heads:
        features = note_features([text], vectors)
        found["sentiment"] = _told(heads["sentiment"], features)
        found["strength"] = _told(heads["strength"], features)
    found["keywords"] = list(keywords(text))
    return found


def _told(head: Head, features: np.ndarray) -> list[tuple[str, float]]:
    chances = head.probabilities(features)[0]
    order = np.argsort(-chances, kind="stable")
    if head.several:
        order = [at for at in order if chances[at] >= head.threshold[at]]
    return [(head.labels[at], float(chances[at])) for at in order[:MOST]]
