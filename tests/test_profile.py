"""Likes and dislikes as rows."""

import pytest
from helpers import SEAS, SQUARES, WORKS, catalogue_of, toy_catalogue
from hypothesis import given
from hypothesis import strategies as st

from artrec.errors import UnknownArtwork
from artrec.profile import MAX_REMEMBERED, Profile

CATALOGUE = toy_catalogue()
ids = st.lists(st.sampled_from(SEAS + SQUARES), max_size=8).map(tuple)


@given(ids, ids)
def test_liked_and_disliked_never_meet_and_nothing_is_forgotten(likes, dislikes):
    taste = Profile(likes, dislikes).taste(CATALOGUE)
    liked, disliked = taste.all_likes.tolist(), taste.all_dislikes.tolist()
    assert not set(liked) & set(disliked)
    assert {CATALOGUE[row].artwork_id for row in disliked} == set(dislikes)
    assert {CATALOGUE[row].artwork_id for row in liked} == set(likes) - set(dislikes)
    assert len(set(liked)) == len(liked) and len(set(disliked)) == len(disliked)
    assert sorted(taste.seen.tolist()) == sorted(liked + disliked)
    assert taste.seen.dtype == taste.likes.dtype == taste.dislikes.dtype == "int64"


def test_order_is_kept():
    taste = Profile((SEAS[3], SQUARES[1], SEAS[0])).taste(CATALOGUE)
    assert taste.likes.tolist() == [3, 7, 0]


@given(ids, ids, st.sampled_from(SEAS))
def test_without_takes_one_work_away_and_nothing_else(likes, dislikes, gone):
    rest = Profile(likes, dislikes).without(gone)
    assert rest.likes == tuple(i for i in likes if i != gone)
    assert rest.dislikes == tuple(i for i in dislikes if i != gone)


def test_examples_of_a_query_are_added():
    profile = Profile(("umibe-storm",)).with_examples(("umibe-tide",), ("winkel-chess",))
    assert profile == Profile(("umibe-storm", "umibe-tide"), ("winkel-chess",))
    assert Profile() == Profile().with_examples((), ())


def test_an_empty_profile_is_false():
    assert not Profile() and Profile(("a",)) and Profile(dislikes=("a",))
    taste = Profile().taste(CATALOGUE)
    assert len(taste.likes) == len(taste.dislikes) == len(taste.seen) == 0


def test_only_the_newest_are_weighed_but_all_stay_seen():
    works = [WORKS[0].model_copy(update={"artwork_id": f"w{n}"}) for n in range(2 * MAX_REMEMBERED)]
    everything = tuple(work.artwork_id for work in works)
    taste = Profile(everything).taste(catalogue_of(*works))
    assert taste.likes.tolist() == list(range(MAX_REMEMBERED, 2 * MAX_REMEMBERED))
    assert len(taste.seen) == len(works)


def test_an_id_that_is_not_here_is_refused():
    with pytest.raises(UnknownArtwork, match="umibe-strom"):
        Profile(("umibe-strom",)).taste(CATALOGUE)
    with pytest.raises(UnknownArtwork):
        Profile(dislikes=("nobody",)).taste(CATALOGUE)
