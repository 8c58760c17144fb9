from dataclasses import replace

import numpy as np
import pytest
from helpers_community import circles, newcomer

from artrec.community.factorisation import BiasedMf, BiasedMfConfig, FactorConfig, fit_als, fit_bpr
from artrec.community.interactions import History, Interactions

LIKES = circles()


def test_folding_in_is_what_the_library_does_for_its_own_people():
    from implicit.cpu.als import AlternatingLeastSquares

    config = FactorConfig(factors=4)
    model = fit_als(LIKES, config)
    library = AlternatingLeastSquares(
        factors=4, regularization=config.regularisation, alpha=config.alpha, iterations=config.iterations, random_state=0
    )
    library.fit(LIKES.matrix, show_progress=False)
    user = library.recalculate_user(0, LIKES.matrix[0])
    np.testing.assert_allclose(model.score(LIKES.history(LIKES.entries(0))), library.item_factors @ user, atol=1e-4)


@pytest.mark.parametrize("fit", [fit_als, fit_bpr])
def test_a_seed_repeats_and_another_differs(fit):
    config = FactorConfig(factors=4, iterations=2)  # ALS would come to the same from any seed if it went on
    first, same, other = (fit(LIKES, replace(config, seed=seed)).score(newcomer()) for seed in (1, 1, 2))
    np.testing.assert_allclose(first, same, atol=1e-5)
    assert np.abs(first - other).max() > 1e-4


def test_factors_are_never_more_than_a_quarter_of_the_people_or_works():
    assert fit_als(LIKES, FactorConfig(factors=32)).items.shape == (20, 5)


def _low_rank(seed: int, noise: float = 0.2) -> tuple[np.ndarray, Interactions]:
    random = np.random.default_rng(seed)
    table = 4 + random.normal(0, 0.5, 30) + random.normal(0, 1, (80, 1)) * random.normal(0, 1, 30)
    table = np.clip(table + random.normal(0, noise, table.shape), 1, 7)
    users, works = np.indices(table.shape).reshape(2, -1)
    return table, Interactions.of(users, works, table.ravel(), n_works=30, scale=(1, 7))


def test_biased_mf_recovers_what_has_one_factor():
    table, data = _low_rank(0)
    model = BiasedMf.fit(data.keep(data.users < 60), BiasedMfConfig(factors=2))
    errors = []
    for user in range(60, 80):
        found = model.score(History.of(range(15), table[user, :15]))
        errors.append(np.sqrt(np.mean((found - table[user])[15:] ** 2)))
    assert np.mean(errors) < 0.45  # the noise is 0.2, the spread of what people differ in about 1


def test_with_nothing_known_biased_mf_gives_the_means():
    _, data = _low_rank(1)
    model = BiasedMf.fit(data)
    np.testing.assert_allclose(model.score(History.of([])), model.means.score(History.of([])))
