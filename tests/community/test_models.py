"""What every model promises, held by one suite over all of them."""

import dataclasses

import numpy as np
import pytest
from helpers_community import DAY, SIZE, circle_works, circles, newcomer, rated_circles

from artrec.community.base import Explains, Model, NotApplicable
from artrec.community.interactions import History, Interactions
from artrec.community.registry import ALGORITHMS
from artrec.evaluation.experiment import size_of

WORKS = circle_works()
LIKES, RATINGS = circles(), rated_circles()
NOW = float(LIKES.times[-1]) - DAY
KNOWS_PEOPLE = [  # models that must tell the circles apart
    "item-knn-cosine", "user-knn-cosine", "als", "bpr", "ease", "text", "text-mean", "text-recent", "same-artist", "tags",
    "attributes", "topic", "mult-vae", "cfgan", "two-tower", "weighted", "switching", "stacked",
]  # fmt: skip
RATES = [
    "work-means",
    "means",
    "item-knn-cosine",
    "item-knn-pearson",
    "user-knn-cosine",
    "user-knn-pearson",
    "biased-mf",
    "gaussian",
]
PERSONAL = [name for name in RATES if "means" not in name]


NEED_RATINGS = {"work-means", "means", "item-knn-pearson", "user-knn-pearson", "biased-mf", "gaussian"}
NEED_TIMES = {"trend-hour", "trend-day", "trend-week", "freshness", "leafing", "text-visit", "artist-visit"}
CASES = [(name, False) for name in ALGORITHMS if name not in NEED_RATINGS]
CASES += [(name, True) for name in ALGORITHMS if name not in NEED_TIMES]  # the ratings have no times
CONTENT = {"text", "text-mean", "text-recent", "text-visit", "same-artist", "artist-visit", "tags", "attributes", "topic"}
LIVE = {"random", "popularity", *CONTENT, *(NEED_TIMES - CONTENT)}
EXPLAINS = CONTENT | {"item-knn-cosine", "item-knn-pearson", "als", "bpr", "biased-mf", "gaussian", "ease", "stacked"}


@pytest.fixture(scope="module")
def fitted() -> dict[tuple[str, bool], Model]:
    """(algorithm, on ratings) → model, for all that the data can carry."""
    return {case: ALGORITHMS[case[0]].fit(RATINGS if case[1] else LIKES, WORKS) for case in CASES}


def over(cases):
    """The test is run with `name`, `rated` and the fitted `model` of each case."""
    return pytest.mark.parametrize(("name", "rated"), cases, ids=[f"{n}-{'ratings' if r else 'likes'}" for n, r in cases])


@pytest.fixture
def model(fitted, name, rated) -> Model:
    return fitted[name, rated]


def _histories(rated: bool) -> list[History]:
    known = [newcomer(0, rated=rated), newcomer(1, rated=rated), History.of([])]
    return known if rated else [*known, newcomer(0, now=NOW), newcomer(1, now=NOW)]


def test_what_runs_where_is_as_listed(fitted):
    for (name, _), model in fitted.items():
        assert isinstance(model, Model) and model.live == (name in LIVE), name
        assert isinstance(model, Explains) == (name in EXPLAINS), name
        assert ALGORITHMS[name].keeps_time == (model.live or ALGORITHMS[name].family == "hybrid"), name
    for name in ALGORITHMS:
        for rated, data in ((False, LIKES), (True, RATINGS)):
            if (name, rated) not in CASES:
                with pytest.raises(NotApplicable) as reason:
                    ALGORITHMS[name].fit(data, WORKS)
                assert reason.value.fact and reason.value.cure


@over(CASES)
def test_scores_are_one_a_work_and_finite_or_silent(model, name, rated):
    for history in _histories(rated):
        scores = model.score(history)
        assert scores.shape == (2 * SIZE,) and scores.dtype == np.float64
        assert not np.isinf(scores).any()


@over(CASES)
def test_folding_in_changes_nothing(model, name, rated):
    before = [model.score(history) for history in _histories(rated)]
    after = [model.score(history) for history in reversed(_histories(rated))][::-1]
    for first, second in zip(before, after, strict=True):
        np.testing.assert_array_equal(first, second)


@over(CASES)
def test_a_model_cannot_be_changed(model, name, rated):
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.live = not model.live
    assert size_of(model) >= 0


@over(CASES)
def test_a_fit_repeats(model, name, rated):
    again = ALGORITHMS[name].fit(RATINGS if rated else LIKES, WORKS)
    for history in _histories(rated):
        np.testing.assert_allclose(again.score(history), model.score(history), rtol=1e-5, atol=1e-6)


