"""Exact words are found the same in records and in their stored texts."""

import numpy as np
import pytest
from helpers import HashingEncoder, toy_catalogue
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec import artifacts, fulltext
from artrec.catalogue import Artwork
from artrec.filters import Facets
from artrec.fulltext import RecordTexts, StoredTexts, write_texts
from artrec.text import fold, parse_query

letters = st.text("abÀé'’_-. 梵高画\n", max_size=12)


@st.composite
def some_works(draw):
    titles = draw(st.lists(letters, min_size=1, max_size=5))
    return [
        Artwork(artwork_id=f"w{n}", title=title.strip() or "A", title_zh=draw(letters), description=draw(letters))
        for n, title in enumerate(titles)
    ]


@settings(max_examples=200, deadline=None)
@given(some_works(), letters.map(fold))
def test_both_find_the_same(tmp_path_factory, works, phrase):
    file = tmp_path_factory.getbasetemp() / "texts.arrow"
    write_texts(works, file)
    np.testing.assert_array_equal(StoredTexts(file).holding(phrase), RecordTexts(works).holding(phrase))


@pytest.fixture(params=["records", "stored"])
def texts(request, tmp_path, monkeypatch):
    monkeypatch.setattr(fulltext, "BATCH", 2)
    works = [
        Artwork(artwork_id="a", title="The Blue Robe", description="A wardrobe of Dalí's."),
        Artwork(artwork_id="b", title="Blue robes", title_zh="名画梵高", museum="Harbour Museum"),
        Artwork(artwork_id="c", title="A robe, blue"),
    ]
    if request.param == "records":
        return RecordTexts(works)
    write_texts(works, tmp_path / "t.arrow")
    return StoredTexts(tmp_path / "t.arrow")


@pytest.mark.parametrize(
    ("phrase", "rows"),
    [
        ("blue robe", [0]), ("blue", [0, 1, 2]), ("robe", [0, 2]), ("dali", [0]), ("harbour museum", [1]), ("画梵", [1]),
        ("rob", []), ("robe!", []), ("robe, blue", [2]),
    ],
)  # fmt: skip
def test_whole_words_are_found_and_parts_of_chinese(texts, phrase, rows):
    found = texts.holding(phrase)
    assert found.dtype == bool and np.flatnonzero(found).tolist() == rows


def test_a_collection_on_disk_filters_as_one_in_memory(tmp_path):
    built = artifacts.build(toy_catalogue(), HashingEncoder(), atlas=False)
    artifacts.save(built, tmp_path / "col")
    opened = artifacts.load(tmp_path / "col")
    assert isinstance(opened.filters.texts, StoredTexts) and built.filters.texts is None
    for text in ('"blue"', '"harbour museum" boats', '"the"', '"海部"', '"nowhere at all"', '"red square" type:painting'):
        query = parse_query(text)
        np.testing.assert_array_equal(opened.filters.mask(query, Facets()), built.filters.mask(query, Facets()))
