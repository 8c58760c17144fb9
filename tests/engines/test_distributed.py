"""Encoding by shards: the same vectors as one process, whatever dies on the way; only what is missing is done again."""

import functools
import json
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from helpers import HashingEncoder, toy_catalogue

from artrec import artifacts, distributed, vectors
from artrec.distributed import (
    Encoded,
    encode_shard,
    encode_shards,
    encoded,
    is_done,
    read_list,
    write_shards,
)
from artrec.encoder import EncoderConfig, TorchEncoder, fingerprint
from artrec.errors import ArtifactError, ArtrecError, EncoderError
from artrec.text import passage

PRINT = HashingEncoder.fingerprint
WORDS = ("sea", "boat", "red", "square", "moon", "梵高", "line\u2028break", 'a "quoted" \\ word', "\udcff", "")
PASSAGES = [(f"w{i}", f"{WORDS[i % 10]} {WORDS[(i // 10) % 10]} {i % 37}") for i in range(90)]


class Watched(HashingEncoder):
    """Notes each shard it begins in a folder, and is in no hurry."""

    def __init__(self, folder: Path, pause: float):
        self._folder, self._pause = folder, pause

    def encode(self, texts):
        (self._folder / f"{time.time_ns()}-{os.getpid()}").touch()
        time.sleep(self._pause)
        return super().encode(texts)


def watched(folder: str, pause: float) -> Watched:
    """What workers load. A partial of it is the same for all of them only where it is made once: see `Load`."""
    return Watched(Path(folder), pause)


class Other(HashingEncoder):
    fingerprint = "another"


class Fails(HashingEncoder):
    def encode(self, texts):
        raise MemoryError("too long")


def everything(folder: Path, name: str = PRINT) -> np.ndarray:
    return np.concatenate([part for _, part in encoded(folder, name)])


def alone() -> np.ndarray:
    """What one process makes of the passages."""
    return HashingEncoder().encode([text.encode("utf-8", "replace").decode() for _, text in PASSAGES])


@pytest.fixture
def shards(tmp_path) -> Path:
    folder = tmp_path / "shards"
    write_shards(PASSAGES, folder, size=10)
    return folder


def test_two_workers_make_the_vectors_of_one_process(shards):
    told = []
    made = encode_shards(shards, HashingEncoder, PRINT, 2, lambda *step: told.append(step))
    assert (made["encoded"], made["kept"]) == (9, 0)
    assert told[0] == ("encode", 0, 90) and told[-1] == ("encode", 90, 90)
    np.testing.assert_array_equal(everything(shards), alone())
    listed = json.loads((shards / "vectors.json").read_text())
    assert listed["fingerprint"] == PRINT and listed["dimension"] == 64
    assert [s["passages"] for s in listed["shards"]] == [10] * 9 and len({s["name"] for s in listed["shards"]}) == 9
    assert not list(shards.glob(".*"))  # nothing half written


def test_a_worker_killed_in_the_middle_has_its_shard_done_again(shards, tmp_path):
    begun = tmp_path / "begun"
    begun.mkdir()
    killed = []

    def kill_one() -> None:
        while not (marks := sorted(begun.iterdir())) and time.time() < deadline:
            time.sleep(0.02)
        if marks:
            killed.append(int(marks[0].name.split("-")[1]))
            os.kill(killed[0], signal.SIGKILL)

    deadline = time.time() + 60
    killer = threading.Thread(target=kill_one)
    killer.start()
    made = encode_shards(shards, functools.partial(watched, str(begun), 0.3), PRINT, 2)
    killer.join()
    assert killed and made["encoded"] == 9
    assert len(list(begun.iterdir())) > 9  # one of them twice
    np.testing.assert_array_equal(everything(shards), alone())


def test_a_second_run_does_only_what_is_missing_or_has_changed(shards):
    shard = {s["name"]: s for s in read_list(shards)}
    for name in shard:
        encode_shard(str(shards), shard[name], HashingEncoder, PRINT)
    (shards / "00002.npy").unlink()
    (shards / "00004.json").unlink()
    (shards / "00006.npy").write_bytes((shards / "00006.npy").read_bytes()[:-4])  # cut short
    (shards / "00007.json").write_text("{}")
    before = (shards / "00000.npy").stat().st_mtime_ns
    assert [n for n in shard if not is_done(shards, shard[n], PRINT)] == ["00002", "00004", "00006", "00007"]
    made = encode_shards(shards, HashingEncoder, PRINT, 1)
    assert (made["encoded"], made["kept"]) == (4, 5) and (shards / "00000.npy").stat().st_mtime_ns == before
    np.testing.assert_array_equal(everything(shards), alone())
    changed = [*PASSAGES[:35], ("w35", "another sea"), *PASSAGES[36:]]
    write_shards(changed, shards, size=10)
    assert [n for n in shard if not is_done(shards, {s["name"]: s for s in read_list(shards)}[n], PRINT)] == ["00003"]
    assert not is_done(shards, shard["00001"], "another encoder")


