"""What an index, a lexical side, filters and a catalogue must do, wherever they keep their data.

Each law is checked on local files and on a real PostgreSQL server. Words are scored by BM25 in the one and by `ts_rank` in the
other, so their laws are about what is found, what adds up and what grows, never about equal scores; masks, records and cosines
must be equal.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pytest
from helpers import SEAS, VOCABULARY, WORKS, HashingEncoder, toy_catalogue, unit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artrec import artifacts
from artrec.catalogue import Artwork, Catalogue
from artrec.collection import Collection
from artrec.engines.postgres import open_database
from artrec.engines.publish import publish
from artrec.engines.vectors import StoredVectors
from artrec.errors import ArtifactError, QueryError, UnknownArtwork
from artrec.filters import Facets
from artrec.index import ExactIndex, HnswIndex, Index, recall
from artrec.lexical import Lexical, tokens
from artrec.profile import Profile
from artrec.recommender import Recommender, Request
from artrec.text import parse_query, passage

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


# The lexical side, the filters and the catalogue, over the toy world


@dataclass(frozen=True)
class Home:
    collection: Collection
    lexical: Lexical


@pytest.fixture(scope="module")
def built(artrec_home) -> Collection:
    return artifacts.build(toy_catalogue(), HashingEncoder(), name="toy", atlas=False)


@pytest.fixture(scope="module")
def published(built, fresh) -> Collection:
    address = fresh()
    publish(built, address)
    return open_database(address)


@pytest.fixture(scope="module", params=["files", "postgres"])
def home(request, built, tmp_path_factory) -> Iterator[Collection]:
    """The toy world, opened from a folder or from a server."""
    if request.param == "postgres":
        yield request.getfixturevalue("published")
    else:
        folder = tmp_path_factory.mktemp("conformance") / "toy"
        artifacts.save(built, folder)
        yield artifacts.load(folder)


WORDS = [
    "boats",
    "boat",
    "blue",
    "red",
    "squares",
    "circle",
    "storm",
    "moon",
    "the",
    "Bauhaus",
    "Harbour",
    "海部花子",
    "浮世绘",
]
queries = st.lists(st.sampled_from([*WORDS, "方块", "xylophone", "l'art", "'", "\\", "a & !b | c", "\x00", "DROP"]), max_size=8)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestLexical:
    @quick
    @given(queries.map(" ".join))
    def test_scores_are_shares_and_the_parts_add_up_to_them(self, home, query):
        lexical = home.lexical
        found = lexical.query_tokens(query)
        assert len(set(found)) == len(found)
        scores = lexical.scores(found)
        assert scores.shape == (len(WORKS),) and scores.dtype == np.float32 and not scores.flags.writeable
        assert (scores >= 0).all() and (scores <= 1).all()
        for row, score in enumerate(scores):
            parts = lexical.parts(found, row)
            assert set(parts) <= set(found) and all(amount > 0 for amount in parts.values())
            assert sum(parts.values()) == pytest.approx(score, abs=1e-6)

    @quick
    @given(queries.map(" ".join))
    def test_what_is_found_holds_a_word_of_the_query(self, home, query):
        found = [token for token in home.lexical.query_tokens(query) if not token.startswith("=")]
        scores = home.lexical.scores(found)
        for row, work in enumerate(WORKS):
            text = " ".join((passage(work), work.museum, work.city, work.country, *_chinese(work)))
            assert (scores[row] > 0) == bool(set(tokens(text)) & set(found)), work.artwork_id

    @quick
    @given(queries.map(" ".join))
    def test_a_word_that_nobody_holds_lowers_the_share_of_all(self, home, query):
        found = home.lexical.query_tokens(query)
        assert (home.lexical.scores([*found, "xyzzy"]) <= home.lexical.scores(found) + 1e-6).all()

    def test_more_matches_score_higher(self, home):
        one = home.lexical.scores(home.lexical.query_tokens("boats storm clouds"))
        rows = {work.artwork_id: row for row, work in enumerate(WORKS)}
        assert one[rows["umibe-storm"]] > one[rows["umibe-fisher"]] > one[rows["umibe-tide"]] == 0

    def test_a_rarer_word_counts_more(self, home):
        both = home.lexical.query_tokens("boats moonlight")
        row = next(r for r, work in enumerate(WORKS) if work.artwork_id == "umibe-harbour")
        parts = home.lexical.parts(both, row)
        assert parts["moonlight"] > 0 and parts["moonlight"] > parts["boat"] / 4

    def test_known_words(self, home):
        assert home.lexical.knows("boat") and home.lexical.knows("=海部花子") and not home.lexical.knows("xyzzy")

    @pytest.mark.parametrize("query", ["海部花子", "我喜欢海部花子的版画"])
    def test_chinese_names_are_found_alone_and_inside_a_sentence(self, home, query):
        scores = home.lexical.scores(home.lexical.query_tokens(query))
        assert {WORKS[row].artwork_id for row in np.argsort(-scores, kind="stable")[:6]} == set(SEAS)

    def test_the_same_tokens_everywhere(self, home, built):
        for query in ("blue boats", "我喜欢温克尔的", "七个圆", "", "the of", "x" * 900):
            assert home.lexical.query_tokens(query) == built.lexical.query_tokens(query)

    def test_nothing_asked_scores_nothing(self, home):
        assert not home.lexical.scores([]).any() and not home.lexical.scores(["xyzzy"]).any()
        assert home.lexical.parts([], 0) == home.lexical.parts(["xyzzy"], 0) == {}


def _chinese(work: Artwork) -> list[str]:
    terms = [VOCABULARY[field][word].zh for field in ("movement", "type", "genre") if (word := getattr(work, field))]
    return [work.title_zh, work.artist_zh, *terms, *(VOCABULARY["moods"][mood].zh for mood in work.moods)]


FILTERS = [
    "artist:umibe", "artist:海部", "-artist:winkel", "type:print", "type:PRINT -movement:bauhaus", "museum:dessau",
    "medium:canvas medium:paper", "culture:german before:1926", "after:1830", "after:1828 before:1833", '"blue water"',
    '"blue"', '"blu"', '"red upon orange" type:painting', '"moves in the harbour"', 'artist:"%a"', "artist:u_ibe",
    r"artist:\a", "type:'print", '"方块"', "like:umibe-tide", "medium:oil",
]  # fmt: skip
FACETS = [
    Facets(), Facets(type=("print",)), Facets(movement=("Bauhaus", "Ukiyo-e")), Facets(century=(19,)), Facets(century=(5,)),
    Facets(hidden_notes=("death",)), Facets(culture=("\x00",)), Facets(type=("'; DROP TABLE works; --",)),
    Facets(culture=("Japanese",), century=(19, 20), hidden_notes=("nudity", "death")),
]  # fmt: skip


class TestFilters:
    @pytest.mark.parametrize("text", FILTERS)
    def test_the_same_rows_pass(self, home, built, text):
        query = home.filters.resolve(parse_query(text))
        assert query == built.filters.resolve(parse_query(text))
        np.testing.assert_array_equal(_every(home.filters.mask(query, Facets())), _every(built.filters.mask(query, Facets())))

    @pytest.mark.parametrize("facets", FACETS)
    def test_the_same_works_under_facets(self, home, built, facets):
        for query in (None, parse_query("boats before:1832"), parse_query('"boats"')):
            mine, theirs = home.filters.mask(query, facets), built.filters.mask(query, facets)
            np.testing.assert_array_equal(_every(mine), _every(theirs))

    @quick
    @given(st.text(max_size=12))
    def test_any_value_and_any_words(self, home, built, text):
        for query in (f'artist:"{text}"', f'"{text}"', f"-museum:{text}"):
            try:
                asked = parse_query(query)
            except QueryError:
                continue
            assert home.filters.resolve(asked) == built.filters.resolve(asked)
            mine, theirs = home.filters.mask(asked, Facets()), built.filters.mask(asked, Facets())
            np.testing.assert_array_equal(_every(mine), _every(theirs))


def _every(mask: np.ndarray | None) -> np.ndarray:
    return np.ones(len(WORKS), dtype=bool) if mask is None else mask


class TestCatalogue:
    def test_the_works_are_those_that_were_given(self, home):
        assert list(home.catalogue) == list(WORKS) == [home.catalogue[row] for row in range(len(home.catalogue))]
        assert len(home) == len(WORKS) and home.catalogue[-1] == WORKS[-1]
        assert home.catalogue.hash == toy_catalogue().hash

    @pytest.mark.parametrize("field", list(Artwork.model_fields))
    def test_columns(self, home, field):
        assert home.catalogue.column(field) == toy_catalogue().column(field)

    def test_rows_by_id(self, home):
        assert home.catalogue.rows([work.artwork_id for work in WORKS]) == list(range(len(WORKS)))
        assert "umibe-tide" in home.catalogue and "umibe-tidy" not in home.catalogue and None not in home.catalogue
        assert "\x00" not in home.catalogue

    def test_an_unknown_id_names_the_nearest(self, home):
        with pytest.raises(UnknownArtwork, match="No artwork has the id 'umibe-tidy'. Did you mean umibe-tide"):
            home.catalogue.row("umibe-tidy")
        with pytest.raises(UnknownArtwork, match="Look the id up"):
            home.catalogue.row("zzz")

    def test_a_row_that_is_not_there(self, home):
        with pytest.raises(IndexError):
            home.catalogue[len(WORKS)]

    def test_vocabulary(self, home):
        assert home.catalogue.vocabulary == VOCABULARY
        assert home.catalogue.zh("movement", "Bauhaus") == "包豪斯" and home.catalogue.zh("movement", "none") == ""


class TestVectors:
    def test_parts_of_the_array(self, home, built):
        whole = np.asarray(home.vectors)
        np.testing.assert_allclose(whole, built.vectors, atol=5e-4)
        picks = [3, np.int64(3), [5, 1, 5], np.array([2, -1]), slice(2, 5), slice(None, None, 3), np.arange(12) % 2 == 0]
        for which in (*picks, np.array([], dtype=np.int64)):
            np.testing.assert_array_equal(home.vectors[which], whole[which])
        np.testing.assert_allclose(home.vectors @ whole[0], whole @ whole[0], atol=1e-6)
        assert home.vectors.shape == whole.shape and home.vectors[2:4].dtype == np.float32
        with pytest.raises(IndexError):
            home.vectors[12]

    def test_more_rows_than_are_remembered(self, home, monkeypatch):
        whole = np.asarray(home.vectors)
        monkeypatch.setattr("artrec.engines.vectors.REMEMBERED", 4)
        for rows in ([0, 1, 2], [3, 4, 5, 0], list(range(12)), [11, 0]):
            np.testing.assert_array_equal(home.vectors[rows], whole[rows])


# A recommender does not notice where its collection lies


@pytest.fixture(scope="module")
def recommender(home) -> Recommender:
    return Recommender(home, HashingEncoder())


class TestRecommender:
    def test_likes_lead_to_the_same_painter(self, recommender):
        found = recommender.similar(SEAS[0], n=5)
        assert {r.artwork.artwork_id for r in found.results} == set(SEAS[1:])

    def test_words_lead_to_the_works_that_hold_them(self, recommender):
        found = recommender.search("blue boats", n=4)
        assert found.good and {r.artwork.artwork_id for r in found.results} <= set(SEAS)

    def test_scores_are_the_sum_of_their_reasons(self, recommender):
        for request in (
            Request("a lonely ferry, blue", n=12), Request(profile=Profile((SEAS[0],), ("winkel-chess",)), n=12, diversity=0.4),
            Request("boats type:print", Profile((SEAS[1],)), n=12),
        ):  # fmt: skip
            for result in recommender.recommend(request).results:
                assert sum(c.amount for c in result.contributions) == pytest.approx(result.score, abs=1e-6)
                assert sum(share.amount for share in result.shares) == pytest.approx(result.score, abs=1e-6)

    def test_recommendations_from_likes_are_the_same_as_from_memory(self, recommender, built):
        request = Request(profile=Profile((SEAS[2], "winkel-chess"), (SEAS[3],)), n=9)
        mine, theirs = recommender.recommend(request).results, Recommender(built, HashingEncoder()).recommend(request).results
        assert [r.artwork.artwork_id for r in mine] == [r.artwork.artwork_id for r in theirs]
        np.testing.assert_allclose([r.score for r in mine], [r.score for r in theirs], atol=2e-3)

    def test_an_empty_query_is_refused(self, recommender):
        with pytest.raises(QueryError):
            recommender.recommend(Request("  "))

    def test_starters(self, recommender):
        assert len({work.artwork_id for work in recommender.starters(n=5)}) == 5


# A larger collection than is scored whole: candidates come from the index and the words


def test_a_large_collection_answers_from_its_candidates(built, fresh):
    works = [work.model_copy(update={"artwork_id": f"{work.artwork_id}-{i}"}) for i in range(250) for work in WORKS]
    large = artifacts.build(Catalogue(tuple(works), VOCABULARY), HashingEncoder(), name="large", atlas=False)
    address = fresh()
    publish(large, address, exact_below=0)
    opened = open_database(address)
    assert isinstance(opened.vectors, StoredVectors)
    for home in (large, opened):
        recommender = Recommender(home, HashingEncoder())
        found = recommender.recommend(Request("blue boats", n=20))
        assert found.results and all(r.artwork.artist == "Hanako Umibe" for r in found.results)
        narrow = recommender.recommend(replace(Request("boats", n=20), facets=Facets(type=("painting",))))
        assert all(r.artwork.artist == "Karla Winkel" for r in narrow.results)
        liked = recommender.similar("winkel-chess-7", n=20).results
        assert all(r.artwork.artist == "Karla Winkel" for r in liked)
