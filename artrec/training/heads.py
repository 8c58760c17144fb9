"""Linear heads on the frozen encoder: movement, genre, type, moods, subjects of a work; sentiment and strength of a note.

Logistic regression (scikit-learn) on unit vectors of a work's passage without the field that is asked for, the artist and
the movement, and with the names of movements and artists masked in the rest, so that nothing tells the answer by name. Its
strength of regularisation, the thresholds of the labels and the temperature of the probabilities come from the validation
split; the test split is only measured.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier

from artrec.catalogue import Artwork, Catalogue
from artrec.encoder import Encoder
from artrec.errors import CatalogueError
from artrec.heads import Head
from artrec.text import passage
from artrec.vectors import encode_cached

ONE_OF = ("movement", "genre", "type")
SEVERAL = ("moods", "subjects")
FEWEST = 8  # train works that a label needs
TOP = 20  # movements that the goal is measured on
STRENGTHS = (1.0, 4.0, 16.0, 64.0)  # inverse regularisation, chosen on validation
NOTES_FILE = "notes.jsonl"
SENTIMENTS = ("negative", "neutral", "positive")
MASK = "…"


def masked(work: Artwork, catalogue: Catalogue, field: str) -> str:
    """A work's passage without `field`, artist and movement, the names of movements and artists masked in the rest."""
    blank = {"artist": "", "movement": "", field: () if field in SEVERAL else ""}
    if field == "type":
        blank["medium"] = ""  # "marble" and "oil on canvas" would tell
    names = {work.artist, *(part for part in work.artist.split() if len(part) > 2)} - {""}
    names |= set(catalogue.vocabulary.get("movement", {}))
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    text = passage(work.model_copy(update=blank))
    return re.sub(rf"\b(?:{pattern})(?:'s|s)?\b", MASK, text, flags=re.IGNORECASE) if pattern else text


def train_heads(
    catalogue: Catalogue, splits: dict[str, str], encoder: Encoder, notes: Path | None
) -> tuple[dict[str, Head], dict]:
    """Train every head. Returns them by name, and the figures on the test split beside TF-IDF with logistic regression."""
    split = np.array([splits[work.artwork_id] for work in catalogue])
    heads, figures = {}, {}
    for field in (*ONE_OF, *SEVERAL):
        texts = [masked(work, catalogue, field) for work in catalogue]
        vectors = encode_cached(encoder, texts)
        if field in ONE_OF:
            found = _one_of(field, [getattr(work, field) for work in catalogue], texts, vectors, split)
        else:
            sets = [set(map(str.lower, getattr(work, field))) for work in catalogue]
            found = _several(field, sets, texts, vectors, split)
        heads[field], figures[field] = found
    if notes is not None:
        heads["sentiment"], heads["strength"], figures["sentiment"] = _sentiment(notes, encoder)
    return heads, figures


def _words(texts: Sequence[str], split: np.ndarray):
    """The baseline's features: TF-IDF of words and pairs, fitted on the train split."""
    tfidf = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    tfidf.fit([t for t, s in zip(texts, split, strict=True) if s == "train"])
    return tfidf.transform(texts)


def _best(features, labels: np.ndarray, split: np.ndarray, score):
    """The classifier whose regularisation does best on validation."""
    train, held = split == "train", split == "validation"
    found = []
    for c in STRENGTHS:
        model = LogisticRegression(C=c, max_iter=2_000, class_weight="balanced").fit(features[train], labels[train])
        found.append((score(labels[held], model.predict(features[held])), -c, model))
    return max(found, key=lambda item: item[:2])[2]


def _macro(truth, guess) -> float:
    return float(f1_score(truth, guess, average="macro", labels=np.unique(truth), zero_division=0))


def _one_of(name: str, values: list[str], texts: Sequence[str], vectors: np.ndarray, split: np.ndarray) -> tuple[Head, dict]:
    values = np.array(values, dtype=object)
    common = Counter(values[split == "train"])
    kept = np.isin(values, [value for value, count in common.items() if value and count >= FEWEST])
    model = _best(vectors[kept], values[kept].astype(str), split[kept], _macro)
    head = _linear(name, model)
    held = kept & (split == "validation")
    head = _cooled(head, vectors[held], values[held])
    figures = {"labels": len(head.labels)}
    for title, wanted in (("all", set(head.labels)), (f"top {TOP}", {v for v, _ in common.most_common(TOP)})):
        rows = np.isin(values, list(wanted)) & kept
        test = rows & (split == "test")
        ours = _best(vectors[rows], values[rows].astype(str), split[rows], _macro).predict(vectors[test])
        words = _words([t for t, r in zip(texts, rows, strict=True) if r], split[rows])
        theirs = _best(words, values[rows].astype(str), split[rows], _macro).predict(words[split[rows] == "test"])
        truth = values[test].astype(str)
        figures[title] = {"works": int(test.sum()), "macro_f1": _macro(truth, ours), "tfidf_macro_f1": _macro(truth, theirs)}
    test = kept & (split == "test")
    figures["calibration_error"] = calibration_error(head, vectors[test], values[test])
    return head, figures


def _linear(name: str, model: LogisticRegression) -> Head:
    """A fitted model as a head; where there are two labels, scikit-learn keeps one row for both."""
    weight, bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
    if len(model.classes_) == 2:
        weight, bias = np.vstack([-weight, weight]) / 2, np.concatenate([-bias, bias]) / 2
    return Head(name, tuple(map(str, model.classes_)), weight, bias)


