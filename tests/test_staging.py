"""A build that stops, however, goes on where it was, and what was there before can be used until the new one is whole."""

import importlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from helpers import CountingEncoder, HashingEncoder

from artrec import artifacts, config, projection, staging, updating, vectors
from artrec.catalogue import Artwork, Catalogue
from artrec.errors import ArtifactError, CatalogueError
from artrec.index import HNSW_FILE, HnswIndex
from artrec.recommender import Recommender
from artrec.staging import InMemory, OnDisk, building, exchange, put_in_place

WORDS = ("sea", "red", "tower", "horse", "lamp", "river", "gold", "night", "chair", "wheel")
STAGES = ["records", "encode", "index", "words", "topics", "predict", "map"]
BYTES = ("vectors.npy", "catalogue.jsonl", "records.arrow", "texts.arrow", "vocabulary.json", "topics.json", "regions.json")


def works(n: int, said: str = "story") -> Catalogue:
    made = (
        Artwork(artwork_id=f"w{k}", title=f"{WORDS[k % 10]} {WORDS[k // 10 % 10]} {k}", description=f"a {WORDS[k % 7]} {said}")
        for k in range(n)
    )
    return Catalogue(tuple(made), {})


def make(folder: Path, encoder=None, said: str = "story", **options):
    encoder = encoder or HashingEncoder()
    return artifacts.build_folder(works(60, said), encoder, folder, name="sixty", cache=folder.parent / "cache", **options)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Sixty works are a large collection here, and their map is quick."""
    _small_steps(monkeypatch.setattr)


def _small_steps(put) -> None:
    put(updating, "EXACT_BELOW", 10)
    put(vectors, "SHARD", 4)
    put(vectors, "WINDOW", 16)
    across = np.random.default_rng(3).normal(size=(64, 2)).astype(np.float32)
    put(projection, "project", lambda them, tell=None: them @ across)


def read(folder: Path) -> dict:
    return {name: (folder / name).read_bytes() for name in BYTES} | {
        f"lexical/{file.name}": file.read_bytes() for file in (folder / "lexical").iterdir()
    }


def answers(folder: Path) -> list:
    recommender = Recommender(artifacts.load(folder), HashingEncoder())
    return [
        [(r.artwork.artwork_id, r.score) for r in recommender.search(text).results]
        for text in ("red horse", '"gold night"', "a lamp by the river")
    ]


# --- killed ---

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree", "shutil.copyfile", "ctypes.dlsym"}


class ToldEncoder(HashingEncoder):
    """Says when it encodes, so that a build can be killed just then."""

    def encode(self, texts):
        sys.audit("test.encode")
        return super().encode(texts)


def _die_before(step: int, within: str) -> list[int]:
    """Kill this process, as kill -9 does, just before it does something to files under `within` for the `step`th time."""
    seen = [0]

    def count(event: str, arguments: tuple) -> None:
        writes = event == "open" and str(arguments[0]).startswith(within) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in STEPS or event == "test.encode":
            seen[0] += 1
            if seen[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    return seen


def _child(folder: Path, step: int) -> int:
    """Build into a folder in a process of its own; what `_die_before` counted, 0 where it was killed."""
    here, there = os.pipe()
    if (process := os.fork()) == 0:
        seen = _die_before(step, str(folder.parent))
        make(folder, ToldEncoder(), "novel")
        os.write(there, b"%d" % seen[0])
        os._exit(0)
    os.close(there)
    os.waitpid(process, 0)
    with open(here, "rb") as told:
        return int(told.read() or 0)


def kill_at_many_steps(root: str, moments: int) -> None:
    """In a process without threads: a build that ends, some that are killed at a step, and one killed at step after step."""
    for name in ("bm25s", "hnswlib", "pyarrow", "scipy.spatial", "sklearn.cluster", "filelock", "yake"):
        importlib.import_module(name)  # once, and not in every build
    _small_steps(setattr)
    places = sorted(Path(root).iterdir())
    steps = _child(places[0] / "col", 0)
    assert steps > 50
    for place, step in zip(places[1:-1], np.linspace(1, steps - 1, moments), strict=True):
        assert _child(place / "col", int(step)) == 0
    for step in range(2, steps, 11):
        _child(places[-1] / "col", step)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_a_build_that_is_killed_at_any_moment_goes_on(tmp_path):
    moments = 12
    make(tmp_path / "old" / "col")
    before = read(tmp_path / "old" / "col")
    for n in range(moments + 2):
        shutil.copytree(tmp_path / "old", tmp_path / "builds" / f"{n:02d}")
    code = f"import test_staging; test_staging.kill_at_many_steps({str(tmp_path / 'builds')!r}, {moments})"
    paths = os.pathsep.join([str(Path(__file__).parent), str(config.ROOT)])
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    plain, *killed = sorted((tmp_path / "builds").iterdir())
    after = read(plain / "col")
    assert after != before
    for place in killed:
        assert read(place / "col") in (before, after) and len(artifacts.load(place / "col")) == 60
        make(place / "col", said="novel")
        assert read(place / "col") == after and answers(place / "col") == answers(plain / "col")
        assert sorted(os.listdir(place)) == ["cache", "col"]  # nothing is left lying about


class Stop(BaseException):
    """As Ctrl-C."""


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_is_done_is_not_done_again(tmp_path, monkeypatch, stage):
    made = OnDisk.made

    def stopping(self, name, *arguments):
        if name == stage:
            raise Stop
        return made(self, name, *arguments)

    with monkeypatch.context() as patch, pytest.raises(Stop):
        patch.setattr(OnDisk, "made", stopping)
        make(tmp_path / "col")
    assert not (tmp_path / "col").exists()
    marks = json.loads((tmp_path / ".col.building" / "stages.json").read_text()) if stage != STAGES[0] else {"done": []}
    assert marks["done"] == STAGES[: STAGES.index(stage)]
    if (tmp_path / "cache").exists():
        shutil.rmtree(tmp_path / "cache")  # so that what is encoded again shows
    encoder = CountingEncoder()
    make(tmp_path / "col", encoder)
    assert any("lamp" in text for text in encoder.encoded) == (stage in ("records", "encode"))
    assert {"col"} <= set(os.listdir(tmp_path)) <= {"cache", "col"}


def test_what_was_begun_from_other_records_is_not_gone_on_with(tmp_path):
    kept = OnDisk(tmp_path / "col", {"catalogue": "a"})
    kept.made("x", lambda: "first", lambda value, at: (at / "x").write_text(value), lambda at: (at / "x").read_text())
    for made_from, value in (({"catalogue": "a"}, "first"), ({"catalogue": "b"}, "second")):
        again = OnDisk(tmp_path / "col", made_from)
        write = lambda value, at: (at / "x").write_text(value)  # noqa: E731
        assert again.made("x", lambda: "second", write, lambda at: (at / "x").read_text()) == value


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"done": 3}', '{"made_from": {"catalogue": "a"}, "done": ["x"]}'])
def test_damage_in_between_costs_only_time(tmp_path, damage):
    OnDisk(tmp_path / "col", {"catalogue": "a"})
    (tmp_path / ".col.building" / "stages.json").write_text(damage)
    kept = OnDisk(tmp_path / "col", {"catalogue": "a"})  # where `x` is marked, its file is gone
    write = lambda value, at: (at / "x").write_text(value)  # noqa: E731
    assert kept.made("x", lambda: "made", write, lambda at: (at / "x").read_text()) == "made"


def test_in_memory_a_stream_is_gathered():
    assert InMemory().made("x", lambda: iter("ab"), None, None, list) == ["a", "b"]
    assert InMemory().made("x", lambda: 3, None, None) == 3


def test_on_disk_and_in_memory_make_the_same(tmp_path):
    on_disk = make(tmp_path / "col")
    in_memory = artifacts.build(works(60), HashingEncoder(), name="sixty", cache=tmp_path / "cache")
    assert isinstance(on_disk.index, HnswIndex)
    told = [
        {key: json.dumps(value) for key, value in made.manifest.items() if key not in ("records", "map_trust")}
        for made in (on_disk, in_memory)
    ]  # links are made on several cores, so which of several equally near works a graph gives is chance, and trust with it
    assert told[0] == told[1]
    np.testing.assert_array_equal(on_disk.vectors, in_memory.vectors)
    np.testing.assert_array_equal(on_disk.atlas.coordinates, in_memory.atlas.coordinates)
    assert [t.name for t in on_disk.topics] == [t.name for t in in_memory.topics]
    assert list(on_disk.catalogue) == list(in_memory.catalogue) and dict(on_disk.predicted) == in_memory.predicted


def test_files_beside_come_along_and_the_records_may_lie_elsewhere(tmp_path):
    (tmp_path / "health.json").write_text("{}")
    make(tmp_path / "col", beside=[tmp_path / "health.json"])
    assert (tmp_path / "col" / "health.json").read_text() == "{}"
    made = make(tmp_path / "bare", with_records=False, atlas=False)
    assert made.atlas is None and not (tmp_path / "bare" / "catalogue.jsonl").exists()
    (tmp_path / "records.jsonl").write_text("".join(w.model_dump_json(exclude_defaults=True) + "\n" for w in works(60)))
    assert len(artifacts.load(tmp_path / "bare", tmp_path / "records.jsonl")) == 60


def test_records_may_be_given_by_where_they_lie(tmp_path):
    make(tmp_path / "plain")
    (tmp_path / "lines.jsonl").write_bytes((tmp_path / "plain" / "catalogue.jsonl").read_bytes())
    made = artifacts.build_folder(tmp_path / "lines.jsonl", HashingEncoder(), tmp_path / "col", cache=tmp_path / "cache")
    assert list(made.catalogue) == list(works(60)) and read(tmp_path / "col") == read(tmp_path / "plain")
    (tmp_path / "lines.jsonl").write_text('{"artwork_id": "a"}\n')
    with pytest.raises(CatalogueError, match="title: it is missing"):
        artifacts.build_folder(tmp_path / "lines.jsonl", HashingEncoder(), tmp_path / "col")
    with pytest.raises(ArtifactError, match="cannot be written"), files_of_at_most(2_000):
        artifacts.build_folder(tmp_path / "plain" / "catalogue.jsonl", HashingEncoder(), tmp_path / "new")
    assert len(artifacts.load(tmp_path / "col")) == 60
    assert {f.name for f in tmp_path.iterdir()} == {"plain", "lines.jsonl", "col", "cache"}


# --- the disk says no ---


@contextmanager
def files_of_at_most(size: int):
    """No file may grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_one_and_the_build_goes_on_later(tmp_path):
    make(tmp_path / "col")
    before, refused = read(tmp_path / "col"), 0
    for size in (1_000, 3_000, 5_000, 8_000, 12_000, 16_000, 20_000, 30_000):
        try:
            with files_of_at_most(size):
                make(tmp_path / "col", said="novel")
        except ArtifactError as error:
            assert "Free some space" in error.cure and "goes on" in error.cure and "\n" not in str(error)
            assert read(tmp_path / "col") == before and len(artifacts.load(tmp_path / "col")) == 60
            refused += 1
    assert refused >= 3
    make(tmp_path / "col", said="novel")
    make(tmp_path / "plain", said="novel", fresh=True)
    assert read(tmp_path / "col") == read(tmp_path / "plain")


