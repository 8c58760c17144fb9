"""Files made to hurt, and what happens when they are read: crafted by hand and fuzzed from good ones, all seeded."""

import io
import multiprocessing
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path

import numpy as np

FUZZED = 30  # files made from each good one
MEMORY = 512_000_000  # bytes that a process which reads them may take
PATIENCE = 20.0  # seconds for one file; the slowest takes under one on an idle machine


def bad_pictures(seed: int = 2026) -> Iterator[tuple[str, bytes]]:
    """Yield (what it is, content): more than 250 files."""
    yield from _crafted()
    random = np.random.default_rng(seed)
    for name, good in _good().items():
        for n in range(FUZZED):
            way = ("bits", "cut", "head", "swap", "repeat")[n % 5]
            yield f"{name}, {way} {n}", _fuzz(good, way, random)


def try_all(progress: Callable[[int, int], None] | None = None, seed: int = 2026) -> dict:
    """Read every one in another process: how many were tried, refused with a sentence, read all the same; which crashed, hung
    or raised anything else; the most memory that process took (bytes) and the longest time (seconds)."""
    tried = list(bad_pictures(seed))
    outcome = {"tried": len(tried), "refused": 0, "read": 0, "crashed": [], "hung": [], "raised": [], "slowest_s": 0.0}
    peak, pool = 0, _pool()
    for at, (name, data) in enumerate(tried):
        if progress:
            progress(at, len(tried))
        try:
            what, seconds, memory = pool.submit(_attempt, data).result(timeout=PATIENCE)
        except (BrokenProcessPool, TookTooLong) as error:
            outcome["crashed" if isinstance(error, BrokenProcessPool) else "hung"].append(name)
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            pool = _pool()
            continue
        if what in ("refused", "read"):
            outcome[what] += 1
        else:
            outcome["raised"].append(f"{name}: {what}")
        outcome["slowest_s"], peak = max(outcome["slowest_s"], seconds), max(peak, memory)
    pool.shutdown()
    if progress:
        progress(len(tried), len(tried))
    return outcome | {"peak_mb": round(peak / 1e6), "within_memory": peak <= MEMORY}


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def _attempt(data: bytes) -> tuple[str, float, int]:
    from artrec.visual.loading import PictureError, load

    started = time.monotonic()
    try:
        picture = load(data)
        good = picture.ndim == 3 and picture.dtype == np.uint8 and max(picture.shape) <= 512 and min(picture.shape[:2]) >= 8
        what = "read" if good else f"a picture of {picture.shape}"
    except PictureError:
        what = "refused"
    except Exception as error:  # what must not happen, and is told
        what = repr(error)[:200]
    return what, time.monotonic() - started, _peak()


def _good() -> dict[str, bytes]:
    """Small good pictures in each format."""
    from PIL import Image

    random = np.random.default_rng(0)
    rows = np.clip(random.normal(128, 40, (48, 64, 3)).cumsum(axis=1) / 20 % 256, 0, 255).astype(np.uint8)
    image, found = Image.fromarray(rows), {}
    for name, kind, ready, options in (
        ("JPEG", "JPEG", image, {}),
        ("progressive JPEG", "JPEG", image, {"progressive": True, "exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"}),
        ("PNG", "PNG", image, {}),
        ("16-bit PNG", "PNG", Image.fromarray(rows[..., 0].astype(np.uint16) * 257), {}),
        ("WebP", "WEBP", image, {}),
        ("GIF", "GIF", image.quantize(32), {}),
        ("BMP", "BMP", image, {}),
        ("TIFF", "TIFF", image, {"compression": "tiff_lzw"}),
    ):
        ready.save(out := io.BytesIO(), kind, **options)
        found[name] = out.getvalue()
    return found


