"""One record of each museum in its published layout → an artwork, field by field; what is odd in it is told or put right."""

import json
from pathlib import Path

import pytest

from artrec.catalogue import Artwork
from artrec.sources import LeftOut, source_of

WALTERS = {
    "ObjectID": 1, "ObjectNumber": "1.1", "Title": "Vase", "Classification": "Ceramics", "ObjectName": "vases; jars",
    "Style": None,
    "Creators": [{"ConcatDisplayName": "Greek (?)", "Gender": None, "Role": "Artist"}], "CreditLine": "A gift",
    "Culture": None,
    "DateBeginYear": -450, "DateEndYear": -425, "DateText": "ca. 450-425 BC", "Description": "A <b>vase</b>.\r\n\r\nTall.",
    "Dimensions": "H: 9 in. (22.8 cm)", "Keywords": "Literature -- Poetry; * horse; Walters Art Museum", "Medium": "terracotta",
    "Geographies": [
        {"GeoHierarchy": "The Thesaurus\\World\\continents\\Europe\\nations\\Ellás\\regions\\", "GeographyTerm": "Attica",
         "GeoType": "Place of Origin"},
        {"GeoHierarchy": "The Thesaurus\\World\\continents\\Africa\\nations\\", "GeographyTerm": "Misr",
         "GeoType": "Place Depicted"},
    ],
    "Images": [{"IsPrimary": False, "ImageURLs": {"Large": "http://a.example/2.jpg"}},
               {"IsPrimary": True, "ImageURLs": {"Large": "http://a.example/1.jpg"}}],
    "Period": "Archaic", "Dynasty": None, "Reign": None, "ResourceURL": "http://art.example/detail/1",
}  # fmt: skip
CMOA = {
    "id": "cmoa:things/ab-1", "title": "Print", "creation_date": "before 1900", "creation_date_earliest": "1880-01-01",
    "creation_date_latest": "1900-01-01", "medium": "mezzotint", "classification": "prints", "item_height": 10.0,
    "item_width": 20,
    "item_depth": 0.0, "item_diameter": 2.0, "credit_line": "Fund", "web_url": "http://a.example/1",
    "images": [{"image_url": ""}, {"image_url": "http://a.example/i.jpg"}],
    "creator": [{"full_name": "David Lucas", "party_type": "Person", "role": None, "nationality": "British",
                 "birth_date": "1802-01-01", "death_date": "1881-01-01"}],
}  # fmt: skip
TATE = {
    "acno": "X1", "catalogueGroup": {}, "title": "Scene", "classification": "on paper, unique", "medium": "Etching on paper",
    "contributors": [{"fc": "William Blake", "mda": "Blake, William", "id": 39, "role": "artist", "gender": "Male",
                      "birthYear": 1757, "date": "1757–1827"}],
    "dateText": "date not known", "dateRange": None, "movements": None, "url": "http://www.tate.example/x1",
    "subjects": {"name": "subject", "children": [{"name": "people", "children": [
        {"name": "adults", "children": [{"name": "man, old"}]}]},
        {"name": "nature", "children": [{"name": "water: inland", "children": [{"name": "river"}]},
                                        {"name": "landscape", "children": [{"name": "townscape, distant"}]}]},
        {"name": "objects", "children": [
            {"name": "fine arts and music", "children": [{"name": "instrument, lyre"}, {"name": "head / face"}]}]},
        {"name": "places", "children": [
            {"name": "UK counties", "children": [{"name": "Sussex, East"}, {"name": "building - non-specific"}]}]}]},
}  # fmt: skip
ARTIC = {
    "id": 11, "main_reference_number": "1", "title": "Self", "artist_display": "Walter Shirlaw\nAmerican, born X, 1838–1909",
    "artist_title": "Walter Shirlaw", "artist_titles": ["Walter Shirlaw"], "date_start": 1878, "date_end": 1878,
    "date_display": "1878",
    "place_of_origin": "England", "description": "<p>One &amp; all.</p>", "thumbnail": {"alt_text": "A man with a hat."},
    "artwork_type_title": "Painting", "style_title": "19th century", "subject_titles": ["portraits"],
    "theme_titles": ["Essentials"],
    "image_id": "7b7a6f39-1cd8-ea2f-9811-18b0e23edac0", "is_public_domain": True, "copyright_notice": None,
}  # fmt: skip
WIKIDATA = {
    "id": "Q1", "keywords": "", "year": "1440", "_title": "A", "_creation": "1447", "_artist": "B", "_country": "Belgium",
    "_depicts": "Anthony， bastard of Burgundy, Dog", "_genre": "Religious art, Nude", "_material": "Oil paint, Panel",
    "_movement": "Mannerism, Baroque", "_museum": "Louvre",
}  # fmt: skip


@pytest.fixture
def one(tmp_path):
    def read(name: str, record: dict, **changes) -> Artwork:
        file = tmp_path / "one.jsonl"
        file.write_text(json.dumps(record | changes), "utf-8")
        (found,) = source_of(name).read(file)
        assert isinstance(found, Artwork), found
        return found

    return read


