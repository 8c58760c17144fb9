"""Events → a profile; what fades; how a mood is met; and that reasons still add up to the score with all of it."""

from dataclasses import dataclass

import numpy as np
import pytest
from helpers import SEAS, SQUARES
from helpers_ranking import laws
from hypothesis import given
from hypothesis import strategies as st

from artrec import heads
from artrec.channels import DEFAULT_WEIGHTS, EVERY_LABEL, PERSONAL_WEIGHTS
from artrec.community.serving import Snapshot
from artrec.explanation import counterfactuals, sentence
from artrec.heads import Head
from artrec.learning import mood, taste
from artrec.learning.decay import DAY, faded
from artrec.learning.lessons import Opinion
from artrec.learning.notes import sentiment
from artrec.profile import Leaning, Profile
from artrec.reading import note_features
from artrec.recommender import Request

EVERY_WEIGHT = DEFAULT_WEIGHTS | PERSONAL_WEIGHTS


@dataclass
class Did:
    kind: str
    artwork_id: str
    value: float | None = None
    text: str | None = None
    at: float = 0.0

    @property
    def strength(self):
        return (self.value - 3) / 2 if self.kind == "rating" else {"like": 1.0, "dislike": -1.0}.get(self.kind)


def learned(toy, *events, **options):
    return taste.learn(events, toy.catalogue, **options)


# --- what fades ---


@given(st.lists(st.floats(0, 1e9) | st.just(float("nan")), max_size=10), st.floats(1, 1000))
def test_strength_fades_and_order_is_kept(times, half_life):
    found = faded(times, half_life)
    known = np.isfinite(times) if times else np.array([], dtype=bool)
    assert len(found) == len(times) and ((found > 0) & (found <= 1)).all() and (found[~known] == 1).all()
    if known.any():
        given_ = np.array(times)[known]
        assert found[known].max() == 1
        assert (np.diff(found[known][np.argsort(given_)]) >= 0).all()


def test_half_a_life_is_half_a_strength():
    np.testing.assert_allclose(faded([0, 30 * DAY, 60 * DAY], 30), [0.25, 0.5, 1])
    np.testing.assert_allclose(faded([0, 30 * DAY], float("inf")), 1)


def test_an_old_like_carries_less(toy_recommender):
    def best(*strengths):
        profile = Profile((SEAS[0], SQUARES[0]), strengths=strengths)
        found = toy_recommender.recommend(Request(profile=profile, n=12)).results
        return found[0].artwork.artist

    assert best((SEAS[0], 0.1)) == "Karla Winkel" and best((SQUARES[0], 0.1)) == "Hanako Umibe"


# --- events ---


def test_the_last_word_on_a_work_counts(toy):
    found = learned(
        toy, Did("like", SEAS[0], at=1), Did("dislike", SEAS[0], at=2), Did("like", SEAS[1], at=3), Did("clear", SEAS[1], at=4),
        Did("rating", SEAS[2], 4, at=5), Did("rating", SEAS[3], 3, at=6), Did("rating", SEAS[4], 1, at=7),
        Did("like", "gone", at=8), Did("like", SQUARES[0], at=9), half_life=float("inf"),
    )  # fmt: skip
    assert found.profile.likes == (SEAS[2], SQUARES[0]) and found.profile.dislikes == (SEAS[0], SEAS[4])
    assert dict(found.profile.strengths) == {SEAS[2]: 0.5}
    assert found.opinions == (
        Opinion(SEAS[0], False), Opinion(SEAS[2], True, 0.5), Opinion(SEAS[4], False), Opinion(SQUARES[0], True)
    )  # fmt: skip


