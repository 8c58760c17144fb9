"""Colour plates: well-formed, safe, always the same for one work, and made of its colours."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from artrec.catalogue import Artwork, load_catalogue
from artrec.plates import COMPOSITIONS, alt_text, colour_name, composition, palette_of, plate

STARTER = load_catalogue(Path(__file__).parents[1] / "data" / "starter")
PALETTE = ("#1f3a93", "#d9b26a", "#f0e6d2", "#a8432f", "#2b2b2b")
HOSTILE = [
    "<script>alert(1)</script>",
    "\"quotes\" & 'quotes' ]]> --> </title></svg>",
    "👩🏽‍🎨 emoji 🖼️",
    "مناظر طبيعية",
    "right-to-left \u202eoverride\u202c",
    "bell \x07 null \x00 next line \x85 form feed \x0c not a character \ufffe",
    "&lt;already escaped&gt; url(https://example.org/x)",
]


def work(artwork_id: str = "a-work", title: str = "A work", **fields) -> Artwork:
    return Artwork(artwork_id=artwork_id, title=title, **{"palette": PALETTE} | fields)


def title_of(svg: str) -> str:
    return ET.fromstring(svg).findtext("{http://www.w3.org/2000/svg}title")


def ids(svg: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', svg)


def assert_sound(svg: str) -> None:
    """One small SVG image that refers to nothing but itself and in which every number is one."""
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("role") == "img"
    assert root.get("viewBox") and root.get("preserveAspectRatio")
    assert len(svg.encode()) < 6_000
    assert {element.tag.split("}")[1] for element in root.iter()}.isdisjoint({"script", "image", "text", "use", "a", "style"})
    attributes = [pair for element in root.iter() for pair in element.attrib.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or "href" in name]
    assert not [value for _, value in attributes if "//" in value or "nan" in value or "inf" in value]
    assert len(ids(svg)) == len(set(ids(svg)))
    assert set(re.findall(r'="url\(#([^)]+)\)"', svg)) <= set(ids(svg))


def test_every_starter_work_has_a_sound_plate_in_its_own_colours():
    for one in STARTER:
        svg = plate(one)
        assert_sound(svg)
        assert title_of(svg) == f"Colour plate for {one.title}, not a picture of the work"
        assert not [colour for colour in one.palette if colour not in svg]
    assert {composition(one) for one in STARTER} == set(COMPOSITIONS)


@pytest.mark.parametrize("title", HOSTILE)
def test_record_text_cannot_leave_its_place(title):
    svg = plate(work(title=title, artist=title, type=title, genre=title))
    assert_sound(svg)
    assert "<script" not in svg
    words = alt_text(work(title=title, artist=title))
    for text in (title_of(svg), words):
        assert not re.search("[\x00-\x1f\x80-\x9f\u202a-\u202e\ufffe]", text)
    assert words.endswith("not a picture of the work")


def test_a_readable_title_arrives_whole():
    for title in (HOSTILE[0], HOSTILE[2], HOSTILE[3], HOSTILE[6]):
        assert title_of(plate(work(title=title))) == f"Colour plate for {title}, not a picture of the work"


def test_the_same_work_is_drawn_the_same_and_others_differently():
    plates = [plate(one) for one in STARTER]
    assert plates == [plate(one) for one in STARTER]
    assert len({re.sub(r"<title>.*</title>|p[0-9a-f]{10}", "", svg) for svg in plates}) == len(STARTER)


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_works_alike_in_all_but_their_id_differ_and_share_no_ids(name):
    word = COMPOSITIONS[name][2].split(", ")[0]
    fields = {"type": word} if word in STARTER.vocabulary["type"] else {"genre": word}
    one, other = work("one", **fields), work("other", **fields)
    assert composition(one) == composition(other) == name
    assert re.findall(r' d="([^"]+)"', plate(one)) != re.findall(r' d="([^"]+)"', plate(other))
    assert set(ids(plate(one))).isdisjoint(ids(plate(other)))


@pytest.mark.parametrize("field", ["type", "genre"])
def test_every_word_of_the_vocabulary_draws(field):
    for word in STARTER.vocabulary[field]:
        for seed in range(5):
            assert_sound(plate(work(f"work-{seed}", **{field: word})))


def test_the_words_that_compositions_list_are_of_the_vocabulary():
    words = [word for _, _, words in COMPOSITIONS.values() for word in words.split(", ")]
    known = set(STARTER.vocabulary["type"]) | set(STARTER.vocabulary["genre"])
    pairs = {f"{kind} {genre}" for kind in STARTER.vocabulary["type"] for genre in STARTER.vocabulary["genre"]}
    assert not set(words) - known - pairs
    assert len(words) == len(set(words))


def test_a_decisive_type_goes_before_the_genre():
    assert composition(work(type="textile", genre="portrait")) == "weave"
    assert composition(work(type="painting", genre="seascape")) == "waves"
    assert composition(work(type="architecture", genre="sacred building")) == "halo"
    assert composition(work(type="architecture", genre="monument")) == "facade"
    assert composition(work()) == "fields"


@pytest.mark.parametrize("count", range(9))
def test_any_number_of_colours_will_do(count):
    palette = (*PALETTE, "#6f8f6a", "#c9a0b0", "#e7e0d4")[:count]
    for name in COMPOSITIONS:
        word = COMPOSITIONS[name][2].split(", ")[0]
        svg = plate(work(palette=palette, type=word, genre=word))
        assert_sound(svg)
        assert not [colour for colour in palette if colour not in svg]


def test_one_colour_given_five_times_will_do():
    for word in ("landscape", "religious", "textile"):
        assert_sound(plate(work(palette=("#808080",) * 5, type=word, genre=word)))


def test_no_palette_gives_quiet_greys_of_its_own():
    greys = palette_of(work("one", palette=()))
    assert len(greys) == 5
    assert greys != palette_of(work("other", palette=()))
    for grey in greys:
        channels = [int(grey[i : i + 2], 16) for i in (1, 3, 5)]
        assert max(channels) - min(channels) <= 12


def test_a_colour_that_is_none_is_left_out():
    unchecked = work().model_copy(update={"palette": ('"/><script>', "#12345", "#1F3A93\n", "#D9B26A")})
    assert palette_of(unchecked) == ["#d9b26a"]
    assert_sound(plate(unchecked))


@pytest.mark.parametrize("size", [(480, 600), (600, 480), (120, 150), (1200, 400), (400, 400)])
def test_any_format_will_do(size):
    for name in COMPOSITIONS:
        word = COMPOSITIONS[name][2].split(", ")[0]
        svg = plate(work(type=word, genre=word), *size)
        root = ET.fromstring(svg)
        assert (root.get("width"), root.get("height")) == tuple(str(side) for side in size)
        assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"
        assert not re.search("nan|inf", svg.split("<defs>")[1])


def test_alt_text_is_in_plain_words():
    starry = work(title="The Starry Night", artist="Vincent van Gogh", genre="landscape", palette=PALETTE[:2])
    assert alt_text(starry) == (
        "Colour plate for The Starry Night by Vincent van Gogh: hills under a low sun, in indigo and pale gold; "
        "not a picture of the work"
    )
    for one in STARTER:
        assert "#" not in alt_text(one).replace(one.title, "").replace(one.artist, "")
        assert alt_text(one).startswith(f"Colour plate for {one.title}")
    assert " by " not in alt_text(work())


@pytest.mark.parametrize(
    ("colour", "name"),
    [("#0b0b0b", "black"), ("#fbfaf7", "white"), ("#b8c9dd", "pale blue"), ("#173058", "deep blue"), ("#7a4a28", "brown")],
)
def test_colours_have_plain_names(colour, name):
    assert colour_name(colour) == name
