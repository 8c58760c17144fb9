"""Pictures that tests draw: plain, of two kinds that can be told apart, and files made to hurt."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

IMAGES = Path(__file__).parents[2] / "../shared/data/images"


def plain(colour=(120, 60, 30), height=60, width=80):
    return np.full((height, width, 3), colour, dtype=np.uint8)


def noise(seed=0, height=60, width=80):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def stripes(seed=0, upright=True, side=64, colour=(200, 60, 40)):
    """Stripes with some noise: two painters who differ in direction and colour."""
    random = np.random.default_rng(seed)
    wave = (np.arange(side) + random.integers(0, 16)) // 8 % 2
    plane = np.broadcast_to(wave[None, :] if upright else wave[:, None], (side, side))
    picture = np.where(plane[..., None] == 1, colour, (240, 235, 225)) + random.normal(0, 6, (side, side, 3))
    return np.clip(picture, 0, 255).astype(np.uint8)


def painters(each=12):
    """Pictures of two painters, and whose they are."""
    one = [stripes(seed, True, colour=(200, 60, 40)) for seed in range(each)]
    other = [stripes(100 + seed, False, colour=(40, 80, 200)) for seed in range(each)]
    return one + other, ["upright"] * each + ["level"] * each


def encoded(picture, kind="PNG", **options):
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(out := io.BytesIO(), kind, **options)
    return out.getvalue()


def png_claiming(width, height, data=b""):
    """A PNG whose header claims a size that its data does not have."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
