"""A community that is asked: what carries an opinion, who stands behind it, how it is made anew, and what noise hides."""

import threading
import time

import numpy as np
import pytest
import scipy.sparse as sp
from helpers import SEAS, SQUARES, toy_catalogue
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.channels.community import NOBODY_YET
from artrec.community import differential
from artrec.community.differential import Budget, Release, discrete_laplace, read_budget, released, switch_on
from artrec.community.evidence import Evidence
from artrec.community.refresh import Refresher
from artrec.community.serving import Snapshot
from artrec.errors import ArtrecError
from artrec.profile import Profile

CATALOGUE = toy_catalogue()
ROWS = np.arange(len(CATALOGUE))


def town(people: int = 6, wide: int = 4) -> list[tuple]:
    """Half the people like the first seas, half the first squares."""
    return [(person, work, 1.0, 0.0) for person in range(2 * people) for work in (SEAS if person < people else SQUARES)[:wide]]


def hear(snapshot, *likes, strengths=None):
    return snapshot.hear(ROWS, np.array([CATALOGUE.row(i) for i in likes], dtype=np.int64), strengths)


likes_of = st.lists(st.lists(st.integers(0, 7), max_size=6, unique=True), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(likes_of, st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True), st.data())
def test_people_behind_a_work_are_counted_as_by_hand(table, works, data):
    users = [u for u, row in enumerate(table) for _ in row]
    columns = [w for row in table for w in row]
    likes = sp.csr_matrix((np.ones(len(users), dtype=bool), (users, columns)), shape=(len(table), 8))
    carried = np.array(
        data.draw(st.lists(st.lists(st.booleans(), min_size=len(works), max_size=len(works)), min_size=8, max_size=8))
    )
    evidence = Evidence(likes)
    by_hand = [
        sum(work in row and any(c and w in row for c, w in zip(carried[work], works, strict=True)) for row in table)
        for work in range(8)
    ]
    assert evidence.people(np.array(works), carried).tolist() == by_hand
    both = [[sum(work in row and w in row for row in table) for w in works] for work in range(8)]
    assert evidence.both(np.array(works)).tolist() == both
    assert Evidence(likes).without(0).both(np.array(works)).sum() <= np.sum(both)


def test_people_who_like_what_you_like_carry_the_rest_of_it():
    heard = hear(Snapshot.of(town(), CATALOGUE), SEAS[0], SEAS[1])
    told = {CATALOGUE[row].artwork_id: int(n) for row, n in enumerate(heard.people) if n}
    assert told == {SEAS[2]: 6, SEAS[3]: 6}
    assert (heard.parts >= 0).all() and (heard.parts.sum(axis=1) <= 1 + 1e-6).all()
    assert (heard.parts[heard.people == 0] == 0).all() and (heard.parts.sum(axis=1)[heard.people > 0] > 0).all()


@pytest.mark.parametrize(("people", "speaks"), [(4, False), (5, True)])
def test_fewer_than_k_people_are_no_evidence(people, speaks):
    heard = hear(Snapshot.of(town(people), CATALOGUE, k=5), SEAS[0])
    assert heard.people.any() == speaks == heard.parts.any()


def test_nobody_is_evidence_for_themselves():
    snapshot = Snapshot.of(town(5), CATALOGUE)
    assert hear(snapshot, SEAS[0]).people.max() == 5
    assert hear(snapshot.asked_by(99), SEAS[0]).people.max() == 5
    assert not hear(snapshot.asked_by(0), SEAS[0]).people.any()
    assert "fewer than 5" in snapshot.asked_by(0).silence(Profile(SEAS[:1]).taste(CATALOGUE)).lower()


def test_dislikes_low_ratings_and_works_from_elsewhere_are_no_likes():
    opinions = [(p, work, -1.0, 0.0) for p in range(9) for work in SEAS] + [(p, "elsewhere", 1.0, 0.0) for p in range(9)]
    snapshot = Snapshot.of(opinions, CATALOGUE)
    assert snapshot.opinions == 0 and snapshot.model is None and not len(snapshot.rows)
    assert not hear(snapshot, SEAS[0]).people.any()
    assert snapshot.silence(Profile().taste(CATALOGUE)).startswith(NOBODY_YET)


