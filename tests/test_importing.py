"""An import: everything read is taken or left out with its reason; a build that is killed goes on; two at once are refused."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artrec import artifacts, config, projection
from artrec.cli import main
from artrec.errors import ArtifactError, CatalogueError
from artrec.importing import Part, gather

WORKS = [
    {"ObjectID": n, "ObjectNumber": str(n), "Creators": [], "Title": f"Bowl {n}", "Classification": "Ceramics",
     "DateText": f"{1500 + n}", "Keywords": "bowl; clay", "Description": f"A bowl with {n} birds and a long tale about them."}
    for n in range(12)
]  # fmt: skip


def walters(folder, records=WORKS, name="w.jsonl"):
    file = folder / name
    file.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return file


def test_everything_is_taken_or_left_out_with_its_reason(tmp_path):
    copy = WORKS[0] | {"ObjectID": 99}
    file = walters(tmp_path, [*WORKS, WORKS[3], copy, {"ObjectID": 5000, "Title": ""}, {"no": "record"}])
    (tmp_path / "t.csv").write_text("title,date\nOther,1900\n,1901\n", "utf-8")
    told = []
    report = gather([Part("walters", file), Part("csv", tmp_path / "t.csv")], tmp_path / "out", lambda *a: told.append(a))
    works = [json.loads(line) for line in (tmp_path / "out" / "catalogue.jsonl").read_text("utf-8").splitlines()]
    left = [json.loads(line) for line in (tmp_path / "out" / "left_out.jsonl").read_text("utf-8").splitlines()]
    assert report["read"] == {"walters": 16, "csv": 2} and report["taken"] == {"walters": 12, "csv": 1}
    assert len(works) == 13 and len(left) == 5 == sum(report["left_out"].values())
    reasons = [each["reason"] for each in left]
    assert [r.split()[0:3] for r in reasons[:2]] == [["its", "id", "is"], ["it", "is", "an"]]
    assert all(each["where"] and each["cure"] for each in left) and left[-1]["source"] == "csv"
    assert told[-1] == ("import", 18, 18) and not list((tmp_path / "out").glob("*.part"))


def test_two_tables_that_number_their_works_alike_both_come_in(tmp_path):
    for name, title in (("a", "One"), ("b", "Two")):
        (tmp_path / f"{name}.csv").write_text(f"title,artist\n{title},Maker\n{title} again,Maker\n", "utf-8")
    report = gather([Part("csv", tmp_path / "a.csv"), Part("csv", tmp_path / "b.csv")], tmp_path / "out")
    works = [json.loads(line) for line in (tmp_path / "out" / "catalogue.jsonl").read_text("utf-8").splitlines()]
    assert report["left_out"] == {} and [w["title"] for w in works] == ["One", "One again", "Two", "Two again"]
    assert [w["artwork_id"] for w in works] == ["csv-1", "csv-2", "csv2-1", "csv2-2"]


def test_a_museums_work_that_is_in_two_of_its_files_comes_in_once(tmp_path):
    files = [walters(tmp_path, WORKS[:8], "a.jsonl"), walters(tmp_path, WORKS[5:], "b.jsonl")]
    report = gather([Part("walters", file) for file in files], tmp_path / "out")
    left = [json.loads(line) for line in (tmp_path / "out" / "left_out.jsonl").read_text("utf-8").splitlines()]
    assert report["taken"] == {"walters": 12} and [each["record"] for each in left] == ["walters-5", "walters-6", "walters-7"]
    assert [each["where"] for each in left] == [f"b.jsonl, record {n}" for n in (1, 2, 3)]


def test_nothing_to_take_is_an_error_and_leaves_what_was_there(tmp_path):
    out = tmp_path / "out"
    gather([Part("walters", walters(tmp_path))], out)
    before = (out / "catalogue.jsonl").read_bytes()
    with pytest.raises(CatalogueError, match="No work could be taken"):
        gather([Part("walters", walters(tmp_path, [{"no": 1}], "n.jsonl"))], out)
    with pytest.raises(CatalogueError, match="no file or folder"):
        gather([Part("walters", tmp_path / "none")], out)
    assert (out / "catalogue.jsonl").read_bytes() == before and not list(out.glob("*.part"))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([json.dumps(w).encode() for w in WORKS] + [b"{", b"[]", b"\xff", b"", b'{"ObjectID": 1}'])))
def test_any_mix_of_lines_is_accounted_for(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("mix")
    (folder / "w.jsonl").write_bytes(b"\n".join(lines))
    try:
        report = gather([Part("walters", folder / "w.jsonl")], folder / "out")
    except CatalogueError:
        return
    taken = (folder / "out" / "catalogue.jsonl").read_bytes().splitlines()
    left = (folder / "out" / "left_out.jsonl").read_bytes().splitlines()
    assert len(taken) + len(left) == sum(report["read"].values()) and len(taken) == sum(report["taken"].values())


def test_the_command_builds_a_collection_with_its_report(capsys, tmp_path, encoder):
    out = tmp_path / "col"
    code = main(
        ["import", "auto", str(walters(tmp_path)), "--out", str(out), "--name", "Bowls", "--progress", str(tmp_path / "p.json")]
    )
    said = capsys.readouterr()
    assert code == 0 and said.out.startswith("Built ") and "Traceback" not in said.err
    collection = artifacts.load(out)
    assert collection.name == "Bowls" and len(collection) == 12 and collection.catalogue[0].museum == "The Walters Art Museum"
    health = json.loads((out / "health.json").read_text("utf-8"))
    assert health["works"] == 12 and json.loads((out / "import.json").read_text("utf-8"))["taken"] == {"walters": 12}
    assert set(json.loads((tmp_path / "p.json").read_text())) == {"stage", "done", "total", "rate"}
    assert sorted(f.name for f in tmp_path.iterdir()) == ["col", "p.json", "w.jsonl"]
    again = out / "catalogue.jsonl"  # edited by hand: read and checked anew, and refused as built from something else
    again.write_text(again.read_text("utf-8").replace("Bowl 3", "Cup 3"), "utf-8")
    with pytest.raises(ArtifactError, match="another catalogue"):
        artifacts.load(out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["louvre", "w.jsonl"], "Choose from"),
        (["auto", "t.bin"], "not one that is known"),
        (["walters", "none.jsonl"], "no file or folder"),
        (["csv", "t.csv", "--map", "titel=x"], "Did you mean title"),
        (["csv", "t.csv", "--map", "title=Nome"], "no column"),
        (["walters", "w.jsonl", "--and", "cmoa", "none"], "no file or folder"),
    ],
)
def test_bad_commands_are_one_sentence(capsys, tmp_path, arguments, said):
    walters(tmp_path)
    (tmp_path / "t.bin").write_bytes(b"\0\1\2")
    (tmp_path / "t.csv").write_text("Name,Year\nA,1900\n", "utf-8")
    full = [str(tmp_path / a) if "." in a or a == "none" else a for a in arguments]
    assert main(["import", *full, "--out", str(tmp_path / "out"), "--no-build"]) == 2
    err = [line for line in capsys.readouterr().err.splitlines() if line.startswith("artrec: ")]
    assert len(err) >= 1 and said in err[-1]


def test_two_builds_into_one_folder_are_refused(tmp_path, capsys):
    with artifacts.building(tmp_path / "col"):
        done = subprocess.run(
            [sys.executable, "-m", "artrec", "import", "walters", str(walters(tmp_path)), "--out", str(tmp_path / "col")],
            capture_output=True, text=True, cwd=config.ROOT,
        )  # fmt: skip
        assert done.returncode == 2 and "Another build is writing" in done.stderr
        with artifacts.building(tmp_path / "other"):
            pass
    with artifacts.building(tmp_path / "col"):
        pass


def test_what_was_read_of_the_same_files_is_not_read_again(tmp_path, monkeypatch):
    from artrec import cli_import

    file = walters(tmp_path)
    parts, read = [Part("walters", file)], []
    monkeypatch.setattr(cli_import, "gather", lambda *given: read.append(1) or gather(*given))
    first = cli_import._read_once(parts, tmp_path / "w", None)
    again = cli_import._read_once(parts, tmp_path / "w", None)
    assert len(read) == 1 and again.hash == first.hash and list(again) == list(first)
    (tmp_path / "w" / "read.json").write_text("{")  # damaged: it costs only time
    cli_import._read_once(parts, tmp_path / "w", None)
    walters(tmp_path, WORKS[:5])
    assert len(cli_import._read_once(parts, tmp_path / "w", None)) == 5 and len(read) == 3
    (tmp_path / "w" / "records.arrow").write_bytes(b"cut off")
    assert len(cli_import._read_once(parts, tmp_path / "w", None)) == 5 and len(read) == 4


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs a limit on files' size")
def test_a_full_disk_in_mid_import_is_one_sentence_and_leaves_what_was_there(tmp_path, capsys, encoder, monkeypatch):
    import resource

    monkeypatch.setattr(projection, "project", lambda vectors, tell=None: vectors[:, :2])  # UMAP takes its time
    many = [WORKS[n % 12] | {"ObjectID": n, "Title": f"Bowl {n}", "Description": f"Number {n}. " * 40} for n in range(60)]
    command = ["import", "walters", str(walters(tmp_path)), "--out", str(tmp_path / "col"), "--progress", str(tmp_path / "p")]
    assert main(command) == 0
    before = {file.name: file.read_bytes() for file in (tmp_path / "col").iterdir() if file.is_file()}
    walters(tmp_path, many)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    sizes, said = (500, 8_000, 30_000, 60_000, 90_000), []
    for size in sizes:
        capsys.readouterr()
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
            code = main(command)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        said.append(capsys.readouterr().err.splitlines()[-1])
        assert code == 2 and said[-1].startswith("artrec: The ") and "Free some space" in said[-1], said
        assert {file.name: file.read_bytes() for file in (tmp_path / "col").iterdir() if file.is_file()} == before
    assert {line.split()[2] for line in said} == {"import", "collection"}  # it was full while reading, and while building
    assert main(command) == 0 and len(artifacts.load(tmp_path / "col")) == 60


CHILD = """
import sys, time
sys.path[:0] = [{tests!r}, {root!r}]
from pathlib import Path
from helpers import HashingEncoder
from artrec import artifacts, vectors
from artrec.cli_import import stored
from artrec.importing import Part, gather
vectors.SHARD = 2
class Slow(HashingEncoder):
    def encode(self, texts):
        time.sleep(0.05)
        return super().encode(texts)
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
with artifacts.building(out):
    gather([Part("walters", folder / "w.jsonl")], folder / "work")
    artifacts.build_folder(stored(folder / "work"), Slow(), out, cache=folder / "cache", name="x")
