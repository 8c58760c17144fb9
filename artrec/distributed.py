"""Encoding over many machines, by Dask: shards of passages in, shards of vectors out, in a folder that all of them see.

    shards.json              the shards: name, passages, SHA-256
    00000.jsonl              {"artwork_id", "passage"}, one a line
    00000.npy, 00000.json    its vectors (float32 (passages, d), unit rows), and what they were made from and with
    vectors.json             all shards with the digests of their vectors; written last

A shard's vectors are written under another name and then put in place, and their mark after them. So a worker that dies in
the middle leaves nothing half done: Dask gives its shard to another, and a later run does only what is missing or has changed.
Every worker must have the same encoder as the one that hands out the work; another is refused.

Dask workers run what their scheduler sends them: keep the scheduler's port within a network that you trust, or use its TLS.
"""

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from artrec.encoder import Encoder
from artrec.errors import ArtifactError, ArtrecError, EncoderError
from artrec.files import write_json

FORMAT = 1
SHARD = 4_096  # passages; half a minute's work for two cores, 6 MB of vectors
LIST_FILE, VECTORS_FILE = "shards.json", "vectors.json"
PATIENCE = 10  # seconds to reach the scheduler
Progress = Callable[[str, int, int], None]  # stage, done, total
Load = Callable[[], Encoder]  # a function of a module that the workers have, so that each process loads the encoder once


def write_shards(passages: Iterable[tuple[str, str]], folder: Path, size: int = SHARD) -> dict:
    """Write (artwork_id, passage) pairs as shards of `size`, and return the list of them. Shards that are there already and
    have not changed keep their vectors. Raises `ArtifactError` where the folder cannot be written, or holds other files."""
    folder = Path(folder)
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / LIST_FILE).exists():
            raise ArtifactError(f"{folder} holds other files than shards.", "Choose an empty or new folder for --out.")
        folder.mkdir(parents=True, exist_ok=True)
        stream, shards = iter(passages), []
        while some := list(islice(stream, size)):
            lines = [json.dumps({"artwork_id": i, "passage": text}, ensure_ascii=False) + "\n" for i, text in some]
            content = "".join(lines).encode("utf-8", "replace")
            name = f"{len(shards):05d}"
            _put(folder / f"{name}.jsonl", content)
            shards.append({"name": name, "passages": len(some), "sha256": hashlib.sha256(content).hexdigest()})
        document = {"format": FORMAT, "shards": shards}
        write_json(folder / LIST_FILE, document)
    except OSError as error:
        raise ArtifactError(
            f"{folder} cannot be written to ({error.strerror or error}).", "Free some space, or choose another folder."
        ) from error
    return document


def encode_shards(folder: Path, load: Load, fingerprint: str, scheduler: str | int, progress: Progress | None = None) -> dict:
    """Encode what is not encoded yet, and return {"encoded", "kept", "seconds"} (shards).

    `scheduler`: the address of a Dask scheduler (`tcp://host:8786`), or a number of worker processes to start on this machine.
    `fingerprint`: of the encoder that every worker must have. Raises `ArtrecError` where the scheduler cannot be reached, or a
    shard cannot be encoded; shards that are done stay.
    """
    from distributed import as_completed

    folder, started = Path(folder).resolve(), time.perf_counter()
    shards = read_list(folder)
    missing = [shard for shard in shards if not is_done(folder, shard, fingerprint)]
    done, total = sum(s["passages"] for s in shards) - sum(s["passages"] for s in missing), sum(s["passages"] for s in shards)
    tell = progress or (lambda stage, done, total: None)
    tell("encode", done, total)
    if missing:
        with _client(scheduler) as client:
            tasks = {
                client.submit(
                    encode_shard, str(folder), shard, load, fingerprint, pure=False, key=f"shard-{shard['name']}"
                ): shard
                for shard in missing
            }
            for task in as_completed(tasks):
                if task.status != "finished":
                    raise _failed(tasks[task]["name"], task.exception())
                done += tasks[task]["passages"]
                tell("encode", done, total)
    made = [_mark(folder, shard) for shard in shards]
    write_json(
        folder / VECTORS_FILE, {"format": FORMAT, "fingerprint": fingerprint, "dimension": made[0]["dimension"], "shards": made}
    )
    return {"encoded": len(missing), "kept": len(shards) - len(missing), "seconds": round(time.perf_counter() - started, 2)}


def encode_shard(folder: str, shard: dict, load: Load, fingerprint: str) -> str:
    """What a worker does: encode one shard and put its vectors and their mark in place. Returns the shard's name."""
    place, started = Path(folder), time.perf_counter()
    encoder = _encoder(load)
    if encoder.fingerprint != fingerprint:
        raise EncoderError(
            f"A worker has another encoder ({encoder.fingerprint[:8]}… instead of {fingerprint[:8]}…).",
            "Install the same ArtRec on every machine, with the same ARTREC_MODEL, ARTREC_ADAPTER and ARTREC_BACKEND.",
        )
    vectors = np.ascontiguousarray(encoder.encode([text for _, text in read_shard(place, shard)]), dtype=np.float32)
    _put(place / f"{shard['name']}.npy", vectors)
    mark = {
        **shard, "fingerprint": fingerprint, "dimension": int(vectors.shape[1]),
        "vectors": _digest(place / f"{shard['name']}.npy"), "seconds": round(time.perf_counter() - started, 3),
    }  # fmt: skip
    _put(place / f"{shard['name']}.json", json.dumps(mark).encode())
    return shard["name"]


