"""Where museums publish their data, and how what they publish becomes files that can be imported.

`fetch_published` writes into a folder the files that `PUBLISHED` names, and `download.json`, which says what came from where.
What is published as thousands of small files in an archive becomes files with a record a line; nothing is unpacked under a
name that stands in the archive.
"""

import json
import os
import re
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from artrec.download import DownloadError, Fetched, Progress, fetch, size_of
from artrec.errors import CatalogueError
from artrec.files import write_json
from artrec.sources import source_of
from artrec.sources.json_records import BOM, MAX_RECORD
from artrec.sources.reading import MAX_UNPACKED

if TYPE_CHECKING:
    import httpx

RECORD_FILE = "download.json"
MAX_POINTER = 1_000  # bytes of a Git LFS pointer
RAW = "https://raw.githubusercontent.com/"
LFS = "https://media.githubusercontent.com/media/"  # the large files of a repository; RAW has their checksums
ARCHIVE = "https://codeload.github.com/{}/zip/HEAD"  # a repository as it is now


@dataclass(frozen=True)
class Remote:
    """A file on the web. `name`: what it is called here; `pointer`: where its Git LFS pointer is, which has its SHA-256."""

    name: str
    address: str
    pointer: str = ""


@dataclass(frozen=True)
class Published:
    """What a museum publishes. `give`: what to import, within the folder; `lines`: of an archive, the pattern of its members'
    names → the file that gets their records."""

    licence: str
    files: tuple[Remote, ...]
    give: str
    lines: Mapping[str, str] = field(default_factory=dict)


def _large(path: str, name: str) -> tuple[Remote, ...]:
    return (Remote(name, LFS + path + name, RAW + path + name),)


def _tables(path: str, *names: str) -> tuple[Remote, ...]:
    return tuple(Remote(name, RAW + path + name) for name in names)


PUBLISHED: dict[str, Published] = {
    "met": Published("CC0", _large("metmuseum/openaccess/master/", "MetObjects.csv"), "MetObjects.csv"),
    "moma": Published("CC0", _large("MuseumofModernArt/collection/main/", "Artworks.csv"), "Artworks.csv"),
    "cleveland": Published("CC0", _large("ClevelandMuseumArt/openaccess/master/", "data.json"), "data.json"),
    "nga": Published("CC0", _tables("NationalGalleryOfArt/opendata/main/data/", "objects.csv", "objects_terms.csv",
                                    "published_images.csv", "objects_constituents.csv", "constituents.csv"), "."),
    "tate": Published("CC0", (Remote("tate.zip", ARCHIVE.format("tategallery/collection")),), "json",
                      {r"[^/]+/artworks/.+\.json": "json/artworks/works.jsonl",
                       r"[^/]+/artists/.+\.json": "json/artists/artists.jsonl"}),
    "cmoa": Published("CC0", (Remote("cmoa.zip", ARCHIVE.format("cmoa/collection")),), "json",
                      {r"[^/]+/cmoa/[0-9a-f-]{36}\.json": "json/objects.jsonl",
                       r"[^/]+/teenie/[0-9a-f-]{36}\.json": "json/teenie_harris.jsonl"}),
    "walters": Published("data CC0, descriptions GNU FDL",
                         (Remote("walters.zip", ARCHIVE.format("WaltersArtMuseum/api-thewalters-org")),), "json",
                         {r"[^/]+/objects/data/.+\.json": "json/objects.jsonl"}),
    "artic": Published("metadata CC0, descriptions CC BY 4.0",
                       (Remote("artic.tar.bz2", "https://artic-api-data.s3.amazonaws.com/artic-api-data.tar.bz2"),), "json",
                       {r"(?:.+/)?json/artworks/\d+\.json": "json/artworks.jsonl"}),
    "wikidata": Published("CC0", (Remote("paintings.csv", RAW + "uclab-potsdam/artonwikidata/HEAD/vv/data/data.csv"),),
                          "paintings.csv"),
}  # fmt: skip


def new_client() -> "httpx.Client":
    """The client that fetches, through the proxy that the environment names. Raises `DownloadError` where that is none."""
    import httpx

    try:
        return httpx.Client()
    except (ImportError, ValueError) as error:
        raise DownloadError(f"The proxy cannot be used ({str(error)[:100]}).", "Correct HTTPS_PROXY and ALL_PROXY.") from error


def fetch_published(
    name: str, folder: Path, progress: Progress | None = None, wait: Callable[[float], object] = time.sleep
) -> dict:
    """Fetch what a museum publishes into a folder; what is there and still the newest stays. Returns what `download.json` says.

    Raises `CatalogueError` for a format that nobody publishes, and `DownloadError`.
    """
    published, folder = published_by(name), Path(folder)
    before = _recorded(folder / RECORD_FILE)
    document = {"format": name, "licence": published.licence, "give": published.give, "files": []}
    with new_client() as client:
        for remote in published.files:
            checksum = _checksum(client, remote, folder, wait)
            known = before.get(remote.address)
            if known and known.get("size") != size_of(folder / remote.name):  # somebody changed it
                known = None
            fetched = fetch(
                remote.address, folder / remote.name, client, sha256=checksum, known=known, progress=progress, wait=wait
            )
            document["files"].append(_entry(remote, fetched, bool(checksum), known))
    targets = [folder / target for target in published.lines.values()]
    archive = folder / published.files[0].name
    if any(not target.exists() or target.stat().st_mtime < archive.stat().st_mtime for target in targets):
        document["records"] = to_lines(archive, published.lines, folder, progress)
    if not source_of(name).recognises(folder / published.give):
        fact = f"What was fetched into {folder} is not what the museum published when ArtRec was written."
        raise DownloadError(fact, "Look into it; a table can be imported as csv, with --map.")
    write_json(folder / RECORD_FILE, document)
    return document


