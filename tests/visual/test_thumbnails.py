import numpy as np
import pytest
from helpers_visual import encoded, noise, plain
from PIL import Image

from artrec.visual.loading import PictureError
from artrec.visual.thumbnails import SIZES, thumbnail


def test_three_sizes_are_made_at_once_and_only_once(tmp_path):
    (file := tmp_path / "x.jpg").write_bytes(encoded(noise(height=512, width=1024), "JPEG"))
    made = thumbnail(file, "small", tmp_path / "cache")
    sizes = {size: Image.open(thumbnail(file, size, tmp_path / "cache")) for size in SIZES}
    assert {size: image.size for size, image in sizes.items()} == {"small": (96, 48), "medium": (256, 128), "large": (512, 256)}
    assert all(image.format == "WEBP" for image in sizes.values())
    before = made.stat().st_mtime_ns
    assert thumbnail(file, "small", tmp_path / "cache").stat().st_mtime_ns == before
    assert len(list((tmp_path / "cache").rglob("*"))) == 4, "a folder and three files, nothing half-written"


def test_the_same_content_is_kept_once_under_any_name(tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(encoded(plain()))
    assert thumbnail(tmp_path / "a.png", folder=tmp_path / "c") == thumbnail(tmp_path / "b.png", folder=tmp_path / "c")


def test_a_small_picture_is_not_blown_up(tmp_path):
    (tmp_path / "a.png").write_bytes(encoded(plain((9, 99, 199), 30, 40)))
    found = np.asarray(Image.open(thumbnail(tmp_path / "a.png", "large", tmp_path / "c")).convert("RGB"))
    assert found.shape == (30, 40, 3) and np.abs(found.astype(int) - (9, 99, 199)).max() < 8


def test_no_picture_and_no_such_size(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no")
    with pytest.raises(PictureError):
        thumbnail(tmp_path / "a.png", folder=tmp_path / "c")
    with pytest.raises(KeyError):
        thumbnail(tmp_path / "a.png", "huge", folder=tmp_path / "c")
