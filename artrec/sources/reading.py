"""Files from elsewhere, read with care: JSON as lines, as an array, as one document, in folders, gzip and zip.

Nothing is read whole before its size is known, nothing is unpacked onto the disk, and what cannot be read comes as a
`LeftOut` that says where, what and the cure, while the rest goes on.
"""

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from artrec.errors import CatalogueError
from artrec.sources.base import LeftOut

MAX_RECORD = 4_000_000  # bytes of one record
MAX_DOCUMENT = 64_000_000  # bytes of a JSON document that is read whole
Found = Iterator[tuple[str, dict | LeftOut]]
SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz")


def records(path: Path, suffixes: tuple[str, ...] = SUFFIXES) -> Found:
    """Every JSON object of a file, a folder of files (with what lies in it) or a zip: (where, record), in name order.

    A file holds one object, an array of objects, an object whose "data" is one, or one object a line. Raises
    `CatalogueError` where there is nothing to read.
    """
    path = Path(path)
    if path.is_dir():
        yield from _folder(path, suffixes)
    elif not path.exists():
        raise CatalogueError(f"There is no file or folder at {path}.", "Check the path.")
    elif zipfile.is_zipfile(path):
        yield from _zip(path, suffixes)
    else:
        with opened(path) as stream:
            yield from read_json(stream, path.name)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes, unpacked where it is gzip. Raises `CatalogueError` where it cannot be opened."""
    try:
        stream = path.open("rb")
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}).", "Check the file and its permissions.") from error
    with stream:
        yield gzip.GzipFile(fileobj=stream) if packed else stream


def read_json(stream: BinaryIO, name: str) -> Found:
    """The objects of one file, as `records` gives them."""
    try:
        start = stream.read(4_096)
        head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not head:
            yield name, LeftOut(name, "the file is empty", "Download it again.")
        elif head[:1] == b"[":
            yield from _array(_Joined(start, stream), name, "item")
        elif head[:1] != b"{":
            reason = "the file is not JSON" if head[:1].isascii() and b"\0" not in start else "the file is not UTF-8 text"
            yield name, LeftOut(name, reason, "Give JSON as the museum published it, in UTF-8.")
        else:
            yield from _lines(_Joined(start, stream), name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield name, LeftOut(name, f"the file is cut off or damaged ({type(error).__name__})", "Download it again.")
    except OSError as error:
        yield (
            name,
            LeftOut(name, f"the file cannot be read ({error.strerror or error})", "Check the disk and download it again."),
        )


class _Joined:
    """A stream whose first bytes were read already."""

    def __init__(self, start: bytes, stream: BinaryIO):
        self._start, self._stream = start, stream

    def read(self, size: int = -1) -> bytes:
        found, self._start = (self._start, b"") if size < 0 else (self._start[:size], self._start[size:])
        if size < 0:
            return found + self._stream.read()
        return found + self._stream.read(size - len(found)) if len(found) < size else found

    def readline(self, limit: int) -> bytes:
        if not self._start:
            return self._stream.readline(limit)
        end = self._start.find(b"\n") + 1
        if end:
            found, self._start = self._start[:end], self._start[end:]
            return found
        found, self._start = self._start, b""
        return found + self._stream.readline(limit - len(found))


def _lines(stream: _Joined, name: str) -> Found:
    """One object a line, or one object over all lines: whichever the first line shows."""
    first = stream.readline(MAX_RECORD + 1)
    if not first.rstrip().endswith(b"}") or not isinstance(parse(first), dict):  # not a whole object
        if len(first) <= MAX_RECORD:
            yield from _document(first, stream, name)
        else:
            yield f"{name}, line 1", _too_long(f"{name}, line 1")
            yield from _more_lines(_rest_of_line(stream), name, 1)
        return
    yield from _unwrapped(json.loads(first.decode("utf-8-sig")), f"{name}, line 1", name)
    yield from _more_lines(stream, name, 1)


def _rest_of_line(stream: _Joined) -> _Joined:
    while (part := stream.readline(MAX_RECORD)) and not part.endswith(b"\n"):
        pass
    return stream


def _more_lines(stream: _Joined, name: str, number: int) -> Found:
    while line := stream.readline(MAX_RECORD + 1):
        number += 1
        where = f"{name}, line {number}"
        if len(line) > MAX_RECORD:
            yield where, _too_long(where)
            _rest_of_line(stream)
        elif line.strip():
            yield where, _checked(line, where)


def _too_long(where: str) -> LeftOut:
    return LeftOut(where, f"the record is longer than {MAX_RECORD // 1_000_000} MB", "Shorten its texts.")


def _document(first: bytes, stream: _Joined, name: str) -> Found:
    whole = first + stream.read(MAX_DOCUMENT - len(first) + 1)
    if len(whole) > MAX_DOCUMENT:
        cure = "Give one record a line, or an array of records."
        yield name, LeftOut(name, f"the document is larger than {MAX_DOCUMENT // 1_000_000} MB", cure)
        return
    found = parse(whole)
    if found is None and b"\n{" in whole:  # lines of which the first is broken
        yield f"{name}, line 1", _checked(first, f"{name}, line 1")
        yield from _more_lines(_Joined(whole[len(first) :], _Nothing()), name, 1)
        return
    if not isinstance(found, dict):
        yield name, _checked(whole, name)
        return
    yield from _unwrapped(found, name, name)


def _unwrapped(found: dict, where: str, name: str) -> Found:
    """An object, or the works in its "data", as museums' interfaces wrap them."""
    inner = found.get("data")
    if isinstance(inner, dict):
        yield where, inner
    elif not isinstance(inner, list):
        yield where, found
    else:
        for at, record in enumerate(inner, start=1):
            place = f"{name}, record {at}"
            yield place, record if isinstance(record, dict) else LeftOut(place, "it is not an object", "Remove it.")


