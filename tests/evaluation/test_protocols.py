import numpy as np
import pytest
from helpers_community import circles, rated_circles
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.community.interactions import Interactions
from artrec.errors import ArtrecError
from artrec.evaluation.protocols import PROTOCOLS, RENEWALS, by_date, cold_users, cold_works, leave_last_out, random_holdout

TIMED = ("leave-last-out", "leave-last-out-leaky", "by-date")


def pairs(data: Interactions) -> set[tuple[int, int]]:
    return set(zip(data.users.tolist(), data.works.tolist(), strict=True))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1_000))
def test_nothing_asked_is_known_and_a_seed_repeats(protocol, seed):
    data = circles(seed)
    split = PROTOCOLS[protocol](data, seed)
    train = pairs(split.train)
    assert train < pairs(data)
    for case in split.cases:
        asked = {(case.user, int(work)) for work in case.works}
        assert asked and not asked & train and asked <= pairs(data)
        assert not set(case.works.tolist()) & set(case.history.works.tolist())
        assert (case.history.times < case.history.now).all() or np.isnan(case.history.times).all()
    again = PROTOCOLS[protocol](data, seed)
    assert [case.works.tolist() for case in split.cases] == [case.works.tolist() for case in again.cases]


def test_the_last_one_is_the_last():
    data = circles()
    split = leave_last_out(data)
    assert len(split.cases) == 24 and len(split.train) == len(data) - 24
    for case in split.cases:
        own = data.times[data.users == case.user]
        assert case.history.now == own.max() and len(case.history) == 6


@pytest.mark.parametrize("protocol", [leave_last_out, cold_users])
@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1_000))
def test_nobody_answers_from_what_came_later(protocol, seed):
    split = protocol(circles(seed), seed)
    asked = []
    for data, cases in split.rounds():
        asked += cases.tolist()
        for at in cases:
            assert data.past.times.max(initial=-np.inf) < split.cases[at].history.now
        assert len(data) == len(split.train)  # live models get all, and heed the moment themselves
    assert sorted(asked) == list(range(len(split.cases))) and 1 < len(split.dates) <= RENEWALS


def test_the_usual_leak_is_one_round_of_the_same_questions():
    honest, leaky = leave_last_out(circles()), PROTOCOLS["leave-last-out-leaky"](circles())
    ((data, cases),) = leaky.rounds()
    assert data.past is data and len(cases) == len(honest.cases)
    assert [case.works.tolist() for case in honest.cases] == [case.works.tolist() for case in leaky.cases]
    assert pairs(honest.train) == pairs(leaky.train) and not leaky.dates


def test_nothing_is_learned_from_after_the_date():
    split = by_date(circles())
    assert split.train.times.max() < min(case.history.now for case in split.cases)


def test_cold_people_are_unknown_and_asked_the_same_whatever_they_tell():
    split = cold_users(rated_circles(), 1, given=(1, 5))
    assert {case.given for case in split.cases} == {1, 5} and all(len(case.history) == case.given for case in split.cases)
    assert not {case.user for case in split.cases} & set(split.train.users.tolist())
    by_user = {}
    for case in split.cases:
        assert by_user.setdefault(case.user, case.works.tolist()) == case.works.tolist()
    assert len(by_user) == round(0.2 * 24)


def test_cold_works_are_unknown():
    split = cold_works(circles())
    assert not {int(w) for case in split.cases for w in case.works} & set(split.train.works.tolist())


@pytest.mark.parametrize("protocol", [random_holdout, cold_works])
def test_questions_without_a_moment_have_no_times(protocol):
    split = protocol(circles())
    assert not split.train.timed and all(np.isinf(case.history.now) for case in split.cases)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_data_that_leave_nobody_to_ask_say_so(protocol):
    for data in (
        Interactions.of([0], [0], None, [1], n_works=3),
        Interactions.of([], [], None, [], n_works=3),
        Interactions.of([0, 1, 2], [0, 0, 0], None, [1, 2, 3], n_works=1),
    ):
        with pytest.raises(ArtrecError):
            PROTOCOLS[protocol](data)


@pytest.mark.parametrize("protocol", TIMED)
def test_without_times_there_is_no_last(protocol):
    with pytest.raises(ArtrecError, match="time"):
        PROTOCOLS[protocol](rated_circles())
