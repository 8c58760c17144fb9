"""BM25: right order on the toy world, and scores that add up over the query's words."""

import os
import subprocess
import sys

import numpy as np
import pytest
from helpers import SEAS, WORKS, catalogue_of
from hypothesis import given
from hypothesis import strategies as st

from artrec import config
from artrec.catalogue import Artwork, Catalogue
from artrec.lexical import STOPWORDS, Lexical, stem, tokens
from artrec.text import fold

LEXICAL = Lexical.build(catalogue_of(*WORKS))
words = st.sampled_from(
    ["boats", "boat", "blue", "red", "squares", "circle", "storm", "moon", "the", "Bauhaus", "Harbour"]
    + ["海部花子", "浮世绘", "方块", "xylophone"]
)  # fmt: skip
queries = st.lists(words, max_size=8).map(" ".join)


def top(query: str, n: int) -> set[str]:
    scores = LEXICAL.scores(LEXICAL.query_tokens(query))
    return {WORKS[row].artwork_id for row in np.argsort(-scores, kind="stable")[:n]}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("The storms at sea", ["storm", "sea"]),
        ("Dalí's café", ["dali", "cafe"]),
        ("Rembrandt’s etching", ["rembrandt", "etch"]),
        ("of the and", []),
        ("梵高名画", ["梵高", "高名", "名画"]),
        ("马", ["马"]),
        ("한국화", ["한국", "국화"]),
        ("No_7, 1831", ["7", "1831"]),
        ("", []),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


@given(st.text())
def test_any_text_has_tokens_that_are_no_stop_words(text):
    found = tokens(text)
    assert all(found) and not any(token in STOPWORDS and token == stem(token) and " " in token for token in found)
    assert tokens(fold(text)) == found


def test_words_reach_the_works_that_hold_them():
    assert top("boats", 4) == {"umibe-storm", "umibe-great-wave", "umibe-harbour", "umibe-fisher"}
    assert top("a chessboard", 1) == {"winkel-chess"}
    assert top("Umibe", 6) == set(SEAS)
    assert top("Dessau", 6).isdisjoint(SEAS)


def test_chinese_names_are_found_alone_and_inside_a_sentence():
    assert top("海部花子", 6) == set(SEAS)
    assert top("我喜欢海部花子的版画", 6) == set(SEAS)
    assert set(LEXICAL.query_tokens("我喜欢温克尔的")) == {"=温克尔", "温克", "克尔"}
    assert top("七个圆", 1) == {"winkel-circles"}


def test_one_painters_words_say_nothing_of_the_other():
    for row, score in enumerate(LEXICAL.scores(LEXICAL.query_tokens("blue boats on the sea"))):
        assert (score > 0) == (WORKS[row].artwork_id in SEAS)


@given(queries)
def test_scores_are_shares_and_the_parts_add_up_to_them(query):
    found = LEXICAL.query_tokens(query)
    assert len(set(found)) == len(found)
    scores = LEXICAL.scores(found)
    assert scores.shape == (len(WORKS),) and scores.dtype == np.float32
    assert (scores >= 0).all() and (scores <= 1).all()
    for row, score in enumerate(scores):
        parts = LEXICAL.parts(found, row)
        assert set(parts) <= set(found) and all(amount > 0 for amount in parts.values())
        assert sum(parts.values()) == pytest.approx(score, abs=1e-6)


@given(queries.filter(str.strip))
def test_a_word_that_nobody_holds_lowers_the_share_of_all(query):
    found = LEXICAL.query_tokens(query)
    assert (LEXICAL.scores([*found, "xyzzy"]) <= LEXICAL.scores(found) + 1e-7).all()


def test_scores_are_lucenes_bm25_by_hand():
    texts = ("boat boat sea", "boat", "hill")
    index = Lexical.build(Catalogue(tuple(Artwork(artwork_id=f"w{i}", title=t) for i, t in enumerate(texts)), {}))
    idf = np.log1p((3 - 2 + 0.5) / (2 + 0.5))
    mean = (3 + 1 + 1) / 3
    expected = [2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean)), 1 / (1 + 1.2 * (0.25 + 0.75 * 1 / mean)), 0]
    np.testing.assert_allclose(index.scores(["boat"]), expected, rtol=1e-5)
    rare = np.log1p((3 - 1 + 0.5) / (1 + 0.5))
    assert index.scores(["boat", "sea"])[1] == pytest.approx(expected[1] * idf / (idf + rare), rel=1e-5)


def test_nothing_asked_scores_nothing():
    assert not LEXICAL.scores([]).any()
    assert not LEXICAL.scores(["xyzzy"]).any()
    assert LEXICAL.parts([], 0) == LEXICAL.parts(["xyzzy"], 0) == {}
    assert LEXICAL.knows("boat") and not LEXICAL.knows("xyzzy")


def test_a_catalogue_without_any_word_is_indexed_all_the_same():
    index = Lexical.build(Catalogue((Artwork(artwork_id="a", title="???"), Artwork(artwork_id="b", title="…")), {}))
    assert index.scores(index.query_tokens("??? boat =")).tolist() == [0, 0]


def test_save_and_load(tmp_path):
    LEXICAL.save(tmp_path)
    loaded = Lexical.load(tmp_path, len(WORKS))
    for query in ("blue boats", "red squares 海部花子", "xyzzy storm"):
        found = LEXICAL.query_tokens(query)
        assert loaded.query_tokens(query) == found
        np.testing.assert_array_equal(loaded.scores(found), LEXICAL.scores(found))
        assert loaded.parts(found, 0) == LEXICAL.parts(found, 0)


def test_the_shipped_index_is_the_one_that_would_be_built_now(starter):
    fresh = Lexical.build(starter.catalogue)
    for query in ("a storm at sea", "梵高", "Hokusai's wave", "blue porcelain jar"):
        found = fresh.query_tokens(query)
        assert starter.lexical.query_tokens(query) == found
        np.testing.assert_allclose(
            starter.lexical.scores(found), fresh.scores(found), atol=1e-6,
            err_msg="build it again: python -m artrec build data/starter --out assets/starter",
        )  # fmt: skip


def test_what_is_written_does_not_depend_on_the_order_of_a_set(tmp_path):
    """Python shuffles sets of words from one process to the next; two builds of the same records are the same files."""
    script = (
        "import sys; from pathlib import Path; from artrec.lexical import Lexical; "
        "Lexical.of([['sea', 'storm', 'boat'], ['red', 'square'], ['sea', 'red', 'x', 'y', 'z']]).save(Path(sys.argv[1]))"
    )
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(config.ROOT)}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / seed)], check=True, env=environment)
    for file in (tmp_path / "1").iterdir():
        assert file.read_bytes() == (tmp_path / "2" / file.name).read_bytes(), file.name