class _Nothing:
    def read(self, size: int = -1) -> bytes:
        return b""

    def readline(self, limit: int = -1) -> bytes:
        return b""


def _array(stream: _Joined, name: str, prefix: str) -> Found:
    """The objects of a JSON array, one after another, without the whole array in memory."""
    import ijson

    number = 0
    try:
        for record in ijson.items(stream, prefix, use_float=True):
            number += 1
            where = f"{name}, record {number}"
            yield where, record if isinstance(record, dict) else LeftOut(where, "it is not an object", "Remove it.")
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = f"the JSON breaks off or is wrong after record {number} ({str(error)[:80]})"
        yield name, LeftOut(name, reason, "Download the file again, or mend it there; the records before it are taken.")


def parse(text: bytes) -> object | None:
    """Parsed JSON, or None where it is none."""
    try:
        return json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _checked(text: bytes, where: str) -> dict | LeftOut:
    try:
        found = json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return LeftOut(where, "the text is not UTF-8", "Save the file as UTF-8.")
    except (ValueError, RecursionError) as error:
        return LeftOut(where, f"it is not whole JSON ({str(error)[:80]})", "Download the file again, or mend that line.")
    return (
        found
        if isinstance(found, dict)
        else LeftOut(where, "it is not a JSON object", "Put one record in braces on each line.")
    )


def _folder(path: Path, suffixes: tuple[str, ...]) -> Found:
    files = walk(path, suffixes)
    if not files:
        raise CatalogueError(f"There is no {' or '.join(suffixes)} file in {path}.", "Give the folder that holds the records.")
    for file in files:
        name = str(file.relative_to(path))
        try:
            with opened(file) as stream:
                for where, found in read_json(stream, file.name):
                    yield where.replace(file.name, name, 1), found
        except CatalogueError as error:
            yield name, LeftOut(name, error.fact.rstrip("."), error.cure)


def walk(path: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files of a folder and what lies in it, in name order; links that lead out of it are passed over. Raises
    `CatalogueError` where the folder cannot be read."""
    root = path.resolve()
    try:
        next(iter(path.iterdir()), None)
        found = [f for f in path.rglob("*") if f.name.lower().endswith(suffixes) and not f.name.startswith(".") and f.is_file()]
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}).", "Check the folder's permissions.") from error
    return sorted(f for f in found if f.resolve().is_relative_to(root))


def _zip(path: Path, suffixes: tuple[str, ...]) -> Found:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted((m for m in archive.infolist() if m.filename.lower().endswith(suffixes)), key=lambda m: m.filename)
            if not members:
                raise CatalogueError(f"There is no {' or '.join(suffixes)} file in {path}.", "Give a zip of the records.")
            for member in members:
                name = member.filename
                if name.startswith(("/", "\\")) or ".." in Path(name.replace("\\", "/")).parts or ":" in name:
                    yield name, LeftOut(name, "its name leads out of the zip", "Make the zip again, with plain names.")
                elif member.flag_bits & 1:
                    yield name, LeftOut(name, "it is locked with a password", "Unpack the zip and give the folder.")
                else:
                    with archive.open(member) as stream:
                        yield from read_json(stream, name)
    except zipfile.BadZipFile as error:
        raise CatalogueError(f"{path} is a damaged zip ({error}).", "Download it again.") from error