@over([(name, rated) for name, rated in CASES if name in LIVE and not rated])
def test_live_models_know_nothing_of_what_comes_later(model, name, rated):
    past = ALGORITHMS[name].fit(LIKES.keep(LIKES.times < NOW), WORKS)
    for circle in (0, 1):
        np.testing.assert_array_equal(past.score(newcomer(circle, now=NOW)), model.score(newcomer(circle, now=NOW)))


@over([(name, rated) for name, rated in CASES if name not in LIVE and not rated])
def test_other_models_are_shown_nothing_of_what_comes_later(model, name, rated):
    """Learned until a moment, a model is the same whatever comes after it, hybrids and their weights among them."""
    until = float(np.quantile(LIKES.times, 0.7))
    shown = dataclasses.replace(LIKES, until=until)
    other = LIKES.times >= until  # afterwards everybody turns to the other circle
    works = np.where(other, (LIKES.works + SIZE) % (2 * SIZE), LIKES.works).astype(LIKES.works.dtype)
    turned = dataclasses.replace(shown, works=works)
    first, second = (ALGORITHMS[name].learn(data, WORKS) for data in (shown, turned))
    for circle in (0, 1):
        found = [each.score(newcomer(circle, now=until)) for each in (first, second)]
        np.testing.assert_allclose(found[0], found[1], rtol=1e-5, atol=1e-6)


@over([(name, rated) for name, rated in CASES if name in EXPLAINS])
def test_explanations_sum_to_the_score(model, name, rated):
    for history in _histories(rated):
        scores = model.score(history)
        for work in (3, SIZE + 3):
            parts = model.explain(history, work)
            assert parts.shape == (len(history) + 1,)
            assert np.nan_to_num(scores[work]) == pytest.approx(parts.sum(), abs=1e-5)


@pytest.mark.parametrize("name", KNOWS_PEOPLE)
@pytest.mark.parametrize("circle", [0, 1])
def test_the_rest_of_the_circle_comes_before_the_other(fitted, name, circle):
    scores = fitted[name, False].score(newcomer(circle))
    mine = np.arange(3, SIZE) + circle * SIZE
    others = np.arange(SIZE) + (1 - circle) * SIZE
    assert np.nan_to_num(scores, nan=-np.inf)[mine].min() > np.nan_to_num(scores[others], nan=-1e9).max()


@pytest.mark.parametrize("name", PERSONAL)
@pytest.mark.parametrize("circle", [0, 1])
def test_predicted_ratings_follow_the_circle(fitted, name, circle):
    model = fitted[name, True]
    scores = model.score(newcomer(circle, rated=True))
    assert model.rates
    assert scores[np.arange(3, SIZE) + circle * SIZE].min() > scores[np.arange(2, SIZE) + (1 - circle) * SIZE].max()


@pytest.mark.parametrize("name", RATES)
def test_predicted_ratings_lie_on_the_scale_or_near_it(fitted, name):
    scores = fitted[name, True].score(newcomer(0, rated=True))
    assert scores.min() > 0 and scores.max() < 6


POOR = {
    "nothing": Interactions.of([], [], n_works=20),
    "one person": Interactions.of([0] * 5, range(5), None, range(5), n_works=20),
    "one work": Interactions.of(range(5), [3] * 5, None, range(5), n_works=20),
    "one like": Interactions.of([0], [0], None, [0], n_works=20),
    "one rating": Interactions.of([0], [0], [3], n_works=20, scale=(1, 5)),
    "all ratings equal": Interactions.of(range(10), range(10), [4] * 10, n_works=20, scale=(1, 5)),
    "no rating is a like": Interactions.of([0, 0, 1, 1], [0, 1, 0, 2], [1, 2, 2, 1], n_works=20, scale=(1, 5)),
    "ratings of one person": Interactions.of([0] * 9, range(9), [1, 2, 3, 4, 5, 4, 3, 2, 1], n_works=20, scale=(1, 5)),
    "ratings of one work": Interactions.of(range(9), [0] * 9, [1, 2, 3, 4, 5, 4, 3, 2, 1], n_works=20, scale=(1, 5)),
    "likes without a catalogue": LIKES,
}


@pytest.mark.parametrize("name", list(ALGORITHMS))
@pytest.mark.parametrize("poor", list(POOR))
def test_poor_data_are_refused_in_words_or_answered(name, poor):
    works = None if "catalogue" in poor else WORKS
    try:
        model = ALGORITHMS[name].fit(POOR[poor], works)
    except NotApplicable as reason:
        assert reason.fact.endswith(".") and reason.cure.endswith(".")
        return
    scores = model.score(History.of([0, 1], [5, 4] if POOR[poor].scale else None))
    assert scores.shape == (20,) and not np.isinf(scores).any()
