"""One work under two names, and texts that are nearly one."""

import pytest
from helpers import WORKS, catalogue_of
from hypothesis import given
from hypothesis import strategies as st

from artrec.duplicates import duplicates

WORK = WORKS[0]
LONG = (
    "Black clouds break above two boats that climb a wall of blue water while gulls wheel over the mast and a single lamp "
    "burns in the cabin, unnoticed by the crew who haul at the frozen ropes."
)


def changed(artwork_id: str, **fields):
    return WORK.model_copy(update={"artwork_id": artwork_id} | fields)


def pairs(*works):
    return [(later, earlier) for later, earlier, _ in duplicates(catalogue_of(*works))]


def test_the_toy_world_has_none():
    assert pairs(*WORKS) == []


def test_titles_that_hold_one_another_at_one_place_and_time():
    other = changed("other", title="Storm off the Cape of Good Hope", description="Altogether different words stand here.")
    assert pairs(WORK, other) == [("other", WORK.artwork_id)]
    for difference in ({"museum": "Elsewhere"}, {"year_start": 1900, "year_end": 1901}, {"type": "painting"}):
        assert pairs(WORK, other.model_copy(update={"title_zh": "别名"} | difference)) == []


def test_one_chinese_title_under_two_english_ones():
    other = changed("other", title="Weather at Sea", description="Altogether different words stand here.")
    assert pairs(WORK, other) == [("other", WORK.artwork_id)]
    assert pairs(WORK, other.model_copy(update={"title_zh": "海上天气"})) == []


def test_works_without_a_maker_a_museum_or_a_date_are_compared_by_text_alone():
    for gap in ({"artist": "", "culture": ""}, {"museum": ""}, {"year_start": None, "year_end": None}):
        first, other = (changed(i, description=d, **gap) for i, d in (("a", "One text."), ("b", "Another.")))
        assert pairs(first, other.model_copy(update={"title": "Another title"})) == []


@pytest.mark.parametrize("edit, found", [(str, True), (str.upper, True), (lambda t: t.replace("two", "three"), True),
                                         (lambda t: " ".join(t.split()[::-1]), False)])  # fmt: skip
def test_descriptions_nearly_alike(edit, found):
    first = changed("a", title="One", title_zh="一", artist="", culture="", description=LONG)
    second = changed("b", title="Two", title_zh="二", artist="", culture="", description=edit(LONG))
    assert pairs(first, second) == ([("b", "a")] if found else [])


@given(st.permutations(range(6)))
def test_each_work_is_told_once_whatever_the_order(order):
    texts = [" ".join(f"{word}{group}" for word in LONG.split()) for group in range(3)]
    works = [changed(f"w{i}", title=f"T{i // 2}", title_zh=f"题{i // 2}", description=texts[i // 2]) for i in range(6)]
    found = pairs(*(works[i] for i in order))
    assert {frozenset(pair) for pair in found} == {frozenset((f"w{i}", f"w{i + 1}")) for i in (0, 2, 4)}
    assert len(found) == 3
