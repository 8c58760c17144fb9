"""Pictures from the web: what is asked, what is refused, and what is kept. No test touches the network."""

import os
import subprocess
import sys
import threading
import time

import httpx
import pytest
from helpers_pictures import OWN, SUMMARY, THUMBNAIL, encode, move, on_wikipedia, summary, work
from PIL import Image

from artrec import pictures as module
from artrec.catalogue import Artwork
from artrec.pictures import Picture, Pictures, is_about

# What works


def test_wikipedia_thumbnail_is_fetched_kept_and_credited(make):
    pictures, web = make({SUMMARY: summary(), THUMBNAIL: encode()})
    assert pictures.cached(on_wikipedia()) is None
    picture = pictures.fetch(on_wikipedia())
    assert picture == Picture(picture.path, "Wikipedia: The Starry Night", "https://en.wikipedia.org/wiki/The_Starry_Night")
    assert picture.path.parent == pictures.folder
    with Image.open(picture.path) as image:
        assert (image.format, image.size) == ("WEBP", (60, 40))
    assert web.urls == [SUMMARY, THUMBNAIL]
    assert {request.headers["user-agent"] for request in web.asked} == {"ArtRec/1.0 (offline art explorer)"}
    assert web.asked[0].extensions["timeout"] == dict.fromkeys(("connect", "read", "write", "pool"), 4.0)
    assert sorted(os.listdir(pictures.folder)) == [picture.path.name]  # no temporary file stays


def test_a_picture_in_the_cache_makes_no_request(make):
    pictures, _ = make({SUMMARY: summary(), THUMBNAIL: encode()})
    picture = pictures.fetch(on_wikipedia())
    again, web = make({})
    assert again.cached(on_wikipedia()) == again.fetch(on_wikipedia()) == picture
    assert again.fetch_all([on_wikipedia()]) == {"night": picture}
    assert web.asked == []


def test_own_picture_comes_first_and_http_is_raised_to_https(make):
    pictures, web = make({OWN: encode()})
    picture = pictures.fetch(on_wikipedia(image_url=OWN.replace("https", "http"), image_credit="Photo:\u202e A\x07 B"))
    assert web.urls == [OWN]
    assert (picture.credit, picture.source) == ("Photo: A B", OWN)
    assert pictures.fetch(work(image_url=OWN)).credit == "museum.example.org"


def test_where_the_own_picture_fails_wikipedia_is_asked(make):
    pictures, web = make({OWN: 404, SUMMARY: summary(), THUMBNAIL: encode()})
    assert pictures.fetch(on_wikipedia(image_url=OWN)).credit == "Wikipedia: The Starry Night"
    assert web.urls == [OWN, SUMMARY, THUMBNAIL]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_the_four_kinds_are_taken(make, kind):
    assert make({OWN: encode(kind)})[0].fetch(work(image_url=OWN))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1")])
def test_every_mode_is_taken(make, kind, mode):
    picture = make({OWN: encode(kind, mode=mode)})[0].fetch(work(image_url=OWN))
    with Image.open(picture.path) as image:
        assert image.size == (60, 40)


def test_what_is_transparent_stays_so(make):
    picture = make({OWN: encode("PNG", mode="RGBA", color=(0, 0, 0, 0))})[0].fetch(work(image_url=OWN))
    with Image.open(picture.path) as image:
        assert image.mode == "RGBA" and image.getpixel((5, 5))[3] == 0


def test_large_pictures_are_made_small_upright_and_bare(make):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a secret place"  # turned by 90 degrees
    data = encode("JPEG", (2000, 1000), exif=exif.tobytes(), icc_profile=b"profile" * 20, xmp=b"<secret/>")
    picture = make({OWN: data})[0].fetch(work(image_url=OWN))
    with Image.open(picture.path) as image:
        assert image.size == (400, 800)
        assert not image.getexif() and not {"exif", "xmp", "icc_profile"} & set(image.info)
    assert b"secret" not in picture.path.read_bytes()


