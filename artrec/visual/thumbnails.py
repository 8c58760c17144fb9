"""Thumbnails of pictures on disk: WebP in three sizes, named by the picture's content, made once."""

import hashlib
import os
import threading
from io import BytesIO
from pathlib import Path

import numpy as np

from artrec import config
from artrec.visual.loading import load, shrink

SIZES = {"small": 96, "medium": 256, "large": 512}  # pixels, the longest side
QUALITY = 85


def thumbnail(source: Path, size: str = "medium", folder: Path | None = None) -> Path:
    """The thumbnail of a picture file in one of `SIZES`, from the cache or made now, with the other two.

    `folder`: the cache (default: in `ARTREC_HOME`). Raises `PictureError` where the file is no picture, `KeyError` on another
    size, `OSError` where the cache cannot be written.
    """
    SIZES[size]
    key = content_key(source)
    wanted = _file(key, size, folder)
    if not wanted.is_file():
        keep(key, load(source), folder)
    return wanted


def keep(key: str, picture: np.ndarray, folder: Path | None = None) -> dict[str, Path]:
    """Write the three thumbnails of a loaded picture (uint8 (h, w, 3)) whose file has this content key: size → file."""
    from PIL import Image

    files = {size: _file(key, size, folder) for size in SIZES}
    for size, file in files.items():
        if file.is_file():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(shrink(picture, SIZES[size])).save(out := BytesIO(), "WEBP", quality=QUALITY, method=2)
        part = file.with_name(f"{file.stem}-{os.getpid()}-{threading.get_ident()}.part")  # several processes may make the same
        part.write_bytes(out.getvalue())
        os.replace(part, file)
    return files


def content_key(source: Path) -> str:
    """SHA-256 of a file's content, in hex. Raises `OSError`."""
    with Path(source).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _file(key: str, size: str, folder: Path | None) -> Path:
    return (folder or config.home() / "thumbnails") / key[:2] / f"{key}-{size}.webp"
