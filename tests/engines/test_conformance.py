"""What a lexical side, filters, a catalogue and vectors must do, wherever they keep their data.

Each law is checked on local files and on a real PostgreSQL server. Words are scored by BM25 in the one and by `ts_rank` in the
other, so their laws are about what is found, what adds up and what grows, never about equal scores; masks, records and cosines
must be equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from helpers import SEAS, VOCABULARY, WORKS, HashingEncoder, toy_catalogue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artrec import artifacts
from artrec.catalogue import Artwork, Catalogue
from artrec.collection import Collection
from artrec.engines.postgres import open_database
from artrec.engines.publish import publish
from artrec.engines.vectors import StoredVectors
from artrec.errors import QueryError, UnknownArtwork
from artrec.filters import Facets
from artrec.lexical import Lexical, tokens
from artrec.profile import Profile
from artrec.recommender import Recommender, Request
from artrec.text import parse_query, passage

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
