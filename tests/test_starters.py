"""Works and queries for somebody of whom nothing is known."""

from collections import Counter

import numpy as np
import pytest
from helpers import WORKS, catalogue_of, toy_catalogue
from hypothesis import given
from hypothesis import strategies as st

from artrec.features import Features
from artrec.lexical import stem, tokens
from artrec.places import region
from artrec.starters import FEWEST, ideas, works_apart
from artrec.text import passage


@given(st.integers(0, 1000), st.lists(st.integers(0, 11), unique=True), st.integers(1, 14))
def test_works_apart_are_of_those_given_and_repeatable(toy, seed, rows, n):
    rows = np.array(rows, dtype=np.int64)
    chosen = works_apart(toy, rows, n, seed)
    assert len(chosen) == len(set(chosen.tolist())) == min(n, len(rows))
    assert set(chosen.tolist()) <= set(rows.tolist())
    np.testing.assert_array_equal(chosen, works_apart(toy, rows, n, seed))


@given(st.integers(0, 1000))
def test_the_second_work_shares_nothing_with_the_first(toy, seed):
    first, second = (toy.catalogue[int(row)] for row in works_apart(toy, np.arange(12), 2, seed))
    assert first.artist != second.artist and first.century != second.century and first.type != second.type


def test_a_large_collection_is_sampled(toy):
    from types import SimpleNamespace

    works = [WORKS[i % 12].model_copy(update={"artwork_id": f"w{i}"}) for i in range(5_000)]
    catalogue = catalogue_of(*works)
    many = SimpleNamespace(catalogue=catalogue, features=Features(catalogue), vectors=np.tile(toy.vectors, (417, 1))[:5_000])
    assert len(set(works_apart(many, np.arange(5_000), 9, 0).tolist())) == 9


@pytest.mark.parametrize("seed", range(8))
def test_nine_of_the_starter_collection_differ(starter, seed):
    nine = [starter.catalogue[int(row)] for row in works_apart(starter, np.arange(len(starter)), 9, seed)]
    assert len({work.type for work in nine}) == 9
    assert len({work.century for work in nine}) >= 8
    assert max(Counter(region(work.country) for work in nine).values()) <= 2
    assert max(Counter(mood for work in nine for mood in work.moods).values()) <= 3


def test_ideas_name_what_the_records_hold():
    found = ideas(toy_catalogue(), each=2)
    again = [work.model_copy(update={"artwork_id": f"{work.artwork_id}-again"}) for work in WORKS]
    assert {idea.query for idea in found} == {"boats"}  # what fewer than four works have is no idea
    assert {idea.kind for idea in ideas(catalogue_of(*WORKS, *again), each=2)} >= {"mood", "theme"}
    for idea in ideas(catalogue_of(*WORKS, *again), each=2):
        held = [(*work.moods, *work.subjects) for work in (*WORKS, *again)]
        assert sum(idea.query in words for words in held) >= FEWEST
        assert idea.query in idea.label


def test_no_ideas_without_moods_and_subjects():
    bare = [work.model_copy(update={"moods": (), "subjects": ()}) for work in WORKS]
    assert ideas(catalogue_of(*bare)) == ()


@pytest.mark.parametrize("seed", range(5))
def test_ideas_of_the_starter_collection_find_their_works(starter, encoder, seed):
    from artrec.recommender import Recommender

    recommender = Recommender(starter, encoder)
    found = ideas(starter.catalogue, seed)
    assert Counter(idea.kind for idea in found) == {"mood": 3, "theme": 3, "lesson": 3}
    assert len({idea.query for idea in found}) == 9
    for idea in found:
        first = recommender.search(idea.query, 10).results
        assert sum(stem(idea.query.split()[-1]) in tokens(passage(r.artwork)) for r in first) >= 5, idea
