"""The passage, the query language and its laws."""

import re
import sys
import unicodedata

import pytest
from helpers import WORKS, toy_catalogue
from hypothesis import example, given
from hypothesis import strategies as st

from artrec.catalogue import Artwork
from artrec.errors import QueryError
from artrec.text import FIELDS, MAX_QUERY_CHARS, Filter, Query, chinese_names, fold, parse_query, passage

FIELD_WORDS = {*FIELDS, "before", "after", "like"}


def parts(query: Query) -> dict:
    """What a query came to, without what is empty."""
    names = ("text", "towards", "away", "exact", "filters", "before", "after", "likes", "dislikes")
    return {n: getattr(query, n) for n in names if getattr(query, n) not in ("", (), None)}


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("a storm at sea", {"text": "a storm at sea"}),
        ("sea +calm -crowd", {"text": "sea", "towards": ("calm",), "away": ("crowd",)}),
        ('"blue rider" horses', {"text": "horses", "exact": ("blue rider",)}),
        ('+"deep calm" -"a crowd"', {"towards": ("deep calm",), "away": ("a crowd",)}),
        ("artist:monet", {"filters": (Filter("artist", "monet"),)}),
        ("Artist: monet", {"filters": (Filter("artist", "monet"),)}),
        ("artist：梵高", {"filters": (Filter("artist", "梵高"),)}),
        ('-type:"stained glass"', {"filters": (Filter("type", "stained glass", True),)}),
        ("type:print type:drawing", {"filters": (Filter("type", "print"), Filter("type", "drawing"))}),
        ("sea before:1800", {"text": "sea", "before": 1800}),
        ('after:"500 BCE" before:-300', {"after": -500, "before": -300}),
        ("after:1900s", {"after": 1900}),
        ('after:"120 AD"', {"after": 120}),
        ("-before:1800", {"after": 1799}),
        ("-after:1800", {"before": 1801}),
        ("like:a-1 -like:b-2", {"likes": ("a-1",), "dislikes": ("b-2",)}),
        ("“blue rider”", {"exact": ("blue rider",)}),
        ("boats boats", {"text": "boats boats"}),
        ("+calm +calm", {"towards": ("calm",)}),
        ("well-lit rooms", {"text": "well-lit rooms"}),
        ("ﬁre\u200b\x00 and ice", {"text": "fire and ice"}),
        ("梵高 星夜", {"text": "梵高 星夜"}),
    ],
)
def test_the_query_language(raw, expected):
    query = parse_query(raw)
    assert parts(query) == expected
    assert query.notes == ()


@pytest.mark.parametrize(
    "raw, expected, note",
    [
        ("boats artist:", {"text": "boats"}, "artist: has no value"),
        ("boats -like:", {"text": "boats"}, "like: has no value"),
        ('boats artist:""', {"text": "boats"}, "artist: has no value"),
        ("artist: type:print", {"filters": (Filter("type", "print"),)}, "artist: has no value"),
        ('artist:"blue rider', {"text": "blue rider"}, "quotation mark is not closed"),
        ("painter:monet", {"text": "painter monet"}, "'painter:' is not a field"),
        ("-painter:monet sea", {"text": "sea", "away": ("painter monet",)}, "'painter:' is not a field"),
        ("before:lunch", {"text": "lunch"}, "before: needs a year"),
        ("before:1800 before:1700", {"before": 1700}, "two years for before:"),
    ],
)
def test_what_is_not_understood_becomes_a_note(raw, expected, note):
    query = parse_query(raw)
    assert parts(query) == expected
    assert any(note in n for n in query.notes), query.notes


@pytest.mark.parametrize("raw", ["", "   ", "\x00\n", "?!…", '""', "+ -", "artist:", '"', "🌊"])
def test_an_empty_query_is_refused(raw):
    with pytest.raises(QueryError, match="The query is empty. Type what"):
        parse_query(raw)


def test_a_query_too_long_is_refused_with_both_numbers():
    assert parse_query("a" * MAX_QUERY_CHARS)
    with pytest.raises(QueryError, match=r"1,001 characters; at most 1,000"):
        parse_query("a" * (MAX_QUERY_CHARS + 1))


