"""Records in, records out, and every way in which a file can be wrong."""

import json
from collections import Counter

import pytest
from helpers import WORKS, toy_catalogue
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from artrec import config
from artrec.catalogue import MAX_LINE_BYTES, Artwork, load_catalogue
from artrec.errors import CatalogueError, UnknownArtwork

GOOD = '{"artwork_id": "a", "title": "A"}'


@pytest.fixture
def write(tmp_path):
    """Write lines (str or bytes) into a file of a catalogue's folder and return the folder."""

    def write(*lines, name="works.jsonl"):
        raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\n"
        (tmp_path / name).write_bytes(raw)
        return tmp_path

    return write


def problems(folder) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert caught.value.problems[0] in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value.problems


# Artwork


years = st.one_of(st.none(), st.integers(-60_000, 2_200))
lines = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
artworks = st.builds(
    lambda span, **fields: Artwork(year_start=span[0], year_end=span[1], **fields),
    span=st.tuples(years, years).map(lambda s: tuple(sorted(s)) if None not in s else s),
    artwork_id=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,20}\Z"),
    title=lines.filter(str.strip),
    artist=lines,
    artist_life=st.one_of(st.none(), st.tuples(years, years)),
    subjects=st.lists(lines, max_size=5).map(tuple),
    palette=st.lists(st.from_regex(r"\A#[0-9A-Fa-f]{6}\Z"), max_size=8).map(tuple),
    description=lines,
    public_domain=st.booleans(),
)


@given(artworks)
def test_an_artwork_survives_json(work):
    assert Artwork.model_validate_json(work.model_dump_json()) == work
    assert Artwork.model_validate_json(work.model_dump_json(exclude_defaults=True)) == work


@given(artworks)
def test_the_century_holds_the_year(work):
    if work.year is None:
        assert work.century is None and (work.year_start, work.year_end) == (None, None)
        return
    c, year = work.century, work.year
    assert c != 0, "there is no century 0"
    first, last = (100 * c - 99, 100 * c) if c > 0 else (100 * c, 100 * c + 99)
    assert first <= (year if year != 0 else -1) <= last


@pytest.mark.parametrize(
    "start, end, year, century, when",
    [
        (1801, 1801, 1801, 19, "1801"),
        (1900, 1900, 1900, 19, "1900"),
        (1901, 1901, 1901, 20, "1901"),
        (1, 100, 50, 1, "50"),
        (-1, -1, -1, -1, "1 BCE"),
        (0, 0, 0, -1, "1 BCE"),
        (-100, -100, -100, -1, "100 BCE"),
        (-101, -101, -101, -2, "101 BCE"),
        (-500, -401, -450, -5, "450 BCE"),
        (-43500, None, -43500, -435, "43500 BCE"),
        (None, 1650, 1650, 17, "1650"),
        (1820, 1830, 1825, 19, "1825"),
        (None, None, None, None, ""),
    ],
)
def test_dates(start, end, year, century, when):
    work = Artwork(artwork_id="a", title="A", year_start=start, year_end=end)
    assert (work.year, work.century, work.when) == (year, century, when)


def test_a_written_date_is_shown_as_written():
    assert Artwork(artwork_id="a", title="A", year_start=1503, year_end=1519, date_text="c. 1503–19").when == "c. 1503–19"


def test_colours_are_lower_case_and_texts_are_trimmed():
    work = Artwork(artwork_id="a", title="  A  ", palette=("#ABCDEF",))
    assert work.title == "A" and work.palette == ("#abcdef",)


def test_artworks_do_not_change():
    with pytest.raises(ValidationError):
        WORKS[0].title = "another"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.org/x", "http://", "https:// a.org", "www.a.org/x.jpg"])
def test_only_web_addresses_are_pictures(url):
    with pytest.raises(ValidationError, match="http"):
        Artwork(artwork_id="a", title="A", image_url=url)


# Catalogue


def test_rows_and_ids_are_each_others_inverse():
    catalogue = toy_catalogue()
    ids = [work.artwork_id for work in catalogue]
    assert catalogue.rows(ids) == list(range(len(catalogue)))
    assert [catalogue[row].artwork_id for row in catalogue.rows(reversed(ids))] == ids[::-1]
    assert "umibe-storm" in catalogue and "umibe" not in catalogue and None not in catalogue


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(UnknownArtwork, match="umibe-strom.*Did you mean umibe-storm"):
        toy_catalogue().row("umibe-strom")
    with pytest.raises(UnknownArtwork, match="artrec search"):
        toy_catalogue().row("0" * 5000)


def test_the_hash_follows_every_field_and_the_order():
    catalogue = toy_catalogue()
    assert toy_catalogue().hash == catalogue.hash
    seen = {catalogue.hash}
    for change in ({"discuss": "?"}, {"year_end": 1999}, {"public_domain": False}, {"palette": ()}):
        works = (catalogue[0].model_copy(update=change), *catalogue.works[1:])
        seen.add(type(catalogue)(works, catalogue.vocabulary).hash)
    seen.add(type(catalogue)(catalogue.works[::-1], catalogue.vocabulary).hash)
    assert len(seen) == 6


