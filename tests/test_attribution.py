"""Shapley values against brute force and closed forms; the words' amounts sum to the query's part."""

from itertools import permutations

import numpy as np
import pytest
from helpers import SEAS
from helpers_ranking import QUERIES, laws, requests
from hypothesis import given
from hypothesis import strategies as st

from artrec.attribution import EXACT_WORDS, MAX_UNITS, shapley, subsets, units_of, word_parts
from artrec.profile import Profile
from artrec.question import Question
from artrec.recommender import Recommender, Request
from artrec.text import parse_query

amounts = st.floats(-10, 10)


@laws
@given(st.lists(amounts, min_size=16, max_size=16), st.integers(1, 4))
def test_shapley_is_the_mean_over_all_orders(values, n):
    def value(chosen: frozenset[int]) -> float:
        return values[sum(1 << player for player in chosen)]

    expected = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        for place, player in enumerate(order):
            expected[player] += (value(frozenset(order[: place + 1])) - value(frozenset(order[:place]))) / len(orders)
    found = shapley(n, value)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert found.sum() == pytest.approx(value(frozenset(range(n))) - value(frozenset()), abs=1e-9)


@laws
@given(st.lists(amounts, min_size=1, max_size=10), amounts)
def test_in_an_additive_game_everyone_gets_their_own(worth, floor):
    found = shapley(len(worth), lambda chosen: floor + sum(worth[player] for player in chosen))
    np.testing.assert_allclose(found, worth, atol=1e-9)


@laws
@given(st.lists(amounts, min_size=EXACT_WORDS + 1, max_size=EXACT_WORDS + 1), st.integers(1, EXACT_WORDS))
def test_in_a_symmetric_game_everyone_gets_the_same(by_size, n):
    found = shapley(n, lambda chosen: by_size[len(chosen)])
    np.testing.assert_allclose(found, (by_size[n] - by_size[0]) / n, atol=1e-9)


@laws
@given(st.integers(EXACT_WORDS + 1, 12), st.integers(0, 99))
def test_sampled_values_sum_to_the_whole_and_ask_only_for_what_was_said(n, seed):
    rng = np.random.default_rng(seed)
    known = {chosen: float(rng.normal()) for chosen in subsets(n)}
    found = shapley(n, known.__getitem__)
    assert found.sum() == pytest.approx(known[frozenset(range(n))] - known[frozenset()], abs=1e-9)
    np.testing.assert_array_equal(found, shapley(n, known.__getitem__))


@pytest.mark.parametrize("n", range(1, EXACT_WORDS + 1))
def test_exact_values_ask_for_every_subset_once(n):
    assert len(subsets(n)) == len(set(subsets(n))) == 2**n


def test_a_player_who_adds_nothing_gets_nothing():
    assert shapley(5, lambda chosen: float(len(chosen - {3})) ** 2)[3] == 0


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("a storm at sea, but hopeful", [("a storm", 1.0), ("at sea,", 1.0), ("but hopeful", 1.0)]),
        ("storm +boats -red", [("storm", 1.0), ("boats", 0.5), ("red", -0.5)]),
        ("storm at", [("storm at", 1.0)]), ("the and of", [("the and of", 1.0)]), ("梵高", []), ("-red", [("red", -0.5)]),
        ('"blue wave" sea', [("sea", 1.0), ("blue", 1.0), ("wave", 1.0)]),
    ],
)  # fmt: skip
def test_units(query, units):
    assert units_of(Question(parse_query(query))) == units


def test_a_long_query_is_cut_into_runs_and_loses_no_word():
    words = [f"word{i}" for i in range(57)]
    units = units_of(Question(parse_query(" ".join(words) + " -red")))
    assert len(units) == MAX_UNITS + 1
    assert " ".join(text for text, weight in units if weight == 1.0).split() == words
    assert units[-1] == ("red", -0.5)


def query_part(response, result) -> float:
    """What the query adds through meaning and words, from the table itself."""
    at = int(np.flatnonzero(response.table.scored.rows == result.row)[0])
    weights = {c.channel: c.weight for c in result.contributions}
    return sum(float(response.table.columns[name].parts[at, 0]) * weights.get(name, 0.0) for name in ("text", "words"))


LONG = (
    "ferry boats moon sea harbour and storm above blue waves with squares circles",
    "a wheel of red circles jumping over the orange tower of squares +grid -moon -storm while boats sleep in a quiet harbour",
)


@pytest.mark.parametrize("query", [*(q for q in QUERIES if q not in ("type:print", "after:1900")), *LONG])
@pytest.mark.parametrize("profile", [Profile(), Profile(SEAS[:1], SEAS[1:2])], ids=["alone", "with likes"])
def test_the_words_amounts_sum_to_the_querys_part(toy_recommender, query, profile):
    response = toy_recommender.recommend(Request(query, profile, 12))
    for result in response.results:
        parts = word_parts(toy_recommender, response, result)
        assert parts.gap == pytest.approx(0, abs=1e-6)
        assert parts.total == pytest.approx(query_part(response, result), abs=1e-6)
        names = [name for name, _ in parts.amounts]
        assert len(names) == len(set(names)) and all(names)


@laws
@given(requests())
def test_word_parts_for_any_question(toy_recommender, request_):
    response = toy_recommender.recommend(request_)
    for result in response.results[:3]:
        parts = word_parts(toy_recommender, response, result)
        assert parts.gap == pytest.approx(0, abs=1e-6)
        assert parts.total == pytest.approx(query_part(response, result), abs=1e-6)


def test_with_meaning_and_words_alone_the_amounts_sum_to_the_score(toy_recommender):
    response = toy_recommender.search("red circles", 3, weights={"text": 0.6, "words": 0.4})
    for result in response.results:
        assert word_parts(toy_recommender, response, result).total == pytest.approx(result.score, abs=1e-6)


def test_the_word_that_matters_gets_the_most(toy_recommender):
    response = toy_recommender.search("a ferry or a chessboard", 12)
    for title, word in (("Night Ferry", "a ferry"), ("Chessboard", "or a chessboard")):
        result = next(r for r in response.results if r.artwork.title == title)
        parts = dict(word_parts(toy_recommender, response, result).amounts)
        assert max(parts, key=parts.get) == word


def test_a_chinese_name_stands_for_itself(toy_recommender):
    response = toy_recommender.search("卡拉·温克尔的画", 1)
    parts = word_parts(toy_recommender, response, response.results[0])
    assert parts.gap == pytest.approx(0, abs=1e-9)
    assert any("温克尔" in name for name, _ in parts.amounts)


@pytest.mark.parametrize(
    "query", ["a storm at sea, but hopeful", " ".join(["storm hope ship rescue dawn wave"] * 3), "梵高 starry night"]
)
def test_the_gap_is_zero_with_the_real_model(starter, encoder, query):
    guide = Recommender(starter, encoder)
    response = guide.search(query, 2)
    for result in response.results:
        parts = word_parts(guide, response, result)
        assert parts.gap == pytest.approx(0, abs=1e-6)
        assert parts.total == pytest.approx(query_part(response, result), abs=1e-6)
