"""What the heads are given to read, and what they read: movement, genre, type, moods, subjects of a text or a record;
sentiment of a note.

Features (float32 (n, d)), by the name in `Head.reads`:
- "text": the unit vector of a text;
- "record": the vector of a work's passage, the vector of its facts in single words, and its date as places on a scale of eras;
- "note": the vector of a note, its scores by a lexicon of feelings (VADER, Hutto and Gilbert 2014), and its short runs of
  letters, hashed, because sentiment often hangs on one small word.
"""

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
HASHED = 1 << 13  # places for the runs of letters
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


def note_features(texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Features of notes from their texts and unit vectors (float32 (n, d))."""
    from sklearn.feature_extraction.text import HashingVectorizer

    runs = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=HASHED, alternate_sign=False)
    lexicon = _lexicon()
    scores = [[lexicon.polarity_scores(text)[part] for part in ("pos", "neg", "neu", "compound")] for text in texts]
    letters = runs.transform(texts).toarray() if len(texts) else np.empty((0, HASHED))
    return np.hstack([vectors, np.array(scores).reshape(-1, 4), letters]).astype(np.float32)


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
            told = _told(head, vectors)
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
