import numpy as np
import pytest
from helpers_community import DAY, SIZE, circle_works, circles, newcomer

from artrec.catalogue import Artwork, Catalogue
from artrec.community.base import NotApplicable
from artrec.community.content import Content, ContentConfig
from artrec.community.interactions import History, Interactions
from artrec.community.works import Works

WORKS, LIKES = circle_works(), circles()


@pytest.mark.parametrize("top", [1, 2, None])
def test_a_score_is_the_mean_of_the_nearest(top):
    history = newcomer()
    near = np.sort(np.maximum(WORKS.vectors @ WORKS.vectors[history.works].T, 0), axis=1)[:, ::-1]
    model = Content.fit(LIKES, WORKS, "text", ContentConfig(top=top))
    np.testing.assert_allclose(model.score(history), near[:, :top].mean(axis=1), rtol=1e-5)


def test_only_the_newest_likes_count_where_that_is_asked():
    both = History.of([0, SIZE])
    last = Content.fit(LIKES, WORKS, "artist", ContentConfig(last=1)).score(both)
    assert (last[SIZE:] == 1).all() and (last[:SIZE] == 0).all()


def test_a_visit_ends():
    model = Content.fit(LIKES, WORKS, "artist", ContentConfig(last=1, within=3_600))
    assert (model.score(History.of([0], None, [DAY - 60], DAY))[:SIZE] == 1).all()
    assert np.isnan(model.score(History.of([0], None, [0], DAY))).all()
    assert np.isnan(model.score(History.of([0]))).all()


def test_disliked_works_do_not_count():
    rated = Interactions.of([0, 0, 1], [0, 1, 2], [5, 1, 4], n_works=2 * SIZE, scale=(1, 5))
    model = Content.fit(rated, WORKS, "artist", ContentConfig(top=None))
    np.testing.assert_array_equal(model.score(History.of([0, SIZE], [5, 1])), model.score(History.of([0], [5])))
    assert np.isnan(model.score(History.of([SIZE], [1]))).all()


def test_a_work_without_the_attribute_is_not_scored():
    bare = Works(Catalogue((*WORKS.catalogue.works[:19], Artwork(artwork_id="z", title="Z")), {}))
    scores = Content.fit(LIKES, bare, "artist").score(newcomer())
    assert np.isnan(scores[19]) and not np.isnan(scores[:19]).any()


@pytest.mark.parametrize("by", ["text", "topic", "artist", "tags", "attributes"])
def test_what_the_catalogue_does_not_tell_is_not_applicable(by):
    bare = Works(Catalogue(tuple(Artwork(artwork_id=str(i), title="Untitled") for i in range(20)), {}))
    with pytest.raises(NotApplicable):
        Content.fit(LIKES, bare, by)
    with pytest.raises(NotApplicable, match="catalogue"):
        Content.fit(LIKES, None, by)