def test_walters(one):
    vase = one("walters", WALTERS)
    assert (vase.artwork_id, vase.title, vase.artist, vase.culture, vase.type) == ("walters-1", "Vase", "", "Greek", "ceramic")
    assert (vase.country, vase.recorded["country"], vase.recorded["place"]) == ("Greece", "Ellás", "Attica")
    assert vase.subjects == ("Literature", "Poetry", "horse", "Egypt") and vase.description == "A vase. Tall."
    assert vase.image_url == "http://a.example/1.jpg" and vase.recorded["artist"] == "Greek (?) (artist)"
    assert (
        one("walters", WALTERS, Period="Baroque").movement == "Baroque"
        and one("walters", WALTERS, Style="Attic~b").movement == "Attic"
    )
    assert one("walters", WALTERS, Style="Satsuma ware").movement == ""
    assert one("walters", WALTERS, Title=None).title == "Vases"
    assert one("walters", WALTERS, Classification="Metal", ObjectName="statuettes").type == "sculpture"
    assert one("walters", WALTERS, Classification="Painting & Drawing", ObjectName="sketches").type == "drawing"


@pytest.mark.parametrize(
    ("begin", "end", "said", "years"),
    [(-450, -425, "ca. 450-425 BC", (-450, -425)), (0, 0, "1899", (1899, 1899)), (1821, 18343, "ca. 1833-1834", (1833, 1834)),
     (19, 19, "19th century", (1801, 1900)), (1725, 1299, "mid 13th century", (1234, 1267)), (-600, 100, "n.d.", (-600, 100)),
     (0, 0, "n.d.", (None, None)), (1850, 1874, "after 1843", (1850, 1874)), (None, None, None, (None, None))],
)  # fmt: skip
def test_slips_in_the_years_of_the_walters(one, begin, end, said, years):
    work = one("walters", WALTERS, DateBeginYear=begin, DateEndYear=end, DateText=said)
    assert (work.year_start, work.year_end) == years and work.date_text == ("" if said in ("n.d.", None) else said)


def test_makers_of_the_walters(one):
    def artist(*creators: tuple[str, str]) -> Artwork:
        return one(
            "walters", WALTERS, Creators=[{"ConcatDisplayName": name, "Role": role, "Gender": None} for name, role in creators]
        )

    barye = artist(("French", "Artist"), ("Antoine-Louis Barye (French, 1795-1875)", "Sculptor"), ("Somebody", "Publisher"))
    assert (barye.artist, barye.artist_life, barye.culture) == ("Antoine-Louis Barye", (1795, 1875), "French")
    assert barye.recorded["artist"].endswith("Somebody (publisher)")
    folio = artist(("Nizami Ganjavi (Azerbaijani, died 605 AH/AD 1209)", "Author"), ("Mir 'Ali", "Scribe"))
    assert folio.artist == "" and "scribe" in folio.recorded["artist"]
    assert artist(("Style of Robert Campin", "Artist")).artist == ""


def test_cmoa(one):
    lucas = one("cmoa", CMOA)
    assert (lucas.artwork_id, lucas.artist, lucas.artist_life, lucas.culture) == (
        "cmoa-ab-1",
        "David Lucas",
        (1802, 1881),
        "British",
    )
    assert (lucas.year_start, lucas.year_end, lucas.date_text, lucas.type) == (1880, 1900, "before 1900", "print")
    assert (
        lucas.dimensions == "25.4 × 50.8 cm, diameter 5.1 cm"
        and lucas.image_url == "http://a.example/i.jpg"
        and not lucas.subjects
    )
    assert one("cmoa", CMOA, title=None).title == "Untitled (prints)"
    undated = one("cmoa", CMOA, creation_date="no date")
    assert (undated.year_start, undated.year_end, undated.date_text) == (1880, 1900, "")
    assert one("cmoa", CMOA, creation_date_latest="71959-07-07", creation_date="July 7, 1959").year == 1959
    assert one("cmoa", CMOA, classification="Wood", title="Armchair").type == "furniture"
    assert one("cmoa", CMOA, classification="Wood", title="Mask").type == ""
    assert one("cmoa", CMOA, classification="containers", medium="silver").type == "metalwork"


@pytest.mark.parametrize(
    ("creators", "artist"),
    [([("David Lucas", "after"), ("John Constable", None)], "David Lucas"),  # the export moved the role up
     ([("Hiroshige Andō", "publisher"), ("Seimon Aritaya", None)], "Hiroshige Andō"),
     ([("Karel van Mander I", "after"), ("Jacques de Gheyn II", "engraver")], "Jacques de Gheyn II"),
     ([("John Constable", "after")], ""), ([("Somebody", "possibly by")], ""), ([("A", "attributed to"), ("B", None)], "B"),
     ([("unknown Italian, Naples", None)], ""), ([("English, Spode or Rockingham", None)], ""), ([], ""),
     ([("Murakami, Takashi", "artist")], "Takashi Murakami"), ([("John Hancock , Jr.", None)], "John Hancock, Jr.")],
)  # fmt: skip
def test_makers_of_the_carnegie(one, creators, artist):
    people = [{"full_name": name, "role": role, "party_type": "Person", "nationality": "Italian"} for name, role in creators]
    work = one("cmoa", CMOA, creator=people)
    assert (
        work.artist == artist
        and (artist or not people or work.recorded["artist"])
        and work.culture == ("Italian" if people else "")
    )


