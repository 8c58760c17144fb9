"""The channel `community` in the recommender: it says what it rests on, and abstains where that is too little."""

import pytest
from helpers import SEAS, SQUARES

from artrec.channels import DEFAULT_WEIGHTS, PERSONAL_WEIGHTS
from artrec.channels.community import NOBODY_YET
from artrec.community.serving import Snapshot
from artrec.explanation import sentence
from artrec.profile import Profile
from artrec.recommender import Request

WEIGHTS = DEFAULT_WEIGHTS | PERSONAL_WEIGHTS
CROSSING = (SEAS[0], SQUARES[5])  # seven people like these two, which have nothing else in common


def asked(toy, toy_recommender, likes, opinions, me=None, weights=WEIGHTS, k=5):
    voices = Snapshot.of(opinions, toy.catalogue, k).asked_by(me)
    return toy_recommender.recommend(Request(profile=Profile(likes), n=12, weights=weights, voices=voices))


def crossing(people=7):
    return [(p, work, 1.0, 0.0) for p in range(people) for work in CROSSING]


def test_people_bring_what_no_record_shows(toy, toy_recommender):
    alone = toy_recommender.recommend(Request(profile=Profile((SEAS[0],)), n=12)).results
    together = asked(toy, toy_recommender, (SEAS[0],), crossing()).results
    before, after = ({r.artwork.artwork_id: r.rank for r in found} for found in (alone, together))
    assert after[SQUARES[5]] < before[SQUARES[5]]
    result = next(r for r in together if r.artwork.artwork_id == SQUARES[5])
    told = next(c for c in result.contributions if c.channel == "community")
    assert told.source == SEAS[0] and told.evidence == "7 people who like it like this too" and told.label == "community"
    assert "you liked Storm off the Cape (7 people who like it like this too" in sentence(result, toy)
    assert [r for r in together if any(c.channel == "community" for c in r.contributions)] == [result]
    assert sum(c.amount for c in result.contributions) == pytest.approx(result.score, abs=1e-9)


def test_several_likes_that_carry_are_said(toy, toy_recommender):
    opinions = [(p, work, 1.0, 0.0) for p in range(8) for work in (*SEAS[:2], SQUARES[5])]
    found = asked(toy, toy_recommender, SEAS[:2], opinions).results
    told = [c.evidence for r in found for c in r.contributions if c.channel == "community"]
    assert told == ["8 people who like this and other works you like like this too"] or told == [
        "8 people who like it and other works you like, like this too"
    ]


@pytest.mark.parametrize(
    ("likes", "people", "me", "why"),
    [
        ((SEAS[0],), 4, None, "at least 5 other people; there are 4"), ((SEAS[0],), 5, 0, "there are 4"),
        ((SEAS[3],), 7, None, "share a like with you"),
    ],
)  # fmt: skip
def test_it_abstains_and_says_why(toy, toy_recommender, likes, people, me, why):
    response = asked(toy, toy_recommender, likes, crossing(people), me)
    plain = toy_recommender.recommend(Request(profile=Profile(likes), n=12))
    assert [n for n in response.notes if n.startswith(NOBODY_YET) and why in n]
    assert [(r.row, r.score) for r in response.results] == [(r.row, r.score) for r in plain.results]


def test_without_a_community_nothing_is_said_of_it(toy_recommender):
    response = toy_recommender.recommend(Request(profile=Profile((SEAS[0],)), n=3, weights=WEIGHTS))
    assert not response.notes and "community" not in response.table.columns


def test_never_who(toy, toy_recommender):
    """Names and numbers of people are nowhere in what comes back."""
    opinions = [(f"Blue Heron {p}", work, 1.0, 0.0) for p in range(7) for work in CROSSING]
    response = asked(toy, toy_recommender, (SEAS[0],), opinions)
    assert "Heron" not in repr([(r.contributions, r.shares, sentence(r, toy)) for r in response.results])


def test_community_alone(toy, toy_recommender):
    response = asked(toy, toy_recommender, (SEAS[0],), crossing(), weights={"community": 1.0})
    assert response.results[0].artwork.artwork_id == SQUARES[5] and response.results[0].score == pytest.approx(1)
    assert all(r.score == 0 for r in response.results[1:])
