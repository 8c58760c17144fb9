"""Batches: every text once, within the budget, and the padding masked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.batching import Batcher, token_batches


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 2000))
def test_every_row_once_and_within_the_budget(lengths, budget):
    batches = list(token_batches(lengths, budget))
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    longest = [max(lengths[row] for row in rows) for rows in batches]
    assert longest == sorted(longest)
    for rows, most in zip(batches, longest, strict=True):
        assert len(rows) == 1 or most * len(rows) <= budget


def test_as_many_as_fit():
    assert [list(rows) for rows in token_batches([5, 1, 5, 1], 10)] == [[1, 3], [0, 2]]
    assert [list(rows) for rows in token_batches([5, 1, 5, 1], 9)] == [[1, 3], [0], [2]]


@pytest.fixture
def batcher(tmp_path) -> Batcher:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "sea": 1, "boat": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return Batcher(tmp_path, {"max_tokens": 4, "pad_id": 9})


def test_padding_is_masked_and_long_texts_are_cut(batcher):
    ((rows, ids, mask),) = batcher.batches(["sea boat", "boat", "sea " * 50])
    np.testing.assert_array_equal(rows, [1, 0, 2])
    np.testing.assert_array_equal(ids, [[2, 9, 9, 9], [1, 2, 9, 9], [1, 1, 1, 1]])
    np.testing.assert_array_equal(mask, [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]])
    assert ids.dtype == mask.dtype == np.int64


def test_no_texts_no_batches(batcher):
    assert list(batcher.batches([])) == []
