"""Styles told apart, and neighbours that share one: every way on the same folds, and learnt on the training part alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from artrec.errors import ArtrecError
from artrec.evaluation.statistics import CONFIDENCE, RESAMPLES, SEED, compare, estimate
from artrec.visual import batch
from artrec.visual.descriptor import TEACHERS, Descriptor
from artrec.visual.evaluation import baselines
from artrec.visual.evaluation.labelled import SEED as CUT
from artrec.visual.evaluation.labelled import Labelled
from artrec.visual.features import FEATURES
from artrec.visual.loading import load, shrink
from artrec.visual.patches import SIDE, learn_words, signature_length
from artrec.visual.store import READ
from artrec.visual.styles import StyleModel

NEIGHBOURS = 5
HISTOGRAM, STOCK = "colour histogram, 5 nearest", "Lab, HOG, LBP, GLCM + SVM"
NAMED, PATCHES, OURS = "features with names", "patch statistics", "ArtRec: both"
TAUGHT, BLIND = "ArtRec, taught by styles", "ArtRec, pictures alone"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Answers:
    """`predicted`: way → the style each picture was given by the fold that had not seen it (str (n,)). `neighbours`: way → the
    share of its five nearest training pictures that have its style (float (n,)). `styles`: what is true."""

    styles: np.ndarray
    predicted: dict[str, np.ndarray]
    neighbours: dict[str, np.ndarray]


def tell_apart(data: Labelled, progress: Progress | None = None, processes: int = batch.PROCESSES, seed: int = CUT) -> Answers:
    """Run every way on every fold; `seed` cuts the folds. Raises `ArtrecError` where a picture cannot be read."""
    tell = progress or (lambda stage, done, total: None)
    raw = _read(data, READ, "reading pictures", tell, processes)[:, : len(FEATURES)]
    simple = batch.Job("artrec.visual.evaluation.baselines", "both", baselines.length(), "baselines-1")
    plain = _read(data, simple, "reading baselines", tell, processes)
    histograms, stock = plain[:, : baselines.BINS**3], plain[:, baselines.BINS**3 :]
    n = len(data.styles)
    predicted = {way: np.empty_like(data.styles) for way in (HISTOGRAM, STOCK, NAMED, PATCHES, OURS)}
    neighbours = {way: np.zeros(n) for way in (HISTOGRAM, BLIND, TAUGHT)}
    folds = data.folds(seed)
    for at, (train, test) in enumerate(folds):
        words = _words(data, train, at)
        job = batch.Job("artrec.visual.patches", "signature_of", signature_length(words), "", (words,))
        signatures = _read(data, job, f"fold {at + 1} of {len(folds)}", tell, processes)
        with threadpool_limits(1, "blas"):
            styles = data.styles[train]
            alike = np.array([np.minimum(histograms[train], row).sum(axis=1) for row in histograms[test]])
            nearest = np.argsort(-alike, axis=1, kind="stable")[:, :NEIGHBOURS]
            predicted[HISTOGRAM][test] = _vote(styles[nearest])
            predicted[STOCK][test] = _svm(stock[train], styles).predict(stock[test])
            for way, views in ((NAMED, ("features",)), (PATCHES, ("patches",)), (OURS, ("features", "patches"))):
                model = StyleModel.fit(raw[train], signatures[train], styles, views)
                predicted[way][test] = model.predict(raw[test], signatures[test])
            neighbours[HISTOGRAM][test] = (styles[nearest] == data.styles[test, None]).mean(axis=1)
            for way, labels in ((BLIND, None), (TAUGHT, styles)):
                view = Descriptor.turned(raw[train], signatures[train], words, labels)
                alike = view.project(raw[test], signatures[test]) @ view.project(raw[train], signatures[train]).T
                nearest = np.argsort(-alike, axis=1, kind="stable")[:, :NEIGHBOURS]
                neighbours[way][test] = (styles[nearest] == data.styles[test, None]).mean(axis=1)
    return Answers(data.styles, predicted, neighbours)


def _read(data: Labelled, job: batch.Job, stage: str, tell: Progress, processes: int) -> np.ndarray:
    found = batch.read_all(data.files, job, lambda done, total: tell(stage, done, total), processes)
    if found.problems:
        raise ArtrecError(next(iter(found.problems.values())), "Take it out of the folder, or mend it.")
    return found.values


def _words(data: Labelled, train: np.ndarray, seed: int) -> tuple:
    chosen = np.sort(np.random.default_rng(seed).permutation(train)[:TEACHERS])
    with threadpool_limits(1, "blas"):
        return learn_words((shrink(load(data.files[row]), SIDE) for row in chosen), len(chosen), seed)


def _svm(rows: np.ndarray, styles: np.ndarray):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC()).fit(rows, styles)  # as scikit-learn sets it up


def _vote(styles: np.ndarray) -> np.ndarray:
    """The commonest style of each row of neighbours, the nearest one's among equals: str (n,)."""
    found = []
    for row in styles:
        names, first, counts = np.unique(row, return_index=True, return_counts=True)
        found.append(names[np.lexsort((first, -counts))[0]])
    return np.array(found, dtype=styles.dtype)


def macro_f1(truth: np.ndarray, predicted: np.ndarray, draws: np.ndarray | None = None) -> np.ndarray:
    """The mean over styles of F1, for each row of `draws` (how often each picture counts, (resamples, n); once where None):
    float (resamples,)."""
    draws = np.ones((1, len(truth))) if draws is None else draws
    scores = []
    for style in np.unique(truth):
        is_so, said = truth == style, predicted == style
        hit = draws @ (is_so & said)
        scores.append(2 * hit / np.maximum(draws @ is_so + draws @ said, 1e-9))
    return np.mean(scores, axis=0)


def report(answers: Answers) -> dict:
    """F1 of each way with bootstrap intervals over pictures, how much ours gains on each baseline, precision of neighbours, and
    the confusion table of ours."""
    n = len(answers.styles)
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float32)
    ends = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
    styles, spread = {}, {}
    for way, predicted in answers.predicted.items():
        spread[way] = macro_f1(answers.styles, predicted, draws)
        low, high = np.quantile(spread[way], ends)
        mean = float(macro_f1(answers.styles, predicted)[0])
        styles[way] = {"macro_f1": mean, "low": float(low), "high": float(high)}
    gains = []
    for way in (HISTOGRAM, STOCK):
        low, high = np.quantile(spread[OURS] - spread[way], ends)
        gain = styles[OURS]["macro_f1"] - styles[way]["macro_f1"]
        gains.append({"of": OURS, "over": way, "gain": gain, "low": float(low), "high": float(high)})
    names = [str(style) for style in np.unique(answers.styles)]
    table = [[int(((answers.styles == a) & (answers.predicted[OURS] == b)).sum()) for b in names] for a in names]
    base = answers.neighbours[HISTOGRAM]
    neighbours = {}
    for way, shares in answers.neighbours.items():
        found = estimate(shares)
        neighbours[way] = {"precision@5": found.mean, "low": found.low, "high": found.high}
        neighbours[way]["times_baseline"] = found.mean / max(float(base.mean()), 1e-9)
        if way != HISTOGRAM:
            neighbours[way]["p"] = compare(shares, base).p
    return {"styles": styles, "gains": gains, "neighbours": neighbours, "confusion": {"styles": names, "table": table}}