def test_tate(one):
    scene = one("tate", TATE)
    assert (scene.artwork_id, scene.artist, scene.artist_life, scene.artist_gender) == (
        "tate-X1",
        "William Blake",
        (1757, 1827),
        "man",
    )
    assert scene.subjects == ("old man", "river", "inland water", "distant townscape", "landscape", "lyre", "head", "face",
                              "fine arts and music", "East Sussex", "building")  # fmt: skip
    assert (scene.date_text, scene.year, scene.type, scene.movement) == ("", None, "print", "")
    after = one("tate", TATE, contributors=[TATE["contributors"][0] | {"role": "after"}])
    assert after.artist == "" and after.artist_life is None and after.recorded["artist"] == "after William Blake"
    both = one("tate", TATE, movements=[{"name": "Cubism"}, {"name": "Dada"}], groupTitle="Sketches, etc.")
    assert (both.movement, both.recorded["movement"], both.description) == ("Cubism", "Cubism; Dada", "From Sketches, etc.")


def test_an_artists_only_movement_is_taken_and_told(tmp_path):
    for name, record in (
        ("artists/b/39.json", {"id": 39, "mda": "Blake, William", "totalWorks": 1, "movements": [{"name": "Romanticism"}]}),
        ("artists/c/40.json", {"id": 40, "mda": "C", "totalWorks": 1, "movements": [{"name": "A"}, {"name": "B"}]}),
        ("artworks/x/x1.json", TATE),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(record))
    (work,) = source_of("tate").read(tmp_path)
    assert work.movement == "Romanticism" and work.recorded["movement"] == "Romanticism (of the artist)"
    assert source_of("tate").recognises(tmp_path)


def test_artic(one):
    own = one("artic", ARTIC)
    assert (own.artwork_id, own.artist, own.artist_life, own.culture) == (
        "artic-11",
        "Walter Shirlaw",
        (1838, 1909),
        "American",
    )
    assert (own.country, own.recorded["country"], own.movement) == ("United Kingdom", "England", "")
    assert own.description == "One & all. A man with a hat." and own.subjects == ("portraits", "Essentials")
    assert own.rights == "CC0" and own.page_url.endswith("/artworks/11") and own.image_url.endswith("/full/843,/0/default.jpg")
    assert one("artic", ARTIC, artist_display="Attributed to Walter Shirlaw\nAmerican, 1838–1909").artist == ""
    chinese = one("artic", ARTIC, artist_title=None, artist_titles=[], artist_display="China", place_of_origin="Munich")
    assert (chinese.artist, chinese.culture, chinese.country) == ("", "China", "")
    assert (
        one("artic", ARTIC, image_id="../../etc").image_url == "" and one("artic", ARTIC, date_display="n.d.").date_text == ""
    )


def test_wikidata(tmp_path):
    file = tmp_path / "paintings.csv"
    cells = [",".join(f'"{v}"' for v in row) for row in (WIKIDATA, WIKIDATA.values())]
    file.write_text("\n".join([*cells, '"Q2"']), "utf-8")
    work, left = source_of("wikidata").read(file)
    assert isinstance(left, LeftOut) and "title" in left.reason
    assert (work.artwork_id, work.year, work.genre, work.movement) == ("wikidata-Q1", 1447, "religious art", "Mannerism")
    assert work.subjects == ("Anthony, bastard of Burgundy", "Dog") and work.medium == "oil paint, panel"
    assert work.recorded == {"genre": "Religious art; Nude", "movement": "Mannerism; Baroque"}
    assert work.page_url == "https://www.wikidata.org/wiki/Q1"


ODD = [None, 3, 2.5, True, "", "x", [], [None], ["x"], [3], {}, {"a": 1}, [{}], [{"x": None}], "\0", "9" * 400, -7, 10**30]


@pytest.mark.parametrize(
    ("name", "record", "own"),
    [("walters", WALTERS, "ObjectID"), ("cmoa", CMOA, "id"), ("tate", TATE, "acno"), ("artic", ARTIC, "id")],
)
@pytest.mark.parametrize("value", ODD, ids=lambda v: repr(v)[:20])
def test_a_field_of_any_kind_is_survived(tmp_path, name, record, own, value):
    file = tmp_path / "odd.jsonl"
    lines = [json.dumps(record | {field: value}) for field in record]
    file.write_text("\n".join(lines), "utf-8")
    found = list(source_of(name).read(Path(file)))
    assert len(found) >= len(lines) - 1 and all(isinstance(each, (Artwork, LeftOut)) for each in found)
    assert sum(isinstance(each, Artwork) for each in found) >= len(lines) - 3
