"""Known colours in CIELAB (D65), as published, and what holds for all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artrec.colour import WORDS, lab

hexes = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    "colour, expected",
    [
        ("#ffffff", (100, 0, 0)),
        ("#000000", (0, 0, 0)),
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.73, -86.18, 83.18)),
        ("#0000ff", (32.30, 79.19, -107.86)),
        ("#ffff00", (97.14, -21.55, 94.48)),
        ("#808080", (53.59, 0, 0)),
        ("#010101", (0.27, 0, 0)),
    ],
)
def test_known_values(colour, expected):
    np.testing.assert_allclose(lab([colour])[0], expected, atol=0.05)
    np.testing.assert_array_equal(lab([colour.upper()]), lab([colour]))


@given(st.lists(hexes, max_size=8))
def test_each_colour_stands_for_itself(colours):
    values = lab(colours)
    assert values.shape == (len(colours), 3) and values.dtype == np.float32
    assert (values[:, 0] >= -1e-3).all() and (values[:, 0] <= 100.01).all()
    for colour, value in zip(colours, values, strict=True):
        np.testing.assert_allclose(lab([colour])[0], value, atol=1e-4)


@given(st.integers(0, 254))
def test_greys_have_no_hue_and_grow_lighter(level):
    values = lab([f"#{level:02x}{level:02x}{level:02x}", f"#{level + 1:02x}{level + 1:02x}{level + 1:02x}"])
    assert np.abs(values[:, 1:]).max() < 0.02
    assert values[1, 0] > values[0, 0]


def test_colour_words_lie_near_what_they_mean():
    value = {word: lab([colour])[0] for word, colour in WORDS.items()}
    assert value["red"][1] > 40 and value["green"][1] < -20
    assert value["yellow"][2] > 50 and value["blue"][2] < -25
    assert value["white"][0] > 90 and value["black"][0] < 10
    assert WORDS["grey"] == WORDS["gray"] and abs(value["grey"][1:]).max() < 1