def test_a_graph_that_was_not_written_whole_is_noticed(tmp_path):
    graph = HnswIndex.build(HashingEncoder().encode([w.title for w in works(60)]))
    with files_of_at_most(5_000), pytest.raises(OSError, match="space"):
        graph.save(tmp_path)
    graph.save(tmp_path)
    assert (tmp_path / HNSW_FILE).stat().st_size > 5_000


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArtifactError, match="cannot be written"):
        make(tmp_path / "file" / "col")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(ArtifactError, match="other files"):
        make(tmp_path / "full")
    assert os.listdir(tmp_path / "full") == ["letter.txt"]


# --- in place ---


@pytest.mark.parametrize("at_once", [True, False])
def test_one_folder_takes_the_place_of_another(tmp_path, monkeypatch, at_once):
    if not at_once:
        monkeypatch.setattr(staging, "exchange", lambda a, b: False)
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name)
    put_in_place(tmp_path / "new", tmp_path / "old")
    assert os.listdir(tmp_path) == ["old"] and (tmp_path / "old" / "name").read_text() == "new"


def test_folders_are_exchanged_or_left(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    swapped = exchange(tmp_path / "a", tmp_path / "b")
    assert os.listdir(tmp_path / "a") == ["b" if swapped else "a"]
    assert not exchange(tmp_path / "a", tmp_path / "nowhere") and sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_an_old_one_that_was_put_aside_when_all_stopped_comes_back(tmp_path):
    make(tmp_path / "col")
    os.replace(tmp_path / "col", tmp_path / ".col.building-old")  # killed between the two
    OnDisk(tmp_path / "col", {})
    assert len(artifacts.load(tmp_path / "col")) == 60


# --- one at a time ---


def _hold(folder: str, held) -> None:
    with building(Path(folder)):
        held.send(True)
        time.sleep(120)


def test_two_builds_into_one_folder_are_refused(tmp_path, artrec_home):
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_hold, args=(str(tmp_path / "col"), there))
    process.start()
    try:
        assert here.poll(60)
        with pytest.raises(ArtifactError, match="Another build is writing"):
            make(tmp_path / "col")
        make(tmp_path / "other")
        process.kill()  # the dead hold nothing
        process.join()
        make(tmp_path / "col")
    finally:
        process.kill()
        process.join()


def test_a_hold_may_be_taken_twice_and_faults_inside_keep_their_name(tmp_path):
    with building(tmp_path / "col"):
        make(tmp_path / "col")
    with pytest.raises(OSError, match="inside"), building(tmp_path / "col"):
        raise OSError("inside")
    with building(tmp_path / "col"):
        pass
