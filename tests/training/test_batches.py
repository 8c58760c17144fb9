"""Rows of a run: every work once a pass, neighbours together, other right answers known."""

import numpy as np
import pytest
from helpers import unit
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.training.batches import pools_of, rows_of
from artrec.training.pairs import Pair

RIGHT = np.eye(6, dtype=np.float32)[[0, 0, 1, 1, 2, 2]] + np.float32(0.01) * np.arange(6)[:, None].astype(np.float32)


def pairs_of(works: int, museum: int = 0) -> list[Pair]:
    pairs = [Pair(f"visitor {n} of {w}", f"passage {w}", f"w{w}", "visitor") for w in range(works) for n in range(5)]
    for w in range(works):
        pairs.append(Pair(f"title {w}", f"passage {w}", f"w{w}", "title"))
        pairs.append(Pair(f"attribute {w}", f"passage {w}", f"w{w}", "attribute", frozenset(("red",))))
        pairs.append(Pair(f"movement {w}", f"masked {w}", f"w{w}", "movement", frozenset(("bauhaus",))))
    return pairs + [Pair(f"key {n} of {w}", f"record {w}", f"m{w}", "museum") for w in range(museum) for n in range(3)]


def rows(works=6, museum=0, guide=None, passes=4, columns=4, group=2, share=0.5, terms=None, seed=1):
    pairs = pairs_of(works, museum)
    guide = np.random.default_rng(0).standard_normal((works + museum, 8)) if guide is None else guide
    return rows_of(
        pairs, terms or {}, unit(guide), passes=passes, columns=columns, group=group, museum_share=share, seed=seed
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(0, 8), st.integers(1, 5), st.integers(1, 4), st.integers(0, 99))
def test_every_work_once_a_pass(works, museum, columns, group, seed):
    found, size = rows(works, museum, columns=columns, group=group, seed=seed)
    assert size == works + round(museum / 2) and len(found) == 4 * size
    for start in range(0, len(found), size):
        shown = [row.work for row in found[start : start + size]]
        assert len(set(shown)) == size and set(range(works)) <= set(shown)
    assert all(len(row.queries) == len(row.also) == columns and row.work in row.also[0] for row in found)


def test_visitors_queries_come_in_turn():
    found, _ = rows(passes=5, columns=5)
    asked = [query for row in found if row.work == 0 for query in row.queries if query.startswith("visitor")]
    assert len(asked) == 15 and all(asked.count(f"visitor {n} of 0") == 3 for n in range(5))
    last = [row.queries[-2:] for row in found if row.work == 0]
    assert last == [("title 0", other) for other in ("attribute 0", "movement 0") * 2 + ("attribute 0",)]


def test_a_masked_passage_stands_where_the_movement_is_asked_for():
    found, _ = rows()
    for row in found:
        assert row.passage == (f"masked {row.work}" if row.queries[-1].startswith("movement") else f"passage {row.work}")
    assert {row.passage.split()[0] for row in found} == {"masked", "passage"}


def test_neighbours_stand_together():
    found, size = rows(guide=RIGHT, passes=3)
    for start in range(0, len(found), 2):
        assert len({row.work // 2 for row in found[start : start + 2]}) == 1


def test_other_right_answers_are_known():
    terms = {f"w{w}": frozenset(("red", "round") if w < 3 else ("blue",)) for w in range(6)}
    found, _ = rows(terms=terms)
    assert any(row.queries[-1].startswith("attribute") for row in found)
    for row in found:
        if row.queries[-1].startswith("attribute"):
            assert row.also[-1] == {0, 1, 2} | {row.work}
        assert row.also[0] == {row.work}  # what a visitor typed names nothing that can be looked up


def test_twins_answer_for_each_other():
    guide = np.eye(6)
    guide[1] = guide[0] + 0.01
    found, _ = rows(guide=guide)
    assert all(row.also[0] == ({0, 1} if row.work < 2 else {row.work}) for row in found)


def test_the_same_seed_gives_the_same_rows():
    assert rows(seed=1) == rows(seed=1) != rows(seed=2)


def test_a_work_of_a_movement_alone_still_has_its_passage():
    only = [Pair("q", "masked", "w", "movement")]
    assert pools_of(only)["w"].passage == "masked" and pools_of(only)["w"].others == only
    found, size = rows_of(only, {}, unit(np.ones((1, 4))), passes=2, columns=2, group=3, museum_share=1, seed=0)
    assert size == 1 and found[0].queries == ("q", "q")


@pytest.mark.parametrize("group", [1, 3, 6])
def test_groups_never_lose_a_work(group):
    found, size = rows(group=group)
    assert sorted(row.work for row in found[:size]) == list(range(6))


def test_queries_apart_have_rows_of_their_own():
    pairs = pairs_of(6, museum=4)
    guide = unit(np.random.default_rng(0).standard_normal((10, 8)))
    asked = {"passes": 2, "columns": 5, "group": 1, "museum_share": 0.5, "seed": 1}
    found, size = rows_of(pairs, {}, guide, apart=True, museum_columns=2, **asked)
    assert size == 6 * 5 + 2 * 2 and len(found) == 2 * size
    assert all(len(row.queries) == len(row.also) == 1 for row in found)
    together, _ = rows_of(pairs, {}, guide, **asked)
    first = {query for row in together[:8] if row.passage.startswith("passage") for query in row.queries}
    assert {query for row in found[:size] for query in row.queries} >= first  # the same queries, spread over the pass
    assert [row.work for row in found[:size]] != sorted(row.work for row in found[:size])