def test_a_weaker_like_carries_less():
    opinions = town() + [(20 + p, work, 1.0, 0.0) for p in range(6) for work in (SEAS[0], SQUARES[0], SEAS[4])]
    both = [SEAS[1], SQUARES[0]]
    even = hear(Snapshot.of(opinions, CATALOGUE), *both)
    weak = hear(Snapshot.of(opinions, CATALOGUE), *both, strengths=np.array([1.0, 0.1]))
    row = CATALOGUE.row(SQUARES[1])
    assert 0 < weak.parts[row, 1] < even.parts[row, 1]


def test_what_is_made_beforehand_changes_nothing():
    cold, warm = Snapshot.of(town(), CATALOGUE), Snapshot.of(town(), CATALOGUE).warmed()
    np.testing.assert_array_equal(hear(cold, SEAS[0], SQUARES[1]).parts, hear(warm, SEAS[0], SQUARES[1]).parts)
    assert Snapshot.of([], CATALOGUE).warmed().model is None


def test_noise_alone_is_rarely_taken_for_people():
    """Of 40 releases of a community in which nobody likes anything twice, hardly a pair is heard."""
    opinions = [(p, work, 1.0, 0.0) for p, work in enumerate(SEAS + SQUARES)]
    kept = [Release.of(opinions, CATALOGUE, 1.0, rng=np.random.default_rng(seed)).pairs.nnz for seed in range(40)]
    assert sum(kept) <= 40 * 12 * differential.DOUBT * 2


def test_more_likes_than_bits_are_asked_with_the_newest():
    rows = np.tile(ROWS, 8)[:90]
    heard = Snapshot.of(town(), CATALOGUE).hear(ROWS, rows, None)
    assert heard.parts.shape == (len(ROWS), 90) and not heard.parts[:, :26].any()


# --- made anew beside the app ---


class Log:
    """A store's events, as many as are said."""

    def __init__(self):
        self.last = self.removed = 0

    def last_event(self):
        return self.last

    def count(self, room=None, since_event=0):
        return self.last - since_event - (0 if since_event else self.removed)


class Whole:
    """A snapshot in two halves: a torn one would hold different numbers."""

    def __init__(self, number, slow=0.0):
        self.first = number
        time.sleep(slow)
        self.second = number


def test_a_model_is_swapped_in_whole_and_never_by_two_at_once():
    log, made, inside, most = Log(), [], [], []

    def build():
        inside.append(1)
        most.append(len(inside))
        made.append(Whole(log.last, 0.01))
        inside.pop()
        return made[-1]

    refresher = Refresher(log, build, after=5)
    assert refresher.current(wait=5) is made[0]
    stop, torn, seen = threading.Event(), [], set()

    def ask():
        while not stop.is_set():
            found = refresher.current()
            seen.add(id(found))
            if found.first != found.second:
                torn.append(found)
            time.sleep(0.001)

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for _ in range(40):
        log.last += 1
        time.sleep(0.005)
    stop.set()
    for asker in askers:
        asker.join()
    assert refresher.wait(5) and not torn and max(most) == 1
    assert 1 < len(made) <= 9 and len(seen) > 1, "one to begin with, and one for every five of forty events at most"
    refresher.current()
    assert refresher.wait(5) and log.last - refresher.current().first < 5


def test_a_model_is_made_anew_after_n_events_or_when_any_are_gone():
    log, made = Log(), []
    refresher = Refresher(log, lambda: made.append(log.last) or Whole(log.last), after=3)

    def settled():
        refresher.current()
        assert refresher.wait(5)
        return list(made)

    log.last = 10
    assert settled() == [10]
    log.last = 12
    assert not refresher.stale() and settled() == [10]
    log.last = 13
    assert refresher.stale() and settled() == [10, 13]
    log.removed = 1  # somebody had themselves forgotten
    assert refresher.stale() and settled() == [10, 13, 13]
    assert not refresher.stale()


def test_asking_never_waits_for_a_fit():
    log, go = Log(), threading.Event()
    refresher = Refresher(log, lambda: go.wait(5) and Whole(log.last), after=1)
    assert refresher.current() is None
    go.set()
    assert refresher.wait(5)
    first = refresher.current()
    go.clear()
    log.last = 1
    assert refresher.current() is first
    go.set()
    assert refresher.wait(5) and refresher.current() is not first


def test_a_fit_that_fails_leaves_the_old_model_and_tries_again_later():
    log, fails = Log(), [False]

    def build():
        if fails[0]:
            raise ArtrecError("No.", "")
        return Whole(log.last)

    refresher = Refresher(log, build, after=1)
    first = refresher.current(wait=5)
    fails[0], log.last = True, 1
    assert refresher.current() is first and refresher.wait(5)
    assert refresher.current() is first and not refresher.stale()
    fails[0], log.last = False, 2
    refresher.current()
    assert refresher.wait(5) and refresher.current().first == 2


