"""A museum's server on localhost that misbehaves as it is told, and a client that finds it under any https address."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


@dataclass
class Page:
    """A file on the server. `cuts`: bytes after which an answer breaks off, one an answer, then none; `statuses`: what is
    answered first; `after`: what the page is from the second answer on."""

    data: bytes = b""
    etag: str = '"one"'
    modified: str = ""
    cuts: list[int] = field(default_factory=list)
    statuses: list[tuple[int, dict]] = field(default_factory=list)
    knows_range: bool = True
    knows_if_range: bool = True
    shift: int = 0  # the range is answered from so many bytes further on
    length: bool = True  # whether the length is said
    headers: dict = field(default_factory=dict)
    after: "Page | None" = None
    asked: list[dict] = field(default_factory=list)  # the headers of what was asked


class Museum(ThreadingHTTPServer):
    """`pages`: "host/path" → page."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Page] = {}

    def client(self) -> httpx.Client:
        """A client for which every https address lies on this server."""
        return httpx.Client(transport=_ToLocal(self.server_port))


@contextmanager
def museum() -> Iterator[Museum]:
    """The server, running."""
    with Museum() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _ToLocal(httpx.BaseTransport):
    def __init__(self, port: int):
        self._port, self._inner = port, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        path = b"/" + request.url.host.encode() + request.url.raw_path
        local = httpx.URL(scheme="http", host="127.0.0.1", port=self._port, raw_path=path)
        return self._inner.handle_request(httpx.Request(request.method, local, headers=request.headers))

    def close(self) -> None:
        self._inner.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        name = self.path.lstrip("/")
        page = self.server.pages.get(name)
        self.close_connection = True
        if page is None:
            self._say(404, {"Content-Length": "0"})
            return
        page.asked.append({key.lower(): value for key, value in self.headers.items()})
        if page.after is not None:
            page.after.asked = page.asked
            self.server.pages[name] = page.after
        if page.statuses:
            status, headers = page.statuses.pop(0)
            self._say(status, {"Content-Length": "0"} | headers)
            return
        marks = {"ETag": page.etag, "Last-Modified": page.modified}
        marks = {key: value for key, value in marks.items() if value} | page.headers
        if page.etag and self.headers.get("If-None-Match") == page.etag:
            self._say(304, marks)
            return
        start = 0
        wanted = self.headers.get("Range")
        same = self.headers.get("If-Range") in (None, page.etag or None, page.modified or None)
        if wanted and page.knows_range and (same or not page.knows_if_range):
            start = int(wanted.removeprefix("bytes=").rstrip("-")) + page.shift
            if start >= len(page.data):
                self._say(416, {"Content-Range": f"bytes */{len(page.data)}", "Content-Length": "0"})
                return
            marks["Content-Range"] = f"bytes {start}-{len(page.data) - 1}/{len(page.data)}"
        body = page.data[start:]
        self._say(206 if start else 200, marks | ({"Content-Length": str(len(body))} if page.length else {}))
        if page.cuts:
            body = body[: page.cuts.pop(0)]
        with suppress(OSError):  # the client has had enough
            self.wfile.write(body)

    def _say(self, status: int, headers: dict) -> None:
        self.send_response(status)
        for key, value in (headers | {"Connection": "close"}).items():
            self.send_header(key, value)
        self.end_headers()
