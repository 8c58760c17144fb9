"""Chances that can be believed: calibration on the validation split, and how far off they are on the test split."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from artrec.evaluation.statistics import CONFIDENCE, SEED
from artrec.heads import Head

BINS = 8  # of a reliability figure; each holds as many cases as the others
RESAMPLES = 500


def cooled(head: Head, features: np.ndarray, values: np.ndarray) -> Head:
    """Temperature scaling (Guo et al. 2017): one factor on the logits that makes the held-out truth likeliest."""
    logits = features @ head.weight.T + head.bias
    truth = np.array([head.labels.index(v) for v in values])

    def loss(log_factor: float) -> float:
        scaled = logits * np.exp(log_factor)
        top = scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0] - scaled[np.arange(len(truth)), truth]))

    factor = np.float32(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
    return replace(head, weight=head.weight * factor, bias=head.bias * factor)


def levelled(head: Head, features: np.ndarray, truth: np.ndarray) -> Head:
    """Platt scaling (Platt 1999) of a head with several labels, one slope and one shift for all of them, since each is rare
    on the held-out works. Thresholds move along, so that the labels that are told stay the same. `truth`: 0/1 (n, labels)."""
    logits = features @ head.weight.T + head.bias
    if truth.min() == truth.max():
        return head
    scale = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), truth.reshape(-1))
    slope, shift = np.float32(max(float(scale.coef_[0, 0]), 1e-3)), np.float32(scale.intercept_[0])
    cut = np.log(head.threshold / (1 - head.threshold))
    threshold = (1 / (1 + np.exp(-(slope * cut + shift)))).astype(np.float32)
    return replace(head, weight=head.weight * slope, bias=head.bias * slope + shift, threshold=threshold)


def errors_of_one(head: Head, features: np.ndarray, values: np.ndarray) -> dict:
    """Calibration error and reliability of a head where one label wins: of its surest label, how often it is right."""
    chances = head.probabilities(features)
    sure, right = chances.max(axis=1), np.array(head.labels, dtype=object)[chances.argmax(axis=1)] == values
    return reliability(sure, right)


def errors_of_several(head: Head, features: np.ndarray, truth: np.ndarray) -> dict:
    """Calibration error and reliability of a head with several labels, over all works and labels."""
    return reliability(head.probabilities(features).reshape(-1), truth.reshape(-1).astype(bool))


def reliability(sure: np.ndarray, right: np.ndarray, bins: int = BINS) -> dict:
    """Expected calibration error (Naeini et al. 2015): how far confidence lies from accuracy, over bins of equal size, and
    the bins themselves. `sure`: float (n,); `right`: bool (n,)."""
    parts = [part for part in np.array_split(np.argsort(sure, kind="stable"), bins) if len(part)]
    points = [
        {"confidence": float(sure[part].mean()), "accuracy": float(right[part].mean()), "works": len(part)} for part in parts
    ]
    error = sum(point["works"] * abs(point["confidence"] - point["accuracy"]) for point in points) / max(len(sure), 1)
    return {"calibration_error": float(error), "reliability": points}


def macro_f1(score: Callable[..., float], *arrays: np.ndarray) -> dict[str, float]:
    """A score over cases (truth, guesses, …) with its 95 % percentile bootstrap interval: {"mean", "low", "high"}. Cases are
    drawn with replacement; "mean" is the score itself."""
    random, n = np.random.default_rng(SEED), len(arrays[0])
    drawn = [score(*(array[rows] for array in arrays)) for rows in (random.integers(n, size=n) for _ in range(RESAMPLES))]
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return {"mean": float(score(*arrays)), "low": float(low), "high": float(high)}
