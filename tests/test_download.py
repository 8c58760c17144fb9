"""Large files over lines that drop, from servers that misbehave: whole or not at all."""

import hashlib
import os
import random
from signal import SIGKILL
from types import SimpleNamespace

import pytest
from helpers_web import Page, museum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artrec import download
from artrec.download import DownloadError, fetch

ADDRESS = "https://museum.example/data.csv"
PAGE = "museum.example/data.csv"
DATA = random.Random(7).randbytes(300_000)
OTHER = random.Random(8).randbytes(200_000)


@pytest.fixture(scope="module")
def server():
    with museum() as running:
        yield running


@pytest.fixture
def get(server, tmp_path):
    """get(page, …) → (what `fetch` gave, the page, seconds waited)."""

    def get(page, file=tmp_path / "data.csv", **more):
        server.pages = {PAGE: page}
        waited = []
        with server.client() as client:
            return fetch(ADDRESS, file, client, wait=waited.append, **more), page, waited

    get.file = tmp_path / "data.csv"
    return get


def left(file):
    """What lies in the folder beside the file."""
    return sorted(each.name for each in file.parent.iterdir() if each != file)


def ranges(page):
    return [asked.get("range") for asked in page.asked]


def test_a_file_is_fetched_whole(get):
    told = []
    found, page, waited = get(Page(DATA, modified="Mon, 02 Nov 2026 10:00:00 GMT"), progress=lambda *each: told.append(each))
    assert get.file.read_bytes() == DATA and left(get.file) == [] and waited == [] and found.changed
    assert (found.size, found.sha256) == (len(DATA), hashlib.sha256(DATA).hexdigest())
    assert found.marks == {"etag": '"one"', "modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
    assert told[0] == ("data.csv", 0, len(DATA)) and told[-1] == ("data.csv", len(DATA), len(DATA))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert page.asked[0]["accept-encoding"] == "identity" and "range" not in page.asked[0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 120_000), max_size=6), st.booleans(), st.booleans())
def test_whatever_drops_the_file_is_right_in_the_end(get, cuts, knows_range, by_date):
    marks = {"etag": "", "modified": "Mon, 02 Nov 2026 10:00:00 GMT"} if by_date else {}
    _, page, waited = get(Page(DATA, cuts=[*cuts], knows_range=knows_range, **marks))
    assert get.file.read_bytes() == DATA and left(get.file) == []
    assert len(page.asked) == len(waited) + 1
    if knows_range and sum(cuts) < len(DATA):  # nothing is fetched twice
        assert ranges(page) == [None, *(f"bytes={sum(cuts[: n + 1])}-" for n in range(len(cuts)))]


def test_a_server_that_ignores_ranges_sends_it_anew(get):
    _, page, _ = get(Page(DATA, cuts=[200_000], knows_range=False))
    assert get.file.read_bytes() == DATA and ranges(page) == [None, "bytes=200000-"]


@pytest.mark.parametrize("knows_if_range", [True, False])
@pytest.mark.parametrize("size", [len(OTHER), 50_000])
def test_a_file_that_changes_between_two_tries_is_never_mixed(get, knows_if_range, size):
    new = Page(OTHER[:size], etag='"two"', knows_if_range=knows_if_range)
    found, _, _ = get(Page(DATA, cuts=[120_000], after=new))
    assert get.file.read_bytes() == OTHER[:size] and found.marks["etag"] == '"two"'


@pytest.mark.parametrize("mark", ["", 'W/"weak"'])
def test_without_a_strong_mark_nothing_is_gone_on_with(get, mark):
    _, page, _ = get(Page(DATA, etag=mark, cuts=[120_000], after=Page(OTHER, etag=mark)))
    assert get.file.read_bytes() == OTHER and ranges(page) == [None, None]


def test_another_part_than_was_asked_for_is_not_taken(get):
    _, page, _ = get(Page(DATA, cuts=[120_000], after=Page(DATA, shift=10)))
    assert get.file.read_bytes() == DATA and ranges(page) == [None, "bytes=120000-", None]


def test_a_part_that_ends_early_without_a_word_is_noticed(get):
    _, page, _ = get(Page(DATA, cuts=[120_000], after=Page(DATA, length=False, cuts=[1_000])))
    assert get.file.read_bytes() == DATA and ranges(page) == [None, "bytes=120000-", "bytes=121000-"]


def test_where_it_stopped_it_goes_on_the_next_time(get):
    class Stop(Exception):
        pass

    def stop(name, done, total):
        if done > 100_000:
            raise Stop

    get.file.write_bytes(b"before")
    with pytest.raises(Stop):
        get(Page(DATA), progress=stop)
    assert get.file.read_bytes() == b"before" and left(get.file) == ["data.csv.part", "data.csv.part.json"]
    held = (get.file.parent / "data.csv.part").stat().st_size
    assert 0 < held < len(DATA)
    _, page, _ = get(Page(DATA))
    assert get.file.read_bytes() == DATA and ranges(page) == [f"bytes={held}-"] and left(get.file) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_after_a_kill_it_goes_on(get, server):
    server.pages = {PAGE: Page(DATA)}
    child = os.fork()
    if not child:
        try:
            with server.client() as client:
                fetch(ADDRESS, get.file, client, progress=lambda _, done, __: done > 150_000 and os.kill(os.getpid(), SIGKILL))
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == SIGKILL and not get.file.exists()
    held = get.file.with_name("data.csv.part").stat().st_size
    _, page, _ = get(Page(DATA))
    assert get.file.read_bytes() == DATA and ranges(page) == [f"bytes={held}-" if held else None]