def test_chinese_names_of_the_vocabulary():
    catalogue = toy_catalogue()
    assert catalogue.zh("movement", "Bauhaus") == "包豪斯"
    assert catalogue.zh("movement", "Cubism") == catalogue.zh("type", "") == ""


# Files


def test_what_is_written_is_read_back(tmp_path):
    half = len(WORKS) // 2
    for name, part in (("b.jsonl", WORKS[half:]), ("a.jsonl", WORKS[:half])):
        (tmp_path / name).write_text("\n\n".join(w.model_dump_json() for w in part), "utf-8")
    (tmp_path / "queries.jsonl").write_text('{"query": "not a record"}\n')
    assert load_catalogue(tmp_path).works == WORKS
    assert load_catalogue(tmp_path / "a.jsonl").works == WORKS[:half]


def test_a_byte_order_mark_and_windows_lines_are_read(write):
    assert load_catalogue(write("\ufeff" + GOOD + "\r"))[0].title == "A"


@pytest.mark.parametrize(
    "line, said",
    [
        ('{"artwork_id": "a", "title": ', "not valid JSON"),
        ("[" * 50_000, "not valid JSON"),
        ('{"artwork_id": "a", "title": "A", "year_start": ' + "9" * 5_000 + "}", "not valid JSON"),
        ('["a"]', "not a JSON object"),
        ("null", "not a JSON object"),
        (b'{"artwork_id": "a", "title": "caf\xe9"}', "not UTF-8; save the file as UTF-8"),
        (GOOD.encode("utf-16"), "UTF-8"),
        ('{"title": "A"}', "field artwork_id: it is missing; add it"),
        ('{"artwork_id": "a b", "title": "A"}', "field artwork_id: 'a b' is not allowed; write letters"),
        ('{"artwork_id": "../etc", "title": "A"}', "field artwork_id: '../etc' is not allowed"),
        ('{"artwork_id": "a", "title": "   "}', "field title: "),
        ('{"artwork_id": "a", "title": "\\ud800"}', "field title: "),
        ('{"artwork_id": "a", "title": "A", "\\ud800": 1}', "field names: "),
        ('{"artwork_id": "a", "title": "A", "titel_zh": "甲"}', "field titel_zh: no such field; did you mean 'title_zh'?"),
        ('{"artwork_id": "a", "title": "A", "qqqq": 1}', "field qqqq: no such field; remove it"),
        ('{"artwork_id": "a", "title": "A", "palette": ["#fff"]}', "field palette.0: '#fff' is not allowed; write a colour"),
        ('{"artwork_id": "a", "title": "A", "year_start": "about 1850"}', "field year_start: "),
        ('{"artwork_id": "a", "title": "A", "year_start": NaN}', "field year_start: "),
        ('{"artwork_id": "a", "title": "A", "year_end": 9999}', "field year_end: "),
        ('{"artwork_id": "a", "title": "A", "year_start": 1900, "year_end": 1800}', "1900 is after year_end 1800; swap"),
        ('{"artwork_id": "a", "title": "A", "subjects": "boats"}', "field subjects: "),
        ('{"artwork_id": "a", "title": "A", "artist_life": [1900]}', "field artist_life.1: it is missing"),
        ('{"artwork_id": "a", "title": "A", "image_url": "x"}', "field image_url: must be an http(s) address"),
    ],
)  # fmt: skip
def test_each_fault_names_file_line_field_and_cure(write, line, said):
    found = problems(write(GOOD.replace('"a"', '"first"'), "", line))
    assert found[0].startswith("works.jsonl, line 3, ") and said in found[0], found
    assert "Traceback" not in found[0] and len(found[0]) < 400


def test_every_problem_is_listed_not_only_the_first(write):
    folder = write(GOOD, "{", '{"title": "B", "palete": []}', GOOD)
    write('{"artwork_id": "c"}', name="more.jsonl")
    found = problems(folder)
    assert len(found) == 5
    assert Counter(p.split(",")[0] for p in found) == {"works.jsonl": 4, "more.jsonl": 1}
    with pytest.raises(CatalogueError, match="has 5 problems.*Correct them.*artrec check"):
        load_catalogue(folder)


def test_an_id_used_twice_names_both_places(write):
    folder = write(GOOD)
    write("", GOOD, name="z.jsonl")
    assert problems(folder) == [
        "z.jsonl, line 2, field artwork_id: 'a' is already used by works.jsonl, line 1; give each work an id of its own"
    ]


