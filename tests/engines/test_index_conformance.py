"""What an index must do, wherever it keeps its vectors: in memory, in a graph, on a real PostgreSQL server."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest
from helpers import unit

from artrec.catalogue import Artwork, Catalogue
from artrec.collection import Collection
from artrec.engines.postgres import open_database
from artrec.engines.publish import publish
from artrec.errors import ArtifactError
from artrec.index import ExactIndex, HnswIndex, Index, recall
from artrec.lexical import Lexical

DIMENSION = 24


def clustered(n: int, seed: int = 0, clusters: int = 40) -> np.ndarray:
    """Unit vectors around centres, as real passages lie."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(clusters, DIMENSION))
    return unit(centres[rng.integers(clusters, size=n)] + 0.4 * rng.normal(size=(n, DIMENSION)))


MANY = clustered(3_000)
QUERIES = clustered(40, seed=1)
SMALL = clustered(400, seed=2)


def bare(vectors: np.ndarray) -> Collection:
    """A collection of works that have vectors and a number, and nothing else."""
    catalogue = Catalogue(tuple(Artwork(artwork_id=f"w{i}", title=f"Work {i}") for i in range(len(vectors))), {})
    about = {"fingerprint": "none", "name": "none", "dimension": vectors.shape[1]}
    manifest = {"format": 1, "works": len(vectors), "catalogue": catalogue.hash, "encoder": about, "index": "exact"}
    return Collection("bare", catalogue, vectors, ExactIndex(vectors), Lexical.build(catalogue), manifest)


@dataclass(frozen=True)
class Made:
    """An index, and the vectors it goes by (float32 (n, d)): a server keeps them rounded."""

    index: Index
    vectors: np.ndarray


Make = Callable[[np.ndarray], Made]


@pytest.fixture(scope="module", params=["exact", "hnsw", "postgres-exact", "postgres-hnsw"])
def make(request) -> Make:
    """Vectors → an index over them."""
    if request.param == "exact":
        return lambda vectors: Made(ExactIndex(vectors), vectors)
    if request.param == "hnsw":
        return lambda vectors: Made(HnswIndex.build(vectors), vectors)
    fresh = request.getfixturevalue("fresh")

    def on_server(vectors: np.ndarray) -> Made:
        address = fresh()
        publish(bare(vectors), address, exact_below=0 if request.param == "postgres-hnsw" else 10**9)
        opened = open_database(address)
        assert opened.index.kind.removeprefix("pgvector") == request.param.removeprefix("postgres")
        return Made(opened.index, np.asarray(opened.vectors))

    return on_server


@pytest.fixture(scope="module")
def many(make) -> Made:
    return make(MANY)


@pytest.fixture(scope="module")
def small(make) -> Made:
    return make(SMALL)