print("whole")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_build_that_is_killed_at_any_moment_goes_on(tmp_path):
    walters(tmp_path)
    script = CHILD.format(tests=str(Path(__file__).parent), root=str(config.ROOT))
    environment = os.environ | {"ARTREC_HOME": str(tmp_path / "home")}

    def begin(out):
        command = [sys.executable, "-c", script, str(tmp_path), str(out)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)

    random = np.random.default_rng(5)
    for _ in range(4):
        process = begin(tmp_path / "col")
        time.sleep(float(random.uniform(0.3, 3.0)))
        process.kill()
        process.communicate()
        if (tmp_path / "col").exists():
            artifacts.load(tmp_path / "col")  # whole or not there at all
    assert begin(tmp_path / "col").communicate(timeout=120)[0] == "whole\n"
    assert begin(tmp_path / "plain").communicate(timeout=120)[0] == "whole\n"  # one that nobody interrupted
    for name in ("vectors.npy", "catalogue.jsonl", "records.arrow", "manifest.json"):
        assert (tmp_path / "col" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes(), name
    left = {f.name for f in tmp_path.iterdir()}
    assert (
        artifacts.load(tmp_path / "col").catalogue[3].title == "Bowl 3"
        and {"col", "plain"} <= left
        and not any(name.startswith(".") for name in left)
    )
