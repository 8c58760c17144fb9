import numpy as np
import pytest
from helpers_community import DAY, SIZE, circle_works, circles, newcomer
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artrec.community.base import NotApplicable, silence
from artrec.community.hybrid import StackConfig, Stacked, Switching, Weighted, _conditional_logit, fit_all, standing
from artrec.community.interactions import History, Interactions
from artrec.community.registry import ALGORITHMS, channels

LIKES, WORKS = circles(), circle_works()


class Fixed:
    """A model that says the same to everybody."""

    name, rates, live = "fixed", False, True

    def __init__(self, scores):
        self.scores = np.asarray(scores, dtype=float)

    def score(self, history: History) -> np.ndarray:
        return self.scores


def fixed(scores):
    return lambda interactions: Fixed(scores)


def refused(interactions):
    raise NotApplicable("No.", "Never.")


@given(arrays(float, st.integers(1, 30), elements=st.floats(-100, 100) | st.just(np.nan)))
def test_standing_keeps_order_and_stays_within_its_bounds(scores):
    found = standing(scores)
    known = ~np.isnan(scores)
    np.testing.assert_array_equal(np.isnan(found), ~known)
    if known.any():
        assert found[known].min() > 0 and found[known].max() < 1 and found[known].mean() == pytest.approx(0.5)
        order = np.argsort(scores[known], kind="stable")
        assert (np.diff(found[known][order]) >= 0).all()


def test_fixed_weights_are_a_mean_of_those_who_speak():
    model = Weighted.fit(LIKES, {"a": fixed(range(20)), "b": fixed([np.nan] * 10 + [0.0] * 10), "c": refused}, {"a": 1, "b": 3})
    scores = model.score(newcomer())
    assert scores[0] == pytest.approx(0.025) and scores[19] == pytest.approx((0.975 + 3 * 0.5) / 4)


def test_switching_goes_by_evidence_and_passes_over_the_silent():
    a, b = np.zeros(20), np.ones(20)
    model = Switching.fit(LIKES, [(0, fixed(a)), (2, fixed(b)), (3, fixed(silence(20))), (4, refused)])
    assert (model.score(History.of([1])) == a).all()
    assert (model.score(History.of([1, 2])) == b).all()
    assert (model.score(History.of([1, 2, 3, 4, 5])) == b).all()


def test_nothing_that_can_run_is_not_applicable():
    with pytest.raises(NotApplicable, match="channels"):
        fit_all(LIKES, {"a": refused})


def test_learned_weights_find_the_channel_that_tells_and_are_never_negative():
    random = np.random.default_rng(0)
    features = random.normal(0, 1, (300, 40, 3)).astype(np.float32)
    features[:, 0, 0] += 1.5  # the first channel knows, the second knows nothing, the third is against
    features[:, 0, 2] -= 1.5
    weights = _conditional_logit(features, np.arange(300) % 60, 1e-3)
    assert weights[0] > 1 and weights[1] < 0.3 and weights[2] == 0


def test_weights_are_those_that_made_the_choices():
    random = np.random.default_rng(1)
    features = random.normal(0, 1, (4_000, 30, 2)).astype(np.float32)
    chosen = (features @ np.array([1.2, 0.6]) + random.gumbel(0, 1, (4_000, 30))).argmax(axis=1)  # McFadden's model
    rows = np.arange(4_000)
    features[rows, 0], features[rows, chosen] = features[rows, chosen], features[rows, 0].copy()
    np.testing.assert_allclose(_conditional_logit(features, rows, 0.0), [1.2, 0.6], atol=0.08)


def test_the_stack_adds_up_and_keeps_only_what_helps():
    model = Stacked.fit(LIKES, channels(WORKS))
    assert model.weights and all(weight > 0 for weight in model.weights.values()) and set(model.models) == set(model.weights)
    history = newcomer(now=float(LIKES.times[-1]) - DAY)
    parts = model.contributions(history)
    np.testing.assert_allclose(sum(parts.values()), model.score(history))
    assert sum(part[3] for part in parts.values()) == pytest.approx(model.explain(history, 3).sum(), abs=1e-5)


def test_raising_a_channel_never_lowers_a_work():
    model = Stacked.fit(
        LIKES, {"a": fixed([1.0] * SIZE + [0.0] * SIZE), "ease": channels(WORKS)["ease"]}, StackConfig(cases=60)
    )
    raised = {name: Fixed(np.arange(20.0)) if name == "a" else part for name, part in model.models.items()}
    higher = Stacked(raised, model.weights, 20).score(newcomer())
    assert (higher >= model.score(newcomer()) - 1e-12)[1:].all()


def test_without_times_the_held_out_likes_are_hidden_from_every_channel():
    """A channel that repeats what it was shown would win all weight, were it shown what it is asked about."""

    def memory(interactions: Interactions):
        return Fixed(interactions.counts)

    random = np.random.default_rng(2)  # everybody likes works of their own: counts tell nothing of the next
    data = Interactions.of(np.repeat(np.arange(30), 4), random.permutation(200)[:120], n_works=200)
    with pytest.raises(NotApplicable, match="tells liked works"):
        Stacked.fit(data, {"memory": memory})


def test_too_few_likes_are_refused():
    with pytest.raises(NotApplicable, match="at least 5"):
        Stacked.fit(Interactions.of([0, 0, 1], [0, 1, 2], n_works=5), {"a": fixed(range(5))})
    assert ALGORITHMS["stacked"].family == "hybrid"
