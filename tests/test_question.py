"""A query's text → its vector, its words, its mentions."""

import numpy as np
import pytest
from helpers import CountingEncoder, HashingEncoder

from artrec.question import EMPHASIS, Question, ask, embed, parts_of, readable
from artrec.text import Query, parse_query


@pytest.mark.parametrize(
    "raw, parts",
    [
        ("storm at sea", (("storm at sea", 1.0),)),
        ('"red square" circles', (("circles red square", 1.0),)),
        ("sea +calm -crowd", (("sea", 1.0), ("calm", EMPHASIS), ("crowd", -EMPHASIS))),
        ("-crowd", (("crowd", -EMPHASIS),)),
        ("artist:monet", ()),
        ("梵高", ()),
        ("梵高 stars over the Rhône", (("梵高 stars over the Rhône", 1.0),)),
        ("sea +宁静", (("sea", 1.0),)),
    ],
)
def test_the_parts_that_are_embedded(raw, parts):
    assert parts_of(parse_query(raw)) == parts


@pytest.mark.parametrize(
    "text, expected",
    [
        *((text, True) for text in ("sea", "梵高 abc", "1850", "Māori")),
        *((text, False) for text in ("梵高", "梵高 ab", "한국", "ガラス", "", "!?")),
    ],
)
def test_readable(text, expected):
    assert readable(text) is expected


def test_the_vector_is_the_unit_sum_of_the_parts(hashing):
    sea, calm, crowd = hashing.encode(["sea", "calm", "crowd"]).astype(np.float64)
    vector = embed((("sea", 1.0), ("calm", 0.5), ("crowd", -0.5)), hashing)
    expected = sea + 0.5 * calm - 0.5 * crowd
    np.testing.assert_allclose(vector, expected / np.linalg.norm(expected), atol=1e-6)
    assert vector.dtype == np.float32 and np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_parts_that_cancel_out_leave_no_vector(hashing):
    assert embed((("sea", 0.5), ("sea", -0.5)), hashing) is None
    assert embed((), hashing) is None


def test_ask(toy, hashing):
    question = ask(parse_query("calm blue boats -storms"), toy, hashing)
    assert question.tokens == ("calm", "blue", "boat") and question.away_tokens == ("storm",)
    assert question.mentions.moods == {"calm"} and question.mentions.colours == ("blue",)
    assert np.linalg.norm(question.vector) == pytest.approx(1, abs=1e-6)


def test_weighing_away_moves_the_vector_away(toy, hashing):
    storm = hashing.encode(["storm"])[0]
    plain, away, towards = (ask(parse_query(q), toy, hashing).vector @ storm for q in ("boats", "boats -storm", "boats +storm"))
    assert away < plain < towards


def test_filters_and_chinese_alone_do_not_wake_the_encoder(toy):
    encoder = CountingEncoder()
    for raw in ("artist:umibe", "海部花子", "before:1900 like:umibe-storm"):
        assert ask(parse_query(raw), toy, encoder).vector is None
    assert ask(Query(), toy, encoder).tokens == ()
    assert encoder.encoded == []


def test_an_empty_question_names_nothing():
    question = Question()
    assert question.vector is None and not question.query.asks and not any(vars(question.mentions).values())
    assert isinstance(HashingEncoder.dimension, int)