class TestIndex:
    def check(self, made: Made, query: np.ndarray, k: int, keep: np.ndarray | None = None) -> None:
        """Well formed, honest about its cosines, and as near as anything is."""
        found = made.index.search(query, k, keep)
        cosines = made.vectors.astype(np.float64) @ query.astype(np.float64)
        expected = np.sort(cosines if keep is None else cosines[keep])[::-1][:k]
        assert found.rows.dtype == np.int64 and found.similarities.dtype == np.float32
        assert found.rows.shape == found.similarities.shape == expected.shape
        assert len(set(found.rows.tolist())) == len(found.rows)
        assert keep is None or keep[found.rows].all()
        np.testing.assert_allclose(found.similarities, cosines[found.rows], atol=1e-6)
        assert (np.diff(found.similarities) <= 0).all()
        np.testing.assert_allclose(found.similarities, expected, atol=1e-5)

    def test_the_vectors_are_those_that_were_given(self, many):
        np.testing.assert_allclose(many.vectors, MANY, atol=5e-4)
        np.testing.assert_allclose(np.linalg.norm(many.vectors, axis=1), 1, atol=1e-6)
        assert len(many.index) == len(MANY)

    @pytest.mark.parametrize("k", [1, 10, 399, 400, 401, 5_000])
    def test_finds_the_nearest(self, small, k):
        for query in QUERIES[:8]:
            self.check(small, query, k)

    @pytest.mark.parametrize("kept", [0, 1, 3, 60, 200, 399, 400])
    @pytest.mark.parametrize("k", [1, 10, 100])
    def test_honours_a_mask(self, small, kept, k):
        rng = np.random.default_rng(kept)
        for query in QUERIES[:3]:
            keep = np.zeros(len(SMALL), dtype=bool)
            keep[rng.choice(len(SMALL), kept, replace=False)] = True
            before = keep.copy()
            self.check(small, query, k, keep)
            np.testing.assert_array_equal(keep, before)

    def test_a_mask_that_leaves_only_what_lies_far_away(self, small):
        cosines = SMALL @ QUERIES[0]
        self.check(small, QUERIES[0], 10, cosines < np.quantile(cosines, 0.3))

    def test_none_wanted(self, small):
        assert len(small.index.search(QUERIES[0], 0).rows) == 0

    def test_one_vector(self, make):
        assert make(SMALL[:1]).index.search(SMALL[0], 5).rows.tolist() == [0]

    def test_a_hundred_equal_vectors(self, make):
        made = make(np.concatenate([SMALL[:200], np.repeat(SMALL[:1], 100, axis=0), SMALL[200:250]]))
        keep = np.arange(len(made.vectors)) % 2 == 0
        for query in (made.vectors[0], QUERIES[3]):
            for k in (1, 5, 50, 100, 120, 200, 500):
                self.check(made, query, k)
                self.check(made, query, k, keep)

    def test_equal_cosines_keep_the_order_of_rows(self, make):
        assert make(np.repeat(SMALL[:1], 20, axis=0)).index.search(SMALL[0], 20).rows.tolist() == list(range(20))

    @pytest.mark.parametrize("share", [None, 0.5, 0.12, 0.02])
    def test_recall(self, many, share):
        keep = None if share is None else np.random.default_rng(5).random(len(MANY)) < share
        truth = ExactIndex(many.vectors)
        found = [recall(many.index.search(q, 10, keep), truth.search(q, 10, keep)) for q in QUERIES]
        assert np.mean(found) >= 0.99

    def test_the_same_question_from_many_threads(self, many):
        keep = np.random.default_rng(5).random(len(MANY)) < 0.5
        ask = lambda q: (many.index.search(q, 20), many.index.search(q, 20, keep))  # noqa: E731
        alone = list(map(ask, QUERIES))
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(ask, [*QUERIES, *QUERIES]))
        for position, pair in enumerate(together):
            for one, other in zip(alone[position % len(alone)], pair, strict=True):
                np.testing.assert_array_equal(one.rows, other.rows)
                np.testing.assert_array_equal(one.similarities, other.similarities)

    @pytest.mark.parametrize("wrong", [QUERIES[0][:-1], np.append(QUERIES[0], 0), QUERIES[:1], np.float32(1.0)])
    def test_a_vector_of_another_model_is_refused(self, small, wrong):
        with pytest.raises(ArtifactError, match=rf"has \d+ dimensions, the index {DIMENSION}"):
            small.index.search(np.asarray(wrong, dtype=np.float32), 5)


# The other way through the server: masks of so many works that they travel as bits and are met on a walk


@pytest.mark.parametrize("share", [0.9, 0.5, 0.12])
def test_a_filtered_walk_finds_what_an_exact_search_does(fresh, monkeypatch, share):
    monkeypatch.setattr("artrec.engines.vectors.FAVOUR", 0)
    monkeypatch.setattr("artrec.engines.vectors.BY_NUMBER", 50)
    address = fresh()
    publish(bare(MANY), address, exact_below=0)
    opened = open_database(address)
    keep = np.random.default_rng(3).random(len(MANY)) < share
    truth = ExactIndex(np.asarray(opened.vectors))
    found = [(opened.index.search(q, 10, keep), truth.search(q, 10, keep)) for q in QUERIES]
    assert all(keep[one.rows].all() and len(one.rows) == 10 for one, _ in found)
    assert np.mean([recall(one, other) for one, other in found]) >= 0.99
    everything = opened.index.search(QUERIES[0], len(MANY), keep)  # more than a walk meets: exact, by the same bits
    np.testing.assert_array_equal(np.sort(everything.rows), np.flatnonzero(keep))