def _fuzz(good: bytes, way: str, random: np.random.Generator) -> bytes:
    data = bytearray(good)
    if way == "bits":
        for at in random.integers(0, len(data), random.integers(1, 40)):
            data[at] ^= 1 << int(random.integers(0, 8))
    elif way == "cut":
        del data[int(random.integers(1, len(data))) :]
    elif way == "head":
        for at in random.integers(0, min(64, len(data)), random.integers(1, 8)):
            data[at] = int(random.choice([0, 1, 127, 128, 255]))
    elif way == "swap":
        a, b, n = (int(random.integers(0, len(data) // 2)) for _ in range(3))
        data[a : a + n], data[b : b + n] = data[b : b + n], data[a : a + n]
    else:
        at = int(random.integers(0, len(data)))
        data[at:at] = data[at : at + int(random.integers(1, 400))] * int(random.integers(1, 50))
    return bytes(data)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, body: bytes = b"", depth: int = 8, colour: int = 2, before: bytes = b"") -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


@cache
def _zeros(length: int) -> bytes:
    """`length` zeros, deflated, without holding them."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1_000_000)) for _ in range(length // 1_000_000)]
    return b"".join([*parts, packer.compress(bytes(length % 1_000_000)), packer.flush()])


def _tiff(width: int, height: int, **tags: int) -> bytes:
    """A TIFF header of one strip that claims a size; `tags` (t259=…) override."""
    entries = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 100}
    entries |= {int(name[1:]): value for name, value in tags.items()}
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + rows + struct.pack("<I", 0)


def _crafted() -> Iterator[tuple[str, bytes]]:
    for size in ((2**31 - 1, 2**31 - 1), (100_000, 100_000), (65_535, 65_535), (6_400, 6_400), (0, 0), (0, 10), (10, 0), (1, 1),
                 (1, 40_000_000), (40_000_000, 1), (7, 420)):  # fmt: skip
        yield f"PNG that claims {size[0]} × {size[1]}", _png(*size, zlib.compress(b"\0" * 100))
    yield "PNG bomb: 36 million even pixels", _png(6_000, 6_000, _zeros(6_000 * (6_000 * 3 + 1)))
    yield "PNG bomb: 36 million pixels with alpha", _png(6_000, 6_000, _zeros(6_000 * (6_000 * 4 + 1)), colour=6)
    yield "PNG bomb: 36 million grey pixels of 16 bits", _png(6_000, 6_000, _zeros(6_000 * (6_000 * 2 + 1)), 16, 0)
    yield "PNG bomb: 38 million black-and-white pixels", _png(6_200, 6_200, _zeros(6_200 * (775 + 1)), 1, 0)
    for kind in (b"zTXt", b"iCCP"):
        note = b"note\0" + (b"\0" if kind != b"iTXt" else b"\1\0\0\0") + _zeros(300_000_000)
        yield f"PNG with 300 MB in {kind.decode()}", _png(16, 16, zlib.compress(b"\0" * 16 * 49), before=_chunk(kind, note))
    yield "PNG with a colour type that is not there", _png(16, 16, zlib.compress(b"\0" * 784), colour=5)
    yield "PNG without pixels", _png(64, 64)
    yield "PNG of garbage", _png(64, 64, b"garbage" * 100)
    for width, height in ((2**32 - 1, 2**32 - 1), (0, 0), (60_000, 60_000), (5_000, 5_000), (16, 16)):
        yield f"TIFF that claims {width} × {height}", _tiff(width, height)
    for tag, value in (
        (259, 7),
        (259, 34712),
        (259, 5),
        (258, 65_535),
        (277, 65_535),
        (273, 2**32 - 1),
        (279, 2**32 - 1),
        (278, 0),
    ):
        yield f"TIFF with tag {tag} = {value}", _tiff(64, 64, **{f"t{tag}": value})
    yield "TIFF whose directory points to itself", b"II*\0" + struct.pack("<IHI", 8, 0, 8)
    for width, height in ((30_000, 30_000), (2**31 - 1, 5), (-5, 5), (5, -(2**31)), (6_000, 6_000)):
        head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
        yield f"BMP that claims {width} × {height}", b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head
    for width, height in ((65_535, 65_535), (6_000, 6_000), (0, 0), (32, 32)):
        screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0" * 6
        yield (
            f"GIF that claims {width} × {height}",
            screen + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\2\2L\1\0;",
        )
    yield "GIF of ten thousand frames", b"GIF89a" + struct.pack("<HHBBB", 32, 32, 0x80, 0, 0) + b"\0" * 6 + (
        b"," + struct.pack("<HHHHB", 0, 0, 32, 32, 0) + b"\2\2\x84Q\0") * 10_000 + b";"  # fmt: skip
    for width, height in ((65_535, 65_535), (16_383, 16_383), (0, 0)):
        frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x22\0\x02\x11\1\x03\x11\1"
        yield (
            f"JPEG that claims {width} × {height}",
            b"\xff\xd8" + frame + b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0?\0" + b"\0" * 50,
        )
    yield "JPEG of markers", b"\xff\xd8" + b"\xff\xe1\xff\xff" + b"A" * 65_533 + b"\xff\xd9"
    yield "WebP that claims 16383 × 16383", b"RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0\x2f\xff\xff\xff\x0f" + b"\0" * 12
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>"
    yield "SVG", svg
    yield "SVG after a declaration", b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + svg
    for name, data in {
        "nothing": b"", "one byte": b"\0", "a text": b"not a picture\n" * 50, "HTML": b"<!doctype html><img src=x>",
        "PDF": b"%PDF-1.7\n%%EOF", "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "ZIP": b"PK\x05\x06" + bytes(18),
        "pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.", "PSD": b"8BPS\0\1" + bytes(30), "ICO": b"\0\0\1\0\1\0" + bytes(40),
        "PPM": b"P6 60000 60000 255\n", "FITS": b"SIMPLE  =                    T" + b" " * 2850,
        "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
        "AVIF": b"\0\0\0\x1cftypavif" + bytes(60), "zeros": bytes(100_000), "random": np.random.default_rng(1).bytes(50_000),
    }.items():  # fmt: skip
        yield name, data
    for name, good in _good().items():
        yield f"{name} with a megabyte behind it", good + bytes(1_000_000)
        yield f"{name} without its first byte", good[1:]
        yield f"{name} whose head is another's", b"\xff\xd8\xff\xe0" + good[4:]


def _peak() -> int:
    """The most memory that this process held, bytes. Linux tells it of this program alone; `getrusage` counts what the
    process was before it became this program too."""
    try:
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
