import io

import numpy as np
import pytest
from helpers_visual import encoded, noise, plain, png_claiming
from PIL import Image, ImageCms

from artrec.visual import loading
from artrec.visual.loading import MAX_BYTES, SIDE, PictureError, load, resize, shrink


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_format_gives_the_picture(kind):
    found = load(encoded(plain((200, 40, 40)), kind))
    assert found.shape == (60, 80, 3) and found.dtype == np.uint8
    assert np.abs(found.astype(int) - (200, 40, 40)).max() <= 12


def test_a_path_and_its_bytes_are_the_same(tmp_path):
    (file := tmp_path / "x.png").write_bytes(encoded(noise()))
    assert np.array_equal(load(file), load(file.read_bytes()))


def test_large_pictures_shrink_and_small_ones_stay():
    assert load(encoded(noise(height=300, width=1500))).shape == (round(300 * SIDE / 1500), SIDE, 3)
    assert load(encoded(noise(height=20, width=30))).shape == (20, 30, 3)


def test_averaging_is_done_in_linear_light():
    board = np.indices((64, 64)).sum(axis=0) % 2 * 255
    grey = shrink(np.repeat(board[..., None], 3, axis=2).astype(np.uint8), 8)
    assert set(np.unique(grey)) <= {187, 188}, "half the light is sRGB 188, not 128"


def test_resize_gives_the_side_asked_for():
    assert resize(noise(height=30, width=40), 100).shape == (75, 100, 3)
    assert resize(noise(height=300, width=400), 100).shape == (75, 100, 3)


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (0, 1)), (8, (1, 0)), (2, (0, 1))])
def test_exif_turns_the_picture_upright(orientation, corner):
    picture = noise(height=40, width=40) // 8 + 100
    picture[:20, :20] = (250, 10, 10)
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = load(encoded(picture, "PNG", exif=exif))
    at = tuple(slice(5, 15) if half == 0 else slice(25, 35) for half in corner)
    assert (found[at] == (250, 10, 10)).all()


def test_broken_exif_costs_only_the_rotation():
    assert load(encoded(plain(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).shape == (60, 80, 3)


def test_what_is_transparent_lies_on_white():
    picture = np.zeros((40, 40, 4), dtype=np.uint8)
    yy, xx = np.mgrid[:40, :40]
    picture[(yy - 20) ** 2 + (xx - 20) ** 2 < 150] = (0, 0, 200, 255)
    found = load(encoded(Image.fromarray(picture)))
    assert (found[0, 0] == 255).all() and (found[20, 20] == (0, 0, 200)).all()


def test_a_palette_with_a_transparent_colour():
    image = Image.fromarray(plain((10, 200, 10))).quantize(4)
    found = load(encoded(image, "PNG", transparency=image.getpixel((0, 0))))
    assert (found == 255).all()


def test_cmyk_is_not_inverted():
    image = Image.fromarray(plain((220, 30, 30))).convert("CMYK")
    for kind in ("JPEG", "TIFF"):
        assert np.abs(load(encoded(image, kind)).astype(int) - (220, 30, 30)).max() < 20


@pytest.mark.parametrize("top", [1.0, 255, 65_535])
def test_deep_grey_keeps_its_scale(top):
    ramp = np.tile(np.linspace(0, top, 64), (64, 1))
    image = Image.fromarray(ramp.astype(np.uint16)) if top == 65_535 else Image.fromarray(ramp.astype(np.float32))
    found = load(encoded(image, "PNG" if top == 65_535 else "TIFF"))
    assert found[:, 0].max() <= 1 and found[:, -1].min() >= 254 and abs(int(found[0, 32, 0]) - 130) < 4


def test_other_colour_spaces_go_through_their_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    found = load(encoded(plain(), "PNG", icc_profile=profile.tobytes()))
    assert (found == plain()).all(), "a profile that does not fit is left out"
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.abs(load(encoded(plain(), "PNG", icc_profile=srgb)).astype(int) - plain()).max() <= 1


def test_of_an_animation_the_first_frame():
    frames = [Image.fromarray(plain(colour)) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    for kind in ("GIF", "WEBP"):
        found = load(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
        assert found[30, 40, 0] > 200 and found[30, 40, 1] < 60


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"hello, this is a letter", "not a picture"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7 ...", "not a picture"),
        (png_claiming(100_000, 100_000), "million pixels"),
        (png_claiming(5_000, 9_000), "million pixels"),
        (png_claiming(3, 3, b"\0" * 30), "narrow"),
        (png_claiming(6_000, 20), "narrow"),
        (png_claiming(100, 100, b"\0" * 100), "cut short"),
    ],
)
def test_bad_bytes_are_one_sentence(data, word):
    with pytest.raises(PictureError, match=word) as caught:
        load(data)
    assert "\n" not in str(caught.value) and caught.value.cure


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_cut_short_is_refused(kind):
    data = encoded(noise(height=200, width=200), kind)
    with pytest.raises(PictureError, match="cut short|not a picture"):
        load(data[: len(data) // 2])


def test_too_many_bytes_are_refused_before_reading(tmp_path, monkeypatch):
    with (file := tmp_path / "large.png").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(PictureError, match="40 MB"):
        load(file)


def test_a_folder_and_nothing_at_all(tmp_path):
    for path in (tmp_path, tmp_path / "absent.png"):
        with pytest.raises(PictureError, match="not a file"):
            load(path)


def test_a_pipe_is_not_opened(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="not a file"):
        load(tmp_path / "pipe.png")


def test_pixels_are_counted_before_decoding(monkeypatch):
    monkeypatch.setattr(loading, "MAX_PIXELS", 100)
    data = encoded(plain())
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(PictureError, match="million"):
        load(data)


def test_large_palettes_and_alpha_are_reduced():
    image = Image.new("RGBA", (2400, 1300), (10, 20, 200, 255))
    for kind, ready in (("PNG", image), ("GIF", image.convert("P")), ("PNG", image.convert("LA")), ("PNG", image.convert("1"))):
        buffer = io.BytesIO()
        ready.save(buffer, kind)
        assert max(load(buffer.getvalue()).shape) == SIDE
