"""Training the heads on the frozen encoder: movement, genre, type, moods, subjects of a work; sentiment and strength of a note.

Logistic regression (scikit-learn) on the features of `reading.py`. The texts name no movement and no artist, nor the field
that is asked for (`masking.py`), so that nothing tells the answer by name. The strength of regularisation, the thresholds of
the labels and the calibration come from the validation split; the test split is only measured, beside TF-IDF with logistic
regression and, for sentiment, a lexicon.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier

from artrec.catalogue import Catalogue
from artrec.encoder import Encoder
from artrec.heads import Head
from artrec.masking import SEVERAL, facts, masked
from artrec.reading import lexicon_sentiment, note_features, record_features, word_features
from artrec.training.calibration import cooled, errors_of_one, errors_of_several, levelled, macro_f1
from artrec.training.notes import read_notes
from artrec.vectors import encode_cached

ONE_OF = ("movement", "genre", "type")
FEWEST = 8  # train works that a label needs
TOP = 20  # movements that the goal is measured on
STRENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0)  # inverse regularisation, chosen on validation


def train_heads(
    catalogue: Catalogue, splits: dict[str, str], encoder: Encoder, notes: Path | None
) -> tuple[dict[str, Head], dict]:
    """Train every head. Returns them by name, and the figures on the test split beside TF-IDF with logistic regression."""
    split = np.array([splits[work.artwork_id] for work in catalogue])
    heads, figures = {}, {}
    for field in (*ONE_OF, *SEVERAL):
        texts = [masked(work, catalogue, field) for work in catalogue]
        vectors = encode_cached(encoder, texts)
        if field in SEVERAL:
            sets = [set(map(str.lower, getattr(work, field))) for work in catalogue]
            reads = (
                "words" if field == "moods" else "text"
            )  # a mood is often in one word; a subject's labels are too many for it
            features = word_features(texts, vectors) if reads == "words" else vectors
            heads[field], figures[field] = _several(field, sets, texts, features, split, reads)
            continue
        values = np.array([getattr(work, field) for work in catalogue], dtype=object)
        if field == "movement":  # a record says more than its text: what it is made of, where, and when
            said = encode_cached(encoder, [facts(work) for work in catalogue])
            records = record_features(vectors, said, [work.year for work in catalogue])
            heads[field], figures[field] = _one_of(field, values, texts, records, split, "record")
            field = "movement in text"
        heads[field], figures[field] = _one_of(field, values, texts, vectors, split, "text")
    if notes is not None:
        heads["sentiment"], heads["strength"], figures["sentiment"] = _sentiment(notes, encoder)
    return heads, figures


def _words(texts: Sequence[str], split: np.ndarray):
    """The baseline's features: TF-IDF of words and pairs, fitted on the train split."""
    tfidf = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    tfidf.fit([t for t, s in zip(texts, split, strict=True) if s == "train"])
    return tfidf.transform(texts)


def _best(features, labels: np.ndarray, split: np.ndarray) -> LogisticRegression:
    """The classifier whose regularisation does best on validation; of equals the stronger one."""
    train, held = split == "train", split == "validation"
    found = []
    for c in STRENGTHS:
        model = LogisticRegression(C=c, max_iter=2_000, class_weight="balanced").fit(features[train], labels[train])
        found.append((_macro(labels[held], model.predict(features[held])), -c, model))
    return max(found, key=lambda item: item[:2])[2]


def _macro(truth, guess) -> float:
    return float(f1_score(truth, guess, average="macro", labels=np.unique(truth), zero_division=0))


def _compared(truth: np.ndarray, ours: np.ndarray, theirs: np.ndarray, score: Callable = _macro) -> dict:
    """Macro-F1 of the head and of TF-IDF, and their difference, each with its interval."""
    return {
        "macro_f1": macro_f1(score, truth, ours),
        "tfidf_macro_f1": macro_f1(score, truth, theirs),
        "difference": macro_f1(lambda t, o, b: score(t, o) - score(t, b), truth, ours, theirs),
    }


