"""What museums publish, from the addresses in the table (served on localhost) to files that import reads."""

import bz2
import csv
import hashlib
import io
import json
import tarfile
import zipfile

import pytest
from helpers_web import Page, museum

from artrec import open_data
from artrec.catalogue import Artwork
from artrec.download import DownloadError
from artrec.errors import CatalogueError
from artrec.open_data import PUBLISHED, fetch_published, to_lines
from artrec.sources import recognise, source_of


def table(*rows):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in members.items():
            archive.writestr(name, json.dumps(document, indent=1))
    return stream.getvalue()


def tarred(**members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:bz2") as archive:
        for name, document in members.items():
            data = json.dumps(document, indent=1).encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("x/json/artworks/7.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    return stream.getvalue()


GUID = "00078d13-d7c7-4f1b-bbe2-b9afcc25fcbd"
MET = {"Object Number": "1", "Is Public Domain": "True", "Object ID": "1", "Title": "A cup", "Artist Display Name": "",
       "Object Date": "1866", "Object Begin Date": "1866", "Object End Date": "1866"}  # fmt: skip
MOMA = {"Title": "A chair", "Artist": "", "ConstituentID": "", "ArtistBio": "", "BeginDate": "", "AccessionNumber": "1",
        "ObjectID": "1"}  # fmt: skip
NGA = {
    "objects.csv": {"objectid": "1", "accessionnum": "1", "title": "A boat", "displaydate": "1665", "beginyear": "1665",
                    "endyear": "1665", "attribution": ""},
    "objects_terms.csv": {"objectid": "1", "termtype": "Theme", "term": "sea"},
    "published_images.csv": {"depictstmsobjectid": "1", "iiifthumburl": "https://a.example/1.jpg", "viewtype": "primary"},
    "objects_constituents.csv": {"objectid": "1", "constituentid": "2", "roletype": "artist"},
    "constituents.csv": {"constituentid": "2", "forwarddisplayname": "Ann Boat"},
}  # fmt: skip
CLEVELAND = {"id": 1, "accession_number": "1", "share_license_status": "CC0", "creation_date": "1765", "technique": "oil",
             "title": "A smith"}  # fmt: skip
WIKIDATA = {"id": "Q1", "keywords": "", "year": "1440", "_title": "A dog", "_creation": "1447", "_artist": "", "_country": "",
            "_depicts": "", "_genre": "", "_material": "", "_movement": "", "_museum": ""}  # fmt: skip
TATE = {"acno": "A00001", "catalogueGroup": {}, "title": "A line\nof hills", "contributors": [{"id": 5, "role": "artist"}]}
ARTIST = {"id": 5, "mda": "Hill, Ann", "totalWorks": 1, "movements": [{"name": "Romanticism"}]}
WORKS = {  # format → what stands at the addresses in the table
    "met": [table(MET)], "moma": [table(MOMA)], "cleveland": [json.dumps([CLEVELAND]).encode()], "wikidata": [table(WIKIDATA)],
    "nga": [table(row) for row in NGA.values()],
    "tate": [zipped(**{"t-1/artworks/a/000/a00001-1.json": TATE, "t-1/artists/h/hill-5.json": ARTIST, "t-1/x.json": {}})],
    "cmoa": [zipped(**{f"c/cmoa/{GUID}.json": {"id": f"cmoa:things/{GUID}", "title": "A bridge"}, "c/cmoa/index.json": [],
                       f"c/teenie/{GUID}.json": {"id": "cmoa:things/2", "title": "A child"}})],
    "walters": [zipped(**{"w/objects/data/0/002/2.json": {"ObjectID": 2, "ObjectNumber": "2", "Creators": [], "Title": "A"}})],
    "artic": [tarred(**{"a/json/artworks/4.json": {"data": {"id": 4, "title": "Tea", "main_reference_number": "1",
                                                            "artist_display": ""}},
                        "a/json/agents/5.json": {"data": {"id": 5, "title": "Somebody"}}})],
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    with museum() as running:
        yield running


@pytest.fixture
def web(server, monkeypatch):
    """web(format, …) puts the museum's files at the table's addresses; the pages by address."""

    def web(name, data=None):
        server.pages = {}
        for remote, content in zip(PUBLISHED[name].files, data or WORKS[name], strict=True):
            mark = f'"{hashlib.sha256(content).hexdigest()[:8]}"'
            server.pages[remote.address.removeprefix("https://")] = Page(content, etag=mark)
            if remote.pointer:
                pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(content).hexdigest()}\n"
                server.pages[remote.pointer.removeprefix("https://")] = Page(f"{pointer}size {len(content)}\n".encode())
        return server.pages

    monkeypatch.setattr(open_data, "new_client", server.client)
    return web


def no_wait(_):
    pass


def test_every_address_is_safe_and_every_format_known():
    assert set(WORKS) == set(PUBLISHED)
    for name, published in PUBLISHED.items():
        assert source_of(name) and published.licence
        for remote in published.files:
            assert remote.address.startswith("https://") and "/" not in remote.name
        assert all(not file.startswith(("/", ".")) and ".." not in file for file in published.lines.values())


@pytest.mark.parametrize("name", PUBLISHED)
def test_from_the_museum_to_works(name, web, tmp_path):
    web(name)
    made = fetch_published(name, tmp_path / "out", wait=no_wait)
    give = tmp_path / "out" / made["give"]
    assert recognise(give) == name
    found = list(source_of(name).read(give))
    assert found and all(isinstance(each, Artwork) for each in found)
    assert made == json.loads((tmp_path / "out/download.json").read_text("utf-8"))
    assert all(file["changed"] and file["checked"] == bool(remote.pointer)
               for file, remote in zip(made["files"], PUBLISHED[name].files, strict=True))  # fmt: skip
    assert not [file for file in (tmp_path / "out").rglob("*") if ".part" in file.name or "pointer" in file.name]
    if name == "tate":
        assert (found[0].title, found[0].movement) == ("A line of hills", "Romanticism")
    if name == "nga":
        assert (found[0].artist, found[0].subjects, found[0].image_url) == ("Ann Boat", ("sea",), "https://a.example/1.jpg")
    if name == "cmoa":
        assert made["records"] == {"json/objects.jsonl": 1, "json/teenie_harris.jsonl": 1, "left out": 0}


@pytest.mark.parametrize("name", ["met", "nga", "tate"])
def test_a_second_time_only_what_has_changed_is_fetched(name, web, tmp_path):
    pages = web(name)
    fetch_published(name, tmp_path, wait=no_wait)
    first = {file.name: file.stat().st_mtime_ns for file in tmp_path.rglob("*.[cj]s*") if file.name != "download.json"}
    made = fetch_published(name, tmp_path, wait=no_wait)
    assert not any(file["changed"] for file in made["files"]) and "records" not in made
    assert first == {f.name: f.stat().st_mtime_ns for f in tmp_path.rglob("*.[cj]s*") if f.name != "download.json"}
    (tmp_path / PUBLISHED[name].files[0].name).write_bytes(b"spoilt")
    assert [file["changed"] for file in fetch_published(name, tmp_path, wait=no_wait)["files"]].count(True) == 1
    assert all(len(page.asked) == 3 for page in pages.values())


def test_a_wrong_checksum_is_refused(web, tmp_path):
    pages = web("met")
    pages[PUBLISHED["met"].files[0].address.removeprefix("https://")].data += b"more\n"
    with pytest.raises(DownloadError, match="as published"):
        fetch_published("met", tmp_path, wait=no_wait)
    assert list(tmp_path.iterdir()) == []


def test_without_a_checksum_it_is_said_that_none_was_held_against(web, tmp_path):
    pages = web("met")
    pages[PUBLISHED["met"].files[0].pointer.removeprefix("https://")].data = WORKS["met"][0] * 99  # no pointer any more
    assert fetch_published("met", tmp_path, wait=no_wait)["files"][0]["checked"] is False
    del pages[PUBLISHED["met"].files[0].pointer.removeprefix("https://")]
    (tmp_path / "MetObjects.csv").unlink()
    assert fetch_published("met", tmp_path, wait=no_wait)["files"][0]["checked"] is False


def test_something_else_at_the_address_is_told(web, tmp_path):
    web("wikidata", [b"<html>Moved</html>"])
    with pytest.raises(DownloadError, match="not what the museum published"):
        fetch_published("wikidata", tmp_path, wait=no_wait)
    web("tate", [zipped(**{"t/README.md": {}})])
    with pytest.raises(DownloadError, match="holds nothing for json/artworks"):
        fetch_published("tate", tmp_path, wait=no_wait)
    assert not (tmp_path / "download.json").exists() and not list(tmp_path.rglob("*.jsonl*"))


@pytest.mark.parametrize("name", ["tate", "artic"])
def test_a_damaged_archive_is_removed(name, web, tmp_path):
    whole = WORKS[name][0]
    for damaged in (whole[:-40], whole[: len(whole) // 3], b"nothing of the kind", b""):
        web(name, [damaged])
        with pytest.raises(DownloadError, match="damaged"):
            fetch_published(name, tmp_path, wait=no_wait)
        assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    web(name)
    assert fetch_published(name, tmp_path, wait=no_wait)["records"]["left out"] == 0


def test_names_in_an_archive_lead_nowhere(tmp_path):
    archive = tmp_path / "in" / "a.zip"
    archive.parent.mkdir()
    archive.write_bytes(zipped(**{"t/artworks/../../../../evil.json": TATE, "/t/artworks/evil.json": TATE,
                                  "t/artworks/a.json": TATE}))  # fmt: skip
    counts = to_lines(archive, {r"[^/]+/artworks/.+\.json": "works.jsonl"}, tmp_path / "in")
    assert counts["works.jsonl"] == 2 and not list(tmp_path.rglob("evil*"))
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == ["a.zip", "works.jsonl"]


def test_what_is_too_large_in_an_archive(tmp_path, monkeypatch):
    archive = tmp_path / "a.tar.bz2"
    archive.write_bytes(tarred(**{"a/1.json": {"title": "x" * 5_000}, "a/2.json": {"title": "\n\r"}}))
    monkeypatch.setattr(open_data, "MAX_RECORD", 1_000)
    assert to_lines(archive, {r"a/\d\.json": "w.jsonl"}, tmp_path) == {"w.jsonl": 1, "left out": 1}
    assert json.loads((tmp_path / "w.jsonl").read_text()) == {"title": "\n\r"}
    monkeypatch.setattr(open_data, "MAX_UNPACKED", 500)
    with pytest.raises(DownloadError, match="unpacks to more"):
        to_lines(archive, {r"a/\d\.json": "w.jsonl"}, tmp_path)
    assert bz2.decompress(archive.read_bytes()) and not (tmp_path / "w.jsonl.part").exists()


def test_what_nobody_publishes(tmp_path):
    with pytest.raises(CatalogueError, match="Choose from: met"):
        fetch_published("csv", tmp_path)
    with pytest.raises(CatalogueError, match="no format 'louvre'"):
        fetch_published("louvre", tmp_path)


def test_a_proxy_that_is_none(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://x")
    with pytest.raises(DownloadError, match="HTTPS_PROXY"):
        open_data.new_client()
