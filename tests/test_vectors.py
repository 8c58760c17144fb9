"""The cache of vectors: only what is new is encoded, and a broken cache costs time, never an answer."""

import logging
import sqlite3

import numpy as np
import pytest
from helpers import WORKS, CountingEncoder, HashingEncoder

from artrec import content_cache, vectors
from artrec.text import passage
from artrec.vectors import encode_cached, stream_vectors, write_vectors

PASSAGES = [passage(work) for work in WORKS]


@pytest.fixture
def truth() -> np.ndarray:
    return HashingEncoder().encode(PASSAGES)


def encode(passages, folder) -> tuple[np.ndarray, list[str]]:
    """The vectors, and what had to be encoded for them."""
    encoder = CountingEncoder()
    return encode_cached(encoder, passages, folder), encoder.encoded


def database(folder):
    return next(folder.glob("*.sqlite"))


def test_nothing_is_encoded_twice(tmp_path, truth):
    first, encoded = encode(PASSAGES, tmp_path)
    assert sorted(encoded) == sorted(PASSAGES)
    again, encoded = encode(PASSAGES[::-1], tmp_path)
    assert encoded == []
    np.testing.assert_array_equal(first, truth)
    np.testing.assert_array_equal(again, truth[::-1])
    assert first.dtype == np.float32


def test_only_the_changed_passage_is_encoded_again(tmp_path, truth):
    encode(PASSAGES, tmp_path)
    changed = [*PASSAGES[:3], PASSAGES[3] + " With a kite.", *PASSAGES[4:]]
    found, encoded = encode(changed, tmp_path)
    assert encoded == [changed[3]]
    np.testing.assert_array_equal(np.delete(found, 3, axis=0), np.delete(truth, 3, axis=0))
    assert not np.array_equal(found[3], truth[3])


def test_another_model_has_vectors_of_its_own(tmp_path):
    encode(PASSAGES, tmp_path)
    other = CountingEncoder()
    other.fingerprint = "another-model-altogether"
    encode_cached(other, PASSAGES, tmp_path)
    assert len(other.encoded) == len(PASSAGES)


def test_nothing_to_encode(tmp_path):
    found, encoded = encode([], tmp_path)
    assert found.shape == (0, 64) and encoded == []


def test_without_a_folder_they_lie_in_the_home(artrec_home, tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path))
    encode(PASSAGES, None)
    assert database(tmp_path / "vectors").exists()


def test_progress_ends_at_the_whole_and_counts_what_was_cached(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "SHARD", 4)
    encode(PASSAGES[:3], tmp_path)
    told = []
    encode_cached(HashingEncoder(), PASSAGES, tmp_path, lambda done, total: told.append((done, total)))
    assert told == [(7, 12), (11, 12), (12, 12)]


def test_what_was_done_before_a_kill_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "SHARD", 4)

    class Killed(CountingEncoder):
        def encode(self, texts):
            if len(self.encoded) >= 8:
                raise KeyboardInterrupt
            return super().encode(texts)

    with pytest.raises(KeyboardInterrupt):
        encode_cached(Killed(), PASSAGES, tmp_path)
    assert len(encode(PASSAGES, tmp_path)[1]) == 4


@pytest.mark.parametrize("damage", [b"", b"this is no database at all" * 50])
def test_a_file_that_is_no_database_costs_only_time(tmp_path, truth, damage):
    encode(PASSAGES, tmp_path)
    database(tmp_path).write_bytes(damage)
    found, encoded = encode(PASSAGES, tmp_path)
    np.testing.assert_array_equal(found, truth)
    assert len(encoded) == len(PASSAGES)


def test_damaged_pages_cost_only_time(tmp_path, caplog):
    many = [f"{text} {n}" for n in range(20) for text in PASSAGES]
    encode(many, tmp_path)
    file = database(tmp_path)
    raw = bytearray(file.read_bytes())
    raw[4096 : len(raw) - 100] = b"\xa5" * (len(raw) - 4196)
    file.write_bytes(raw)
    with caplog.at_level(logging.WARNING):
        found, _ = encode(many, tmp_path)
    np.testing.assert_array_equal(found, HashingEncoder().encode(many))
    assert "cache" in caplog.text


