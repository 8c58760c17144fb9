"""One suite for every index: whatever is inside, it must find what a matrix product finds."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from helpers import unit

from artrec.errors import ArtifactError
from artrec.index import HNSW_FILE, NODES_FILE, Candidates, ExactIndex, HnswConfig, HnswIndex, neighbours, open_index, recall

DIMENSION = 24


def clustered(n: int, seed: int = 0, clusters: int = 40) -> np.ndarray:
    """Unit vectors around centres, as real passages lie."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(clusters, DIMENSION))
    return unit(centres[rng.integers(clusters, size=n)] + 0.4 * rng.normal(size=(n, DIMENSION)))


def brute(vectors: np.ndarray, query: np.ndarray, k: int, keep: np.ndarray | None = None) -> np.ndarray:
    """The k highest cosines among the kept rows, highest first."""
    cosines = vectors.astype(np.float64) @ query.astype(np.float64)
    return np.sort(cosines if keep is None else cosines[keep])[::-1][:k]


MANY = clustered(3_000)
QUERIES = clustered(60, seed=1)
SMALL = clustered(400, seed=2)


@pytest.fixture(scope="module", params=[ExactIndex, HnswIndex.build], ids=["exact", "hnsw"])
def make(request):
    """Vectors → an index."""
    return request.param


@pytest.fixture(scope="module")
def many(make):
    return make(MANY)


@pytest.fixture(scope="module")
def small(make):
    return make(SMALL)


class TestIndexConformance:
    def check(self, found: Candidates, vectors, query, k, keep=None) -> None:
        """Well formed, honest about its cosines, and as near as anything is."""
        expected = brute(vectors, query, k, keep)
        assert found.rows.dtype == np.int64 and found.similarities.dtype == np.float32
        assert found.rows.shape == found.similarities.shape == expected.shape
        assert len(set(found.rows.tolist())) == len(found.rows)
        assert keep is None or keep[found.rows].all()
        np.testing.assert_allclose(found.similarities, vectors[found.rows] @ query, atol=1e-6)
        assert (np.diff(found.similarities) <= 0).all()
        np.testing.assert_allclose(found.similarities, expected, atol=1e-5)

    def test_knows_its_kind_and_length(self, many):
        assert len(many) == 3_000 and many.kind in ("exact", "hnsw")

    @pytest.mark.parametrize("k", [1, 10, 399, 400])
    def test_finds_the_nearest(self, small, k):
        for query in QUERIES[:10]:
            self.check(small.search(query, k), SMALL, query, k)

    @pytest.mark.parametrize("kept", [0, 1, 3, 20, 60, 200, 399, 400])
    @pytest.mark.parametrize("k", [1, 10, 100])
    def test_honours_a_mask(self, small, kept, k):
        rng = np.random.default_rng(kept)
        for query in QUERIES[:5]:
            keep = np.zeros(len(SMALL), dtype=bool)
            keep[rng.choice(len(SMALL), kept, replace=False)] = True
            before = keep.copy()
            self.check(small.search(query, k, keep), SMALL, query, k, keep)
            np.testing.assert_array_equal(keep, before)

    def test_a_mask_that_leaves_only_what_lies_far_away(self, small):
        query = QUERIES[0]
        cosines = SMALL @ query
        keep = cosines < np.quantile(cosines, 0.3)
        self.check(small.search(query, 10, keep), SMALL, query, 10, keep)

    @pytest.mark.parametrize("k", [401, 5_000])
    def test_more_wanted_than_there_are(self, small, k):
        self.check(small.search(QUERIES[0], k), SMALL, QUERIES[0], k)

    def test_none_wanted(self, small):
        assert len(small.search(QUERIES[0], 0).rows) == 0

    def test_one_vector(self, make):
        index = make(SMALL[:1])
        assert index.search(SMALL[0], 5).rows.tolist() == [0]

    @pytest.mark.parametrize("k", [1, 5, 50, 100, 120, 200, 500])
    def test_a_hundred_equal_vectors(self, make, k):
        vectors = np.concatenate([SMALL[:200], np.repeat(SMALL[:1], 100, axis=0), SMALL[200:250]])
        index = make(vectors)
        for query in (vectors[0], QUERIES[3]):
            self.check(index.search(query, k), vectors, query, k)
            keep = np.arange(len(vectors)) % 2 == 0
            self.check(index.search(query, k, keep), vectors, query, k, keep)

    def test_nothing_but_equal_vectors(self, make):
        vectors = np.repeat(SMALL[:1], 100, axis=0)
        self.check(make(vectors).search(SMALL[0], 30), vectors, SMALL[0], 30)

    def test_equal_cosines_keep_the_order_of_rows(self, make):
        vectors = np.repeat(SMALL[:1], 20, axis=0)
        assert make(vectors).search(SMALL[0], 20).rows.tolist() == list(range(20))

    @pytest.mark.parametrize("share", [None, 0.5, 0.12, 0.02])
    def test_recall(self, many, share):
        keep = None if share is None else np.random.default_rng(5).random(len(MANY)) < share
        found = [recall(many.search(q, 10, keep), ExactIndex(MANY).search(q, 10, keep)) for q in QUERIES]
        assert np.mean(found) >= 0.99

    def test_the_same_question_from_many_threads(self, many):
        keep = np.random.default_rng(5).random(len(MANY)) < 0.5
        alone = [(many.search(q, 20), many.search(q, 20, keep)) for q in QUERIES]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda q: (many.search(q, 20), many.search(q, 20, keep)), list(QUERIES) * 4))
        for position, pair in enumerate(together):
            for one, other in zip(alone[position % len(alone)], pair, strict=True):
                np.testing.assert_array_equal(one.rows, other.rows)
                np.testing.assert_array_equal(one.similarities, other.similarities)

    @pytest.mark.parametrize("wrong", [QUERIES[0][:-1], np.append(QUERIES[0], 0), QUERIES[:1], np.float32(1.0)])
    def test_a_vector_of_another_model_is_refused(self, small, wrong):
        with pytest.raises(ArtifactError, match=rf"has \d+ dimensions, the index {DIMENSION}"):
            small.search(np.asarray(wrong, dtype=np.float32), 5)