def test_a_line_too_long_is_refused_and_the_next_ones_are_still_numbered(write):
    found = problems(write(GOOD, '{"artwork_id": "b", "title": "' + "x" * (2 * MAX_LINE_BYTES) + '"}', "{"))
    assert "line 2, the line is longer than 1,000,000 bytes; shorten" in found[0]
    assert "line 3, not valid JSON" in found[1] and len(found) == 2


def test_words_outside_the_vocabulary_name_the_nearest(write):
    folder = write(
        '{"artwork_id": "a", "title": "A", "movement": "Cubsim", "moods": ["calm", "clam"], "type": "zzzz"}',
        '{"artwork_id": "b", "title": "B", "movement": "Cubism", "moods": [], "type": ""}',
    )
    words = {"movement": {"Cubism": {"zh": "立体主义"}}, "moods": {"calm": {}}, "type": {"print": {}}}
    (folder / "vocabulary.json").write_text(json.dumps(words), "utf-8")
    assert problems(folder) == [
        "works.jsonl, line 1, field movement: 'Cubsim' is not in the vocabulary; did you mean 'Cubism'?",
        "works.jsonl, line 1, field moods: 'clam' is not in the vocabulary; did you mean 'calm'?",
        "works.jsonl, line 1, field type: 'zzzz' is not in the vocabulary; choose from vocabulary.json",
    ]


@pytest.mark.parametrize("text", ["{", "[]", '{"movement": ["Cubism"]}', '{"movement": {"Cubism": {"chinese": "x"}}}', "\xff"])
def test_a_vocabulary_that_cannot_be_read_says_so(write, text):
    folder = write(GOOD)
    (folder / "vocabulary.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(CatalogueError, match=r"vocabulary\.json cannot be read.*It must be JSON of the form"):
        load_catalogue(folder)


def test_nothing_to_read(write, tmp_path):
    with pytest.raises(CatalogueError, match=r"There is no catalogue at .*nowhere\. Give a \.jsonl file"):
        load_catalogue(tmp_path / "nowhere")
    with pytest.raises(CatalogueError, match="There is no catalogue"):
        load_catalogue(tmp_path)
    with pytest.raises(CatalogueError, match="There is no catalogue"):
        load_catalogue(write(GOOD) / "works.jsonl" / "below-a-file")
    with pytest.raises(CatalogueError, match="holds no records"):
        load_catalogue(write("", "  "))


def test_a_file_that_the_disk_refuses(write, monkeypatch):
    folder = write(GOOD)

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(CatalogueError, match=r"works\.jsonl cannot be read \(Permission denied\)"):
        load_catalogue(folder)


# The collection that ArtRec ships with


CONTINENTS = {
    "Africa": {"Egypt", "Nigeria", "Mali", "Ethiopia", "South Africa", "Zimbabwe", "Kenya", "Sudan"},
    "Asia": {"China", "Japan", "India", "Iran", "Iraq", "Indonesia", "South Korea", "Turkey"},
    "Europe": {"France", "Italy", "Germany", "Spain", "Netherlands", "Greece", "United Kingdom", "Russia"},
    "North America": {"United States", "Mexico", "Canada", "Cuba"},
    "South America": {"Peru", "Brazil", "Colombia", "Bolivia", "Chile", "Argentina"},
    "Oceania": {"Australia", "New Zealand", "French Polynesia", "Marshall Islands"},
}
ALWAYS = (
    "title", "title_zh", "year_start", "year_end", "date_text", "type", "movement", "medium", "genre", "subjects", "moods",
    "palette", "culture", "country", "description", "look_for", "discuss",
)  # fmt: skip


def test_the_starter_collection_is_large_and_complete(starter):
    assert len(starter) >= 1_200
    for work in starter.catalogue:
        empty = [field for field in ALWAYS if getattr(work, field) in ("", None, ())]
        assert not empty, (work.artwork_id, empty)
        assert not work.artist or work.artist_zh, work.artwork_id
        assert 3 <= len(work.subjects) <= 8 and 1 <= len(work.moods) <= 4 and len(work.palette) == 5, work.artwork_id
        assert 40 <= len(work.description.split()) <= 80, (work.artwork_id, len(work.description.split()))


@pytest.mark.parametrize("continent", CONTINENTS)
def test_the_starter_collection_comes_from_every_inhabited_continent(starter, continent):
    works = [w for w in starter.catalogue if w.country in CONTINENTS[continent]]
    assert len(works) >= 10
    assert len({w.culture for w in works}) >= 4


def test_the_starter_collection_uses_its_vocabulary(starter):
    vocabulary = load_catalogue(config.STARTER).vocabulary
    assert set(vocabulary) == {"type", "movement", "genre", "moods", "content_notes"}
    for field, words in vocabulary.items():
        assert all(term.zh for term in words.values()), field
        used = set()
        for work in starter.catalogue:
            value = getattr(work, field)
            used.update((value,) if isinstance(value, str) else value)
        assert used - {""} <= set(words)
        assert len(used & set(words)) >= len(words) / 2, f"most of {field} is never used"