def test_a_vector_of_the_wrong_length_is_encoded_again(tmp_path, truth):
    encode(PASSAGES, tmp_path)
    with sqlite3.connect(database(tmp_path)) as store:
        store.execute("UPDATE vectors SET vector = x'00112233'")
    store.close()
    found, encoded = encode(PASSAGES, tmp_path)
    np.testing.assert_array_equal(found, truth)
    assert len(encoded) == len(PASSAGES)
    assert encode(PASSAGES, tmp_path)[1] == []


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path, truth, caplog):
    (tmp_path / "file").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        found, _ = encode(PASSAGES, tmp_path / "file" / "below")
    np.testing.assert_array_equal(found, truth)
    assert "cannot be used" in caplog.text


def test_a_database_that_cannot_be_written_is_read_all_the_same(tmp_path, truth, monkeypatch, caplog):
    encode(PASSAGES[:5], tmp_path)
    monkeypatch.setattr(content_cache, "_connect", lambda file: sqlite3.connect(f"file:{file}?mode=ro", uri=True))
    with caplog.at_level(logging.WARNING):
        found, encoded = encode(PASSAGES, tmp_path)
    np.testing.assert_array_equal(found, truth)
    assert sorted(encoded) == sorted(PASSAGES[5:])
    assert "Vectors are not cached" in caplog.text and "ARTREC_HOME" in caplog.text


@pytest.mark.parametrize("window", [1, 5, 12, 100])
def test_a_stream_of_passages_is_encoded_window_by_window(tmp_path, truth, monkeypatch, window):
    monkeypatch.setattr(vectors, "WINDOW", window)
    told = []
    found = list(stream_vectors(HashingEncoder(), iter(PASSAGES), 12, tmp_path, lambda done, total: told.append((done, total))))
    assert [len(part) for part in found] == [min(window, 12 - start) for start in range(0, 12, window)]
    np.testing.assert_array_equal(np.concatenate(found), truth)
    assert told == sorted(told) and told[-1] == (12, 12)
    write_vectors(found, 12, 64, tmp_path / "v.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy", mmap_mode="r"), truth)


def test_no_more_than_a_window_of_passages_is_held(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "WINDOW", 4)
    taken = []
    stream = stream_vectors(HashingEncoder(), (taken.append(text) or text for text in PASSAGES), 12, tmp_path)
    next(stream)
    assert len(taken) == 4


def test_equal_passages_are_encoded_once(tmp_path, truth):
    found, encoded = encode([*PASSAGES, *PASSAGES[:5], PASSAGES[0]], tmp_path)
    assert sorted(encoded) == sorted(PASSAGES)
    np.testing.assert_array_equal(found, truth[[*range(12), *range(5), 0]])


def test_after_a_kill_the_same_passages_go_together(tmp_path, monkeypatch):
    """So that an encoder whose vectors depend, in the last digit, on what stands beside a text gives the same in the end."""
    monkeypatch.setattr(vectors, "SHARD", 5)

    class Noting(HashingEncoder):
        def __init__(self, most=10_000):
            self.shards, self.most = [], most

        def encode(self, texts):
            if len(self.shards) == self.most:
                raise KeyboardInterrupt
            self.shards.append(tuple(texts))
            return super().encode(texts)

    whole, first, rest = Noting(), Noting(2), Noting()
    encode_cached(whole, [*PASSAGES, *PASSAGES[:3]], tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        encode_cached(first, [*PASSAGES, *PASSAGES[:3]], tmp_path / "twice")
    encode_cached(rest, [*PASSAGES, *PASSAGES[:3]], tmp_path / "twice")
    assert first.shards + rest.shards == whole.shards and len(whole.shards) == 3
