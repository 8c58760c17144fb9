"""Pictures of works from the web, where the user allows network: the record's own `image_url`, else Wikipedia's thumbnail.

Nothing a server sends is trusted: every address is checked before it is asked, every body is cut off at a limit, and
only what Pillow decodes is kept, re-encoded as WebP without metadata. Whatever fails gives None; the caller draws a plate.
"""

import hashlib
import ipaddress
import json
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from artrec import config
from artrec.catalogue import Artwork
from artrec.text import fold

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)
WIKIPEDIA, WIKIMEDIA = "en.wikipedia.org", "upload.wikimedia.org"
HEADERS = {"User-Agent": "ArtRec/1.0 (offline art explorer)", "Accept-Encoding": "identity"}
DAY, SOON = 86_400.0, 600.0  # seconds before asking again: after a plain no, after a failure of the network
WORKERS, REDIRECTS = 4, 3  # at most, at once and in a row
TIMEOUT, PATIENCE = 4.0, 15.0  # seconds: to connect and between two pieces of an answer; for an answer and its redirects
JSON_BYTES, PICTURE_BYTES, CACHE_BYTES = 200_000, 4_000_000, 300_000_000
PIXELS, SIDE = 40_000_000, 800  # the most that is decoded, and the longer side of what is kept
MAGIC = {"JPEG": rb"\xff\xd8\xff", "PNG": rb"\x89PNG\r\n\x1a\n", "GIF": rb"GIF8[79]a", "WEBP": rb"RIFF.{4}WEBP"}
OURS = re.compile(r"[0-9a-f]{64}(\.webp|\.miss|-[0-9-]+\.tmp)")  # pruning touches nothing else in the folder
UNICAST = ipaddress.ip_network("2000::/3")


@dataclass(frozen=True)
class Picture:
    """A WebP file in the cache, its credit as plain text, and the https address of the page or file it came from."""

    path: Path
    credit: str
    source: str


def is_about(article: str, work: Artwork) -> bool:
    """Whether an article's title names the work: one about its artist or its people opens with another picture, which
    would pass for the work. It must share a word of four letters or more with the title, and not be the artist's name."""
    article = re.sub(r" \([^()]*\)$", "", article)
    words = [set(re.findall(r"\w{4,}", fold(text))) for text in (article, work.title)]
    return fold(article) != fold(work.artist) and bool(words[0] & words[1])


