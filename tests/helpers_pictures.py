"""A web that tests make up, and pictures to serve on it."""

import io
import json
import socket

import httpx
import pytest
from PIL import Image

from artrec.catalogue import Artwork
from artrec.pictures import Pictures

SUMMARY = "https://en.wikipedia.org/api/rest_v1/page/summary/The_Starry_Night"
THUMBNAIL = "https://upload.wikimedia.org/wikipedia/commons/thumb/e/ea/Night.jpg/330px-Night.jpg"
OWN = "https://museum.example.org/night.jpg"
PUBLIC = "93.184.215.14"


def encode(kind="JPEG", size=(60, 40), mode="RGB", **options):
    Image.new(mode, size, options.pop("color", 0)).save(out := io.BytesIO(), kind, **options)
    return out.getvalue()


def work(artwork_id="night", **fields):
    return Artwork(artwork_id=artwork_id, title="The Starry Night", **fields)


def on_wikipedia(artwork_id="night", title="The Starry Night", **fields):
    return work(artwork_id, wikipedia=title, public_domain=True, **fields)


def summary(source=THUMBNAIL, **fields):
    return json.dumps({"type": "standard", "title": "x", "thumbnail": {"source": source}, **fields}).encode()


def resolver(*addresses):
    return lambda host, port: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


class Web:
    """A pretended web: address → bytes, a number (status), an exception, or a response; and what was asked of it."""

    def __init__(self, pages):
        self.pages, self.asked = pages, []

    def __call__(self, request):
        self.asked.append(request)
        answer = self.pages.get(str(request.url), 404)
        answer = answer() if callable(answer) and not isinstance(answer, type) else answer
        if isinstance(answer, type):
            raise answer("pretended", request=request)
        if isinstance(answer, bytes):
            return httpx.Response(200, stream=httpx.ByteStream(answer))
        return httpx.Response(answer) if isinstance(answer, int) else answer

    @property
    def urls(self):
        return [str(request.url) for request in self.asked]


@pytest.fixture
def make(tmp_path):
    def build(pages, folder=tmp_path / "pictures", addresses=(PUBLIC,)):
        web = Web(pages)
        return Pictures(folder, httpx.Client(transport=httpx.MockTransport(web)), resolve=resolver(*addresses)), web

    return build


def move(address):
    return lambda: httpx.Response(302, headers={"location": address})
