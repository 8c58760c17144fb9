"""Who a museum says made a work: a person, a people, or somebody near a known name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.sources.makers import Maker, maker
from artrec.sources.peoples import is_people


@pytest.mark.parametrize(
    "name",
    ["Egyptian", "French (?)", "Venetian ()", "Costa Rican", "North Italian", "Greco-Roman", "Near Eastern", "Sri Lankan",
     "Moche",
     "Peruvian (Moche style)", "Mexican (Toltec or Aztec style)", "Chavín", "CHINESE"],
)  # fmt: skip
def test_a_people_is_known(name):
    assert is_people(name)


@pytest.mark.parametrize(
    "name",
    ["Basavan", "Alfred Jacob Miller", "Roman Vishniac", "North", "", "()", "Sanjo Kokaji Munechika", "The Grolier Club",
     "Manuhar",
     "Eastern", "Mir 'Ali", "Toshiyuki (Japanese)"],
)  # fmt: skip
def test_a_name_is_not_a_people(name):
    assert not is_people(name)


@pytest.mark.parametrize(
    ("text", "found"),
    [("Alfred Jacob Miller (American, 1810-1874)", Maker("Alfred Jacob Miller", (1810, 1874), "American")),
     ("Toshiyuki (Japanese)", Maker("Toshiyuki", None, "Japanese")), ("Basavan", Maker("Basavan")),
     ("Sèvres Porcelain Manufactory (French, active 1756-present)", Maker("Sèvres Porcelain Manufactory", None, "French")),
     ("Egyptian (?)", Maker(culture="Egyptian")), ("Peruvian (Moche style)", Maker(culture="Peruvian (Moche style)")),
     ("Anonymous", Maker()), ("", Maker()), ("Attributed to Venetian ()", Maker(culture="Venetian", sure=False)),
     ("Follower of Antoniazzo Romano", Maker(sure=False)), ("Formerly after Ch'ien Shun-Chu", Maker(sure=False)),
     ("After François Boucher (French, 1703-1770)", Maker(culture="French", sure=False)), ("Frame: English", Maker(sure=False)),
     ("Antonio Francino , Barrel", Maker(sure=False)), ("Blade made by Muhammad Baqir", Maker(sure=False)),
     ("Master of the Castles (German) , attributed to", Maker(culture="German", sure=False)),
     ("Master of the Castles (German)", Maker("Master of the Castles", None, "German")),
     ("Blake, William (British, 1757–1827)", Maker("William Blake", (1757, 1827), "British"))],
)  # fmt: skip
def test_what_a_maker_is(text, found):
    assert maker(text) == found


@given(st.text(max_size=80))
def test_any_text_gives_a_maker(text):
    found = maker(text)
    assert found.sure or not found.name
    assert found.name == found.name.strip() and "(" not in found.name