class Pictures:
    """The cache of pictures in `folder` (default: in `ARTREC_HOME`) and the way to fill it. Threads may share it."""

    def __init__(self, folder: Path | None = None, client: "httpx.Client | None" = None, resolve: Callable | None = None):
        self.folder = Path(folder) if folder else config.home() / "pictures"
        self._client, self._resolve = client, resolve or socket.getaddrinfo
        self._decoding, self._resume = threading.Lock(), 0.0  # until then (Unix time) the folder counts as unwritable

    def cached(self, work: Artwork) -> Picture | None:
        """The picture if it is on disk already: a file stat or two. Never raises, never touches the network."""
        for _, _, picture in self._sources(work):
            with suppress(OSError):
                if picture.path.stat().st_size:
                    return picture
        return None

    def fetch(self, work: Artwork) -> Picture | None:
        """The picture from the cache, else from the network; None where there is none. Never raises.

        A refusal is remembered for a day, a network failure for ten minutes; until then nothing is asked again.
        """
        if (held := self.cached(work)) or time.time() < self._resume:
            return held
        try:
            for url, is_summary, picture in self._sources(work):
                miss = picture.path.with_suffix(".miss")
                with suppress(FileNotFoundError):
                    if 0 < miss.stat().st_mtime - time.time() < 2 * DAY:  # further off, the clock was set back
                        continue
                data, wait = self._try(url, is_summary)
                self._write(picture.path if data else miss, data, wait)
                if data:
                    self._prune(picture.path)
                    return picture
        except OSError as error:
            logger.warning("Pictures cannot be kept (%s); set ARTREC_HOME to a folder with space.", error)
            self._resume = time.time() + SOON
        return None

    def fetch_all(self, works: Iterable[Artwork], seconds: float = 8.0) -> dict[str, Picture]:
        """Pictures by `artwork_id`, as many as `seconds` allow. Never raises.

        What is under way at the deadline finishes in the background and is in the cache next time.
        """
        stop = time.monotonic() + seconds
        unique = {work.artwork_id: work for work in works}
        found = {key: picture for key, work in unique.items() if (picture := self.cached(work))}
        todo = [work for key, work in unique.items() if key not in found]

        def worker() -> None:
            with suppress(IndexError):  # nothing left
                while time.monotonic() < stop:
                    work = todo.pop(0)
                    if picture := self.fetch(work):
                        found[work.artwork_id] = picture

        # Daemons, since an executor's threads would hold up the end of the program.
        threads = [threading.Thread(target=worker, daemon=True) for _ in todo[:WORKERS]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, stop - time.monotonic()))
        return found.copy()  # late workers go on writing to theirs

    def _sources(self, work: Artwork) -> Iterator[tuple[str, bool, Picture]]:
        """Yield (address to ask, whether it answers with a summary, the picture to come), best first."""

        def picture(url: str, credit: str, source: str) -> Picture:
            key = hashlib.sha256(f"{work.artwork_id}\n{url}".encode()).hexdigest()
            plain = " ".join("".join(c if c.isprintable() else " " for c in credit).split())
            return Picture(self.folder / f"{key}.webp", plain[:300], source)

        if url := re.sub("^http:", "https:", work.image_url):
            yield url, False, picture(url, work.image_credit or url.split("/")[2], url)
        if work.public_domain and work.wikipedia and is_about(work.wikipedia, work):
            title = quote(work.wikipedia.replace(" ", "_"), safe="")
            url, page = f"https://{WIKIPEDIA}/api/rest_v1/page/summary/{title}", f"https://{WIKIPEDIA}/wiki/{title}"
            yield url, True, picture(url, f"Wikipedia: {work.wikipedia}", page)

    def _try(self, address: str, is_summary: bool) -> tuple[bytes, float]:
        """The picture as WebP; where there is none, no bytes and the seconds before asking again."""
        import httpx

        try:
            self._client = self._client or httpx.Client()
            if is_summary:
                page = json.loads(self._get(httpx.URL(address), JSON_BYTES, WIKIPEDIA))
                if page.get("type") == "disambiguation":
                    raise ValueError("the title has several meanings")
                address = page["thumbnail"]["source"]
            return self._shrink(self._get(httpx.URL(address), PICTURE_BYTES, WIKIMEDIA if is_summary else None)), 0.0
        except Exception as error:  # whatever a stranger's server provokes costs a picture, never a page
            logger.info("No picture from %r: %r", address, error)
            return b"", SOON if isinstance(error, OSError | httpx.TransportError) else DAY

    def _get(self, url: "httpx.URL", limit: int, host: str | None) -> bytes:
        """The body, at most `limit` bytes, at an https address on `host` (None: any public host)."""
        body, stop = bytearray(), time.monotonic() + PATIENCE
        for _ in range(REDIRECTS + 1):
            self._check(url, host)
            with self._client.stream("GET", url, headers=HEADERS, timeout=TIMEOUT, follow_redirects=False) as answer:
                if answer.has_redirect_location:
                    url = url.join(answer.headers["location"])
                    continue
                if (status := answer.status_code) != 200:
                    raise (OSError if status in (408, 425, 429) or status >= 500 else ValueError)(f"status {status}")
                if answer.headers.get("content-encoding", "identity").lower() != "identity":
                    raise ValueError("compressed, unasked")  # one small piece could unpack to gigabytes
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > limit or time.monotonic() > stop:
                        raise (ValueError if len(body) > limit else OSError)("too long, or too slow")
                return bytes(body)
        raise ValueError("too many redirects")

    def _check(self, url: "httpx.URL", host: str | None) -> None:
        name = url.raw_host.decode("ascii")
        wrong = name != host if host else not re.search(r"\.[a-z][a-z0-9-]*\.?$", name)  # localhost, [::1], 10.0.0.1, 0x7f.1
        if wrong or url.scheme != "https" or url.userinfo or url.port not in (None, 443):
            raise ValueError(f"{url} is not to be asked")
        # A name may change its address between this look and the connection, but over https it then still has to show
        # a certificate for itself, which a machine on the user's own network cannot.
        for found in () if host else self._resolve(name, 443):
            ip = ipaddress.ip_address(found[4][0])  # of IPv6 only plain unicast: other forms can carry a private IPv4 address
            if not ip.is_global or ip.is_multicast or (ip.version == 6 and (ip not in UNICAST or ip.sixtofour)):
                raise OSError(f"{name} leads into a private network")

    def _shrink(self, data: bytes) -> bytes:
        from PIL import Image, ImageOps

        kind = next((name for name, magic in MAGIC.items() if re.match(magic, data, re.DOTALL)), "of no known kind")
        try:
            with self._decoding, Image.open(BytesIO(data), formats=[kind]) as image:  # one at a time bounds the memory
                if image.width * image.height > PIXELS:
                    raise ValueError("too many pixels")
                image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded near the size wanted
                small = image.convert("RGBA" if image.has_transparency_data else "RGB")
                small.thumbnail((SIDE, SIDE))
                small = ImageOps.exif_transpose(small)
                small.info = {}  # where Pillow keeps EXIF, XMP and profiles
                small.save(out := BytesIO(), "WEBP", quality=85)
                return out.getvalue()
        except Exception as error:  # Pillow raises nearly anything, OSError too, on bytes made to hurt it
            raise ValueError(f"the picture ({kind}) cannot be used: {error!r}") from error

    def _write(self, path: Path, data: bytes, wait: float) -> None:
        """Whole or not at all: readers never meet half a file. It is dated `wait` seconds from now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.stem}-{os.getpid()}-{threading.get_ident()}.tmp")
        try:
            temporary.write_bytes(data)
            os.utime(temporary, (time.time() + wait,) * 2)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def _prune(self, keep: Path) -> None:
        """Delete the oldest files past the cache's limit, and misses and temporary files long over."""
        with suppress(OSError), os.scandir(self.folder) as entries:
            ours = [(entry.stat(), entry.path) for entry in entries if OURS.fullmatch(entry.name)]
            total = sum(about.st_size for about, _ in ours)
            for about, path in sorted(ours, key=lambda file: file[0].st_mtime):
                stale = not path.endswith(".webp") and about.st_mtime < time.time() - DAY
                if (total > CACHE_BYTES or stale) and path != str(keep):
                    total -= about.st_size
                    os.unlink(path)