@pytest.mark.parametrize(
    ("title", "encoded"),
    [
        ("Night/Day", "Night%2FDay"),
        ("../../night?x=1#y", "..%2F..%2Fnight%3Fx%3D1%23y"),
        ("Jakuchū’s starry 100%", "Jakuch%C5%AB%E2%80%99s_starry_100%25"),
    ],
)
def test_titles_are_encoded(make, title, encoded):
    pictures, web = make({})
    assert pictures.fetch(on_wikipedia(title=title)) is None
    assert [request.url.raw_path.decode() for request in web.asked] == [f"/api/rest_v1/page/summary/{encoded}"]


@pytest.mark.parametrize(
    ("article", "title", "artist", "about"),
    [
        ("The Starry Night", "The Starry Night", "Vincent van Gogh", True),
        ("The Great Wave off Kanagawa", "Under the Wave off Kanagawa (The Great Wave)", "Katsushika Hokusai", True),
        ("Nok culture", "Jemaa Head", "", False),
        ("Fan Kuan", "Travelers Among Mountains and Streams", "Fan Kuan", False),
        ("Berthe Morisot", "Portrait of Berthe Morisot", "Berthe Morisot", False),
    ],
)
def test_only_articles_about_the_work_itself_count(article, title, artist, about):
    assert is_about(article, Artwork(artwork_id="x", title=title, artist=artist)) is about


def test_redirects_are_followed_three_times(make):
    other = "https://en.wikipedia.org/api/rest_v1/page/summary/Other"
    steps = {SUMMARY: move("Other"), other: summary(), THUMBNAIL: encode()}
    assert make(steps)[0].fetch(on_wikipedia())
    chain = [f"https://museum.example.org/{n}" for n in range(5)]
    pages = {**{a: move(b) for a, b in zip(chain, chain[1:], strict=False)}, chain[3]: encode(), chain[4]: encode()}
    assert make(pages)[0].fetch(work(image_url=chain[0]))
    pages[chain[3]] = move(chain[4])
    pictures, web = make(pages)
    assert pictures.fetch(work("longer", image_url=chain[0])) is None
    assert web.urls == chain[:4]


# What is remembered


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [(404, 86_400), (403, 86_400), (304, 86_400), (500, 600), (429, 600)]
    + [(error, 600) for error in (httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError)],
)
def test_failures_are_remembered_for_a_while(make, monkeypatch, answer, seconds):
    pictures, web = make({SUMMARY: answer})
    assert [pictures.fetch(on_wikipedia()) for _ in range(3)] == [None] * 3
    assert len(web.asked) == 1
    later, web = make({SUMMARY: summary(), THUMBNAIL: encode()})  # as after a restart
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + seconds - 5)
    assert later.fetch(on_wikipedia()) is None and later.cached(on_wikipedia()) is None
    assert web.asked == []
    monkeypatch.setattr(module.time, "time", lambda: now + seconds + 5)
    assert later.fetch(on_wikipedia())


def test_a_clock_set_back_does_not_hold_a_failure_for_ever(make, monkeypatch):
    pictures, web = make({SUMMARY: 404})
    pictures.fetch(on_wikipedia())
    monkeypatch.setattr(module.time, "time", lambda: 1e9)
    pictures.fetch(on_wikipedia())
    assert len(web.asked) == 2


def test_failures_of_one_work_do_not_hold_for_another_nor_after_its_address_changes(make):
    pictures, web = make({OWN: 404})
    for record in [work(image_url=OWN), work("other", image_url=OWN), work(image_url=OWN + "?v=2"), work(image_url=OWN)]:
        assert pictures.fetch(record) is None
    assert len(web.asked) == 3


# Disk


