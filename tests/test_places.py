"""Country → region of the world."""

import pytest

from artrec.places import REGIONS, region


@pytest.mark.parametrize(
    "country, expected",
    [
        ("Mali", "Africa"), ("Egypt", "Africa"), ("China", "Asia"), ("Turkey", "Asia"), ("South Korea", "Asia"),
        ("United Kingdom", "Europe"), ("Russia", "Europe"), ("Vatican City", "Europe"), ("Canada", "Northern America"),
        ("United States", "Northern America"), ("Mexico", "Latin America and the Caribbean"),
        ("Peru", "Latin America and the Caribbean"), ("New Zealand", "Oceania"), (" Japan ", "Asia"),
        ("", ""), ("   ", ""), ("Atlantis", ""), ("<b>", ""),
    ],
)  # fmt: skip
def test_regions(country, expected):
    assert region(country) == expected


def test_every_country_of_the_starter_collection_has_one(starter):
    assert {work.country for work in starter.catalogue if region(work.country) not in REGIONS} == set()