def test_nothing_missing_starts_no_worker(shards, monkeypatch):
    for shard in read_list(shards):
        encode_shard(str(shards), shard, HashingEncoder, PRINT)
    monkeypatch.setattr(distributed, "_client", None)
    assert encode_shards(shards, HashingEncoder, PRINT, 2)["kept"] == 9


@pytest.mark.slow
def test_a_real_model_gives_the_same_vectors_in_shards(tiny: EncoderConfig, tmp_path):
    folder, name = tmp_path / "shards", fingerprint(tiny)
    passages = [(str(i), " ".join(["the", "sea", "blue", "boats", "on"][i % 5 :] * (1 + i % 7))) for i in range(60)]
    write_shards(passages, folder, size=16)
    encode_shards(folder, functools.partial(TorchEncoder, tiny), name, 2)
    np.testing.assert_allclose(everything(folder, name), TorchEncoder(tiny).encode([t for _, t in passages]), atol=1e-6)


def test_a_build_takes_the_vectors_from_the_shards(tmp_path, monkeypatch):
    catalogue, folder = toy_catalogue(), tmp_path / "shards"
    write_shards(((work.artwork_id, passage(work)) for work in catalogue), folder, size=5)
    encode_shards(folder, HashingEncoder, PRINT, 1)
    for passages, part in encoded(folder, PRINT):
        vectors.encode_cached(Encoded(passages, part, PRINT), passages, tmp_path / "cache")
    asked = []

    class Spy(HashingEncoder):
        def encode(self, texts):
            asked.extend(texts)
            return super().encode(texts)

    made = artifacts.build(catalogue, Spy(), atlas=False, cache=tmp_path / "cache")
    np.testing.assert_array_equal(made.vectors, HashingEncoder().encode([passage(work) for work in catalogue]))
    assert not set(asked) & {passage(work) for work in catalogue}


# Failures


def test_workers_with_another_encoder_are_refused(shards):
    with pytest.raises(EncoderError, match="another encoder .*Install the same ArtRec on every machine"):
        encode_shards(shards, Other, PRINT, 1)


def test_a_shard_that_cannot_be_encoded_is_named_and_the_others_stay(shards):
    encode_shard(str(shards), read_list(shards)[0], HashingEncoder, PRINT)
    with pytest.raises(ArtrecError, match=r"Shard 0000\d could not be encoded \(MemoryError: too long\)"):
        encode_shards(shards, Fails, PRINT, 1)
    assert is_done(shards, read_list(shards)[0], PRINT) and not (shards / "vectors.json").exists()


def test_no_scheduler(shards, monkeypatch):
    monkeypatch.setattr(distributed, "PATIENCE", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(ArtrecError, match="The scheduler .* cannot be reached .*dask scheduler"):
            encode_shards(shards, HashingEncoder, PRINT, address)


def test_no_shards_and_foreign_folders(tmp_path):
    with pytest.raises(ArtifactError, match="There are no shards in"):
        encode_shards(tmp_path, HashingEncoder, PRINT, 1)
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(ArtifactError, match="holds other files than shards"):
        write_shards(PASSAGES, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="cannot be written to"):
        write_shards(PASSAGES, tmp_path / "file" / "below")


@pytest.mark.parametrize(
    "damage",
    ["", "[]", '{"format": 1, "shards": []}', '{"format": 2, "shards": [{}]}', '{"format":1,"shards":[{"name":"../x"}]}'],
)
def test_a_damaged_list_is_refused(shards, damage):
    (shards / "shards.json").write_text(damage)
    with pytest.raises(ArtifactError, match=r"shards.json cannot be used .* Write the shards again"):
        read_list(shards)


def test_a_changed_shard_is_refused(shards):
    (shards / "00001.jsonl").write_text("{}\n")
    with pytest.raises(ArtifactError, match="00001.jsonl is not as it was written"):
        encode_shard(str(shards), read_list(shards)[1], HashingEncoder, PRINT)
    (shards / "00001.jsonl").unlink()
    with pytest.raises(ArtifactError, match="00001.jsonl cannot be read .* same path"):
        encode_shard(str(shards), read_list(shards)[1], HashingEncoder, PRINT)
    with pytest.raises(ArtifactError, match="Shard 00000 in .* is not encoded yet"):
        everything(shards)