def _one_of(
    name: str, values: np.ndarray, texts: Sequence[str], features: np.ndarray, split: np.ndarray, reads: str
) -> tuple[Head, dict]:
    common = Counter(values[(split == "train") & (values != "")])
    kept = np.isin(values, [value for value, count in common.items() if count >= FEWEST])
    model = _best(features[kept], values[kept].astype(str), split[kept])
    held = kept & (split == "validation")
    head = cooled(_linear(name, model, reads), features[held], values[held])
    figures: dict = {"labels": len(head.labels)}
    for title, wanted in (("all", set(head.labels)), (f"top {TOP}", {v for v, _ in common.most_common(TOP)})):
        rows = np.isin(values, list(wanted)) & kept
        test, of = rows & (split == "test"), split[rows]
        ours = _best(features[rows], values[rows].astype(str), of).predict(features[test])
        words = _words([t for t, r in zip(texts, rows, strict=True) if r], of)
        theirs = _best(words, values[rows].astype(str), of).predict(words[of == "test"])
        figures[title] = {"works": int(test.sum())} | _compared(values[test].astype(str), ours, theirs)
    test = kept & (split == "test")
    return head, figures | errors_of_one(head, features[test], values[test])


def _linear(name: str, model: LogisticRegression, reads: str) -> Head:
    """A fitted model as a head; where there are two labels, scikit-learn keeps one row for both."""
    weight, bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
    if len(model.classes_) == 2:
        weight, bias = np.vstack([-weight, weight]) / 2, np.concatenate([-bias, bias]) / 2
    return Head(name, tuple(map(str, model.classes_)), weight, bias, reads=reads)


def _several(
    name: str, values: list[set[str]], texts: Sequence[str], vectors: np.ndarray, split: np.ndarray, reads: str
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
            best = max(best, (_multi(truth[held], chances >= cuts), model, cuts), key=lambda item: item[0])
        found[title] = (best[1], best[2], best[1].predict_proba(features[test]) >= best[2])
    model, cuts, ours = found["ours"]
    weight = np.vstack([e.coef_[0] for e in model.estimators_]).astype(np.float32)
    bias = np.array([e.intercept_[0] for e in model.estimators_], dtype=np.float32)
    head = Head(name, labels, weight, bias, True, cuts.astype(np.float32), reads=reads)
    head = levelled(head, vectors[held], truth[held])
    figures = {"labels": len(labels), "works": int(test.sum())}
    figures |= _compared(truth[test], ours, found["tfidf"][2], _multi)
    return head, figures | errors_of_several(head, vectors[test], truth[test])


def _threshold(truth: np.ndarray, chances: np.ndarray) -> float:
    """The cut that gives the best F1 on held-out works, smoothed towards a half where there are few of them."""
    cuts = np.linspace(0.2, 0.8, 25)
    scores = [f1_score(truth, chances >= cut, zero_division=0) - 0.02 * abs(cut - 0.5) for cut in cuts]
    return float(cuts[int(np.argmax(scores))])


def _multi(truth: np.ndarray, guess: np.ndarray) -> float:
    """Macro-F1 over the labels that occur."""
    return float(f1_score(truth, guess, average=None, zero_division=0)[truth.any(axis=0)].mean())


def _sentiment(path: Path, encoder: Encoder) -> tuple[Head, Head, dict]:
    notes = read_notes(path)
    texts = [note["text"] for note in notes]
    split = np.array([note["split"] for note in notes])
    values = np.array([note["sentiment"] for note in notes], dtype=object)
    strength = np.array([note["strength"] for note in notes], dtype=np.float32)
    features = note_features(texts, encode_cached(encoder, texts))
    words = _words(texts, split)
    test, train, held = split == "test", split == "train", split == "validation"
    model = _best(features, values.astype(str), split)
    head = cooled(_linear("sentiment", model, "note"), features[held], values[held])
    ridge = Ridge(alpha=1.0).fit(features[train], strength[train])
    weight = ridge.coef_[None].astype(np.float32)
    number = Head("strength", ("strength",), weight, np.float32([ridge.intercept_]), kind="number", reads="note")
    guess = number.probabilities(features[test])[:, 0]
    truth = values[test].astype(str)
    theirs = _best(words, values.astype(str), split).predict(words[test])
    spoken = np.array([lexicon_sentiment(text) for text, t in zip(texts, test, strict=True) if t])
    figures = {"labels": len(head.labels), "notes": int(test.sum())}
    figures |= _compared(truth, model.predict(features[test]), theirs)
    figures |= {
        "lexicon_macro_f1": macro_f1(_macro, truth, spoken),
        "strength_error": float(np.abs(guess - strength[test]).mean()),
        "strength_error_of_the_mean": float(np.abs(strength[train].mean() - strength[test]).mean()),
    }
    return head, number, figures | errors_of_one(head, features[test], values[test])
