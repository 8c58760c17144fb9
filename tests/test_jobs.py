"""Imports beside the app: begun, watched, stopped, gone on with, found again."""

import json
import time

import pytest
from test_importing import WORKS

from artrec import jobs
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


def test_what_is_not_a_job_is_none(home):
    assert jobs.find("nothing") is None and jobs.every() == []
    (home / "jobs" / "odd").mkdir(parents=True)
    (home / "jobs" / "odd" / "job.json").write_text("[]")
    assert jobs.find("odd") is None and jobs.every() == []