def test_looking_counts_weakly_and_only_where_nothing_was_said(toy, toy_recommender):
    found = learned(toy, Did("view", SEAS[0], 600), Did("view", SEAS[1], 2), Did("view", SEAS[2], 60), Did("like", SEAS[2]))
    assert found.profile.glances == ((SEAS[0], taste.LOOK_COUNTS),) and len(found.opinions) == 1
    profile = Profile((SQUARES[0],), glances=((SEAS[0], 0.2),))
    results = toy_recommender.recommend(Request(profile=profile, n=12)).results
    plain = toy_recommender.recommend(Request(profile=Profile((SQUARES[0],)), n=12)).results
    score = {r.artwork.artwork_id: r.score for r in results}
    before = {r.artwork.artwork_id: r.score for r in plain}
    assert all(score[i] > before[i] for i in SEAS[1:3]), "what is like it rises"
    assert results[0].artwork.artwork_id in SQUARES and SEAS[0] in score, "but less than by a like; and it is not taken as seen"
    assert score[SEAS[0]] == pytest.approx(before[SEAS[0]]), "and does not speak for itself"
    looked = next(r for r in results if r.artwork.artwork_id == SEAS[1])
    assert "you looked at Storm off the Cape" in sentence(looked, toy.catalogue and toy)
    assert Profile(glances=((SEAS[0], 0.2),)).without(SEAS[0]) == Profile()


def test_notes_and_boards_count_half_where_nothing_else_was_said(toy):
    feels = {"wonderful": 1.0, "horrible": -1.0}.get
    found = learned(
        toy, Did("note", SEAS[0], text="wonderful"), Did("note", SEAS[1], text="horrible"), Did("save", SEAS[2], text="board"),
        Did("note", SEAS[3], text="horrible"), Did("like", SEAS[3]), Did("note", taste.TASTE, text="more waves"),
        sentiment=feels,
    )  # fmt: skip
    assert set(found.profile.likes) == {SEAS[0], SEAS[2], SEAS[3]} and found.profile.dislikes == (SEAS[1],)
    assert dict(found.profile.strengths) == {SEAS[0]: 0.5, SEAS[1]: 0.5, SEAS[2]: 0.5}
    assert found.profile.leanings == (Leaning("subjects", "waves", 0.8),)
    assert len(found.notes) == 4


def test_sentiment_without_heads_is_the_lexicons(hashing):
    for reader in (hashing, None):
        assert sentiment("wonderful, I love it", reader) == 1 and sentiment("horrible and ugly", reader) == -1
        assert sentiment("a boat", reader) == sentiment("  ", reader) == 0


def test_sentiment_with_a_head_is_the_heads_unless_the_lexicon_contradicts(hashing, monkeypatch):
    width = note_features(["x"], hashing.encode(["x"])).shape[1]

    def always(label, bias=2.0):
        labels = ("negative", "neutral", "positive")
        head = Head("sentiment", labels, np.zeros((3, width), np.float32), np.array([bias * (x == label) for x in labels]))
        monkeypatch.setattr(heads, "load_heads", lambda folder, encoder: {"sentiment": head})

    always("positive")
    assert sentiment("It looks like thunder.", hashing) == pytest.approx(np.exp(2) / (np.exp(2) + 2), abs=1e-5)
    assert sentiment("Horrible and ugly.", hashing) == 0
    always("neutral")
    assert sentiment("Horrible and ugly.", hashing) == 0
    always("negative", 0.1)  # a bare guess
    assert sentiment("Horrible and ugly.", hashing) == 0


# --- moods ---


def test_to_match_is_to_stay_and_to_lift_is_to_rise_and_settle():
    for name, (valence, arousal) in mood.MOODS.items():
        same, lifted = mood.aim(name, mood.MATCH), mood.aim(name, mood.LIFT)
        assert same.fits(mood.MOODS)[0][1] == pytest.approx(1) and (same.valence, same.arousal) == (valence, arousal)
        assert lifted.valence >= max(valence, 0.7) and abs(lifted.arousal) <= abs(arousal)
        assert name in same.rule and name in lifted.rule and "Nearest" in lifted.rule
        assert all(-1 <= x <= 1 for x in (valence, arousal))
    lonely = dict(mood.aim("lonely", mood.LIFT).fits(mood.MOODS))
    assert lonely["tender"] > 0.8 > 0.2 > lonely["lonely"]