def published_by(name: str) -> Published:
    """What is published in a format. Raises `CatalogueError`, listing what can be fetched."""
    if name not in PUBLISHED:
        source_of(name)
        cure = f"Choose from: {', '.join(PUBLISHED)}."
        raise CatalogueError(f"Nothing of the format '{name}' is published at one address.", cure)
    return PUBLISHED[name]


def _entry(remote: Remote, fetched: Fetched, checked: bool, known: dict | None) -> dict:
    """A file in `download.json`. `checked`: whether it was held against a published checksum."""
    if not fetched.changed and known:
        return known | {"changed": False}
    return {
        "name": remote.name, "address": remote.address, "size": fetched.size, "sha256": fetched.sha256, "checked": checked,
        "changed": True, "fetched": datetime.now(UTC).isoformat(timespec="seconds"), **fetched.marks,
    }  # fmt: skip


def _recorded(file: Path) -> dict[str, dict]:
    """Address → entry of an earlier download; nothing where there is none."""
    try:
        entries = json.loads(file.read_text("utf-8"))["files"]
        return {entry["address"]: {key: entry[key] for key in entry} for entry in entries}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _checksum(client: "httpx.Client", remote: Remote, folder: Path, wait: Callable[[float], object]) -> str:
    """The published SHA-256 of a file, or an empty string where none can be had."""
    if not remote.pointer:
        return ""
    file = folder / f".{remote.name}.pointer"
    try:
        text = fetch(remote.pointer, file, client, limit=MAX_POINTER, wait=wait).path.read_bytes()
    except DownloadError:
        return ""
    finally:
        file.unlink(missing_ok=True)
    found = re.search(rb"^oid sha256:([0-9a-f]{64})$", text, re.MULTILINE)
    return found[1].decode() if found else ""


def to_lines(archive: Path, lines: Mapping[str, str], folder: Path, progress: Progress | None = None) -> dict[str, int]:
    """The JSON files of a zip or tar as files with one a line: {file: records, "left out": members over the size limit}.

    Raises `DownloadError` where the archive is damaged or has none of them; the files that stood there stay then.
    """
    tell = progress or (lambda stage, done, total: None)
    patterns = [(re.compile(pattern), name) for pattern, name in lines.items()]
    counts = dict.fromkeys(lines.values(), 0) | {"left out": 0}
    parts = {name: folder / f"{name}.part" for name in lines.values()}
    unpacked = 0
    try:
        with ExitStack() as open_files:
            for part in parts.values():
                part.parent.mkdir(parents=True, exist_ok=True)
            outs = {name: open_files.enter_context(part.open("wb")) for name, part in parts.items()}
            for member, stream in _members(archive):
                name = next((name for pattern, name in patterns if pattern.fullmatch(member)), None)
                if name is None:
                    continue
                data = stream().read(MAX_RECORD + 1)
                unpacked += len(data)
                if unpacked > MAX_UNPACKED:
                    raise DownloadError(f"{archive} unpacks to more than {MAX_UNPACKED // 1_000_000_000} GB.", "Do not use it.")
                if len(data) > MAX_RECORD:
                    counts["left out"] += 1
                    continue
                # a line break stands between the tokens of JSON alone, never raw in a text
                outs[name].write(data.removeprefix(BOM).replace(b"\r", b" ").replace(b"\n", b" ").strip() + b"\n")
                counts[name] += 1
                tell("unpack", unpacked, 0)
        if empty := next((name for name in parts if not counts[name]), None):
            cure = "The museum may have changed what it publishes; fetch it in a browser and look into it."
            raise DownloadError(f"{archive.name} holds nothing for {empty}.", cure)
        for name, part in parts.items():
            os.replace(part, folder / name)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(archive, error) from error
    except OSError as error:
        if error.errno is None:  # what bz2 raises
            raise _damaged(archive, error) from error
        fact = f"{archive} cannot be unpacked ({error.strerror})."
        raise DownloadError(fact, "Free some space, and run the same command again.") from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return counts


def _damaged(archive: Path, error: Exception) -> DownloadError:
    archive.unlink(missing_ok=True)
    return DownloadError(f"{archive.name} is damaged ({str(error)[:80]}) and was removed.", "Run the same command again.")


def _members(archive: Path) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
    """The files of a zip or tar: name, and what opens it before the next is asked for."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as files:
            for member in files.infolist():
                yield member.filename, lambda member=member: files.open(member)
    else:
        with tarfile.open(archive, "r|*") as files:
            for member in files:
                if member.isreg():
                    yield member.name, lambda member=member: files.extractfile(member)