def test_a_folder_that_cannot_be_made(make, tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    pictures, web = make({SUMMARY: summary(), THUMBNAIL: encode()}, folder=tmp_path / "file" / "pictures")
    assert pictures.cached(on_wikipedia()) is None
    assert [pictures.fetch(on_wikipedia()) for _ in range(3)] == [None] * 3
    assert len(web.asked) <= 2  # not asked again for what cannot be kept
    assert [record.levelname for record in caplog.records if record.name == "artrec.pictures"] == ["WARNING"]


@pytest.mark.parametrize("function", ["mkdir", "write_bytes"])
def test_a_read_only_or_full_disk(make, monkeypatch, caplog, function):
    pictures, web = make({SUMMARY: summary(), THUMBNAIL: encode()})

    def fail(path, *args, **kwargs):
        if function == "write_bytes":
            path.open("wb").close()  # a full disk takes the name and not the bytes
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.Path, function, fail)
    os.mkdir(pictures.folder)
    assert [pictures.fetch(on_wikipedia()) for _ in range(3)] == [None] * 3
    assert pictures.fetch_all([on_wikipedia("a"), on_wikipedia("b")]) == {}
    assert web.urls == [SUMMARY, THUMBNAIL]
    assert "No space left" in caplog.text
    assert os.listdir(pictures.folder) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder(make, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    assert make({SUMMARY: summary(), THUMBNAIL: encode()}, folder=folder)[0].fetch(on_wikipedia()) is None


def test_the_oldest_are_pruned_and_strange_files_left(make, monkeypatch):
    pictures, _ = make({OWN: encode(size=(300, 300), color="teal")})
    first, second = (pictures.fetch(work(name, image_url=OWN)).path for name in ("a", "b"))
    for age, path in [(300, first), (200, second)]:
        os.utime(path, (time.time() - age,) * 2)
    mine = pictures.folder / "holiday.webp"
    mine.write_bytes(b"x" * 10_000)
    old = [pictures.folder / f"{'0' * 64}{tail}" for tail in (".miss", "-12-34.tmp")]
    for path in [mine, *old]:
        path.touch()
        os.utime(path, (0, 0))
    monkeypatch.setattr(module, "CACHE_BYTES", first.stat().st_size * 2 + 10)
    third = pictures.fetch(work("c", image_url=OWN)).path
    assert sorted(pictures.folder.iterdir()) == sorted([second, third, mine])
    monkeypatch.setattr(module, "CACHE_BYTES", 1)
    fourth = pictures.fetch(work("d", image_url=OWN)).path  # the newest is never lost
    assert sorted(pictures.folder.iterdir()) == sorted([fourth, mine])


def test_an_empty_file_is_no_picture(make):
    pictures, _ = make({OWN: encode()})
    path = pictures.fetch(work(image_url=OWN)).path
    path.write_bytes(b"")
    assert pictures.cached(work(image_url=OWN)) is None
    assert pictures.fetch(work(image_url=OWN)).path == path and path.stat().st_size


# Many at once


def test_fetch_all_brings_what_there_is(make):
    good = {f"https://museum.example.org/{n}.png": encode("PNG") for n in range(12)}
    pictures, web = make(good)
    works = [work(f"w{n}", image_url=f"https://museum.example.org/{n}.png") for n in range(15)]
    found = pictures.fetch_all([*works, works[0]])
    assert set(found) == {f"w{n}" for n in range(12)}
    assert len(web.asked) == 15
    assert pictures.fetch_all([]) == {}


def test_fetch_all_keeps_to_its_deadline_and_its_four_threads(make):
    release, lock, running, most = threading.Event(), threading.Lock(), 0, 0

    def hang():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        release.wait(10)
        with lock:
            running -= 1
        return encode()

    pictures, web = make({OWN: hang, OWN + "?quick": encode()})
    pictures.fetch(work("held", image_url=OWN + "?quick"))
    start = time.monotonic()
    found = pictures.fetch_all([*(work(f"w{n}", image_url=OWN) for n in range(9)), work("held", image_url=OWN + "?quick")], 0.3)
    assert time.monotonic() - start < 2
    assert set(found) == {"held"} and most == 4
    release.set()
    for _ in range(100):  # those under way end in the cache, and the rest is left alone
        if len(list(pictures.folder.glob("*.webp"))) == 5:
            break
        time.sleep(0.02)
    time.sleep(0.1)
    assert len(list(pictures.folder.glob("*.webp"))) == 5 and len(web.asked) == 5


def test_default_folder_and_cheap_import(tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path))
    pictures = Pictures()
    assert pictures.folder == tmp_path / "pictures"
    assert pictures.cached(on_wikipedia()) is None and not pictures.folder.exists()
    code = "import sys, artrec.pictures as p; p.Pictures(); print([m for m in ('httpx', 'PIL') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=module.config.ROOT, check=True)
    assert ran.stdout.strip() == "[]"
