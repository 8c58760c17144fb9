"""A picture file or its bytes → an upright sRGB array without bars or plain frames.

Nothing in a file is trusted: its size is checked before it is read, its pixels before they are decoded, and only raster formats
whose decoders Pillow keeps itself are opened. Whatever fails becomes a `PictureError`, one sentence with the cure.
"""

import logging
import warnings
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np

from artrec.errors import ArtrecError
from artrec.visual.frames import crop_frames

MAX_BYTES = 40_000_000
MAX_PIXELS = 40_000_000  # decoded at 4 bytes a pixel they take 160 MB
SIDE = 512  # pixels, the longest side of what is returned
SMALLEST = 8  # pixels, the shorter side that still is a picture
LONGEST_RATIO = 60  # long side : short side; a Chinese handscroll reaches 40
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MAX_PROFILE_BYTES = 4_000_000  # of an ICC profile; a printer's CMYK profile has 0.5–3 MB
logger = logging.getLogger(__name__)


class PictureError(ArtrecError):
    """A file that is no picture, or one that cannot be read safely."""


def load(source: Path | bytes) -> np.ndarray:
    """A picture as uint8 (h, w, 3), sRGB, upright, without letterbox bars and plain frames, longest side ≤ 512 pixels.

    Of an animation the first frame; what is transparent lies on white; CMYK and wide colour spaces go through the picture's own
    ICC profile. A picture that is cut short is refused. Raises `PictureError`.
    """
    data, name = _bytes(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which is not looked at
            picture = _decode(data, name)
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureError(f"{name} needs more memory than there is.", "Make it smaller and try again.") from error
    except Exception as error:  # Pillow raises nearly anything on bytes made to hurt it
        raise PictureError(f"{name} cannot be read: it is damaged or cut short.", "Save it anew as JPEG or PNG.") from error
    return shrink(crop_frames(picture), SIDE)


def _bytes(source: Path | bytes) -> tuple[bytes, str]:
    """The file's content and what to call it in a message."""
    if isinstance(source, bytes | bytearray | memoryview):
        data, name = bytes(source), "The picture"
    else:
        name = Path(source).name[:80]
        try:
            if not Path(source).is_file():
                raise PictureError(f"{name} is not a file.", "Choose a picture file.")
            with Path(source).open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise PictureError(f"{name} cannot be opened ({error.strerror}).", "Check the file and its rights.") from error
    if len(data) > MAX_BYTES:
        raise PictureError(f"{name} has more than {MAX_BYTES // 1_000_000} MB.", "Save it smaller, such as 2000 pixels wide.")
    if not data:
        raise PictureError(f"{name} is empty.", "Choose a picture file.")
    return data, name


def _decode(data: bytes, name: str) -> np.ndarray:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        if b"<svg" in data[:4096].lower():
            raise PictureError(f"{name} is an SVG drawing, which is not read.", "Save it as PNG.") from error
        if isinstance(error, Image.DecompressionBombError):
            raise _too_many(name) from error
        raise PictureError(f"{name} is not a picture that can be read.", f"Use one of {', '.join(FORMATS)}.") from error
    with image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise _too_many(name)
        if min(width, height) < SMALLEST or max(width, height) > LONGEST_RATIO * min(width, height):
            raise PictureError(
                f"{name} has {width} × {height} pixels, too narrow for a picture.",
                f"Use one at least {SMALLEST} pixels wide and high, and no longer than {LONGEST_RATIO} times its width.",
            )
        if image.format == "JPEG":
            image.draft(None, (2 * SIDE, 2 * SIDE))  # decoded near the size wanted; twice it keeps the resizing clean
        image.seek(0)
        image.load()
        profile = image.info.get("icc_profile")
        small = _to_rgb(_reduced(image), profile)
        with suppress(Exception):  # broken EXIF costs the rotation, never the picture
            orientation = image.getexif().get(0x0112, 1)
            exif = Image.Exif()
            exif[0x0112] = orientation if orientation in range(1, 9) else 1
            small.info["exif"] = exif.tobytes()
            small = ImageOps.exif_transpose(small)
        return np.ascontiguousarray(np.asarray(small, dtype=np.uint8))


def _too_many(name: str) -> PictureError:
    return PictureError(f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels.", "Save it smaller.")


def _reduced(image):
    """A large picture by whole steps down to about twice the size wanted, before its colours are converted: memory."""
    factor = max(image.size) // (2 * SIDE)
    if factor < 2:
        return image
    if image.mode in ("L", "RGB", "CMYK", "YCbCr", "LAB"):
        return image.reduce(factor)
    return image.resize((max(1, image.width // factor), max(1, image.height // factor)))  # nearest: palettes, 16-bit, alpha


def _to_rgb(image, profile: bytes | None):
    """Any mode of Pillow's → RGB, what is transparent on white."""
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_stretch(np.asarray(image, dtype=np.float32))).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    if profile and len(profile) <= MAX_PROFILE_BYTES and image.mode in ("RGB", "CMYK", "L"):
        converted = _through_profile(image, profile)
        if converted is not None:
            return converted
    return image.convert("RGB")


def _stretch(values: np.ndarray) -> np.ndarray:
    """16-bit, 32-bit and float grey → uint8. Whole numbers keep their scale (65535 is white) where they fit it."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    elif low >= 0 and high <= 65_535:
        low, high = 0.0, 65_535.0
    return np.clip((values - low) / max(high - low, 1e-9) * 255 + 0.5, 0, 255).astype(np.uint8)


def _through_profile(image, profile: bytes):
    """Through the picture's ICC profile to sRGB; None where the profile does not fit."""
    from PIL import ImageCms

    with suppress(Exception):  # profiles are as damaged as anything; without one the plain conversion stands
        return ImageCms.profileToProfile(image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
    return None


# sRGB ↔ linear light (IEC 61966-2-1), as tables: averaging pixels is right in linear light alone.
_CODES = np.arange(256) / 255
TO_LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)
_LIGHT = np.arange(4096) / 4095
TO_SRGB = np.where(_LIGHT <= 0.0031308, _LIGHT * 12.92, 1.055 * _LIGHT ** (1 / 2.4) - 0.055)
TO_SRGB = np.clip(np.round(TO_SRGB * 255), 0, 255).astype(np.uint8)


def shrink(picture: np.ndarray, side: int) -> np.ndarray:
    """The picture (uint8 (h, w, 3)) with its longest side at most `side` pixels, averaged in linear light."""
    height, width = picture.shape[:2]
    if max(height, width) <= side:
        return picture
    return resize(picture, side)


def resize(picture: np.ndarray, side: int) -> np.ndarray:
    """The picture (uint8 (h, w, 3)) with its longest side exactly `side` pixels, in linear light: areas are averaged when it
    gets smaller, and pixels interpolated when it gets larger."""
    import cv2

    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return picture
    light = cv2.resize(TO_LINEAR[picture], size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return TO_SRGB[(light * 4095 + 0.5).astype(np.int32)]
