import numpy as np
import pytest
from helpers_visual import noise
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.visual.frames import crop_frames


def framed(inner, top, bottom, left, right, colour):
    height, width = inner.shape[:2]
    picture = np.full((height + top + bottom, width + left + right, 3), colour, dtype=np.uint8)
    picture[top : top + height, left : left + width] = inner
    return picture


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 20)] * 4), st.sampled_from([(0, 0, 0), (255, 255, 255), (128, 90, 60)]))
def test_a_frame_of_any_width_goes_and_the_picture_stays(sides, colour):
    inner = noise(height=60, width=80)
    assert np.array_equal(crop_frames(framed(inner, *sides, colour)), inner)


def test_a_black_bar_around_a_white_frame_around_a_mount():
    inner = noise()
    picture = framed(framed(framed(inner, 4, 4, 4, 4, (190, 180, 160)), 5, 5, 5, 5, 255), 20, 20, 0, 0, 0)
    assert np.array_equal(crop_frames(picture), inner)


def test_the_paper_around_a_drawing_stays():
    paper = np.full((100, 100, 3), 250, dtype=np.uint8)
    yy, xx = np.mgrid[:100, :100]
    paper[(yy - 50) ** 2 + (xx - 50) ** 2 < 400] = 30
    assert crop_frames(paper).shape == paper.shape


def test_padding_beside_a_dark_picture_goes_on_both_sides():
    inner = noise(height=60, width=60) // 2 + 60
    inner[:, -30:] = np.linspace(40, 0, 30)[:, None]  # the picture's own dark edge: no step from the bar
    assert crop_frames(framed(inner, 0, 0, 15, 15, 0)).shape == (60, 60, 3)


def test_a_night_with_dark_sides_keeps_them():
    night = np.zeros((60, 100, 3), dtype=np.uint8)
    night[10:40, 30:35] = 250
    assert crop_frames(night).shape == night.shape


@pytest.mark.parametrize("levels", [60, 120, 255])
def test_a_sky_that_darkens_is_no_frame(levels):
    sky = np.broadcast_to(np.linspace(0, levels, 80).astype(np.uint8)[:, None, None], (80, 60, 3))
    assert crop_frames(sky).shape == sky.shape


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_a_picture_of_one_colour_stays(colour):
    assert crop_frames(np.full((40, 40, 3), colour, dtype=np.uint8)).shape == (40, 40, 3)


@settings(max_examples=60, deadline=None)
@given(st.integers(8, 40), st.integers(8, 40), st.integers(0, 10_000), st.sampled_from([1, 4, 64, 255]))
def test_something_is_always_left(height, width, seed, depth):
    picture = (noise(seed, height, width) // depth * depth).astype(np.uint8)
    assert min(crop_frames(picture).shape[:2]) >= 8