@cache
def _encoder(load: Load) -> Encoder:
    """The encoder of a worker's process, loaded once."""
    return load()


def read_list(folder: Path) -> list[dict]:
    """The shards of a folder. Raises `ArtifactError` where there are none, or the list is damaged."""
    file = Path(folder) / LIST_FILE
    try:
        document = json.loads(file.read_text("utf-8"))
        shards = document["shards"]
        well = all(s["name"].isdecimal() and int(s["passages"]) > 0 and len(s["sha256"]) == 64 for s in shards)
        if document["format"] != FORMAT or not shards or not well:
            raise ValueError("no list of shards")
    except FileNotFoundError:
        raise ArtifactError(f"There are no shards in {folder}.", "Write them: python -m artrec shards write --help.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(f"{file} cannot be used ({type(error).__name__}).", "Write the shards again.") from error
    return shards


def read_shard(folder: Path, shard: dict) -> list[tuple[str, str]]:
    """(artwork_id, passage) of a shard. Raises `ArtifactError` where its file is not the one in the list."""
    file = Path(folder) / f"{shard['name']}.jsonl"
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ArtifactError(
            f"{file} cannot be read ({error.strerror}).", "Every machine must see the folder of shards under the same path."
        ) from error
    if hashlib.sha256(content).hexdigest() != shard["sha256"]:
        raise ArtifactError(f"{file} is not as it was written.", "Write the shards again.")
    records = [json.loads(line) for line in content.split(b"\n") if line]
    return [(record["artwork_id"], record["passage"]) for record in records]


def is_done(folder: Path, shard: dict, fingerprint: str) -> bool:
    """Whether a shard's vectors are there, whole, and of its passages by that encoder."""
    try:
        mark = _mark(folder, shard)
        same = all(mark[key] == shard[key] for key in ("name", "passages", "sha256")) and mark["fingerprint"] == fingerprint
        return same and mark["vectors"] == _digest(Path(folder) / f"{shard['name']}.npy")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def encoded(folder: Path, fingerprint: str) -> Iterator[tuple[list[str], np.ndarray]]:
    """The passages and vectors (float32 (passages, d)) of each shard in order. Raises `ArtifactError` where one is missing."""
    for shard in read_list(folder):
        if not is_done(folder, shard, fingerprint):
            raise ArtifactError(
                f"Shard {shard['name']} in {folder} is not encoded yet.", f"Run: python -m artrec shards encode {folder}."
            )
        vectors = np.load(Path(folder) / f"{shard['name']}.npy", allow_pickle=False)
        yield [text for _, text in read_shard(folder, shard)], vectors


class Encoded:
    """An `Encoder` that knows the vectors of some passages and no others: what a build's cache is filled from."""

    name = "shards"

    def __init__(self, passages: list[str], vectors: np.ndarray, fingerprint: str):
        self.fingerprint, self.dimension = fingerprint, vectors.shape[1]
        self._vectors, self._rows = vectors, {text: row for row, text in enumerate(passages)}

    def encode(self, texts) -> np.ndarray:
        """See `Encoder.encode`."""
        return self._vectors[[self._rows[text] for text in texts]]


@contextmanager
def _client(scheduler: str | int) -> Iterator:
    """A Dask client of a scheduler, or of workers on this machine, which end with it."""
    from distributed import Client, LocalCluster

    with ExitStack() as open_:
        try:
            if isinstance(scheduler, int):
                workers = LocalCluster(
                    n_workers=scheduler, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                )  # fmt: skip
                scheduler = open_.enter_context(workers)
            client = open_.enter_context(Client(scheduler, timeout=PATIENCE))
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            raise ArtrecError(
                f"The scheduler {str(scheduler)[:100]} cannot be reached ({type(error).__name__}).",
                "Start it with `dask scheduler` and give its address, such as tcp://10.0.0.5:8786; or give --workers N.",
            ) from error
        yield client


def _failed(name: str, error: BaseException) -> ArtrecError:
    """What a worker raised, or Dask for it."""
    from distributed import KilledWorker

    if isinstance(error, ArtrecError):
        return error
    if isinstance(error, KilledWorker):
        return ArtrecError(
            f"Shard {name} ended several workers.", "They may lack memory: see their logs, or write smaller shards."
        )
    return ArtrecError(
        f"Shard {name} could not be encoded ({type(error).__name__}: {str(error)[:150]}).", "Correct that, and run again."
    )


def _mark(folder: Path, shard: dict) -> dict:
    return json.loads((Path(folder) / f"{shard['name']}.json").read_text("utf-8"))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _put(file: Path, content: bytes | np.ndarray) -> None:
    """Write under a name of this process's own, then put in place: two workers may do one shard, after a lost connection."""
    part = file.with_name(f".{file.name}.{os.uname().nodename}-{os.getpid()}")
    try:
        with part.open("wb") as out:
            np.save(out, content, allow_pickle=False) if isinstance(content, np.ndarray) else out.write(content)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