@given(st.integers(-3000, 2100), st.integers(-3000, 2100))
def test_years_contradict_each_other_only_where_no_year_is_left(after, before):
    raw = f"after:{after} before:{before}"
    if any(after < year < before for year in (after + 1, before - 1)):
        assert parts(parse_query(raw)) == {"after": after, "before": before}
    else:
        with pytest.raises(QueryError, match="No year is both after"):
            parse_query(raw)


pieces = st.sampled_from(
    ["artist:", "type:", "before:", "after:", "like:", "-like:", "-artist:", "+", "-", '"', "“", ":", " ", "  ", "foo:", "1850"]
    + ["300 BCE", "monet", "blue rider", "梵高", "-before:", "\x00", "a", "é", "한국", "ß", "٣", "ⅷ", "ﷺ", "’s"]
)  # fmt: skip
queries = st.one_of(
    st.text(max_size=80), st.lists(pieces, max_size=14).map("".join), st.lists(pieces, max_size=9).map(" ".join)
)


@given(queries)
@example("artist:type:print")
@example('artist:"')
@example("\ud800")
def test_any_text_is_read_or_refused_and_no_word_is_lost(raw):
    try:
        query = parse_query(raw)
    except QueryError:
        return
    told = " ".join(
        (query.text, *query.towards, *query.away, *query.exact, *query.likes, *query.dislikes, *query.notes)
        + tuple(f"{f.field} {f.value}" for f in query.filters)
    )
    for year in (query.before, query.after):
        told += "" if year is None else f" {year} {-year} {year - 1} {year + 1} {1 - year} {-1 - year}"
    clean = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFKC", raw))
    kept = set(re.findall(r"\w+", told.casefold()))
    understood = FIELD_WORDS | {"bce", "s"}  # "300 BCE", "1900s"
    for word in set(re.findall(r"\w+", clean.casefold())) - understood:
        if word.removesuffix("s").isdigit():
            word = str(int(word.removesuffix("s")))
            assert word in kept or word in {str(int(k)) for k in kept if k.isdigit()}, (word, query)
        else:
            assert word in kept, (word, query)


@given(queries)
def test_notes_are_sentences(raw):
    try:
        notes = parse_query(raw).notes
    except QueryError as error:
        notes = (str(error),)
    assert all("\n" not in note and note.strip() == note and note for note in notes)
    assert len(set(notes)) == len(notes)


# fold


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


def test_fold_is_idempotent_on_every_character():
    wrong = [c for c in map(chr, range(sys.maxunicode + 1)) if fold(fold(c)) != fold(c)]
    assert not wrong, wrong[:20]


@pytest.mark.parametrize(
    "text, folded",
    [("Dalí", "dali"), ("MĀORI", "maori"), ("Straße", "strasse"), ("Ｍｏｎｅｔ", "monet"), ("𝐌onet", "monet"), ("№", "no"),
     ("İstanbul", "istanbul"), ("梵高", "梵高"), ("한국", "한국"), ("Ngọc Lũ", "ngoc lu"), ("", "")],
)  # fmt: skip
def test_fold(text, folded):
    assert fold(text) == folded


# passage


def test_the_passage_holds_every_searchable_fact():
    work = WORKS[0]
    text = passage(work)
    for fact in (work.title, work.artist, work.type, work.medium, work.movement, work.culture, work.date_text, work.genre,
                 *work.subjects, *work.moods, work.description, work.look_for):  # fmt: skip
        assert fact in text
    assert work.discuss not in text and work.title_zh not in text


def test_unknown_fields_leave_no_trace_in_the_passage():
    assert passage(Artwork(artwork_id="a", title="Alone")).strip() == "Alone."
    text = passage(Artwork(artwork_id="a", title="Alone", type="print", moods=("calm",)))
    assert text.strip() == "Alone. print. Feels calm."
    assert "None" not in text and ", ," not in text


def test_chinese_names_come_from_the_work_and_from_its_words():
    catalogue = toy_catalogue()
    assert chinese_names(catalogue[0], catalogue) == ("海角风暴", "海部花子", "浮世绘", "版画", "海景", "戏剧性")
    assert chinese_names(Artwork(artwork_id="a", title="A"), catalogue) == ()