def test_the_mood_of_the_moment_orders_works(toy, toy_recommender):
    def first(mode):
        fits = tuple(mood.aim("lonely", mode).fits(mood.MOODS))
        response = toy_recommender.recommend(Request(profile=Profile(feeling=fits), n=12, weights=EVERY_WEIGHT))
        assert [c.channel for c in response.results[0].contributions] == ["feeling"]
        return response.results[0]

    assert "lonely" in first(mood.MATCH).artwork.moods and "lonely" not in first(mood.LIFT).artwork.moods
    assert "(your mood now)" in sentence(first(mood.MATCH), toy)
    assert [s.source for s in first(mood.LIFT).shares] == ["feeling"]


def test_moods_that_the_rule_does_not_know_are_left_out():
    assert mood.aim("calm", mood.MATCH).fits(["calm", "unheard of"]) == [("calm", 1.0)]


# --- everything together ---


def town():
    return [(p, work, 1.0, 0.0) for p in range(14) for work in (SEAS if p < 7 else SQUARES)[:4]]


WISHES = (
    Leaning("moods", "calm", 0.8), Leaning("moods", "dramatic", -0.5), Leaning("subjects", "boats", 0.7),
    Leaning("colour", "blue", -1.0), Leaning("movement", "Bauhaus", 0.4), Leaning("type", "print", -0.3),
)  # fmt: skip
ids = st.lists(st.sampled_from(SEAS + SQUARES), max_size=4, unique=True).map(tuple)
strengths = st.lists(st.tuples(st.sampled_from(SEAS + SQUARES), st.floats(0.01, 1)), max_size=5).map(tuple)
profiles = st.builds(
    Profile, ids, ids, strengths, strengths, st.lists(st.sampled_from(WISHES), max_size=4, unique=True).map(tuple),
    st.sampled_from(((), tuple(mood.aim("lonely", mood.LIFT).fits(mood.MOODS)))),
)  # fmt: skip


@laws
@given(profiles, st.sampled_from(("", "blue boats", "type:print")), st.booleans())
def test_contributions_and_shares_still_add_up(toy, toy_recommender, profile, query, community):
    voices = Snapshot.of(town(), toy.catalogue) if community else None
    if not (profile or query):
        profile = Profile((SEAS[0],))
    response = toy_recommender.recommend(Request(query, profile, 12, EVERY_WEIGHT, voices=voices))
    for result in response.results:
        assert sum(c.amount for c in result.contributions) == pytest.approx(result.score, abs=1e-9)
        assert sum(s.amount for s in result.shares) == pytest.approx(result.score, abs=1e-6)
        assert 0 <= result.score <= 1 and all(c.amount >= 0 and c.evidence and c.label for c in result.contributions)
        assert sentence(result, toy)
    for name, column in response.table.columns.items():
        total = column.parts.sum(axis=1) + (0 if column.own is None else column.own)
        np.testing.assert_allclose(np.nan_to_num(column.values), total, atol=1e-5, err_msg=name)
        assert name in EVERY_LABEL
    for result in response.results[:1]:
        assert all(c.before >= 1 for c in counterfactuals(toy_recommender, response, result))


@laws
@given(profiles)
def test_without_their_weights_personal_reasons_say_nothing(toy_recommender, profile):
    if not (profile.likes or profile.dislikes):
        profile = Profile((SEAS[0],), (), profile.strengths)
    full = toy_recommender.recommend(Request(profile=profile, n=12))
    bare = Profile(profile.likes, profile.dislikes, profile.strengths, profile.glances)
    plain = toy_recommender.recommend(Request(profile=bare, n=12))
    assert [r.score for r in full.results] == [r.score for r in plain.results]


def test_wishes_say_what_they_met(toy, toy_recommender):
    profile = Profile((SEAS[0],), leanings=WISHES[:2])
    results = toy_recommender.recommend(Request(profile=profile, n=12, weights=EVERY_WEIGHT)).results
    said = {r.artwork.artwork_id: c.evidence for r in results for c in r.contributions if c.channel == "notes"}
    assert said["umibe-harbour"] == "calm, not dramatic (your notes)"
    assert said["umibe-great-wave"] == "not what your notes ask for"
    rank = {r.artwork.artwork_id: r.rank for r in results}
    assert rank["umibe-harbour"] < rank["umibe-great-wave"]
