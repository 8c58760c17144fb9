"""What pictures and their addresses may try: nothing of it gets in, and nothing of it raises."""

import gc
import gzip
import socket
import struct
import time
import zlib

import httpx
import pytest
from helpers_pictures import OWN, PUBLIC, SUMMARY, THUMBNAIL, Web, encode, move, on_wikipedia, resolver, summary, work
from PIL import Image

from artrec import pictures as module
from artrec.pictures import Pictures

# What is never asked


@pytest.mark.parametrize(
    "record",
    [
        work(),
        work(wikipedia="The Starry Night", public_domain=False),
        work(public_domain=True),
        on_wikipedia(title="Miguel Cabrera (painter)", artist="Miguel Cabrera"),  # would show the painter's portrait
    ],
)
def test_works_without_a_picture_to_ask_for(make, record):
    pictures, web = make({SUMMARY: summary(), THUMBNAIL: encode()})
    assert pictures.fetch(record) is None
    assert web.asked == []


BAD_HOSTS = ["127.0.0.1", "93.184.215.14", "[::1]", "[2606:4700::1111]", "localhost.", "0x7f.0.0.1", "127.0.1", "1.2.3.0x4"]
BAD_URLS = [f"https://{host}/a.png" for host in BAD_HOSTS] + [
    "https://museum.example.org:8443/a.png",
    "https://user:word@museum.example.org/a.png",
    "http://museum.example.org:80/a.png",
    "https://museum.example.org\\@127.0.0.1/a.png",
    "https://mu\x00seum.example.org/a.png",
    "https://" + "a" * 70 + ".example.org/a.png",
    "https://xn--a.example\u0000.org/a.png",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_addresses_that_are_refused_by_their_look(tmp_path, url):
    web = Web({})

    def resolve(host, port):
        assert not host.replace(".", "").isdigit(), "a literal address needs no look-up to be refused"
        host.encode("idna")  # as the real one does: labels too long raise UnicodeError
        return resolver(PUBLIC)(host, port)

    pictures = Pictures(tmp_path, httpx.Client(transport=httpx.MockTransport(web)), resolve)
    record = work().model_copy(update={"image_url": url})  # some of these the catalogue refuses already
    assert pictures.fetch(record) is None
    assert web.asked == []


PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"]
PRIVATE += ["::1", "fe80::1%1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_names_that_lead_into_a_private_network(make, address):
    for addresses in [(address,), (PUBLIC, address)]:
        pictures, web = make({OWN: encode()}, addresses=addresses)
        assert pictures.fetch(work(image_url=OWN)) is None
        assert web.asked == []


def test_a_public_ipv6_address_is_fine(make):
    assert make({OWN: encode()}, addresses=("2606:2800:21f:cb07:6820:80da:af6b:8b2c",))[0].fetch(work(image_url=OWN))


def test_a_name_that_does_not_resolve(tmp_path):
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    assert Pictures(tmp_path, httpx.Client(transport=httpx.MockTransport(Web({}))), resolve).fetch(work(image_url=OWN)) is None


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1/", "http://museum.example.org/plain", "file:///etc/passwd", "https://[", ""]
)
def test_a_redirect_to_where_it_should_not(make, target):
    pictures, web = make({OWN: move(target)})
    assert pictures.fetch(work(image_url=OWN)) is None
    assert set(web.urls) == {OWN}


def test_a_redirect_to_a_private_address_is_refused(tmp_path):
    web = Web({OWN: move("https://intranet.example.com/a.png")})

    def resolve(host, port):
        return resolver("10.0.0.7" if host.startswith("intranet") else PUBLIC)(host, port)

    pictures = Pictures(tmp_path, httpx.Client(transport=httpx.MockTransport(web)), resolve)
    assert pictures.fetch(work(image_url=OWN)) is None
    assert web.urls == [OWN]


@pytest.mark.parametrize(
    "target", ["https://de.wikipedia.org/x", "https://en.wikipedia.org.evil.com/x", "https://museum.example.org/"]
)
def test_wikipedia_stays_on_its_hosts(make, target):
    webs = [{SUMMARY: move(target)}, {SUMMARY: summary(target)}, {SUMMARY: summary(), THUMBNAIL: move(target)}]
    for number, pages in enumerate(webs):
        pictures, web = make({**pages, target: encode()})
        assert pictures.fetch(on_wikipedia(f"w{number}")) is None
        assert web.urls == list(pages)


# What is not believed


class Endless(httpx.SyncByteStream):
    def __init__(self, start=b"", pause=0.0):
        self.start, self.sent, self.pause = start, 0, pause

    def __iter__(self):
        yield self.start
        while True:
            self.sent += 65_536
            time.sleep(self.pause)
            yield b" " * 65_536


def test_bodies_are_cut_off_whatever_the_length_they_claim(make):
    picture, page = Endless(b"\xff\xd8\xff"), Endless(b"{")
    assert (
        make({OWN: httpx.Response(200, stream=picture, headers={"content-length": "9"})})[0].fetch(work(image_url=OWN)) is None
    )
    assert make({SUMMARY: httpx.Response(200, stream=page)})[0].fetch(on_wikipedia()) is None
    assert picture.sent < 4_200_000 and page.sent < 300_000


def test_a_slow_body_is_cut_off(make, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    pictures, _ = make({OWN: httpx.Response(200, stream=Endless(pause=0.02))})
    start = time.monotonic()
    assert pictures.fetch(work(image_url=OWN)) is None
    assert time.monotonic() - start < 1


def test_compression_is_neither_asked_for_nor_unpacked(make):
    headers = {"content-encoding": "gzip"}
    pictures, web = make({OWN: lambda: httpx.Response(200, stream=httpx.ByteStream(gzip.compress(encode())), headers=headers)})
    assert pictures.fetch(work(image_url=OWN)) is None
    assert web.asked[0].headers["accept-encoding"] == "identity"


def png(width, height, rows):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HOSTILE = {
    "bomb": png(50_000, 50_000, b"\0" * 1_000_000),  # 2.5 gigapixels, past Pillow's own limit
    "smaller bomb": png(8_000, 8_000, b"\0" * 8_000 * 1_001),  # 64 megapixels, which Pillow alone would decode
    "no pixels": png(0, 0, b""),
    "SVG": SVG,
    "SVG after the PNG signature": b"\x89PNG\r\n\x1a\n" + SVG,
    "HTML": b"<!doctype html><title>Sign in</title>",
    "truncated JPEG": encode("JPEG", (900, 900), color="red")[:2_000],
    "empty": b"",
    "TIFF": encode("TIFF"),
    "BMP": encode("BMP"),
    "PDF": b"%PDF-1.7",
    "GIF of nothing": b"GIF89a",
    "RIFF that is sound": b"RIFF\x24\0\0\0WAVEfmt ",
    "WebP of nothing": b"RIFF\xff\xff\xff\xffWEBPVP8X",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_pictures_that_are_none(make, name):
    content_type = {"content-type": "image/png"}
    pictures, web = make({OWN: lambda: httpx.Response(200, stream=httpx.ByteStream(HOSTILE[name]), headers=content_type)})
    start = time.monotonic()
    assert pictures.fetch(work(image_url=OWN)) is None
    assert time.monotonic() - start < 2
    assert pictures.fetch(work(image_url=OWN)) is None and len(web.asked) == 1
    assert [file.suffix for file in pictures.folder.iterdir()] == [".miss"]


@pytest.mark.filterwarnings("error")
def test_a_bomb_inside_pillows_limit_is_refused_even_where_pillow_has_none(make, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert make({OWN: HOSTILE["bomb"]})[0].fetch(work(image_url=OWN)) is None
    gc.collect()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'"text"', b"{}", b"nonsense", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 9_000,
        b'{"thumbnail": null}', b'{"thumbnail": []}', b'{"thumbnail": "x"}', b'{"thumbnail": {}}',
        summary(None), summary(7), summary([]), summary({"a": 1}), summary(""), summary("javascript:alert(1)"),
        summary("//upload.wikimedia.org/a.png"), summary("http://upload.wikimedia.org/a.png"), summary("https://" + "x" * 999),
        summary("https://upload.wikimedia.org/\x00"), summary("https://upload.wikimedia.org/\ud800"),
        summary(type="disambiguation"), summary(extract="x" * 200_000), summary(type=["standard"], thumbnail=3),
    ],
)  # fmt: skip
def test_hostile_summaries(make, body):
    pictures, web = make({SUMMARY: body, THUMBNAIL: encode()})
    assert pictures.fetch(on_wikipedia()) is None
    assert pictures.fetch(on_wikipedia()) is None
    assert web.urls == [SUMMARY]
