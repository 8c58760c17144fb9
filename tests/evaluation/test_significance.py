import numpy as np
import pytest

from artrec.evaluation.significance import by_person, compare_with, intervals
from artrec.evaluation.statistics import estimate


def test_cases_of_a_person_count_once():
    found = by_person(np.array([1.0, 0.0, 0.5, np.nan, np.nan]), np.array([3, 3, 8, 8, 9]))
    np.testing.assert_array_equal(found, [0.5, 0.5, np.nan])


def test_intervals_agree_with_the_plain_bootstrap_and_leave_out_who_has_no_value():
    values = np.random.default_rng(0).random(200)
    found = intervals({"a": values, "b": np.r_[values[:100], [np.nan] * 100], "none": np.full(200, np.nan)})
    assert set(found) == {"a", "b"} and found["a"]["people"] == 200 and found["b"]["people"] == 100
    plain = estimate(values)
    assert found["a"]["mean"] == pytest.approx(plain.mean)
    assert found["a"]["low"] == pytest.approx(plain.low, abs=0.01) and found["a"]["high"] == pytest.approx(plain.high, abs=0.01)


def test_comparisons_are_paired_corrected_and_against_all_others():
    random = np.random.default_rng(1)
    base = random.random(120)
    values = {"ours": base + 0.05, "same": base + 0.05, "worse": base, "noise": random.random(120)}
    rows = {row["with"]: row for row in compare_with("ours", values)}
    assert set(rows) == {"same", "worse", "noise"}
    assert rows["worse"]["p"] < 0.01 and rows["worse"]["difference"] == pytest.approx(0.05) and rows["same"]["p"] == 1
    assert all(row["p_corrected"] >= row["p"] for row in rows.values())


def test_only_people_whom_both_have_are_compared():
    ours = np.array([1.0, np.nan, 1, 1, 1])
    (row,) = compare_with("a", {"a": ours, "b": np.array([np.nan, 0, 0, 0, 0])})
    assert row["people"] == 3 and compare_with("a", {"a": ours}) == []
