"""A path begins and ends where it should, repeats nothing, and gives true reasons."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import SEAS, SQUARES, catalogue_of, unit
from helpers_ranking import laws
from hypothesis import given
from hypothesis import strategies as st

from artrec import artifacts
from artrec.catalogue import Artwork
from artrec.channels import CHANNELS, DEFAULT_WEIGHTS
from artrec.index import ExactIndex
from artrec.paths import TELLING, likeness, path


@laws
@given(st.integers(0, 257), st.integers(0, 257), st.integers(0, 8))
def test_a_path_joins_its_ends_and_repeats_nothing(starter, start, end, steps):
    start, end = start % len(starter), end % len(starter)
    hops = path(starter, start, end, steps)
    rows = [hop.row for hop in hops]
    assert (rows[0], rows[-1]) == (start, end)
    assert len(rows) == len(set(rows)) == (1 if start == end else steps + 2)
    assert (hops[0].channel, hops[0].evidence) == ("", "")


def test_the_reason_at_each_hop_is_what_weighs_most(starter):
    """An attribute worth telling comes before meaning, which all the works on a path share."""
    rng = np.random.default_rng(0)
    for _ in range(10):
        start, end = map(int, rng.choice(len(starter), 2, replace=False))
        hops = path(starter, start, end)
        for before, after in zip(hops, hops[1:], strict=False):
            weighed = {c.name: DEFAULT_WEIGHTS[c.name] * likeness(c, starter, after.row, before.row) for c in CHANNELS}
            attributes = {name: weight for name, weight in weighed.items() if name != "text"}
            if max(attributes.values()) < TELLING:
                assert weighed[after.channel] == max(weighed.values())
            else:
                assert attributes[after.channel] == max(attributes.values())
            assert after.evidence


def test_the_works_between_lie_between(starter):
    """Along the path the start gets farther away and the end nearer, on the whole."""
    start, end = starter.catalogue.row("hokusai-great-wave"), starter.catalogue.row("kandinsky-composition-8")
    rows = [hop.row for hop in path(starter, start, end, 5)]
    to_start, to_end = starter.vectors[rows] @ starter.vectors[start], starter.vectors[rows] @ starter.vectors[end]
    assert np.corrcoef(range(len(rows)), to_start)[0, 1] < -0.7
    assert np.corrcoef(range(len(rows)), to_end)[0, 1] > 0.7


def test_a_filter_limits_the_works_between(toy):
    keep = np.zeros(len(toy), dtype=bool)
    keep[toy.catalogue.rows(SEAS)] = True
    start, end = toy.catalogue.rows((SEAS[0], SQUARES[0]))
    before = keep.copy()
    rows = [hop.row for hop in path(toy, start, end, 3, keep)]
    assert (rows[0], rows[-1]) == (start, end)
    assert all(keep[row] for row in rows[1:-1]) and len(rows) == 5
    np.testing.assert_array_equal(keep, before)
    assert [hop.row for hop in path(toy, start, end, 3, np.zeros(len(toy), dtype=bool))] == [start, end]


def test_few_works_make_a_short_path(toy):
    assert [len(path(toy, 0, 11, steps)) for steps in (0, 4, 10, 50)] == [2, 6, 12, 12]


def test_opposite_and_equal_vectors(hashing):
    works = [Artwork(artwork_id=f"w{i}", title=f"T{i}") for i in range(4)]
    built = artifacts.build(catalogue_of(*works), hashing, atlas=False)
    vectors = unit(np.array([[1.0, 0], [-1, 0], [1, 0], [0, 1]]))
    collection = replace(built, vectors=vectors, index=ExactIndex(vectors))
    for end in (1, 2):
        rows = [hop.row for hop in path(collection, 0, end, 3)]
        assert (rows[0], rows[-1]) == (0, end)
        assert len(rows) == len(set(rows))


def test_a_hop_between_works_with_nothing_in_common_claims_nothing(hashing):
    works = [Artwork(artwork_id=f"w{i}", title=f"T{i}") for i in range(3)]
    built = artifacts.build(catalogue_of(*works), hashing, atlas=False)
    vectors = unit(np.array([[1.0, 0], [-1, 0], [0, 1]]))
    hop = path(replace(built, vectors=vectors, index=ExactIndex(vectors)), 0, 1, 0)[-1]
    assert hop.evidence == "little in common"


@pytest.mark.parametrize("name", [c.name for c in CHANNELS])
def test_likeness_is_a_number_whatever_is_known(toy, name):
    channel = next(c for c in CHANNELS if c.name == name)
    assert 0 <= likeness(channel, toy, 3, 3) <= 1 + 1e-6
