"""Two encoders on one collection: proved on worlds with known neighbours, and laws that hold for any space."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import CountingEncoder, HashingEncoder, unit
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec import comparison
from artrec.comparison import NothingToCompare, compare, kept_neighbours, nearest, neighbours
from artrec.errors import ArtifactError, QueryError
from artrec.filters import Facets
from artrec.text import passage


class Base(CountingEncoder):
    """Another model than the toy world's: it reads only the first half of each word list, so it ranks differently."""

    name = "base"
    fingerprint = "base-encoder-of-the-tests"

    def encode(self, texts):
        return super().encode([" ".join(text.split()[: max(3, len(text.split()) // 2)]) for text in texts])


@pytest.fixture(scope="module")
def pair(toy, artrec_home):
    return compare(toy, HashingEncoder(), Base())


def circle(n: int) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def space(seed: int, n: int = 25, d: int = 8) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(n, d)))


def rotation(seed: int, d: int = 8) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0].astype(np.float32)


SEEDS = st.integers(0, 10_000)
LAWS = settings(max_examples=30, deadline=None, derandomize=True)


@LAWS
@given(SEEDS, st.integers(1, 30))
def test_a_space_keeps_all_its_own_neighbours(seed, k):
    assert (kept_neighbours(space(seed), space(seed), k) == 1).all()


@LAWS
@given(SEEDS, st.integers(1, 24))
def test_shares_are_shares_and_agree_with_sets(seed, k):
    a, b = space(seed), space(seed + 1)
    kept = kept_neighbours(a, b, k)
    assert kept.shape == (25,) and kept.dtype == np.float32 and (kept >= 0).all() and (kept <= 1).all()

    def sets(vectors):
        cosines = vectors @ vectors.T
        np.fill_diagonal(cosines, -2)
        return [set(row[:k]) for row in np.argsort(-cosines, axis=1)]

    counted = [len(x & y) / k for x, y in zip(sets(a), sets(b), strict=True)]
    np.testing.assert_allclose(kept, counted, atol=1e-6)


@LAWS
@given(SEEDS, st.integers(1, 24))
def test_a_rotation_of_either_space_changes_nothing(seed, k):
    a, b = space(seed), space(seed + 1)
    kept = kept_neighbours(a, b, k)
    np.testing.assert_array_equal(kept, kept_neighbours(unit(a @ rotation(seed)), b, k))
    np.testing.assert_array_equal(kept, kept_neighbours(a, unit(b @ rotation(seed)), k))


def test_two_works_that_change_places_lose_their_neighbours():
    before = circle(40)
    after = before.copy()
    after[[5, 25]] = before[[25, 5]]
    kept = kept_neighbours(before, after, 2)
    assert kept[5] == kept[25] == 0
    assert (kept[[4, 6, 24, 26]] == 0.5).all()
    assert (np.delete(kept, [4, 5, 6, 24, 25, 26]) == 1).all()


def test_small_blocks_give_the_same(monkeypatch):
    a, b = space(1, 50), space(2, 50)
    whole = kept_neighbours(a, b)
    monkeypatch.setattr(comparison, "BLOCK", 120)  # two rows at a time
    np.testing.assert_array_equal(kept_neighbours(a, b), whole)
    assert 0 < whole.mean() < 1


def test_ties_at_the_last_place_count_as_kept():
    a, same = space(3, 12), np.repeat(space(4, 1), 12, axis=0)
    assert (kept_neighbours(a, same, 3) == 1).all()  # every other work is equally near


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_works_are_all_neighbours(n):
    assert kept_neighbours(space(1, n), space(2, n)).tolist() == [1.0] * n


def test_spaces_of_other_works_are_refused():
    with pytest.raises(ArtifactError, match="3 works, the other 4"):
        kept_neighbours(space(1, 3), space(1, 4))


def test_the_base_reads_every_passage_once(toy, artrec_home):
    base, seen = Base(), []
    base.fingerprint = "base-that-counts"
    made = compare(toy, HashingEncoder(), base, lambda done, total: seen.append((done, total)))
    assert len(base.encoded) == len(toy) and seen == [(12, 12)]
    np.testing.assert_array_equal(made.vectors, Base().encode([passage(work) for work in toy.catalogue]))
    compare(toy, HashingEncoder(), base)
    assert len(base.encoded) == len(toy)


def test_the_base_itself_has_nothing_to_compare(toy):
    with pytest.raises(NothingToCompare, match="nothing to compare"):
        compare(toy, HashingEncoder(), HashingEncoder())


def test_both_lists_are_the_best_rows_with_their_places_in_the_other(pair, toy):
    base, tuned = nearest(pair, "boats on a blue sea", 5)
    orders = []
    for encoder, vectors, found in ((pair.base, pair.vectors, base), (pair.tuned, toy.vectors, tuned)):
        cosines = vectors @ encoder.encode(["boats on a blue sea"])[0]
        order = np.lexsort((np.arange(len(toy)), -cosines))
        np.testing.assert_array_equal(found.rows, order[:5])
        np.testing.assert_allclose(found.similarities, cosines[order[:5]], atol=1e-6)
        orders.append(order.tolist())
    assert base.elsewhere.tolist() == [orders[1].index(row) + 1 for row in base.rows]
    assert tuned.elsewhere.tolist() == [orders[0].index(row) + 1 for row in tuned.rows]
    assert base.rows.tolist() != tuned.rows.tolist()  # the toy base reads less


def test_filters_of_query_and_facets_hold_for_both(pair, toy):
    for found in nearest(pair, "squares artist:winkel", 20):
        assert {toy.catalogue[row].artist for row in found.rows.tolist()} == {"Karla Winkel"}
        assert sorted(found.elsewhere.tolist()) == list(range(1, 7))
    for found in nearest(pair, "a storm", 20, Facets(hidden_notes=("death",))):
        assert len(found.rows) == 11 and not any(toy.catalogue[row].content_notes for row in found.rows.tolist())


def test_a_word_to_weigh_away_from_is_heeded(pair):
    plain, away = nearest(pair, "sea")[1], nearest(pair, "sea -moon")[1]
    assert plain.rows.tolist() != away.rows.tolist()


@pytest.mark.parametrize(("query", "said"), [("", "empty"), ("梵高名画", "English"), ("artist:winkel", "English")])
def test_what_cannot_be_read_is_said(pair, query, said):
    with pytest.raises(QueryError, match=said):
        nearest(pair, query)


def test_neighbours_leave_the_work_itself_out(pair, toy):
    for row in range(len(toy)):
        for found, vectors in zip(neighbours(pair, row, 3), (pair.vectors, toy.vectors), strict=True):
            cosines = vectors @ vectors[row]
            cosines[row] = -2
            assert row not in found.rows and len(found.rows) == 3
            np.testing.assert_allclose(found.similarities, np.sort(cosines)[::-1][:3], atol=1e-6)
    keep = np.zeros(len(toy), dtype=bool)
    keep[[0, 1, 7]] = True
    assert sorted(neighbours(pair, 0, 5, keep)[0].rows.tolist()) == [1, 7]
    assert keep[0]  # the caller's mask is not written to


def test_kept_is_of_the_base_s_neighbours(pair, toy):
    np.testing.assert_array_equal(pair.kept, kept_neighbours(pair.vectors, toy.vectors, 10))
    same = replace(pair, vectors=toy.vectors)
    assert (same.kept == 1).all()
