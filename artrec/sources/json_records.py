"""JSON from elsewhere as a stream of objects: lines, an array or one document. Nothing is read whole before its
size is known."""

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from artrec.sources.base import LeftOut

MAX_RECORD = 4_000_000  # bytes of one record
MAX_DOCUMENT = 64_000_000  # bytes of a JSON document that is read whole
BOM = b"\xef\xbb\xbf"
AGAIN = "Download it again."
Found = Iterator[tuple[str, dict | LeftOut]]


def read_json(stream: BinaryIO, name: str) -> Found:
    """The objects of one file, each with its place. A file holds one, an array, one whose "data" is an array, or one a line."""
    try:
        start = stream.read(4_096)
        if start[:2] == b"\x1f\x8b":  # packed within a zip
            stream = gzip.GzipFile(fileobj=Joined(start, stream))
            start = stream.read(4_096)
        start = start.removeprefix(BOM)
        head = start.lstrip()
        if not head:
            yield name, LeftOut(name, "the file is empty", AGAIN)
        elif head[:1] == b"[":
            yield from _array(Joined(start, stream), name, "item")
        elif head[:1] == b"{":
            yield from _lines(Joined(start, stream), name)
        else:
            reason = "the file is not JSON" if head[:1].isascii() and b"\0" not in start else "the file is not UTF-8 text"
            yield name, LeftOut(name, reason, "Give JSON as the museum published it, in UTF-8.")
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        yield name, LeftOut(name, f"the file is cut off or damaged ({type(error).__name__})", AGAIN)
    except OSError as error:
        cure = "Check the disk and download it again."
        yield name, LeftOut(name, f"the file cannot be read ({error.strerror or error})", cure)


class Joined:
    """A stream whose first bytes were read already. With `limit`, it ends where more than that is read before `forget`."""

    def __init__(self, start: bytes, stream: BinaryIO, limit: int | None = None):
        self._start, self._stream, self._limit, self._read = start, stream, limit, 0

    def forget(self) -> None:
        """Count anew: what was read is dealt with."""
        self._read = 0

    @property
    def over(self) -> bool:
        """Whether more than the limit was read."""
        return self._limit is not None and self._read > self._limit

    def read(self, size: int = -1) -> bytes:
        if self.over:
            return b""
        found, self._start = (self._start, b"") if size < 0 else (self._start[:size], self._start[size:])
        if size < 0 or len(found) < size:
            found += self._stream.read(-1 if size < 0 else size - len(found))
        self._read += len(found)
        return found

    def readline(self, limit: int) -> bytes:
        if not self._start:
            return self._stream.readline(limit)
        end = self._start.find(b"\n") + 1 or len(self._start)
        found, self._start = self._start[:end], self._start[end:]
        return found if found.endswith(b"\n") else found + self._stream.readline(limit - len(found))


def _lines(stream: Joined, name: str) -> Found:
    """One object a line, or one object over all lines: whichever the first line shows."""
    first = stream.readline(MAX_RECORD + 1)
    where = f"{name}, line 1"
    if len(first) > MAX_RECORD:
        yield where, _too_long(where)
        yield from _more_lines(_rest_of_line(stream), name, 1)
    elif first.rstrip().endswith(b"}") and isinstance(whole := _checked(first, where), dict):
        yield from _unwrapped(whole, where, name)
        yield from _more_lines(stream, name, 1)
    else:
        yield from _document(first, stream, name)


def _rest_of_line(stream: Joined) -> Joined:
    while (part := stream.readline(MAX_RECORD)) and not part.endswith(b"\n"):
        pass
    return stream


def _more_lines(stream: Joined, name: str, number: int) -> Found:
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


def _document(first: bytes, stream: Joined, name: str) -> Found:
    """One object over several lines; a long one as the works in its "data", and lines of which the first is broken as lines."""
    whole = first + stream.read(MAX_DOCUMENT - len(first) + 1)
    found = _checked(whole, name) if len(whole) <= MAX_DOCUMENT else None
    if isinstance(found, dict):
        yield from _unwrapped(found, name, name)
        return
    second = whole[len(first) :].lstrip().split(b"\n", 1)[0][:MAX_RECORD]
    if isinstance(_checked(second, name), dict):
        yield f"{name}, line 1", _checked(first, f"{name}, line 1")
        yield from _more_lines(Joined(whole[len(first) :], stream), name, 1)
    elif found is not None:
        yield name, found
    else:
        some = False
        for where, each in _array(Joined(whole, stream), name, "data.item"):
            some = some or isinstance(each, dict)
            yield where, each
        if not some:
            cure = "Give one record a line, or an array of records."
            yield name, LeftOut(name, f"the document is larger than {MAX_DOCUMENT // 1_000_000} MB and holds no works", cure)


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


def _array(stream: Joined, name: str, prefix: str) -> Found:
    """The objects of a JSON array, one after another, without the whole array, or more than one record, in memory."""
    import ijson

    bounded = Joined(b"", stream, MAX_RECORD + 100_000)  # ijson reads ahead
    number = 0
    try:
        for record in ijson.items(bounded, prefix, use_float=True):
            bounded.forget()
            number += 1
            where = f"{name}, record {number}"
            yield where, record if isinstance(record, dict) else LeftOut(where, "it is not an object", "Remove it.")
    except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        if bounded.over:
            where = f"{name}, record {number + 1}"
            yield (
                where,
                LeftOut(where, f"it is longer than {MAX_RECORD // 1_000_000} MB", "Shorten it; those before it are taken."),
            )
        else:
            reason = f"the JSON breaks off or is wrong after record {number} ({str(error)[:80]})"
            yield name, LeftOut(name, reason, "Download the file again, or mend it there; the records before it are taken.")


def _checked(text: bytes, where: str) -> dict | LeftOut:
    try:
        found = json.loads(text.decode("utf-8-sig"))
        if b"\\ud" in text or b"\\uD" in text:  # half a character, which could not be written down again
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except UnicodeDecodeError:
        return LeftOut(where, "the text is not UTF-8", "Save the file as UTF-8.")
    except (ValueError, RecursionError) as error:
        return LeftOut(where, f"it is not whole JSON ({str(error)[:80]})", "Download the file again, or mend that line.")
    if isinstance(found, dict):
        return found
    return LeftOut(where, "it is not a JSON object", "Put one record in braces on each line.")
