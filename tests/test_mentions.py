"""What a query names, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec import config
from artrec.catalogue import load_catalogue
from artrec.mentions import Mentions, _names, find_mentions

STARTER = load_catalogue(config.STARTER)


def named(text: str) -> dict:
    found = find_mentions(text, STARTER)
    return {field: value for field, value in vars(found).items() if value not in (frozenset(), (), None)}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("calm blue Japanese prints of the 19th century",
         {"moods": {"calm"}, "colours": ("blue",), "cultures": {"Japanese"}, "types": {"print"}, "years": (1801, 1900)}),
        ("peaceful", {"moods": {"calm"}}),
        ("hope and sorrow", {"moods": {"hopeful", "grieving"}}),
        ("Cubist guitars", {"movements": {"Cubism"}}),
        ("an impressionist garden", {"movements": {"Impressionism"}}),
        ("the Surrealists", {"movements": {"Surrealism"}}),
        ("first impressions of a machine", {}),
        ("German Expressionism", {"cultures": {"German"}, "movements": {"German Expressionism", "Expressionism"}}),
        ("maori carving", {"cultures": {"Māori"}}),
        ("a Kwakwaka'wakw feast", {"cultures": {"Kwakwaka'wakw"}}),
        ("red and RED and gold", {"colours": ("red", "gold")}),
        ("bored hundred golders", {}),
        ("a person wearing glass beads and a mask", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_mentions(text, expected):
    known = {work.movement for work in STARTER}
    if "movements" in expected:
        expected["movements"] = {m for m in expected["movements"] if m in known}
    assert named(text) == expected


@pytest.mark.parametrize(
    "text, years",
    [
        ("19th century", (1801, 1900)),
        ("a 1st century vase", (1, 100)),
        ("5th century BCE", (-500, -401)),
        ("1st-century B.C. coins", (-100, -1)),
        ("the 1920s", (1920, 1929)),
        ("the 1800s", (1800, 1899)),
        ("1850", None),
        ("the 100th century", None),
        ("30000s", None),
    ],
)
def test_years(text, years):
    assert find_mentions(text, STARTER).years == years


@pytest.mark.parametrize(
    "field, attribute", [("moods", "moods"), ("movement", "movements"), ("culture", "cultures"), ("type", "types")]
)
def test_every_name_in_the_collection_is_found_inside_a_sentence(field, attribute):
    for name, own in _names(STARTER)[field].items():
        assert own in getattr(find_mentions(f"show me {name} things", STARTER), attribute), name
        assert own in getattr(find_mentions(own.upper(), STARTER), attribute), name


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text):
    found = find_mentions(text, STARTER)
    assert isinstance(found, Mentions)
    assert found.years is None or found.years[0] <= found.years[1]
