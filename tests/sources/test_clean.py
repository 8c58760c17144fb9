"""Museums' wording as fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.catalogue import Artwork
from artrec.sources.base import LeftOut
from artrec.sources.clean import address, artwork, identifier, inches, life, named, plain, terms


@pytest.mark.parametrize(
    ("text", "name", "lived"),
    [("Gifford, Robert (American, 1840–1905)", "Robert Gifford", (1840, 1905)), ("Naotoshi (Japanese)", "Naotoshi", None),
     ("Philippe Pigouchet (French, active 1488-1518)", "Philippe Pigouchet", None), ("Unknown", "", None),
     ("Joseph Sebastian Klauber (German, ca. 1700 - 1768)", "Joseph Sebastian Klauber", (1700, 1768)),
     ("unidentified artist", "", None), ("Yayoi Kusama (Japanese, born 1929)", "Yayoi Kusama", (1929, None)),
     ("King, Martin Luther, Jr.", "King, Martin Luther, Jr.", None), ("Venetian ()", "Venetian", None), ("", "", None)],
)  # fmt: skip
def test_names_and_lives(text, name, lived):
    assert named(text) == (name, lived)


def test_a_life_is_possible_or_not_told():
    assert life("1900–1850") is None and life("1500–1700") is None and life("d. 1603") == (None, 1603)


def test_html_becomes_text_and_nothing_runs():
    said = "<p>A <b>storm</b>&nbsp;&amp; a ship<br>at sea</p><script>alert('x')</script><style>p{}</style>"
    assert plain(said) == "A storm & a ship at sea"
    assert plain("a < b & c") == "a < b & c" and plain(None) == "" and plain(["a", "b"]) == "a; b" and plain({"a": 1}) == ""
    assert len(plain("word " * 10_000)) <= 20_000 and not plain("word " * 10_000).endswith(" ")


@given(st.text(max_size=200))
def test_any_text_stays_within_a_line(text):
    found = plain(text, 50)
    assert len(found) <= 50 and "\n" not in found and found == found.strip()


def test_addresses_terms_ids_and_sizes():
    assert address("javascript:alert(1)") == address('http://a.b/"onerror=') == address(None) == ""
    assert address("https://a.example/x.jpg?w=3") == "https://a.example/x.jpg?w=3"
    assert terms([" Sea ", "sea", "ship.", "", None, "Storm"]) == ("Sea", "ship", "Storm") and len(terms(range(100))) == 64
    assert identifier("cmoa", "1 / é?x") == "cmoa-1-e-x" and len(identifier("a", "x" * 300)) == 120
    assert inches(13.0, 19.625, 0.0) == "33 × 49.8 cm" and inches(0, None) == ""


def test_an_artwork_or_the_reason():
    assert artwork("f, line 1", 7, artwork_id="x-7", title="A", year_start=1900, year_end=1800) == Artwork(
        artwork_id="x-7", title="A", year_start=1800, year_end=1900
    )
    left = artwork("f, line 2", 8, artwork_id="x-8", title="")
    assert isinstance(left, LeftOut) and "no title" in left.reason and left.record == "8"
    left = artwork("f, line 3", 9, artwork_id="x 9", title="A")
    assert isinstance(left, LeftOut) and "artwork_id" in left.reason and "x 9" in left.reason and left.cure
    kept = artwork("f, line 4", 9, artwork_id="x-9", title="A", year_start=1900, year_end=9999)
    assert kept.year_start == 1900 and kept.year_end is None and kept.recorded == {"year_end": "9999"}