# --- differential privacy ---


def test_discrete_laplace_has_the_law_it_claims():
    drawn = discrete_laplace(3.0, 200_000, np.random.default_rng(0))
    ratio = np.exp(-1 / 3.0)
    for x in (0, 1, 2, 5):
        expected = (1 - ratio) / (1 + ratio) * ratio**x
        assert np.mean(drawn == x) == pytest.approx(expected, rel=0.04)
        assert np.mean(drawn == -x) == pytest.approx(expected, rel=0.04)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.sets(st.sampled_from(SEAS + SQUARES), max_size=12), st.integers(1, 5))
def test_one_person_changes_the_table_by_no_more_than_the_noise_covers(likes, most):
    """Without noise (ε so large that it vanishes), the tables with and without a person differ by at most most·(most+1)/2."""
    base = [(p, work, 1.0, 0.0) for p in range(8) for work in SEAS[:3]]
    alone = Release.of(base, CATALOGUE, 1e9, k=0, most=most)
    joined = Release.of(base + [(99, work, 1.0, 0.0) for work in likes], CATALOGUE, 1e9, k=0, most=most)
    assert abs(sp.triu(joined.pairs) - sp.triu(alone.pairs)).sum() <= most * (most + 1) / 2
    assert abs(joined.people - alone.people) <= 1


def test_a_large_community_is_heard_through_the_noise_and_a_class_is_not():
    many = Release.of(town(600), CATALOGUE, 1.0, rng=np.random.default_rng(1))
    heard = hear(many, SEAS[0], SEAS[1])
    assert {CATALOGUE[row].artwork_id for row in np.flatnonzero(heard.people)} == set(SEAS[2 : differential.MOST_LIKES])
    assert heard.people.max() == pytest.approx(600, abs=60) and many.about
    few = Release.of(town(3), CATALOGUE, 1.0, rng=np.random.default_rng(1))
    assert not hear(few, SEAS[0]).people.any()
    assert "ε = 1" in few.silence(Profile(SEAS[:1]).taste(CATALOGUE))
    assert not hear(many).people.any()


class Kept:
    def __init__(self):
        self.values = {}

    def get(self, key, default=None):
        return self.values.get(key, default)

    def update(self, key, change, default=None):
        self.values[key] = change(self.values.get(key, default))
        return self.values[key]


def test_epsilon_is_spent_on_record_and_no_further_than_the_limit():
    kept, reads = Kept(), []

    def opinions():
        reads.append(1)
        return town(600)

    assert read_budget(kept, "") is None and not differential.is_on(kept, "")
    assert switch_on(kept, "", limit=2.0, each=1.0) == Budget(2.0, 1.0)
    first = released(kept, "", opinions, CATALOGUE, 100)
    released(kept, "", opinions, CATALOGUE, 149)
    assert len(reads) == 1, "it has not grown enough for another"
    again = Release.from_dict(kept.values["differential privacy:"]["release"], CATALOGUE)
    assert abs(again.pairs - first.pairs).nnz == 0 and again.people == first.people
    released(kept, "", opinions, CATALOGUE, 150)
    assert read_budget(kept, "").spent == (1.0, 1.0)
    last = released(kept, "", opinions, CATALOGUE, 900)
    assert len(reads) == 2 and read_budget(kept, "").total == 2.0, "the people are not read again once the budget is used up"
    assert abs(last.pairs - Release.from_dict(kept.values["differential privacy:"]["release"], CATALOGUE).pairs).nnz == 0
    with pytest.raises(ArtrecError, match="spent already"):
        switch_on(kept, "", limit=1.0, each=1.0)
    differential.switch_off(kept, "")
    assert not differential.is_on(kept, "") and read_budget(kept, "").total == 2.0


@pytest.mark.parametrize(("limit", "each"), [(1, 0), (1, -1), (1, 2), (1_000, 1), (20, 11), (float("nan"), 1)])
def test_an_epsilon_that_is_no_use_is_refused(limit, each):
    with pytest.raises(ArtrecError, match="ε"):
        switch_on(Kept(), "", limit, each)


def test_noise_on_every_pair_has_its_limit(monkeypatch):
    monkeypatch.setattr(differential, "MOST_WORKS", 11)
    with pytest.raises(ArtrecError, match="12"):
        Release.of(town(), CATALOGUE, 1.0)
