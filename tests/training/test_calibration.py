"""Chances that can be believed: by hand, and as laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.heads import Head
from artrec.training.calibration import cooled, errors_of_one, levelled, macro_f1, reliability
from artrec.training.heads import _macro


def head(weight: float, several: bool = False) -> Head:
    two = np.array([[weight], [-weight]], np.float32)
    return Head("x", ("a", "b"), two, np.zeros(2, np.float32), several, np.full(2, 0.5, np.float32) if several else None)


ONES = np.ones((10, 1), np.float32)


def test_the_error_by_hand():
    assert errors_of_one(head(50), ONES, np.array(["a"] * 10, dtype=object))["calibration_error"] == pytest.approx(0, abs=1e-6)
    half = np.array(["a", "b"] * 5, dtype=object)
    assert errors_of_one(head(50), ONES, half)["calibration_error"] == pytest.approx(0.5, abs=0.13)
    assert reliability(np.full(4, 0.75), np.array([1, 1, 1, 0], bool), bins=1) == {
        "calibration_error": 0.0, "reliability": [{"confidence": 0.75, "accuracy": 0.75, "works": 4}],
    }  # fmt: skip


def test_a_head_too_sure_is_cooled_to_the_truth():
    values = np.array(["a"] * 8 + ["b"] * 2, dtype=object)
    chances = cooled(head(5), ONES, values).probabilities(ONES[:1])[0]
    assert chances[0] == pytest.approx(0.8, abs=0.01)


def test_a_head_with_several_labels_is_levelled_and_says_the_same():
    random = np.random.default_rng(0)
    features = random.standard_normal((400, 1)).astype(np.float32)
    truth = np.hstack(
        [random.random((400, 1)) < 1 / (1 + np.exp(-features)), random.random((400, 1)) < 1 / (1 + np.exp(features))]
    )
    sure = head(9, several=True)
    level = levelled(sure, features, truth.astype(int))
    assert level.weight[0, 0] == pytest.approx(1, abs=0.35)  # the slope that made the truth
    assert [[n for n, _ in row] for row in sure.named(features)] == [[n for n, _ in row] for row in level.named(features)]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.integers(1, 9))
def test_reliability_s_laws(cases, bins):
    sure, right = np.array([c for c, _ in cases]), np.array([r for _, r in cases])
    found = reliability(sure, right, bins)
    assert 0 <= found["calibration_error"] <= 1
    assert sum(point["works"] for point in found["reliability"]) == len(cases)
    confidences = [point["confidence"] for point in found["reliability"]]
    assert all(b >= a - 1e-9 for a, b in zip(confidences, confidences[1:], strict=False))


def test_the_interval_holds_the_score():
    truth = np.array(["a", "b"] * 40)
    guess = np.array(["a", "b"] * 30 + ["b", "a"] * 10)
    found = macro_f1(_macro, truth, guess)
    assert found["low"] < found["mean"] < found["high"] and found["mean"] == pytest.approx(0.75)
    assert macro_f1(_macro, truth, guess) == found
