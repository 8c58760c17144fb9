"""The arrays that channels read."""

import numpy as np
import pytest
from helpers import SEAS, WORKS, catalogue_of
from hypothesis import given
from hypothesis import strategies as st

from artrec.catalogue import Artwork
from artrec.colour import lab
from artrec.features import PALETTE_SHARES, Column, Features, SetFeature, listed, medium_words

sets = st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=5), min_size=1, max_size=10)


@given(sets)
def test_overlap_is_symmetric_a_share_and_one_with_itself(words):
    rows = np.arange(len(words))
    overlap = SetFeature.of(words).overlap(rows, rows)
    assert overlap.shape == (len(words), len(words)) and overlap.dtype == np.float32
    np.testing.assert_allclose(overlap, overlap.T, atol=1e-6)
    for a, ours in enumerate(words):
        for b, theirs in enumerate(words):
            value = overlap[a, b]
            if not ours or not theirs:
                assert np.isnan(value)
            elif ours == theirs:
                assert value == pytest.approx(1, abs=1e-5)
            elif not ours & theirs:
                assert value == 0
            else:
                assert 0 < value < 1


@given(sets)
def test_overlap_is_the_weighted_jaccard(words):
    feature = SetFeature.of(words)
    weight = {w: np.log1p(len(words) / sum(w in s for s in words)) for s in words for w in s}
    for a, ours in enumerate(words):
        for b, theirs in enumerate(words):
            if ours and theirs:
                expected = sum(weight[w] for w in ours & theirs) / sum(weight[w] for w in ours | theirs)
                assert feature.overlap(np.array([a]), np.array([b]))[0, 0] == pytest.approx(expected, abs=1e-5)


def test_rare_words_in_common_count_more():
    words = [frozenset(s) for s in (("man", "astrolabe"), ("woman", "astrolabe"), ("man", "dog"), ("man",), ("man",), ("man",))]
    overlap = SetFeature.of(words).overlap(np.array([0]), np.array([1, 2]))[0]
    assert overlap[0] > overlap[1] > 0


def test_no_rows_and_no_words():
    feature = SetFeature.of([frozenset(), frozenset()])
    assert np.isnan(feature.overlap(np.array([0, 1]), np.array([1]))).all()
    assert feature.overlap(np.array([], dtype=int), np.array([0])).shape == (0, 1)


@given(st.lists(st.sampled_from(["", "a", "b", None, 3]), min_size=1, max_size=12))
def test_a_column_gives_back_its_values_and_asks_once_for_each(raw):
    column = Column.of(raw)
    assert [column.values[code] for code in column.codes] == raw
    asked = []
    mask = column.where(lambda value: asked.append(value) or value == "a")
    assert mask.tolist() == [value == "a" for value in raw]
    assert len(asked) == len(set(raw))


FEATURES = Features(catalogue_of(*WORKS, Artwork(artwork_id="bare", title="Bare")))
ALL = np.arange(len(FEATURES.catalogue))


def test_same_is_one_zero_or_unknown():
    same = FEATURES.same("movement", ALL, ALL)
    for a, work in enumerate(FEATURES.catalogue):
        for b, other in enumerate(FEATURES.catalogue):
            if not (work.movement and other.movement):
                assert np.isnan(same[a, b])
            else:
                assert same[a, b] == (work.movement == other.movement)


def test_features_of_the_two_painters_do_not_touch():
    seas, squares = ALL[: len(SEAS)], ALL[len(SEAS) : -1]
    for feature in (FEATURES.subjects, FEATURES.moods, FEATURES.media):
        assert not feature.overlap(seas, squares).any()
    assert (FEATURES.media.overlap(seas, seas) > 0.999).all()
    assert FEATURES.column("artist") is FEATURES.column("artist")


def test_years_and_palettes():
    assert np.isnan(FEATURES.years[-1]) and FEATURES.years[0] == 1829
    assert np.isnan(FEATURES.palettes[-1]).all() and FEATURES.palettes.shape == (len(ALL), 5, 3)
    np.testing.assert_array_equal(FEATURES.palettes[0], lab(list(WORKS[0].palette)))
    assert PALETTE_SHARES.sum() == pytest.approx(1)


def test_short_palettes_repeat_and_long_ones_are_cut():
    works = [
        Artwork(artwork_id=f"w{n}", title="W", palette=("#ff0000", "#0000ff", "#000000")[:n] * m)
        for n, m in ((1, 1), (2, 1), (3, 2))
    ]
    red, blue, black = lab(["#ff0000", "#0000ff", "#000000"])
    one, two, six = Features(catalogue_of(*works)).palettes
    np.testing.assert_array_equal(one, [red] * 5)
    np.testing.assert_array_equal(two, [red, blue, red, blue, red])
    np.testing.assert_array_equal(six, [red, blue, black, red, blue])


def test_media_are_words_and_the_type():
    work = Artwork(artwork_id="a", title="A", medium="Oil and gold leaf on canvas", type="painting")
    assert medium_words(work.medium, work.type) == {"oil", "gold", "leaf", "canvas", "type painting"}
    assert medium_words("", "") == frozenset()


@pytest.mark.parametrize("words, text", [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (iter("abc"), "a, b and c")])
def test_listed(words, text):
    assert listed(words) == text
