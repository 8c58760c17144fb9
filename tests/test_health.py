"""The health report of a made-up collection whose faults are known."""

import pytest
from helpers import catalogue_of

from artrec.catalogue import Artwork
from artrec.health import LISTED, report, sides

LONG = "A wide river runs under a bridge of nine arches while two boats wait below the tower of the old town and its bell"


def work(number: int, **fields) -> Artwork:
    return Artwork(**{"artwork_id": f"w{number}", "title": f"Work {number}", "artist": "A. Maker", "museum": "One"} | fields)


FAULTY = (
    work(0, artist_life=(1900, 1950), year_start=1903, year_end=1904, date_text="1903"),
    work(1, artist_life=(1900, 1950), year_start=1980, year_end=1980, date_text="1980"),
    work(2, year_start=2190, year_end=2190), work(3, year_start=100, year_end=1900), work(4, date_text="once upon a time"),
    work(5, dimensions="0 × 12 cm"), work(6, dimensions="23 × 18 m", type="painting"), work(7, dimensions="30 m", type="mural"),
    work(8, description=LONG, image_url="https://a.example/1.jpg"), work(9, description=LONG, image_url="https://a.example/1.jpg"),
    work(10, title="Twin", date_text="1900", year_start=1900), work(11, title="twin", date_text="1900", year_start=1900),
)  # fmt: skip


def found(title: str) -> dict:
    return next((p for p in report(catalogue_of(*FAULTY))["problems"] if title in p["title"]), {"works": (), "count": 0})


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("before the artist", ["w0"]), ("after the artist died", ["w1"]), ("in the future", ["w2"]), ("500 years", ["w3"]),
        ("could not be read", ["w4"]), ("a side of nothing", ["w5"]), ("over 10 metres", ["w6"]), ("nearly the same", ["w9"]),
        ("one picture", ["w8", "w9"]), ("same title", ["w10", "w11"]),
        ("no dimensions", [f"w{n}" for n in range(12) if n not in (5, 6, 7)]),
    ],
)  # fmt: skip
def test_each_fault_is_found_with_its_works(title, ids):
    assert list(found(title)["works"]) == ids and found(title)["count"] == len(ids)


def test_the_report_as_a_whole():
    whole = report(catalogue_of(*FAULTY))
    assert whole["works"] == 12 and whole["filled"]["artist"] == 1 and whole["filled"]["movement"] == 0
    assert any("museum is One everywhere" in p["title"] for p in whole["problems"])
    assert all(p["cure"] and 0 < p["share"] <= 1 and len(p["works"]) <= LISTED for p in whole["problems"])
    assert whole["spread"]["museum"] == {"One": 12} and whole["spread"]["century"]["20"] == 2
    sound = report(catalogue_of(work(0), work(1, museum="Two", artist="B. Maker")))
    assert {p["kind"] for p in sound["problems"]} <= {"gap"}


def test_sides():
    assert sides("image: 199 x 151 mm") == pytest.approx([19.9, 15.1])
    assert sides("23.5 × 18 × 4 cm") == [23.5, 18.0, 4.0]
    assert sides("H: 15 3/16 x W: 10 1/16 in. (38.5 x 25.5 cm)") == [38.5, 25.5] and sides("large") == []
