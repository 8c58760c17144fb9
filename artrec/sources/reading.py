"""Files from elsewhere, read with care, in folders, gzip and zip.

Nothing is unpacked onto the disk, no link out of a folder is followed, and what cannot be read comes as a `LeftOut` that says
where, what and the cure, while the rest goes on.
"""

import gzip
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from artrec.errors import CatalogueError
from artrec.progress import is_read
from artrec.sources.base import LeftOut
from artrec.sources.json_records import AGAIN, BOM, MAX_DOCUMENT, MAX_RECORD, Found, read_json

__all__ = ["BOM", "MAX_DOCUMENT", "MAX_RECORD", "MAX_UNPACKED", "opened", "read_json", "records", "shown", "walk"]
MAX_UNPACKED = 50_000_000_000  # bytes that a zip may say it holds
MAX_MEMBERS = 2_000_000  # files in a zip
SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")


def records(path: Path, suffixes: tuple[str, ...] = SUFFIXES) -> Found:
    """Every JSON object of a file, a folder of files (with what lies in it) or a zip: (where, record), in name order.

    A file holds one object, an array of objects, an object whose "data" is one, or one object a line. Raises
    `CatalogueError` where there is nothing to read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            reader = _folder(path, suffixes)
        elif not path.exists():
            raise CatalogueError(f"There is no file or folder at {path}.", "Check the path.")
        elif not path.is_file():
            raise CatalogueError(f"{path} is neither a file nor a folder.", "Give the file or folder that holds the records.")
        else:
            reader = _zip(path, suffixes) if zipfile.is_zipfile(path) else _file(path)
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}).", "Check the path and its permissions.") from error
    yield from reader


def _file(path: Path) -> Found:
    with opened(path) as stream:
        yield from read_json(stream, shown(path.name))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes, unpacked where it is gzip. Raises `CatalogueError` where it cannot be opened."""
    try:
        stream = path.open("rb")
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}).", "Check the file and its permissions.") from error
    is_read(path, stream)
    with stream:
        yield gzip.GzipFile(fileobj=stream) if packed else stream


def shown(name: str) -> str:
    """A file's name as text that can be written anywhere: signs that are no text become "?"."""
    return name.encode("utf-8", "replace").decode()


def _folder(path: Path, suffixes: tuple[str, ...]) -> Found:
    some = False
    for found in walk(path, suffixes):
        some = True
        if isinstance(found, LeftOut):
            yield found.where, found
            continue
        name = shown(str(found.relative_to(path)))
        try:
            with opened(found) as stream:
                yield from read_json(stream, name)
        except CatalogueError as error:
            yield name, LeftOut(name, error.fact.rstrip("."), error.cure)
    if not some:
        raise CatalogueError(f"There is no {' or '.join(suffixes)} file in {path}.", "Give the folder that holds the records.")


def walk(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path | LeftOut]:
    """The files of a folder and what lies in it, in name order; hidden ones are passed over, links that lead out of it and
    folders that cannot be read are told. Raises `CatalogueError` where the folder itself cannot be read."""
    root = path.resolve()
    faults: list[OSError] = []
    for place, folders, files in os.walk(path, onerror=faults.append):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__MACOSX")))
        for name in [*folders, *sorted(f for f in files if f.lower().endswith(suffixes) and not f.startswith("."))]:
            file = Path(place, name)
            if file.is_symlink() and (name in folders or not file.resolve().is_relative_to(root)):
                where = shown(str(file.relative_to(path)))
                yield LeftOut(where, "it is a link that leads elsewhere", "Give what it leads to by itself.")
            elif name not in folders:
                yield file
        yield from (_closed(fault, path) for fault in faults)
        faults.clear()
    for fault in faults:
        if Path(fault.filename) == path:
            raise CatalogueError(f"{path} cannot be read ({fault.strerror}).", "Check the folder's permissions.") from fault
        yield _closed(fault, path)


def _closed(fault: OSError, path: Path) -> LeftOut:
    where = shown(os.path.relpath(fault.filename, path))
    return LeftOut(where, f"the folder cannot be read ({fault.strerror})", "Check the folder's permissions.")


def _zip(path: Path, suffixes: tuple[str, ...]) -> Found:
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            is_read(path, stream)
            inside = archive.infolist()
            if len(inside) > MAX_MEMBERS or sum(member.file_size for member in inside) > MAX_UNPACKED:
                cure = "Unpack it yourself and give the folder."
                raise CatalogueError(
                    f"{path} unpacks to more than {MAX_UNPACKED // 1_000_000_000} GB or 2 million files.", cure
                )
            members = sorted((m for m in inside if m.filename.lower().endswith(suffixes)), key=lambda m: m.filename)
            if not members:
                raise CatalogueError(f"There is no {' or '.join(suffixes)} file in {path}.", "Give a zip of the records.")
            for member in members:
                yield from _member(archive, member)
    except (zipfile.BadZipFile, OSError) as error:
        raise CatalogueError(f"{path} is a damaged zip ({error}).", AGAIN) from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Found:
    """One file of a zip. It is read where it lies; its name is only shown."""
    name = shown(member.filename)
    if name.startswith(("/", "\\")) or ".." in Path(name.replace("\\", "/")).parts or ":" in name:
        yield name, LeftOut(name, "its name leads out of the zip", "Make the zip again, with plain names.")
        return
    if member.flag_bits & 1:
        yield name, LeftOut(name, "it is locked with a password", "Unpack the zip and give the folder.")
        return
    try:
        with archive.open(member) as stream:
            yield from read_json(stream, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        yield name, LeftOut(name, f"it cannot be unpacked ({str(error)[:80]})", "Make the zip again, or give the folder.")
