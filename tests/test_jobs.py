"""Imports beside the app: begun, watched, stopped, gone on with, found again."""

import json
import os
import subprocess
import sys
import time

import pytest
from test_importing import WORKS

from artrec import jobs
from artrec.artifacts import load
from artrec.errors import ArtrecError


@pytest.fixture
def home(tmp_path, monkeypatch, artrec_home):
    """A home of its own that has the exported encoder."""
    own = tmp_path / "home"
    own.mkdir()
    for folder in artrec_home.iterdir():
        if folder.name not in ("vectors", "collections", "jobs", "locks"):
            (own / folder.name).symlink_to(folder)
    monkeypatch.setenv("ARTREC_HOME", str(own))
    return own


def wait(slug: str, *states: str, seconds: float = 120) -> jobs.Job:
    until = time.time() + seconds
    while time.time() < until:
        if (job := jobs.find(slug)) and job.state in states:
            return job
        time.sleep(0.2)
    raise AssertionError(f"{jobs.find(slug)} is not {states}")


def test_names_become_folders():
    assert jobs.slug_of("The Walters, Baltimore!") == "the-walters-baltimore" and jobs.slug_of("../Été") == "ete"
    with pytest.raises(ArtrecError, match="name"):
        jobs.slug_of("???")


def test_an_import_from_beginning_to_end(tmp_path, home):
    (tmp_path / "w.jsonl").write_text("\n".join(map(json.dumps, WORKS)), "utf-8")
    begun = jobs.begin("My bowls", "walters", tmp_path / "w.jsonl", {})
    assert begun.state == "running" and [job.slug for job in jobs.every()] == ["my-bowls"]
    with pytest.raises(ArtrecError, match="already"):
        jobs.begin("My bowls", "walters", tmp_path / "w.jsonl", {})
    done = wait("my-bowls", "done", "failed", "stopped")
    assert done.state == "done" and "12 works" in done.message
    assert set(jobs.collections()) == {"my-bowls"} and jobs.name_of(jobs.collections()["my-bowls"]) == "My bowls"
    jobs.forget("my-bowls")
    assert jobs.every() == [] and set(jobs.collections()) == {"my-bowls"}


def test_a_failed_import_says_why_in_one_line(tmp_path, home):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", "utf-8")
    jobs.begin("Bad", "csv", tmp_path / "t.csv", {})
    job = wait("bad", "failed", "done")
    assert job.state == "failed" and "No column can be the title" in job.message and jobs.collections() == {}


def test_a_stopped_import_goes_on(tmp_path, home):
    (tmp_path / "w.jsonl").write_text("\n".join(map(json.dumps, WORKS)), "utf-8")
    jobs.begin("Bowls", "walters", tmp_path / "w.jsonl", {})
    jobs.stop("bowls")
    assert jobs.find("bowls").state == "stopped" and jobs.collections() == {}
    jobs.stop("bowls")  # once is enough
    jobs.go_on("bowls")
    assert wait("bowls", "done", "failed").state == "done"


def test_any_column_can_be_mapped_and_any_name_given(tmp_path, home):
    (tmp_path / "t.csv").write_text('"Title, main",When=,Maker\nA boat,1900,Anna\nA bay,1901,Anna\n', "utf-8")
    mapping = {"title": "Title, main", "artist": "", "date": "When="}
    jobs.begin("--Boats", "csv", tmp_path / "t.csv", mapping)
    assert wait("boats", "done", "failed").state == "done"
    works = load(jobs.collections()["boats"]).catalogue
    assert [(w.title, w.artist, w.year) for w in works] == [("A boat", "", 1900), ("A bay", "", 1901)]
    assert load(jobs.collections()["boats"]).name == "--Boats"


def test_another_process_with_the_number_of_an_import_is_neither_watched_nor_stopped(home):
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    try:
        folder = home / "jobs" / "old"
        folder.mkdir(parents=True)
        about = {"name": "Old", "arguments": ["import", "csv", "/none"], "pid": other.pid, "born": 1.0}
        (folder / "job.json").write_text(json.dumps(about))
        assert jobs.find("old").state == "stopped"
        jobs.stop("old")
        assert other.poll() is None
    finally:
        other.communicate(b"\n")


@pytest.mark.parametrize(
    ("said", "state"),
    [("artrec: No column can be the title.", "failed"), ("artrec: stopped.", "stopped"), ("", "stopped"),
     ("Traceback (most recent call last):\n  File x\nValueError: three", "failed"),
     ("import: 100%|████| 502/502 [00:00<?, ? works/s]", "stopped")],
)  # fmt: skip
def test_how_an_import_ended(home, said, state):
    folder = home / "jobs" / "old"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(json.dumps({"name": "Old", "arguments": [], "pid": 2**22 + 7, "born": 1.0}))
    (folder / "err.txt").write_text(said, "utf-8")
    job = jobs.find("old")
    assert job.state == state and "\n" not in job.message and (state == "failed") == bool(job.message)


def test_uploads_go_with_their_import_or_after_a_day(tmp_path, home):
    uploads = home / "uploads"
    uploads.mkdir()
    for name in ("used.csv", "old.csv", "new.csv"):
        (uploads / name).write_text("title\nA\nB\n", "utf-8")
    for name in ("used.csv", "old.csv"):
        os.utime(uploads / name, (0, 0))
    jobs.begin("Used", "csv", uploads / "used.csv", {})
    jobs.begin("Mine", "csv", write_csv(tmp_path / "mine.csv"), {})
    assert {f.name for f in uploads.iterdir()} == {"used.csv", "new.csv"}
    for slug in ("used", "mine"):
        wait(slug, "done", "failed")
        jobs.forget(slug)
    assert {f.name for f in uploads.iterdir()} == {"new.csv"} and (tmp_path / "mine.csv").exists()  # only what was uploaded


def write_csv(file):
    file.write_text("title\nA\nB\n", "utf-8")
    return file


def test_what_is_not_a_job_is_none(home):
    assert jobs.find("nothing") is None and jobs.every() == []
    (home / "jobs" / "odd").mkdir(parents=True)
    (home / "jobs" / "odd" / "job.json").write_text("[]")
    assert jobs.find("odd") is None and jobs.every() == []
