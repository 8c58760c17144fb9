import numpy as np
import pytest
from helpers_visual import noise, plain, stripes
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec.colour import lab
from artrec.visual import palette
from artrec.visual.features import COLUMNS, FEATURES, HIGH, LOW, NAMES, read


def value(picture, name):
    return float(read(picture)[NAMES[name]])


def disc(x, y, radius=16, side=(120, 160)):
    yy, xx = np.mgrid[: side[0], : side[1]]
    picture = plain((235, 235, 230), *side)
    picture[(yy - y) ** 2 + (xx - x) ** 2 < radius**2] = (180, 20, 20)
    return picture


def halves(above, below, height=100, width=140):
    picture = plain(above, height, width)
    picture[height // 2 :] = below
    return picture


@settings(max_examples=40, deadline=None)
@given(
    st.integers(8, 90), st.integers(8, 90), st.integers(0, 1_000), st.sampled_from(["noise", "plain", "ramp", "dots", "white"])
)
def test_every_feature_of_any_picture_is_finite_and_in_its_range(height, width, seed, kind):
    picture = {
        "noise": lambda: noise(seed, height, width),
        "plain": lambda: plain(tuple(noise(seed, 1, 1)[0, 0]), height, width),
        "ramp": lambda: np.broadcast_to(np.linspace(0, 255, width)[None, :, None], (height, width, 3)).astype(np.uint8),
        "dots": lambda: (noise(seed, height, width) > 250).astype(np.uint8) * 255,
        "white": lambda: plain((255, 255, 255), height, width),
    }[kind]()
    found = read(picture)
    assert found.shape == (len(FEATURES),) and found.dtype == np.float32
    assert np.isfinite(found).all() and (found >= LOW).all() and (found <= HIGH).all()
    assert np.array_equal(found, read(picture))


def test_names_are_one_each_and_every_group_has_its_columns():
    assert len(NAMES) == len(FEATURES) == sum(len(columns) for columns in COLUMNS.values())
    assert all(feature.low < feature.high and len(feature.words) == 2 for feature in FEATURES)
    assert all(FEATURES[at].group == group for group, columns in COLUMNS.items() for at in columns)


def test_a_picture_as_long_as_a_scroll_can_be_read():
    assert np.isfinite(read(noise(height=9, width=512))).all() and np.isfinite(read(noise(height=512, width=9))).all()


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("brightness", plain((20, 20, 20)), plain((240, 240, 240))),
        ("contrast", plain((120, 120, 120)), halves((0, 0, 0), (255, 255, 255))),
        ("two tones", np.tile(np.arange(160, dtype=np.uint8)[None, :, None], (99, 1, 3)), halves((10,) * 3, (250,) * 3)),
        ("warmth", plain((40, 60, 220)), plain((230, 120, 20))),
        ("saturation", plain((200, 180, 180)), plain((200, 10, 10))),
        ("colourfulness", plain((128, 128, 128)), halves((220, 20, 20), (20, 40, 220))),
        ("hue entropy", halves((220, 20, 20), (180, 10, 10)), halves((220, 20, 20), (20, 40, 220))),
        ("harmony", noise(), halves((220, 30, 20), (210, 50, 30))),
        ("neutral", plain((220, 20, 20)), plain((90, 90, 90))),
        ("colours that count", plain(), noise()),
        ("edge density", plain(), disc(80, 60)),
        ("empty space", noise(), plain()),
        ("left and right alike", disc(30, 60), disc(79.5, 60)),
        ("weight to the right", disc(30, 60), disc(130, 60)),
        ("weight below", disc(80, 20), disc(80, 100)),
        ("in the middle", disc(20, 20), disc(80, 60)),
        ("on the thirds", disc(80, 60, 8), disc(54, 40, 8)),
        ("format", plain(height=90, width=60), plain(height=60, width=90)),
        ("horizon", stripes(upright=True), halves((120, 160, 220), (60, 90, 40))),
        ("light from above", halves((10,) * 3, (200,) * 3), halves((200,) * 3, (10,) * 3)),
        ("coarse upright strokes", stripes(upright=False), stripes(upright=True)),
        ("coarse level strokes", stripes(upright=True), stripes(upright=False)),
        ("fine order", noise(), stripes()),
        ("spectral slope", disc(80, 60, 50), noise()),
        ("colour grain", halves((220, 20, 20), (20, 40, 220)), noise()),
        ("size of the main form", disc(80, 60, 8), disc(80, 60, 40)),
        ("straight lines", disc(80, 60), stripes()),
        ("largest area", noise(), disc(80, 60)),
    ],
)
def test_a_feature_rises_with_what_it_measures(name, low, high):
    assert value(low, name) < value(high, name)


def test_black_and_white_have_the_ends_of_brightness():
    assert value(plain((0, 0, 0)), "brightness") == pytest.approx(0, abs=0.1)
    assert value(plain((255, 255, 255)), "brightness") == pytest.approx(100, abs=0.1)


def test_a_horizon_is_found_where_it_is():
    picture = plain((130, 170, 230), 200, 220)
    picture[140:] = (70, 90, 40)
    assert value(picture, "height of the horizon") == pytest.approx(0.3, abs=0.02)
    assert value(picture, "horizon") > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_a_mirror_turns_the_sides_and_nothing_else(seed):
    one = disc(30 + 20 * seed, 40)
    other = np.ascontiguousarray(one[:, ::-1])
    for name in ("weight to the right", "light from the left"):
        assert value(one, name) == pytest.approx(-value(other, name), abs=0.02)
    for name in ("brightness", "colourfulness", "weight below", "left and right alike", "empty space", "contrast at 1"):
        assert value(one, name) == pytest.approx(value(other, name), rel=0.02, abs=0.02)


def test_the_resolution_of_a_file_hardly_matters():
    picture = disc(60, 50, side=(112, 150))
    large = np.repeat(np.repeat(picture, 3, axis=0), 3, axis=1)
    for name in ("brightness", "colourfulness", "warmth", "size of the main form", "weight to the right", "empty space"):
        assert value(picture, name) == pytest.approx(value(large, name), rel=0.1, abs=0.02)


def test_the_main_colours_and_their_shares_are_exact_where_there_are_few():
    picture = plain((200, 30, 30), 100, 100)
    picture[:30] = (20, 40, 180)
    picture[90:] = (240, 240, 240)
    found = palette.dominant(picture)
    assert found.shape == (5, 4) and found.dtype == np.float32
    assert found[:, 3] == pytest.approx([0.6, 0.3, 0.1, 0, 0], abs=0.01)
    assert np.abs(found[:3, :3] - lab(["#c81e1e", "#1428b4", "#f0f0f0"])).max() < 1.0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 6))
def test_shares_add_up_and_fall(seed, k, colours):
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (colours, 3), dtype=np.uint8)[random.integers(0, colours, (40, 50))]
    found = palette.dominant(picture, k)
    assert found[:, 3].sum() == pytest.approx(1, abs=1e-5) and (np.diff(found[:, 3]) <= 1e-6).all()
    assert np.array_equal(found, palette.dominant(picture, k))


def test_rows_in_another_order_have_the_same_palette():
    picture = noise(height=224, width=100) // 64 * 64
    assert np.abs(palette.dominant(picture) - palette.dominant(picture[::-1].copy())).max() < 1e-3