def _cooled(head: Head, vectors: np.ndarray, values: np.ndarray) -> Head:
    """Temperature scaling (Guo et al. 2017): one factor on the logits that makes the held-out truth likeliest."""
    logits = vectors @ head.weight.T + head.bias
    truth = np.array([head.labels.index(v) for v in values])

    def loss(log_factor: float) -> float:
        scaled = logits * np.exp(log_factor)
        top = scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0] - scaled[np.arange(len(truth)), truth]))

    factor = np.float32(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
    return Head(head.name, head.labels, head.weight * factor, head.bias * factor)


def calibration_error(head: Head, vectors: np.ndarray, values: np.ndarray, bins: int = 5) -> float:
    """Expected calibration error: how far confidence lies from accuracy, over bins of confidence of equal size."""
    chances = head.probabilities(vectors)
    sure, right = chances.max(axis=1), np.array(head.labels, dtype=object)[chances.argmax(axis=1)] == values
    parts = np.array_split(np.argsort(sure), bins)
    return float(sum(len(p) * abs(sure[p].mean() - right[p].mean()) for p in parts if len(p)) / max(len(sure), 1))


def _several(
    name: str, values: list[set[str]], texts: Sequence[str], vectors: np.ndarray, split: np.ndarray
) -> tuple[Head, dict]:
    train, held, test = (split == part for part in ("train", "validation", "test"))
    common = Counter(value for value, s in zip(values, split, strict=True) if s == "train" for value in value)
    labels = tuple(sorted(label for label, count in common.items() if count >= FEWEST))
    truth = np.array([[label in value for label in labels] for value in values], dtype=int)
    words = _words(texts, split)
    found = {}
    for title, features in (("ours", vectors), ("tfidf", words)):
        best = (-1.0, None, None)
        for c in STRENGTHS:
            one = LogisticRegression(C=c, max_iter=2_000, class_weight="balanced")
            model = OneVsRestClassifier(one).fit(features[train], truth[train])
            chances = model.predict_proba(features[held])
            cuts = np.array([_threshold(truth[held, at], chances[:, at]) for at in range(len(labels))])
            score = _multi(truth[held], chances >= cuts)
            best = max(best, (score, model, cuts), key=lambda item: item[0])
        found[title] = (best[1], best[2], _multi(truth[test], best[1].predict_proba(features[test]) >= best[2]))
    model, cuts, score = found["ours"]
    weight = np.vstack([e.coef_[0] for e in model.estimators_]).astype(np.float32)
    bias = np.array([e.intercept_[0] for e in model.estimators_], dtype=np.float32)
    head = Head(name, labels, weight, bias, True, cuts.astype(np.float32))
    return head, {"labels": len(labels), "works": int(test.sum()), "macro_f1": score, "tfidf_macro_f1": found["tfidf"][2]}


def _threshold(truth: np.ndarray, chances: np.ndarray) -> float:
    """The cut that gives the best F1 on held-out works, smoothed towards a half where there are few of them."""
    cuts = np.linspace(0.2, 0.8, 25)
    scores = [f1_score(truth, chances >= cut, zero_division=0) - 0.02 * abs(cut - 0.5) for cut in cuts]
    return float(cuts[int(np.argmax(scores))])


def _multi(truth: np.ndarray, guess: np.ndarray) -> float:
    return float(f1_score(truth, guess, average="macro", zero_division=0))


def read_notes(path: Path) -> list[dict]:
    """Visitors' notes: {"text", "sentiment", "strength", "split"} a line."""
    try:
        notes = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        if any(note["sentiment"] not in SENTIMENTS or not 0 <= note["strength"] <= 1 for note in notes):
            raise ValueError("a sentiment or a strength is out of range")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path} cannot be read as notes ({error}).", "Restore the file.") from error
    return notes


def _sentiment(path: Path, encoder: Encoder) -> tuple[Head, Head, dict]:
    notes = read_notes(path)
    texts = [note["text"] for note in notes]
    split = np.array([note["split"] for note in notes])
    values = np.array([note["sentiment"] for note in notes], dtype=object)
    strength = np.array([note["strength"] for note in notes], dtype=np.float32)
    vectors = encode_cached(encoder, texts)
    words = _words(texts, split)
    test, train = split == "test", split == "train"
    model = _best(vectors, values.astype(str), split, _macro)
    head = _linear("sentiment", model)
    head = _cooled(head, vectors[split == "validation"], values[split == "validation"])
    ridge = Ridge(alpha=1.0).fit(vectors[train], strength[train])
    number = Head("strength", ("strength",), ridge.coef_[None], np.array([ridge.intercept_]), kind="number")
    guess = number.probabilities(vectors[test])[:, 0]
    truth = values[test].astype(str)
    theirs = _best(words, values.astype(str), split, _macro).predict(words[test])
    figures = {
        "notes": int(test.sum()),
        "macro_f1": _macro(truth, model.predict(vectors[test])),
        "tfidf_macro_f1": _macro(truth, theirs),
        "lexicon_macro_f1": _macro(truth, [_lexicon(text) for text, t in zip(texts, test, strict=True) if t]),
        "strength_error": float(np.abs(guess - strength[test]).mean()),
        "strength_error_of_the_mean": float(np.abs(strength[train].mean() - strength[test]).mean()),
        "calibration_error": calibration_error(head, vectors[test], values[test]),
    }
    return head, number, figures


def _lexicon(text: str) -> str:
    """VADER's verdict (Hutto and Gilbert 2014), by its authors' thresholds."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    compound = SentimentIntensityAnalyzer().polarity_scores(text)["compound"]
    return "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"
