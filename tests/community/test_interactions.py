import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from artrec.community.interactions import History, Interactions

ENTRIES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(1, 7), st.integers(0, 1_000)), min_size=1, max_size=25,
    unique_by=lambda e: e[:2],
)  # fmt: skip


@given(ENTRIES)
def test_entries_come_in_order_of_time_and_people_keep_theirs(entries):
    users, works, values, times = zip(*entries, strict=True)
    data = Interactions.of(users, works, values, times, n_works=7, n_users=5, scale=(1, 7))
    assert (np.diff(data.times) >= 0).all() and data.timed
    for user in range(5):
        own = data.entries(user)
        assert (data.users[own] == user).all() and (np.diff(own) > 0).all()
    assert sum(len(data.entries(user)) for user in range(5)) == len(entries)
    assert data.matrix.sum() == sum(values) and data.counts.sum() == len(entries)
    assert data.people == len(set(users)) and data.known_works == len(set(works))
    assert sorted(map(tuple, zip(data.likes.users, data.likes.works, strict=True))) == sorted(
        (user, work) for user, work, value, _ in entries if value >= 5
    )


def test_likes_begin_in_the_upper_two_fifths_of_the_scale():
    assert Interactions.of([0] * 5, range(5), [1, 2, 3, 4, 5], n_works=5, scale=(1, 5)).likes.works.tolist() == [3, 4]
    assert Interactions.of([0] * 7, range(7), range(1, 8), n_works=7, scale=(1, 7)).likes.works.tolist() == [4, 5, 6]
    likes = Interactions.of([0, 1], [1, 0], n_works=2)
    assert likes.likes is likes and not likes.timed and likes.threshold == 0


def test_entries_without_a_time_come_first_and_times_can_be_left_out():
    data = Interactions.of([0, 0, 0], [0, 1, 2], None, [5.0, np.nan, 2.0], n_works=3)
    assert data.works.tolist() == [1, 2, 0] and not data.timed
    timed = Interactions.of([0, 0], [1, 0], None, [2, 1], n_works=2)
    assert timed.timed and not timed.untimed().timed and timed.untimed().works.tolist() == [0, 1]


def test_a_history_can_be_cut():
    history = History.of([4, 2, 9], [1, 5, 3], [10, 20, 30], now=40)
    cut = history.keep(np.array([True, False, True]))
    assert cut.works.tolist() == [4, 9] and cut.values.tolist() == [1, 3] and cut.now == 40 and len(cut) == 2
    assert np.isnan(History.of([1]).times).all() and History.of([1]).values.tolist() == [1]
