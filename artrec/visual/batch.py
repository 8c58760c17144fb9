"""Many picture files → what is read from each, in several processes, kept by content so that a stopped run goes on.

A file that is no picture costs its own entry alone, even where it brings a decoder down: the process that dies is replaced.
"""

import hashlib
import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artrec import config
from artrec.content_cache import ContentCache
from artrec.errors import ArtrecError

PROCESSES = 2
CHUNK = 16  # pictures a task: what a kill can lose of each process
FEW = 24  # files below which starting processes costs more than it saves
DEADLY = "cannot be read: it stops the program that tries. Save it anew as JPEG or PNG."
Tell = Callable[[int, int], None]  # done, total
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What to do with a picture: a function of a module (picture uint8 (h, w, 3), *arguments → float32 (length,)), found by
    name in the process that does it; `key` changes with whatever decides its answer; "" keeps nothing."""

    module: str
    function: str
    length: int
    key: str
    arguments: tuple = ()

    def run(self, picture: np.ndarray) -> np.ndarray:
        import importlib

        found = getattr(importlib.import_module(self.module), self.function)(picture, *self.arguments)
        return np.ascontiguousarray(found, dtype=np.float32)


@dataclass(frozen=True)
class Outcome:
    """`values`: float32 (files, length), rows of NaN where a file could not be read. `problems`: file → the sentence why."""

    values: np.ndarray
    problems: dict[Path, str]


def read_all(files: Sequence[Path], job: Job, progress: Tell | None = None, processes: int = PROCESSES) -> Outcome:
    """Run a job over picture files. What was read before (same content and `job.key`) comes from the cache in `ARTREC_HOME`."""
    values = np.full((len(files), job.length), np.nan, dtype=np.float32)
    problems: dict[Path, str] = {}
    tell = progress or (lambda done, total: None)
    with closing(_cache(job.key)) as cache:
        keys, left = _keys(files, problems), []
        for row, key in enumerate(keys):
            found = cache.get(key, job.length) if key else None
            if found is not None:
                values[row] = found
            elif key:
                left.append(row)
        done = len(files) - len(left)
        tell(done, len(files))
        for rows, answers in _work([(row, str(files[row])) for row in left], job, processes):
            fresh = []
            for row, answer in zip(rows, answers, strict=True):
                if isinstance(answer, str):
                    problems[files[row]] = answer
                else:
                    values[row] = np.frombuffer(answer, dtype=np.float32)
                    fresh.append((keys[row], answer))
            if job.key:
                cache.put(fresh)
            done += len(rows)
            tell(done, len(files))
    return Outcome(values, problems)


def _work(todo: list[tuple[int, str]], job: Job, processes: int) -> Iterator[tuple[list[int], list[bytes | str]]]:
    """Yield (rows, an answer each): bytes of float32, or a sentence."""
    chunks = [todo[start : start + CHUNK] for start in range(0, len(todo), CHUNK)]
    if len(todo) < FEW or processes < 2:
        for chunk in chunks:
            yield [row for row, _ in chunk], [_one(path, job) for _, path in chunk]
        return
    while chunks:
        try:
            with _pool(processes) as pool:
                waiting = {}
                for at, chunk in enumerate(chunks):
                    waiting[pool.submit(_some, [path for _, path in chunk], job)] = at
                    if len(waiting) >= 4 * processes:
                        yield from _collect(waiting, chunks, first=True)
                yield from _collect(waiting, chunks, first=False)
            return
        except BrokenProcessPool:
            chunks = [chunk for chunk in chunks if chunk]
            logger.warning("A process that read pictures was lost; going on without the picture that did it.")
            chunk = chunks[0]  # the oldest unanswered: either the culprit or beside it
            chunks[0] = []
            answers = [_alone(path, job) for _, path in chunk]
            if len(chunk) > 1 and all(isinstance(answer, str) and answer.endswith(DEADLY) for answer in answers):
                raise ArtrecError(
                    "The processes that read pictures cannot run.", "Check that ArtRec is installed whole."
                ) from None
            yield [row for row, _ in chunk], answers
            chunks = [chunk for chunk in chunks if chunk]


def _collect(waiting: dict, chunks: list[list[tuple[int, str]]], first: bool) -> Iterator[tuple[list[int], list[bytes | str]]]:
    from concurrent.futures import FIRST_COMPLETED, wait

    while waiting:
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            answers = future.result()
            at = waiting.pop(future)
            rows, chunks[at] = [row for row, _ in chunks[at]], []
            yield rows, answers
        if first:
            return


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """One thread a process: two processes with two threads each would fight for two cores."""
    import cv2
    from threadpoolctl import threadpool_limits

    cv2.setNumThreads(1)
    threadpool_limits(1)


def _alone(path: str, job: Job) -> bytes | str:
    """One file in a process of its own."""
    try:
        with _pool(1) as pool:
            return pool.submit(_one, path, job).result()
    except BrokenProcessPool:
        return f"{Path(path).name[:80]} {DEADLY}"


def _some(paths: list[str], job: Job) -> list[bytes | str]:
    return [_one(path, job) for path in paths]


def _one(path: str, job: Job) -> bytes | str:
    from artrec.visual.loading import load

    try:
        return job.run(load(Path(path))).tobytes()
    except ArtrecError as error:
        return str(error)


def _keys(files: Sequence[Path], problems: dict[Path, str]) -> list[bytes | None]:
    """A hash of each file's content; None and a problem where it cannot be opened."""
    found: list[bytes | None] = []
    for file in files:
        try:
            with file.open("rb") as stream:
                found.append(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            problems[file] = f"{file.name[:80]} cannot be opened ({error.strerror}). Check the file and its rights."
            found.append(None)
    return found


def _cache(key: str) -> ContentCache:
    file = config.home() / "read_pictures" / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.sqlite"
    return ContentCache(file if key else None, "read", "found", "features of pictures")
