"""What is kept by content comes back as it was, and a cache that cannot be used costs nothing but time."""

import logging
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artrec.content_cache import ContentCache


def cache(file):
    return closing(ContentCache(file, "things", "thing", "things"))


@given(st.dictionaries(st.binary(max_size=32), arrays(np.float32, 3), max_size=5))
def test_what_is_put_is_what_is_got(found):
    with cache(None) as kept:
        kept.put((key, array.tobytes()) for key, array in found.items())
        for key, array in found.items():
            np.testing.assert_array_equal(kept.get(key, 3), array)
        assert kept.get(b"x" * 40, 3) is None


def test_it_outlives_the_process_and_tells_other_lengths_apart(tmp_path):
    with cache(tmp_path / "below" / "c.sqlite") as kept:
        kept.put([(b"a", np.float32([1, 2]).tobytes())])
    with cache(tmp_path / "below" / "c.sqlite") as kept:
        np.testing.assert_array_equal(kept.get(b"a", 2), np.float32([1, 2]))
        assert kept.get(b"a", 3) is None


def test_all_or_none_are_kept(tmp_path):
    def some():
        yield b"a", np.float32([1]).tobytes()
        raise RuntimeError("on the way")

    with cache(tmp_path / "c.sqlite") as kept:
        with pytest.raises(RuntimeError):
            kept.put(some())
        assert kept.get(b"a", 1) is None


def test_a_file_that_is_no_database_is_done_without(tmp_path, caplog):
    (tmp_path / "c.sqlite").write_bytes(b"not a database at all, and long enough to be looked at as one" * 40)
    with caplog.at_level(logging.WARNING), cache(tmp_path / "c.sqlite") as kept:
        kept.put([(b"a", np.float32([1]).tobytes())])
        assert kept.get(b"a", 1) is not None
    assert "cannot be used" in caplog.text
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "c.sqlite").execute("SELECT * FROM things")
