"""What is said about a score is true of it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from helpers import SEAS, SQUARES
from helpers_ranking import ids, laws, requests
from hypothesis import given

from artrec.channels import NAMES
from artrec.explanation import SAID, WORTH_SAYING, Faithfulness, counterfactuals, faithfulness, in_short, label_of, sentence
from artrec.profile import Profile
from artrec.recommender import Request

QUESTIONS = (
    Request(profile=Profile(likes=SEAS[:2]), n=10), Request(profile=Profile(likes=SQUARES[:3]), n=9),
    Request("red squares on a grid", n=10), Request("calm sea with boats and a moon", n=10),
    Request("playful circles", Profile(likes=SQUARES[:1]), n=10), Request("blue", Profile(SEAS[:1], SQUARES[:1]), n=10),
)  # fmt: skip


@laws
@given(requests())
def test_counterfactuals_are_what_asking_again_gives(toy_recommender, request_):
    response = toy_recommender.recommend(request_)
    for result in response.results[:3]:
        found = counterfactuals(toy_recommender, response, result)
        assert len({(f.kind, f.removed) for f in found}) == len(found)
        for one in found:
            assert one.before == result.rank
            if one.kind == "like":
                assert one.removed in request_.profile.likes
                without = replace(request_, profile=request_.profile.without(one.removed), n=request_.n)
                if not (without.query.strip() or without.profile):
                    assert one.after is None
                    continue
            else:
                without = replace(request_, weights={**request_.weights, one.removed: 0.0})
            assert one.after == toy_recommender.recommend(without).table.rank(result.row)


def test_taking_the_only_reason_away_makes_a_work_fall(toy_recommender):
    response = toy_recommender.recommend(Request(profile=Profile(likes=(SEAS[0], SQUARES[0], SQUARES[1])), n=8))
    first = next(r for r in response.results if r.artwork.artwork_id in SEAS)
    fall = next(f for f in counterfactuals(toy_recommender, response, first) if f.removed == SEAS[0])
    assert fall.kind == "like" and fall.after > fall.before


def test_the_only_like_taken_away_leaves_no_list(toy_recommender):
    response = toy_recommender.similar(SEAS[0], 3)
    found = counterfactuals(toy_recommender, response, response.results[0])
    assert [(f.removed, f.after) for f in found if f.kind == "like"] == [(SEAS[0], None)]


def test_the_sentence_names_the_largest_weighted_reasons_not_the_largest_values(toy_recommender):
    """Movement has the value 1, the most there is, and hardly any weight: it must not be what is said."""
    weights = {"movement": 0.02, "subject": 1.0, "text": 0.5}
    response = toy_recommender.recommend(Request(profile=Profile(likes=("umibe-storm",)), n=1, weights=weights))
    result = response.results[0]
    raw = max(result.contributions, key=lambda c: c.value)
    assert raw.channel == "movement"
    assert result.contributions[0].channel != "movement"
    said = sentence(result, toy_recommender.collection)
    assert said == "Because you liked Storm off the Cape (both show waves and boats, close in meaning)."
    loud = toy_recommender.recommend(replace(response.request, weights=weights | {"movement": 9.0}))
    assert "both Ukiyo-e" in sentence(loud.results[0], toy_recommender.collection)


@laws
@given(requests())
def test_the_sentence_says_the_largest_contributions_and_no_others(toy_recommender, request_):
    for result in toy_recommender.recommend(request_).results:
        said = sentence(result, toy_recommender.collection)
        assert said.endswith(".") and "\n" not in said
        worth = [c for c in result.contributions if c.amount > 0 and c.amount >= WORTH_SAYING * result.score and c.evidence]
        assert all(a.amount >= b.amount for a, b in pairwise(worth))
        for contribution in worth[:SAID]:
            assert contribution.evidence in said
            if contribution.source in toy_recommender.collection.catalogue:
                assert label_of(contribution.source, toy_recommender.collection) in said
        if not worth:
            assert said == ("It passes your filters." if result.relevance is None else "Nothing in particular speaks for it.")


def test_in_short_the_two_largest_are_said(toy_recommender):
    collection = toy_recommender.collection
    for request_ in QUESTIONS:
        for result in toy_recommender.recommend(request_).results:
            told = [c for c in result.contributions if c.amount > 0 and c.amount >= WORTH_SAYING * result.score and c.evidence]
            short = in_short(result, collection)
            assert all(c.evidence in short for c in told[:2])
            assert all(c.source not in collection.catalogue or label_of(c.source, collection) in short for c in told[:2])
            assert bool(short) == bool(told)


@laws
@given(requests())
def test_a_source_is_where_most_of_the_channel_comes_from(toy_recommender, request_):
    response = toy_recommender.recommend(request_)
    catalogue = toy_recommender.collection.catalogue
    names = ["", *(catalogue[int(row)].artwork_id for row in response.taste.likes), "dislikes"]
    for result in response.results:
        at = int(np.flatnonzero(response.table.scored.rows == result.row)[0])
        for contribution in result.contributions:
            parts = response.table.columns[contribution.channel].parts[at]
            if contribution.amount > 0:
                assert parts[names.index(contribution.source)] == parts.max()
            else:
                assert contribution.source == ""
                assert contribution.evidence == "nothing in common here"


def test_shares_go_to_the_liked_work_responsible(toy_recommender):
    response = toy_recommender.recommend(Request(profile=Profile(likes=(SEAS[0], SQUARES[0])), n=8))
    for result in response.results:
        own = SEAS[0] if result.artwork.artwork_id in SEAS else SQUARES[0]
        assert result.shares[0].source == own
        assert result.shares[0].amount > 0.7 * result.score
    asked = toy_recommender.search("Bauhaus circles")
    assert [s.source for s in asked.results[0].shares] == ["query"]


def test_the_reasons_named_first_matter_most(toy_recommender):
    falls = []
    for request_ in QUESTIONS:
        for seed in range(5):
            found = faithfulness(toy_recommender, toy_recommender.recommend(request_), seed)
            assert isinstance(found, Faithfulness) and 0 < found.works <= request_.n
            falls.append((found.top_fall, found.random_fall))
    top, other = np.mean(falls, axis=0)
    assert top >= other
    assert top > 0


def test_faithfulness_by_hand(toy_recommender):
    response = toy_recommender.recommend(replace(QUESTIONS[2], weights={"text": 1.0, "words": 1.0}))
    found = faithfulness(toy_recommender, response)  # of two reasons the random other one is the second
    drops, works = np.zeros(2), 0
    for result in response.results:
        if len(reasons := [c.channel for c in result.contributions if c.amount > 0]) == 2:
            for place, muted in enumerate(reasons):
                again = toy_recommender.recommend(replace(response.request, weights={n: 1.0 for n in reasons if n != muted}))
                drops[place] += again.table.rank(result.row) - result.rank
            works += 1
    assert found == Faithfulness(*(drops / works), works)


def test_one_reason_cannot_be_tested(toy_recommender):
    response = toy_recommender.recommend(Request(profile=Profile(likes=SEAS[:1]), weights={"artist": 1.0}))
    assert faithfulness(toy_recommender, response) is None


def test_names_for_people(toy):
    assert label_of("text", toy) == "meaning"
    assert label_of("umibe-storm", toy) == "Storm off the Cape"
    assert label_of("query", toy) == "query"


def test_an_explanation_of_nothing(toy_recommender):
    response = toy_recommender.recommend(Request("type:print", n=2))
    assert [sentence(r, toy_recommender.collection) for r in response.results] == ["It passes your filters."] * 2
    muted = toy_recommender.recommend(Request("sea", weights=dict.fromkeys(NAMES, 0.0), n=1))
    assert sentence(muted.results[0], toy_recommender.collection) == "Nothing in particular speaks for it."
    assert counterfactuals(toy_recommender, muted, muted.results[0]) == ()
    assert ids(muted)