# What only the graph has


def test_save_and_load(tmp_path):
    index = HnswIndex.build(SMALL)
    index.save(tmp_path)
    loaded = HnswIndex.load(tmp_path, SMALL)
    for query in QUERIES:
        np.testing.assert_array_equal(loaded.search(query, 10).rows, index.search(query, 10).rows)


def test_save_and_load_with_duplicates(tmp_path):
    vectors = np.concatenate([SMALL, SMALL[:50]])
    HnswIndex.build(vectors).save(tmp_path)
    loaded = HnswIndex.load(tmp_path, vectors)
    assert loaded.search(SMALL[7], 2).rows.tolist() == [7, 407]


@pytest.mark.parametrize("vectors, count", [(SMALL[:-1], "399"), (np.concatenate([SMALL, QUERIES[:1]]), "401")])
def test_a_graph_over_other_vectors_is_refused(tmp_path, vectors, count):
    HnswIndex.build(SMALL).save(tmp_path)
    with pytest.raises(ArtifactError, match=f"holds 400 vectors, the collection {count}. Build"):
        HnswIndex.load(tmp_path, vectors)


@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: b"", lambda raw: b"no graph" * 100])
def test_a_damaged_graph_is_refused(tmp_path, damage):
    HnswIndex.build(SMALL).save(tmp_path)
    file = tmp_path / HNSW_FILE
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ArtifactError, match="cannot be read.*Build the collection again"):
        HnswIndex.load(tmp_path, SMALL)


def test_which_vectors_are_equal_is_kept_beside_the_graph(tmp_path):
    vectors = np.concatenate([SMALL, SMALL[:50]])
    HnswIndex.build(vectors).save(tmp_path)
    kept = HnswIndex.load(tmp_path, vectors).search(SMALL[3], 4)
    (tmp_path / NODES_FILE).unlink()  # as in a folder that an older version wrote
    for index in (HnswIndex.load(tmp_path, vectors), HnswIndex.build(vectors)):
        np.testing.assert_array_equal(index.search(SMALL[3], 4).rows, kept.rows)


@pytest.mark.parametrize("nodes", [np.arange(399), np.zeros(400, dtype=np.int64), np.arange(1, 401), b"", b"no array" * 50])
def test_damage_to_it_is_refused(tmp_path, nodes):
    HnswIndex.build(SMALL).save(tmp_path)
    (tmp_path / NODES_FILE).write_bytes(nodes) if isinstance(nodes, bytes) else np.save(tmp_path / NODES_FILE, nodes)
    with pytest.raises(ArtifactError, match="Build the collection again"):
        HnswIndex.load(tmp_path, SMALL)


@pytest.mark.parametrize("k", [1, 7, 30])
def test_neighbours_of_all_are_those_that_a_search_finds(make, k):
    vectors = np.concatenate([SMALL, SMALL[:30], SMALL[:5]])  # some twice, some three times
    found = neighbours(make(vectors), vectors, k)
    assert found.shape == (435, k) and found.dtype == np.int64
    assert all(row not in near and len(set(near)) == k for row, near in enumerate(found.tolist()))
    cosines = np.take_along_axis(vectors @ vectors.T, found, axis=1)
    truth = np.sort(np.where(np.eye(435, dtype=bool), -2, vectors @ vectors.T), axis=1)[:, ::-1][:, :k]
    assert np.mean(cosines >= truth[:, -1:] - 1e-5) >= 0.99
    assert set(found[0, :2].tolist()) <= {400, 430} if k > 1 else found[0, 0] in (400, 430)


def test_neighbours_among_nothing_but_equal_vectors(make):
    vectors = np.repeat(SMALL[:1], 12, axis=0)
    found = neighbours(make(vectors), vectors, 11)
    assert all(sorted([row, *near]) == list(range(12)) for row, near in enumerate(found.tolist()))


def test_the_graph_is_opened_where_there_is_one(tmp_path):
    assert open_index(SMALL).kind == open_index(SMALL, tmp_path).kind == "exact"
    HnswIndex.build(SMALL).save(tmp_path)
    assert open_index(SMALL, tmp_path).kind == "hnsw"


def test_a_poor_graph_still_gives_honest_cosines_and_enough_rows():
    index = HnswIndex.build(MANY, HnswConfig(m=2, ef_construction=4, ef=4))
    found = index.search(QUERIES[0], 50)
    assert len(found.rows) == 50
    np.testing.assert_allclose(found.similarities, MANY[found.rows] @ QUERIES[0], atol=1e-6)


def test_recall_counts_ties_as_found():
    truth = Candidates(np.array([0, 1]), np.array([0.9, 0.5], dtype=np.float32))
    assert recall(truth, truth) == 1
    assert recall(Candidates(np.array([0, 7]), np.array([0.9, 0.5], dtype=np.float32)), truth) == 1
    assert recall(Candidates(np.array([0, 7]), np.array([0.9, 0.4], dtype=np.float32)), truth) == 0.5
    nothing = Candidates(np.array([], dtype=np.int64), np.array([], dtype=np.float32))
    assert recall(nothing, nothing) == 1 and recall(nothing, truth) == 0
