"""What heads are given to read, and what a text is read as."""

import numpy as np
import pytest
from helpers import HashingEncoder
from hypothesis import given
from hypothesis import strategies as st

from artrec import config, reading
from artrec.errors import ArtrecError
from artrec.heads import Head, save_heads
from artrec.reading import ERAS, eras, lexicon_sentiment, note_features, read_text, record_features, word_features

NOTE = 4 + 7 + 2 * reading.HASHED  # features of a note beside its vector


@given(st.lists(st.one_of(st.none(), st.integers(-500_000, 2_200)), max_size=9))
def test_eras_s_laws(years):
    found = eras(years)
    assert found.shape == (len(years), len(ERAS)) and found.dtype == np.float32
    assert np.all((found >= 0) & (found <= 1))
    for year, row in zip(years, found, strict=True):
        assert (year is None) <= (not row.any())
        if year is not None and ERAS[0] <= year <= ERAS[-1]:
            assert row.any()


def test_a_year_is_nearest_to_its_era():
    found = eras([1500, 1510, 1900, None])
    assert ERAS[found[0].argmax()] == ERAS[found[1].argmax()] == 1500 and ERAS[found[2].argmax()] == 1900
    assert found[0].max() == 1 > found[1].max()


def test_a_record_is_its_passage_its_facts_and_its_date():
    passages, facts = np.ones((2, 3), np.float32), np.zeros((2, 3), np.float32)
    found = record_features(passages, facts, [1500, None])
    assert found.shape == (2, 6 + len(ERAS)) and found.dtype == np.float32
    assert found[0, :3].tolist() == [1, 1, 1] and not found[:, 3:6].any() and not found[1, 6:].any()


def test_a_note_is_its_vector_the_lexicon_and_its_letters():
    found = note_features(["lovely!", "awful", ""], np.ones((3, 4), np.float32))
    assert found.shape == (3, 4 + NOTE) and found.dtype == np.float32
    assert found[0, 7] > 0 > found[1, 7]  # the lexicon's verdict
    assert found[0, 8:12].tolist() == [found[0, 8]] * 4 and found[0, 13] == 0.5  # one part, one exclamation mark
    assert not found[2, 15:].any() and found[0, 15 : 15 + reading.HASHED].any() and found[0, 15 + reading.HASHED :].any()
    assert note_features([], np.ones((0, 4), np.float32)).shape == (0, 4 + NOTE)


def test_what_comes_after_but_is_a_part_of_its_own():
    first, last, worst, best = note_features(["It is lovely, but the room was horrible"], np.ones((1, 4), np.float32))[0, 8:12]
    assert first == best > 0 > worst == last


def test_words_are_the_vector_the_lexicon_and_each_word():
    found = word_features(["a storm", "storm"], np.ones((2, 4), np.float32))
    assert found.shape == (2, 4 + 4 + reading.HASHED // 2) and np.array_equal(found[0, 8:] > 0, found[1, 8:] > 0)


def test_the_lexicon_alone():
    said = [lexicon_sentiment(text) for text in ("I love it", "a terrible bore", "oil on canvas")]
    assert said == ["positive", "negative", "neutral"]


@pytest.fixture
def heads(tmp_path, monkeypatch):
    encoder = HashingEncoder()
    sea, square = encoder.encode(["blue sea boats", "red squares"])
    two = np.stack([sea, square]) * 9
    cuts, blank = np.full(2, 0.6, np.float32), np.zeros((2, 128 + len(ERAS)), np.float32)
    wide = np.zeros((3, 64 + NOTE), np.float32)
    wide[:, 67] = (-9, 0, 9)  # the lexicon's last score decides
    made = {
        "movement": Head("movement", ("a", "b"), blank, np.zeros(2, np.float32), reads="record"),
        "movement in text": Head("movement in text", ("Ukiyo-e", "Bauhaus"), two, np.zeros(2, np.float32)),
        "subjects": Head("subjects", ("sea", "squares"), two, np.zeros(2, np.float32), True, cuts),
        "sentiment": Head("sentiment", ("negative", "neutral", "positive"), wide, np.zeros(3, np.float32), reads="note"),
        "strength": Head("strength", ("strength",), wide[2:] / 9, np.zeros(1, np.float32), kind="number", reads="note"),
    }  # fmt: skip
    save_heads(made, tmp_path, encoder.fingerprint, {})
    monkeypatch.setattr(config, "ADAPTER", tmp_path)
    return tmp_path


def test_a_text_is_read(heads):
    found = read_text("boats on the blue sea, what a wonderful picture", HashingEncoder())
    assert found["movement"][0][0] == "Ukiyo-e" and sum(p for _, p in found["movement"]) == pytest.approx(1, abs=1e-3)
    assert [label for label, _ in found["subjects"]] == ["sea"]
    assert found["sentiment"][0][0] == "positive" and 0 < found["strength"][0][1] <= 1
    assert all(isinstance(p, float) for values in found.values() for _, p in values)
    assert found["keywords"] and "moods" not in found  # no head, no word


def test_a_bare_guess_is_not_told(heads):
    labels = tuple("abcde")
    even = Head("genre", labels, np.zeros((5, 64), np.float32), np.zeros(5, np.float32))
    save_heads({"genre": even}, heads, HashingEncoder.fingerprint, {})
    assert read_text("a boat", HashingEncoder())["genre"] == []


def test_what_cannot_be_read_is_said(heads, tmp_path):
    with pytest.raises(ArtrecError, match="no text to read"):
        read_text("  \n ", HashingEncoder())
    (heads / "heads.json").unlink()
    with pytest.raises(ArtrecError, match="train heads"):
        read_text("a boat", HashingEncoder())
