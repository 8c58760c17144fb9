"""Relevance counts the collection; noise is Gumbel's law; the two tails join by Fisher's method."""

import numpy as np
import pytest
from helpers_ranking import laws
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from artrec.relevance import LEVEL, OFF_TOPIC, Noise, chance_of_noise, measure_noise, phrase, relevance

scores = st.lists(st.floats(0, 1), min_size=1, max_size=30)
NOISE = Noise(cosine=(0.25, 0.03), words=(0.15, 0.06))


@laws
@given(scores, scores)
def test_relevance_is_the_share_of_the_background_below(asked, background):
    found = relevance(np.array(asked), np.array(background))
    for own, share in zip(asked, found, strict=True):
        assert share == pytest.approx(sum(b < own - 1e-12 for b in background) / len(background))
    order = np.argsort(asked)
    assert (np.diff(found[order]) >= 0).all()


def test_relevance_without_a_background():
    assert relevance(np.array([0.5]), np.array([])).tolist() == [0]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "passes your filters"), (0.0, "stronger than 0 % of the collection"),
        (0.98, "stronger than 98 % of the collection"), (0.999, "stronger than 99 % of the collection"),
        (0.29, "stronger than 29 % of the collection"), (1.0, "stronger than all the rest"),
    ],
)  # fmt: skip
def test_phrases_never_round_up(share, said):
    assert phrase(share) == said


@laws
@example(-1.0, 0.0, 1.0, 1e-3, 1.0, 1e-3)  # far below a narrow law
@given(st.floats(-1, 1), st.floats(0, 1), st.floats(-1, 1), st.floats(1e-3, 1), st.floats(0, 1), st.floats(1e-3, 1))
def test_chance_is_a_probability_that_falls_with_the_match(cosine, words, location, scale, location2, scale2):
    noise = Noise((location, scale), (location2, scale2))
    for better in ((min(1, cosine + 0.1), words), (cosine, min(1, words + 0.1))):
        assert 0 <= chance_of_noise(*better, noise) <= chance_of_noise(cosine, words, noise) + 1e-12 <= 1 + 1e-11
    assert 0 <= chance_of_noise(cosine, None, noise) <= 1
    assert 0 <= chance_of_noise(None, words, noise) <= 1
    assert chance_of_noise(None, None, noise) == 1


@pytest.mark.parametrize(("cosine", "words"), [(0.2, 0.1), (0.3, 0.2), (0.45, 0.5), (0.26, 0.9)])
def test_chance_joins_two_gumbel_tails_as_fisher_does(cosine, words):
    tails = [stats.gumbel_r.sf(cosine, *NOISE.cosine), stats.gumbel_r.sf(words, *NOISE.words)]
    assert chance_of_noise(cosine, words, NOISE) == pytest.approx(stats.combine_pvalues(tails, method="fisher").pvalue)
    assert chance_of_noise(cosine, None, NOISE) == pytest.approx(tails[0])
    assert chance_of_noise(None, words, NOISE) == pytest.approx(tails[1])


def test_noise_is_fitted_by_moments(toy, hashing):
    noise = measure_noise(toy.vectors, toy.lexical, hashing)
    best = np.array([float((toy.vectors @ hashing.encode([text])[0]).max()) for text in OFF_TOPIC])
    location, scale = noise.cosine
    assert stats.gumbel_r.mean(location, scale) == pytest.approx(best.mean(), abs=1e-5)
    assert stats.gumbel_r.std(location, scale) == pytest.approx(best.std(), abs=1e-5)
    assert toy.manifest["noise"] == noise.as_dict()


def test_the_questions_it_was_fitted_on_mostly_look_like_noise(starter, encoder):
    noise = Noise(**{side: tuple(law) for side, law in starter.manifest["noise"].items()})
    best = (starter.vectors @ encoder.encode(OFF_TOPIC).T).max(axis=0)
    words = [float(starter.lexical.scores(starter.lexical.query_tokens(text)).max()) for text in OFF_TOPIC]
    passed = [text for text, b, w in zip(OFF_TOPIC, best, words, strict=True) if chance_of_noise(float(b), w, noise) < LEVEL]
    assert len(passed) <= 0.04 * len(OFF_TOPIC), passed


def test_the_shipped_noise_is_what_the_collection_gives(starter, encoder):
    fresh = measure_noise(starter.vectors, starter.lexical, encoder).as_dict()
    for side, law in starter.manifest["noise"].items():
        np.testing.assert_allclose(
            fresh[side], law, atol=2e-3, err_msg="rebuild: python -m artrec build data/starter --out assets/starter"
        )
