import numpy as np
import pytest
from helpers_community import SIZE, circle_works, circles
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.community.interactions import History
from artrec.evaluation.metrics import Beyond, accuracy, best, of_ratings, spread
from artrec.evaluation.protocols import Case


def case_of(known, wanted, values=None) -> Case:
    return Case(0, History.of(known), np.array(wanted), np.array(values if values is not None else [1] * len(wanted)))


def test_accuracy_by_hand():
    # Wanted 7 and 9; the list has 7 in the second place and 9 in the seventh.
    found = accuracy([np.array([1, 7, 2, 3, 4, 5, 9])], [np.array([7, 9])])
    assert found["precision@5"][0] == pytest.approx(1 / 5) and found["recall@5"][0] == 0.5 and found["hit@5"][0] == 1
    assert found["F1@5"][0] == pytest.approx(2 * 0.2 * 0.5 / 0.7) and found["MRR@20"][0] == 0.5
    assert found["MAP@10"][0] == pytest.approx((1 / 2 + 2 / 7) / 2)
    ideal = 1 + 1 / np.log2(3)
    assert found["nDCG@20"][0] == pytest.approx((1 / np.log2(3) + 1 / np.log2(8)) / ideal)


def test_a_list_without_a_hit_or_without_anything_counts_as_zero():
    found = accuracy([np.array([1, 2]), np.array([], dtype=int), np.array([3])], [np.array([5]), np.array([5]), np.array([3])])
    assert found["nDCG@20"].tolist() == [0, 0, 1]
    assert accuracy([np.array([], dtype=int)], [np.array([1])])["hit@5"].tolist() == [0]


@given(st.lists(st.floats(-5, 5) | st.just(float("nan")), min_size=1, max_size=40), st.integers(0, 99))
def test_lists_are_in_order_and_without_the_seen_or_the_unscored(scores, seed):
    scores = np.array(scores)
    seen = np.array([0])
    rows = best(scores, seen, seed, depth=10)
    assert len(set(rows.tolist())) == len(rows) <= 10 and 0 not in rows and not np.isnan(scores[rows]).any()
    assert (np.diff(scores[rows]) <= 0).all()
    if len(rows) < 10:
        assert len(rows) == (~np.isnan(scores[1:])).sum()


def test_ties_favour_no_place_in_the_catalogue():
    firsts = {int(best(np.zeros(5), np.array([], dtype=int), seed)[0]) for seed in range(40)}
    assert firsts == set(range(5))


def test_spread_by_hand():
    even = spread([np.array([0, 1]), np.array([2, 3])], 4)
    assert even == {"coverage": 1.0, "gini": 0.0}
    lone = spread([np.array([0]), np.array([0])], 4)
    assert lone["coverage"] == 0.25 and lone["gini"] == pytest.approx(0.75)
    assert np.isnan(spread([], 4)["gini"])


def test_beyond_accuracy_by_hand():
    works, train = circle_works(), circles()
    beyond = Beyond.of(train, works)
    rows, case = np.array([0, 1]), case_of([2, 3], [0])
    found = beyond.measure(rows, case, np.array([0]))
    counts = train.counts
    assert found["novelty"] == pytest.approx(-np.log2(counts[:2] / 24).mean())
    assert found["popularity lift"] == pytest.approx(counts[:2].mean() / counts[2:4].mean() - 1)
    assert found["diversity"] == pytest.approx(1 - works.vectors[0] @ works.vectors[1], abs=1e-6)
    assert found["miscalibration"] == pytest.approx(0)
    other = beyond.measure(np.array([SIZE, SIZE + 1]), case, np.array([0]))
    assert other["miscalibration"] > 4 and other["serendipity"] == 0  # all of the other circle: ln 1 / 0.01
    assert np.isnan(list(beyond.measure(np.array([], dtype=int), case, np.array([0])).values())).all()


def test_serendipity_counts_what_is_wanted_and_not_popular():
    beyond = Beyond(np.zeros(50, dtype=int), 3, frozenset({1}), None, None)
    assert beyond.measure(np.array([1, 2, 3, 4]), case_of([], []), np.array([1, 2]))["serendipity"] == 0.25


def test_ratings_by_hand():
    case = case_of([0], [1, 2, 3], [1, 2, 5])
    found = of_ratings(np.array([0, 2.0, 2.0, 9.0]), case, True, (1, 5))
    assert found["RMSE"] == pytest.approx(np.sqrt(1 / 3)) and found["MAE"] == pytest.approx(1 / 3)  # 9 is kept to 5
    assert found["spearman"] == pytest.approx(np.sqrt(3) / 2) and found["kendall"] == pytest.approx(2 / np.sqrt(6))
    alike = of_ratings(np.full(4, 3.0), case, False, (1, 5))
    assert alike["spearman"] == 0 and np.isnan(alike["RMSE"])
    assert np.isnan(of_ratings(np.full(4, np.nan), case, True, (1, 5))["spearman"])
    assert np.isnan(of_ratings(np.zeros(4), case_of([0], [1, 2, 3], [4, 4, 4]), False, (1, 5))["spearman"])


@settings(max_examples=30)
@given(st.permutations(range(6)))
def test_the_order_of_predictions_is_all_that_correlation_sees(order):
    case = case_of([], range(6), [1, 2, 3, 4, 5, 6])
    plain = of_ratings(np.array(order, dtype=float), case, False, (1, 7))
    bent = of_ratings(np.exp(np.array(order, dtype=float)), case, False, (1, 7))
    assert plain["spearman"] == pytest.approx(bent["spearman"]) and plain["kendall"] == pytest.approx(bent["kendall"])
