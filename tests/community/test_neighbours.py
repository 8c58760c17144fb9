import numpy as np
import pytest

from artrec.community.interactions import History, Interactions
from artrec.community.neighbours import ItemKnn, NeighbourConfig, UserKnn, keep_largest

# Works 0 and 1 share two people of two each; 0 and 2 share one of two and one.
LIKES = Interactions.of([0, 0, 1, 1, 2, 0], [0, 1, 0, 1, 3, 2], n_works=4)


def test_similarity_is_the_cosine_shrunk_by_the_people_shared():
    model = ItemKnn.fit(LIKES, NeighbourConfig(shrinkage=3))
    scores = model.score(History.of([0]))
    np.testing.assert_allclose(scores, [0, 1 * 2 / (2 + 3), 1 / np.sqrt(2) * 1 / (1 + 3), 0], rtol=1e-5)


def test_only_the_nearest_are_kept():
    assert ItemKnn.fit(LIKES, NeighbourConfig(k=1)).score(History.of([0]))[1] > 0
    block = np.array([[0.3, 0.9, 0.5], [-0.1, 0.0, -0.2]])
    np.testing.assert_array_equal(keep_largest(block.copy(), 2), [[0, 0.9, 0.5], [0, 0, 0]])


def test_people_are_weighed_by_what_they_share():
    scores = UserKnn.fit(LIKES, NeighbourConfig(shrinkage=0)).score(History.of([0, 1]))
    first, second = 2 / np.sqrt(2 * 3), 1.0
    np.testing.assert_allclose(scores, [first + second, first + second, first, 0], rtol=1e-5)
    alone = UserKnn.fit(LIKES, NeighbourConfig(k=1, shrinkage=0)).score(History.of([0, 1]))
    np.testing.assert_allclose(alone, [1, 1, 0, 0], rtol=1e-5)


@pytest.mark.parametrize("fit", [ItemKnn.fit, UserKnn.fit])
@pytest.mark.parametrize("similarity", ["cosine", "pearson"])
def test_a_stranger_gets_the_means(fit, similarity):
    ratings = Interactions.of([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 2], [5, 1, 4, 2, 5, 3], n_works=4, scale=(1, 5))
    model = fit(ratings, NeighbourConfig(similarity=similarity))
    np.testing.assert_allclose(model.score(History.of([])), model.means.score(History.of([])))
    np.testing.assert_allclose(model.score(History.of([3], [4])), model.means.score(History.of([3], [4])))


def test_pearson_tells_opposite_tastes_apart_and_cosine_does_not():
    # 0 and 1 rate alike, 2 the other way round, all within 4 and 5: cosines are all near 1.
    users, works = np.indices((6, 6)).reshape(2, -1)
    values = np.where((users + works) % 2 == 0, 5, 4)
    ratings = Interactions.of(users, works, values, n_works=6, scale=(1, 5))
    history = History.of([0, 1, 2, 3], [5, 4, 5, 4])
    by_pearson = UserKnn.fit(ratings, NeighbourConfig(k=3, similarity="pearson", shrinkage=0)).score(history)
    assert by_pearson[4] > by_pearson[5] + 0.2
