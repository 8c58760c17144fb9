"""Weights learned from a person's actions."""

import numpy as np
import pytest
from helpers import SEAS, SQUARES
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.channels import DEFAULT_WEIGHTS
from artrec.learning.lessons import MOST, Opinion, lesson, study
from artrec.learning.weights import Lesson, Posterior

NAMES = ("a", "b", "c")
START = Posterior.start({"a": 0.3, "b": 0.3, "c": 0.1})
lessons = st.lists(
    st.builds(
        lambda z, liked, importance: Lesson(np.array(z), liked, importance),
        st.lists(st.floats(-4, 4) | st.just(float("nan")), min_size=3, max_size=3), st.booleans(), st.floats(0.01, 1),
    ),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=30)
@given(lessons)
def test_weights_stay_weights_and_every_lesson_makes_surer(taught):
    found = START
    for one in taught:
        after = found.learn(one)
        assert (after.mean >= 0).all() and np.isfinite(after.mean).all()
        assert (after.precision >= found.precision).all()
        found = after
    assert found.lessons == len(taught) and set(found.weights) == set(NAMES)
    assert all(found.spread[name] <= START.spread[name] for name in NAMES)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.booleans())
def test_a_lesson_is_never_learned_the_wrong_way_round(z, liked):
    one = Lesson(np.array(z), liked)
    before, after = START.chance(one.columns), START.learn(one).chance(one.columns)
    assert after >= before - 1e-6 if liked else after <= before + 1e-6


def test_the_mode_is_the_mode():
    """Where no bound holds, the slope of prior and likelihood together is 0 at the new mean (Chapelle and Li 2011)."""
    z = np.array([1.0, -0.5, 0.2])
    after, eps = START.learn(Lesson(z, True)), 1e-6

    def loss(w):
        return 0.5 * START.precision @ (w - START.mean) ** 2 + np.logaddexp(0, -2.0 * (z @ w))

    slope = [(loss(after.mean + eps * e) - loss(after.mean - eps * e)) / (2 * eps) for e in np.eye(3)]
    np.testing.assert_allclose(slope, 0, atol=1e-3)


def test_silence_teaches_nothing():
    after = START.learn(Lesson(np.full(3, np.nan), True))
    np.testing.assert_allclose(after.mean, START.mean, atol=1e-9)
    np.testing.assert_allclose(after.precision, START.precision)


def test_a_person_who_goes_by_one_reason_gets_its_weight():
    """Likes and dislikes follow b alone; a and c are noise."""
    random = np.random.default_rng(0)
    taught = [Lesson(z, bool(z[1] > 0)) for z in random.normal(size=(80, 3))]
    weights = START.learn_all(taught).weights
    assert weights["b"] > 2 * START.weights["b"] and weights["b"] > 2 * weights["a"] > 0


def test_lessons_are_seen_from_what_was_liked_before(toy_recommender):
    names = tuple(DEFAULT_WEIGHTS)
    first = lesson(toy_recommender, [], Opinion(SEAS[0], True), names)
    assert not first.columns.any()
    more = lesson(toy_recommender, [Opinion(SEAS[0], True)], Opinion(SEAS[1], True), names)
    other = lesson(toy_recommender, [Opinion(SEAS[0], True)], Opinion(SQUARES[1], False), names)
    assert more.columns[names.index("artist")] > 0 > other.columns[names.index("artist")]
    assert more.columns[names.index("words")] == 0, "no query, so words say nothing"


def test_study_is_the_lessons_in_order_and_forgets_works_that_are_gone(toy_recommender):
    opinions = [Opinion(i, True) for i in SEAS[:3]] + [Opinion(SQUARES[0], False, 0.5)]
    start = Posterior.start(DEFAULT_WEIGHTS)
    found = study(toy_recommender, [Opinion("gone", True), *opinions], start)
    by_hand = start.learn_all([lesson(toy_recommender, opinions[:at], opinions[at], start.names) for at in (1, 2, 3)])
    np.testing.assert_allclose(found.mean, by_hand.mean)
    assert found.lessons == 3 and study(toy_recommender, opinions[:1], start).lessons == 0
    assert found.weights["words"] == pytest.approx(DEFAULT_WEIGHTS["words"])
    assert MOST >= 20
