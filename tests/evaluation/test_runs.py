"""Experiments beside the app: begun, watched, stopped, kept by data, code and settings."""

import json
import time
from dataclasses import replace

import pytest
from helpers_community import circles

from artrec import processes
from artrec.errors import ArtrecError
from artrec.evaluation import runs


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ARTREC_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def question(tmp_path) -> runs.Question:
    data = circles()
    lines = [f"p{u},{100 + w},{t:.0f}" for u, w, t in zip(data.users, data.works, data.times, strict=True)]
    (tmp_path / "likes.csv").write_text("user_id,work_id,timestamp\n" + "\n".join(lines) + "\n")
    return runs.Question(str(tmp_path / "likes.csv"), algorithms=("random", "ease"), protocol="leave-last-out")


def wait(key: str, seconds: float = 90) -> runs.Run:
    until = time.time() + seconds
    while time.time() < until:
        if (run := runs.find(key)) and run.state != "running":
            return run
        time.sleep(0.1)
    raise AssertionError(f"{runs.find(key)} goes on")


def test_an_experiment_from_beginning_to_end_is_kept(question):
    begun = runs.begin(question, "Mine")
    assert begun.state == "running" and runs.every() == [runs.find(begun.key)]
    assert wait(begun.key).state == "done"
    report = runs.report(begun.key)
    assert {a["name"] for a in report["algorithms"]} == {"random", "ease"} and report["command"].startswith("python -m artrec")
    at = processes.progress(runs._folder(begun.key))
    assert at.done == at.total == 2
    again = runs.begin(question, "Mine")
    assert again.state == "done" and runs.report(again.key) == report  # not measured again
    runs.forget(begun.key)
    assert runs.every() == [] and runs.find(begun.key) is None


def test_a_question_that_cannot_be_answered_says_why(question):
    run = wait(runs.begin(replace(question, algorithms=("means",)), "Bad").key)
    assert run.state == "failed" and "No algorithm can run on these data" in run.message and "\n" not in run.message


def test_a_stopped_run_leaves_nothing_and_can_be_begun_again(question):
    key = runs.begin(question, "Mine").key
    runs.stop(key)
    assert runs.find(key).state == "stopped"
    with pytest.raises(ArtrecError, match="cannot be read"):
        runs.report(key)
    assert runs.begin(question, "Mine").state == "running"
    assert wait(key).state == "done"


def test_the_hash_follows_data_code_and_settings(question, tmp_path, monkeypatch):
    (tmp_path / "works.csv").write_text("work_id\n100\n")
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "manifest.json").write_text("{}")
    asked = [
        question, replace(question, seed=1), replace(question, protocol="random"), replace(question, algorithms=()),
        replace(question, scale="1-7"), replace(question, encoder="f"), replace(question, works=str(tmp_path / "works.csv")),
        replace(question, works=str(tmp_path / "built"), built=True),
    ]  # fmt: skip
    keys = {one.key for one in asked}
    assert len(keys) == len(asked)
    (tmp_path / "copy.csv").write_bytes((tmp_path / "likes.csv").read_bytes())
    assert replace(question, ratings=str(tmp_path / "copy.csv")).key == question.key  # what it holds counts, not its name
    (tmp_path / "works.csv").write_text("work_id\n101\n")
    assert asked[6].key not in keys
    monkeypatch.setattr(runs, "code_hash", lambda: "other")
    assert question.key not in keys


def test_files_that_are_gone_or_damaged_are_said(question, tmp_path):
    with pytest.raises(ArtrecError, match="nothing.csv cannot be read"):
        runs.begin(replace(question, ratings=str(tmp_path / "nothing.csv")), "Mine")
    key = runs.begin(question, "Mine").key
    wait(key)
    file = runs._folder(key) / runs.REPORT_FILE
    for damage in ("{ damaged", "[]", json.dumps({"algorithms": 3})):
        file.write_text(damage)
        with pytest.raises(ArtrecError, match="Run the experiment again"):
            runs.report(key)
        assert not file.exists() and runs.find(key).state != "done"


@pytest.mark.parametrize("key", ["", "..", "../../etc", "A" * 24, "0" * 23, "0" * 23 + "/"])
def test_what_is_no_hash_names_no_folder(key):
    assert runs.find(key) is None
    runs.stop(key)
    runs.forget(key)
    with pytest.raises(ArtrecError):
        runs.report(key)