@pytest.mark.parametrize("note", ["", "[]", '{"address": "https://other.example/", "etag": "\\"one\\"", "modified": ""}'])
def test_what_lies_there_of_something_else_is_not_gone_on_with(get, note):
    get.file.with_name("data.csv.part").write_bytes(OTHER)
    get.file.with_name("data.csv.part.json").write_text(note)
    _, page, _ = get(Page(DATA))
    assert get.file.read_bytes() == DATA and ranges(page) == [None]


def test_it_gives_up_with_the_cure_and_keeps_what_was_there(get):
    get.file.write_bytes(b"before")
    with pytest.raises(DownloadError, match="goes on from here"):
        get(Page(DATA, cuts=[40, *[0] * 50]))
    assert get.file.read_bytes() == b"before" and "data.csv.part" in left(get.file)
    page = Page(DATA, statuses=[(503, {"Retry-After": "7"}), (429, {}), (500, {"Retry-After": "9999"})])
    get.file.with_name("data.csv.part").unlink()
    with pytest.raises(DownloadError, match="Check the connection"):
        get(page)
    assert len(page.asked) == download.FIRST
    _, _, waited = get(Page(DATA, statuses=[(503, {"Retry-After": "7"}), (503, {"Retry-After": "9999"})]))
    assert waited == [7.0, download.LONGEST] and get.file.read_bytes() == DATA


def test_a_try_that_brought_much_is_no_failure(get, monkeypatch):
    monkeypatch.setattr(download, "STEP", 10_000)
    _, page, waited = get(Page(DATA, cuts=[11_000] * 25))
    assert get.file.read_bytes() == DATA and len(page.asked) == 26 and set(waited) == {download.PAUSE}


def test_nobody_at_the_address(get):
    with pytest.raises(DownloadError, match="404"):
        get(Page(DATA, statuses=[(404, {})]))
    with pytest.raises(DownloadError, match="403"):
        get(Page(DATA, statuses=[(403, {})]))
    assert left(get.file) == []


def test_no_more_is_taken_than_the_limit(get):
    page = Page(DATA)
    with pytest.raises(DownloadError, match="more than 1,000"):
        get(page, limit=1_000)
    with pytest.raises(DownloadError, match="more than 1,000"):
        get(Page(DATA, length=False), limit=1_000)
    assert left(get.file) == [] and not get.file.exists()
    get(Page(DATA, length=False), limit=len(DATA))
    assert get.file.read_bytes() == DATA


def test_only_https_is_followed(get):
    get(Page(statuses=[(302, {"Location": "/data.csv"}), (301, {"Location": ADDRESS})], data=DATA))
    assert get.file.read_bytes() == DATA
    get.file.unlink()
    for location in ("http://museum.example/data.csv", "file:///etc/hostname", "https://user:word@museum.example/data.csv"):
        with pytest.raises(DownloadError, match="not safe"):
            get(Page(DATA, statuses=[(302, {"Location": location})]))
    with pytest.raises(DownloadError, match="without end"):
        get(Page(DATA, statuses=[(302, {"Location": ADDRESS})] * 50))
    with pytest.raises(DownloadError):
        get(Page(DATA, statuses=[(302, {"Location": "https://[::1"})] * 50))
    assert left(get.file) == [] and not get.file.exists()


def test_a_checksum_that_does_not_match_is_refused(get):
    get.file.write_bytes(b"before")
    with pytest.raises(DownloadError, match="as published"):
        get(Page(DATA), sha256="0" * 64)
    assert get.file.read_bytes() == b"before" and left(get.file) == []
    assert get(Page(DATA), sha256=hashlib.sha256(DATA).hexdigest())[0].size == len(DATA)


def test_what_is_the_newest_is_not_fetched_again(get):
    marks = get(Page(DATA))[0].marks
    found, page, _ = get(Page(DATA), known=marks)
    assert not found.changed and found.sha256 == hashlib.sha256(DATA).hexdigest() and len(page.asked) == 1
    found, _, _ = get(Page(OTHER, etag='"two"'), known=marks)
    assert found.changed and get.file.read_bytes() == OTHER
    get.file.unlink()
    assert get(Page(DATA), known=marks)[0].changed and get.file.read_bytes() == DATA


def test_what_is_sent_packed_is_not_taken(get):
    with pytest.raises(DownloadError, match="packed"):
        get(Page(DATA, headers={"Content-Encoding": "gzip"}))


def test_a_full_disk_is_seen_before_and_during(get, monkeypatch, tmp_path):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000))
    with pytest.raises(DownloadError, match="300,000 bytes more, and 100,000 are free"):
        get(Page(DATA))
    monkeypatch.undo()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download.os, "fsync", full)
    with pytest.raises(DownloadError, match="No space left"):
        get(Page(DATA))
    assert not get.file.exists()
    monkeypatch.undo()
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadError, match="choose a folder"):
        get(Page(DATA), file=tmp_path / "file" / "data.csv")


def test_nobody_answers(get, server):
    import httpx

    def refuse(request):
        raise httpx.ConnectError("Name or service not known")

    waited = []
    client = httpx.Client(transport=httpx.MockTransport(refuse))
    with pytest.raises(DownloadError, match="Name or service not known.*Check the connection"):
        fetch(ADDRESS, get.file, client, wait=waited.append)
    assert waited == [1.0, 2.0]
