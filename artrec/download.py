"""A large file from the web, fetched whole or not at all: a line that drops costs time and nothing else.

What has come stays beside the file as `NAME.part`, with the server's marks of that version in `NAME.part.json`; the next try
asks for the rest (RFC 9110: Range, If-Range) and begins anew where the server sends the whole or the file has changed.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from artrec.errors import ArtrecError
from artrec.files import write_json

if TYPE_CHECKING:
    import httpx

HEADERS = {"User-Agent": "ArtRec/1.0 (art explorer)", "Accept-Encoding": "identity"}
LIMIT = 4_000_000_000  # bytes of one file
SPARE = 200_000_000  # bytes that a download leaves free on the disk
TIMEOUT = 30.0  # seconds: to connect, and between two pieces
REDIRECTS = 5  # at most, in a row
TRIES, FIRST = 8, 3  # at most, in a row, and while nothing has come at all
STEP = 1_000_000  # bytes: a try that brought so many more than any before it is no failure
PAUSE, LONGEST = 1.0, 60.0  # seconds before the second try, doubled from try to try, and the most that is waited
AGAIN = "Run the same command again: it goes on from here."
Progress = Callable[[str, int, int], None]  # name, bytes there, bytes in all (0: not known)


class DownloadError(ArtrecError):
    """A file that cannot be fetched."""


class _Broken(Exception):
    """A try that failed in a way that another may mend. `wait`: the seconds that the server asks for."""

    def __init__(self, reason: str, wait: float = 0.0):
        super().__init__(reason)
        self.wait = wait


class _Restart(_Broken):
    """What has come is of no use: another version, or another part, than was asked for."""


@dataclass(frozen=True)
class Fetched:
    """A file in its place. `marks`: what the server calls this version (etag, modified). `changed`: False where it was there
    already and is still the newest."""

    path: Path
    size: int  # bytes
    sha256: str
    marks: Mapping[str, str]
    changed: bool = True


def fetch(
    address: str,
    file: Path,
    client: "httpx.Client",
    *,
    limit: int = LIMIT,
    sha256: str = "",
    known: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    wait: Callable[[float], object] = time.sleep,
) -> Fetched:
    """Fetch one https address into a file.

    `limit`: bytes at most; `sha256`: what it must hash to, where that is published; `known`: the marks of what is there, so
    that it is not fetched twice. Raises `DownloadError` with the cure; what stood under the name before stays.
    """
    import httpx

    file = Path(file)
    part = file.with_name(f"{file.name}.part")
    tell = progress or (lambda name, done, total: None)
    failures, best = 0, size_of(part)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                marks = _attempt(client, address, part, known if file.exists() else None, limit, tell)
                break
            except (_Broken, httpx.TransportError) as error:
                failures = 1 if size_of(part) > best + STEP else failures + 1
                best = max(best, size_of(part))
                if isinstance(error, _Restart):
                    _forget(part)
                if failures >= (TRIES if best else FIRST):
                    reason = str(error) or type(error).__name__
                    cure = AGAIN if size_of(part) else "Check the connection, and try again later."
                    raise DownloadError(f"{address} could not be fetched ({reason[:120]}).", cure) from error
                wait(min(max(PAUSE * 2 ** (failures - 1), getattr(error, "wait", 0.0)), LONGEST))
            except httpx.InvalidURL as error:
                cure = "Fetch it in a browser and give it to import."
                raise DownloadError(f"{address} leads to an address that is none.", cure) from error
        if marks is None:
            return Fetched(file, size_of(file), _sha256(file), known or {}, changed=False)
        return _put_in_place(part, file, sha256, marks)
    except OSError as error:
        raise DownloadError(
            f"{file} cannot be written ({error.strerror or error}).",
            "Free some space, or choose a folder that can be written to; what was there before is untouched.",
        ) from error


def _attempt(
    client: "httpx.Client", address: str, part: Path, known: Mapping[str, str] | None, limit: int, tell: Progress
) -> dict[str, str] | None:
    """One try: the marks of the version that is now whole in `part`, or None where `known` is still the newest."""
    note = part.with_name(f"{part.name}.json")
    held, marks = _held(part, note, address)
    with asked(client, address, _wanted(held, marks, known)) as answer:
        if answer.status_code == 304 and known and not held:
            return None
        start, length = _start(answer, held, marks)
        total = start + length if length is not None else 0
        if total > limit:
            _forget(part)
            raise DownloadError(f"{address} is {total:,} bytes long, more than {limit:,}.", "Fetch it in a browser.")
        free = shutil.disk_usage(part.parent).free
        if length is not None and length + SPARE > free:
            fact = f"{address} needs {length:,} bytes more, and {free:,} are free on the disk of {part.parent}."
            raise DownloadError(fact, "Free some space, or choose another folder for --out.")
        if start == 0:
            part.write_bytes(b"")  # before its marks are written: old bytes must never stand under new marks
            marks = {key: answer.headers.get(name, "") for key, name in (("etag", "etag"), ("modified", "last-modified"))}
            write_json(note, {"address": address, **marks})
        _receive(answer, part, start, total, limit, tell)
    return marks


def _wanted(held: int, marks: Mapping[str, str], known: Mapping[str, str] | None) -> dict[str, str]:
    """The headers of a try: for the rest, for what is newer, or for the whole."""
    if held:  # If-Range needs a strong mark
        strong = marks["etag"] if marks["etag"] and not marks["etag"].startswith("W/") else marks["modified"]
        return {"Range": f"bytes={held}-", "If-Range": strong}
    wanted = {"If-None-Match": "etag", "If-Modified-Since": "modified"}
    return {header: known[mark] for header, mark in wanted.items() if known and known.get(mark)}


def _held(part: Path, note: Path, address: str) -> tuple[int, dict[str, str]]:
    """The bytes that can be gone on from and their marks; (0, {}) where they cannot be told from another version's."""
    try:
        found = json.loads(note.read_text("utf-8"))
        etag, modified = str(found["etag"]), str(found["modified"])
        if found["address"] == address and (modified or (etag and not etag.startswith("W/"))):
            return size_of(part), {"etag": etag, "modified": modified}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return 0, {}


