"""A collection too large to score whole: candidates through the graph and BM25, and nothing lost on the way."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import toy_catalogue
from helpers_ranking import (
    CLUSTERS,
    NOTED,
    WORKS,
    ClusterEncoder,
    ids,
    large_collection,
    large_recommender,
)

from artrec import recommender as module
from artrec.filters import Facets
from artrec.index import ExactIndex, HnswIndex
from artrec.profile import Profile
from artrec.recommender import Recommender, Request

ARTIST = {work.artwork_id: work.artist for work in toy_catalogue()}


TEXT_ONLY = {"text": 1.0}


@pytest.fixture(scope="module")
def large() -> Recommender:
    return large_recommender()


@pytest.fixture(scope="module")
def exact() -> Recommender:
    return Recommender(replace(large_collection(), index=ExactIndex(large_collection().vectors)), ClusterEncoder())


def cluster_of(artwork_id: str) -> int:
    return int(artwork_id.split("-")[1]) % CLUSTERS


def test_the_large_collection_goes_through_the_graph(large):
    assert isinstance(large.collection.index, HnswIndex)
    response = large.search("cluster 4", weights=TEXT_ONLY)
    assert int(response.table.allowed.sum()) < WORKS / 2
    assert {cluster_of(i) for i in ids(response)} == {4}


@pytest.mark.parametrize(
    "filters", ["", "type:painting ", "-type:print after:1500 ", "before:1000 ", "movement:school ", "artist:96 "]
)
def test_the_graph_finds_what_exact_search_finds(large, exact, filters):
    found = missed = 0
    for cluster in range(0, CLUSTERS, 3):
        query = f"{filters}cluster {cluster}"
        a, b = large.search(query, 20, weights=TEXT_ONLY), exact.search(query, 20, weights=TEXT_ONLY)
        assert len(a.results) == len(b.results)
        found += len(set(ids(a)) & set(ids(b)))
        missed += len(set(ids(b)) - set(ids(a)))
    assert found / (found + missed) > 0.95


def test_candidates_lose_little_against_scoring_everything(large, monkeypatch):
    requests_ = [Request(f"cluster {i}") for i in (0, 11)]
    requests_ += [Request(profile=Profile(likes=(f"work-{i}", f"work-{i + 17}")), n=10) for i in (5, 100)]
    quick = [large.recommend(r) for r in requests_]
    monkeypatch.setattr(module, "BACKGROUND", WORKS)
    for request_, response in zip(requests_, quick, strict=True):
        whole = large.recommend(request_)
        assert int(whole.table.allowed.sum()) == WORKS - len(whole.taste.seen)
        score = {r.artwork.artwork_id: r.score for r in whole.results}
        assert response.results[0].score == pytest.approx(whole.results[0].score, abs=0.05)
        assert sum(r.score for r in response.results) >= 0.9 * sum(score.values())
        assert (
            np.mean([abs(score[r.artwork.artwork_id] - r.score) for r in response.results if r.artwork.artwork_id in score])
            < 1e-6
        )


def test_filters_hold_in_the_large_collection(large):
    for result in large.search("type:painting after:1200 before:1700 cluster 9", 50).results:
        assert result.artwork.type == "painting" and 1200 < result.artwork.year < 1700
    few = large.search("artist:96 before:1000 cluster 9", 300)
    wanted = {w.artwork_id for w in large.collection.catalogue if "96" in w.artist and w.year < 1000}
    assert set(ids(few)) <= wanted
    assert int(few.table.allowed.sum()) == len(wanted)


def test_the_parts_add_up_in_the_large_collection(large):
    liked = ("work-3", "work-33", "work-64")
    response = large.recommend(Request("cluster 3 thing7", Profile(liked, ("work-5",)), 40, diversity=0.4))
    assert not {*liked, "work-5"} & set(ids(response))
    for result in response.results:
        assert sum(c.amount for c in result.contributions) == pytest.approx(result.score, abs=1e-9)
        assert sum(s.amount for s in result.shares) == pytest.approx(result.score, abs=1e-6)


def test_filters_alone_begin_with_the_oldest_of_all(large):
    for query, passes in (("type:painting", lambda w: w.type == "painting"), ("before:1900", lambda w: w.year < 1900)):
        found = large.search(query, 20)
        dated = sorted(w.year for w in large.collection.catalogue if passes(w))
        assert [r.artwork.year for r in found.results] == dated[:20]
        assert all(r.relevance is None for r in found.results)


def test_words_nobody_wrote_still_get_the_nearest(large):
    """Not readable for the encoder, unknown to BM25: nothing speaks, and yet it is not the filters' fault."""
    response = large.search("路由器密码", 5)
    assert len(response.results) == 5
    assert not any("filter" in note for note in response.notes)


@pytest.mark.parametrize("query", ["cluster 3", "cluster 6 thing7", "thing20"])
def test_hidden_works_are_counted_in_the_large_collection(large, query):
    """What is counted is what the open list would have shown above the last result: no more, and no fewer."""
    shut, shown = Facets(hidden_notes=("death",)), 60
    response = large.search(query, shown, facets=shut)
    assert not any("death" in r.artwork.content_notes for r in response.results)
    floor = response.results[-1].score
    open_ = large.search(query, 1000)
    expected = [r for r in open_.results if r.row in NOTED and r.score >= floor]
    assert response.hidden == len(expected) > 0


def test_nothing_is_hidden_where_no_work_carries_the_note(large):
    for request_ in (Request("cluster 3", n=60), Request(profile=Profile(likes=("work-3", "work-40")), n=300)):
        assert large.recommend(replace(request_, facets=Facets(hidden_notes=("nudity",)))).hidden == 0


def test_dislikes_alone_in_the_large_collection(large):
    response = large.recommend(Request(profile=Profile(dislikes=("work-7",)), n=20))
    assert len(response.results) == 20
    assert 7 not in {cluster_of(i) for i in ids(response)}
