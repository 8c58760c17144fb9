"""One work under two names, and texts that are nearly one."""

import pytest
from helpers import WORKS, catalogue_of
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.duplicates import BLOCK, FEW, duplicates, near_texts

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


@settings(deadline=None)  # the first call loads datasketch
@given(st.permutations(range(6)))
def test_each_work_is_told_once_whatever_the_order(order):
    texts = [" ".join(f"{word}{group}" for word in LONG.split()) for group in range(3)]
    works = [changed(f"w{i}", title=f"T{i // 2}", title_zh=f"题{i // 2}", description=texts[i // 2]) for i in range(6)]
    found = pairs(*(works[i] for i in order))
    assert {frozenset(pair) for pair in found} == {frozenset((f"w{i}", f"w{i + 1}")) for i in (0, 2, 4)}
    assert len(found) == 3


def bare(number: int, **fields):
    """A work with nothing but a name."""
    plain = {"title_zh": "", "description": "", "look_for": "", "subjects": (), "moods": (), "title": "Untitled"}
    return changed(f"w{number}", **plain | fields)


def test_a_series_is_not_a_duplicate():
    assert len(pairs(*map(bare, range(FEW)))) == FEW - 1
    assert pairs(*map(bare, range(FEW + 1))) == []
    described = [changed(f"w{n}") for n in range(FEW + 1)]  # whole records again and again are no series
    assert pairs(*described) == [(f"w{n}", "w0") for n in range(1, FEW + 1)]


@pytest.mark.parametrize(
    ("difference", "found"),
    [({}, True), ({"dimensions": ""}, True), ({"dimensions": "30 × 40 cm"}, False),
     ({"year_start": 1840, "year_end": 1841}, False), ({"year_start": None, "year_end": None}, True)],
)  # fmt: skip
def test_works_of_another_size_or_time_only_share_a_name(difference, found):
    size = {"dimensions": "20 × 30 cm"}
    first, second = bare(1, **size), bare(2, **size | difference)
    assert pairs(first, second) == ([("w2", "w1")] if found else [])


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Storm off the Cape", "The Storm off the Cape", True),
        ("Storm off the Cape", "Storms off the Cape", True),
        ("Storm", "Storm off the Cape", False),  # one word is in many titles
        ("Winter Pool # 11", "Winter Pool # 18", False),
        ("Court House; [site plan]", "Court House; [floor plan]", False),
    ],
)
def test_titles_that_may_name_one_work(one, other, found):
    assert pairs(bare(1, title=one), bare(2, title=other)) == ([("w2", "w1")] if found else [])


def test_large_blocks_are_compared_by_equal_names_alone():
    titles = [f"View {chr(65 + n // 26)}{chr(65 + n % 26)} of the bay" for n in range(BLOCK)]
    titles += [f"{titles[0]} by night"]
    assert pairs(*(bare(n, title=title) for n, title in enumerate(titles))) == []
    assert pairs(*(bare(n, title=title) for n, title in enumerate(titles) if n != 1)) == [(f"w{BLOCK}", "w0")]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([LONG, LONG.upper(), " ".join(reversed(LONG.split())), "short", ""]), max_size=8))
def test_every_text_but_the_first_of_its_kind_is_near_an_earlier_one(texts):
    told = {later: earlier for later, earlier, _ in near_texts(texts)}
    long = [text.casefold() if len(text.split()) >= 12 else None for text in texts]
    assert sorted(told) == [row for row, text in enumerate(long) if text and text in long[:row]]
    assert all(long[later] == long[earlier] for later, earlier in told.items())


def test_a_changed_word_is_nearly_the_same_and_twice_the_length_is_not():
    more = (
        LONG + " and then something else happens which nobody in that town had ever thought of before at all until then"
    )
    assert [(later, earlier) for later, earlier, _ in near_texts([LONG, LONG.replace("two", "ten"), more])] == [(1, 0), (2, 0)]
    assert list(near_texts([LONG, more + " " + more[::-1]])) == []