def _start(answer: "httpx.Response", held: int, marks: Mapping[str, str]) -> tuple[int, int | None]:
    """The byte at which an answer begins, and its length where it says so. Raises `_Broken` or `DownloadError`."""
    status, url = answer.status_code, answer.url
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise DownloadError(f"{url} is sent packed, unasked.", "Fetch it in a browser and give it to import.")
    length = answer.headers.get("content-length", "")
    length = int(length) if length.isascii() and length.isdecimal() else None
    if status == 200:
        return 0, length
    if status == 206:
        span = re.fullmatch(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", answer.headers.get("content-range", ""))
        same = answer.headers.get("etag", marks.get("etag")) == marks.get("etag")
        if span and held and same and int(span[1]) == held and span[3] in (str(int(span[2]) + 1), "*"):
            return held, int(span[2]) + 1 - held
        raise _Restart("the server sent another part than was asked for")
    if status == 416:
        raise _Restart("the file has changed")
    if status in (408, 425, 429) or status >= 500:
        later = answer.headers.get("retry-after", "")
        raise _Broken(f"the server answers {status}", float(later) if re.fullmatch(r"\d{1,6}", later) else 0.0)
    cure = "The museum may have moved it: look on its site, and give what you fetch there to import."
    raise DownloadError(f"{url} cannot be fetched: the server answers {status}.", cure)


def _receive(answer: "httpx.Response", part: Path, start: int, total: int, limit: int, tell: Progress) -> None:
    """The body, added to `part`. Raises `_Broken` where it ends early, `DownloadError` where it does not end."""
    done = start
    name = part.name.removesuffix(".part")
    tell(name, done, total)
    with part.open("ab") as out:
        for piece in answer.iter_raw():
            done += len(piece)
            if done > (total or limit):
                break
            out.write(piece)
            tell(name, done, total)
        out.flush()
        os.fsync(out.fileno())
    if done > (total or limit):
        _forget(part)
        raise DownloadError(f"{answer.url} sends more than {total or limit:,} bytes.", "Fetch it in a browser.")
    if total and done < total:
        raise _Broken(f"it ended after {done:,} of {total:,} bytes")


def _put_in_place(part: Path, file: Path, sha256: str, marks: Mapping[str, str]) -> Fetched:
    found = _sha256(part)
    if sha256 and found != sha256.lower():
        _forget(part)
        fact = f"{file.name} was fetched, but its checksum is {found[:12]}…, not {sha256[:12]}… as published."
        raise DownloadError(fact, "Try again later; what was there before is untouched.")
    size = size_of(part)
    os.replace(part, file)
    _forget(part)
    return Fetched(file, size, found, marks)


@contextmanager
def asked(client: "httpx.Client", address: str, headers: Mapping[str, str] | None = None) -> Iterator["httpx.Response"]:
    """The answer to a GET, its body not yet read. Redirects are followed, over https alone. Raises `DownloadError`."""
    import httpx

    url = httpx.URL(address)
    for _ in range(REDIRECTS + 1):
        if url.scheme != "https" or url.userinfo:
            cure = "Fetch it in a browser and give it to import."
            raise DownloadError(f"{address} leads to {url.scheme}://{url.host}, which is not safe.", cure)
        ask = client.stream("GET", url, headers=HEADERS | dict(headers or {}), timeout=TIMEOUT, follow_redirects=False)
        with ask as answer:
            if not answer.has_redirect_location:
                yield answer
                return
            url = url.join(answer.headers["location"])
    raise DownloadError(f"{address} leads from one address to another without end.", "Try again later.")


def size_of(file: Path) -> int:
    """The bytes of a file, 0 where there is none."""
    return file.stat().st_size if file.exists() else 0


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _forget(part: Path) -> None:
    """Remove what has come, the bytes before their marks."""
    part.unlink(missing_ok=True)
    part.with_name(f"{part.name}.json").unlink(missing_ok=True)
