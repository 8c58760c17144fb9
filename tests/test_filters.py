"""Masks equal what a plain loop over the records would keep."""

import re

import numpy as np
import pytest
from helpers import WORKS, catalogue_of
from hypothesis import given
from hypothesis import strategies as st

from artrec.features import Features
from artrec.filters import Facets, FilterIndex
from artrec.text import FIELDS, Filter, Query, fold, parse_query

UNDATED = WORKS[0].model_copy(update={"artwork_id": "undated", "year_start": None, "year_end": None, "movement": ""})
CATALOGUE = catalogue_of(*WORKS, UNDATED)
INDEX = FilterIndex(Features(CATALOGUE))

values = st.sampled_from(["umibe", "Winkel", "karla", "海部", "print", "PAINTING", "oil", "canvas", "ukiyo", "german", "x"])
queries = st.builds(
    Query,
    filters=st.lists(st.builds(Filter, st.sampled_from(FIELDS), values, st.booleans()), max_size=4).map(tuple),
    before=st.none() | st.integers(1820, 1930),
    after=st.none() | st.integers(1820, 1930),
    exact=st.lists(st.sampled_from(["boats", "RED", "harbour museum", "red square", "海部花子", "zz"]), max_size=2).map(tuple),
)
facets = st.builds(
    Facets,
    movement=st.lists(st.sampled_from(["Ukiyo-e", "Bauhaus", ""]), max_size=2).map(tuple),
    type=st.lists(st.sampled_from(["print", "painting", "mask"]), max_size=2).map(tuple),
    culture=st.lists(st.sampled_from(["Japanese", "German"]), max_size=2).map(tuple),
    century=st.lists(st.sampled_from([19, 20, -5]), max_size=2).map(tuple),
    hidden_notes=st.lists(st.sampled_from(["death", "nudity"]), max_size=2).map(tuple),
)


def matches(work, wanted: Filter) -> bool:
    hit = fold(wanted.value) in fold(getattr(work, wanted.field))
    return hit or (wanted.field == "artist" and wanted.value in work.artist_zh)


def passes(work, query: Query | None, chosen: Facets) -> bool:
    """The rules, said once more and slowly."""
    if query is not None:
        for field in FIELDS:
            wanted = [f for f in query.filters if f.field == field and not f.negated]
            if wanted and not any(matches(work, f) for f in wanted):
                return False
        if any(matches(work, f) for f in query.filters if f.negated):
            return False
        if query.before is not None and not (work.year is not None and work.year < query.before):
            return False
        if query.after is not None and not (work.year is not None and work.year > query.after):
            return False
        record = fold(" ".join(map(str, (
            work.title, work.artist, work.type, work.medium, work.movement, work.culture, work.date_text, work.genre,
            *work.subjects, *work.moods, work.description, work.look_for,
        ))))  # fmt: skip
        beside = fold(" ".join((work.title_zh, work.artist_zh, work.museum, work.city, work.country)))
        whole = [rf"(?<!\w){re.escape(fold(words))}(?!\w)" if words.isascii() else re.escape(words) for words in query.exact]
        if not all(re.search(words, record) or re.search(words, beside) for words in whole):
            return False
    for field in ("movement", "type", "culture", "century"):
        if (options := getattr(chosen, field)) and getattr(work, field) not in options:
            return False
    return not set(chosen.hidden_notes) & set(work.content_notes)


@given(st.none() | queries, facets)
def test_the_mask_is_what_a_loop_would_keep(query, chosen):
    mask = INDEX.mask(query, chosen)
    expected = [passes(work, query, chosen) for work in CATALOGUE]
    if mask is None:
        assert all(expected)
    else:
        assert mask.dtype == bool and mask.tolist() == expected


def test_nothing_to_filter_by_is_no_mask():
    assert INDEX.mask(None, Facets()) is None
    assert INDEX.mask(parse_query("boats"), Facets()) is None
    assert not Facets() and Facets(hidden_notes=("death",))


def kept(raw: str, chosen: Facets = Facets()) -> set[str]:
    mask = INDEX.mask(INDEX.resolve(parse_query(raw)), chosen)
    return {CATALOGUE[int(row)].artwork_id for row in np.flatnonzero(mask)}


def test_one_field_twice_widens_two_fields_narrow():
    assert kept("type:print type:painting") == {w.artwork_id for w in CATALOGUE}
    assert kept("type:print culture:german") == set()
    assert kept("artist:winkel after:1926") == {"winkel-target", "winkel-chess"}
    assert kept("-artist:umibe before:1924") == {"winkel-wheel"}


def test_undated_works_pass_no_filter_by_year():
    assert "undated" in kept("artist:umibe")
    assert "undated" not in kept("artist:umibe before:3000") | kept("artist:umibe after:-60000")


def test_hidden_content_is_hidden_even_where_it_is_asked_for():
    assert kept('"off the cape"') == {"umibe-storm", "undated"}
    assert kept('"off the cape"', Facets(hidden_notes=("death",))) == set()


@pytest.mark.parametrize(
    "raw, text, note",
    [
        ('artist:"karla winkle"', "karla winkle", "(did you mean Karla Winkel?), so it is read as plain text."),
        ("type:zzz boats", "boats zzz", "No type here is called 'zzz', so it is read as plain text."),
        ("-type:printt boats", "boats", "No type here is called 'printt' (did you mean print?), so it is left out."),
    ],
)  # fmt: skip
def test_values_that_are_not_here_become_notes(raw, text, note):
    resolved = INDEX.resolve(parse_query(raw))
    assert (resolved.text, resolved.filters) == (text, ())
    assert len(resolved.notes) == 1 and note in resolved.notes[0]


def test_ids_that_are_not_here_become_notes():
    resolved = INDEX.resolve(parse_query("like:umibe-storm like:nobody -like:nothing"))
    assert (resolved.likes, resolved.dislikes) == (("umibe-storm",), ())
    assert len(resolved.notes) == 2 and "'nobody'" in resolved.notes[0] and "'nothing'" in resolved.notes[1]


@given(st.lists(st.builds(Filter, st.sampled_from(FIELDS), st.text(min_size=1, max_size=8), st.booleans()), max_size=3))
def test_resolving_keeps_or_reports_every_filter(filters):
    resolved = INDEX.resolve(Query(filters=tuple(filters)))
    assert len(resolved.filters) + len(resolved.notes) == len(filters)
    assert INDEX.resolve(resolved) == resolved
